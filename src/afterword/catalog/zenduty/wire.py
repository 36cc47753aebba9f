"""What the endpoints have in common: addresses with and without their last slash, moments, ids."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.operation import Operation, PathView
from pydantic import Field

from afterword.accounts import reads as accounts
from afterword.accounts.keys import KeyAuth, caller_of
from afterword.accounts.models import Person, Team
from afterword.lib.errors import NotFound

ROWS_MAX = 1_000
"""Of a list: Zenduty's lists have no pages."""
SECONDS_PER_MINUTE = 60
SECONDS_MAX = 10**12
"""Beyond every limit of ours, and still a number that can be told as minutes."""
Seconds = Annotated[float, Field(allow_inf_nan=False)]

View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row", bound=models.Model)


def answers(
    router: Router,
    methods: Sequence[str],
    path: str,
    *,
    summary: str,
    name: str,
    success: int = 200,
    area: str = "account",
    only_reads: bool = False,
) -> Callable[[View], View]:
    """Have a view answer at `path` and at the same without its last slash, with every method named.

    The first method and the address with the slash stand in the documentation, as `zenduty_{area}_{name}`.
    With `only_reads` a key that can only read may call it, whatever the method.
    """
    response: Any = {success: None if success == 204 else Any}

    def register(view: View) -> View:
        router.api_operation(
            [methods[0]],
            path,
            auth=KeyAuth(only_reads=only_reads),
            response=response,
            summary=summary,
            operation_id=f"zenduty_{area}_{name}",
        )(view)
        documented: Operation = view._ninja_operation  # type: ignore[attr-defined]
        # Copies share the models of what is sent and answered, which take most of the time to make.
        if also := methods[1:]:
            router.path_operations[documented.path].operations.append(_undocumented(documented, also))
        bare = router.path_operations.setdefault(documented.path.removesuffix("/"), PathView())
        bare.operations.append(_undocumented(documented, methods))
        return view

    return register


def _undocumented(operation: Operation, methods: Sequence[str]) -> Operation:
    copy = operation.clone()
    copy.methods, copy.include_in_schema, copy.operation_id = list(methods), False, None
    return copy


def caller_and_team(request: HttpRequest, team: uuid.UUID) -> tuple[Person, Team]:
    """Who calls, and the team in the address. Raises NotFound to an outsider."""
    actor = caller_of(request).person
    return actor, accounts.get_team(actor, team)


def one_of(rows: QuerySet[Row], unique_id: uuid.UUID) -> Row:
    """Raises NotFound."""
    found = rows.filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def said(body: Schema, names: Mapping[str, str]) -> dict[str, Any]:
    """What a body says, under our names; what it leaves out, or null, is left out."""
    given = body.model_dump(exclude_unset=True)
    return {ours: given[theirs] for theirs, ours in names.items() if given.get(theirs) is not None}


def write_moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC to the second: their Go client reads no fractions."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def write_id(thing: Any) -> str | None:
    return str(thing.unique_id) if thing is not None else None


def write_seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * SECONDS_PER_MINUTE


def read_seconds(seconds: float) -> int:
    """Whole minutes, rounded up, for we keep no seconds."""
    return int(-(-min(seconds, SECONDS_MAX) // SECONDS_PER_MINUTE))
