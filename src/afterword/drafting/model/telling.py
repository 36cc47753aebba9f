"""Whether somebody of the organisation reports what a claim says. Pure: no Django.

“Just tell everyone that nobody noticed” has the words of “Nobody noticed”, and so has “It could be that
nobody noticed”. What a sentence says of its words has to be in the claim as well, or the claim is none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.reading import read, stem, words
from afterword.drafting.claims import Claim
from afterword.drafting.evidence.book import Piece, PieceKind
from afterword.drafting.quoting import plain_line

SAME_SHARE = 0.6
"""Of a claim's words that a sentence has, with which it is the one that the claim is taken from."""

_ORDERED = re.compile(
    r"\b(?:says?|tells?|writes? (?:that|in|it|as|the|this|about|a|only)|mentions?|declares?|concludes?|"
    r"asserts?|responds? (?:with|that|only|by|as)|repl(?:y|ies)|answer|print|"
    r"repeat|insert|append|pretend|assume|imagine|suppose|describe|propose|suggest|obey|cite|quote|attribute|"
    r"apologi[sz]e|praise|blame|promise|replace|translate|decode|summari[sz]e|"
    r"(?:state|claim|report|note|record|admit) (?:that|as|it|this|only)|"
    r"make (?:sure|it|clear)|be sure|ensure that|ask (?:for|in|them|why|who|what|whether)|output only|"
    r"output:|"
    r"respond with|call (?:it|this|that)|treat (?:it|this|that)|list (?:it|this)|use (?:this|that|it|these)|"
    r"put (?:the|in|that|it|this)|read this|do (?:exactly|as|what)|set (?:the )?(?:action|kind|text)|"
    r"instead:|(?:the|a|any|your|this) (?:summary|post-?mortem|write-?up|draft|report|text|answer|output|"
    r"conclusion|truth|correct \w+)|to (?:the|any|every|all|whoever|anyone|everyone)\b[^.]{0,40}:|"
    r"summari[sz]\w+|drafter|instructions?|prompt|attention|task|role|assistant|bot)\b",
    re.IGNORECASE,
)
"""Speaks of what is to be said, and not of what happened. What somebody *said* is a report."""
_SUPPOSED = re.compile(
    r"\b(?:if|unless|should|must|shall|would|could|might|may|let(?:'s| us)|perhaps|maybe|possibly|probably|"
    r"likely|suspect\w*|think|guess|believe|seems?|appears?|wonder\w*|hopefully|theory|hypothes\w+|"
    r"rumou?r\w*|allegedly|supposedly|whether)\b|\?",
    re.IGNORECASE,
)
"""Leaves open whether it was so."""
_NEGATED = re.compile(
    r"(?:\b(?:not|no|never|nobody|nothing|none|neither|without|cannot)|n['’]t)(?:\s+\w+){0,2}\s*$"
)
"""At the end of what stands before a quotation."""
_REPORTS = re.compile(
    r"\b(?:users?|customers?|people|they|clients?|logs?|graphs?|dashboards?|pages?|metrics?|tickets?|vendors?|"
    r"support|monitors?|he|she|we|i)\s+$",
    re.IGNORECASE,
)
"""Of whom it is told that they say something: “users say” is a report, and “say” alone is none."""
_POLITE = re.compile(r"\b(?:please|kindly) (?:note|be aware|see|find|refer|bear)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_QUOTED = re.compile("“[^”]*”")


def only_ordered(claim: Claim, pieces: Iterable[Piece]) -> bool:
    """Whether all that is nearest to the claim in its evidence tells somebody to say it."""
    return _is_only(_ORDERED, claim, pieces)


def only_supposed(claim: Claim, pieces: Iterable[Piece]) -> bool:
    """Whether all that is nearest to the claim in its evidence leaves open whether it was so."""
    return _is_only(_SUPPOSED, claim, pieces)


def told_as_ours(claim: Claim, pieces: Sequence[Piece], names: Iterable[str]) -> bool:
    """Whether a claim says in its own voice what nobody of the organisation has said.

    Texts of alerts, changes and other programs can be written by anybody. They may be quoted, and a claim may
    say when they came and from where; what they say becomes no fact by that.
    """
    outside = [piece for piece in pieces if is_from_outside(piece)]
    if not outside:
        return False
    known = set(_FRAME)
    # Of an alert and a change the source is the integration, which somebody here has named.
    for name in (*names, *(piece.source for piece in pieces if piece.kind in ("alert", "change"))):
        known |= _content(name)
    for piece in pieces:
        inside = [] if piece in outside else [piece.text, *_texts(piece.data)]
        known |= _content(" ".join([*inside, *_structured(piece)]))
    return bool(_voiced(_QUOTED.sub(" ", claim.text)) - known)


def is_from_outside(piece: Piece) -> bool:
    """Whether the text of a piece came from another program, and from nobody of the organisation."""
    return _FROM_OUTSIDE[piece.kind](piece)


def _never(piece: Piece) -> bool:
    return False


def _always(piece: Piece) -> bool:
    return True


def _by_nobody(piece: Piece) -> bool:
    return not piece.data.get("person")


def _in_chat_by_no_member(piece: Piece) -> bool:
    return piece.data.get("kind") == "chat" and not piece.data.get("member")


_FROM_OUTSIDE: Mapping[PieceKind, Callable[[Piece], bool]] = {
    "incident": lambda piece: bool(piece.data.get("by_alert")),
    "timestamp": _never,
    "entry": lambda piece: _by_nobody(piece) or _in_chat_by_no_member(piece),
    "alert": _always,
    "change": _always,
    "field": _never,
    "role": _never,
    "message": _by_nobody,
    "maintenance": _never,
    "follow-up": _never,
    # Titles of other incidents, which an alert may have given them.
    "related": _always,
    "similar": _always,
    "answer": _by_nobody,
    # Whoever attaches a log or a page of somebody else's has not written it.
    "attachment": _always,
    "page": _never,
    "escalation": _never,
}
"""Every kind, so that a new one is thought about."""


def quotes_without_its_not(claim: Claim, pieces: Iterable[Piece]) -> bool:
    """Whether a quotation begins just behind a negation, and so says the opposite of what was written."""
    texts = [plain_line(text).casefold() for piece in pieces for text in (piece.text, *_texts(piece.data))]
    for found in _QUOTED.finditer(claim.text):
        quoted = found[0].strip("“”").removesuffix("…").strip().casefold()
        places = [text[: text.find(quoted)] for text in texts if quoted and quoted in text]
        if places and all(_NEGATED.search(before) for before in places):
            return True
    return False


def speaks_to_somebody(text: str) -> bool:
    """Whether a text turns to its reader, as an order does that no shape of orders knows."""
    return _ADDRESSING.search(text) is not None


def _structured(piece: Piece) -> Iterator[str]:
    """What a piece says by choice and not in words."""
    for name in _CHOSEN:
        if isinstance(value := piece.data.get(name), str):
            yield value
        elif isinstance(value, list | tuple):
            yield from (one for one in value if isinstance(one, str))


def _voiced(text: str) -> frozenset[str]:
    """The words in which something is said, negations too."""
    found = [word.text.casefold() for word in words(read(text).rest)]
    return _content(" ".join(found)) | {word for word in found if word in vocabulary.NEGATING}


_CHOSEN = (
    *("service", "team", "affected", "depends_on", "needed_through", "relation"),
    *("severity", "priority", "status", "integration", "environment"),
)
_FRAME_WORDS = """
alert alerts alarm warning event message entry record records change changes deploy deployment release rollout
configuration fired fire came come arrived sent received opened open closed cleared clear resolved
acknowledged started began ended incident service services version title text say says said read reads
reported reports called named preceded before after first last again further repeatedly once time times minute
minutes hour hours second seconds day days utc severity priority environment status affected was made recorded
attached attachment file link upstream depends
"""
_FRAME = frozenset(vocabulary.canonical(word) for word in _FRAME_WORDS.split())
"""In which it is told that something came, when and from where."""
_ADDRESSING = re.compile(
    r"\b(?:you(?:r|rs|rself)?|please|kindly|approve|todo|consider|continue|complete the|bitte|merci|"
    r"por favor|"
    r"veuillez|s'il|reader|generat\w+|model|official wording|phrase|(?:may|can) be published)\b|\{\{|請|请|"
    r"\b\w*(?:reply|assistant|model|prompt)\w*\s*=",
    re.IGNORECASE,
)


def _is_only(marks: re.Pattern[str], claim: Claim, pieces: Iterable[Piece]) -> bool:
    said = _QUOTED.sub(" ", claim.text)
    topic = _content(said)
    if not topic:
        return False
    rated = [(len(topic & _content(sentence)) / len(topic), sentence) for sentence in _sentences(pieces)]
    best = max((share for share, _ in rated), default=0.0)
    if best == 0.0:
        return False
    nearest = [sentence for share, sentence in rated if share >= min(best, SAME_SHARE)]
    own = {stem(found[0]) for found in marks.finditer(said)}
    return all(
        any(
            stem(found[0]) not in own and not _REPORTS.search(sentence[: found.start()])
            for found in marks.finditer(sentence)
        )
        for sentence in (_POLITE.sub(" ", one) for one in nearest)
    )


def _content(text: str) -> frozenset[str]:
    found = (word.text.casefold() for word in words(text))
    return frozenset(
        vocabulary.canonical(word)
        for word in found
        if len(word) > 1 and stem(word) not in vocabulary.FUNCTION_STEMS
    )


def _sentences(pieces: Iterable[Piece]) -> Iterator[str]:
    for piece in pieces:
        for text in (piece.text, piece.source, *_texts(piece.data)):
            # A line that is no sentence belongs to the next: a heading says how to take what is below it.
            lines = "\n".join(plain_line(line) for line in text.splitlines())
            before = ""
            for part in _SENTENCE_END.split(lines):
                if part.strip():
                    yield f"{before} {part}".strip()
                    before = part if not part.rstrip().endswith((".", "!", "?")) or len(part) < 12 else ""


def _texts(told: Any) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for name, value in told.items():
            yield from _texts(value)
            yield str(name)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _texts(one)
