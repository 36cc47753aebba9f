"""By what one tells that a mapping or a rule was changed by someone else while a person edited it."""

from __future__ import annotations

import hashlib
import json

from afterword.ingest.models import AlertRule, Mapping

DIGEST_CHARACTERS = 32


def version_of(kept: Mapping | AlertRule | None) -> str:
    """The same as long as what a page edits is the same; empty before anything was saved."""
    if kept is None:
        return ""
    if isinstance(kept, Mapping):
        said: list[object] = [kept.definition]
    else:
        said = [kept.name, kept.conditions, kept.actions, kept.stops, kept.is_enabled]
    text = json.dumps(said, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_CHARACTERS]
