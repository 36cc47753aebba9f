"""What was typed into boxes that are not there any more: a section that was taken out, for instance."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from afterword.accounts.models import Person
from afterword.fields.reads import digest_items
from afterword.incidents.rules import summary_digest
from afterword.lib.errors import AfterwordError, NotAllowed, NotFound
from afterword.postmortems import rules, writes
from afterword.postmortems.history.reads import title_of_section
from afterword.postmortems.models import Postmortem
from afterword.postmortems.outline.writes import add_section

STRAY, TITLE = "stray-", "stray-title-"
"""With which the names of the inputs begin that keep such a text and what its box was called."""
BACK, DROP = "back-", "drop-"
"""What the buttons beside it say, before its key."""
TEXT, BASE, SUMMARY, SUMMARY_BASE, FIELD = "text-", "base-", "summary-", "summary-base-", "field-"
VALUE, WAS = "-value", "-was"
KEY_CHARACTERS_MAX = 60
FRAGMENT_REFUSED = 422
"""The status with which the script puts a form that was refused back into its place."""

View = Callable[..., HttpResponse]


@dataclass
class Stray:
    """One text without a box."""

    key: str
    title: str
    text: str
    was_section: bool = False
    """Whether it was the text of a section, and can become one again."""
    error: str = ""


def find_strays(
    data: QueryDict,
    postmortem: Postmortem | None,
    *,
    known: Collection[str] = (),
    has_follow_ups: bool = False,
) -> list[Stray]:
    """The texts in `data` that were changed, and whose boxes are not among the `known` names of inputs.

    What was found once stays until somebody says that it is not needed.
    """
    return [
        *_kept(data),
        *_of_sections(data, postmortem, known),
        *_of_summaries(data, known),
        *_of_fields(data, known),
        *([] if has_follow_ups else _of_follow_ups(data)),
    ]


def settle_stray(*, actor: Person, postmortem: Postmortem, strays: list[Stray], said: str) -> str:
    """Do what a button beside one of them said; what was done, in words. It is then no longer among them."""
    stray = next((one for one in strays if said in (BACK + one.key, DROP + one.key)), None)
    if stray is None:
        return ""
    if said.startswith(DROP):
        strays.remove(stray)
        return ""
    try:
        with transaction.atomic():
            section = add_section(actor=actor, postmortem=postmortem, title=stray.title)
            writes.save_section(actor=actor, section=section, text=stray.text, version=section.version)
    except AfterwordError as refusal:
        stray.error = " ".join(refusal.fields.values()) or refusal.message
        return ""
    strays.remove(stray)
    return f"“{section.title}”, as a section at the end"


def keeps_words(view: View) -> View:
    """Answer those who may no longer write here, or see it, with the words that they sent."""

    @wraps(view)
    def kept(request: HttpRequest, number: int, **more: Any) -> HttpResponse:
        try:
            return view(request, number, **more)
        except (NotAllowed, NotFound) as refusal:
            words = find_strays(request.POST, None)
            # With script the boxes stay where they are, and the page says that it was refused.
            if not words or request.headers.get("HX-Request"):
                raise
            context = {"refusal": refusal, "words": words}
            return render(request, "postmortems/unsaved.html", context, status=refusal.status)

    return kept


def _kept(data: QueryDict) -> Iterator[Stray]:
    for name, text in data.items():
        if name.startswith(STRAY) and not name.startswith(TITLE) and str(text).strip():
            key = name.removeprefix(STRAY)
            if len(key) <= KEY_CHARACTERS_MAX:
                title = str(data.get(TITLE + key, ""))
                yield Stray(key, title or "A section", str(text), was_section=_is_id(key))


def _of_sections(data: QueryDict, postmortem: Postmortem | None, known: Collection[str]) -> Iterator[Stray]:
    for name, text in data.items():
        key = name.removeprefix(TEXT)
        is_lost = name.startswith(TEXT) and name not in known and _is_id(key) and str(text).strip()
        if is_lost and rules.text_digest(str(text)) != data.get(BASE + key, ""):
            title = title_of_section(postmortem, key) if postmortem is not None else ""
            yield Stray(key, title or "A section", str(text), was_section=True)


def _of_summaries(data: QueryDict, known: Collection[str]) -> Iterator[Stray]:
    for name, text in data.items():
        number = name.removeprefix(SUMMARY)
        is_lost = name.startswith(SUMMARY) and name not in known and number.isdigit()
        words = str(text).replace("\r\n", "\n").strip()
        if is_lost and words and summary_digest(words) != data.get(SUMMARY_BASE + number, ""):
            yield Stray(name, f"Summary of incident #{number}", words)


def _of_fields(data: QueryDict, known: Collection[str]) -> Iterator[Stray]:
    for name in data:
        key = name.removeprefix(FIELD).removesuffix(VALUE)
        if name != FIELD + key + VALUE or name in known or not _is_id(key):
            continue
        values = [str(value) for value in data.getlist(name) if str(value).strip()]
        if values and digest_items(tuple(values)) != data.get(FIELD + key + WAS, ""):
            yield Stray(name, "A field", "\n".join(values))


def _of_follow_ups(data: QueryDict) -> Iterator[Stray]:
    """What stood in the panel of follow-ups, whose section is gone."""
    for kind in ("new", "changed"):
        names = [f"follow-ups-{kind}-{name}" for name in ("title", "due_on", "ticket", "description")]
        lines = [str(data.get(name, "")).strip() for name in names]
        if any(lines):
            yield Stray(f"follow-up-{kind}", "A follow-up", "\n".join(filter(None, lines)))


def _is_id(key: str) -> bool:
    try:
        uuid.UUID(key)
    except ValueError:
        return False
    return True
