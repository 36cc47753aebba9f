"""Finding post-mortems by their words, and keeping what one looked for."""
