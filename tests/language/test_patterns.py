"""The small language of patterns, on letters for words."""

import pytest

from afterword.language.patterns import Pattern, PatternError, View, compile_pattern

pytestmark = pytest.mark.pure


def view(text: str) -> View:
    words = text.split()
    return View(
        len(words), {name: sum(1 << at for at, word in enumerate(words) if name == word) for name in words}
    )


def found(pattern: Pattern, text: str) -> list[str]:
    return [" ".join(text.split()[match.start : match.end]) for match in pattern.matches(view(text))]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a b", "x a b y a b", ["a b", "a b"]),
        ("a|b c", "a c b c", ["a c", "b c"]),
        ("a b? c", "a c a b c", ["a c", "a b c"]),
        ("a b* c", "a b b b c", ["a b b b c"]),
        ("a b{2,3} c", "a b c a b b c", ["a b b c"]),
        ("a ( b c | d ) e", "a b c e a d e", ["a b c e", "a d e"]),
        ("^ a", "a a", ["a"]),
        ("a $", "a a", ["a"]),
        ("a [ b ] c", "a b c", ["b"]),
        ("a !b", "a b a c", ["a c"]),
        ("a|b&!b c", "a c b c", ["a c"]),
        ("a _ c", "a x c", ["a x c"]),
        ("a ( _ ){0,3} b", "a x a x b", ["a x b"]),
    ],
)
def test_patterns_match(pattern: str, text: str, matches: list[str]) -> None:
    assert found(compile_pattern(pattern), text) == matches


def test_names_and_macros() -> None:
    [match] = compile_pattern("x:a TWO y:d", {"TWO": "( b | c ){2,2}"}).matches(view("a b c d"))
    assert match.names == {"x": (0, 1), "y": (3, 4)}


@pytest.mark.parametrize("pattern", ["a NOUN", "a VREB|b", "a !VREB", "( a | b&VREB )", "a TWO|b", "a Priya"])
def test_a_class_that_is_none_is_refused_wherever_it_stands(pattern: str) -> None:
    known = frozenset({"NOUN"})
    if pattern == "a NOUN":
        assert compile_pattern(pattern, classes=known)
    else:
        with pytest.raises(PatternError, match=r"VREB is no class|TWO is a macro|Priya is no class"):
            compile_pattern(pattern, {"TWO": "( b | c )"}, classes=known)


@pytest.mark.parametrize("pattern", ["( a", "a | b", "!", "LOOP"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises((PatternError, RecursionError)):
        compile_pattern(pattern, {"LOOP": "a LOOP"})
