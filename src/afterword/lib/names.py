"""Names that may be given once only: the database decides, a person is told kindly."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from afterword.lib.errors import InvalidInput


@contextmanager
def given_once(field: str, reason: str) -> Iterator[None]:
    """Turn the database's refusal of a row inside into InvalidInput with `reason` at `field`.

    The caller's transaction goes on; asking the database first would let two askers at once through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidInput(fields={field: reason}) from error


class Named(Protocol):
    """A row with a name."""

    pk: Any
    name: str


@contextmanager
def name_given_once(thing: Named, among: QuerySet[Any], reason: str) -> Iterator[None]:
    """The same for the name of `thing`, which no other row of `among` may have in any letter case.

    The indexes fold letters as their database does: SQLite only A to Z, PostgreSQL as it was set up. What is
    looked for here is alike on both; the index stays for two who ask at once.
    """
    others = among.exclude(pk=thing.pk) if thing.pk else among
    if is_name_given(thing.name, others):
        raise InvalidInput(fields={"name": reason})
    with given_once("name", reason):
        yield


def is_name_given(name: str, among: QuerySet[Any]) -> bool:
    """Whether a row of `among` has this name in any letter case."""
    folded = fold_name(name)
    return any(fold_name(other) == folded for other in among.values_list("name", flat=True))


def fold_name(name: str) -> str:
    """What two names have in common that people would call the same: `Ärger`, `ÄRGER` and `Ärger`."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
