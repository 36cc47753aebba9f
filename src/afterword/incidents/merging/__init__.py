"""Two incidents that are one: merged, and taken apart again."""
