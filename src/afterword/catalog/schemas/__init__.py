"""The shapes of the catalogue in the API, one file per noun."""
