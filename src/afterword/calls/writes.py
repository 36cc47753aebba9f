"""Keeping answers. No audit events: what is kept is no change of its own.

The row is committed before the request is answered, so that a second one sees it; the answer is written in
the transaction of the change, so that there is never one without the other. A process that dies in between
leaves a row that is taken over when its time is up.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from afterword.accounts.models import ApiKey
from afterword.calls import reads
from afterword.calls.errors import KeyUsedDifferently, StillAnswering
from afterword.calls.models import CONTENT_TYPE_LENGTH_MAX, KeptAnswer
from afterword.lib.sealing import seal

KEPT_HOURS = 24
ANSWERING_SECONDS_MAX = 60
"""After which whoever answers is taken for dead, and the same request may be made again."""
ANSWER_BYTES_MAX = 64 * 1024
PRUNED_ROWS_MAX = 1_000


@dataclass(frozen=True)
class Claim:
    """The right to answer the request of one key."""

    pk: int
    claim: uuid.UUID


class ClaimLost(Exception):
    """Somebody else answers this request by now: what was done for it must not be kept."""


def begin_answer(*, api_key: ApiKey, key: str, fingerprint: str, at: datetime) -> Claim | KeptAnswer:
    """The right to answer this request, or what it was answered before.

    Raises StillAnswering (409), KeyUsedDifferently (422).
    """
    # Asked before a transaction is begun, which on SQLite would wait for the one that answers.
    found = reads.find_kept(api_key, key)
    if found is not None and (kept := _usable(found, fingerprint, at)) is not None:
        return kept
    with transaction.atomic():
        fresh = {"fingerprint": fingerprint, "claim": uuid.uuid4(), "begun_at": at}
        row, is_new = KeptAnswer.objects.get_or_create(api_key=api_key, key=key, defaults=fresh)
        if not is_new:
            row = KeptAnswer.objects.select_for_update().get(pk=row.pk)
            if (kept := _usable(row, fingerprint, at)) is not None:
                return kept
            row.fingerprint, row.claim, row.begun_at = fingerprint, uuid.uuid4(), at
            row.status, row.content_type, row.sealed_body = None, "", ""
            row.save()
        return Claim(row.pk, row.claim)


def keep_answer(*, claim: Claim, status: int, content_type: str, body: bytes) -> None:
    """Write down what was answered, in the transaction of what was done. Raises ClaimLost."""
    assert transaction.get_connection().in_atomic_block, "an answer belongs to the change it tells of"
    is_kept = len(body) <= ANSWER_BYTES_MAX and len(content_type) <= CONTENT_TYPE_LENGTH_MAX
    found = KeptAnswer.objects.filter(pk=claim.pk, claim=claim.claim, status__isnull=True)
    written = found.update(
        status=status,
        content_type=content_type[:CONTENT_TYPE_LENGTH_MAX],
        sealed_body=seal(body.decode()) if is_kept else "",
    )
    if not written:
        raise ClaimLost


@transaction.atomic
def release_key(*, claim: Claim) -> None:
    """Nothing was done: the key may be used again, for this or for another request."""
    KeptAnswer.objects.filter(pk=claim.pk, claim=claim.claim, status__isnull=True).delete()


@transaction.atomic
def prune_answers(*, at: datetime) -> int:
    """Delete answers that were kept long enough; how many."""
    old = KeptAnswer.objects.filter(begun_at__lt=at - timedelta(hours=KEPT_HOURS)).order_by("begun_at")
    pks = list(old.values_list("pk", flat=True)[:PRUNED_ROWS_MAX])
    KeptAnswer.objects.filter(pk__in=pks).delete()
    return len(pks)


def _usable(row: KeptAnswer, fingerprint: str, at: datetime) -> KeptAnswer | None:
    if row.begun_at < at - timedelta(hours=KEPT_HOURS):
        return None
    if row.fingerprint != fingerprint:
        raise KeyUsedDifferently
    if row.status is not None:
        return row
    if row.begun_at > at - timedelta(seconds=ANSWERING_SECONDS_MAX):
        raise StillAnswering
    return None
