"""What people paste or upload is recognised, and what cannot be read is said at its field."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword.incidents.chat import reading as module
from afterword.incidents.chat.formats import Given, Reading
from afterword.incidents.chat.markup import Markup, to_markdown
from afterword.incidents.chat.reading import as_json, read_chat
from afterword.lib.errors import InvalidInput
from tests.pace import within

pytestmark = pytest.mark.pure

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = Given(now=NOW, day=date(2026, 11, 20), zone=ZoneInfo("Europe/Berlin"))

COPIED = """Ada Lovelace  11:58 AM
Checkout is slow, see https://graphs.example.com/d/1
12:01
and # of errors grows
New
Bob
  1:03 PM
rolled back (edited)
1:10
done :tada:
3 replies
PagerDuty APP  1:11 PM
Resolved
Grace  1:12 PM
joined #inc-42.
Friday, November 20th, 2026
Bob  11:59 PM
late
12:04 AM
over midnight
"""


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.at.strftime("%d %H:%M"), one.author, one.text) for one in reading.messages]


def test_text_copied_from_slack_becomes_messages_with_their_times() -> None:
    reading = read_chat(COPIED, BERLIN)
    assert told(reading) == [
        ("20 10:58", "Ada Lovelace", "Checkout is slow, see <https://graphs.example.com/d/1>"),
        ("20 11:01", "Ada Lovelace", "and # of errors grows"),
        ("20 12:03", "Bob", "rolled back"),
        ("20 12:10", "Bob", "done 🎉"),
        ("20 12:11", "PagerDuty", "Resolved"),
        ("20 12:12", "Grace", "joined #inc-42."),
        ("20 22:59", "Bob", "late"),
        ("20 23:04", "Bob", "over midnight"),
    ]
    assert [one.author for one in reading.messages if one.is_noise] == ["PagerDuty", "Grace"]


LINES = {
    "brackets": (
        "[2026-11-20 10:02] ada: it broke: all\nand more\n[2026-11-20 10:03:30 UTC] bob: ok\nnonsense",
        [("20 09:02", "ada", "it broke: all\\\nand more"), ("20 10:03", "bob", "ok\\\nnonsense")],
    ),
    "only times, over midnight": (
        "[23:55] ada: late\n[00:05] <@ada> next",
        [("20 22:55", "ada", "late"), ("20 23:05", "ada", "next")],
    ),
    "weechat": (
        "2026-11-20 10:02:33\t-->\tada (a@b) has joined\n2026-11-20 10:02:34\t@ada\thi\n"
        "2026-11-20 10:02:35\t *\tada waves",
        [("20 09:02", "ada", "hi"), ("20 09:02", "ada", "waves")],
    ),
    "irssi": (
        "--- Log opened Thu Nov 19 09:00:00 2026\n10:02 -!- ada [~a@b] has joined #x\n10:02 <@ada> hi\n"
        "10:03  * bob nods\n--- Day changed Fri Nov 20 2026\n00:01 < bob> night",
        [("19 09:02", "ada", "hi"), ("19 09:03", "bob", "nods"), ("19 23:01", "bob", "night")],
    ),
    "lines of JSON": (
        '{"id": 1, "at": "2026-11-20T10:00:00Z", "author": "ada", "text": "*x*"}\n'
        '{"id": "2", "at": "2026-11-20T12:00:00+01:00", "author": "bob", "text": "y"}',
        [("20 10:00", "ada", "**x**"), ("20 11:00", "bob", "y")],
    ),
    "the answer of Slack's API": (
        json.dumps(
            {"messages": [{"ts": "1795168920.000100", "username": "deploys", "text": "v2", "bot_id": "B"}]}
        ),
        [("20 10:02", "deploys", "v2")],
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_each_format_is_told_by_what_is_in_it(name: str) -> None:
    text, expected = LINES[name]
    assert told(read_chat(text, BERLIN)) == expected


def test_the_same_text_has_the_same_ids_and_equal_lines_have_their_own() -> None:
    text = "[10:02] ada: ok\n[10:02] ada: ok"
    first, second = (read_chat(text, BERLIN).messages for _ in range(2))
    assert [one.id for one in first] == [one.id for one in second]
    assert len({one.id for one in first}) == 2


def packed(**files: Any) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content if isinstance(content, bytes) else json.dumps(content))
    return data.getvalue()


USERS = [{"id": "U1", "profile": {"real_name": "Ada Lovelace", "email": "Ada@example.com"}}]
DAY = [
    {"ts": "1795168920.000100", "user": "U1", "text": "<@U1> &lt;b&gt; <https://x.example/y|graph> :fire:"},
    {"ts": "1795168921.000100", "user": "U9", "subtype": "channel_join", "text": "<@U9> has joined"},
    {
        "ts": "1795168922.000100",
        "user": "U1",
        "text": "",
        "thread_ts": "1795168920.000100",
        "files": [{"name": "g.png"}],
    },
    {"ts": "never", "text": "x"},
]


def test_an_export_of_slack_knows_its_people_and_reads_the_same_again() -> None:
    data = packed(**{"users.json": USERS, "inc-42/2026-11-20.json": DAY})
    reading = read_chat(data, Given(now=NOW))
    assert (reading.channel, reading.skipped) == ("inc-42", 1)
    assert told(reading)[0][1:] == ("Ada Lovelace", "@Ada Lovelace \\<b> [graph](https://x.example/y) 🔥")
    assert [one.email for one in reading.messages] == ["ada@example.com", "", "ada@example.com"]
    assert [one.is_noise for one in reading.messages] == [False, True, False]
    assert reading.messages[2].thread == "1795168920.000100"
    # With the format, and how much was not read.
    assert read_chat(as_json(reading), Given(now=NOW)) == reading


@pytest.mark.parametrize("text", ["a" * 12_000, "*_" * 6_000], ids=["as long", "longer"])
def test_a_long_message_is_cut_and_refuses_no_export(text: str) -> None:
    rows = [DAY[0], {"ts": "1795168921.000100", "user": "U1", "text": text}]
    reading = read_chat(packed(**{"users.json": USERS, "inc-42/2026-11-20.json": rows}), Given(now=NOW))
    assert reading.messages[1].text.endswith("…")
    assert read_chat(as_json(reading), Given(now=NOW)).messages == reading.messages


def test_an_export_with_letters_that_nothing_can_write_is_read_without_them() -> None:
    users = [
        {"id": "U1", "profile": {"real_name": "A\ud800da", "email": "Ada\ud800@example.com\0"}},
        {"id": "U2", "profile": {"real_name": "\u3164", "email": "x" * 250 + "@example.com"}},
    ]
    rows = [DAY[0], {"ts": "1795168921.000100", "user": "U2", "text": "nobody"}]
    reading = read_chat(packed(**{"users.json": users, "inc-42/2026-11-20.json": rows}), Given(now=NOW))
    assert [(one.author, one.email) for one in reading.messages] == [("Ada", "ada@example.com")]
    assert reading.skipped == 1
    answer = {"channel": "inc\ud800", "messages": [{"ts": "1795168920.000100", "username": "a", "text": "x"}]}
    reading = read_chat(json.dumps(answer), Given(now=NOW))
    assert reading.channel == "inc"
    assert read_chat(as_json(reading).encode(), Given(now=NOW)) == reading


DAYS = {
    "of the year of the first day": ("Monday, March 2nd\nAda  10:02 AM\nhi", "2026-03-02", ["2026-03-02"]),
    "of the next year": (
        "Ada  11:58 PM\nhi\nThursday, January 1st\nAda  9:00 AM\nho",
        "2025-12-31",
        ["2025-12-31", "2026-01-01"],
    ),
    "before the first day": ("Wednesday, December 31st\nAda  9:00 AM\nhi", "2026-01-01", ["2025-12-31"]),
    "of no such day of the week": ("Friday, March 3rd\nAda  9:00 AM\nhi", "2026-03-02", ["2026-03-03"]),
    "beside the time": (
        "Ada  Yesterday at 9:02 AM\nhi\n9:03\nso\nBob\n  Today at 10:00 AM\nho",
        "2026-03-02",
        ["2026-11-20", "2026-11-20", "2026-11-21"],
    ),
    "as a line": (
        "Yesterday\nAda  9:02 AM\nhi\nToday\nAda  10:00 AM\nho",
        "2026-03-02",
        ["2026-11-20", "2026-11-21"],
    ),
    "as an answer": (
        "Ada  9:02 AM\nSince when?\nBob  9:03 AM\nToday\nAda  9:04 AM\nho",
        "2026-03-02",
        ["2026-03-02"] * 2,
    ),
}


@pytest.mark.parametrize("name", DAYS)
def test_a_day_without_its_year_is_the_one_that_is_meant(name: str) -> None:
    text, first, expected = DAYS[name]
    reading = read_chat(text, Given(now=NOW, day=date.fromisoformat(first), zone=UTC))
    assert [one.at.date().isoformat() for one in reading.messages] == expected


def test_today_is_the_day_in_the_zone_of_the_text() -> None:
    late = Given(now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin"))
    assert told(read_chat("Ada  Today at 00:10\nhi", late)) == [("20 23:10", "Ada", "hi")]


def test_of_an_export_with_several_channels_one_is_chosen() -> None:
    data = packed(**{"a/2026-11-20.json": DAY[:1], "b/2026-11-20.json": DAY[:2]})
    with pytest.raises(InvalidInput) as refusal:
        read_chat(data, Given(now=NOW))
    assert refusal.value.fields == {"channel": "Please say which channel of the export it is: #a, #b."}
    assert len(read_chat(data, Given(now=NOW, channel="#B")).messages) == 2


HOSTILE: dict[str, tuple[Any, set[str]]] = {
    "nothing": ("  \n", {"text"}),
    "prose": ("hello there", {"text"}),
    "no day and no zone": ("[10:02] ada: x", {"day", "zone"}),
    "no year and no zone": ("Monday, March 2nd\nAda  10:02 AM\nhi", {"day", "zone"}),
    "deep": ('[{"a":' * 60_000, {"text"}),
    "damaged JSON": ('[{"id": 1,', {"text"}),
    "a large number": ('[{"id": ' + "9" * 6_000 + "}]", {"text"}),
    "no list": ('{"messages": 3}', {"text"}),
    "another markup": ('{"markup": [], "messages": []}', {"text"}),
    "a message without a zone": ('[{"id":"1","at":"2026-11-20T10:00:00","author":"a","text":"x"}]', {"text"}),
    "a message of tomorrow": ('[{"id":"1","at":"2026-11-29T10:00:00Z","author":"a","text":"x"}]', {"text"}),
    "a link into a script": (
        '[{"id":"1","at":"2026-11-20T10:00:00Z","author":"a","text":"x","url":"javascript:1"}]',
        {"text"},
    ),
    "too large": ("x" * (2 * 1024 * 1024 + 1), {"text"}),
    "no text": (b"\x00\xff\xfe", {"file"}),
    "a damaged archive": (b"PK\x03\x04" + b"\0" * 90, {"file"}),
    "an archive of something else": (packed(**{"readme.txt": b"x"}), {"file"}),
    "damaged JSON in an archive": (packed(**{"a/2026-11-20.json": b"[{"}), {"file"}),
    "an archive that grows": (packed(**{"a/2026-11-20.json": b" " * (17 * 1024 * 1024)}), {"file"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_used_is_refused_at_its_field(name: str) -> None:
    data, fields = HOSTILE[name]
    with pytest.raises(InvalidInput) as refusal:
        read_chat(data, Given(now=NOW))
    assert set(refusal.value.fields) == fields


def test_what_cannot_have_been_is_counted_and_not_read() -> None:
    lines = ["0001-01-01 00:30", "1969-12-31 23:59", "2026-11-22 10:00", "2026-11-20 10:00"]
    reading = read_chat("\n".join(f"[{at}] ada: hi" for at in lines), BERLIN)
    assert (told(reading), reading.skipped) == ([("20 09:00", "ada", "hi")], 3)
    rows = [{"ts": ts, "username": "ada", "text": "hi"} for ts in ("1799999999.1", "1795168920.1")]
    reading = read_chat(json.dumps(rows), BERLIN)
    assert (told(reading), reading.skipped) == ([("20 10:02", "ada", "hi")], 1)


@pytest.mark.parametrize("blank", [" ", "\t"], ids=["spaces", "tabs"])
def test_long_lines_of_blanks_are_read_in_no_time(blank: str) -> None:
    text = "Ada  10:02 AM\nhi\n" + ("a" + blank * 198 + "x\n") * 2_000
    # Trying each blank as the end of the name took 3 s.
    with within(1):
        assert len(read_chat(text, BERLIN).messages) == 1


def test_more_than_is_read_at_once_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MESSAGES_READ_MAX", 3)
    reading = read_chat("\n".join(f"[10:0{place}] ada: x" for place in range(5)), BERLIN)
    assert (len(reading.messages), reading.left_out) == (3, 2)
    assert read_chat(as_json(reading), BERLIN) == reading
    odd = as_json(reading).replace(f'"{reading.format}"', '["x"]').replace('"left_out":2', '"left_out":"9"')
    assert (read_chat(odd, BERLIN).format, read_chat(odd, BERLIN).left_out) == ("JSON", 0)


MARKUP: list[tuple[Markup, str, str]] = [
    ("slack", "*bold* _it_ ~no~ `a*b`", "**bold** *it* ~~no~~ `a*b`"),
    ("slack", "a * b * c, snake_case_name and 2*3*4", "a \\* b \\* c, snake_case_name and 2\\*3\\*4"),
    ("slack", "<!here> <#C1|ops> <@U7> <!date^1^x|today>", "@here #ops @U7 today"),
    ("slack", "<javascript:x|click>", "click"),
    ("slack", "&gt; quoted\nsaid :unknown_one:", "> quoted\n\nsaid :unknown_one:"),
    ("slack", "```\nSELECT <https://a.example|a.example>\n```", "```\nSELECT a.example\n```"),
    ("slack", "&amp;lt; <script>", "\\&lt; script"),
    ("plain", "# no heading\n- no list *no*", "\\# no heading\\\n\\- no list \\*no\\*"),
    ("markdown", "**as** it is", "**as** it is"),
]


@pytest.mark.parametrize("place", range(len(MARKUP)))
def test_the_markup_of_a_chat_becomes_markdown(place: int) -> None:
    markup, text, expected = MARKUP[place]
    assert to_markdown(text, markup) == expected
