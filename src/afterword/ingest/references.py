"""The ids that alerts and rules name, looked up many at once. An unknown one is told and ignored."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import Model
from django.db.models.functions import Lower

from afterword.accounts.models import Person, Team
from afterword.catalog.models import EscalationPolicy, Priority, Sla, Tag
from afterword.incidents.models import EMAIL_LENGTH_MAX
from afterword.ingest import reads
from afterword.lib import bulk

ID_SHOWN_LENGTH_MAX = 60
OF_TEAM = "There is no {} with the id {} in the team: ignored."
OF_ORGANISATION = "There is no {} with the id {}: ignored."
RECIPIENTS_MAX = 200
TOO_MANY_RECIPIENTS = (
    f"A stakeholder message goes to at most {RECIPIENTS_MAX} addresses: the others were left out."
)

Found = TypeVar("Found", bound=Model)

KNOWN_MAX = 1_000
_KEPT = "id, team_id, name"
_IS_KEPT = "archived_at IS NULL"
_COLUMNS: dict[type[Model], tuple[str, str]] = {
    Priority: (_KEPT, _IS_KEPT),
    Tag: (_KEPT, _IS_KEPT),
    EscalationPolicy: (_KEPT, _IS_KEPT),
    Sla: (f"{_KEPT}, acknowledge_minutes, resolve_minutes", f"{_IS_KEPT} AND is_active"),
}
"""Of what teams own: the columns that the fold asks for, and when it may be used."""
_known: OrderedDict[tuple[type[Model], uuid.UUID], tuple[tuple[Any, ...], Any]] = OrderedDict()
"""The same few priorities and tags come with every batch, and the ORM would be a good part of a small one:
each stays known while those columns are the same."""


class References:
    """What the ids of one batch of alerts stand for. First all are `want`ed, then all are `find`ed."""

    def __init__(self) -> None:
        self._wanted: dict[type[Model], set[str]] = {}
        self._found: dict[type[Model], dict[str, Any]] = {}
        self._members: dict[int, list[Person]] = {}
        self._wanted_priority_names: set[str] = set()
        self._named_priorities: dict[tuple[int, str], Priority] = {}

    def want(self, model: type[Model], ids: Iterable[Any]) -> None:
        """Note ids, in the sender's words, to be looked up."""
        wanted = self._wanted.setdefault(model, set())
        for given in ids:
            if isinstance(given, str):
                wanted.add(given)

    def want_priority_named(self, name: str) -> None:
        """The same for a priority that the sender knows by its name."""
        self._wanted_priority_names.add(name.lower())

    def read(self) -> None:
        """Look them up: one query for each kind of thing."""
        for model, wanted in self._wanted.items():
            parsed = {given: unique_id for given in wanted if (unique_id := parse_id(given)) is not None}
            by_id = _find_usable(model, set(parsed.values())) if parsed else {}
            self._found[model] = {
                given: by_id[unique_id] for given, unique_id in parsed.items() if unique_id in by_id
            }
        if self._wanted_priority_names:
            priorities = reads.usable(Priority).annotate(small_name=Lower("name"))
            for priority in priorities.filter(small_name__in=self._wanted_priority_names):
                self._named_priorities[priority.team_id, priority.small_name] = priority
        teams = {team.pk for team in self._found.get(Team, {}).values()}
        if teams:
            for membership in reads.active_memberships(teams):
                self._members.setdefault(membership.team_id, []).append(membership.person)

    def of_team(self, model: type[Found], given: Any, team_pk: int, remarks: list[str]) -> Found | None:
        """The thing of that team. Nothing given finds nothing; an unknown one adds a remark."""
        if given is None or given == "":
            return None
        found = self._find(model, given)
        if found is None or found.team_id != team_pk:  # type: ignore[attr-defined]
            remarks.append(OF_TEAM.format(_noun(model), _shown(given)))
            return None
        return found

    def priority_named(self, name: str, team_pk: int) -> Priority | None:
        """The team's priority of that name, in any letter case."""
        return self._named_priorities.get((team_pk, name.lower()))

    def of_organisation(self, model: type[Found], given: Any, remarks: list[str]) -> Found | None:
        """The same for what belongs to the whole organisation."""
        if given is None or given == "":
            return None
        found = self._find(model, given)
        if found is None:
            remarks.append(OF_ORGANISATION.format(_noun(model), _shown(given)))
        return found

    def recipients(self, stakeholders: Any, remarks: list[str]) -> list[tuple[str, int | None]]:
        """Addresses, each once, with the person's primary key where it is one of ours."""
        found: dict[str, int | None] = {}
        for email, person_pk in self._addresses(stakeholders, remarks):
            if len(found) == RECIPIENTS_MAX and email not in found:
                remarks.append(TOO_MANY_RECIPIENTS)
                break
            found.setdefault(email, person_pk)
        return list(found.items())

    def _addresses(self, stakeholders: Any, remarks: list[str]) -> Iterator[tuple[str, int | None]]:
        for given in listed(stakeholders, "users"):
            person = self.of_organisation(Person, given, remarks)
            if person is not None:
                yield person.email, person.pk
        for given in listed(stakeholders, "teams"):
            team = self.of_organisation(Team, given, remarks)
            for person in self._members.get(team.pk, []) if team is not None else ():
                yield person.email, person.pk
        for given in listed(stakeholders, "emails"):
            email = given.strip().lower() if isinstance(given, str) else ""
            if _is_email(email):
                yield email, None
            else:
                remarks.append(f"“{_shown(given)}” is no email address: ignored.")

    def _find(self, model: type[Found], given: Any) -> Found | None:
        found: Found | None = self._found[model].get(given) if isinstance(given, str) else None
        return found


