"""What people write to stakeholders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import visible_people, visible_teams
from afterword.accounts.writes import TWIN_SECONDS
from afterword.audit.writes import record
from afterword.incidents.models import (
    EMAIL_LENGTH_MAX,
    MESSAGE_BODY_LENGTH_MAX,
    MESSAGE_SUBJECT_LENGTH_MAX,
    Entry,
    Incident,
    StakeholderDelivery,
    StakeholderMessage,
)
from afterword.incidents.privacy.reads import addresses_of_members
from afterword.incidents.reads import lock_incident
from afterword.incidents.stakeholders import describe_message
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.text import many_lines, one_line
from afterword.notify.mail import read_zone

RECIPIENTS_MAX = 500
OTHERS_NAMED_MAX = 5
"""Of those who must not be written to."""


@transaction.atomic
def write_message(
    *,
    actor: Person,
    incident: Incident,
    subject: str,
    body: str,
    time_zone: str = "UTC",
    people: Sequence[Person] = (),
    teams: Sequence[Team] = (),
    emails: Sequence[str] = (),
    once: bool = False,
) -> StakeholderMessage:
    """Write to people, to everyone in teams, and to addresses; each address gets one mail, soon.

    `body` is Markdown. Times in the mail are told in `time_zone`. `once`: the same again within a minute, as
    a form that is sent twice, is the one that is there. About a private incident only its members are
    written to. Raises InvalidInput, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    subject = one_line("subject", subject, characters_max=MESSAGE_SUBJECT_LENGTH_MAX)
    body = many_lines("body", body, characters_max=MESSAGE_BODY_LENGTH_MAX, required=True)
    if not read_zone(time_zone)[1]:
        raise InvalidInput(fields={"time_zone": "Please give a time zone as in Europe/Berlin."})
    recipients = find_recipients(actor, people=people, teams=teams, emails=emails)
    if incident.is_private:
        _require_members(incident, recipients)
    now = clock.now()
    if once and (twin := _find_twin(actor, incident, subject, body, set(recipients), now)):
        return twin
    message = StakeholderMessage.objects.create(
        incident=incident, subject=subject, body=body, time_zone=time_zone, created_by=actor, created_at=now
    )
    StakeholderDelivery.objects.bulk_create(
        StakeholderDelivery(message=message, email=email, person=person, next_attempt_at=now)
        for email, person in recipients.items()
    )
    Entry.objects.bulk_create([describe_message(message, list(recipients), source=str(actor), at=now)])
    record(
        actor=actor,
        action="message.written",
        subject=message,
        at=now,
        team_id=incident.service.team_id,
        data={"incident": incident.number, "recipients": len(recipients)},
    )
    return message


def find_recipients(
    actor: Person, *, people: Iterable[Person], teams: Iterable[Team], emails: Iterable[str]
) -> dict[str, Person | None]:
    """Each address once, whatever its letter case, and whose it is. Raises InvalidInput."""
    known = visible_people(actor).filter(is_active=True)
    found: dict[str, Person | None] = {}
    wanted = [person.pk for person in people]
    for person in known.filter(pk__in=wanted).order_by("name", "pk"):
        found[person.email] = person
    if unknown := set(wanted) - {person.pk for person in found.values() if person}:
        raise InvalidInput(fields={"people": f"{len(unknown)} of these people cannot be written to."})
    for team in visible_teams(actor).filter(pk__in=[team.pk for team in teams]):
        for member in team.people.filter(is_active=True).order_by("name", "pk"):
            found.setdefault(member.email, member)
    taken = {address.casefold() for address in found}
    for email in emails:
        address = _usable_address(email)
        if address.casefold() not in taken:
            taken.add(address.casefold())
            found[address] = None
    if not found:
        raise InvalidInput(fields={"emails": "Please choose somebody to write to."})
    if len(found) > RECIPIENTS_MAX:
        raise InvalidInput(
            fields={"emails": f"This would go to {len(found):,}. Please choose at most {RECIPIENTS_MAX:,}."}
        )
    return found


def _require_members(incident: Incident, emails: Iterable[str]) -> None:
    others = sorted(set(emails) - addresses_of_members(incident, emails))
    if others:
        shown = ", ".join(others[:OTHERS_NAMED_MAX]) + (" and others" if others[OTHERS_NAMED_MAX:] else "")
        raise InvalidInput(
            fields={"emails": f"The incident is private, and these are no members of it: {shown}."}
        )


def _find_twin(
    actor: Person, incident: Incident, subject: str, body: str, emails: set[str], now: datetime
) -> StakeholderMessage | None:
    recent = StakeholderMessage.objects.filter(
        incident=incident,
        created_by=actor,
        alert=None,
        subject=subject,
        body=body,
        created_at__gte=now - timedelta(seconds=TWIN_SECONDS),
    )
    for message in recent:
        if {delivery.email for delivery in message.deliveries.all()} == emails:
            return message
    return None


def _usable_address(email: str) -> str:
    address = email.strip()
    try:
        if len(address) > EMAIL_LENGTH_MAX:
            raise ValidationError("too long")
        validate_email(address)
    except ValidationError:
        shown = one_line("emails", address[:100], characters_max=100, required=False)
        raise InvalidInput(fields={"emails": f"“{shown}” is no email address."}) from None
    return address
