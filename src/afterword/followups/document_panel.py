"""The panel of a post-mortem's follow-ups: added, changed and done where the document shows them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from afterword.accounts.models import Person
from afterword.accounts.reads import writable_team_keys
from afterword.followups import reads, rules, writes
from afterword.followups.forms import EditFollowUpForm, FollowUpForm
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems.models import Postmortem
from afterword.postmortems.panels import Done
from afterword.postmortems.reads import incidents_seen_by

PANEL_ROWS_MAX = 50
"""Of more follow-ups the first ones; all of them stand on the page `followups:of_document`."""

OPEN = "follow-ups-open"
"""The input that says which follow-up is open to be changed."""
KEPT = "follow-ups-kept"
"""The input with what was typed about one that is gone."""
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
    kept: str = ""
    """What was typed about one that is no longer there."""


class FollowUpPanel:
    """Deeds are `open:UUID`, `close`, `save`, `add`, `forget`, `leave-out:UUID` and `to-STATUS:UUID`."""

    template = "followups/_document_panel.html"

    def take(self, *, actor: Person, postmortem: Postmortem, data: Mapping[str, Any]) -> PanelState:
        """The panel as it was sent: nothing of it is checked yet, and nothing of it gets lost."""
        state = PanelState(incident=str(data.get(INCIDENT, "")), kept=str(data.get(KEPT, "")))
        if data.get(OPEN):
            try:
                state.open = _in_document(actor, postmortem, str(data[OPEN]))
            except NotFound:
                state.kept = "\n\n".join(filter(None, [state.kept, _words_of(data)]))
            else:
                state.edit = EditFollowUpForm.of(state.open, prefix=CHANGED)
                _retype(state.edit, data)
        if _is_begun(data):
            state.new = FollowUpForm(team=postmortem.team, prefix=NEW)
            _retype(state.new, data)
        return state

    def change(
        self, *, actor: Person, postmortem: Postmortem, deed: str, data: Mapping[str, Any]
    ) -> tuple[Done, PanelState]:
        """Raises Conflict, InvalidInput, NotAllowed, NotFound."""
        verb, _, key = deed.partition(":")
        state = self.take(actor=actor, postmortem=postmortem, data=data)
        done: list[str] = []
        refused = GONE if data.get(OPEN) and state.open is None else ""
        if verb == "forget":
            state.kept = refused = ""
        elif verb == "open":
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
                refusal = _save(actor, state, data)
                refused += refusal
                done += [] if refusal else ["a follow-up changed"]
            if verb == "add" or (verb == "" and _is_begun(data)):
                refusal = _add(actor, postmortem, state, data)
                refused = " ".join(filter(None, [refused, refusal]))
                done += [] if refusal else ["a follow-up added"]
        else:
            raise InvalidInput(fields={"record": "There is no such thing to do with follow-ups."})
        return Done(", ".join(done), refused), state

    def show(
        self, *, actor: Person, postmortem: Postmortem, state: PanelState | None = None
    ) -> dict[str, Any] | None:
        """None to those who may write in no team of its incidents and its own."""
        state = state or PanelState()
        incidents = _writable(actor, postmortem)
        found = reads.follow_ups_shown(postmortem)[: PANEL_ROWS_MAX + 1]
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
            "kept": state.kept,
            "changed": bool(state.open or state.new or state.kept),
            "names": {"open": OPEN, "incident": INCIDENT, "kept": KEPT},
        }


def _words_of(data: Mapping[str, Any]) -> str:
    """What was typed about the one that was open, in lines."""
    names = ("title", "due_on", "ticket", "description")
    return "\n".join(filter(None, (str(data.get(f"{CHANGED}-{name}", "")).strip() for name in names)))


def _retype(form: FollowUpForm, data: Mapping[str, Any]) -> None:
    for name in form.fields:
        given = data.get(form.add_prefix(name))
        if given is not None:
            form.initial[name] = given


GONE = (
    "The follow-up that you were changing is no longer in the post-mortem. "
    "What you typed was not saved: it stands below, for you to take it from there."
)


def _is_begun(data: Mapping[str, Any]) -> bool:
    return any(str(data.get(f"{NEW}-{name}", "")).strip() for name in ("title", "ticket", "description"))


def _save(actor: Person, state: PanelState, data: Mapping[str, Any]) -> str:
    """Save the one that is open; why not, or nothing."""
    follow_up = state.open
    assert follow_up is not None
    form = EditFollowUpForm.of(follow_up, data, prefix=CHANGED)
    state.edit = form
    try:
        if form.is_valid():
            with refusals_on(form):
                writes.change_follow_up(actor=actor, follow_up=follow_up, **form.cleaned_data)
                state.open = state.edit = None
                return ""
        present = reads.get_follow_up(actor, follow_up.unique_id)
    except (NotAllowed, NotFound):
        # It went between two looks.
        state.open = state.edit = None
        state.kept = "\n\n".join(filter(None, [state.kept, _words_of(data)]))
        return GONE
    state.theirs = present if form.missed(present) else None
    return _why(form)


def _add(actor: Person, postmortem: Postmortem, state: PanelState, data: Mapping[str, Any]) -> str:
    """Add the new one; why not, or nothing."""
    incidents = _writable(actor, postmortem)
    number = state.incident or (str(incidents[0].number) if len(incidents) == 1 else "")
    incident = next((one for one in incidents if str(one.number) == number), None)
    team = incident.service.team if incident is not None else postmortem.team
    form = FollowUpForm(data, team=team, prefix=NEW)
    state.new = form
    if incident is None:
        return PICK_ANOTHER if incidents else NO_INCIDENT
    try:
        if form.is_valid():
            with refusals_on(form):
                writes.create_follow_up(actor=actor, incident=incident, once=True, **form.cleaned_data)
                state.new = None
                return ""
    except (NotAllowed, NotFound):
        return PICK_ANOTHER
    return _why(form)


PICK_ANOTHER = (
    "The follow-up was not added: you picked an incident that is not in this post-mortem, or that you "
    "may not change. What you typed is still here: please pick another incident."
)
NO_INCIDENT = (
    "The follow-up was not added: there is no incident in this post-mortem that you may change. "
    "What you typed is still here."
)


def _why(form: FollowUpForm) -> str:
    reasons = [str(reason) for errors in form.errors.values() for reason in errors]
    return " ".join(reasons) or "This follow-up could not be saved."


def _writable(actor: Person, postmortem: Postmortem) -> list[Incident]:
    teams = writable_team_keys(actor)
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
