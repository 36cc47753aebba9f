"""What is kept of checked texts for the next key that somebody presses, and how much of it."""

from __future__ import annotations

import pytest

from afterword.language import Options
from afterword.wording import checking

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    checking._checkers.clear()
    monkeypatch.setattr(checking, "CHARACTERS_KEPT_MAX", 1_000)


def characters() -> int:
    return sum(
        len("".join(text for text, _, _ in checker._kept)) + len("".join(checker.options.roster))
        for checker, _ in checking._checkers.values()
    )


def test_all_checkers_together_keep_so_many_characters() -> None:
    for number in range(20):
        checking.find(f"It went on and on, {'and on ' * 40}", Options(roster=frozenset({f"Ada {number}"})))
        assert characters() <= 1_000
    assert len(checking._checkers) == 3


def test_names_count_as_well() -> None:
    for number in range(5):
        checking.find("It was so.", Options(roster=frozenset({f"{number}" * 400})))
    assert len(checking._checkers) == 2


def test_the_one_in_use_is_kept_however_much_it_is() -> None:
    options = Options()
    checking.find("It went on and on. " * 200, options)
    assert [checker.options for checker, _ in checking._checkers.values()] == [options]
