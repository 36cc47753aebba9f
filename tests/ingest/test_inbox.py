"""The writer: many signals in one commit, and an honest answer to each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest

from afterword.ingest.inbox import BATCH_ROWS_MAX, Inbox, InboxEntry, InboxFull, StoreAway

pytestmark = pytest.mark.pure


class MemoryStore:
    """Keeps the batches; `gate` holds the first commit until the test lets it go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.error: Exception | None = None
        self.is_closed = False

    def insert(self, rows: Sequence[InboxEntry]) -> None:
        assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        self.batches.append([row.trace_id for row in rows])

    def close(self) -> None:
        self.is_closed = True


def entry(number: int) -> InboxEntry:
    return InboxEntry(str(number), 1, 0, "e", "{}", datetime(2026, 1, 1, tzinfo=UTC))


def with_inbox(use: Callable[[Inbox, MemoryStore], Awaitable[None]], waiting_max: int = 10_000) -> None:
    async def run() -> None:
        store = MemoryStore()
        inbox = Inbox(make_store=lambda: store, waiting_max=waiting_max)
        inbox.start()
        try:
            await use(inbox, store)
        finally:
            store.gate.set()
            await inbox.drain()
        assert store.is_closed
        assert not inbox.is_working

    asyncio.run(run())


def test_what_piles_up_during_a_commit_shares_the_next() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        answers = [inbox.put([entry(number)]) for number in range(100)]
        store.gate.set()
        assert await asyncio.gather(*answers) == [True] * 100
        assert [name for batch in store.batches for name in batch] == [str(number) for number in range(100)]
        assert len(store.batches) <= 3

    with_inbox(use)


def test_a_batch_has_a_limit() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        answers = [inbox.put([entry(number)]) for number in range(BATCH_ROWS_MAX * 2 + 1)]
        store.gate.set()
        await asyncio.gather(*answers)
        assert max(len(batch) for batch in store.batches) <= BATCH_ROWS_MAX

    with_inbox(use)


def test_nobody_is_answered_before_the_commit() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        answer = inbox.put([entry(1)])
        done, _ = await asyncio.wait([answer], timeout=0.05)
        assert not done
        store.gate.set()
        assert await answer

    with_inbox(use)


@pytest.mark.parametrize("error", [StoreAway("no disk"), ValueError("a bug")])
def test_what_could_not_be_stored_is_said_and_the_next_is_tried(error: Exception) -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        store.gate.set()
        store.error = error
        assert await inbox.put([entry(1)]) is False
        store.error = None
        assert await inbox.put([entry(2)]) is True

    with_inbox(use)


def test_a_full_inbox_takes_no_more_until_there_is_room() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        first = [inbox.put([entry(number)]) for number in range(3)]
        with pytest.raises(InboxFull):
            inbox.put([entry(4)])
        store.gate.set()
        await asyncio.gather(*first)
        assert await inbox.put([entry(4)])

    with_inbox(use, waiting_max=3)


def test_a_sender_who_left_does_not_disturb_the_others() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        left, stays = inbox.put([entry(1)]), inbox.put([entry(2)])
        left.cancel()
        store.gate.set()
        assert await stays

    with_inbox(use)


def test_draining_stores_what_waits_and_takes_no_more() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        answers = [inbox.put([entry(number)]) for number in range(10)]
        store.gate.set()
        await inbox.drain()
        assert await asyncio.gather(*answers) == [True] * 10
        with pytest.raises(InboxFull):
            inbox.put([entry(11)])

    with_inbox(use)


def test_side_work_is_done_between_batches_and_may_fail(caplog: pytest.LogCaptureFixture) -> None:
    class Failing:
        calls = 0

        def work(self, *, stored: int, others_wait: bool) -> float:
            self.calls += 1
            if self.calls == 1:
                raise ValueError("a bug")
            return 0.01

    async def run() -> None:
        store, side_work = MemoryStore(), Failing()
        store.gate.set()
        inbox = Inbox(make_store=lambda: store, waiting_max=10, side_work=side_work)
        inbox.start()
        assert await inbox.put([entry(1)])
        assert await inbox.put([entry(2)])
        await inbox.drain()
        assert side_work.calls >= 1

    asyncio.run(run())
    assert "between two batches failed" in caplog.text
