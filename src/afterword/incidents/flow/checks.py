"""Tasks that know when they are done. Packages above register what they know: `postmortems`, `followups`."""

from __future__ import annotations

from collections.abc import Callable

from afterword.incidents.flow.models import TaskKind
from afterword.incidents.models import Incident
from afterword.incidents.rules import Moments

Check = Callable[[Incident], bool]
_checks: dict[str, tuple[Check, str]] = {}


def register_check(kind: str, check: Check, because: str) -> None:
    """Have tasks of a kind tick themselves while `check` says so; in AppConfig.ready().

    `because` ends the sentence “It ticked itself: …”. Whoever registers it also calls
    `incidents.flow.writes.recheck` when what it looks at may have changed.
    """
    assert kind in TaskKind.values
    _checks[kind] = (check, because)


def is_done(kind: str, incident: Incident) -> bool | None:
    """What the facts say about a task of this kind; None where they say nothing."""
    found = _checks.get(kind)
    return None if found is None else found[0](incident)


def reason_of(kind: str) -> str:
    """Why a task of this kind ticked itself."""
    return _checks[kind][1]


def missing_key_fields(incident: Incident) -> list[str]:
    """What of an incident's summary and key timestamps is not known yet, in words."""
    missing = [] if incident.summary.strip() else ["a summary"]
    return missing + [words for words, is_known in _key_timestamps(incident) if not is_known]


def has_key_fields(incident: Incident) -> bool:
    return not missing_key_fields(incident)


def _key_timestamps(moments: Moments) -> list[tuple[str, bool]]:
    return [
        ("when the impact began", moments.impact_started_at is not None),
        ("when it was noticed", moments.detected_at is not None or moments.reported_at is not None),
        ("when it was fixed", moments.fixed_at is not None),
    ]
