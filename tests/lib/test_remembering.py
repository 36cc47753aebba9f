from __future__ import annotations

import pytest

from afterword.lib.remembering import remembered, remembering

pytestmark = pytest.mark.pure


def test_a_question_is_asked_once_within_and_each_time_without() -> None:
    asked: list[int] = []

    @remembered
    def double(number: int, *, more: int = 0) -> list[int]:
        asked.append(number)
        return [number * 2 + more]

    assert double(2) == double(2) == [4]
    assert asked == [2, 2]
    with remembering():
        double(3).append(0)
        with remembering():
            assert double(3) == [6]
        assert double(3, more=1) == [7]
        assert double(3) == [6]
    assert asked == [2, 2, 3, 3]
    with remembering():
        double(3)
    assert asked == [2, 2, 3, 3, 3]


def test_what_could_not_be_told_is_asked_again() -> None:
    answers = iter([LookupError(), 1])

    @remembered
    def ask() -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with remembering():
        with pytest.raises(LookupError):
            ask()
        assert ask() == 1
