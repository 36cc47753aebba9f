"""The letters of a review. Each is written when it goes out, and dropped when nothing of it is left."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from afterword.documents import plain_text
from afterword.letters.models import Letter
from afterword.letters.writers import LetterText, register_writer
from afterword.postmortems.models import Postmortem, PostmortemStatus
from afterword.postmortems.review import reads
from afterword.postmortems.review.models import Review, Verdict

ASKED = "postmortem.review_asked"
REMINDER = "postmortem.review_reminder"
REVIEWED = "postmortem.reviewed"
STALE = "postmortem.approval_stale"
STALE_AFTER = timedelta(minutes=15)
"""So long after the first edit that followed an approval: one letter tells of many saves."""
NOTE_CHARACTERS_MAX = 1_000


def register_writers() -> None:
    """In AppConfig.ready()."""
    register_writer(ASKED, _write_asked)
    register_writer(REMINDER, _write_reminder, for_weekdays=True)
    register_writer(REVIEWED, _write_reviewed)
    register_writer(STALE, _write_stale)


def _write_asked(letter: Letter) -> LetterText | None:
    return _write_request(letter, "Please review", "asks you to review")


def _write_reminder(letter: Letter) -> LetterText | None:
    return _write_request(letter, "Still to review", "asked you to review")


def _write_request(letter: Letter, subject: str, verb: str) -> LetterText | None:
    request = reads.find_request(letter.about["request"])
    if request is None or not reads.sees_postmortem(letter.person, request.postmortem):
        return None
    postmortem = request.postmortem
    own = reads.own_review(letter.person, postmortem)
    newest = reads.review_of(postmortem).newest
    if not reads.waits_for_answer(request) or (own and own.revision_id == newest.pk):
        return None
    who = str(request.asked_by) if request.asked_by else "Somebody"
    if reads.was_asked_again(own, request):
        assert own is not None
        address = _address("postmortems:compare", postmortem)
        return _letter(
            postmortem,
            subject="Changed as you asked",
            lead=f"{plain_text(who)} {verb} again this post-mortem, of which you had asked for changes:",
            action="See what changed, and say what you think",
            address=f"{address}?from={own.revision.number}&to={newest.number}",
        )
    return _letter(
        postmortem,
        subject=subject,
        lead=f"{plain_text(who)} {verb} this post-mortem:",
        action="Read it and say what you think",
        address=_address("postmortems:review", postmortem),
    )


def _write_reviewed(letter: Letter) -> LetterText | None:
    review = _review(letter)
    if review is None or review.withdrawn_at is not None:
        return None
    is_approval = review.verdict == Verdict.APPROVED
    verb = "approved" if is_approval else "asked for changes of"
    return _letter(
        review.postmortem,
        subject="Approved" if is_approval else "Changes requested",
        lead=f"{plain_text(str(review.person))} {verb} this post-mortem:",
        note=review.note[:NOTE_CHARACTERS_MAX],
        action="See the review",
        address=_address("postmortems:review", review.postmortem),
    )


def _write_stale(letter: Letter) -> LetterText | None:
    review = _review(letter)
    if review is None or review.withdrawn_at is not None:
        return None
    newest = reads.review_of(review.postmortem).newest
    if newest.pk == review.revision_id or review.postmortem.status == PostmortemStatus.DRAFT:
        return None
    address = _address("postmortems:compare", review.postmortem)
    return _letter(
        review.postmortem,
        subject="Changed since you approved",
        lead="This post-mortem was edited after you approved it, so your approval does not count any more:",
        action="See what changed, and approve it again",
        address=f"{address}?from={review.revision.number}&to={newest.number}",
    )


def _review(letter: Letter) -> Review | None:
    review = reads.find_review(letter.about["review"])
    if review is None or not reads.sees_postmortem(letter.person, review.postmortem):
        return None
    return review


def _letter(
    postmortem: Postmortem, *, subject: str, lead: str, action: str, address: str, note: str = ""
) -> LetterText:
    title = plain_text(postmortem.title)
    return LetterText(
        subject=f"{subject}: {title}",
        template="postmortems/mail/review",
        context={"lead": lead, "title": title, "note": note, "action": action, "address": address},
    )


def _address(name: str, postmortem: Postmortem) -> str:
    return settings.PUBLIC_URL + reverse(name, args=[postmortem.number])
