"""Deleting, archiving and restoring: the same three endpoints for every noun that has them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts.models import Person
from afterword.catalog import writes
from afterword.catalog.api.calls import actor_of
from afterword.catalog.reads.owned import Archivable

Thing = TypeVar("Thing", bound=Archivable)


def add_archiving(
    router: Router,
    path: str,
    noun: str,
    get: Callable[[Person, uuid.UUID], Thing],
    shape: type[Schema],
    describe: Callable[[Thing], Schema],
) -> None:
    """Add `DELETE {path}`, `PUT {path}/archival` and `DELETE {path}/archival` to a router."""
    word = noun.replace(" ", "_")

    @router.delete(
        path,
        response={204: None},
        summary=f"Delete {_a(noun)}",
        description="409 when anything has it: archive it then.",
        operation_id=f"delete_{word}",
    )
    def delete(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
        actor = actor_of(request)
        writes.delete(actor=actor, thing=get(actor, unique_id))
        return Status(204, None)

    @router.put(
        f"{path}/archival",
        response=shape,
        summary=f"Archive {_a(noun)}",
        description="It is no longer offered; what has it keeps it.",
        operation_id=f"archive_{word}",
    )
    def archive(request: HttpRequest, unique_id: uuid.UUID) -> Schema:
        actor = actor_of(request)
        thing = get(actor, unique_id)
        writes.archive(actor=actor, thing=thing)
        return describe(thing)

    @router.delete(
        f"{path}/archival",
        response=shape,
        summary=f"Restore {_a(noun)}",
        operation_id=f"restore_{word}",
    )
    def restore(request: HttpRequest, unique_id: uuid.UUID) -> Schema:
        actor = actor_of(request)
        thing = get(actor, unique_id)
        writes.restore(actor=actor, thing=thing)
        return describe(thing)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiouS" else f"a {noun}"
