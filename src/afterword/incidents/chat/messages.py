"""A message of a chat as it comes from outside, and whether it can be used. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from afterword.fields.kinds import usable_link
from afterword.incidents.chat.markup import Markup, to_markdown, unescaped
from afterword.incidents.rules import check_moment
from afterword.lib.errors import InvalidInput
from afterword.lib.text import one_line

CHANNEL_CHARACTERS_MAX = 100
AUTHOR_CHARACTERS_MAX = 100
MESSAGE_ID_CHARACTERS_MAX = 200
EMAIL_CHARACTERS_MAX = 254
URL_CHARACTERS_MAX = 2_000
TEXT_CHARACTERS_MAX = 10_000
"""As it is written in the chat, unless that is Markdown."""
MARKDOWN_CHARACTERS_MAX = 20_000
"""As an entry keeps it."""
MESSAGES_AT_ONCE_MAX = 500
"""In one call of the API."""
MESSAGES_READ_MAX = 5_000
"""Of one text or file."""
MESSAGES_ADDED_MAX = 1_500
"""From one page: a form carries no more."""
MESSAGES_OF_INCIDENT_MAX = 20_000
PEOPLE_MATCHED_MAX = 200
"""Authors who can be matched by hand at once."""
UPLOAD_BYTES_MAX = 2 * 1024 * 1024
UNPACKED_BYTES_MAX = 16 * 1024 * 1024
ARCHIVE_FILES_MAX = 2_000
MARGIN = timedelta(minutes=1)
"""Chats tell times to the minute."""
MENTIONS_MAX = 200
"""People named by an @ in one message, of whom it is kept who they are."""
KNOWN_KEYS = ("id", "at", "author", "email", "text", "url", "thread")
_MENTION = re.compile(r"<@([^<>|\n]{1,100})(?:\|([^<>\n]{1,200}))?>")
_NAME_WORD = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
THINGS = frozenset(
    """
    alarm alarms alert alerting alertmanager alerts api app apps argocd assistant automation autoscaler
    backend bot bots build builds checks ci circleci cluster company console corp customer customers
    cronjob dashboard data datadog database deploy deployer deployment deployments deploys engine
    feed firehydrant forum frontend gateway github gitlab gmbh grafana helpdesk inc incident incidents
    infra infrastructure integration jenkins jira kafka kernel kubernetes linter logger logs ltd mailer
    message messages metrics monitor monitoring monitors network noc notification notifications notifier
    oncall operations operator ops opsgenie orchestrator outage pagerduty pager pipeline pipelines
    platform playbook portal postgres probe prometheus provider proxy queue redis release releases
    reminder report reports robot rollout rootly router runbook runner scanner scheduler security sentry
    server service services slack slackbot sla splunk sre standup status statuspage storage support
    system systems team teams telemetry terraform test tests ticket tickets timeline tool tools tracker
    uptime user users vendor watchdog webhook webhooks wiki workflow workflows zapier zendesk zenduty
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Words of programs and teams that write in chats. Words that many people are called by are none of them."""
_SECONDS = re.compile(r"(\d{9,11})(?:\.(\d{1,9}))?")

assert MESSAGES_ADDED_MAX + PEOPLE_MATCHED_MAX < 1_990, "a form has at most 2,000 fields"


@dataclass(frozen=True)
class Said:
    """A message that can be used."""

    id: str
    at: datetime
    author: str
    text: str
    """Markdown."""
    email: str = ""
    url: str = ""
    thread: str = ""
    is_noise: bool = False
    """Somebody came or went, or a program wrote."""
    mentioned: tuple[str, ...] = ()
    """The names of those whom the chat itself marked in the text."""


@dataclass(frozen=True)
class Refusal:
    """A message that cannot be used: its place among those sent, from 0, and what is wrong with what."""

    index: int
    field: str
    reason: str


def read_message(
    given: Any, *, markup: Markup, now: datetime, names: Mapping[str, str] | None = None
) -> Said:
    """A message in the shape of the API. Raises InvalidInput, naming the field."""
    if not isinstance(given, Mapping):
        raise _wrong("message", "Please send each message as an object.")
    unknown = sorted(str(key) for key in given.keys() - set(KNOWN_KEYS))
    if unknown:
        raise _wrong(unknown[0][:100], f"Nothing is called this. There are: {', '.join(KNOWN_KEYS)}.")
    text = _string(given, "text")
    characters_max = MARKDOWN_CHARACTERS_MAX if markup == "markdown" else TEXT_CHARACTERS_MAX
    if len(text) > characters_max:
        raise _wrong("text", f"Please use at most {characters_max:,} characters.")
    at = _moment(given.get("at"))
    check_moment("at", at, now=now)
    said = to_markdown(text, markup, names)
    if not said:
        raise _wrong("text", "Please fill this in.")
    if len(said) > MARKDOWN_CHARACTERS_MAX:
        raise _wrong("text", f"As Markdown it has more than {MARKDOWN_CHARACTERS_MAX:,} characters.")
    url = _string(given, "url", required=False)
    email = _string(given, "email", required=False)
    return Said(
        id=one_line("id", _id(given, "id", required=True), characters_max=MESSAGE_ID_CHARACTERS_MAX),
        at=at,
        author=one_line("author", _string(given, "author"), characters_max=AUTHOR_CHARACTERS_MAX),
        text=said,
        mentioned=mentioned_in(text, names or {}) if markup == "slack" else (),
        email=one_line("email", email, characters_max=EMAIL_CHARACTERS_MAX, required=False).casefold(),
        url=usable_link(url, characters_max=URL_CHARACTERS_MAX) if url else "",
        thread=one_line(
            "thread", _id(given, "thread"), characters_max=MESSAGE_ID_CHARACTERS_MAX, required=False
        ),
    )


def usable_channel(channel: str) -> str:
    """The name of a channel without its sign. Raises InvalidInput."""
    name = one_line("channel", channel, characters_max=CHANNEL_CHARACTERS_MAX + 1).lstrip("#").strip()
    return one_line("channel", name, characters_max=CHANNEL_CHARACTERS_MAX)


def moment_of(seconds: str) -> datetime | None:
    """When a message was written, from Slack's `ts`: seconds since 1970 in UTC, `1763632920.000100`."""
    found = _SECONDS.fullmatch(seconds)
    if found is None:
        return None
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(found[1]))
    return whole + timedelta(microseconds=int((found[2] or "0").ljust(6, "0")[:6]))


