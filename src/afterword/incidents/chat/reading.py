"""Finds the messages in what people paste or upload. Pure: no Django.

Told apart by what is in it: a Slack export (https://slack.com/help/articles/220556107: a folder for each
channel with a file for each day, and `users.json`), the answer of Slack's `conversations.history`, JSON in
the shape of the API, text as it is copied out of Slack, lines as of WeeChat and irssi, and lines like
`[2026-11-20 10:02] name: text`. Whatever it is, it is read within bounds, and what cannot be used is
counted and not guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from afterword.incidents.chat.exports import People, read_archive, read_slack_rows
from afterword.incidents.chat.formats import (
    FORMATS,
    JSON_MESSAGES,
    SLACK_EXPORT,
    Given,
    Reading,
    decoded,
    loaded,
    wrong,
)
from afterword.incidents.chat.logs import read_lines
from afterword.incidents.chat.markup import MARKUPS, Markup
from afterword.incidents.chat.messages import (
    MENTIONS_MAX,
    MESSAGES_READ_MAX,
    UPLOAD_BYTES_MAX,
    Said,
    clean_name,
    read_message,
    usable_channel,
)
from afterword.lib.errors import InvalidInput

COUNT_MAX = 1_000_000
"""Of what was not read before, carried along."""


def read_chat(data: bytes | str, given: Given) -> Reading:
    """The messages in a text or a file.

    Raises InvalidInput for `text` or `file` that is none of the formats or above a limit, for `day` and
    `zone` where the text needs one, and for `channel` where an export has several.
    """
    name = "file" if isinstance(data, bytes) else "text"
    size = len(data) if isinstance(data, bytes) else len(data.encode(errors="replace"))
    if size > UPLOAD_BYTES_MAX:
        raise wrong(name, f"Please give at most {UPLOAD_BYTES_MAX // (1024 * 1024)} MB at once.")
    if isinstance(data, bytes) and data.startswith(b"PK\x03\x04"):
        reading = read_archive(data, given)
    else:
        text = data if isinstance(data, str) else decoded(data)
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
        if not text.strip():
            raise wrong(name, "There is nothing in it.")
        reading = _read_json(text, name, given) if _looks_like_json(text) else read_lines(text, name, given)
    if not reading.messages:
        raise wrong(name, "No message was found in it.")
    ordered = sorted(reading.messages, key=lambda one: one.at)
    return replace(
        reading,
        messages=tuple(ordered[:MESSAGES_READ_MAX]),
        left_out=reading.left_out + max(len(ordered) - MESSAGES_READ_MAX, 0),
    )


def as_json(reading: Reading) -> str:
    """The messages in the shape of the API, and what was not read: `read_chat` makes the same of it again."""
    messages = [
        {
            name: value
            for name, value in {
                "id": one.id,
                "at": one.at.isoformat(),
                "author": one.author,
                "email": one.email,
                "text": one.text,
                "url": one.url,
                "thread": one.thread,
            }.items()
            if value
        }
        | ({"noise": True} if one.is_noise else {})
        | ({"mentioned": one.mentioned} if one.mentioned else {})
        for one in reading.messages
    ]
    whole = {
        "markup": "markdown",
        "channel": reading.channel,
        "format": reading.format,
        "skipped": reading.skipped,
        "left_out": reading.left_out,
        "messages": messages,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def people_in(messages: Iterable[Said]) -> Iterator[tuple[str, str, int]]:
    """Who wrote them: the name, the address if it is known, and how many; who wrote most first."""
    counts: dict[tuple[str, str], int] = {}
    for one in messages:
        counts[one.author, one.email] = counts.get((one.author, one.email), 0) + 1
    for (author, email), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield author, email, count


# JSON ---------------------------------------------------------------------------------------------------


def _looks_like_json(text: str) -> bool:
    return re.match(r"\s*(?:\{|\[\s*[\]{])", text) is not None


def _read_json(text: str, name: str, given: Given) -> Reading:
    try:
        whole = loaded(text, name)
    except InvalidInput:
        if not text.lstrip().startswith("{"):
            raise
        lines = enumerate(text.split("\n"), 1)
        whole = [loaded(line, name, number) for number, line in lines if line.strip()]
    channel, markup = "", "slack"
    told: Mapping[str, Any] = {}
    if isinstance(whole, Mapping):
        told = whole
        channel = whole["channel"] if isinstance(whole.get("channel"), str) else ""
        markup = whole.get("markup", "slack")
        whole = whole.get("messages", [whole])
    if markup not in MARKUPS:
        raise wrong(name, f"“markup” is one of: {', '.join(MARKUPS)}.")
    if not isinstance(whole, list):
        raise wrong(name, "“messages” is no list.")
    channel = usable_channel(channel) if channel.strip() else ""
    if any(isinstance(row, Mapping) and "ts" in row for row in whole[:50]):
        said, skipped = read_slack_rows(whole, People(), given)
        return Reading(SLACK_EXPORT, tuple(said), channel, skipped)
    left_out = max(len(whole) - MESSAGES_READ_MAX, 0) + _carried_count(told.get("left_out"))
    rows = enumerate(whole[:MESSAGES_READ_MAX], 1)
    usable = tuple(_read_row(row, number, name, markup, given) for number, row in rows)
    known = told.get("format")
    known = known if isinstance(known, str) and known in FORMATS else JSON_MESSAGES
    return Reading(known, usable, channel, _carried_count(told.get("skipped")), left_out)


def _carried_count(given: Any) -> int:
    """How much `as_json` says was not read when the text was still another one."""
    return min(max(given, 0), COUNT_MAX) if isinstance(given, int) else 0


def _read_row(row: Any, number: int, name: str, markup: Markup, given: Given) -> Said:
    is_noise, mentioned = False, None
    if isinstance(row, Mapping):
        row = dict(row)
        is_noise = row.pop("noise", False) is True
        if isinstance(row.get("mentioned"), list):
            mentioned = row.pop("mentioned")
    try:
        said = read_message(row, markup=markup, now=given.now)
    except InvalidInput as refusal:
        told = "; ".join(f"“{key}”: {reason}" for key, reason in refusal.fields.items())
        raise wrong(name, f"Message {number}: {told}") from None
    if mentioned is not None:
        names = (clean_name(one) for one in mentioned[:MENTIONS_MAX] if isinstance(one, str))
        said = replace(said, mentioned=tuple(filter(None, names)))
    return replace(said, is_noise=is_noise)
