"""What a record should tell, whether it does, and what people answered when they were asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import INCIDENT_NAMED, Case
from afterword.drafting.deterministic.noticing import noticings
from afterword.drafting.deterministic.statements import Findings, Said
from afterword.drafting.deterministic.words import in_sentence
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import quote, short_quote

ANSWERS_MAX = 20
_NOT_KNOWN = re.compile(
    r"^\W*(?:(?:i|we) )?(?:(?:do|did|could)(?:n['’]t| not) (?:know|see|tell)|no idea|not sure|unknown|"
    r"(?:das )?weiß ich (?:auch )?nicht|ich weiß (?:es )?nicht|keine ahnung)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Topic:
    """Something that a reader wants to know."""

    gap: str
    """What is said where the record does not tell it."""
    question: str
    """What is asked then."""
    doubt: tuple[str, str]
    """What is asked before and after a quotation that may tell it."""
    worded: re.Pattern[str]
    """How people ask for it in their own words."""
    find: Callable[[Case], Findings]


def _reasons(case: Case) -> Findings:
    """Of the summary, too."""
    own, summary = case.reasons, case.summary_reasons
    return Findings((*own.said, *summary.said), (*own.doubtful, *summary.doubtful))


def _endings(case: Case) -> Findings:
    deeds, endings = case.deeds, case.endings
    during = [
        one for one in case.of_kind("change") if one.at and case.end and case.start < one.at <= case.end
    ]
    own = [Said(one, one.text) for one in during if not one.data.get("upstream")]
    return Findings((*deeds.said, *endings.said), (*deeds.doubtful, *own, *endings.doubtful))


def _extents(case: Case) -> Findings:
    filled = [Said(one, one.text) for one in (*case.of_kind("field"), *case.marked("impact"))]
    found = case.extents
    if filled or found.said:
        return Findings((*filled, *found.said))
    elsewhere = case.extents_elsewhere
    return Findings((), (*elsewhere.said, *found.doubtful, *elsewhere.doubtful))


def _identified(case: Case) -> Findings:
    said = [Said(one, one.text) for name, one in case.times.items() if name == "identified"]
    return Findings(tuple(said), tuple(one for one in case.reasons.said if one.piece.kind == "entry"))


NOTICING = Topic(
    "No entry says how this was detected.",
    "Who or what noticed it first, and how?",
    ("Does ", " say how it was noticed?"),
    re.compile(r"\b(?:who|how|what)\b.*\b(?:notic|detect|spot|came to light)|\bbemerkt\b", re.IGNORECASE),
    noticings,
)
REASON = Topic(
    "No entry says what was found out about the reason.",
    "What did you find out while you looked for the reason, and what ruled other reasons out?",
    ("Does ", " say what was found out about the reason?"),
    re.compile(r"\b(?:reason|root cause|what caused|why did it|ursache)\b", re.IGNORECASE),
    _reasons,
)
ENDING = Topic(
    "No entry says what ended it.",
    "What ended it?",
    ("Does ", " say what ended it?"),
    re.compile(r"\bwhat (?:ended|fixed|resolved|solved|stopped|helped)\b", re.IGNORECASE),
    _endings,
)
EXTENT = Topic(
    "Nothing in the record says how many customers or requests were affected.",
    "How many customers or requests were affected, and what could they not do?",
    ("Does ", " say how many were affected?"),
    re.compile(r"\b(?:how many|wie viele)\b", re.IGNORECASE),
    _extents,
)
IDENTIFIED = Topic(
    "The record does not say when the problem was identified.",
    "When was it clear what it was?",
    ("Was it clear what it was when somebody wrote ", "?"),
    re.compile(r"\bwhen\b.*\b(?:clear|identified)\b", re.IGNORECASE),
    _identified,
)
TOPICS = (NOTICING, REASON, ENDING, EXTENT, IDENTIFIED)


def state_of(case: Case, topic: Topic) -> Literal["told", "doubtful", "untold"]:
    """Whether the record tells it, or an answer does. Who answered not to know tells nothing."""
    answers = answers_about(case, topic)
    if any(not _NOT_KNOWN.search(one.text) for one in answers):
        return "told"
    found = topic.find(case)
    if found.said:
        return "told"
    return "doubtful" if found.doubtful else "untold"


def doubt(case: Case, topic: Topic) -> Claim:
    """What is asked where something may tell it."""
    first = topic.find(case).doubtful[0]
    ids = (first.piece.id,)
    asked = case.people_of([first.piece])
    text = short_quote(first.sentence).join(topic.doubt)
    return Claim(text, ids, "question", asked=asked)


def answers_about(case: Case, topic: Topic) -> list[Piece]:
    """What people answered who were asked for it."""
    return [one for one in case.answers if _is_about(one, topic)]


def tell_answers(case: Case, topic: Topic | None) -> Iterator[Claim]:
    """Each answer about it with its question, as a quotation; of None those about none of the topics."""
    answers = answers_about(case, topic) if topic is not None else case.answers
    for one in answers[:ANSWERS_MAX]:
        if topic is None and any(_is_about(one, each) for each in TOPICS):
            continue
        asked = quote(str(one.data.get("question", "")))
        text = f"Asked {asked}, {one.source or 'somebody'} answered: {quote(one.text, 600)}"
        yield Claim(
            in_sentence(text),
            (one.id,),
            at=one.at,
            confidence="In the words of who answered; not checked.",
        )


def is_answered(case: Case, question: str) -> bool:
    """Whether somebody answered a question that a draft asks, however it was worded for them."""
    return question in case.answered or case.named(question) in case.answered


def _is_about(answer: Piece, topic: Topic) -> bool:
    drafted = str(answer.data.get("draft_question", ""))
    worded = str(answer.data.get("question", ""))
    for text in filter(None, (drafted, worded)):
        plain = INCIDENT_NAMED.sub("", text).casefold()
        before, after = (one.casefold() for one in topic.doubt)
        if plain == topic.question.casefold() or (plain.startswith(f"{before}“") and plain.endswith(after)):
            return True
    return not drafted and topic.worded.search(worded) is not None
