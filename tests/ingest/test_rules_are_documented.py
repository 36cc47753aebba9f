"""The reference of mapping and alert rules names all that there is, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from afterword.ingest import mapping
from afterword.ingest.paths import PATH_CHARACTERS_MAX, PATH_STEPS_MAX
from afterword.ingest.rules import FIELDS, RULES_PER_INTEGRATION_MAX, parse_rule
from afterword.ingest.rules.actions import ACTIONS, ACTIONS_PER_RULE_MAX, GROUP_MINUTES_MAX
from afterword.ingest.rules.conditions import (
    CONDITIONS_PER_RULE_MAX,
    MATCHED_CHARACTERS_MAX,
    OPERATORS,
    PATTERN_CHARACTERS_MAX,
)

pytestmark = pytest.mark.pure

REFERENCE = (Path(__file__).parents[2] / "docs/reference/alert-rules.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^## ", REFERENCE.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)


def test_each_operator_is_listed_once() -> None:
    assert first_column(section("Conditions")) == list(OPERATORS)


def test_each_action_is_listed_once_with_what_it_takes() -> None:
    text = section("Actions")
    assert first_column(text) == list(ACTIONS)
    for name, action in ACTIONS.items():
        takes = re.search(rf"^\| `{name}` \|([^|]*)\|", text, flags=re.MULTILINE)
        assert takes is not None
        assert re.findall(r"`(\w+)`", takes[1]) == list(action.takes)


def test_each_name_that_a_path_begins_with_is_listed() -> None:
    assert set(FIELDS) <= set(re.findall(r"`(\w+)`", section("Paths")))


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (PATH_CHARACTERS_MAX, "at most {} characters and 66 steps"),
        (PATH_STEPS_MAX, "and {} steps"),
        (PATTERN_CHARACTERS_MAX, "A pattern has at most {} characters"),
        (MATCHED_CHARACTERS_MAX, "the first {} characters"),
        (RULES_PER_INTEGRATION_MAX, "at most {} rules"),
        (CONDITIONS_PER_RULE_MAX, "at most {} conditions"),
        (ACTIONS_PER_RULE_MAX, "and {} actions"),
        (GROUP_MINUTES_MAX, "1 to {} "),
        (mapping.BLOCKS_MAX, "at most {}, run in order"),
    ],
)
def test_each_limit_is_told_as_it_is(limit: int, words: str) -> None:
    assert words.format(f"{limit:,}") in REFERENCE


def test_the_examples_can_be_used() -> None:
    blocks = re.findall(r"```json\n(.*?)```", section("Conditions"), flags=re.DOTALL)
    conditions = [json.loads(line) for block in blocks for line in block.strip().splitlines()]
    assert len(conditions) == 3
    for condition in conditions:
        parse_rule(condition, [{"action": "suppress"}])
    (example,) = re.findall(r"```json\n(.*?)```", section("A mapping"), flags=re.DOTALL)
    mapping.parse(json.loads(example))
