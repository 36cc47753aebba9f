from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.model.endpoint import load
from afterword.drafting.model.outcomes import CallNote, ModelDraft, ModelSettings, Provider
from afterword.drafting.model.writing import write_sections
from tests.drafting.books import about, after, alert, book, change, note, times
from tests.drafting.model.server import Model, running

PEOPLE = [
    ("Alice Adler", "alice.adler@example.com"),
    ("Bob Brandt", "bob@example.com"),
    ("Zoë Weiß", "zoe@example.com"),
    # Called as placeholders are.
    ("Ulf Person", "ulf@example.com"),
]
PRIVATE = (
    *("alice", "adler", "brandt", "zoë", "weiß", "weiss", "dieter", "example.com"),
    *("hunter2secret", "AKIAIOSFODNN7EXAMPLE", "170 1234567", "10.1.2.3"),
)
"""What is in the evidence below and must not be sent, whatever the case."""


@pytest.fixture(scope="module")
def listening() -> Iterator[Model]:
    load("openai")
    with running() as model:
        yield model


@pytest.fixture
def model(listening: Model) -> Model:
    """The model, in a good mood."""
    fresh = Model(url=listening.url)
    listening.__dict__.update({**fresh.__dict__, "asked": []})
    return listening


@pytest.fixture
def told() -> EvidenceBook:
    return told_of()


def told_of() -> EvidenceBook:
    """An incident with people and secrets in all that is told of it."""
    return book(
        about(alerts=31, by_alert=True, affected=["Search"], severity="SEV2"),
        *times(impact_started=0, detected=6, acknowledged=9, identified=30, fixed=40, resolved=42),
        alert(1, 6, "Latency of Checkout is over its limit", count=30, until=after(39),
              data={"opened": True, "labels": {"owner": "alice.adler@example.com", "Bob Brandt": "yes"}}),
        note(1, 30, "The pool of `db-1` was full: 200 of 200, says Dieter Krause.", "Alice Adler",
             mark="diagnosis"),
        note(2, 35, "Rolled back to v41 with @zoe and password=hunter2secret", "Bob Brandt",
             mark="mitigation"),
        note(3, 36, "ADLER, Alice: key AKIAIOSFODNN7EXAMPLE on 10.1.2.3, call +49 170 1234567 or Zoe Weiss.",
             "Zoë Weiß"),
        change(1, -7, "Deploy v42 with a smaller pool", person="Bob Brandt"),
    )  # fmt: skip


Write = Callable[..., ModelDraft]


@pytest.fixture
def write(model: Model, told: EvidenceBook) -> Write:
    """Have the model write; `calls` of the answer are what was noted of them."""

    def written(of: EvidenceBook | None = None, **given: Any) -> ModelDraft:
        calls: list[CallNote] = []
        provider: Provider = given.pop("provider", "openai")
        wishes = {name: given.pop(name) for name in list(given) if name in ModelSettings.__dataclass_fields__}
        path = "" if provider == "anthropic" else "/v1"
        settings = ModelSettings(
            **{
                "provider": provider,
                "endpoint": model.url + path,
                "model": "fake",
                "seconds_max": 20,
                **wishes,
            }
        )
        evidence = of or told
        draft = write_sections(
            evidence,
            write_draft(evidence),
            settings=settings,
            people=PEOPLE,
            on_call=calls.append,
            **given,
        )
        written.calls = calls  # type: ignore[attr-defined]
        return draft

    return written
