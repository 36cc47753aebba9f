from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.documents import Table, parse_markdown, read_texts
from afterword.lib.errors import InvalidInput
from afterword.postmortems.importing.days import read_day
from afterword.postmortems.importing.headings import meaning_of
from afterword.postmortems.importing.markdown import (
    FILE_BYTES_MAX,
    SECTIONS_MAX,
    ReadFile,
    looks_like_markdown,
    read_file,
    read_text,
)
from afterword.postmortems.importing.sources import read_archive, read_path
from afterword.postmortems.importing.writes import usable_section
from tests.examples import examples

pytestmark = pytest.mark.pure
REAL = Path(__file__).parents[4] / "shared/data/postmortems"
LINES = st.sampled_from(
    [
        *("# One", "## Summary", "### Deeper", "Impact", "======", "------", "---", "", "plain words here"),
        *(
            "- item",
            "- **Impact**: bad",
            "**Timeline**",
            "```",
            "~~~",
            "    code",
            "| a | b |",
            "| --- | --- |",
        ),
        *(
            "[ref]: https://example.com/x",
            "see [ref]",
            "> quoted",
            "title: Given",
            "date: 2024-05-06",
            "\ttab",
        ),
        *("## [Linked](https://example.com/h)", "#", "* **Cause:** lines", "`## no heading`", "Ünïcode 🔥"),
    ]
)


def said(read: ReadFile) -> str:
    return "\n".join([read.title, *(f"{section.title}\n{section.text}" for section in read.sections)])


def tables(text: str) -> list[list[str]]:
    """What stands in the cells of each table."""
    found = [block for block in parse_markdown(text) if isinstance(block, Table)]
    return [[cell.strip() for cell in read_texts([table])] for table in found]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@given(st.lists(LINES, min_size=1, max_size=30))
@examples(200)
def test_no_word_of_a_file_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        read = read_text("a file.md", text)
    except InvalidInput:
        assert not text.strip()
        return
    assert not words(text) - words(said(read))


def test_headings_become_sections_and_the_front_matter_is_kept() -> None:
    text = (
        "---\ntitle: Checkout was down\ndate: 2023-04-05\ntags: [db, cards]\nauthors:\n"
        "  - bob@example.com\n---\n# Checkout was down\n\nFirst words.\n\n"
        "## 1. TL;DR\n\nIt broke. See [ticket].\n\n"
        "## Root Cause(s)\n\n```\n## no heading\n```\n\n### Deeper\n\nMore.\n\n"
        "## Odd one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "![graph](https://example.com/g.png)\n\n[ticket]: https://example.com/t\n"
    )
    read = read_text("x.md", text)
    assert (read.title, read.written_on) == ("Checkout was down", datetime(2023, 4, 5, 12, tzinfo=UTC))
    assert [(section.title, section.meaning) for section in read.sections] == [
        ("Introduction", ""),
        ("1. TL;DR", "Summary"),
        ("Root Cause(s)", "Contributors"),
        ("Odd one", ""),
        ("From the file", ""),
    ]
    assert read.sections[1].text.endswith("[ticket]: https://example.com/t"), "a link still leads somewhere"
    assert read.sections[2].text == "```\n## no heading\n```\n\n### Deeper\n\nMore."
    assert "| 1 | 2 |\n\n![graph](https://example.com/g.png)" in read.sections[3].text
    assert "tags: [db, cards]" in read.sections[4].text
    assert read.settings["tags"] == ["db", "cards"]
    assert read.setting("author", "authors") == "bob@example.com"


def test_a_text_without_headings_is_read_by_its_labels() -> None:
    read = read_text(
        "2021-02-03-dns.md",
        "# Lost records\n\n- **Impact**: none\n  - at all\n\n- **Resolution**:\n  Put back.",
    )
    assert [(section.title, section.text) for section in read.sections] == [
        ("Impact", "none\n\n- at all"),
        ("Resolution", "Put back."),
    ]
    assert read.written_on == datetime(2021, 2, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("Overview", "Summary"),
        ("**Action Items**", "Follow-up actions"),
        ("Contributing Factors (findings)", "Contributors"),
        ("What went wrong?", "Learnings and risks"),
        ("3) What went well", "Mitigators"),
        ("Impact & severity", "Impact"),
        ("Weather", ""),
        ("Ursache(n)", "Contributors"),
        ("2. Auswirkungen und Schweregrad", "Impact"),
        ("Maßnahmen", "Follow-up actions"),
        ("Was lief gut?", "Mitigators"),
        ("U\u0308berblick", "Summary"),
    ],
)
def test_sections_are_known_by_other_names(title: str, meaning: str) -> None:
    assert meaning_of(title) == meaning


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-03-31", "2021-03-31"),
        ("2021-03-31T23:30:00-02:00", "2021-04-01"),
        ("on Friday 29th of November 2019,", "2019-11-29"),
        ("Mar 3, 2020", "2020-03-03"),
        ("20201201_outage", "2020-12-01"),
        ("2021-02-31", None),
        ("PM2021-004", None),
        ("am Mittwoch, 31. März 2021 um 12 Uhr", "2021-03-31"),
        ("3.Dez. 2020", "2020-12-03"),
        ("31.3.2021", "2021-03-31"),
        ("10 nodes 2021, 9 May 2021", "2021-05-09"),
        ("version 1.2.2021.4", None),
    ],
)
def test_days_are_read_however_they_are_written(text: str, day: str | None) -> None:
    found = read_day(text)
    assert (found and f"{found:%Y-%m-%d}") == day


