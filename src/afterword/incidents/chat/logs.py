"""Lines of a log, and text as it is copied out of Slack. Pure: no Django.

Lines as of WeeChat and irssi, lines like `[2026-11-20 10:02] name: text`, and what Slack puts on the
clipboard: a name and a time, and below it what was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from afterword.incidents.chat.days import (
    MONTHS,
    Ago,
    Line,
    Yearless,
    clock_of,
    date_of,
    named_day,
    placed,
    require_day_and_zone,
)
from afterword.incidents.chat.formats import BRACKETS, IRC, SLACK_COPY, WEECHAT, Given, Reading, wrong
from afterword.incidents.chat.markup import with_emoji
from afterword.incidents.chat.messages import MESSAGES_READ_MAX

LINE_CHARACTERS_MAX = 20_000
HEAD_CHARACTERS_MAX = 200
"""Of a line with a name and a time in it."""

_DATE = r"(?P<date>\d{4}-\d\d-\d\d)"
_CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?)"
_OFFSET = r"(?P<offset>Z| ?UTC| ?GMT| ?[+-]\d\d:?\d\d)?"
_NICK = r"(?P<nick>[^\s<>:\t][^<>:\t\n]{0,99}?)"

_ANGLED = r"<[@+%&~ ]?(?P<angled>[^<>\s]{1,100})>"

_BRACKETED = re.compile(
    rf"\[(?:{_DATE}[T ] ?)?{_CLOCK}{_OFFSET}\] ?(?:{_ANGLED}|{_NICK}:)(?: (?P<text>.*)|$)"
)
_BRACKETED_EVENT = re.compile(rf"\[(?:{_DATE}[T ] ?)?{_CLOCK}{_OFFSET}\] ?(?:\*|-!-|-->|<--)")
_WEECHAT = re.compile(rf"{_DATE} {_CLOCK}\t(?P<nick>[^\t]{{0,100}})\t(?P<text>.*)")
_IRC = re.compile(
    rf"(?:{_DATE}[T ])?{_CLOCK}{_OFFSET} {{0,2}}"
    rf"(?:{_ANGLED}|\* (?P<doing>[^\s-][^\s]{{0,99}}))(?: (?P<text>.*)|$)"
)
_IRC_EVENT = re.compile(rf"(?:{_DATE}[T ])?{_CLOCK} {{0,2}}(?:-!-|\*\*\*|-->|<--)")
_IRC_DAY = re.compile(
    r"--- (?:Day changed|Log opened) \w{3} (?P<month>\w{3}) (?P<day>\d\d)(?: [\d:]{8})? (?P<year>\d{4})"
)
_IRC_CLOSED = re.compile(r"--- Log closed ")

_SLACK_CLOCK = r"(?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
_AGO = r"(?:(?P<ago>Today|Yesterday) at )?"
_SLACK_HEAD = re.compile(
    # A name ends before the blanks, and those are taken whole: else each of them is tried as its end.
    rf"(?P<nick>\S(?:.{{0,98}}?\S)??)(?:  ++|\t++| ?\[){_AGO}{_SLACK_CLOCK}\]?\s*"
)
_SLACK_TIME_BELOW = re.compile(rf"\s+{_AGO}{_SLACK_CLOCK}\s*")
_SLACK_TIME_ALONE = re.compile(rf"{_SLACK_CLOCK}\s*")
_SLACK_DAY = re.compile(
    r"(?P<weekday>Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?P<month>[A-Z][a-z]+) (?P<day>\d{1,2})"
    r"(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?"
)
_SLACK_FURNITURE = re.compile(
    r"New|View thread|\d+ repl(?:y|ies)|Last reply .{1,60}|Also sent to the channel|"
    r"replied to a thread:.*"
)
_WEEKDAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
_AGO_DAYS = {"Today": 0, "Yesterday": 1}
_SLACK_JOINED = re.compile(
    r"(?:was added to |(?:has )?(?:joined|left) #|set the channel|(?:renamed|archived) the channel).*"
)
_APP = re.compile(r"(?: +|(?<=[a-z)]))(?:APP|BOT)$")


@dataclass
class _Lines:
    """What one way of reading makes of the lines."""

    format: str
    messages: list[Line] = field(default_factory=list)
    skipped: int = 0


def read_lines(text: str, name: str, given: Given) -> Reading:
    """The messages, by the way of reading that finds most.

    Raises InvalidInput for `name` if there are none, for `day` and `zone` where the text needs one.
    """
    lines = [line[:LINE_CHARACTERS_MAX].rstrip() for line in text.split("\n")]
    ways: Iterable[Callable[[Sequence[str]], _Lines]] = (_as_weechat, _as_irc, _as_brackets, _as_slack_copy)
    read = [way(lines) for way in ways]
    best = max(read, key=lambda one: len(one.messages))
    if not best.messages:
        raise wrong(
            name,
            "No message was recognised. Lines may look like “[2026-03-02 14:05] name: text”; text copied "
            "from Slack, logs of IRC, Slack's export and JSON are read as well.",
        )
    found = best.messages[: MESSAGES_READ_MAX * 2]
    require_day_and_zone(found, given)
    said, lost = placed(found, given)
    left_out = len(best.messages) - len(found)
    return Reading(best.format, tuple(said), "", best.skipped + lost, left_out)


def _as_brackets(lines: Sequence[str]) -> _Lines:
    read = _Lines(BRACKETS)
    for line in lines:
        if (found := _BRACKETED.fullmatch(line)) is not None:
            nick = found["angled"] or found["nick"]
            clock, day = clock_of(found["clock"]), date_of(found["date"])
            if clock is None or (found["date"] and day is None):
                read.skipped += 1
                continue
            read.messages.append(Line(nick, day, clock, found["offset"] or "", [found["text"] or ""]))
        elif _BRACKETED_EVENT.match(line):
            continue
        else:
            _go_on(read, line)
    return read


def _as_weechat(lines: Sequence[str]) -> _Lines:
    read = _Lines(WEECHAT)
    for line in lines:
        found = _WEECHAT.fullmatch(line)
        if found is None:
            _go_on(read, line)
            continue
        clock, day = clock_of(found["clock"]), date_of(found["date"])
        nick = found["nick"].strip().lstrip("@+%&~")
        if clock is None or day is None:
            read.skipped += 1
        elif nick in ("-->", "<--", "--", "=!=", ""):
            continue
        elif nick == "*":
            nick, _, text = found["text"].partition(" ")
            read.messages.append(Line(nick, day, clock, "", [text]))
        else:
            read.messages.append(Line(nick, day, clock, "", [found["text"]]))
    return read


def _as_irc(lines: Sequence[str]) -> _Lines:
    read = _Lines(IRC)
    day: date | None = None
    for line in lines:
        if (changed := _IRC_DAY.fullmatch(line)) is not None:
            day = named_day(changed["year"], changed["month"], changed["day"]) or day
        elif (found := _IRC.fullmatch(line)) is not None:
            clock, own_day = clock_of(found["clock"]), date_of(found["date"])
            if clock is None or (found["date"] and own_day is None):
                read.skipped += 1
                continue
            nick, offset = found["angled"] or found["doing"], found["offset"] or ""
            read.messages.append(Line(nick, own_day or day, clock, offset, [found["text"] or ""]))
            day = None
        elif not (_IRC_EVENT.match(line) or _IRC_CLOSED.match(line)):
            _go_on(read, line)
    return read


def _as_slack_copy(lines: Sequence[str]) -> _Lines:
    read = _Lines(SLACK_COPY)
    day: date | Yearless | Ago | None = None
    author = ""
    place = 0
    while place < len(lines):
        line, below = lines[place], lines[place + 1] if place + 1 < len(lines) else ""
        place += 1
        if (divider := _SLACK_DAY.fullmatch(line.strip())) is not None:
            day = _divided(divider) or day
            continue
        if (ago := _AGO_DAYS.get(line.strip())) is not None:
            day = Ago(ago, is_sure=not read.messages)
            continue
        head = _SLACK_HEAD.fullmatch(line) if len(line) <= HEAD_CHARACTERS_MAX else None
        is_name = bool(line.strip()) and len(line) <= HEAD_CHARACTERS_MAX and not line[:1].isspace()
        if head is None and is_name and _SLACK_TIME_BELOW.fullmatch(below[:HEAD_CHARACTERS_MAX]):
            head, place = _SLACK_HEAD.fullmatch(f"{line.strip()}  {below.strip()}"), place + 1
        alone = _SLACK_TIME_ALONE.fullmatch(line) if head is None and author else None
        found = head or alone
        clock = clock_of(found["clock"]) if found is not None else None
        if found is None or clock is None:
            if not _SLACK_FURNITURE.fullmatch(line.strip()):
                _go_on(read, line)
            continue
        is_app = False
        if head is not None:
            author = head["nick"].strip()
            day = Ago(_AGO_DAYS[head["ago"]], is_sure=True) if head["ago"] else day
            is_app = _APP.search(author) is not None
            author = _APP.sub("", author).strip()
        elif read.messages:
            is_app = read.messages[-1].is_noise
        half = (found["half"] or "").lower()
        read.messages.append(Line(author, day, clock, "", [], half, is_noise=is_app))
        day = None
    for one in read.messages:
        # Slack copies a picture of a sign by its name.
        one.lines = [with_emoji(line) for line in one.lines]
        # The dot matches no line break, so it is all that was said.
        one.is_noise = one.is_noise or _SLACK_JOINED.fullmatch("\n".join(one.lines).strip()) is not None
    return read


def _divided(divider: re.Match[str]) -> date | Yearless | None:
    """The day that a line between messages names, in the year that it names or in any."""
    month = divider["month"][:3]
    if divider["year"]:
        return named_day(divider["year"], month, divider["day"])
    weekday = _WEEKDAYS.index(divider["weekday"])
    return Yearless(weekday, MONTHS[month], int(divider["day"])) if month in MONTHS else None


def _go_on(read: _Lines, line: str) -> None:
    """A line without a time belongs to the message above it."""
    if read.messages:
        read.messages[-1].lines.append(line)
    elif line.strip():
        read.skipped += 1
