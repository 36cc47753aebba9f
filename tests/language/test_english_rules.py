"""Each rule of English finds its sentence; the sentences that blame nobody find none."""

import pytest

from afterword.language import CATEGORIES, Kind, Options, check
from afterword.language.checking import matches_of
from afterword.language.tables import tables_of
from tests.language.english import BLAMING, FOUND, SILENT

pytestmark = pytest.mark.pure

BLAME = Options(kinds=frozenset({Kind.BLAME}))


def test_every_rule_has_a_sentence_that_it_finds() -> None:
    assert [rule.name for rule in tables_of("en").rules] == list(FOUND)
    lost = [name for name, text in FOUND.items() if name not in {rule for rule, _ in matches_of(text)}]
    assert lost == []


def test_sentences_about_systems_and_plain_facts_blame_nobody() -> None:
    sentences = SILENT.strip().splitlines()
    flagged = [(text, [finding.text for finding in check(text, BLAME)]) for text in sentences]
    assert [row for row in flagged if row[1]] == []
    # One after the other they are the paragraphs of one document, and say no more together.
    assert check("\n\n".join(sentences), BLAME) == []


def test_sentences_that_blame_are_found() -> None:
    assert [text for text in BLAMING.strip().splitlines() if not check(text, BLAME)] == []


def test_every_category_has_a_page_and_a_message_and_all_but_two_have_rules() -> None:
    tables = tables_of("en")
    for name, category in CATEGORIES.items():
        assert category.explanation.startswith(f"# {category.title}\n"), name
        assert "**Why.**" in category.explanation, name
        assert tables.messages[name]["message"].endswith("."), name
        assert tables.messages[name]["question"].endswith("?"), name
    used = {rule.category for rule in tables.rules} | {"counterfactual_team"}
    assert set(CATEGORIES) - used == {"jargon", "house_term"}
