"""How the demo organisation responds: priorities, an SLA, tags, an escalation policy, a maintenance window;
and which of its services depend on which.

Found by name or made, so that an interrupted load goes on.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.models import EscalationPolicy, Priority, Repeat
from afterword.catalog.writes import Level, Schedule
from afterword.demo import story
from afterword.demo.organisation import find_or_make_service, find_or_make_team, find_or_make_told_service

SUNDAY = 6


def prepare_response(owner: Person, now: datetime) -> None:
    """Make what is missing of it, for the team that the story is about."""
    team = find_or_make_team(owner, story.RESPONDING_TEAM)
    priorities = [
        _find_or_make_priority(owner, team, name, description, colour)
        for name, description, colour in story.PRIORITIES
    ]
    if not reads.visible_slas(owner, team=team).filter(name=story.SLA).exists():
        writes.create_sla(
            actor=owner,
            team=team,
            name=story.SLA,
            description=story.SLA_DESCRIPTION,
            acknowledge_minutes=story.SLA_ACKNOWLEDGE_MINUTES,
            resolve_minutes=story.SLA_RESOLVE_MINUTES,
        )
    for name, colour in story.TAGS:
        if not reads.visible_tags(owner, team=team).filter(name=name).exists():
            writes.create_tag(actor=owner, team=team, name=name, colour=colour)
    policy = _find_or_make_policy(owner, team)
    for service, rank in story.DEFAULT_PRIORITIES.items():
        found = find_or_make_service(owner, team, service)
        if found.priority is None and found.escalation_policy is None:
            behaviour = writes.Behaviour(priority=priorities[rank - 1], escalation_policy=policy)
            writes.change_service(actor=owner, service=found, behaviour=behaviour)
    _say_what_depends_on_what(owner)
    _plan_maintenance(owner, now)


def _say_what_depends_on_what(owner: Person) -> None:
    for name, needed in story.DEPENDS_ON.items():
        service = find_or_make_told_service(owner, name)
        if not reads.dependencies_of(owner, service).exists():
            services = [find_or_make_told_service(owner, one) for one in needed]
            writes.change_service(actor=owner, service=service, depends_on=services)


def _find_or_make_priority(owner: Person, team: Team, name: str, description: str, colour: str) -> Priority:
    found = reads.visible_priorities(owner, team=team).filter(name=name).first()
    return found or writes.create_priority(
        actor=owner, team=team, name=name, description=description, colour=colour
    )


def _find_or_make_policy(owner: Person, team: Team) -> EscalationPolicy:
    found = reads.visible_escalation_policies(owner, team=team).filter(name=story.POLICY).first()
    return found or writes.create_escalation_policy(
        actor=owner,
        team=team,
        name=story.POLICY,
        summary=story.POLICY_SUMMARY,
        repeats=1,
        levels=[Level(0, people=(owner,)), Level(story.POLICY_WAIT_MINUTES, teams=(team,))],
    )


def _plan_maintenance(owner: Person, now: datetime) -> None:
    """Every week in the night to Monday, since the last Sunday."""
    team = find_or_make_team(owner, story.MAINTAINED_TEAM)
    if reads.visible_maintenance_windows(owner, team=team).filter(name=story.MAINTENANCE).exists():
        return
    sunday = now.date() - timedelta(days=(now.weekday() - SUNDAY) % 7)
    start = datetime.combine(sunday, time(story.MAINTENANCE_HOUR), now.tzinfo)
    writes.create_maintenance_window(
        actor=owner,
        team=team,
        name=story.MAINTENANCE,
        services=[find_or_make_service(owner, team, story.MAINTAINED_SERVICE)],
        schedule=Schedule(
            start, start + timedelta(hours=story.MAINTENANCE_HOURS), "UTC", repeats=Repeat.WEEKLY
        ),
    )
