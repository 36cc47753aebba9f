"""Which tests one worker of xdist runs together: those that would each start the same server or browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.nodeid import NodeId


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Without it `--dist=loadgroup` deals out test by test, and each worker starts what a file shares."""
    for item in items:
        group = _group_of(item)
        if group and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group))
    yield
    if hasattr(config, "workerinput") and config.getoption("loadgroup", default=False):
        for item in items:
            _tell_the_group(item)


def _tell_the_group(item: pytest.Item) -> None:
    """The controller knows of a test only its id, and looks for the group at its end.

    xdist 3.8 writes it there itself, but into an attribute that pytest does not read any more since 9.2.
    """
    marker = item.get_closest_marker("xdist_group")
    if marker and not item.nodeid.endswith(end := f"@{marker.args[0]}"):
        item._id = NodeId.parse(item.nodeid + end)
        assert item.nodeid.endswith(end), "pytest keeps the ids of tests elsewhere now"


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
