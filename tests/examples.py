"""How many examples hypothesis tries: a few in each run, as many as fit with AFTERWORD_TEST_EXAMPLES=many."""

from __future__ import annotations

import os

from hypothesis import settings

IS_THOROUGH = os.environ.get("AFTERWORD_TEST_EXAMPLES") == "many"
FEWER = 5


def examples(many: int) -> settings:
    """Every run draws others, so that a fifth of them each time covers as much in the end."""
    return settings(max_examples=many if IS_THOROUGH else many // FEWER, deadline=None)
