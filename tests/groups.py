"""Which tests one worker of xdist runs together: those that would each start the same server or browser."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without it `--dist=loadgroup` deals out test by test, and each worker starts what a file shares."""
    for item in items:
        group = _group_of(item)
        if group and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group))


def _group_of(item: pytest.Item) -> str:
    needs = getattr(item, "fixturenames", ())
    if item.get_closest_marker("journey"):
        return "journeys"
    if "shared_server" in needs:
        return "install"
    if item.get_closest_marker("server") and "module" in _scopes_of(item):
        return item.nodeid.partition("::")[0]
    return ""


def _scopes_of(item: pytest.Item) -> set[str]:
    """How long what it is given lives."""
    info = getattr(item, "_fixtureinfo", None)
    return {found[-1].scope for found in info.name2fixturedefs.values()} if info else set()
