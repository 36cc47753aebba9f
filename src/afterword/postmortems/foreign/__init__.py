"""Post-mortems in the shapes of other products' APIs, for the programs that people have already."""
