"""Reading a list in pieces."""

from __future__ import annotations

import pytest

from afterword.accounts.models import Person, Team
from afterword.lib.cursors import CURSOR_CHARACTERS_MAX, LIMIT_MAX, paginate
from afterword.lib.errors import InvalidInput


@pytest.fixture
def teams(db: None) -> list[Team]:
    return [Team.objects.create(name=f"Team {letter}") for letter in "ABCDE"]


def test_the_pieces_make_the_whole_without_twins(teams: list[Team]) -> None:
    seen, cursor = [], None
    while True:
        page = paginate(Team.objects.all(), cursor=cursor, limit=2)
        seen += page.items
        if page.next is None:
            break
        cursor = page.next
    assert seen == list(reversed(teams))


def test_a_full_last_page_has_no_next(teams: list[Team]) -> None:
    first = paginate(Team.objects.all(), limit=3, key="id")
    assert first.items == teams[:3]
    last = paginate(Team.objects.all(), cursor=first.next, limit=2, key="id")
    assert last.items == teams[3:]
    assert last.next is None


def test_rows_that_come_and_go_disturb_no_other_row(teams: list[Team]) -> None:
    first = paginate(Team.objects.all(), limit=2)
    Team.objects.create(name="Team F")
    teams[3].delete()
    assert paginate(Team.objects.all(), cursor=first.next, limit=10).items == [teams[2], teams[1], teams[0]]


def test_rows_of_equal_value_are_told_apart_by_their_ids(db: None) -> None:
    twins = [Person.objects.create(name="Sam", email=f"sam{n}@example.com") for n in range(5)]
    first = paginate(Person.objects.all(), limit=2, key="name")
    second = paginate(Person.objects.all(), cursor=first.next, limit=2, key="name")
    third = paginate(Person.objects.all(), cursor=second.next, limit=2, key="name")
    assert first.items + second.items + third.items == twins
    assert third.next is None


def test_times_are_kept_to_the_microsecond(teams: list[Team]) -> None:
    first = paginate(Team.objects.all(), limit=2, key="-created_at")
    second = paginate(Team.objects.all(), cursor=first.next, key="-created_at")
    assert first.items + second.items == list(reversed(teams))


@pytest.mark.parametrize("cursor", ["x", "WyItaWQiLCIzIiwzXQ", "é:\x00", "x" * (CURSOR_CHARACTERS_MAX + 1)])
def test_a_made_up_cursor_is_refused_by_name(teams: list[Team], cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        paginate(Team.objects.all(), cursor=cursor)
    assert set(refusal.value.fields) == {"cursor"}


def test_a_cursor_of_another_order_is_refused(teams: list[Team]) -> None:
    first = paginate(Team.objects.all(), limit=2, key="id")
    with pytest.raises(InvalidInput):
        paginate(Team.objects.all(), cursor=first.next, key="-id")


@pytest.mark.parametrize("limit", [-1, 0, LIMIT_MAX + 1])
def test_a_limit_out_of_bounds_is_refused(teams: list[Team], limit: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        paginate(Team.objects.all(), limit=limit)
    assert set(refusal.value.fields) == {"limit"}
