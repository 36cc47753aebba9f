"""The book of evidence of some incidents, for one reader or for the readers of a document."""

from afterword.drafting.evidence.reads.books import collect_evidence, collect_for_document

__all__ = ["collect_evidence", "collect_for_document"]
