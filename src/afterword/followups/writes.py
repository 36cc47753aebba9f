"""Every change to follow-ups."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_write
from afterword.accounts.writes import just_made
from afterword.audit.writes import record
from afterword.documents import clean_text, plain_text
from afterword.fields.kinds import usable_link
from afterword.followups import reads
from afterword.followups.errors import FollowUpChanged
from afterword.followups.models import (
    DESCRIPTION_LENGTH_MAX,
    TICKET_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    DocumentFollowUp,
    FollowUp,
    FollowUpPriority,
    FollowUpStatus,
)
from afterword.incidents.models import Incident
from afterword.incidents.reads import family_of
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.text import one_line
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import incidents_of, lock_postmortem
from afterword.postmortems.writes import keep_revision

CHOSEN_FOR_DOCUMENT_MAX = 200
"""Follow-ups that one post-mortem leaves out or takes in."""


@transaction.atomic
def create_follow_up(
    *,
    actor: Person,
    incident: Incident | None,
    title: str,
    description: str = "",
    owner: Person | None = None,
    due_on: date | None = None,
    priority: str = FollowUpPriority.P3,
    ticket: str = "",
    once: bool = False,
    team: Team | None = None,
) -> FollowUp:
    """Agree that something is to be done, after an incident or, with None, for `team` alone.

    The owner is one of the people of that team. `ticket` is an address or a number of at most
    `TICKET_LENGTH_MAX` characters.

    `once`: the same again within a minute, as a form that is sent twice, is the one that is there.
    Raises InvalidInput, NotAllowed, NotFound.
    """
    whose = incident.service.team if incident is not None else team
    assert whose is not None, "a follow-up is of an incident or of a team"
    require_write(actor, whose)
    wanted: dict[str, Any] = {
        "incident": incident,
        "of_team": whose if incident is None else None,
        "title": _usable_title(title),
        "description": _usable_description(description),
        "owner": _usable_owner(whose, owner),
        "due_on": due_on,
        "priority": _known_priority(priority),
        "ticket": _usable_ticket(ticket),
    }
    if once:
        made = just_made(actor=actor, action="follow_up.created", at=clock.now())
        twin = reads.visible_follow_ups(actor).filter(pk__in=made, **wanted).first()
        if twin is not None:
            return twin
    follow_up = FollowUp.objects.create(**wanted)
    _record(actor, "follow_up.created", follow_up, incident=incident.number if incident else None)
    return follow_up


@transaction.atomic
def change_follow_up(
    *,
    actor: Person,
    follow_up: FollowUp,
    title: str,
    description: str,
    owner: Person | None,
    due_on: date | None,
    priority: str,
    ticket: str | None = None,
    started_from: str | None = None,
) -> FollowUp:
    """Change what is to be done, by whom and until when. What is there already changes nothing.

    A `ticket` that is not given stays.

    `started_from` is the `follow_up_digest` of what the writer saw: raises FollowUpChanged when someone
    else has changed it since, so that nobody's words are lost. Raises InvalidInput, NotAllowed, NotFound.
    """
    follow_up = reads.lock_follow_up(actor, follow_up)
    wanted: dict[str, Any] = {
        "title": _usable_title(title),
        "description": _usable_description(description),
        "owner": _usable_owner(follow_up.team, owner, keeping=follow_up),
        "due_on": due_on,
        "priority": _known_priority(priority),
        "ticket": follow_up.ticket if ticket is None else _usable_ticket(ticket),
    }
    changed = [name for name, value in wanted.items() if getattr(follow_up, name) != value]
    if changed:
        if started_from is not None and started_from != follow_up_digest(follow_up):
            raise FollowUpChanged
        for name in changed:
            setattr(follow_up, name, wanted[name])
        follow_up.save(update_fields=changed)
        _record(actor, "follow_up.changed", follow_up, fields=changed)
    return follow_up


@transaction.atomic
def change_status(*, actor: Person, follow_up: FollowUp, status: str) -> FollowUp:
    """Start it, complete it or open it again. The same status changes nothing.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    follow_up = reads.lock_follow_up(actor, follow_up)
    if status not in FollowUpStatus.values:
        raise InvalidInput(fields={"status": f"Please use one of: {', '.join(FollowUpStatus.values)}."})
    if status == follow_up.status:
        return follow_up
    now = clock.now()
    before, follow_up.status = follow_up.status, status
    follow_up.completed_at = now if status == FollowUpStatus.COMPLETED else None
    follow_up.save(update_fields=["status", "completed_at"])
    action = "follow_up.completed" if status == FollowUpStatus.COMPLETED else "follow_up.changed"
    _record(actor, action, follow_up, before=before, after=status)
    return follow_up


