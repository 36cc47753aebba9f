from __future__ import annotations

import re

import pytest

from tests.architecture.sources import name_of, project_files

pytestmark = pytest.mark.pure

MAY_ASK_THE_DATABASE = re.compile(r"/(reads|writes)(\.py$|/)|/migrations/|/models\.py$")
EXCEPTIONS = {
    "src/afterword/accounts/numbers.py": "gives out numbers under a lock, for the writes of others",
    "src/afterword/config/health.py": "writes and reads the one row that says that the worker lives",
    "src/afterword/demo/past.py": "moves what the demo has just made into the past, and nothing else",
}


def test_only_reads_and_writes_ask_the_database():
    asking = {
        name_of(path)
        for path in project_files(".py", under="src")
        if re.search(r"\.objects\b(?!\.none\(\))", path.read_text(encoding="utf-8"))
        and not MAY_ASK_THE_DATABASE.search(name_of(path))
    }
    assert asking - set(EXCEPTIONS) == set()


def test_every_exception_is_still_needed():
    for name in EXCEPTIONS:
        assert (
            ".objects"
            in next(path for path in project_files(under="src") if name_of(path) == name).read_text()
        )
