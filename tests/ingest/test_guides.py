"""What the guides say about senders is what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from afterword.ingest.formats import FORMATS
from afterword.ingest.formats.email.subjects import AMBIGUOUS, RESOLVED
from afterword.ingest.formats.severities import WORDS
from tests.ingest.signals import request_of

pytestmark = pytest.mark.pure
DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "webhook.md").read_text()
GUIDES = {"pagerduty": "/v2/enqueue", "opsgenie": "/v2/alerts", "incident-io": "/", "changes": "/"}
CURL_BODY = re.compile(r"-d '(\{.*?\})'", re.DOTALL)


@pytest.mark.parametrize("alert_type", WORDS)
def test_the_table_of_severities_is_the_one_that_is_used(alert_type: str) -> None:
    words = ", ".join(f"`{word}`" for word in WORDS[alert_type])
    assert f"| `{alert_type}` | {words} |" in REFERENCE


def test_a_word_stands_for_one_alert_type() -> None:
    every = [word for words in WORDS.values() for word in words]
    assert len(set(every)) == len(every)


def test_the_words_of_mails_are_told() -> None:
    guide = (DOCS / "howto" / "connect-email.md").read_text()
    for word in RESOLVED:
        assert word.upper() in guide
    for word in AMBIGUOUS:
        assert f"`{word}`" in REFERENCE


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_has_its_guide(kind: str) -> None:
    assert f"| `{kind}` |" in REFERENCE
    if kind != "generic":
        guide = f"connect-{kind}.md"
        assert (DOCS / "howto" / guide).is_file()
        assert f"../howto/{guide}" in REFERENCE


@pytest.mark.parametrize("kind", GUIDES)
def test_the_request_in_a_guide_is_let_in(kind: str) -> None:
    (body,) = CURL_BODY.findall((DOCS / "howto" / f"connect-{kind}.md").read_text())
    assert len(FORMATS[kind].check(request_of(body.encode(), kind=kind, path=GUIDES[kind]))) == 1
