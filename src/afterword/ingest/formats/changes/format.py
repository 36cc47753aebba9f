from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from afterword.incidents.models import (
    CHANGE_TITLE_LENGTH_MAX,
    CHANGE_WORD_LENGTH_MAX,
    ENTITY_ID_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    ChangeKind,
)
from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import read_object, read_row
from afterword.ingest.formats.fields import (
    LINKS_MAX,
    entity_of,
    joined,
    link,
    text_in,
    text_of,
    time_of,
    write_json,
)
from afterword.ingest.formats.signal import BadSignal, ChangeContent, CheckedSignal, SignalRequest

KIND = "changes"
KINDS = tuple(ChangeKind.values)
TEXTS: dict[str, int] = {
    "title": CHANGE_TITLE_LENGTH_MAX,
    "service": CHANGE_WORD_LENGTH_MAX,
    "version": CHANGE_WORD_LENGTH_MAX,
    "author": CHANGE_WORD_LENGTH_MAX,
    "environment": CHANGE_WORD_LENGTH_MAX,
    "state": CHANGE_WORD_LENGTH_MAX,
    "id": ENTITY_ID_LENGTH_MAX,
    "summary": SUMMARY_LENGTH_MAX,
    "diff_summary": SUMMARY_LENGTH_MAX,
}
"""The fields with words, and how many characters each takes."""
LINK_SHAPE = '{"link_url": "https://...", "link_text": "..."}'
NOT_TEXT = "A text is expected."


class ChangesFormat(ZendutyAnswers):
    """`POST /integration/{org}/changes/{key}/`. Unlike other people's formats it is strict: it is ours."""

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        body = read_object(request.body)
        _check(body)
        return (CheckedSignal(write_json(body), entity_of(text_in(body, "id"))),)

    def read(self, text: str) -> ChangeContent:
        body = read_row(text)
        _check(body)
        return ChangeContent(
            kind=text_in(body, "kind") or ChangeKind.DEPLOY.value,
            title=text_in(body, "title"),
            at=time_of(body.get("at")),
            summary=joined([text_in(body, "summary"), text_in(body, "diff_summary")]),
            version=text_in(body, "version"),
            author=text_in(body, "author"),
            environment=text_in(body, "environment"),
            state=text_in(body, "state"),
            links=[found for given in body.get("links") or [] for found in _link(given)],
            source_id=text_in(body, "id"),
            service=text_in(body, "service"),
            details=body.get("details"),
        )


FORMAT = ChangesFormat()


def _check(body: Mapping[str, Any]) -> None:
    errors: dict[str, str] = {}
    for name, characters_max in TEXTS.items():
        value = body.get(name)
        if value is not None and (not isinstance(value, str | int | float) or isinstance(value, bool)):
            errors[name] = NOT_TEXT
        elif len(text_of(value)) > characters_max:
            errors[name] = f"It takes at most {characters_max:,} characters."
    if "title" not in errors and not text_in(body, "title"):
        errors["title"] = "This field is required."
    if body.get("kind") is not None and body["kind"] not in KINDS:
        errors["kind"] = f"One of these is expected: {', '.join(KINDS)}."
    if body.get("at") is not None and time_of(body["at"]) is None:
        errors["at"] = "A time is expected, as in 2026-03-02T14:05:00Z, or in seconds since 1970."
    if body.get("links") is not None:
        _check_links(body["links"], errors)
    if errors:
        raise BadSignal(errors)


def _check_links(links: Any, errors: dict[str, str]) -> None:
    if not isinstance(links, list) or len(links) > LINKS_MAX:
        errors["links"] = f"A list of at most {LINKS_MAX} links is expected."
    elif not all(_link(given) for given in links):
        errors["links"] = f"Each is an address of the web, or {LINK_SHAPE}."


def _link(given: Any) -> list[dict[str, str]]:
    if isinstance(given, dict):
        return link(given.get("link_url"), text_in(given, "link_text"))
    return link(given)
