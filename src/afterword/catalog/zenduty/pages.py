"""Lists that have pages: `{"count", "next", "previous", "results"}`. `count` is null, as theirs always is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from afterword.lib.errors import InvalidInput

PAGE_SIZE_DEFAULT = 10
PAGE_SIZE_MAX = 500
PAGE_MAX = 1_000_000

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class NumberedPage(Generic[Row]):
    """Some rows of a list, and which page of it they are."""

    rows: Sequence[Row]
    number: int
    size: int
    has_next: bool


def read_page(
    rows: QuerySet[Row], *, page: int | None, page_size: int | None, size_default: int = PAGE_SIZE_DEFAULT
) -> NumberedPage[Row]:
    """The page with this number, from 1; empty behind the last one. Raises InvalidInput."""
    number = 1 if page is None else page
    size = size_default if page_size is None else page_size
    if not 1 <= number <= PAGE_MAX:
        raise InvalidInput(fields={"page": f"Please ask for a page from 1 to {PAGE_MAX:,}."})
    if not 1 <= size <= PAGE_SIZE_MAX:
        raise InvalidInput(fields={"page_size": f"Please ask for 1 to {PAGE_SIZE_MAX} at once."})
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return NumberedPage(found[:size], number, size, len(found) > size)


def describe_page(
    page: NumberedPage[Any], results: Sequence[Mapping[str, Any]], address: str
) -> dict[str, Any]:
    """`results` are the page's rows as they are told; `address` is the path of the list."""
    return {
        "count": None,
        "next": _link(page, address, page.number + 1) if page.has_next else None,
        "previous": _link(page, address, page.number - 1) if page.number > 1 else None,
        "results": list(results),
    }


def _link(page: NumberedPage[Any], address: str, number: int) -> str:
    path = address if address.endswith("/") else f"{address}/"
    return f"{settings.PUBLIC_URL}{path}?{urlencode({'page': number, 'page_size': page.size})}"
