"""Choosing: which template a post-mortem begins with, by its team and by what its incidents are."""
