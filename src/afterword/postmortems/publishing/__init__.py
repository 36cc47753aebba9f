"""Publication: a revision frozen for an audience, and the public edition that is derived from it."""
