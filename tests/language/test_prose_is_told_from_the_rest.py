"""What of a text is prose: no code, quotation or address; items, cells and telling headings are sentences."""

import pytest

from afterword.language import Kind, Options, check

pytestmark = pytest.mark.pure

BLAME = Options(kinds=frozenset({Kind.BLAME}))
PHRASE = "Priya forgot to check the disk"


@pytest.mark.parametrize(
    "text",
    [
        "# What Priya forgot to check",
        "## Why was it that Priya forgot to check the disk?",
        f"[1]: {PHRASE}",
        f"> {PHRASE}\nand goes on here.",
        f"```\n{PHRASE}\n```",
        f"~~~ text\n{PHRASE}",
        f"Text.\n\n    {PHRASE}\n",
        f"He wrote `{PHRASE}`.",
        f'The page says "{PHRASE}".',
        f"The page says “{PHRASE}”.",
        f"<!-- {PHRASE} -->",
        f"<!--\n{PHRASE}\n-->\n",
        f"| {PHRASE} |\n|---|\n| fine |",
        f"**{PHRASE}**\n",
        f"---\ntitle: {PHRASE}\n---\n",
        "See https://example.org/Priya-forgot-to-check and [it](/Priya/forgot/to).",
        "Mail priya@example.org forgot.",
    ],
)
def test_what_is_no_prose_is_not_read(text: str) -> None:
    assert check(text, BLAME) == []


@pytest.mark.parametrize(
    "text",
    [
        f"- {PHRASE}",
        "- Priya: forgot to check the disk",
        "It was down. [Priya](https://example.org/p) forgot to check the disk",
        f"1. {PHRASE}",
        f"Text.[^1]\n\n[^1]: {PHRASE}\n",
        f"# 2. {PHRASE} #\n\nText.",
        f"{PHRASE}\n======",
        f"## Factor: {PHRASE}",
        f"- [ ] {PHRASE}",
        f"| a | b |\n|---|---|\n| 10:02 | {PHRASE} |",
        "Priya **forgot** to check the disk",
        "**Priya** forgot to check the disk",
        "| a | b |\n|---|---|\n| Priya | forgot to check the disk |",
        "a | b | c\n---|---|---\n10:02 | Priya | Did not check the disk\n",
        f"[{PHRASE}](https://example.org/x).",
        "Priya\nforgot to\ncheck the disk",
        f"Fine.\r\n\r\n{PHRASE}\r\n",
        f"10:02 - {PHRASE}",
        f"The 'old' job. {PHRASE}, e.g. today.",
    ],
)
def test_prose_in_any_dress_is_read(text: str) -> None:
    [finding] = check(text, BLAME)
    assert finding.category == "omission"
    assert finding.text == text[finding.start : finding.end]
    assert finding.text.lstrip("[*").startswith("Priya")


def test_a_mark_of_emphasis_is_marked_whole() -> None:
    for text, marked in {
        "Then **Priya** forgot to check it.": "**Priya** forgot to check",
        "Then __Priya__ forgot to check it.": "__Priya__ forgot to check",
        "Then Priya forgot to *check* it.": "Priya forgot to *check*",
        "Then *Priya forgot to check* it.": "Priya forgot to check",
        "Then [Priya](https://example.org) forgot it.": "[Priya](https://example.org) forgot",
        "Then priya_k and Priya forgot it.": "Priya forgot",
    }.items():
        [finding] = check(text, BLAME)
        assert finding.text == marked


def test_plain_text_has_no_marks() -> None:
    text = f"> {PHRASE}"
    assert check(text, BLAME) == []
    assert len(check(text, BLAME, markdown=False)) == 1


def test_a_heading_that_names_a_section_is_left_alone() -> None:
    for heading in ("Human error", "What we should have done", "Be more careful", "Improve it!!!", "The NXQ"):
        assert check(f"## {heading}\n") == [], heading


def test_a_sentence_ends_where_it_ends() -> None:
    assert check("The job was for Priya. Forgot passwords are reset.", BLAME) == []
    assert check("See Priya\n\nfailed to start", BLAME) == []
