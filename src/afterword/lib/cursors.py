"""Long lists in pieces, by a cursor: the API's way, for rows arrive while a program reads on.

A page number would skip or repeat rows then; a cursor says after which row to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from ninja import Query, Schema

from afterword.lib.errors import InvalidInput

LIMIT_DEFAULT = 50
LIMIT_MAX = 100
CURSOR_CHARACTERS_MAX = 2_000
_SIGNER = signing.Signer(salt="afterword.lib.cursors")

Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")

CursorParameter = Annotated[
    str | None, Query(description="`next` of the answer before. Leave it out for the beginning.")
]
LimitParameter = Annotated[int, Query(description=f"How many items to answer with, from 1 to {LIMIT_MAX}.")]


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor with which the rows behind them are read; None at the end."""

    items: list[Row]
    next: str | None


class Listing(Schema, Generic[Item]):
    """The shape of every list in the API. An endpoint with `response=Listing[X]` may return a Page."""

    items: list[Item]
    next: str | None = None


def paginate(
    queryset: QuerySet[Row], *, cursor: str | None = None, limit: int = LIMIT_DEFAULT, key: str = "-id"
) -> Page[Row]:
    """At most `limit` rows behind `cursor`, in the order of `key`: a column's name, with `-` to go down.

    The column is never null; rows with equal values come in the order of their ids. A row that is added or
    removed between two calls makes no other row appear twice or be left out. Cursors are opaque and signed,
    and belong to one `key`. Raises InvalidInput for a cursor that is none of ours and a limit that is not
    between 1 and `LIMIT_MAX`.
    """
    _require_limit(limit)
    sign, name = ("-", key[1:]) if key.startswith("-") else ("", key)
    column = queryset.model._meta.pk if name in ("id", "pk") else queryset.model._meta.get_field(name)
    assert isinstance(column, Field), f"{name} is no column"
    assert not column.null, f"{name} may be null, so it gives no order to page by"
    rows = queryset.order_by(key, f"{sign}pk")
    if cursor:
        rows = rows.filter(_behind(_read(cursor, key, column), column, "lt" if sign else "gt"))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _write(key, column, found[limit - 1]) if more else None)


def piece_of(
    items: Iterable[Item],
    place: Callable[[Item], Sequence[int]],
    *,
    of: str,
    cursor: str | None = None,
    limit: int = LIMIT_DEFAULT,
) -> tuple[list[Item], str | None]:
    """At most `limit` of what was computed, behind `cursor`, by `place`; and the cursor of what is behind it.

    `items` come in the order of their places. Cursors are opaque and signed, and belong to one `of`. Raises
    InvalidInput as `paginate` does.
    """
    _require_limit(limit)
    rows = [(list(place(item)), item) for item in items]
    if cursor:
        behind = _read_place(cursor, of, len(rows[0][0]) if rows else None)
        rows = [(its, item) for its, item in rows if its > behind]
    more = len(rows) > limit
    found = rows[:limit]
    return [item for _, item in found], _SIGNER.sign_object([of, *found[-1][0]]) if more else None


def _require_limit(limit: int) -> None:
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidInput(fields={"limit": f"Please ask for 1 to {LIMIT_MAX} items."})


def _read_place(cursor: str, of: str, length: int | None) -> list[int]:
    try:
        if len(cursor) > CURSOR_CHARACTERS_MAX:
            raise ValueError("too long")
        its, *place = _SIGNER.unsign_object(cursor)
        if (
            its != of
            or not all(isinstance(one, int) for one in place)
            or len(place) != (length or len(place))
        ):
            raise ValueError("from another list")
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise InvalidInput(fields={"cursor": "This cursor is not from this list."}) from error
    return list(place)


def _read(cursor: str, key: str, column: Field[Any, Any]) -> tuple[Any, Any]:
    try:
        if len(cursor) > CURSOR_CHARACTERS_MAX:
            raise ValueError("too long")
        its_key, value, pk = _SIGNER.unsign_object(cursor)
        if its_key != key:
            raise ValueError("from another list")
        return column.to_python(value), column.model._meta.pk.to_python(pk)
    except (signing.BadSignature, ValidationError, ValueError, TypeError) as error:
        raise InvalidInput(fields={"cursor": "This cursor is not from this list."}) from error


def _behind(place: tuple[Any, Any], column: Field[Any, Any], comparison: str) -> Q:
    value, pk = place
    name = column.name
    return Q(**{f"{name}__{comparison}": value}) | Q(**{name: value, f"pk__{comparison}": pk})


def _write(key: str, column: Field[Any, Any], row: Model) -> str:
    primary = type(row)._meta.pk
    return _SIGNER.sign_object([key, column.value_to_string(row), primary.value_to_string(row)])
