from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.lib import liquid
from afterword.lib.liquid import TemplateError, TemplateLimitError
from afterword.postmortems.reads import SHIPPED, SHIPPED_FOLDER
from afterword.postmortems.templates import (
    LIVE_NAMES,
    SECTIONS_MAX,
    TEMPLATE_BYTES_MAX,
    ParsedTemplate,
    TemplateSection,
    format_template,
    parse_template,
)
from afterword.postmortems.variables import example_variables
from tests.examples import examples

pytestmark = pytest.mark.pure

HEAD = "---\nname: Ours\n---\n"
WHOLE = """---
name: "Ours"   # everybody's
writes: here            # or: confluence
requires: [root-cause, data-centre]
---

## Key information
::: key-information

## Summary ##
> help: Two paragraphs
> that somebody else understands.
> fields: root-cause, data-centre

On {{ incident.started_at | date: "%d %B %Y" }} ...

```md
## This is code
::: timeline
```
### A part of it
"""


def test_a_template_is_read() -> None:
    template = parse_template(WHOLE)
    assert (template.name, template.writes, template.requires) == (
        "Ours",
        "here",
        ("root-cause", "data-centre"),
    )
    key, summary = template.sections
    assert (key.title, key.live, key.text) == ("Key information", "key-information", "")
    assert summary.title == "Summary"
    assert summary.help == "Two paragraphs\nthat somebody else understands."
    assert summary.fields == ("root-cause", "data-centre")
    assert summary.text.startswith("On {{ incident.started_at")
    assert "## This is code\n::: timeline" in summary.text
    assert summary.text.endswith("### A part of it")


def test_a_template_that_is_written_out_reads_the_same() -> None:
    template = parse_template(WHOLE)
    assert parse_template(format_template(template)) == template


@pytest.mark.parametrize("key", SHIPPED)
def test_what_ships_is_read_and_filled_in_without_a_hole(key: str) -> None:
    template = parse_template((SHIPPED_FOLDER / f"{key}.md").read_text(encoding="utf-8"))
    assert parse_template(format_template(template)) == template
    for section in template.sections:
        assert "[no such variable" not in liquid.render(section.text, example_variables())


@pytest.mark.parametrize(
    ("key", "titles"),
    [
        (
            "standard",
            "Key information, Summary, Timeline, Impact, Contributors, Mitigators, Learnings and risks, "
            "Follow-up actions, Meeting notes",
        ),
        (
            "default",
            "Summary, Timeline, Root cause, Contributing factors, Impact, Action items, Lessons learned",
        ),
    ],
)
def test_the_two_first_templates_have_the_sections_that_people_expect(key: str, titles: str) -> None:
    template = parse_template((SHIPPED_FOLDER / f"{key}.md").read_text(encoding="utf-8"))
    assert ", ".join(section.title for section in template.sections) == titles


@pytest.mark.parametrize(
    ("source", "line", "reason"),
    [
        ("", 1, "front matter"),
        ("## Summary\n", 1, "front matter"),
        ("---\nname: x\n", 1, "never closed"),
        ("---\n---\n## a\n", 2, "no “name”"),
        ("---\nname:\n---\n## a\n", 2, "empty"),
        ("---\nname: x\nname: y\n---\n## a\n", 3, "twice"),
        ("---\nname: x\ncolour: red\n---\n## a\n", 3, "colour"),
        ("---\nname: x\nwrites: paper\n---\n## a\n", 3, "writes"),
        ("---\nname: x\nrequires: [Root Cause]\n---\n## a\n", 3, "fields"),
        ("---\nname: x\nnonsense\n---\n## a\n", 3, "front matter takes"),
        (HEAD, 4, "at least one section"),
        (HEAD + "\nHello\n## a\n", 5, "before the first section"),
        (HEAD + "## a\n\n## A\n", 6, "already"),
        (HEAD + "##\n", 4, "empty"),
        (HEAD + "## a\n::: weather\n", 5, "weather"),
        (HEAD + "## a\n::: timeline\n::: summary\n", 6, "already"),
        (HEAD + "## a\ntext\n\n> help: late\n", 7, "directly below"),
        (HEAD + "## a\ntext\n::: timeline\n", 6, "directly below"),
        (HEAD + "## a\n> help: one\n> help: two\n", 6, "already"),
        (HEAD + "## a\n> fields: Not A Field\n", 5, "fields"),
        (HEAD + "## a\n\n```\n## b\n", 6, "never closed"),
        (HEAD + "## a\n> help: x\n\ntext\n\n{{ b | shout }}\n", 9, "shout"),
        (HEAD + "## a\n{% if x %}\n## b\n{% endif %}\n", 5, "never closed"),
        (HEAD + "## a\n{{ incident.title\n", 5, "not closed"),
    ],
)
def test_a_mistake_is_refused_with_its_line(source: str, line: int, reason: str) -> None:
    with pytest.raises(TemplateError) as refusal:
        parse_template(source)
    assert refusal.value.line == line
    assert reason in refusal.value.reason


@pytest.mark.parametrize(
    "source",
    [
        HEAD + "".join(f"## s{n}\n" for n in range(SECTIONS_MAX + 1)),
        HEAD + "## a\n" + "x" * TEMPLATE_BYTES_MAX,
        HEAD + "## " + "x" * 201 + "\n",
        HEAD + "## a\n> help: " + "x" * 2_001 + "\n",
        "---\nname: " + "x" * 101 + "\n---\n## a\n",
    ],
)
def test_a_template_has_its_limits(source: str) -> None:
    with pytest.raises(TemplateLimitError) as refused:
        parse_template(source)
    # It may stand alone, and is a sentence then.
    assert refused.value.message[0].isupper()


@pytest.mark.parametrize(
    "write",
    [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, lambda text: text + "\n\n"],
)
def test_how_an_editor_saves_the_file_makes_no_difference(write: Callable[[str], str]) -> None:
    assert parse_template(write(WHOLE)) == parse_template(WHOLE)


def test_a_live_section_may_have_words_of_people_below_it() -> None:
    (section,) = parse_template(HEAD + "## Impact\n::: impact\n\n- Customers affected:\n").sections
    assert (section.live, section.text) == ("impact", "- Customers affected:")


words = (
    st.text(alphabet="abc XYZ#*_é", min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(
        lambda text: text and not text.startswith("#") and not text.endswith("#") and text.strip("#") == text
    )
)
sections = st.builds(
    TemplateSection,
    title=words,
    live=st.sampled_from(["", *LIVE_NAMES]),
    help=st.one_of(st.just(""), words, st.tuples(words, words).map("\n".join)),
    fields=st.sampled_from([(), ("root-cause",), ("a", "b-c")]),
    text=st.one_of(st.just(""), words, st.tuples(words, words).map("\n\n".join)),
)


@examples(60)
@given(
    name=words, parts=st.lists(sections, min_size=1, max_size=4, unique_by=lambda part: part.title.casefold())
)
def test_every_template_that_is_written_out_reads_the_same(name: str, parts: list[TemplateSection]) -> None:
    template = ParsedTemplate(name, tuple(parts))
    assert parse_template(format_template(template)) == template


def test_a_section_can_be_internal_and_is_written_back_as_such() -> None:
    parsed = parse_template("---\nname: Ours\n---\n## Notes\n> help: Short.\n> internal\n\nText.\n")

    assert parsed.sections[0].internal
    assert (parsed.sections[0].help, parsed.sections[0].text) == ("Short.", "Text.")
    assert parse_template(format_template(parsed)) == parsed
