"""What every part of the program does alike: start Django, and end when it is told to or left alone."""

from __future__ import annotations

import gc
import os
import signal
import threading
from types import FrameType

from afterword.config.env import read_env
from afterword.config.logs import start_logging

SUPERVISOR_PIPE = "AFTERWORD_SUPERVISOR_PIPE"
"""Carries the number of a pipe's reading end; it reaches its end when the supervisor is gone."""
STOP_SECONDS_MAX = 10
"""How long a part takes at most to finish what it has begun, once it is told to stop."""
COLLECTED_AFTER = 10_000
"""How many objects more than before there are when Python's garbage collector looks through them."""


def begin_part(part: str) -> threading.Event:
    """Start Django for a long-lived part of the program. Raises SettingsError.

    The event is set when the part is to stop: on SIGTERM, on SIGINT, and when its supervisor is gone, even
    one that was killed.
    """
    stop = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    # Before anything can be refused, so that a refusal is a line of the log like any other.
    start_logging(read_env(), part)
    pipe = os.environ.get(SUPERVISOR_PIPE, "")
    if pipe:
        threading.Thread(target=_stop_after_end, args=[int(pipe)], daemon=True).start()
    start_django(part)
    return stop


def start_django(part: str) -> None:
    """Read the settings and load the models. Raises SettingsError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterword.config.settings")
    # What is loaded stays: looking through it for garbage takes a seventh of the time of loading it. It is
    # not frozen, or nobody would close the database when the process ends.
    gc.disable()
    import django

    django.setup()
    gc.set_threshold(COLLECTED_AFTER)
    gc.enable()
    start_logging(read_env(), part)


def _stop_after_end(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(STOP_SECONDS_MAX)
    os._exit(1)
