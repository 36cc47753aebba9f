"""The letters that tell of comments. Each is written when it goes out, with what may be read then."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from afterword.documents import plain_text
from afterword.letters.models import Letter
from afterword.letters.writers import LetterText, register_writer
from afterword.postmortems.comments import reads
from afterword.postmortems.review.reads import sees_postmortem

COMMENTED = "postmortem.commented"
TEXT_CHARACTERS_MAX = 2_000


def register_writers() -> None:
    """In AppConfig.ready()."""
    register_writer(COMMENTED, _write)


def _write(letter: Letter) -> LetterText | None:
    comment = reads.find_comment(letter.about["comment"])
    if comment is None or not sees_postmortem(letter.person, comment.thread.postmortem):
        return None
    thread, postmortem = comment.thread, comment.thread.postmortem
    title = plain_text(postmortem.title)
    who = plain_text(str(comment.person)) if comment.person else "Somebody"
    about = f"“{plain_text(thread.quote)[:120]}”" if thread.quote else plain_text(thread.section_title)
    verb = "mentions you in" if letter.about.get("mentioned") else "commented on"
    return LetterText(
        subject=f"{who} {verb} {title}",
        template="postmortems/mail/review",
        context={
            "lead": f"{who} {verb} this post-mortem, about {about}:",
            "title": title,
            "note": comment.text[:TEXT_CHARACTERS_MAX],
            "action": "Answer",
            "address": settings.PUBLIC_URL
            + reverse("postmortems:comments", args=[postmortem.number])
            + f"#thread-{thread.unique_id}",
        },
    )