def listed(given: Any, name: str) -> list[Any]:
    """The list of that name in an object; empty where there is none."""
    value = given.get(name) if isinstance(given, dict) else None
    return value[: RECIPIENTS_MAX + 1] if isinstance(value, list) else []


def parse_id(given: Any) -> uuid.UUID | None:
    """A unique id in the sender's words; None for what is none."""
    if not isinstance(given, str):
        return None
    try:
        return uuid.UUID(given.strip())
    except ValueError:
        return None


def _find_usable(model: type[Model], unique_ids: set[uuid.UUID]) -> dict[uuid.UUID, Any]:
    if model not in _COLUMNS:
        return {row.unique_id: row for row in reads.usable(model).filter(unique_id__in=unique_ids)}
    states = {_as_uuid(state[0]): state for state in _read_states(model, unique_ids)}
    changed = [one for one, state in states.items() if _known.get((model, one), ((), None))[0] != state]
    if changed:
        for row in reads.usable(model).filter(unique_id__in=changed):
            _known[model, row.unique_id] = (states[row.unique_id], row)
    usable = {one: _known[model, one][1] for one in states if (model, one) in _known}
    while len(_known) > KNOWN_MAX:
        _known.popitem(last=False)
    return usable


def _read_states(model: type[Model], unique_ids: set[uuid.UUID]) -> list[tuple[Any, ...]]:
    columns, condition = _COLUMNS[model]
    table = model._meta.db_table
    statement = f"SELECT unique_id, {columns} FROM {table} WHERE {condition} AND unique_id"  # noqa: S608
    if connection.vendor == "sqlite":
        given = json.dumps([one.hex for one in unique_ids])
        return bulk.fetch(f"{statement} IN (SELECT value FROM json_each(?))", [given])  # noqa: S608
    return bulk.fetch(f"{statement} = ANY(%b)", [list(unique_ids)])


def _as_uuid(given: Any) -> uuid.UUID:
    return given if isinstance(given, uuid.UUID) else uuid.UUID(given)


def _noun(model: type[Model]) -> str:
    return str(model._meta.verbose_name)


def _shown(given: Any) -> str:
    return str(given)[:ID_SHOWN_LENGTH_MAX]


def _is_email(text: str) -> bool:
    if not text or len(text) > EMAIL_LENGTH_MAX:
        return False
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
