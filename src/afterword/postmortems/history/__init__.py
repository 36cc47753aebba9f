"""History: every revision of a post-mortem, what changed from one to another, and going back to one."""
