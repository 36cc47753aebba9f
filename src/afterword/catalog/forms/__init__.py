"""The forms of the catalogue, one file per noun."""
