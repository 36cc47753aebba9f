"""Designing: a template written section by section, for those who do not write its file by hand."""
