"""The way of an incident through its escalation policy: who is called when.

Where an incident stands is a row, and each step is one transaction that calls the level's people and moves
the row on. A worker that is killed in a step has done all of it or nothing; steps that were missed while no
worker ran are taken one after the other by the next one. Whoever changes an incident locks it first: so do
the steps, and none is taken while somebody acknowledges.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from afterword.accounts.models import Membership, OrganisationRole, Person
from afterword.accounts.reads import visible_people
from afterword.accounts.writes import TWIN_SECONDS
from afterword.audit.writes import Actor, SystemActor, record
from afterword.catalog.models import EscalationLevel, EscalationPolicy
from afterword.catalog.reads.on_call import on_call_people
from afterword.catalog.rotation import next_in_turn
from afterword.incidents.errors import AlreadyResolved, IncidentMerged
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    Alert,
    AlertType,
    Entry,
    EntryKind,
    Incident,
    IncidentStatus,
)
from afterword.incidents.privacy.writes import admit_paged
from afterword.incidents.reads import lock_incident
from afterword.lib import bulk, clock, ids
from afterword.lib.errors import InvalidInput
from afterword.lib.zones import zone_names
from afterword.notify.contact.models import ContactMethod
from afterword.notify.contact.reads import usable_methods
from afterword.notify.paging import rules
from afterword.notify.paging.models import Ending, Escalation, Page, PageDelivery, PageState

DUE_ROWS_MAX = 200
"""Escalations that are looked after in one go; the rest come a second later."""
STEPS_AT_ONCE_MAX = 1_000
"""Of one escalation that was not looked after for a long time: levels times rounds, and more."""
PAGER = SystemActor("Paging")
FIRST = 1
"""Level and round with which every escalation begins."""
ESCALATIONS = bulk.Table(
    Escalation, "unique_id", "incident", "policy", "started_at", "level", "round", "next_at", "ending"
)


def start_escalations(begun: Sequence[tuple[Incident, datetime]], *, are_new: bool = False) -> None:
    """Begin with the policies of those that are triggered, each at its time, in the caller's transaction.

    `are_new`: the incidents were made in this transaction, and have none yet that would have to end.
    """
    wanted = [
        (incident, at)
        for incident, at in begun
        if incident.escalation_policy_id is not None and incident.status == IncidentStatus.TRIGGERED
    ]
    if not wanted:
        return
    if not are_new:
        _end([incident for incident, _ in wanted], Ending.REPLACED, at=clock.now())
    levels = EscalationLevel.objects.filter(
        policy__in={incident.escalation_policy_id for incident, _ in wanted}, position=1
    )
    delays = dict(levels.values_list("policy", "delay_minutes"))
    # The fold waits for this: the ORM would take ten times as long for a burst of new incidents.
    ESCALATIONS.insert(
        [
            (
                ids.new_uuid().hex,
                incident.pk,
                incident.escalation_policy_id,
                at,
                FIRST,
                FIRST,
                at + timedelta(minutes=delays[incident.escalation_policy_id]),
                "",
            )
            for incident, at in wanted
            if incident.escalation_policy_id in delays
        ],
        # In the same transaction it may have been given another policy, and have begun with that.
        skip_twins=are_new,
    )


def stop_paging(incidents: Sequence[Incident], *, at: datetime) -> None:
    """Call nobody any more about those that are acknowledged or have ended, in the caller's transaction.

    Whom somebody paged by hand is still told about an incident that is acknowledged.
    """
    resolved = [one for one in incidents if one.is_resolved]
    acknowledged = [one for one in incidents if one.status == IncidentStatus.ACKNOWLEDGED]
    for those, ending in ((resolved, Ending.RESOLVED), (acknowledged, Ending.ACKNOWLEDGED)):
        if those:
            _end(those, ending, at=at)
            waiting = PageDelivery.objects.filter(
                page__incident__in=those, state=PageState.WAITING, handed_over_at__isnull=True
            )
            if ending == Ending.ACKNOWLEDGED:
                waiting = waiting.filter(page__escalation__isnull=False)
            waiting.update(state=PageState.DROPPED)


def change_policy(incident: Incident, *, at: datetime) -> None:
    """Go on with the policy that the incident has now, from its beginning; with none, call nobody."""
    if incident.escalation_policy_id is None:
        _end([incident], Ending.REPLACED, at=at)
    else:
        start_escalations([(incident, at)])


def run_due_steps(*, at: datetime) -> int:
    """Take every step that is due, each in its own transaction; how many that were.

    Several workers may do this at once: what one has locked the others leave to it.
    """
    due = Escalation.objects.filter(ended_at__isnull=True, next_at__lte=at).order_by("next_at", "pk")
    steps = 0
    for key, incident_key in due.values_list("pk", "incident_id")[:DUE_ROWS_MAX]:
        for _ in range(STEPS_AT_ONCE_MAX):
            if not _take_step(key, incident_key, at):
                break
            steps += 1
    return steps


@transaction.atomic
def page_person(*, actor: Person, incident: Incident, person: Person) -> Page:
    """Call somebody now, by all of their contact methods. The same again within a minute is one page.

    Who is paged about a private incident is a member from then on. Raises InvalidInput for somebody who
    cannot do anything about it, AlreadyResolved, IncidentMerged, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.is_merged:
        raise IncidentMerged
    if incident.is_resolved:
        raise AlreadyResolved
    if not visible_people(actor).filter(pk=person.pk).exists() or not _can_answer([person], incident):
        raise InvalidInput(
            fields={"person": "Please choose somebody who is here and may change this incident."}
        )
    now = clock.now()
    twin = Page.objects.filter(
        incident=incident,
        escalation=None,
        person=person,
        paged_by=actor,
        at__gte=now - timedelta(seconds=TWIN_SECONDS),
    ).first()
    if twin is not None:
        return twin
    page = Page(incident=incident, person=person, paged_by=actor, is_critical=True, at=now)
    _call([page], incident, actor=actor, at=now)
    Entry.objects.create(
        incident=incident,
        at=now,
        kind=EntryKind.PAGE,
        text=f"Paged {person}.",
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )
    return page


