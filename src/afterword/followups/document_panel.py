"""The panel of a post-mortem's follow-ups: added, changed and done where the document shows them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from afterword.accounts.models import Person
from afterword.accounts.reads import writable_teams
from afterword.followups import reads, rules, writes
from afterword.followups.forms import EditFollowUpForm, FollowUpForm
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems.models import Postmortem
from afterword.postmortems.panels import Done
from afterword.postmortems.reads import incidents_seen_by

PANEL_ROWS_MAX = 50
"""Of more follow-ups the first ones; all of them stand on the page `followups:of_document`."""

OPEN = "follow-ups-open"
"""The input that says which follow-up is open to be changed."""
CHANGED, NEW = "follow-ups-changed", "follow-ups-new"
"""With which the names of the inputs of the one that is open and of a new one begin."""
INCIDENT = f"{NEW}-incident"


@dataclass
class PanelState:
    """What is open and typed in the panel, between two looks at it."""

    open: FollowUp | None = None
    edit: EditFollowUpForm | None = None
    new: FollowUpForm | None = None
    incident: str = ""
    """The number of the incident that a new one is chosen for."""
    theirs: FollowUp | None = None
    """What somebody else made of the one that is open."""


class FollowUpPanel:
    """Deeds are `open:UUID`, `close`, `save`, `add`, `leave-out:UUID` and `to-STATUS:UUID`."""

    template = "followups/_document_panel.html"

    def change(
        self, *, actor: Person, postmortem: Postmortem, deed: str, data: Mapping[str, Any]
    ) -> tuple[Done, PanelState]:
        """Raises Conflict, InvalidInput, NotAllowed, NotFound."""
        verb, _, key = deed.partition(":")
        state = _typed(actor, postmortem, data)
        done: list[str] = []
        refused = ""
        if verb == "open":
            found = _in_document(actor, postmortem, key)
            state.open, state.edit = found, EditFollowUpForm.of(found, prefix=CHANGED)
        elif verb == "close":
            state.open = state.edit = None
        elif verb == "leave-out":
            found = _in_document(actor, postmortem, key)
            writes.choose_for_document(actor=actor, postmortem=postmortem, follow_up=found, is_shown=False)
            done.append("a follow-up left out")
        elif verb.startswith("to-"):
            status = verb.removeprefix("to-")
            found = writes.change_status(
                actor=actor, follow_up=_in_document(actor, postmortem, key), status=status
            )
            done.append(f"“{found.title}” is {found.get_status_display().lower()}")
        elif verb in ("", "save", "add"):
            if state.open is not None and verb != "add":
                refused = _save(actor, state, data)
                done += [] if refused else ["a follow-up changed"]
            if verb == "add" or (verb == "" and _is_begun(data)):
                refusal = _add(actor, postmortem, state, data)
                refused = refused or refusal
                done += [] if refusal else ["a follow-up added"]
        else:
            raise InvalidInput(fields={"record": "There is no such thing to do with follow-ups."})
        return Done(refused or ", ".join(done), refused=bool(refused)), state

    def show(
        self, *, actor: Person, postmortem: Postmortem, state: PanelState | None = None
    ) -> dict[str, Any] | None:
        """None to those who may write in no team of its incidents and its own."""
        state = state or PanelState()
        incidents = _writable(actor, postmortem)
        found = list(reads.follow_ups_in_document(postmortem)[: PANEL_ROWS_MAX + 1])
        keys = [item.pk for item in found]
        seen = set(reads.visible_follow_ups(actor).filter(pk__in=keys).values_list("pk", flat=True))
        today = timezone.localdate()
        return {
            "postmortem": postmortem,
            "rows": [
                (
                    item,
                    str(item.unique_id),
                    rules.is_overdue(item.status, item.due_on, today),
                    rules.NEXT_STATUSES[item.status],
                    item.pk in seen,
                )
                for item in found[:PANEL_ROWS_MAX]
            ],
            "is_more": len(found) > PANEL_ROWS_MAX,
            "is_whole": len(found) <= PANEL_ROWS_MAX,
            "incidents": incidents,
            "picked": state.incident,
            "open": state.open,
            "edit": state.edit,
            "theirs": state.theirs,
            "new": state.new or FollowUpForm(team=postmortem.team, prefix=NEW),
            "is_adding": state.new is not None,
            "changed": state.open is not None or state.new is not None,
            "names": {"open": OPEN, "incident": INCIDENT},
        }


def _typed(actor: Person, postmortem: Postmortem, data: Mapping[str, Any]) -> PanelState:
    """The panel as it was sent: nothing of it is checked yet."""
    state = PanelState(incident=str(data.get(INCIDENT, "")))
    if data.get(OPEN):
        try:
            state.open = _in_document(actor, postmortem, str(data[OPEN]))
        except NotFound as error:
            reason = "This follow-up is no longer in the post-mortem. What you typed was not saved."
            raise Conflict(reason) from error
        state.edit = EditFollowUpForm.of(state.open, prefix=CHANGED)
        _retype(state.edit, data)
    if _is_begun(data):
        state.new = FollowUpForm(team=postmortem.team, prefix=NEW)
        _retype(state.new, data)
    return state


def _retype(form: FollowUpForm, data: Mapping[str, Any]) -> None:
    for name in form.fields:
        given = data.get(form.add_prefix(name))
        if given is not None:
            form.initial[name] = given


def _is_begun(data: Mapping[str, Any]) -> bool:
    return any(str(data.get(f"{NEW}-{name}", "")).strip() for name in ("title", "description"))


def _save(actor: Person, state: PanelState, data: Mapping[str, Any]) -> str:
    """Save the one that is open; why not, or nothing."""
    follow_up = state.open
    assert follow_up is not None
    form = EditFollowUpForm.of(follow_up, data, prefix=CHANGED)
    if form.is_valid():
        with refusals_on(form):
            writes.change_follow_up(actor=actor, follow_up=follow_up, **form.cleaned_data)
            state.open = state.edit = None
            return ""
    present = reads.get_follow_up(actor, follow_up.unique_id)
    state.theirs = present if form.missed(present) else None
    state.edit = form
    return _why(form)


def _add(actor: Person, postmortem: Postmortem, state: PanelState, data: Mapping[str, Any]) -> str:
    """Add the new one; why not, or nothing."""
    incidents = _writable(actor, postmortem)
    number = state.incident or (str(incidents[0].number) if len(incidents) == 1 else "")
    incident = next((one for one in incidents if str(one.number) == number), None)
    if incident is None:
        raise NotFound
    form = FollowUpForm(data, team=incident.service.team, prefix=NEW)
    if form.is_valid():
        with refusals_on(form):
            writes.create_follow_up(actor=actor, incident=incident, once=True, **form.cleaned_data)
            state.new = None
            return ""
    state.new = form
    return _why(form)


def _why(form: FollowUpForm) -> str:
    reasons = [str(reason) for errors in form.errors.values() for reason in errors]
    return " ".join(reasons) or "This follow-up could not be saved."


def _writable(actor: Person, postmortem: Postmortem) -> list[Incident]:
    teams = set(writable_teams(actor).values_list("pk", flat=True))
    return [
        incident
        for incident, is_seen in incidents_seen_by(actor, postmortem)
        if is_seen and incident.service.team_id in teams
    ]


def _in_document(actor: Person, postmortem: Postmortem, key: str) -> FollowUp:
    """One that the document shows and the actor sees. Raises NotFound."""
    try:
        unique_id = uuid.UUID(key)
    except ValueError as error:
        raise NotFound from error
    if not reads.follow_ups_in_document(postmortem).filter(unique_id=unique_id).exists():
        raise NotFound
    return reads.get_follow_up(actor, unique_id)
