"""The document: templates, sections, what is written by people and what is drawn from the record."""
