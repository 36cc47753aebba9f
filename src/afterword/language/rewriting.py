"""Rewrites of single clauses, each only where it reads right; a finding without one asks its question."""

from __future__ import annotations

from collections.abc import Callable

from afterword.language import rewriting_german
from afterword.language.patterns import Match
from afterword.language.sentences import SENTENCE_WORDS_MAX, Sentence, Word

Rewrite = Callable[[Sentence, Match, str], str]


def rewrites_of(names: tuple[str, ...], sentence: Sentence, match: Match, text: str) -> tuple[str, ...]:
    """What could stand in place of the words of the match; `text` is the block they are in."""
    if not names:
        return ()
    words = text[sentence.words[match.start].start : sentence.words[match.end - 1].end]
    if any(sign in words for sign in _MARKS):
        return ()  # Emphasis or a link begins or ends in there: half of it would be lost.
    found = []
    for name in names:
        rewritten = _REWRITES[name](sentence, match, text)
        if rewritten and rewritten not in found:
            found.append(rewritten)
    return tuple(found)


def _should_have(sentence: Sentence, match: Match, text: str) -> str:
    """ "should have rolled back" -> "did not roll back"; "should not have pushed" -> "pushed"."""
    start, end = match.names["s"]
    verb = sentence.words[match.names["v"][0]]
    said = [word.lower for word in sentence.words[start:end]]
    if not _SHOULD_WORDS.issuperset(said) or not _adjacent(sentence, match) or not _is_main(sentence, match):
        return ""
    if not _NEGATIVE.isdisjoint(said):
        past = sentence.tables.form(verb.lower, "PAST")
        return (
            ""
            if _goes_on(sentence, match, ("JOINS", "DENIEDONLY"))
            else _joined(text, sentence, match.start, start, past)
        )
    base = sentence.tables.form(verb.lower, "BASE")
    if not base or _is(sentence, verb, "UNDONE") or _goes_on(sentence, match, ("JOINS", "ASSERTEDONLY")):
        return ""
    return _joined(text, sentence, match.start, start, f"did not {base}")


def _did_not(sentence: Sentence, match: Match, text: str) -> str:
    """ "forgot to update" -> "did not update", where that is a fact rather than the same finding again."""
    words = sentence.words
    verb = match.names["v"][0]
    last = words[match.end - 1]
    if match.end - verb != 3 or words[match.end - 2].lower != "to" or not _adjacent(sentence, match):
        return ""
    if (
        not _is(sentence, last, "BASE")
        or _is(sentence, last, "UNDONE")
        or (verb and _helps(sentence, verb - 1))
    ):
        return ""
    if not _is_main(sentence, match) or _goes_on(sentence, match, ("JOINS", "ASSERTEDONLY")):
        return ""
    return _joined(text, sentence, match.start, verb, f"did not {text[last.start : last.end]}")


def _drop_adverb(sentence: Sentence, match: Match, text: str) -> str:
    """ "mistakenly used" -> "used"."""
    words = sentence.words
    at = match.names["w"][0]
    if at + 1 >= match.end or at == match.start:
        return ""
    before = words[at - 1]
    # After a conjunction the adverb says what the two have to do with each other; "did use" wants a reason.
    if at - 1 != match.names["a"][0] and not (_is(sentence, before, "HAVE") or _is(sentence, before, "BE")):
        return ""
    if not _is_main(sentence, match) or _goes_on(sentence, match, ("JUDGES",)):
        return ""
    return (
        text[words[match.start].start : words[at].start]
        + text[words[at + 1].start : words[match.end - 1].end]
    )


def _by_a_change(sentence: Sentence, match: Match, text: str) -> str:
    """ "broken by Noor's change" -> "broken by a change"."""
    words = sentence.words
    owner = match.names["a"][0]
    start = sentence.starts.get(owner, owner)
    deed = owner + 2
    if start <= match.start or deed != match.end - 1 or not _is(sentence, words[deed], "COUNTEDDEED"):
        return ""
    if words[start - 1].lower not in {"by", "to", "of", "from"} or _goes_on(
        sentence, match, ("JOINS",), words_max=3
    ):
        return ""
    article = "an" if words[deed].lower[0] in "aeiou" else "a"
    before = text[words[match.start].start : words[start].start]
    return f"{before}{article} {text[words[deed].start : words[deed].end]}"


