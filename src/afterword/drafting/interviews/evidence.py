"""Answers as evidence: what people said when they were asked, for whoever may read the document."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from afterword.drafting.evidence.book import Piece, evidence_id
from afterword.drafting.evidence.sources import Gathered, Scope
from afterword.drafting.interviews.models import Interview
from afterword.drafting.interviews.reads import answers_in

QUESTION_CHARACTERS_MAX = 500
"""Of the question that stands with an answer."""


def gather_answers(scope: Scope) -> Gathered:
    """The answers about the post-mortems of the incident, oldest first."""
    rows = answers_in(scope.documents.filter(links__incident__in=scope.family))
    found = list(rows[: scope.pieces_max + 1])
    left_out = rows.order_by().count() - scope.pieces_max if len(found) > scope.pieces_max else 0
    return Gathered([_piece(one, scope) for one in found[: scope.pieces_max]], left_out)


def address_of(interview: Interview) -> str:
    """Where an answer can be read: a path."""
    path: str = reverse("drafting:questions", args=[interview.question.postmortem.number])
    return f"{path}#answer-{interview.unique_id}"


def _piece(interview: Interview, scope: Scope) -> Piece:
    return Piece(
        id=evidence_id("answer", interview.pk),
        kind="answer",
        at=interview.settled_at,
        text=scope.cut(interview.text),
        source=interview.name,
        url=f"{settings.PUBLIC_URL}{address_of(interview)}",
        incident=scope.incident.number,
        data={
            "person": interview.name,
            "question": interview.question.text[:QUESTION_CHARACTERS_MAX],
            **({"draft_question": asked} if (asked := interview.question.draft_text) else {}),
            "postmortem": interview.question.postmortem.number,
        },
    )
