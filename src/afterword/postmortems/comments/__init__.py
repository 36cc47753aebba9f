"""Comments: threads about a section or some of its words, which stay with them through edits."""
