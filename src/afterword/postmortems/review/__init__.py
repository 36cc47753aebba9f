"""Review: who is asked, who approved which revision, and what has to be so before others may read it."""
