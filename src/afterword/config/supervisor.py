"""`afterword serve`: the parts of the program as child processes, kept alive and stopped together."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType

from afterword.config.parts import STOP_SECONDS_MAX, SUPERVISOR_PIPE
from afterword.config.refusals import CANNOT_AS_CONFIGURED, CANNOT_NOW

KILL_AFTER_SECONDS = STOP_SECONDS_MAX + 2
"""A part that has not stopped by then is killed."""
STEADY_SECONDS = 60
"""A part that has run so long is well: its next failure counts as the first."""
RESTART_SECONDS_MIN = 0.1
RESTART_SECONDS_MAX = 30.0
DOUBLINGS_MAX = 16
TICK_SECONDS = 0.05
READY_CALL_SECONDS_MAX = 10.0

logger = logging.getLogger("afterword.supervisor")


def supervise(
    listener: socket.socket, *, local_url: str, takes_mails: bool, on_ready: Callable[[], object]
) -> int:
    """Run the web on `listener`, the worker, and what takes mails until SIGTERM or SIGINT; the exit code.

    A part that dies is started again, ever more slowly while it keeps dying. A part that refuses to run as
    it is configured ends all of it. `on_ready` is called once, in a thread of its own, when `local_url`
    answers that it is ready. The parts notice when this process is gone, however it went.
    """
    stop = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    reading_end, writing_end = os.pipe()
    descriptor = listener.fileno()
    parts = [
        Part("web", ["web", "--descriptor", str(descriptor)], (descriptor, reading_end), reading_end),
        Part("worker", ["worker"], (reading_end,), reading_end),
    ]
    if takes_mails:
        parts.append(Part("smtp", ["smtp"], (reading_end,), reading_end))
    threading.Thread(target=_wait_until_ready, args=[local_url, on_ready, stop], daemon=True).start()
    code = 0
    try:
        while not stop.is_set() and code == 0:
            for part in parts:
                code = code or part.keep_running(time.monotonic())
            stop.wait(TICK_SECONDS)
    finally:
        _stop_parts(parts)
        os.close(writing_end)
        os.close(reading_end)
        listener.close()
    return code


def command_line(*arguments: str) -> list[str]:
    """How to call this program again, with the same interpreter and the same installed code."""
    return [sys.executable, "-P", "-m", "afterword.config.cli", *arguments]


class Part:
    """One child process, and when it may be started again."""

    def __init__(self, name: str, arguments: list[str], descriptors: tuple[int, ...], pipe: int) -> None:
        self.name = name
        self.arguments = arguments
        self.descriptors = descriptors
        self.pipe = pipe
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_not_before = 0.0
        self.failures = 0

    def keep_running(self, at: float) -> int:
        """Start it when it does not run; 0, or the exit code with which everything shall end."""
        if self.process is None:
            if at >= self.start_not_before:
                self._start(at)
            return 0
        code = self.process.poll()
        if code is None:
            return 0
        self.sweep()
        self.process = None
        if code == CANNOT_AS_CONFIGURED:
            return CANNOT_AS_CONFIGURED
        if at - self.started_at >= STEADY_SECONDS:
            self.failures = 0
        elif code == CANNOT_NOW and self.failures == 0:
            # It said why itself; perhaps the database is only being restarted.
            logger.warning("The %s could not start.", self.name)
        # Doubled without end the number would outgrow a float after a night of failures.
        wait = min(RESTART_SECONDS_MIN * 2 ** min(self.failures, DOUBLINGS_MAX), RESTART_SECONDS_MAX)
        self.failures += 1
        self.start_not_before = at + wait
        logger.error("The %s has ended (%s): starting it again.", self.name, describe_exit(code))
        return 0

    def sweep(self) -> None:
        """Kill what the process may have left behind: it led a process group of its own."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _start(self, at: float) -> None:
        self.process = subprocess.Popen(
            command_line(*self.arguments),
            stdin=subprocess.DEVNULL,
            pass_fds=self.descriptors,
            # Ctrl-C on the terminal reaches the supervisor only, which then stops the parts in good order.
            process_group=0,
            env={**os.environ, SUPERVISOR_PIPE: str(self.pipe)},
        )
        self.started_at = at
        logger.info("Started the %s (process %d)", self.name, self.process.pid)


def describe_exit(code: int) -> str:
    """An exit code of a child as people say it."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def _stop_parts(parts: list[Part]) -> None:
    running = [part for part in parts if part.process is not None]
    for part in running:
        assert part.process is not None
        part.process.terminate()
    deadline = time.monotonic() + KILL_AFTER_SECONDS
    for part in running:
        assert part.process is not None
        try:
            part.process.wait(max(deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            logger.error("The %s does not stop: killing it.", part.name)
        part.sweep()
        part.process.wait()


def _wait_until_ready(local_url: str, on_ready: Callable[[], object], stop: threading.Event) -> None:
    # The way to this machine itself never leads over a proxy.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not stop.is_set():
        try:
            with opener.open(f"{local_url}/readyz", timeout=READY_CALL_SECONDS_MAX):
                break
        except (urllib.error.URLError, OSError):
            stop.wait(TICK_SECONDS)
    if not stop.is_set():
        on_ready()
