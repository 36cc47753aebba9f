"""Changes to services as people and their programs report them, with a key of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.catalog.models import Service
from afterword.incidents import rules
from afterword.incidents.models import (
    CHANGE_TITLE_LENGTH_MAX,
    CHANGE_WORD_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    Change,
    ChangeKind,
)
from afterword.lib import clock, ids
from afterword.lib.errors import InvalidInput
from afterword.lib.text import many_lines, one_line


@transaction.atomic
def report_change(
    *,
    actor: Person,
    service: Service,
    title: str,
    kind: str = ChangeKind.DEPLOY,
    at: datetime | None = None,
    summary: str = "",
    version: str = "",
    author: str = "",
    environment: str = "",
    state: str = "",
    links: Sequence[Any] = (),
) -> Change:
    """Say that something was changed about a service; `at` is when, now unless given.

    Raises InvalidInput, NotAllowed, and NotFound for a service of a team that is not the actor's.
    """
    require_write(actor, service.team)
    now = clock.now()
    at = at or now
    rules.check_note(at, now=now)
    if kind not in ChangeKind.values:
        raise InvalidInput(fields={"kind": f"Please use one of: {', '.join(ChangeKind.values)}."})
    if len(links) > rules.LINKS_MAX:
        raise InvalidInput(fields={"links": f"Please give at most {rules.LINKS_MAX} links."})
    safe = rules.alert_links(list(links))
    if len(safe) < len(links):
        raise InvalidInput(fields={"links": "Links begin with https:// or http://."})
    change = Change.objects.create(
        trace_id=ids.new_uuid(),
        service=service,
        kind=kind,
        title=one_line("title", title, characters_max=CHANGE_TITLE_LENGTH_MAX),
        summary=many_lines("summary", summary, characters_max=SUMMARY_LENGTH_MAX),
        version=_word("version", version),
        author=_word("author", author),
        environment=_word("environment", environment),
        state=_word("state", state),
        links=[{"link_url": link.url, "link_text": link.text} for link in safe],
        at=at,
        received_at=now,
    )
    record(
        actor=actor,
        action="change.recorded",
        subject=change,
        at=now,
        team_id=service.team_id,
        data={"state": change.state},
    )
    return change


def _word(field: str, text: str) -> str:
    return one_line(field, text, characters_max=CHANGE_WORD_LENGTH_MAX, required=False)
