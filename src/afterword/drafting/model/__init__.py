"""Drafts that a model writes, where the administrator has named one: each claim checked, or dropped."""
