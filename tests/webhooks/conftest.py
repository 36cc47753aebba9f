from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.webhooks.models import Endpoint
from afterword.webhooks.writes.endpoints import Wishes, create_endpoint
from tests.notify.conftest import MovableClock, time  # noqa: F401 - a fixture
from tests.notify.receiver import Receiver, running_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as found:
        yield found


@pytest.fixture
def make_endpoint(
    alice: Person,
    receiver: Receiver,
    settings: Any,
    time: MovableClock,  # noqa: F811
) -> Callable[..., tuple[Endpoint, str]]:
    """An endpoint on this machine, which the settings allow, and its secret."""
    from ipaddress import ip_network

    settings.WEBHOOK_PRIVATE_NETWORKS = [ip_network("127.0.0.0/8")]

    def make(**wishes: Any) -> tuple[Endpoint, str]:
        made = create_endpoint(actor=alice, wishes=Wishes(**{"url": receiver.url, **wishes}))
        return made.endpoint, made.secret

    return make


def wishes_of(endpoint: Endpoint, url: str, **others: Any) -> Wishes:
    """What an endpoint is told now, with some of it changed."""
    present = {
        "url": url,
        "description": endpoint.description,
        "all_events": endpoint.all_events,
        "event_types": endpoint.event_types,
        "all_teams": endpoint.all_teams,
        "teams": list(endpoint.teams.all()),
        "includes_private": endpoint.includes_private,
        "is_active": endpoint.is_active,
    }
    return Wishes(**{**present, **others})
