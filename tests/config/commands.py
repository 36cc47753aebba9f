"""Calling `afterword` as a person does: a process of its own with an environment of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers import COMMAND_SECONDS_MAX, command_line, environment_of


def afterword(
    *arguments: str, data: Path, typed: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        command_line(*arguments),
        env=environment_of(data, **settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
    )
