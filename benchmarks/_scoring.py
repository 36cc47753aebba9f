"""How true a draft of a public incident is, by the file that it was replayed from. Not to be called alone.

Written apart from the program's own check: it reads the times, the numbers and the words anew, and knows of
the incident only what the file says.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KEY_WORDS = re.compile(
    r"identif|mitigat|roll(?:ed|ing)? ?back|rollback|revert|\bfix|recover|degraded|unavailable|outage|"
    r"operating normally|operational|root cause|resolved|deploy|failover|failed over|restart|delay|elevated|"
    r"workaround|unable|failing|errors",
    re.IGNORECASE,
)
CAUSAL_WORDS = re.compile(
    r"caus|because|due to|as a result|root cause|\bled to|result(?:ed|ing) in|trigger|owing to|blame|"
    r"therefore|fault of|brought down|reason (?:for|was)",
    re.IGNORECASE,
)
QUOTED = re.compile("“([^”]*)”")
MOMENT = re.compile(r"(\d{1,2}) (" + "|".join(MONTHS) + r") (\d{4})(?:(?:,| at) (\d\d:\d\d))?")
CLOCK = re.compile(r"\b(\d\d:\d\d)\b")
LENGTH = re.compile(r"\b(?:(\d+) d ?)?(?:(\d+) h ?)?(?:(\d+) min ?)?(?:(\d+) s\b)?")
NUMBER = re.compile(r"\d[\d,]*")


@dataclass
class Score:
    """Counts of what was right, out of how many."""

    drafts: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, right: bool, what: str) -> None:
        self.counts[f"{name}:all"] += 1
        self.counts[f"{name}:right"] += right
        if not right:
            self.wrong.append(f"{name}: {what}")

    def share(self, name: str) -> float | None:
        every = self.counts[f"{name}:all"]
        return self.counts[f"{name}:right"] / every if every else None


def score_draft(score: Score, told: dict[str, Any], number: int, draft: Any) -> None:
    """Add one draft about the incident that the file tells of as `told`."""
    score.drafts += 1
    truth = Truth(told)
    for claim in draft.claims():
        text = claim.text
        for quoted in QUOTED.findall(text):
            score.add("quotations", truth.says(quoted), f"{quoted!r} in {told['id']}")
        bare = QUOTED.sub(" ", text)
        score_times(score, truth, claim, bare)
        score_numbers(score, truth, claim, bare, number)
        if claim.kind == "fact":
            causal = CAUSAL_WORDS.search(bare)
            score.add("causal", causal is None, text)
    score_key_events(score, truth, draft)


class Truth:
    """What the file says of one incident."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.updates = [(read(one["at"]), one["message"]) for one in told["updates"]]
        self.start, self.end = read(told["started_at"]), read(told["resolved_at"])
        self.moments = sorted({self.start, self.end, *(at for at, _ in self.updates)})
        self.words = letters(" ".join([told["title"], *(message for _, message in self.updates)]))
        self.words += letters(" ".join(told.get("components") or []))
        self.same = Counter(letters(message) for _, message in self.updates)
        lengths = [second - first for first, second in combinations(self.moments, 2)]
        self.lengths = {write_length(one) for one in [timedelta(0), *lengths]}

    def says(self, quoted: str) -> bool:
        return letters(quoted.removesuffix("…")) in self.words

    def key_events(self) -> list[tuple[datetime, str]]:
        """The first word, the last, and what is new and tells that something was or became so."""
        found, seen = [], set()
        for place, (at, message) in enumerate(self.updates):
            words = letters(message)
            is_end = place in (0, len(self.updates) - 1)
            if words not in seen and (is_end or KEY_WORDS.search(message)):
                found.append((at, message))
            seen.add(words)
        return found

    def news(self) -> list[tuple[datetime, str]]:
        """Every update that is not word for word an earlier one."""
        return [
            (at, message)
            for place, (at, message) in enumerate(self.updates)
            if letters(message) not in {letters(before) for _, before in self.updates[:place]}
        ]


def score_times(score: Score, truth: Truth, claim: Any, bare: str) -> None:
    minutes = {at.replace(second=0, microsecond=0) for at in truth.moments}
    if claim.at is not None:
        score.add("times", claim.at.replace(second=0, microsecond=0) in minutes, f"{claim.at} {claim.text}")
    for day, month, year, clock in MOMENT.findall(bare):
        date = datetime(int(year), MONTHS.index(month) + 1, int(day), tzinfo=UTC)
        days = {at.date() for at in minutes}
        if not clock:
            score.add("times", date.date() in days, claim.text)
            continue
        hour, minute = clock.split(":")
        score.add("times", date.replace(hour=int(hour), minute=int(minute)) in minutes, claim.text)
    for clock in CLOCK.findall(MOMENT.sub(" ", bare)):
        score.add("times", clock in {f"{at:%H:%M}" for at in minutes}, claim.text)


def score_numbers(score: Score, truth: Truth, claim: Any, bare: str, number: int) -> None:
    rest = CLOCK.sub(" ", MOMENT.sub(" ", bare))
    for match in LENGTH.finditer(rest):
        if match[0].strip():
            score.add("numbers", match[0].strip() in truth.lengths, claim.text)
    rest = LENGTH.sub(lambda match: " " if match[0].strip() else match[0], rest)
    for found in NUMBER.findall(rest):
        value = int(found.replace(",", ""))
        is_own = value == number and f"#{number}" in rest
        # How often something was noted, how many were folded, the one alert: all of them can be counted.
        times = {truth.same[letters(quoted)] for quoted in QUOTED.findall(claim.text)}
        since = sum(1 for at, _ in truth.updates if claim.at is not None and at >= claim.at)
        is_counted = value in times or value == 1 or (value == len(claim.evidence) and value <= since)
        score.add("numbers", is_own or is_counted, claim.text)


def score_key_events(score: Score, truth: Truth, draft: Any) -> None:
    timeline = draft.section("timeline")
    lines = [
        (claim.at, [letters(quoted.removesuffix("…")) for quoted in QUOTED.findall(claim.text)])
        for claim in (timeline.claims if timeline else ())
    ]
    for name, events in (("key events", truth.key_events()), ("news", truth.news())):
        for at, message in events:
            words = letters(message)
            is_there = any(
                line_at is not None
                and line_at.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0)
                and any(quoted and words.startswith(quoted) for quoted in quotations)
                for line_at, quotations in lines
            )
            score.add(name, is_there, f"{at} {message[:80]}")


def letters(text: str) -> str:
    """The letters and digits of a text alone, in small letters."""
    return "".join(character for character in text.casefold() if character.isalnum())


def write_length(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days:
        parts = [(days, "d"), (hours, "h")]
    elif hours:
        parts = [(hours, "h"), (minutes, "min")]
    else:
        parts = [(minutes, "min")] if minutes else [(rest, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def read(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
