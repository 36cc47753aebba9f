"""What the language check says of post-mortems: its settings, findings, and reasons why one may stand."""
