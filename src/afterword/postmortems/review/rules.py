"""Decisions about reviews. Pure: no Django, and the time is an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

APPROVALS_BY_DEFAULT = 1
REMIND_EVERY_DAYS_BY_DEFAULT = 2
AUTHOR_CHANGED, COVER_CHANGED = "Author changed", "Owner or status text changed"
"""Notes of revisions in which nobody wrote anything."""


@dataclass(frozen=True)
class Demand:
    """What must be so before a post-mortem is approved. People stand as primary keys."""

    approvals_min: int = APPROVALS_BY_DEFAULT
    approvers: frozenset[int] = frozenset()
    may_approve_own: bool = False
    wants_tickets: bool = False
    """Whether each follow-up of the priority P1 needs a ticket before publication."""
    remind_every_days: int | None = REMIND_EVERY_DAYS_BY_DEFAULT
    without_access: frozenset[int] = frozenset()
    """Those of the approvers who cannot read this one: somebody has to approve in their place."""


@dataclass(frozen=True)
class Opinion:
    """What one person said last."""

    person: int
    revision: int
    is_approval: bool


@dataclass(frozen=True)
class Standing:
    """Where a review stands, given the newest revision."""

    counted: frozenset[int]
    """Whose approvals hold: of the newest revision, and not an author's own where that does not count."""
    stale: frozenset[int]
    """Whose approvals were of an older revision."""
    objecting: frozenset[int]
    """Who asked for changes. That stands until they say something else, whatever was edited since."""
    approvals_missing: int
    approvers_missing: frozenset[int]

    @property
    def is_approved(self) -> bool:
        return not (self.objecting or self.approvals_missing or self.approvers_missing)


def combine_demands(demands: Iterable[Demand]) -> Demand:
    """What satisfies all of them: the most approvals, every named person, the shortest reminder. Where there
    are none it is the default."""
    given = list(demands)
    if not given:
        return Demand()
    reminders = [one.remind_every_days for one in given if one.remind_every_days is not None]
    return Demand(
        approvals_min=max(one.approvals_min for one in given),
        approvers=frozenset().union(*(one.approvers for one in given)),
        may_approve_own=all(one.may_approve_own for one in given),
        wants_tickets=any(one.wants_tickets for one in given),
        remind_every_days=min(reminders) if reminders else None,
    )


def tell_without_access(demand: Demand, able: Collection[int]) -> Demand:
    """The same demand, which knows that of its approvers only these are able to read what is reviewed."""
    return replace(demand, without_access=demand.approvers - frozenset(able))


def weigh(
    demand: Demand,
    opinions: Iterable[Opinion],
    *,
    newest: int,
    authors: Collection[int],
    asked: int,
    stand_ins: Collection[int] = (),
) -> Standing:
    """Where the review stands. `newest` is the number of the newest revision, `asked` how many were asked.

    `authors` are those whose approval is their own. Where nobody's approval is demanded but somebody was
    asked, one approval is waited for all the same. That of one of the `stand_ins` other than the authors
    counts in the place of all who have no access, too.
    """
    given = list(opinions)
    approvals = [one for one in given if one.is_approval]
    counted = frozenset(
        one.person
        for one in approvals
        if one.revision == newest and (demand.may_approve_own or one.person not in authors)
    )
    approvers_missing = demand.approvers - counted
    if (counted & frozenset(stand_ins)) - frozenset(authors):
        approvers_missing -= demand.without_access
    needed = max(demand.approvals_min, 1 if asked else 0, len(demand.approvers))
    # One approval may be in the place of several.
    named_missing = max(
        len(approvers_missing - demand.without_access), 1 if approvers_missing & demand.without_access else 0
    )
    return Standing(
        counted=counted,
        stale=frozenset(one.person for one in approvals if one.revision != newest),
        objecting=frozenset(one.person for one in given if not one.is_approval),
        approvals_missing=max(needed - len(counted), named_missing, 0),
        approvers_missing=approvers_missing,
    )


def next_reminder(after: datetime, every_days: int | None) -> datetime | None:
    """When somebody who was asked or reminded at `after` is reminded (again): never on a weekend."""
    if every_days is None:
        return None
    moment = after + timedelta(days=every_days)
    while moment.isoweekday() > 5:
        moment += timedelta(days=1)
    return moment
