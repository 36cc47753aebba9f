"""Drafts that cite their evidence, the check of texts against the record, and what was seen before."""