def within(said: Collection[Said], start: datetime, end: datetime) -> list[Said]:
    """Those that were written while it lasted, as exactly as a chat tells the time."""
    return [one for one in said if start - MARGIN < one.at < end + MARGIN]


def clean_name(name: str) -> str:
    """A name as it can be kept: on one line, without what would not be seen, not too long."""
    kept = "".join(letter for letter in name if letter.isspace() or unicodedata.category(letter)[0] != "C")
    return " ".join(kept.split())[:AUTHOR_CHARACTERS_MAX].strip()


def mentioned_in(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Whom `<@U123>` and `<@U123|label>` of Slack name, `MENTIONS_MAX` at most; `names` by the id."""
    told = (names.get(found[1]) or unescaped(found[2] or "") for found in _MENTION.finditer(text))
    named = dict.fromkeys(clean_name(name).lstrip("@") for name in told)
    return tuple(name for name in named if name)[:MENTIONS_MAX]


def is_like_a_persons(name: str, ours: Collection[str] = ()) -> bool:
    """Whether its words can be first and last names, in whatever letters: “Ada van Wren”, “wren okafor” and
    “zz.quill”, and not “Provider support” or “IncidentBot”.

    Not where one of its words names a thing, or is all of it and one of `ours`: words, in small letters, of
    which services are called. Of a name that is not, a word alone is nobody's.
    """
    words = [word.casefold() for word in _NAME_WORD.findall(_CAMEL.sub(" ", name))]
    if len(words) == 1 and words[0] in ours:
        return False
    return not any(word in THINGS for word in words)


def _moment(given: Any) -> datetime:
    if isinstance(given, datetime):
        at: datetime | None = given
    elif isinstance(given, str):
        try:
            at = datetime.fromisoformat(given.strip())
        except ValueError:
            at = moment_of(given.strip())
    else:
        at = None
    if at is None:
        raise _wrong("at", "Please give a moment as in 2026-03-02T14:05:00Z.")
    if at.tzinfo is None:
        raise _wrong("at", "Please give the time zone as well, as in 2026-03-02T14:05:00Z.")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise _wrong("at", "Please give a moment as in 2026-03-02T14:05:00Z.") from None


def _id(given: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    value = given.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        return str(value)
    return _string(given, name, required=required)


def _string(given: Mapping[str, Any], name: str, *, required: bool = True) -> str:
    value = given.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _wrong(name, "Please give this as text.")
    if required and not value.strip():
        raise _wrong(name, "Please fill this in.")
    return value


def _wrong(field: str, reason: str) -> InvalidInput:
    return InvalidInput(fields={field: reason})
