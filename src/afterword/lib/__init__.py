"""Small things that every package may use. Nothing here knows a model."""