def _contributing(sentence: Sentence, match: Match, text: str) -> str:
    """ "The root cause of the outage was" -> "A contributing factor in the outage was"."""
    words = sentence.words
    named = match.names["w"][1]
    if words[match.end - 1].lower not in {"was", "is"} or words[named - 1].lower != "cause":
        return ""
    if words[match.end - 2].lower in {"which", "whom", "whose"}:
        return ""
    article = "A" if text[words[match.start].start].isupper() else "a"
    rest = words[named]
    if rest.lower in {"of", "for"} and named < match.end - 1:
        return f"{article} contributing factor in{text[rest.end : words[match.end - 1].end]}"
    if named == match.end - 1:
        return f"{article} contributing factor {rest.lower}"
    return ""


def _full_stop(sentence: Sentence, match: Match, text: str) -> str:
    """ "again!!!" -> "again."."""
    marks = match.names["w"][0]
    if match.end != len(sentence.words) or marks == match.start:
        return ""  # A lone full stop says nothing to whom it is suggested.
    if any(_is(sentence, word, name) for word in sentence.words[match.start : marks] for name in _HEAT):
        return ""  # What is left would be a finding again.
    end = sentence.words[match.end - 1].end
    if text[end : end + 8].lstrip()[:1].islower():
        return ""  # "We were down!!! again" goes on.
    return f"{text[sentence.words[match.start].start : sentence.words[marks].start].rstrip()}."


_HEAT = ("HEATED", "HITZIG")
_MARKS = "*_~`[]￼|"
_SHOULD_WORDS = frozenset({"should", "not", "n't", "have", "'ve", "shouldnt", "never"})
_NEGATIVE = frozenset({"not", "n't", "shouldnt", "never"})
# What may stand before the one clause that is rewritten: a time, a sign, a word that hangs on nothing.
_BEFORE_CLASSES = ("NUM", "PUNCT", "MONTH", "DAY", "MASK")
_BEFORE_WORDS = frozenset(
    {"at", "on", "then", "later", "here", "also", "unfortunately", "again", "and", "utc", "am", "pm"}
)
_SUBJECT_DENIES = frozenset(
    {"no", "neither", "nobody", "none", "nor", "or", "few", "only", "any", "who", "whoever"}
)
_REWRITES: dict[str, Rewrite] = {
    "should-have": _should_have,
    "did-not": _did_not,
    "drop-adverb": _drop_adverb,
    "by-a-change": _by_a_change,
    "contributing": _contributing,
    "full-stop": _full_stop,
    "german-drop-adverb": rewriting_german.drop_adverb,
    "german-did-not": rewriting_german.did_not,
    "german-contributing": rewriting_german.contributing,
}


def _adjacent(sentence: Sentence, match: Match) -> bool:
    """True where the subject stands directly before its verb: one clause."""
    agent = match.names["a"][0]
    after = match.names["s"][0] if "s" in match.names else match.names["v"][0]
    return agent + 1 == after


def _is_main(sentence: Sentence, match: Match) -> bool:
    """True where nothing before the match belongs to another clause, and nothing denies or asks it."""
    words = sentence.words
    for word in words[: match.start]:
        plain = any(_is(sentence, word, name) for name in _BEFORE_CLASSES)
        if not plain and word.lower not in _BEFORE_WORDS:
            return False
    if any(word.lower in _SUBJECT_DENIES for word in words[match.start : match.names["a"][1]]):
        return False
    return all(word.lower[0] != "?" for word in words[match.end :])


def _goes_on(
    sentence: Sentence, match: Match, names: tuple[str, ...], *, words_max: int = SENTENCE_WORDS_MAX
) -> bool:
    """True where a word of one of the classes comes after the match."""
    after = sentence.words[match.end : match.end + words_max]
    return any(_is(sentence, word, name) for word in after for name in names)


def _helps(sentence: Sentence, at: int) -> bool:
    return _is(sentence, sentence.words[at], "HAVE") or _is(sentence, sentence.words[at], "DO")


def _is(sentence: Sentence, word: Word, name: str) -> bool:
    return bool(word.tags & sentence.tables.bit(name))


def _joined(text: str, sentence: Sentence, start: int, until: int, tail: str) -> str:
    if not tail:
        return ""
    words = sentence.words
    return text[words[start].start : words[until].start] + tail
