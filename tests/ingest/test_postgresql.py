"""What only PostgreSQL has: locks that outlive a machine, and addresses with more than a host."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from afterword.catalog.models import Integration
from afterword.ingest import waiting
from afterword.ingest.models import InboxRow
from afterword.ingest.stores import PostgresqlStore, connection_parameters
from tests.conftest import ON_POSTGRESQL
from tests.ingest.signals import receive
from tests.servers import wait_until

pytestmark = [
    pytest.mark.skipif(not ON_POSTGRESQL, reason="only PostgreSQL has it"),
    pytest.mark.django_db(transaction=True),
]


def test_a_worker_that_has_vanished_loses_its_locks(
    integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "IDLE_SECONDS_MAX", 0.05)
    receive(integration)

    def is_locked() -> bool:
        found = other.execute(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [waiting.FOLD_LOCKS]
        ).fetchone()
        return found is not None

    def fold_without_a_word() -> None:
        with transaction.atomic():
            assert waiting.next_rows(1, waiting.Line())
            wait_until(lambda: not is_locked(), "it kept the lock")
            InboxRow.objects.all().delete()

    with (
        psycopg.connect(**connection_parameters(), autocommit=True) as other,
        pytest.raises(DatabaseError),
    ):
        fold_without_a_word()
    connection.close()
    assert InboxRow.objects.count() == 1


def test_what_stands_in_the_address_holds_for_the_inbox_too(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {**connection.settings_dict["OPTIONS"], "options": "-c search_path=elsewhere"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    store = PostgresqlStore()
    found = store._connect().execute("SHOW search_path").fetchone()
    bound = store._connect().execute("SHOW statement_timeout").fetchone()
    store.close()
    assert (found, bound) == (("elsewhere",), ("10s",))
