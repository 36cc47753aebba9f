"""A test's own transaction hides a write that has none: here an audit event asks for one beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models.signals import pre_save

from afterword.audit import writes
from afterword.audit.models import AuditEvent


def _ask_for_a_transaction(**_: Any) -> None:
    blocks = transaction.get_connection().atomic_blocks
    of_its_own = [block for block in blocks if not getattr(block, "_from_testcase", False)]
    assert of_its_own, "an audit event is recorded outside of its change's transaction"


pre_save.connect(_ask_for_a_transaction, sender=AuditEvent, dispatch_uid="tests.transactions")

# Those of `record_many` are inserted together, of which Django sends no signal.
_insert = writes._EVENTS.insert


def _insert_in_a_transaction(rows: Sequence[Any], **more: Any) -> None:
    _ask_for_a_transaction()
    _insert(rows, **more)


writes._EVENTS.insert = _insert_in_a_transaction  # type: ignore[method-assign]
