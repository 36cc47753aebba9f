"""Decisions about incidents. Pure: no Django, and the time is an argument."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

from afterword.documents import link_target, plain_text
from afterword.lib.clock import describe_duration
from afterword.lib.errors import InvalidInput

LINKS_MAX = 20

RESOLVED_BEGINS = "Resolved the incident"
OPENED_AGAIN_BEGINS = "Opened the incident again"
"""How the line of a timeline begins that tells of it: by that a draft knows such a line."""

CLOCK_SKEW_SECONDS_MAX = 120
"""How far ahead of ours a person's or a sender's clock may be before a time counts as in the future."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing is reported from before. A time near the year 1 cannot even be written in every time zone, so one
such entry would take away every page that shows it."""


class Moments(Protocol):
    """What is known of an incident's times; an Incident is one."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def impact_started_at(self) -> datetime | None: ...
    @property
    def detected_at(self) -> datetime | None: ...
    @property
    def reported_at(self) -> datetime | None: ...
    @property
    def acknowledged_at(self) -> datetime | None: ...
    @property
    def identified_at(self) -> datetime | None: ...
    @property
    def fixed_at(self) -> datetime | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


class Promises(Moments, Protocol):
    """What an SLA has promised of an incident; an Incident is one."""

    @property
    def acknowledge_due_at(self) -> datetime | None: ...
    @property
    def resolve_due_at(self) -> datetime | None: ...


Promise = Literal["acknowledge", "resolve"]
PROMISES: tuple[tuple[Promise, str], ...] = (("acknowledge", "Acknowledge"), ("resolve", "Resolve"))


@dataclass(frozen=True)
class SlaClock:
    """One promise of an SLA, as it stands at some moment."""

    promise: Promise
    label: str
    due_at: datetime
    done_at: datetime | None
    state: Literal["kept", "broken", "running"]
    length: timedelta
    """What is left while it runs; how long before or after the due time it was done, or is overdue by."""


@dataclass(frozen=True)
class KeyTimestamp:
    """A moment that every incident has, sooner or later."""

    name: str
    label: str
    at: datetime


@dataclass(frozen=True)
class MilestoneDuration:
    """The time between two key timestamps."""

    name: str
    label: str
    length: timedelta


KEY_TIMESTAMPS = (
    ("impact_started", "Impact started"),
    ("detected", "Detected"),
    ("reported", "Reported"),
    ("acknowledged", "Acknowledged"),
    ("identified", "Identified"),
    ("fixed", "Fixed"),
    ("resolved", "Resolved"),
    ("closed", "Closed"),
)
"""In the order in which they follow one another where all goes as one expects."""

MILESTONES = (
    ("detection", "Time to detect", ("impact_started",), ("detected", "reported")),
    ("acknowledgement", "Time to acknowledge", ("detected", "reported"), ("acknowledged",)),
    ("identification", "Time to identify", ("detected", "reported"), ("identified",)),
    ("fix", "Time to fix", ("impact_started", "detected", "reported"), ("fixed",)),
    ("resolution", "Time to resolve", ("impact_started", "detected", "reported"), ("resolved",)),
)
"""A name, its label, and the timestamps between which it runs: of each group the first that is known."""


def key_timestamps(moments: Moments) -> list[KeyTimestamp]:
    """The key timestamps that are known, earliest first; equal ones in the order of `KEY_TIMESTAMPS`."""
    known = [
        KeyTimestamp(name, label, at)
        for name, label in KEY_TIMESTAMPS
        if (at := getattr(moments, f"{name}_at")) is not None
    ]
    return sorted(known, key=lambda timestamp: timestamp.at)


def milestone_durations(moments: Moments) -> list[MilestoneDuration]:
    """The durations whose two ends are known and stand in that order. Unknown is left out, never zero."""
    found = []
    for name, label, starts, ends in MILESTONES:
        start, end = _first_known(moments, starts), _first_known(moments, ends)
        if start is not None and end is not None and end >= start:
            found.append(MilestoneDuration(name, label, end - start))
    return found


def lasted(moments: Moments, now: datetime) -> timedelta:
    """How long it lasted; of one that is still open, how long it has lasted until now. Never negative."""
    start = moments.impact_started_at or moments.created_at
    return max((moments.resolved_at or now) - start, timedelta(0))


def kept_at(promises: Promises, promise: Promise) -> datetime | None:
    """When the promise was fulfilled, in time or late. Who resolves has looked after it, too."""
    if promise == "resolve":
        return promises.resolved_at
    done = [at for at in (promises.acknowledged_at, promises.resolved_at) if at is not None]
    return min(done, default=None)


