"""Slack's export, and messages as its API answers them. Pure: no Django.

An export has a folder for each channel with a file for each day, and `users.json`:
https://slack.com/help/articles/220556107. Its messages are those of `conversations.history`.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from afterword.incidents.chat.formats import (
    SLACK_EXPORT,
    Given,
    Reading,
    decoded,
    has_been,
    kept_markdown,
    loaded,
    wrong,
)
from afterword.incidents.chat.messages import (
    ARCHIVE_FILES_MAX,
    EMAIL_CHARACTERS_MAX,
    MESSAGES_READ_MAX,
    UNPACKED_BYTES_MAX,
    Said,
    clean_name,
    mentioned_in,
    moment_of,
)
from afterword.lib.text import is_blank

CHANNELS_NAMED_MAX = 10
FILES_NAMED_MAX = 20
"""Of those that were sent with a message."""
_NOISE_SUBTYPES = frozenset({"bot_message", "bot_add", "bot_remove", "reminder_add", "tombstone"})
_SAID_SUBTYPES = frozenset({"", "thread_broadcast", "me_message", "file_share", "file_comment"})


@dataclass(frozen=True)
class People:
    """Who is who in a workspace, by the id."""

    names: Mapping[str, str] = field(default_factory=dict)
    emails: Mapping[str, str] = field(default_factory=dict)


def read_archive(data: bytes, given: Given) -> Reading:
    """The messages of one channel. Raises InvalidInput for `file` and, where it has several, `channel`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_export(archive, given)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        raise wrong("file", "This archive is damaged, or packed in a way that is not read here.") from None


def _read_export(archive: zipfile.ZipFile, given: Given) -> Reading:
    files = [one for one in archive.infolist() if one.filename.endswith(".json") and not one.is_dir()]
    if len(files) > ARCHIVE_FILES_MAX:
        raise wrong("file", f"Please pack at most {ARCHIVE_FILES_MAX:,} files.")
    days: dict[str, list[zipfile.ZipInfo]] = {}
    for one in files:
        path = PurePosixPath(one.filename)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", path.stem):
            days.setdefault(path.parent.name, []).append(one)
    if not days:
        raise wrong("file", "There is no day of a channel in it, such as incidents/2026-03-02.json.")
    wanted = given.channel.lstrip("#").strip().casefold()
    chosen = [name for name in days if name.casefold() == wanted] or list(days)
    if len(chosen) > 1:
        named = ", ".join(f"#{name}" for name in sorted(chosen)[:CHANNELS_NAMED_MAX])
        raise wrong("channel", f"Please say which channel of the export it is: {named}.")
    room = _Room(UNPACKED_BYTES_MAX)
    users = [one for one in files if PurePosixPath(one.filename).name == "users.json"]
    people = _people_of(room.read(archive, users[0])) if users else People()
    said: list[Said] = []
    skipped = 0
    for one in sorted(days[chosen[0]], key=lambda one: one.filename):
        rows = room.read(archive, one)
        if not isinstance(rows, list):
            skipped += 1
            continue
        found, lost = read_slack_rows(rows, people, given)
        said += found
        skipped += lost
        if len(said) > MESSAGES_READ_MAX * 4:
            break
    return Reading(SLACK_EXPORT, tuple(said), chosen[0], skipped)


class _Room:
    """How much may be unpacked yet, whatever the archive says of itself."""

    def __init__(self, bytes_max: int) -> None:
        self._left = bytes_max

    def read(self, archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Any:
        with archive.open(one) as file:
            data = file.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            most = UNPACKED_BYTES_MAX // (1024 * 1024)
            raise wrong("file", f"Unpacked it has more than {most} MB. Please pack only the days needed.")
        return loaded(decoded(data), "file")


def _people_of(users: Any) -> People:
    names: dict[str, str] = {}
    emails: dict[str, str] = {}
    for one in users if isinstance(users, list) else ():
        if not isinstance(one, Mapping) or not isinstance(key := one.get("id"), str):
            continue
        profile = one.get("profile")
        names[key] = _called(profile if isinstance(profile, Mapping) else {}, one) or key
        email = profile.get("email") if isinstance(profile, Mapping) else None
        if isinstance(email, str):
            emails[key] = _clean_address(email)
    return People(names, emails)


def _clean_address(email: str) -> str:
    """Without what would not be seen; nothing of one that is too long."""
    kept = "".join(letter for letter in email if unicodedata.category(letter)[0] not in "CZ").casefold()
    return kept if len(kept) <= EMAIL_CHARACTERS_MAX else ""


def _called(*places: Mapping[str, Any]) -> str:
    for place in places:
        for name in ("real_name", "real_name_normalized", "display_name", "name", "username"):
            value = place.get(name)
            if isinstance(value, str) and (kept := clean_name(value)):
                return kept
    return ""


def read_slack_rows(rows: Sequence[Any], people: People, given: Given) -> tuple[list[Said], int]:
    """The messages that can be used, and how many cannot."""
    said: list[Said] = []
    skipped = 0
    for row in rows:
        one = _slack_message(row, people, given) if isinstance(row, Mapping) else None
        if one is None:
            skipped += 1
        else:
            said.append(one)
    return said, skipped


def _slack_message(row: Mapping[str, Any], people: People, given: Given) -> Said | None:
    """A message as Slack's export and its `conversations.history` give it."""
    ts = _text_in(row, "ts")
    at = moment_of(ts)
    if at is None or not has_been(at, given):
        return None
    subtype = str(row.get("subtype") or "")
    user, text, thread = _text_in(row, "user"), _text_in(row, "text"), _text_in(row, "thread_ts")
    profile = row.get("user_profile")
    author = people.names.get(user) or _called(profile if isinstance(profile, Mapping) else {}, row) or user
    author = clean_name(author)
    markdown = kept_markdown(text, "slack", people.names)
    if files := ", ".join(_files_of(row)):
        markdown = "\n\n".join(filter(None, [markdown, kept_markdown(f"[File: {files}]", "plain")]))
    if not markdown or is_blank(author):
        return None
    is_bot = bool(row.get("bot_id")) or subtype in _NOISE_SUBTYPES
    return Said(
        id=ts,
        at=at,
        author=author,
        text=markdown,
        email=people.emails.get(user, ""),
        thread=thread if thread != ts and moment_of(thread) else "",
        is_noise=is_bot or subtype not in _SAID_SUBTYPES,
        mentioned=mentioned_in(text, people.names),
    )


def _text_in(row: Mapping[str, Any], name: str) -> str:
    return value if isinstance(value := row.get(name), str) else ""


def _files_of(row: Mapping[str, Any]) -> list[str]:
    """The names of what was sent with a message, `FILES_NAMED_MAX` at most."""
    files = row.get("files")
    rows = files[:FILES_NAMED_MAX] if isinstance(files, list) else []
    return [clean_name(name) for one in rows if isinstance(one, Mapping) and (name := _text_in(one, "name"))]