@transaction.atomic
def page_policy(*, actor: Person, incident: Incident, policy: EscalationPolicy) -> Escalation:
    """Begin with a policy now, instead of the one that the incident is in; the first level without delay.

    The same again within a minute is one escalation. Raises InvalidInput for a policy of another team and
    for an incident that somebody looks after already, AlreadyResolved, IncidentMerged, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.is_merged:
        raise IncidentMerged
    if incident.is_resolved:
        raise AlreadyResolved
    if incident.status != IncidentStatus.TRIGGERED:
        raise InvalidInput(fields={"policy": "Somebody looks after it already. You can page a person."})
    if policy.team_id != incident.service.team_id or policy.archived_at is not None:
        raise InvalidInput(fields={"policy": "Please choose an escalation policy of the incident's team."})
    now = clock.now()
    recent = now - timedelta(seconds=TWIN_SECONDS)
    twin = Escalation.objects.filter(
        incident=incident, policy=policy, started_by=actor, started_at__gte=recent, ended_at__isnull=True
    ).first()
    if twin is not None:
        return twin
    _end([incident], Ending.REPLACED, at=now)
    escalation = Escalation.objects.create(
        incident=incident, policy=policy, started_by=actor, started_at=now, next_at=now
    )
    _tell(incident, f"Paged by the escalation policy “{policy}”.", now, person=actor)
    _record(actor, "escalation.started", escalation, incident, now)
    return escalation


@transaction.atomic
def _take_step(key: int, incident_key: int, at: datetime) -> bool:
    """False when there is no step to take, or somebody else has the incident now."""
    incident = (
        Incident.objects.select_related("service__team")
        .select_for_update(of=("self",), skip_locked=True)
        .filter(pk=incident_key)
        .first()
    )
    if incident is None:
        return False
    escalation = (
        Escalation.objects.select_related("policy")
        .select_for_update(of=("self",))
        .filter(pk=key, ended_at__isnull=True, next_at__lte=at)
        .first()
    )
    if escalation is None:
        return False
    if incident.status != IncidentStatus.TRIGGERED:
        stop_paging([incident], at=at)
        return False
    levels = list(
        EscalationLevel.objects.filter(policy=escalation.policy_id).prefetch_related(
            "targets__person", "targets__team"
        )
    )
    delays = [level.delay_minutes for level in levels]
    step = rules.Step(escalation.level, escalation.round, escalation.next_at)
    called = step.level <= len(levels) and _call_level(escalation, levels[step.level - 1], step, incident, at)
    following = rules.next_step(step, delays, repeats=escalation.policy.repeats, called=called)
    if following is None:
        escalation.ended_at, escalation.ending = at, Ending.EXHAUSTED
        escalation.save(update_fields=["ended_at", "ending"])
        _tell(incident, f"Nobody has answered, and “{escalation.policy}” has nobody left to call.", at)
        _record(PAGER, "escalation.ended", escalation, incident, at)
        return True
    escalation.level, escalation.round, escalation.next_at = following.level, following.round, following.at
    escalation.save(update_fields=["level", "round", "next_at"])
    return True


def _call_level(
    escalation: Escalation, level: EscalationLevel, step: rules.Step, incident: Incident, at: datetime
) -> bool:
    """Page the people of a level; whether there was anybody."""
    people = _can_answer(_people_of(level, at), incident)
    if level.takes_turns and people:
        people = [_whose_turn(escalation, step.level, people)]
    if not people:
        _tell(
            incident,
            f"Level {step.level} of “{escalation.policy}” called nobody: nobody of it is here who may "
            "change this incident.",
            at,
        )
        return False
    is_critical = _is_critical(incident)
    pages = [
        Page(
            incident=incident,
            escalation=escalation,
            round=step.round,
            level=step.level,
            in_turn=level.takes_turns,
            person=person,
            paged_by=escalation.started_by,
            is_critical=is_critical,
            at=at,
        )
        for person in people
    ]
    _call(pages, incident, actor=PAGER, at=at)
    return True


def _people_of(level: EscalationLevel, at: datetime) -> list[Person]:
    """Everyone whom the level names, in the order of its targets, each once."""
    targets = list(level.targets.all())
    on_call = on_call_people({one.schedule_id for one in targets if one.schedule_id is not None}, at)
    found: dict[int, Person] = {}
    for target in targets:
        if target.person is not None:
            people = [target.person]
        elif target.team is not None:
            people = list(target.team.people.order_by("name", "pk"))
        else:
            assert target.schedule_id is not None, "escalation_target_is_one_of_three"
            people = [on_call[target.schedule_id]] if target.schedule_id in on_call else []
        for person in people:
            found.setdefault(person.pk, person)
    return list(found.values())


def _can_answer(people: Sequence[Person], incident: Incident) -> list[Person]:
    """Those who may change the incident: a page is of no use to the others, and would tell them of it."""
    keys = {person.pk for person in people}
    members = set(
        Membership.objects.filter(team=incident.service.team_id, person__in=keys).values_list(
            "person", flat=True
        )
    )
    return [
        person
        for person in people
        if person.is_active
        and person.role != OrganisationRole.VIEWER
        and (person.is_admin or person.pk in members)
    ]


def _whose_turn(escalation: Escalation, level: int, people: Sequence[Person]) -> Person:
    """Round robin over the people of a level, across all incidents of the policy."""
    # Two incidents that come to this level at once take two turns, one after the other.
    EscalationPolicy.objects.select_for_update(no_key=True).get(pk=escalation.policy_id)
    last = (
        Page.objects.filter(escalation__policy=escalation.policy_id, level=level, in_turn=True)
        .order_by("-pk")
        .values_list("person", flat=True)
        .first()
    )
    chosen = next_in_turn([person.pk for person in people], last)
    return next(person for person in people if person.pk == chosen)


def _is_critical(incident: Incident) -> bool:
    """Whether it comes through quiet hours: a critical alert says so, or a person who reported it."""
    if incident.integration_id is None:
        return True
    return Alert.objects.filter(incident=incident, alert_type=AlertType.CRITICAL).exists()


def _call(pages: Sequence[Page], incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Write pages with a delivery for each contact method. One that is there already is not made again."""
    people = {page.person_id: page.person for page in pages}
    admit_paged(actor=actor, incident=incident, people=people.values(), at=at)
    methods = usable_methods(list(people.values()))
    for page in pages:
        page.save(force_insert=True)
        PageDelivery.objects.bulk_create(
            _deliver_by(method, page, people[page.person_id], at) for method in methods[page.person_id]
        )
        _record(actor, "incident.paged", page, incident, at, person=str(page.person))


