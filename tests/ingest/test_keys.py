"""The key table in memory: fresh enough, and never a way to hammer the database."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

import pytest

from afterword.ingest import keys as keys_module
from afterword.ingest.keys import Keys, KeyTable, KnownIntegration, TableAway

pytestmark = pytest.mark.pure

KNOWN = KnownIntegration(1, "generic")


def path_of(key: object) -> str:
    return f"/integration/acme/generic/{key}"


class Database:
    """A table of keys that counts how often it is read."""

    def __init__(self) -> None:
        self.keys = {str(uuid.uuid4())}
        self.reads = 0
        self.is_away = False

    async def read(self) -> KeyTable:
        self.reads += 1
        if self.is_away:
            raise ConnectionError
        paths = [path_of(key) for key in self.keys]
        return {path + slash: KNOWN for path in paths for slash in ("", "/")}


def with_keys(use: Callable[[Keys, Database, str], Awaitable[None]]) -> None:
    async def run() -> None:
        database = Database()
        await use(Keys(database.read), database, path_of(next(iter(database.keys))))

    asyncio.run(run())


def test_a_key_is_found_with_and_without_a_slash_and_read_once() -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        for _ in range(100):
            assert await keys.find(path) == KNOWN
            assert await keys.find(path + "/") == KNOWN
        assert database.reads == 1

    with_keys(use)


def test_capital_letters_in_the_key_do_no_harm() -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        address, _, key = path.rpartition("/")
        assert await keys.find(f"{address}/{key.upper()}/") == KNOWN

    with_keys(use)


def test_a_key_made_elsewhere_works_at_once() -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        await keys.find(path)
        made = str(uuid.uuid4())
        database.keys.add(made)
        assert await keys.find(path_of(made)) == KNOWN

    with_keys(use)


def test_a_key_taken_away_here_is_refused_at_once_and_one_taken_away_elsewhere_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        assert await keys.find(path) == KNOWN
        kept = set(database.keys)
        database.keys.clear()
        assert await keys.find(path) == KNOWN
        keys.forget()
        assert await keys.find(path) is None
        database.keys = kept
        keys.forget()
        assert await keys.find(path) == KNOWN
        database.keys = set()
        monkeypatch.setattr(keys_module, "AGE_SECONDS_MAX", 0.0)
        monkeypatch.setattr(keys_module, "REFRESH_SECONDS", 0.0)
        assert await keys.find(path) is None

    with_keys(use)


def test_unknown_keys_cannot_hammer_the_database() -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        await keys.find(path)
        began = time.monotonic()
        found = await asyncio.gather(*(keys.find(path_of(uuid.uuid4())) for _ in range(200)))
        lasted = time.monotonic() - began
        assert found == [None] * 200
        assert database.reads <= 2 + lasted * keys_module.MISS_REFRESHES_PER_SECOND_MAX

    with_keys(use)


@pytest.mark.parametrize("path", ["/integration/", "/integration/acme/generic/x/", "/integration/a/b/c/d/e"])
def test_what_cannot_be_a_key_is_refused_without_a_query(path: str) -> None:
    async def use(keys: Keys, database: Database, known: str) -> None:
        await keys.find(known)
        assert await keys.find(path) is None
        assert database.reads == 1

    with_keys(use)


def test_while_the_database_is_away_known_keys_stay_and_unknown_ones_are_not_denied(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        await keys.find(path)
        database.is_away = True
        keys.forget()
        assert await keys.find(path) == KNOWN
        with pytest.raises(TableAway):
            await keys.find(path_of(uuid.uuid4()))

    with_keys(use)


def test_a_change_during_a_read_is_not_lost() -> None:
    async def run() -> None:
        key, gate, reads = str(uuid.uuid4()), asyncio.Event(), 0

        async def read() -> KeyTable:
            nonlocal reads
            reads += 1
            if reads == 1:
                await gate.wait()
                return {}
            return {path_of(key): KNOWN}

        keys = Keys(read)
        asking = asyncio.create_task(keys.find(path_of(key)))
        await asyncio.sleep(0)
        keys.forget()
        gate.set()
        assert await asking == KNOWN

    asyncio.run(run())


def test_while_the_database_is_away_what_is_known_is_known_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys_module, "AGE_SECONDS_MAX", 0.0)
    monkeypatch.setattr(keys_module, "REFRESH_SECONDS", 0.0)
    monkeypatch.setattr(keys_module, "AWAY_SECONDS", 60.0)

    async def use(keys: Keys, database: Database, path: str) -> None:
        assert await keys.find(path) == KNOWN
        database.is_away = True
        for _ in range(100):
            assert await keys.find(path) == KNOWN
            assert keys.known(path) == KNOWN
            with pytest.raises(TableAway):
                await keys.find(path_of(uuid.uuid4()))
        assert database.reads == 2
        database.is_away = False
        monkeypatch.setattr(keys_module, "AWAY_SECONDS", 0.0)
        await keys.find(path)
        await asyncio.sleep(0)
        assert await keys.find(path_of(uuid.uuid4())) is None

    with_keys(use)


def test_without_waiting_nothing_is_known_before_the_first_read() -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        assert keys.known(path) is None
        await keys.find(path)
        assert keys.known(path) == KNOWN
        assert keys.known(path_of(uuid.uuid4())) is None
        keys.forget()
        assert keys.known(path) is None

    with_keys(use)


@pytest.mark.parametrize("write", [str, str.upper, lambda key: key.replace("-", "")])
def test_a_key_is_found_however_it_is_written(write: Callable[[str], str]) -> None:
    async def use(keys: Keys, database: Database, path: str) -> None:
        key = path.rpartition("/")[2]
        found = Keys(lambda: table_of(f"generic/{key}"))
        assert await found.find_key("generic", write(key)) == KNOWN
        assert await found.find_key("changes", write(key)) is None
        assert await found.find_key("generic", "x") is None

    async def table_of(name: str) -> KeyTable:
        return {name: KNOWN}

    with_keys(use)
