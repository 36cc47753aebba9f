"""Changes to services, as their senders tell of them: deploys, configuration."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from afterword.audit.writes import record
from afterword.catalog.models import Integration, Service
from afterword.documents import clean_text, plain_text
from afterword.incidents.models import (
    CHANGE_TITLE_LENGTH_MAX,
    CHANGE_WORD_LENGTH_MAX,
    ENTITY_ID_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    Change,
)

UNTITLED = "Change without words"
REMARK = "remark"
"""The key under which `Change.details` says what of it was ignored."""
SERVICE_SHOWN_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """A change to record. `integration` is the actor; its service and team must be loaded with it."""

    trace_id: str
    """32 hexadecimal digits."""
    integration: Integration
    kind: str
    title: str
    received_at: datetime
    at: datetime | None = None
    """None: when it was received."""
    summary: str = ""
    version: str = ""
    author: str = ""
    environment: str = ""
    state: str = ""
    links: Sequence[Any] = field(default_factory=list)
    source_id: str = ""
    """The sender's own id. Empty: each word is a change of its own."""
    service: str = ""
    """Name or unique id of a service of the integration's team; empty: the integration's own."""
    details: Any = None


class RecordedChange(NamedTuple):
    """What became of it."""

    change_unique_id: str


@transaction.atomic(savepoint=False)
def record_changes(*, changes: Sequence[NewChange]) -> list[RecordedChange]:
    """Record changes in the order given; the result has the same order.

    A later word with the same source id, of the same integration, is about the same change: what it says
    takes the place of what was said before, and what it leaves out stays. A service that the team does not
    have is told in the details, and the change belongs to the integration's own service.
    """
    return [RecordedChange(_record(new).unique_id) for new in changes]


def _record(new: NewChange) -> Change:
    service, remark = _find_service(new)
    said: dict[str, Any] = {
        "kind": new.kind,
        "title": plain_text(new.title)[:CHANGE_TITLE_LENGTH_MAX] or UNTITLED,
        "summary": clean_text(new.summary)[:SUMMARY_LENGTH_MAX],
        "version": _word(new.version),
        "author": _word(new.author),
        "environment": _word(new.environment),
        "state": _word(new.state),
        "links": list(new.links),
        "details": _details(new.details, remark),
    }
    known = None
    source_id = new.source_id[:ENTITY_ID_LENGTH_MAX]
    if source_id:
        found = Change.objects.select_for_update().filter(integration=new.integration, source_id=source_id)
        known = found.first()
    if known is None:
        change = Change.objects.create(
            trace_id=new.trace_id,
            service=service,
            integration=new.integration,
            source_id=source_id,
            at=new.at or new.received_at,
            received_at=new.received_at,
            **said,
        )
        _tell(new, change, "change.recorded")
        return change
    later = {name: value for name, value in said.items() if value not in ("", [], None)}
    later |= {"at": new.at} if new.at else {}
    later |= {"service": service} if new.service else {}
    changed = [name for name, value in later.items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, later[name])
    if changed:
        known.save(update_fields=changed)
        _tell(new, known, "change.updated")
    return known


def _find_service(new: NewChange) -> tuple[Service, str]:
    own = new.integration.service
    wanted = new.service.strip()
    if not wanted:
        return own, ""
    services = Service.objects.filter(team=own.team_id)
    found = services.filter(name__iexact=wanted).first()
    if found is None:
        try:
            found = services.filter(unique_id=uuid.UUID(wanted)).first()
        except ValueError:
            found = None
    if found is not None:
        return found, ""
    return own, f"The team has no service “{plain_text(wanted)[:SERVICE_SHOWN_LENGTH_MAX]}”: ignored."


def _details(details: Any, remark: str) -> Any:
    if not remark:
        return details
    return {**details, REMARK: remark} if isinstance(details, dict) else {REMARK: remark, "details": details}


def _word(text: str) -> str:
    return plain_text(text)[:CHANGE_WORD_LENGTH_MAX]


def _tell(new: NewChange, change: Change, action: str) -> None:
    record(
        actor=new.integration,
        action=action,
        subject=change,
        at=new.received_at,
        team_id=change.service.team_id,
        data={"state": change.state},
    )
