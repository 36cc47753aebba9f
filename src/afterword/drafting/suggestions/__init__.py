"""Drafts in the document: made in the background, shown as suggestions, cited by what was accepted."""