def sla_clocks(promises: Promises, now: datetime) -> list[SlaClock]:
    """The promises of the incident's SLA, and how each stands at `now`."""
    clocks = []
    for promise, label in PROMISES:
        due: datetime | None = getattr(promises, f"{promise}_due_at")
        if due is None:
            continue
        done = kept_at(promises, promise)
        apart = abs(due - (done or now))
        if (done or now) > due:
            clocks.append(SlaClock(promise, label, due, done, "broken", apart))
        else:
            clocks.append(SlaClock(promise, label, due, done, "kept" if done else "running", apart))
    return clocks


def describe_broken_promise(
    promise: Promise, *, sla: str, promised: datetime, done: datetime | None, now: datetime
) -> str:
    """What the timeline says of it: until when it was promised, and when it was done if that is known."""
    doing = {"acknowledge": "acknowledged", "resolve": "resolved"}[promise]
    name = f" “{plain_text(sla)}”" if sla else ""
    words = f"The SLA{name} is broken: promised to be {doing} by {_in_utc(promised)}"
    if done is not None:
        return f"{words}, and {doing} at {_in_utc(done)}, {describe_duration(done - promised)} late."
    # Mostly it is noticed in the same minute, which would read as if it was said twice.
    seen = "then" if _in_utc(now) == _in_utc(promised) else _in_utc(now)
    return f"{words}, and not {doing} by {seen}."


def summary_digest(summary: str) -> str:
    """A short stand-in for a summary, by which a form says what its writer saw."""
    return hashlib.sha256(summary.encode()).hexdigest()[:16]


def describe_minutes(minutes: int) -> str:
    """A number of minutes in words that suit a sentence: 45 min, 2 h, 1 d 4 h."""
    return describe_duration(timedelta(minutes=minutes))


def check_start(started_at: datetime, *, now: datetime) -> None:
    """Raises InvalidInput for a start in the future or before `EARLIEST`."""
    _check_has_been("started_at", started_at, now)


def check_resolution(resolved_at: datetime, *, started_at: datetime, now: datetime) -> None:
    """Raises InvalidInput for an end before the start or in the future."""
    if resolved_at < started_at:
        raise InvalidInput(fields={"at": "It cannot end before it started."})
    _check_has_been("at", resolved_at, now)


def check_note(at: datetime, *, now: datetime) -> None:
    """Raises InvalidInput for a note about the future or about what was before `EARLIEST`."""
    _check_has_been("at", at, now)


def check_moment(field: str, at: datetime, *, now: datetime) -> None:
    """Raises InvalidInput, naming `field`, for a time in the future or before `EARLIEST`."""
    _check_has_been(field, at, now)


def describe_distance(start: datetime, at: datetime) -> str:
    """How far a moment is from the start, in words: `12 min before`, `at the start`, `3 h after`."""
    length = describe_duration(abs(at - start))
    if abs(at - start) < timedelta(seconds=1):
        return "at the start"
    return f"{length} before" if at < start else f"{length} after"


@dataclass(frozen=True)
class AlertLink:
    """A link that came from outside and is safe to follow."""

    text: str
    url: str


def alert_links(urls: object) -> list[AlertLink]:
    """The links of an alert or a change, as `[{"link_url", "link_text"}]`: only http and https, at most
    `LINKS_MAX`.

    Whatever else a sender put there is left out: it stays in the alert, but nobody can click it.
    """
    return _safe_links(urls, "link_url", "link_text")


def alert_images(images: object) -> list[AlertLink]:
    """The images of an alert, as `[{"src", "href", "alt"}]`, as links: no page loads what others host."""
    return _safe_links(images, "src", "alt")


def _safe_links(items: object, address: str, words: str) -> list[AlertLink]:
    found = []
    for item in items[:LINKS_MAX] if isinstance(items, list) else []:
        given = item.get(address) if isinstance(item, dict) else item
        target = link_target(given) if isinstance(given, str) else None
        if target is None or not target.lower().startswith(("http://", "https://")):
            continue
        text = item.get(words) if isinstance(item, dict) else None
        found.append(AlertLink((plain_text(text) if isinstance(text, str) else "") or target, target))
    return found


def _in_utc(at: datetime) -> str:
    moment = at.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def _check_has_been(field: str, at: datetime, now: datetime) -> None:
    if at < EARLIEST:
        raise InvalidInput(fields={field: f"Please give a time that is not before {EARLIEST:%Y}."})
    if at > now + timedelta(seconds=CLOCK_SKEW_SECONDS_MAX):
        raise InvalidInput(fields={field: "This time is in the future."})


def _first_known(moments: Moments, names: Sequence[str]) -> datetime | None:
    ended = moments.fixed_at or moments.resolved_at
    for name in names:
        at: datetime | None = getattr(moments, f"{name}_at")
        # What is put on record when it is over says nothing of when it was noticed.
        if at is not None and not (name == "reported" and ended is not None and at > ended):
            return at
    return None