def _deliver_by(method: ContactMethod, page: Page, person: Person, at: datetime) -> PageDelivery:
    due = at + timedelta(minutes=method.delay_minutes)
    if not (page.is_critical and method.breaks_quiet):
        zone = ZoneInfo(person.time_zone if person.time_zone in zone_names() else "UTC")
        allowed = rules.after_quiet(due, zone, method.quiet_from, method.quiet_until)
    else:
        allowed = due
    return PageDelivery(
        page=page,
        method=method,
        kind=method.kind,
        label=method.label,
        next_attempt_at=allowed,
        is_quiet=allowed > due,
    )


def _end(incidents: Collection[Incident], ending: Ending, *, at: datetime) -> None:
    Escalation.objects.filter(Q(incident__in=incidents), ended_at__isnull=True).update(
        ended_at=at, ending=ending
    )


def _tell(incident: Incident, text: str, at: datetime, *, person: Person | None = None) -> None:
    Entry.objects.create(
        incident=incident,
        at=at,
        kind=EntryKind.PAGE,
        text=text,
        person=person,
        source=str(person or PAGER.name)[:ENTRY_SOURCE_LENGTH_MAX],
    )


def _record(
    actor: Actor, action: str, subject: Escalation | Page, incident: Incident, at: datetime, **data: str
) -> None:
    record(
        actor=actor,
        action=action,
        subject=subject,
        at=at,
        team_id=incident.service.team_id,
        data={"incident": incident.number, **data},
    )
