"""The project stands by itself: it names no machine that it was made on and no place to fetch packages."""

from __future__ import annotations

import json

import pytest

from tests.architecture.sources import ROOT, name_of, project_files

pytestmark = pytest.mark.pure

# In pieces, so that this file does not name them either.
REGISTRIES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("yarnpkg", "com"))
]
NEIGHBOURS = ["/".join(("..", "shared")), "/".join(("", "work", ""))]


def _files_that_mention(words: list[str]) -> list[str]:
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{name_of(path)}: {word}" for word in words if word in text]
    return found


def test_no_file_names_a_package_registry():
    assert _files_that_mention(REGISTRIES) == []


def test_no_file_needs_what_lies_outside_the_project():
    assert _files_that_mention(NEIGHBOURS) == []


def test_the_locks_record_hashes_and_no_addresses():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        assert text.count("==") <= text.count("--hash=sha256:"), path.name
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if name and "integrity" not in package]
