"""The rows of the package's rooms, by name, so that Django finds them from here."""

from afterword.drafting.similar import models as similar_models  # noqa: F401
