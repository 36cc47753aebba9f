"""The rows of the package's rooms, by name, so that Django finds them from here."""