@pytest.mark.parametrize("line", ["**Date:** 2 March 2021", "| Datum des Vorfalls | 2. März 2021 |"])
def test_a_line_names_the_day_before_the_name_of_the_file_does(line: str) -> None:
    read = read_text("2020-01-01.md", f"# T\n\n{line}")
    assert read.written_on == datetime(2021, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "There is no text in it."),
        (b"\x00\x01\x02PNG", "It is not text."),
        (b"# T\n\nna\xefve", "It is not text in UTF-8: line 3 cannot be read."),
        (b"x" * (FILE_BYTES_MAX + 1), "A file may have at most 1024 KB; this one has more."),
        (b"# T\n\n" + b"x" * 100_000, "Line 3 is longer than 60 KB."),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_file("x.md", data)
    assert refusal.value.fields == {"file": reason}


def test_many_headings_and_long_texts_stay_within_the_bounds() -> None:
    text = "# T\n" + "\n".join(f"## Part {number}\n\nwords {number}" for number in range(500))
    read = read_text("x.md", text)
    assert len(read.sections) == SECTIONS_MAX + 1
    assert "## Part 499\n\nwords 499" in read.sections[-1].text
    long = read_text("x.md", "# T\n\n## Log\n\n" + "0123456789 line of a log\n" * 8_000)
    assert [section.title for section in long.sections] == ["Log", "Log (2)", "Log (3)", "Log (4)"]
    assert all(len(section.text.encode()) <= 64 * 1024 for section in long.sections)


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return buffer.getvalue()


def test_an_archive_is_read_within_bounds_and_its_names_lead_nowhere() -> None:
    hostile = {
        "../../etc/passwd.md": b"# Up",
        "/abs\\win.md": b"# Slashes",
        "bomb.md": b"0" * (70 * 1024 * 1024),
        "photo.png": b"\x89PNG",
        "README.md": b"# About",
        "__MACOSX/x.md": b"# Hidden",
    }
    files = {file.name: file for file in read_archive(archive(hostile))}
    assert set(files) == {"etc/passwd.md", "abs/win.md", "bomb.md", "photo.png", "README.md"}
    assert len(files["bomb.md"].data) == FILE_BYTES_MAX + 1, "no more than that is unpacked"
    assert files["photo.png"].skipped
    assert files["README.md"].skipped
    for data in (b"PK\x03\x04 nothing", b"", archive({"x.md": b"# T"})[:-10]):
        with pytest.raises(InvalidInput):
            list(read_archive(data))


def test_a_folder_is_read_by_name_and_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.md").write_text("# Two")
    (tmp_path / "one").write_text("# One")
    (tmp_path / "data.csv").write_text("# no")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.md").write_text("# No")
    (tmp_path / "z.md").symlink_to("/etc/hostname")
    files = {file.name: bool(file.skipped) for file in read_path(tmp_path)}
    assert files == {"b/two.md": False, "data.csv": True, "one": False, "z.md": True}
    with pytest.raises(InvalidInput):
        list(read_path(tmp_path / "none"))


def test_the_real_ones_come_along_with_every_word() -> None:
    if not REAL.is_dir():
        pytest.skip(f"the published post-mortems are not at {REAL}")
    read = {
        file.name: (file, read_file(file.name, file.data)) for file in read_path(REAL) if not file.skipped
    }
    assert len(read) == 78
    for name, (file, one) in read.items():
        assert not words(file.data.decode()) - words(said(one)), name
        assert len(one.sections) >= 5, name
        assert sum(1 for section in one.sections if section.meaning) >= 2, name
        kept = [usable_section(section).text for section in one.sections]
        assert tables(file.data.decode()) == [table for text in kept for table in tables(text)], name
    assert sum(1 for _, one in read.values() if one.written_on) >= 77
    for name, title, day, sections in (
        (
            "dfds/PM2022-009_-_Bad_AWS_EKS_AMI_causing_Kubernetes_issues",
            *("Bad AWS EKS AMI", "2022-10-29"),
            "Summary, Timeline, Contributing Factors, Action Items, Lessons Learned, Attendees, Stats",
        ),
        (
            "dfds/PM2020-005_-_ALB_instance_attachment.md",
            *("ALB instance attachments removed", "2020-06-09"),
            "Summary, Timeline, Contributing Factors, Lessons Learned, Action Items, Stats",
        ),
        (
            "moj/2025-07-23-multiple-secrets-leaked-to-public.md",
            *("Incident on 2025-07-23 - Multiple secrets leaked to public", "2025-07-23"),
            "Key events, Identified, Impact, Context, Resolution, Review actions",
        ),
    ):
        one = read[name][1]
        assert (one.title, f"{one.written_on:%Y-%m-%d}") == (title, day)
        assert ", ".join(section.title for section in one.sections) == sections
    timeline = read["dfds/PM2021-004_-_ADFS_outage.md"][1].sections[1].text
    assert timeline.count("\n| 2021-03-31 ") == 8, "the table is whole"


def test_markdown_is_known_by_name_or_by_its_beginning() -> None:
    assert looks_like_markdown("a/b.MD", b"")
    assert looks_like_markdown("PM2022-009_-_Bad", b"# Bad")
    assert not looks_like_markdown("LICENSE", b"MIT License")
    assert not looks_like_markdown("x.png", b"# T")
