"""Telling the story: alerts over HTTP, and what people do by the same calls as the pages.

Every step looks first whether it was done already, so that a story that was interrupted goes on.
"""

from __future__ import annotations

from datetime import timedelta

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.demo import story
from afterword.demo.alerts import Sender
from afterword.demo.changes import tell_changes
from afterword.demo.errors import DemoFailed
from afterword.demo.organisation import find_or_make_integration, webhook_url
from afterword.demo.past import move_into_the_past
from afterword.demo.response import prepare_response
from afterword.demo.story import DemoIncident
from afterword.drafting.suggestions import reads as drafting
from afterword.drafting.suggestions.rules import Choice
from afterword.drafting.suggestions.writes import change_organisation_drafting
from afterword.followups import reads as followups_reads
from afterword.followups import writes as followups
from afterword.incidents import reads as incidents_reads
from afterword.incidents import writes as incidents
from afterword.incidents.chat import writes as chat
from afterword.incidents.chat.messages import Said
from afterword.incidents.models import EntryKind, Incident, IncidentStatus
from afterword.lib import clock
from afterword.postmortems import reads as postmortems_reads
from afterword.postmortems import writes as postmortems
from afterword.postmortems.models import Postmortem


def tell_story(owner: Person, sender: Sender) -> Postmortem:
    """Have all of it happen; the post-mortem at the end. Raises DemoFailed."""
    prepare_response(owner, clock.now())
    tell_changes(owner, sender, now=clock.now())
    for told in story.INCIDENTS:
        _tell_incident(owner, sender, told)
    _report_by_hand(owner)
    main = next(told for told in story.INCIDENTS if told.entity_id == story.WRITTEN_ABOUT)
    incident = _find_incident(owner, find_or_make_integration(owner, main.service), main)
    assert incident is not None
    incidents.change_summary(actor=owner, incident=incident, summary=story.SUMMARY)
    if not incident.is_resolved:
        incident = incidents.resolve_incident(actor=owner, incident=incident)
    _give_a_past(owner)
    incident.refresh_from_db()
    _bring_chat(owner, incident)
    _agree_follow_ups(owner, incident)
    postmortem = _write_postmortem(owner, incident)
    # Last, so that what the newcomer resolves is written about, and nothing of the story.
    if drafting.organisation_choice() == Choice():
        change_organisation_drafting(actor=owner, choice=Choice(begins=True))
    return postmortem


def _tell_incident(owner: Person, sender: Sender, told: DemoIncident) -> None:
    integration = find_or_make_integration(owner, told.service)
    address = webhook_url(owner, integration)
    incident = _find_incident(owner, integration, told)
    if incident is None:
        sender.send(address, [alert.body(told.entity_id) for alert in told.alerts])
        incident = _find_incident(owner, integration, told)
    if incident is None:
        raise DemoFailed("The demo's alerts opened no incident.")
    if incident.is_resolved:
        return
    if told.acknowledged and incident.status == IncidentStatus.TRIGGERED:
        incidents.acknowledge_incident(actor=owner, incident=incident)
    if not incidents_reads.entries_of(owner, incident).filter(kind=EntryKind.NOTE).exists():
        for note in told.notes:
            incidents.add_note(actor=owner, incident=incident, text=note)
        sender.send(address, [alert.body(told.entity_id) for alert in told.closing_alerts])


def _give_a_past(owner: Person) -> None:
    now = clock.now()
    for told in story.INCIDENTS:
        incident = _find_incident(owner, find_or_make_integration(owner, told.service), told)
        assert incident is not None
        move_into_the_past(owner, incident, told, now=now)


def _find_incident(owner: Person, integration: Integration, told: DemoIncident) -> Incident | None:
    return (
        incidents_reads.visible_incidents(owner)
        .filter(integration=integration, entity_id=told.entity_id)
        .order_by("number")
        .first()
    )


def _report_by_hand(owner: Person) -> None:
    service = find_or_make_integration(owner, story.REPORTED_SERVICE).service
    reported = incidents_reads.visible_incidents(owner).filter(service=service, title=story.REPORTED_TITLE)
    if not reported.exists():
        incidents.create_incident(
            actor=owner,
            service=service,
            title=story.REPORTED_TITLE,
            summary=story.REPORTED_SUMMARY,
            started_at=clock.now() - timedelta(hours=story.REPORTED_STARTED_HOURS_AGO),
        )


def _bring_chat(owner: Person, incident: Incident) -> None:
    """What was said with the provider, as somebody would paste it; one message is starred."""
    messages = [
        Said(
            id=f"demo-{place}",
            at=incident.started_at + timedelta(minutes=told.minutes),
            author=told.author or str(owner),
            text=told.text,
        )
        for place, told in enumerate(story.CHAT)
    ]
    added = chat.add_chat(
        actor=owner,
        incident=incident,
        channel=story.CHAT_CHANNEL,
        messages=messages,
        origin="demo",
        people={(str(owner), ""): owner},
    )
    if added.addition is None:
        return
    for entry in incidents_reads.entries_of(owner, incident).filter(
        kind=EntryKind.CHAT, text__in=[told.text for told in story.CHAT if told.is_starred]
    ):
        incidents.star_entry(actor=owner, entry=entry)


def _agree_follow_ups(owner: Person, incident: Incident) -> None:
    today = clock.now().date()
    agreed = set(followups_reads.follow_ups_of(owner, incident).values_list("title", flat=True))
    for told in story.FOLLOW_UPS:
        if told.title not in agreed:
            followups.create_follow_up(
                actor=owner,
                incident=incident,
                title=told.title,
                description=told.description,
                owner=owner,
                due_on=today + timedelta(days=told.due_in_days),
                priority=told.priority,
            )


def _write_postmortem(owner: Person, incident: Incident) -> Postmortem:
    postmortem = postmortems_reads.postmortems_of_incident(owner, incident).order_by("number").first()
    if postmortem is None:
        postmortem = postmortems.create_postmortem(
            actor=owner, incidents=[incident], title=story.POSTMORTEM_TITLE
        )
    for section in postmortems_reads.sections_of(postmortem):
        text = story.SECTIONS.get(section.title)
        # A section that somebody has written in is theirs.
        if text is not None and section.version == 1:
            postmortems.save_section(actor=owner, section=section, text=text, version=section.version)
    return postmortems_reads.get_postmortem(owner, postmortem.number)
