"""Names that may be given once only: the database decides, a person is told kindly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

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
