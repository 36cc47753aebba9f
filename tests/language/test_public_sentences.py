"""Precision and recall on labelled sentences of public post-mortems, where they lie beside the project."""

import json
from pathlib import Path

import pytest

from afterword.language import Kind, Options, check
from afterword.language.evaluate import score

pytestmark = pytest.mark.pure

DATA = Path(__file__).parents[3] / "shared" / "data"


def test_labelled_sentences() -> None:
    path = DATA / "blame_dev.jsonl"
    if not path.is_file():
        pytest.skip("the labelled sentences are not beside the project")
    result = score(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert result.recall >= 0.95
    # Beside the labelled span of a blame sentence there may be more blame; in neutral ones there is none.
    assert result.precision >= 0.93
    assert len(result.false) == result.beside


def test_public_documents_have_few_findings_of_blame() -> None:
    paths = [path for path in sorted((DATA / "postmortems").glob("*/*")) if path.name != "LICENSE"]
    if not paths:
        pytest.skip("the public post-mortems are not beside the project")
    options = Options(kinds=frozenset({Kind.BLAME}))
    found = [finding for path in paths for finding in check(path.read_text(encoding="utf-8"), options)]
    # Each was read and judged: docs/reference/language.md.
    assert len(found) <= 12


def test_a_score_counts_what_overlaps() -> None:
    rows = [
        {
            "text": "Kim forgot it. It was human error.",
            "label": "blame",
            "category": "omission",
            "span": [0, 10],
        },
        {"text": "The pod failed to start.", "label": "neutral"},
        {"text": "Zed7 failed to reply.", "label": "blame", "category": "omission", "roster": ["Zed7"]},
        {"text": "It was human error.", "label": "advisory"},
        {"text": "Nothing here.", "label": "blame", "category": "heat"},
    ]
    result = score(rows)
    assert (result.right, len(result.false), result.beside) == (2, 1, 1)
    assert result.missed == [("heat", "Nothing here.")]
    assert result.recall == pytest.approx(2 / 3)
    assert result.precision == pytest.approx(2 / 3)
