"""On a machine that has nothing yet the workers of xdist share the compiling of the tests' files.

Each of them loads all files, and would compile each at the same moment as the others do. Here each begins at
another one, and finds compiled what the others had first.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import is_left_out
from tests.servers import ROOT


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    files = [path for path in _asked_for(session.config) if not is_left_out(path, session.config)]
    begin = len(files) * int(worker["workerid"].removeprefix("gw")) // int(worker["workercount"])
    for path in files[begin:] + files[:begin]:
        # What is wrong with a file is told when it is collected.
        with suppress(Exception, pytest.skip.Exception):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def _asked_for(config: pytest.Config) -> list[Path]:
    named = [(config.rootpath / name.partition("::")[0]).resolve() for name in config.args]
    folders = [path for path in named if path.is_dir() and path.is_relative_to(ROOT)]
    return sorted({path for folder in folders for path in folder.rglob("test_*.py")})
