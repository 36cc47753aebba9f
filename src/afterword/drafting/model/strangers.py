"""Names of people whom nobody here knows, by what a text says that they did. Pure: no Django.

“Kwabena Osei said that the line was down” names a person of a vendor, and so do “we told Kwabena Osei” and
“@Kwabena Osei”. Two to four words with a capital, with small ones like “van” between them, are taken for a
name where one speaks beside them as one does of people, and none of the words is of a service, of a thing
that is said to say something, or of the language. What is taken wrongly is a placeholder that is undone here;
what is missed is sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from afterword.drafting.blame import services_of
from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.reading import stem
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.quoting import plain_line
from afterword.postmortems.publishing.names import PARTICLES

STRANGERS_MAX = 200
"""Of one book."""
TEXT_CHARACTERS_MAX = 4_000

_WORD = r"(?:[^\W\d_a-z](?:[^\W\d_]|['’-](?=[^\W\d_]))+)"
_SMALL_WORDS = sorted((PARTICLES | {"e", "y", "af", "ter", "ten", "ibn"}) - {"of", "the"})
"""Within a name, and nothing else there: “Ada Wren of Fastly” is somebody of Fastly."""
_SMALL = rf"(?:(?:{'|'.join(_SMALL_WORDS)}) )"
_WORDS = rf"{_WORD}(?: {_SMALL}{{0,2}}{_WORD}){{1,3}}(?![\w@-]|/\w)"
_NAME = rf"(?<![\w@/.-]){_WORDS}"
_DOES = (
    r"(?:(?:has|had|also|then|later|just|first|already|never) ){0,2}"
    r"(?:said|says|told|asked|asks|noticed|noted|wondered|thinks|thought|wrote|writes|replied|answered|"
    r"explained|mentioned|suggested|suggests|remembered|recalled|remembers|recalls|believed|believes|agreed|"
    r"joined (?:the|us|our)|volunteered|offered|confirmed|apologi[sz]ed|phoned|rang|"
    r"(?:didn['’]t|did not) (?:say|tell|ask|notice|know|reply|answer|remember|agree)|"
    r"(?:was|is|were) (?:on[- ]call|asleep|on holiday|off (?:sick|duty)|paged|told|asked))\b"
)
_DONE_TO = (
    r"\b(?:told|asked|phoned|paged|thanked|pinged|emailed|according to|handed over to|"
    r"(?:he|she|they|we|i) (?:called|rang)|"
    r"(?:spoke|talked|talking|spoken) (?:to|with)|(?:a )?(?:call|mail|message|reply|answer) from|"
    r"escalated to|thanks to)"
)
_OF_WHERE = r"(?:,? (?:of|from|at) [^,.;:]{1,40},?|, [^,.;:]{1,60},)?"
_BESIDE = (
    re.compile(rf"(?P<name>{_NAME}){_OF_WHERE} {_DOES}"),
    re.compile(rf"(?i:{_DONE_TO}) (?P<name>{_NAME})"),
    re.compile(rf"(?<![\w@/.-])@(?P<name>{_WORDS})"),
)
_THING_WORDS = """
address agent alarm alert api app application assistant autoscaler backend balancer bank board bot bridge
broker build cache center centre channel check checkout client cloud cluster co company console container
control corp customer dashboard data database december deploy desk docs document email engine error
exporter february feed forum friday frontend function gateway gmbh graph grid group hub inc incident infra
ingress january job journal july kernel lab lambda latency lead link linter list load log logs mail
manager manual march mesh message metric model monday monitor monitoring network news node note notes
november october office on-call operation operations ops page pager panel person phone pipeline platform
playbook please pod policy pool portal postmortem probe product provider proxy queue rate report response
robot router runbook runner saturday scanner scheduler script search secret security september server
service shop site slack stack status storage store stream studio sunday support system team teams
telemetry text thanks thread thursday ticket timeline tool tracker traffic tuesday twitter user users
vendor watch web wednesday wiki worker workflow workspace zone
"""
_THINGS = frozenset(stem(word) for word in _THING_WORDS.split())
"""What has a capital in names of products, teams and pages, and is said to say things."""


def strangers_in(book: EvidenceBook) -> list[str]:
    """Names of people in the texts of the evidence, in their order, `STRANGERS_MAX` at most."""
    ours = {stem(word) for name in services_of(book) for word in name.split()}
    found: dict[str, None] = {}
    for piece in book.pieces:
        for text in (piece.text, piece.source, *_texts(piece.data)):
            for name in _names_in(text[:TEXT_CHARACTERS_MAX], ours):
                found.setdefault(name)
                if len(found) >= STRANGERS_MAX:
                    return list(found)
    return list(found)


def _names_in(text: str, ours: set[str]) -> Iterator[str]:
    # As it is read: a mark or a line's end within a name is none of it.
    line = plain_line(text)
    for shape in _BESIDE:
        for match in shape.finditer(line):
            words = match["name"].split()
            # The first may begin the sentence, and the last may belong to the next: “Then Kwabena Osei said”.
            while words and not _begins_name(words[0], ours):
                words = words[1:]
            while words and not _begins_name(words[-1], ours):
                words.pop()
            if len(words) >= 2 and all(word in _SMALL_WORDS or _may_be_name(word, ours) for word in words):
                yield " ".join(words)


def _begins_name(word: str, ours: set[str]) -> bool:
    return word not in _SMALL_WORDS and _may_be_name(word, ours)


def _may_be_name(word: str, ours: set[str]) -> bool:
    if not word[0].isupper() or word.isupper():
        return False
    # As in McRae, and not as in PagerDuty.
    if any(one.isupper() for part in re.split("['’-]", word) for one in part[3:]):
        return False
    root = stem(word)
    return not (
        root in ours or root in _THINGS or root in vocabulary.FUNCTION_STEMS | vocabulary.RECORD_STEMS
    )


def _texts(told: Any) -> Iterable[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for value in told.values():
            yield from _texts(value)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _texts(one)
