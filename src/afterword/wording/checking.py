"""The language check with what it has seen before, so that typing has only the changed paragraph checked."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

from afterword.language import Checker, Finding, Options, check

CHECKERS_KEPT_MAX = 32
"""A checker for each roster and setting that is in use. What it keeps of texts is bounded by itself."""

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
        return checker.check(text)


def find_once(text: str, options: Options, *, markdown: bool = True) -> list[Finding]:
    """The same of a text that will not come again."""
    return check(text, options, markdown=markdown)


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
