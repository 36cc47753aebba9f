"""What is written to stakeholders because an alert asks for it. Sending it is another package's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from afterword.accounts.models import Person
from afterword.incidents.models import (
    MESSAGE_SUBJECT_LENGTH_MAX,
    Alert,
    Entry,
    StakeholderDelivery,
    StakeholderMessage,
)
from afterword.incidents.stakeholders import describe_message

WRITTEN_ALREADY = "The stakeholder message stands in this incident already and was not written again."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to write. The recipients were looked up; each address stands there once."""

    subject: str
    """Empty: the incident's number and title."""
    body: str
    time_zone: str
    created_by: Person | None
    recipients: Sequence[tuple[str, int | None]]
    """The address, and the primary key of the person where it is one of ours."""


class MessageIncident(Protocol):
    """What a message needs to know of its incident. Key and number of a new one come later."""

    pk: int
    number: int
    title: str
    is_new: bool


class WrittenMessages:
    """The messages of one batch of alerts. A storm of alerts with one and the same text writes it once."""

    def __init__(self) -> None:
        self._new: list[tuple[NewMessage, MessageIncident, int]] = []
        self._known: dict[int, set[tuple[str, str]]] = {}

    def add(self, message: NewMessage, incident: MessageIncident, alert_pk: int, remarks: list[str]) -> None:
        """Take a message, or tell in `remarks` why not."""
        known = self._texts_of(incident)
        text = (_subject(message, incident), message.body)
        if text in known:
            remarks.append(WRITTEN_ALREADY)
            return
        known.add(text)
        self._new.append((message, incident, alert_pk))

    def _texts_of(self, incident: MessageIncident) -> set[tuple[str, str]]:
        key = id(incident)
        if key not in self._known:
            found = (
                set()
                if incident.is_new
                else set(
                    StakeholderMessage.objects.filter(incident=incident.pk).values_list("subject", "body")
                )
            )
            self._known[key] = found
        return self._known[key]

    def save(self, at: datetime) -> None:
        if not self._new:
            return
        rows = [
            StakeholderMessage(
                incident_id=incident.pk,
                alert_id=alert_pk,
                subject=_subject(message, incident, with_number=True),
                body=message.body,
                time_zone=message.time_zone,
                created_by=message.created_by,
                created_at=at,
            )
            for message, incident, alert_pk in self._new
        ]
        StakeholderMessage.objects.bulk_create(rows)
        StakeholderDelivery.objects.bulk_create(
            [
                StakeholderDelivery(message=row, email=email, person_id=person_pk, next_attempt_at=at)
                for row, (message, _, _) in zip(rows, self._new, strict=True)
                for email, person_pk in message.recipients
            ]
        )
        senders = dict(
            Alert.objects.filter(pk__in={pk for _, _, pk in self._new}).values_list("pk", "integration__name")
        )
        Entry.objects.bulk_create(
            [
                describe_message(row, [email for email, _ in message.recipients], source=senders[pk], at=at)
                for row, (message, _, pk) in zip(rows, self._new, strict=True)
            ]
        )


def _subject(message: NewMessage, incident: MessageIncident, *, with_number: bool = False) -> str:
    if message.subject:
        return message.subject
    number = f"#{incident.number} " if with_number or not incident.is_new else ""
    return f"{number}{incident.title}"[:MESSAGE_SUBJECT_LENGTH_MAX]
