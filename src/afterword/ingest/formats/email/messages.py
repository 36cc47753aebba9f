"""A raw mail, read with the standard library within bounds: the headers that matter, and its text. Pure."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import BaseHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from itertools import islice
from typing import Any, cast

from afterword.ingest.formats.bodies import REPLACEMENT
from afterword.ingest.formats.signal import BadSignal

HEADER_CHARACTERS_MAX = 4_096
"""Of one header; the rest is cut off. The library takes far longer for long ones."""
PARTS_MAX = 200
PARTS_LINES_MAX = 5_000
"""Lines that begin like the boundary of a part. So many are looked at in a quarter of a second."""
NESTED_PARTS_MAX = 200
"""Parts that hold parts. For each that is open, the library compares each line with its boundary."""
TEXT_CHARACTERS_MAX = 20_000
HTML_CHARACTERS_MAX = 200_000
NAME_CHARACTERS_MAX = 200
ATTACHMENTS_MAX = 50
REFERENCES_MAX = 20
CANNOT_BE_READ = "The message cannot be read."

LINE_TAGS = frozenset(
    {
        "blockquote",
        "br",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tr",
        "ul",
    }
)
CELL_TAGS = frozenset({"td", "th"})
UNSEEN_TAGS = frozenset({"head", "title", "style", "script"})
_UNSEEN_ENDS = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in UNSEEN_TAGS}
_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][a-zA-Z0-9]{0,20})(?![a-zA-Z0-9])[^<>]*>|[!?/][^<>]*>)")
_BLANKS = re.compile(r"[ \t\f\v\u00a0]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_NESTING = re.compile(rb"^content-type:\s{0,20}(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What of a mail means something to us."""

    subject: str
    sender: str
    date: str
    message_id: str
    references: list[str]
    """The ids of the mails that it answers or follows, the first of the thread first."""
    text: str
    attachments: list[str]
    """Their names. Their contents are not kept."""
    content_type: str
    headers: dict[str, str]
    """Those that tell of automatic answers, by their names in small letters."""
    hops: int
    """How many servers it came over."""


AUTOMATIC_HEADERS = (
    "auto-submitted",
    "precedence",
    "x-autoreply",
    "x-autorespond",
    "x-auto-response",
    "x-afterword",
)


class BoundedPolicy(EmailPolicy):
    """The default policy of the library, for which no header is too long and none too odd."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        if isinstance(value, BaseHeader):
            return value
        try:
            return super().header_fetch_parse(name, value[:HEADER_CHARACTERS_MAX])
        except Exception:
            # Its parser meets headers that it does not know what to do with, in ever new ways.
            return super().header_fetch_parse(name, "")


POLICY = BoundedPolicy()


def read_mail(raw: bytes) -> Mail:
    """Read a message of at most a few megabytes. Raises BadSignal."""
    if not raw.strip():
        raise BadSignal({"body": "The message is empty."})
    if raw.count(b"\n--") > PARTS_LINES_MAX:
        raise BadSignal({"body": "The message has too many parts."})
    if sum(1 for _ in islice(_NESTING.finditer(raw), NESTED_PARTS_MAX + 1)) > NESTED_PARTS_MAX:
        raise BadSignal({"body": "The message has too many parts within parts."})
    try:
        return _read(cast(EmailMessage, message_from_bytes(raw, policy=POLICY)))
    except Exception as error:
        # The library promises to read whatever comes, and does not: RecursionError, LookupError, IndexError.
        raise BadSignal({"body": CANNOT_BE_READ}) from error


def _read(message: EmailMessage) -> Mail:
    parts = [part for _, part in zip(range(PARTS_MAX), message.walk(), strict=False)]
    ids = _MESSAGE_ID.findall(_header(message, "references")) or _MESSAGE_ID.findall(
        _header(message, "in-reply-to")
    )
    own = _MESSAGE_ID.findall(_header(message, "message-id"))
    return Mail(
        subject=_header(message, "subject"),
        sender=_header(message, "from"),
        date=_header(message, "date"),
        message_id=own[0] if own else "",
        references=ids[:REFERENCES_MAX],
        text=_text(parts),
        attachments=_attachments(parts),
        content_type=message.get_content_type(),
        headers={name: text for name in AUTOMATIC_HEADERS if (text := _header(message, name))},
        hops=len(message.get_all("received", [])),
    )


def _header(message: EmailMessage, name: str) -> str:
    return " ".join(_clean(str(message.get(name, ""))).split())


def _text(parts: list[EmailMessage]) -> str:
    """The first part that is plain text; where there is none, the first in HTML."""
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == wanted and not _is_attachment(part):
                text = _decoded(part)
                if wanted == "text/html":
                    text = _without_markup(text)
                text = _tidy(text)
                if text:
                    return text
    return ""


def _attachments(parts: list[EmailMessage]) -> list[str]:
    names = [
        _clean(part.get_filename() or part.get_content_type())[:NAME_CHARACTERS_MAX]
        for part in parts
        if _is_attachment(part)
    ]
    return names[:ATTACHMENTS_MAX]


def _is_attachment(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _decoded(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    content = content[: HTML_CHARACTERS_MAX * 4]
    for charset in (part.get_content_charset() or "utf-8", "utf-8"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            continue
    # No text fails to be this, and most that claim nothing are.
    return content.decode("cp1252", errors="replace")


def _without_markup(text: str) -> str:
    """What one sees of the HTML, as plain text: it is shown as text, never as HTML. One pass, linear."""
    text = text[:HTML_CHARACTERS_MAX]
    seen: list[str] = []
    place = 0
    while (found := _TAG.search(text, place)) is not None:
        seen.append(text[place : found.start()])
        comment, closing, tag = found[1], found[2], (found[3] or "").lower()
        if tag in LINE_TAGS:
            seen.append("\n")
        elif tag in CELL_TAGS:
            seen.append(" ")
        place = found.end()
        if comment:
            end = text.find("-->", place)
            place = end + len("-->") if end >= 0 else len(text)
        elif tag in UNSEEN_TAGS and not closing:
            ended = _UNSEEN_ENDS[tag].search(text, place)
            place = ended.start() if ended else len(text)
    return html.unescape("".join([*seen, text[place:]]))


def _tidy(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in _clean(text).splitlines())
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()[:TEXT_CHARACTERS_MAX]


def _clean(text: str) -> str:
    """Without NUL, and without the halves of characters by which the library shows bytes that are no text."""
    return text.encode(errors="replace").decode().replace("\0", REPLACEMENT)
