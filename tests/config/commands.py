"""Calling `afterword` as a person does: a process of its own with an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND_SECONDS_MAX = 60


def environment(data: Path, **settings: str) -> dict[str, str]:
    """The environment of an install with this data folder and nothing else set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERWORD_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "AFTERWORD_DATA": str(data),
        **{f"AFTERWORD_{name.upper()}": value for name, value in settings.items()},
    }


def arguments_of(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "afterword.config.cli", *arguments]


def afterword(
    *arguments: str, data: Path, typed: str = "", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        arguments_of(*arguments),
        env=environment(data, **settings),
        input=typed,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS_MAX,
    )
