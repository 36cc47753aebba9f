"""What became of signals, and how an integration fares: for people and programs to see.

A room of its own within `ingest`, built as every package is: `rules` decide, `reads` ask, `views` and `api`
show.
"""
