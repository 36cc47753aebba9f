"""Numbers that people say aloud: incident 42, post-mortem 7."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from afterword.accounts.models import Counter


def take_numbers(name: str, count: int = 1) -> range:
    """The next `count` numbers of a kind, in the caller's transaction.

    The counter's row stays locked until that transaction ends, so numbers have no gaps and no twins.
    """
    assert transaction.get_connection().in_atomic_block
    assert count > 0
    if not Counter.objects.filter(name=name).update(last=F("last") + count):
        Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
        Counter.objects.filter(name=name).update(last=F("last") + count)
    last = Counter.objects.values_list("last", flat=True).get(name=name)
    return range(last - count + 1, last + 1)
