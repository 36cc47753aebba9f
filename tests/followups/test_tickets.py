"""What a ticket is called."""

from __future__ import annotations

import pytest

from afterword.followups.rules import name_ticket

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("ticket", "name"),
    [
        ("", ""),
        ("PAY-142", "PAY-142"),
        ("https://acme.example.com/browse/PAY-142?focus=1", "PAY-142"),
        ("https://linear.app/acme/issue/ENG-7/raise-the-limit", "ENG-7"),
        ("https://github.com/acme/shop/issues/12", "shop#12"),
        ("https://gitlab.com/acme/shop/-/issues/12", "shop#12"),
        ("https://example.com/tickets/8", "8"),
        ("https://example.com/", "example.com"),
        ("https://example.com/" + "x" * 200, "x" * 40),
    ],
)
def test_a_ticket_has_a_short_name(ticket: str, name: str) -> None:
    assert name_ticket(ticket) == name
