"""What was acknowledged is there exactly once, wherever a process is killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.conftest import ON_POSTGRESQL
from tests.ingest.installs import Install, running_install
from tests.ingest.loads import Load, assert_each_is_there_once

pytestmark = pytest.mark.server

KILLS = 2
SECONDS_BETWEEN_KILLS = 0.3


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """The last test stops it."""
    with running_install(tmp_path_factory.mktemp("killed")) as running:
        yield running


def kill_and_wait(install: Install, part: str) -> None:
    """Kill a part without a word, and wait until another has taken its place."""
    pids = set(install.running.pids(part))
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    install.wait_until(lambda: set(install.running.pids(part)) - pids)


@pytest.mark.parametrize(
    "killed",
    [
        "web",
        pytest.param("worker", marks=pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite the web folds")),
    ],
)
def test_nothing_acknowledged_is_lost_or_doubled_when_it_is_killed(install: Install, killed: str) -> None:
    with Load(install) as load:
        for _ in range(KILLS):
            load.wait_for_more()
            time.sleep(SECONDS_BETWEEN_KILLS)  # into whatever it is doing just then
            kill_and_wait(install, killed)
        load.wait_for_more()
    assert_each_is_there_once(install, load.acknowledged)


def test_a_stop_in_good_order_answers_who_was_let_in(install: Install) -> None:
    with Load(install) as load:
        load.wait_for_more(100)
        install.running.stop()
    assert len(load.acknowledged) >= 100
    rows = install.run(
        """
        from afterword.incidents.models import Alert
        from afterword.ingest.models import InboxRow
        result = [str(row.trace_id) for model in (Alert, InboxRow) for row in model.objects.all()]
        """
    )
    assert set(load.acknowledged) <= set(rows)
    assert len(rows) == len(set(rows))
