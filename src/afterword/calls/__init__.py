"""What every call of the API has: it can be repeated and done once, and depend on what its caller saw."""
