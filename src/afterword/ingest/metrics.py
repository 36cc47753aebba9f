"""What the way in counts of itself, and how it is told to Prometheus.

The counters live in the process that accepts. A library that shares them between processes would write to
files for every alert; here each web process tells its own, and what all share is read from the database.
"""

from __future__ import annotations

import bisect
import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Of the text format that Prometheus reads: prometheus.io/docs/instrumenting/exposition_formats."""
COMMIT_SECONDS_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
COMMIT_ROWS_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Refused(enum.StrEnum):
    """Why a signal was not let in."""

    KEY = "key"
    METHOD = "method"
    BODY = "body"
    SIZE = "size"
    SLOW = "slow"
    RATE = "rate"
    QUEUE = "queue"
    STORE = "store"
    KEYS_AWAY = "keys_away"
    FAULT = "fault"


class Histogram:
    """How often a value was at most so much. Written by one thread; others may read it meanwhile."""

    def __init__(self, buckets: Sequence[float]) -> None:
        self.buckets = buckets
        self.counts = [0] * (len(buckets) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        self.counts[bisect.bisect_left(self.buckets, value)] += 1
        self.sum += value


class Counts:
    """Since the process was started."""

    def __init__(self) -> None:
        self.accepted = 0
        """Alerts whose senders were told so."""
        self.refused = dict.fromkeys(Refused, 0)
        """Requests."""
        self.commit_seconds = Histogram(COMMIT_SECONDS_BUCKETS)
        self.commit_rows = Histogram(COMMIT_ROWS_BUCKETS)
        self.failed_commits = 0


class Sample(NamedTuple):
    """One line of a metric."""

    value: float
    labels: Mapping[str, str] = {}
    suffix: str = ""


class Metric(NamedTuple):
    """A metric with its lines."""

    name: str
    kind: str
    """One of counter, gauge and histogram."""
    help: str
    samples: Sequence[Sample]


def describe_counts(counts: Counts, *, waiting: int) -> list[Metric]:
    """What this process has counted. `waiting`: alerts that wait for the disk."""
    refused = [Sample(count, {"reason": reason.value}) for reason, count in counts.refused.items()]
    return [
        Metric(
            "afterword_signals_accepted_total", "counter", "Alerts stored durably.", [Sample(counts.accepted)]
        ),
        Metric("afterword_requests_refused_total", "counter", "Requests at the way in not taken.", refused),
        Metric(
            "afterword_accept_queue_signals", "gauge", "Alerts that wait for the disk.", [Sample(waiting)]
        ),
        Metric(
            "afterword_commit_seconds",
            "histogram",
            "Time that a commit of alerts took.",
            _lines(counts.commit_seconds),
        ),
        Metric("afterword_commit_rows", "histogram", "Alerts in one commit.", _lines(counts.commit_rows)),
        Metric(
            "afterword_commits_failed_total",
            "counter",
            "Commits of alerts that the database did not take.",
            [Sample(counts.failed_commits)],
        ),
    ]


class InboxState(NamedTuple):
    """What all processes share, as the database has it."""

    waiting: int
    """Alerts that were accepted and are not folded yet."""
    oldest_seconds: float
    """How long the first of them has waited; 0 when none waits."""
    folded: int
    """In the last whole minute, as are the next four. Suppressed ones are among them."""
    suppressed: int
    failed: int
    lag_seconds: float
    """From acceptance to fold, on average."""
    lag_seconds_max: float
    fold_silent_seconds: float
    """Since a fold last said that it is alive; infinite when none ever did."""


def describe_inbox(state: InboxState | None) -> list[Metric]:
    """What the database says; None when it does not answer."""
    up = Metric(
        "afterword_database_up", "gauge", "Whether the database answers.", [Sample(state is not None)]
    )
    if state is None:
        return [up]
    fates = [
        Sample(state.folded, {"fate": "folded"}),
        Sample(state.suppressed, {"fate": "suppressed"}),
        Sample(state.failed, {"fate": "failed"}),
    ]
    told = {
        "afterword_inbox_signals": ("Alerts accepted and not yet folded.", [Sample(state.waiting)]),
        "afterword_inbox_oldest_seconds": ("Age of the oldest of them.", [Sample(state.oldest_seconds)]),
        "afterword_fold_last_minute_signals": ("Alerts folded in the last whole minute.", fates),
        "afterword_fold_lag_seconds": (
            "Time from acceptance to fold in the last whole minute, on average.",
            [Sample(state.lag_seconds)],
        ),
        "afterword_fold_lag_seconds_max": (
            "The longest such time in the last whole minute.",
            [Sample(state.lag_seconds_max)],
        ),
        "afterword_fold_silent_seconds": (
            "Time since a fold last said that it is alive.",
            [Sample(state.fold_silent_seconds)],
        ),
    }
    return [up, *(Metric(name, "gauge", text, samples) for name, (text, samples) in told.items())]


def _lines(histogram: Histogram) -> list[Sample]:
    lines, reached = [], 0
    # Read once: the thread that writes may go on meanwhile.
    counts = list(histogram.counts)
    for bound, count in zip([*map(_number, histogram.buckets), "+Inf"], counts, strict=True):
        reached += count
        lines.append(Sample(reached, {"le": bound}, "_bucket"))
    return [*lines, Sample(histogram.sum, {}, "_sum"), Sample(reached, {}, "_count")]


def render(metrics: Iterable[Metric]) -> str:
    """The text that Prometheus reads."""
    lines = []
    for name, kind, text, samples in metrics:
        lines += [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
        lines += [f"{name}{suffix}{_labels(labels)} {_number(value)}" for value, labels, suffix in samples]
    return "\n".join([*lines, ""])


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items()) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf"
    return str(int(value)) if value == int(value) else repr(value)
