"""Which requests may carry files, and whether one was cut off because it carried too much."""

from __future__ import annotations

import re

from django.http import HttpRequest

CUT = "afterword.cut"
"""In the scope of a request whose body was longer than any that is taken: its end was thrown away."""
_TAKES_UPLOADS = re.compile(
    r"/incidents/\d+/(?:notes|chat|entries/[^/]+/evidence)|/api/v1/incidents/[^/]+/entries/[^/]+/evidence"
)


def takes_uploads(path: str) -> bool:
    """Whether a form with a file may be posted there."""
    return _TAKES_UPLOADS.fullmatch(path) is not None


def was_cut(request: HttpRequest) -> bool:
    """Whether the end of the body is missing, which is where the file was."""
    return bool(getattr(request, "scope", {}).get(CUT))
