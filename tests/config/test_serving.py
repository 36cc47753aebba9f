"""`afterword serve`: two parts, kept alive, stopped together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.servers import (
    STOP_SECONDS_MAX,
    RunningAfterword,
    command_line,
    copy_migrated_sqlite,
    environment_of,
    free_port,
    running_afterword,
    wait_until,
)

pytestmark = [pytest.mark.server, pytest.mark.once]


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAfterword]:
    """For those after whom it still runs."""
    with running_afterword(tmp_path_factory.mktemp("serving")) as running:
        yield running


@pytest.fixture
def ending(tmp_path: Path) -> Iterator[RunningAfterword]:
    """For those who end it."""
    with running_afterword(tmp_path / "data") as running:
        yield running


def _is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_it_is_alive_and_ready_before_anyone_has_set_it_up(serving: RunningAfterword):
    alive = requests.get(f"{serving.url}/healthz", headers={"Host": "probe.invalid"})
    ready = requests.get(f"{serving.url}/readyz", headers={"Host": "probe.invalid"})
    assert (alive.status_code, ready.status_code) == (200, 200)
    assert ready.json() == {"database": "ok", "worker": "ok"}


def test_ctrl_c_stops_everything_with_exit_code_zero(ending: RunningAfterword):
    pids = [*ending.pids("web"), *ending.pids("worker")]
    ending.process.send_signal(signal.SIGINT)
    assert ending.process.wait(STOP_SECONDS_MAX) == 0
    assert not [pid for pid in pids if _is_alive(pid)]


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_that_is_killed_is_started_again(part: str, serving: RunningAfterword):
    (old,) = serving.pids(part)
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: serving.pids(part) not in ([], [old]), f"the {part} was not started again")
    assert requests.get(f"{serving.url}/healthz", timeout=30).status_code == 200
    assert f"The {part} has ended (killed by SIGKILL): starting it again." in serving.log.read_text()


def test_callers_wait_while_the_web_is_started_again(serving: RunningAfterword):
    (old,) = serving.pids("web")
    os.kill(old, signal.SIGKILL)
    wait_until(lambda: not _is_alive(old), "the web was not killed")
    answers = [requests.get(f"{serving.url}/healthz", timeout=30).status_code for _ in range(5)]
    assert answers == [200] * 5


def test_the_parts_stop_when_their_supervisor_is_killed(ending: RunningAfterword):
    pids = [*ending.pids("web"), *ending.pids("worker")]
    ending.process.kill()
    ending.process.wait()
    wait_until(lambda: not [pid for pid in pids if _is_alive(pid)], "a part outlived its supervisor")


def test_sigterm_ends_everything_once_the_request_under_way_is_answered(ending: RunningAfterword):
    pids = [*ending.pids("web"), *ending.pids("worker")]
    assert len(pids) == 2
    answers: list[int] = []
    body = b'{"message": "x", "alert_type": "info"}'

    def send_slowly() -> Iterator[bytes]:
        yield body[:10]
        ending.process.send_signal(signal.SIGTERM)
        yield body[10:]

    def post() -> None:
        url = f"{ending.url}/integration/none/generic/00000000-0000-0000-0000-000000000000/"
        answers.append(requests.post(url, data=send_slowly(), timeout=30).status_code)

    # A refusal by Django, so that its own logging is among the lines.
    assert requests.get(f"{ending.url}/static/answer/somebodys-secret", timeout=30).status_code == 404
    caller = threading.Thread(target=post)
    caller.start()
    caller.join(30)
    assert answers == [404]
    assert ending.process.wait(STOP_SECONDS_MAX) == 0
    assert not [pid for pid in pids if _is_alive(pid)]
    _assert_json_of_all_parts(ending.log)
    # What the links of mails open is nothing for who reads the log.
    assert "somebodys-secret" not in ending.log.read_text()
    assert "/static/answer/…" in {line["message"].rpartition(" ")[2] for line in _lines(ending.log)}


def _assert_json_of_all_parts(log: Path) -> None:
    """Without a terminal every line of the log is JSON."""
    lines = _lines(log)
    assert {line["part"] for line in lines} == {"supervisor", "web", "worker"}
    for line in lines:
        assert {"at", "level", "part", "logger", "message"} <= set(line)


def _lines(log: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_what_the_parts_and_the_migrations_say_is_json_too(tmp_path: Path):
    environment = environment_of(tmp_path, bind=f"127.0.0.1:{free_port()}")
    copy_migrated_sqlite(tmp_path, is_current=False)
    with subprocess.Popen(
        command_line("serve"), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        applied = next(line for line in process.stdout if "migration to" in line)
        process.send_signal(signal.SIGTERM)
        for line in [applied, *process.stdout]:
            assert json.loads(line)["message"]


def test_without_migrating_it_waits_for_the_tables_and_says_so_in_json(tmp_path: Path):
    environment = environment_of(tmp_path, bind=f"127.0.0.1:{free_port()}")
    with subprocess.Popen(
        command_line("serve", "--no-migrate"), env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(json.loads(line))
            if "Run `afterword migrate`" in lines[-1]["message"]:
                break
        process.send_signal(signal.SIGTERM)
        lines += [json.loads(line) for line in process.stderr]
    assert process.returncode == 0
    assert lines[0]["part"] == "supervisor"


def test_it_does_not_try_again_what_cannot_work(tmp_path: Path):
    environment = environment_of(tmp_path, bind=f"127.0.0.1:{free_port()}")
    copy_migrated_sqlite(tmp_path)
    # A secret key that is damaged is found by the parts only.
    (tmp_path / "secret_key").write_text("")
    answer = subprocess.run(
        command_line("serve", "--no-migrate"), env=environment, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 2
    assert "is damaged" in answer.stderr
