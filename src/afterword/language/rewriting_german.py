"""Rewrites of single German clauses, each only where it reads right."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.language.patterns import Match
from afterword.language.sentences import Sentence, Word

_BEFORE_CLASSES = ("NUM", "PUNCT", "MONTH", "DAY", "MASK")
_BEFORE_WORDS = frozenset(
    "am und um uhr".split()  # noqa: SIM905 - more words are added more easily so
)
"""What may stand before the one clause that is rewritten: a verb comes before its subject after all else."""
_GRADES = frozenset(
    "aber eher etwas ganz nicht nie nur oder recht sehr so und völlig wohl ziemlich zu".split()  # noqa: SIM905
)
"""What hangs on the adverb before or behind which it stands."""
_GOING = frozenset("bleiben folgen gehen kommen sein werden".split())  # noqa: SIM905
"""Verbs whose perfect has “ist”."""
_DEFINITE = frozenset("dem den der die das diesem diesen dieser diese dieses".split())  # noqa: SIM905
_WHEN = frozenset("eher früher gleich rechtzeitig schneller sofort".split())  # noqa: SIM905
_MISSED = ("PRÜFEN", "WAHRNEHMEN", "KENNEN", "VERGESSEN", "ÜBERSEHEN", "BEFOLGEN", "VORSORGEN")
"""What somebody did not do of these is a finding again."""


def drop_adverb(sentence: Sentence, match: Match, text: str) -> str:
    """„hat versehentlich die Tabelle gelöscht“ -> „hat die Tabelle gelöscht“."""
    words = sentence.words
    if "w" not in match.names or not _is_main(sentence, match):
        return ""
    at = match.names["w"][0]
    verb = match.names["a"][0] + 1
    if not _is(sentence, words[at], "VERSEHEN") or verb >= at or not _is_finite(sentence, words[verb]):
        return ""
    if words[at - 1].lower in _GRADES or (at + 1 < len(words) and words[at + 1].lower in _GRADES):
        return ""
    if any(word.lower.startswith(("falsch", "verkehrt")) for word in words[match.start : match.end]):
        return ""  # It would be the same finding again.
    before = text[words[match.start].start : words[at].start]
    if at + 1 == match.end:
        return before.rstrip()
    return before + text[words[at + 1].start : words[match.end - 1].end]


def did_not(sentence: Sentence, match: Match, text: str) -> str:
    """„hätte den Rollout abbrechen sollen“ -> „hat den Rollout nicht abgebrochen“."""
    words = sentence.words
    verb, last = match.names["v"][0], match.end - 1
    should = match.names["a"][0] + 1
    if words[should].lower not in _HAS or words[last].lower not in {"sollen", "müssen"} or verb != last - 1:
        return ""
    base = words[verb].lower
    done = sentence.tables.form(base, "PART")
    if not done or base in _GOING or not _is_main(sentence, match) or not _ends(sentence, match):
        return ""
    has = "habe" if words[should - 1].lower == "ich" else _HAS[words[should].lower]
    start = f"{text[words[match.start].start : words[should].start]}{has}"
    between = words[should + 1 : verb]
    denied = bool(between) and between[-1].lower == "nicht"
    if denied:
        between = between[:-1]
    if not denied and any(_is(sentence, words[verb], name) for name in _MISSED):
        return ""
    if not between:
        return f"{start} {done}" if denied else f"{start} nicht {done}"
    said = text[between[0].start : between[-1].end]
    if len(between) == 1 and between[0].lower in _WHEN:
        return "" if denied else f"{start} nicht {said} {done}"
    if not _is_one_thing([text[word.start : word.end] for word in between]):
        return ""
    return f"{start} {said} {done}" if denied else f"{start} {said} nicht {done}"


def contributing(sentence: Sentence, match: Match, text: str) -> str:
    """„Die Hauptursache des Ausfalls war“ -> „Ein beitragender Umstand des Ausfalls war“."""
    words = sentence.words
    if any(not _is(sentence, word, "PUNCT") for word in words[: match.start]):
        return ""
    if words[match.start].lower != "die":
        return ""
    for word in words[match.end : match.end + 6]:
        if word.lower in {"war", "ist"}:
            return "Ein beitragender Umstand" if text[words[match.start].start].isupper() else ""
        if _is(sentence, word, "PUNCT") or _is(sentence, word, "COMMA") or _is(sentence, word, "STOP"):
            return ""
    return ""


_HAS = {"hätte": "hat", "hätten": "haben"}


def _is_one_thing(words: Sequence[str]) -> bool:
    """Whether it is one thing that everybody knows, with at most one word about it: „den alten Rollout“."""
    return (
        2 <= len(words) <= 3
        and words[0] in _DEFINITE
        and words[-1][:1].isupper()
        and all(word.isalpha() and word.islower() for word in words[:-1])
    )


def _is_main(sentence: Sentence, match: Match) -> bool:
    """Whether nothing before the match belongs to another clause, or comes before the verb with it."""
    return all(
        word.lower in _BEFORE_WORDS or any(_is(sentence, word, name) for name in _BEFORE_CLASSES)
        for word in sentence.words[: match.start]
    ) and not any(
        word.lower in _BEFORE_WORDS for word in sentence.words[max(match.start - 1, 0) : match.start]
    )


def _ends(sentence: Sentence, match: Match) -> bool:
    """Whether the sentence ends with the match."""
    return all(word.lower in {".", "!"} for word in sentence.words[match.end :])


def _is_finite(sentence: Sentence, word: Word) -> bool:
    return any(_is(sentence, word, name) for name in ("HATTE", "PRES", "PRET", "PRETPL"))


def _is(sentence: Sentence, word: Word, name: str) -> bool:
    return bool(word.tags & sentence.tables.bit(name))
