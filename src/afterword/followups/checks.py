"""What follow-ups ask before a post-mortem is published."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.followups.models import FollowUpPriority
from afterword.followups.reads import follow_ups_in_document
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.checks import Obstacle, Step, register_check
from afterword.postmortems.review.reads import demand_on

NAMED_MAX = 3


def find_without_ticket(postmortem: Postmortem) -> Iterator[Obstacle]:
    """Follow-ups of the priority P1 without a ticket, where its team or one of its services wants one."""
    if not demand_on(postmortem).wants_tickets:
        return
    urgent = follow_ups_in_document(postmortem).filter(priority=FollowUpPriority.P1, ticket="")
    titles = list(urgent.values_list("title", flat=True)[: NAMED_MAX + 1])
    if not titles:
        return
    named = ", ".join(f"“{title}”" for title in titles[:NAMED_MAX])
    others = " and others" if len(titles) > NAMED_MAX else ""
    section = postmortem.sections.filter(live_name="follow-ups").first()
    anchor = f"section-{section.unique_id}" if section else ""
    yield Obstacle(f"Please give each follow-up of the priority P1 a ticket: {named}{others}.", anchor)


def ask_for_tickets() -> None:
    """Register the check. In AppConfig.ready()."""
    register_check(find_without_ticket, before=Step.PUBLICATION)
