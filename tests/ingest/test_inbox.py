"""The writer: many signals in one commit, and an honest answer to each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest

from afterword.ingest import inbox as inbox_module
from afterword.ingest.inbox import BATCH_ROWS_MAX, Inbox, InboxEntry, InboxFull, StoreAway

pytestmark = pytest.mark.pure


class MemoryStore:
    """Keeps the batches; `gate` holds the first commit until the test lets it go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.error: Exception | None = None
        self.is_closed = False
        self.is_busy = threading.Event()

    def insert(self, rows: Sequence[InboxEntry]) -> None:
        self.is_busy.set()
        assert self.gate.wait(60)
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


def test_one_who_cannot_be_answered_keeps_nobody_else_from_it(caplog: pytest.LogCaptureFixture) -> None:
    def fail(is_stored: bool) -> None:
        raise ValueError("a bug")

    async def use(inbox: Inbox, store: MemoryStore) -> None:
        inbox.hand_in([entry(1)], fail)
        other = inbox.put([entry(2)])
        store.gate.set()
        assert await other
        assert inbox.waiting_count == 0

    with_inbox(use)
    assert "could not be answered" in caplog.text


def test_several_signals_of_one_request_share_a_commit_and_its_fate() -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        answers = [inbox.put([entry(number) for number in range(BATCH_ROWS_MAX - 1)]) for _ in range(3)]
        store.gate.set()
        assert await asyncio.gather(*answers) == [True] * 3
        assert all(len(batch) % (BATCH_ROWS_MAX - 1) == 0 for batch in store.batches)

    with_inbox(use)


def test_large_bodies_fill_the_inbox_before_its_number_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "WAITING_CHARACTERS_MAX", 1_000)
    large = entry(1)._replace(body="x" * 600)

    async def use(inbox: Inbox, store: MemoryStore) -> None:
        first = [inbox.put([large]), inbox.put([large])]
        with pytest.raises(InboxFull):
            inbox.put([large])
        store.gate.set()
        assert await asyncio.gather(*first) == [True, True]
        assert await inbox.put([large])

    with_inbox(use)


def test_while_a_commit_hangs_nobody_new_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "HANGING_SECONDS", 0.05)

    async def use(inbox: Inbox, store: MemoryStore) -> None:
        first = inbox.put([entry(1)])
        waiting: list[asyncio.Future[bool]] = []

        def takes_more() -> bool:
            try:
                waiting.append(inbox.put([entry(2)]))
            except InboxFull:
                return False
            return True

        async with asyncio.timeout(60):
            while takes_more():
                await asyncio.sleep(0.01)
        store.gate.set()
        assert await first
        assert await asyncio.gather(*waiting) == [True] * len(waiting)
        assert await inbox.put([entry(3)])

    with_inbox(use)


def test_who_has_waited_too_long_is_told_and_is_not_stored_later(monkeypatch: pytest.MonkeyPatch) -> None:
    # How often it looks is a part of this.
    monkeypatch.setattr(inbox_module, "LOOK_SECONDS", 0.01)

    async def use(inbox: Inbox, store: MemoryStore) -> None:
        under_way = inbox.put([entry(1)])
        await asyncio.to_thread(store.is_busy.wait, 60)
        # Not before: on a busy machine the first one could be too late for the store already.
        monkeypatch.setattr(inbox_module, "ANSWER_SECONDS_MAX", 0.05)
        behind = inbox.put([entry(2)])
        # The store says nothing: it has not been let go.
        async with asyncio.timeout(60):
            assert await asyncio.gather(*[under_way, behind]) == [False, False]
        assert inbox.waiting_count == 0
        monkeypatch.undo()
        store.gate.set()
        assert await inbox.put([entry(3)])
        # The first was on its way: nobody can tell. Its sender is not answered twice.
        assert store.batches == [["1"], ["3"]]
        assert inbox.waiting_count == 0

    with_inbox(use)


def test_who_waits_behind_long_side_work_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "ANSWER_SECONDS_MAX", 0.05)
    begun, may_end = threading.Event(), threading.Event()

    class Long:
        def work(self, *, stored: int, others_wait: bool) -> float:
            begun.set()
            assert may_end.wait(60)
            return 0.01

    async def run() -> None:
        store = MemoryStore()
        store.gate.set()
        inbox = Inbox(make_store=lambda: store, waiting_max=10, side_work=Long())
        inbox.start()
        await asyncio.to_thread(begun.wait, 60)
        async with asyncio.timeout(60):
            assert await inbox.put([entry(1)]) is False
        monkeypatch.undo()
        may_end.set()
        assert await inbox.put([entry(2)])
        await inbox.drain()
        assert store.batches == [["2"]]

    asyncio.run(run())


def test_what_has_waited_too_long_for_its_turn_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    async def use(inbox: Inbox, store: MemoryStore) -> None:
        first = inbox.put([entry(1)])
        await asyncio.to_thread(store.is_busy.wait, 60)
        second = inbox.put([entry(2)])
        monkeypatch.setattr(inbox_module, "ANSWER_SECONDS_MAX", 0.0)
        store.gate.set()
        assert await second is False
        monkeypatch.undo()
        assert await inbox.put([entry(3)])
        assert ["2"] not in store.batches
        assert first.done()

    with_inbox(use)