@transaction.atomic
def delete_follow_up(*, actor: Person, follow_up: FollowUp) -> None:
    """Take it away for good; the audit log keeps what it was called. Raises NotAllowed, NotFound."""
    follow_up = reads.lock_follow_up(actor, follow_up)
    key = follow_up.pk
    follow_up.delete()
    # Who listens finds the others without it.
    follow_up.pk = key
    _record(actor, "follow_up.deleted", follow_up, title=follow_up.title)


@transaction.atomic
def choose_for_document(
    *, actor: Person, postmortem: Postmortem, follow_up: FollowUp, is_shown: bool
) -> None:
    """Leave a follow-up of its incidents out of a post-mortem, take it back, or take in another one.

    Another one is of the same team and of no private incident. The follow-up itself stays as it is; what
    the post-mortem shows already changes nothing. Raises InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = lock_postmortem(actor, postmortem)
    follow_up = reads.get_follow_up(actor, follow_up.unique_id)
    if reads.follow_ups_in_document(postmortem).filter(pk=follow_up.pk).exists() == is_shown:
        return
    family = {key for incident in incidents_of(postmortem) for key in family_of(incident)}
    decisions = DocumentFollowUp.objects.filter(postmortem=postmortem)
    decisions.filter(follow_up=follow_up).delete()
    if is_shown != (follow_up.incident_id in family):
        if is_shown and not reads.follow_ups_to_take_in(actor, postmortem).filter(pk=follow_up.pk).exists():
            raise InvalidInput(fields={"follow_up": "This follow-up cannot stand in this post-mortem."})
        if decisions.count() >= CHOSEN_FOR_DOCUMENT_MAX:
            reason = f"A post-mortem has at most {CHOSEN_FOR_DOCUMENT_MAX} follow-ups chosen for it."
            raise InvalidInput(fields={"follow_up": reason})
        DocumentFollowUp.objects.create(postmortem=postmortem, follow_up=follow_up, is_shown=is_shown)
    now = clock.now()
    keep_revision(postmortem, actor, now, note="Follow-ups chosen")
    record(
        actor=actor,
        action="postmortem.follow_ups_chosen",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"follow_up": str(follow_up.unique_id), "is_shown": is_shown},
    )


def follow_up_digest(follow_up: FollowUp) -> str:
    """A short stand-in for what can be changed of a follow-up, by which a form says what its writer saw."""
    seen = (
        *(follow_up.title, follow_up.description, follow_up.owner_id),
        *(str(follow_up.due_on), follow_up.priority, follow_up.ticket),
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _usable_title(value: str) -> str:
    title = plain_text(value)
    if not title:
        raise InvalidInput(fields={"title": "Please say what is to be done."})
    if len(title) > TITLE_LENGTH_MAX:
        raise InvalidInput(fields={"title": f"Please use at most {TITLE_LENGTH_MAX} characters."})
    return title


def _usable_description(value: str) -> str:
    description = clean_text(value.replace("\r\n", "\n")).strip()
    if len(description) > DESCRIPTION_LENGTH_MAX:
        raise InvalidInput(
            fields={"description": f"Please use at most {DESCRIPTION_LENGTH_MAX:,} characters."}
        )
    return description


def _usable_owner(team: Team, owner: Person | None, *, keeping: FollowUp | None = None) -> Person | None:
    owners = reads.possible_owners(team, keeping=keeping)
    if owner is not None and not owners.filter(pk=owner.pk).exists():
        raise InvalidInput(fields={"owner": f"The owner must be someone of {team}."})
    return owner


def _usable_ticket(value: str) -> str:
    """An address that is safe to follow, or a number as it is."""
    ticket = one_line("ticket", value, characters_max=TICKET_LENGTH_MAX, required=False)
    if "://" in ticket or ticket.startswith("//"):
        return usable_link(ticket, characters_max=TICKET_LENGTH_MAX, field="ticket")
    return ticket


def _known_priority(value: str) -> str:
    if value not in FollowUpPriority.values:
        raise InvalidInput(fields={"priority": f"Please use one of: {', '.join(FollowUpPriority.values)}."})
    return value


def _record(actor: Person, action: str, follow_up: FollowUp, **data: Any) -> None:
    record(actor=actor, action=action, subject=follow_up, team_id=follow_up.team.pk, data=data)
