"""Decisions about timelines and key timestamps. Pure: no Django, and the time is an argument."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from afterword.incidents.rules import EARLIEST, KEY_TIMESTAMPS, Moments, check_moment
from afterword.lib.errors import InvalidInput

LABELS = dict(KEY_TIMESTAMPS)
BY_STATUS = ("acknowledged", "resolved", "closed")
"""These have happened or not: their time may be put right, but neither given nor taken away by hand."""
FOLLOWING = ("impact_started", "detected", "reported", "identified", "fixed", "resolved", "closed")
"""Each is at the time of the one before it or later, where both are known."""
AROUND = (("impact_started", "acknowledged"), ("acknowledged", "resolved"))
"""An acknowledgement may come before or after what is found out meanwhile."""
SECONDS_SHOWN = 60
"""Forms tell times to the minute."""


def known_times(moments: Moments) -> dict[str, datetime | None]:
    """All key timestamps by name, in their order."""
    return {name: getattr(moments, f"{name}_at") for name, _ in KEY_TIMESTAMPS}


def digest_times(times: Mapping[str, datetime | None]) -> str:
    """A short stand-in for what a writer saw, by which a form tells whether somebody else was quicker."""
    told = "|".join(f"{name}={at.astimezone(UTC).isoformat() if at else ''}" for name, at in times.items())
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def changed_times(
    before: Mapping[str, datetime | None], given: Mapping[str, datetime | None]
) -> dict[str, datetime | None]:
    """Those of `given` that say something new."""
    return {name: at for name, at in given.items() if at != before[name]}


def check_times(
    before: Mapping[str, datetime | None],
    changes: Mapping[str, datetime | None],
    *,
    created_at: datetime,
    now: datetime,
) -> None:
    """Raises InvalidInput for changes that make no sense, naming the two that disagree.

    Only pairs of which one is changed are compared: what the record says already holds up nobody.
    """
    for name, at in changes.items():
        if name in BY_STATUS and before[name] is None:
            message = f"“{LABELS[name]}” is set when it happens: nobody has done it yet."
            raise InvalidInput(fields={name: message})
        if name in BY_STATUS and at is None:
            raise InvalidInput(fields={name: f"“{LABELS[name]}” has happened, so it needs its time."})
        if at is not None:
            check_moment(name, at, now=now)
    times = {**before, **changes}
    problems: dict[str, str] = {}
    for earlier, later in _pairs(times):
        first, second = times[earlier], times[later]
        if first is None or second is None or first <= second or not {earlier, later} & changes.keys():
            continue
        field = later if later in changes else earlier
        problems.setdefault(field, f"“{LABELS[later]}” cannot be before “{LABELS[earlier]}”.")
    if times["impact_started"] is None and (resolved := times["resolved"]) and resolved < created_at:
        field = "impact_started" if "impact_started" in changes else "resolved"
        problems.setdefault(
            field, "“Resolved” cannot be before the incident was opened: say when the impact started."
        )
    if problems:
        raise InvalidInput(fields=problems)


def _pairs(times: Mapping[str, datetime | None]) -> list[tuple[str, str]]:
    known = [name for name in FOLLOWING if times[name] is not None]
    return [*AROUND, *((one, other) for place, one in enumerate(known) for other in known[place + 1 :])]


def describe_change(name: str, before: datetime | None, after: datetime | None) -> str:
    """What the timeline says of a key timestamp that somebody set."""
    label = f"“{LABELS[name]}”"
    if after is None:
        return f"Cleared {label}, which was {_in_utc(before or EARLIEST)}."
    if before is None:
        return f"Set {label} to {_in_utc(after)}."
    return f"Changed {label} from {_in_utc(before)} to {_in_utc(after)}."


def check_known(field: str, value: str, known: Collection[str]) -> None:
    """Raises InvalidInput for a word that is none of these."""
    if value not in known:
        raise InvalidInput(fields={field: f"Please use one of: {', '.join(word for word in known if word)}."})


def _in_utc(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M:%S} UTC"
