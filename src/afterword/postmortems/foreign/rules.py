"""Words of other products for what a post-mortem is, and their one text for its sections. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from afterword.postmortems.importing.markdown import INTRODUCTION, WHOLE_TEXT

DRAFT, IN_REVIEW, APPROVED, PUBLISHED = "draft", "in_review", "approved", "published"

OUR_TITLES = (INTRODUCTION, WHOLE_TEXT)
"""Of sections whose text had no heading."""

ZENDUTY_WORDS = {DRAFT: "draft", IN_REVIEW: "in review", APPROVED: "approved", PUBLISHED: "published"}
"""What Zenduty's clients are told, where nobody gave a text of their own."""

STATUSES_BY_WORD = {
    **dict.fromkeys(("draft", "in progress", "open", "started"), DRAFT),
    **dict.fromkeys(("in review", "review", "under review", "reviewing"), IN_REVIEW),
    **dict.fromkeys(("approved", "reviewed", "completed", "complete", "done", "closed", "final"), APPROVED),
    **dict.fromkeys(("published", "public", "shared"), PUBLISHED),
}

INCIDENT_IO_WORDS = {
    DRAFT: "in_progress",
    IN_REVIEW: "in_review",
    APPROVED: "completed",
    PUBLISHED: "completed",
}


def status_of_word(word: str) -> str | None:
    """Our status for somebody's word, whatever its case and hyphens; None for a text of their own."""
    return STATUSES_BY_WORD.get(" ".join(word.replace("_", " ").replace("-", " ").casefold().split()))


def one_text(sections: Iterable[tuple[str, str]]) -> str:
    """Titles and texts as one Markdown text. A title that was ours alone is left out again."""
    written = [(title, text) for title, text in sections if text.strip()]
    return "\n\n".join(
        text if place == 0 and title in OUR_TITLES else f"## {title}\n\n{text}"
        for place, (title, text) in enumerate(written)
    )
