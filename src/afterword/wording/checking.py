"""The language check with what it has seen before, so that typing has only the changed paragraph checked."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

from afterword.language import Checker, Finding, Options, check

CHECKERS_KEPT_MAX = 32
"""A checker for each roster and setting that is in use."""
CHARACTERS_KEPT_MAX = 2_000_000
"""Of the paragraphs and names that all checkers keep: each has findings of about as much room again."""

TASK = "- [ ] "
"""How Markdown begins the item of a list of tasks."""

_checkers: OrderedDict[str, tuple[Checker, Lock]] = OrderedDict()
_lock = Lock()


def find(text: str, options: Options) -> list[Finding]:
    """The findings in a text, by their start. Safe to call from several threads."""
    key = _fingerprint(options)
    with _lock:
        if key not in _checkers:
            _checkers[key] = (Checker(options), Lock())
        _checkers.move_to_end(key)
        while len(_checkers) > CHECKERS_KEPT_MAX:
            _checkers.popitem(last=False)
        checker, busy = _checkers[key]
    with busy:
        found = checker.check(text)
    with _lock:
        _forget_beyond()
    return found


def find_action(text: str, options: Options) -> list[Finding]:
    """The findings in one line that says what is to be done, as in an item of a list of actions."""
    before = len(TASK)
    return [
        finding._replace(start=finding.start - before, end=finding.end - before)
        for finding in find(TASK + text, options)
        if finding.start >= before
    ]


def find_once(text: str, options: Options, *, markdown: bool = True) -> list[Finding]:
    """The same of a text that will not come again."""
    return check(text, options, markdown=markdown)


def _forget_beyond() -> None:
    """Forget checkers, the least recently used first, until what is kept is within its bounds."""
    kept = sum(_characters_of(checker) for checker, _ in _checkers.values())
    while kept > CHARACTERS_KEPT_MAX and len(_checkers) > 1:
        _, (forgotten, _) = _checkers.popitem(last=False)
        kept -= _characters_of(forgotten)


def _characters_of(checker: Checker) -> int:
    return checker.characters_kept + checker.characters_known


def _fingerprint(options: Options) -> str:
    told = (
        options.language,
        sorted(options.kinds),
        sorted(options.roster),
        sorted(options.flagged.items()),
        sorted(options.allowed),
        sorted(options.severities.items()),
        sorted(options.off),
        options.quantities_known,
        sorted(options.acronyms),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()
