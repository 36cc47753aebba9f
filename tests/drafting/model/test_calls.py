"""What calls of a model took: kept without content, shown to administrators, forgotten after a while."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person
from afterword.config.drafting import lines_of, tell_draft
from afterword.config.refusals import Refusal
from afterword.config.settings import ENV
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.reads import collect_evidence
from afterword.drafting.model.configured import model_settings
from afterword.drafting.model.models import ModelCall
from afterword.drafting.model.outcomes import RECORD, ModelDraft
from afterword.drafting.model.writes import prune_calls
from afterword.drafting.model.writing import IS_PRIVATE, write_with_model
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import make_private
from afterword.lib import clock
from afterword.postmortems.models import Postmortem
from afterword.postmortems.writes import create_postmortem
from tests.drafting.model.server import Model

CALLS = "/settings/model-calls"


@pytest.fixture
def set_up(settings: Any, model: Model) -> None:
    """What an administrator sets, to the model of the tests."""
    settings.AI_PROVIDER, settings.AI_ENDPOINT, settings.AI_MODEL = "openai", f"{model.url}/v1", "tiny"
    settings.AI_KEY, settings.AI_SECONDS_MAX = "sk-very-secret", 20.0
    settings.AI_PRICE_SENT, settings.AI_PRICE_ANSWERED = Decimal(1), Decimal(2)


@pytest.fixture
def document(alice: Person, bob: Person, resolved_incident: Incident) -> Postmortem:
    """Of an incident of which Bob has written something."""
    entries = resolved_incident.entries
    entries.create(
        kind="note", text="Bob saw that the pool was full.", at=clock.now(), source="Bob", person=bob
    )
    entries.create(
        kind="note", text="Alice rolled back to v41.", at=clock.now(), source="Alice", person=alice
    )
    return create_postmortem(actor=alice, title="The pool of Checkout", incidents=[resolved_incident])


def _written(actor: Person, document: Postmortem, incident: Incident, **given: Any) -> ModelDraft:
    book = collect_evidence(actor, [incident], now=clock.now())
    settings = model_settings()
    assert settings is not None
    return write_with_model(book, write_draft(book), settings=settings, document=document, **given)


def _call(minutes: int = 0, **fields: Any) -> ModelCall:
    known = {"section": "summary", "provider": "openai", "model": "tiny", "outcome": "written"}
    return ModelCall.objects.create(at=clock.now() - timedelta(minutes=minutes), **{**known, **fields})


def test_each_call_is_kept_with_what_it_took_and_without_what_was_said(
    alice: Person, document: Postmortem, resolved_incident: Incident, set_up: None, model: Model
):
    model.moods = {"impact": "429"}
    draft = _written(alice, document, resolved_incident, keys=("summary", "impact"))
    assert {call.section: call.outcome for call in ModelCall.objects.all()} == {
        "summary": "written",
        "impact": "busy",
    }
    call = ModelCall.objects.get(section="summary")
    assert (call.document, call.incident, call.model) == (document, resolved_incident, "tiny")
    assert (call.tokens_sent, call.tokens_answered, call.money) == (900, 120, Decimal("0.001140"))
    assert call.claims_kept > 0
    assert draft.usage.money == call.money
    kept = json.dumps([list(map(str, row)) for row in ModelCall.objects.values_list()])
    assert "pool" not in kept
    assert "secret" not in kept
    assert not any(name in model.received for name in ("Alice", "Bob", "Vera", "very-secret"))
    assert model.asked[0].headers["authorization"] == "Bearer sk-very-secret"


def test_nothing_of_a_private_incident_is_sent(
    alice: Person, document: Postmortem, resolved_incident: Incident, set_up: None, model: Model
):
    make_private(actor=alice, incident=resolved_incident)
    draft = _written(alice, document, resolved_incident)
    assert model.asked == []
    assert {one.why_not for one in draft.outcomes if one.section.key == "summary"} == {IS_PRIVATE}
    _written(alice, document, resolved_incident, allow_private=True, keys=("summary",))
    assert len(model.asked) == 1


@pytest.mark.once
def test_administrators_see_the_calls_and_what_they_took(
    alice: Person,
    document: Postmortem,
    resolved_incident: Incident,
    sign_in: Callable[..., Client],
    set_up: None,
):
    _call(
        document=document,
        incident=resolved_incident,
        tokens_sent=12_345,
        money=Decimal("1.25"),
        claims_kept=3,
    )
    _call(5, section="impact", outcome="busy", status=429)
    page = sign_in(alice).get(CALLS).content.decode()
    assert document.title in page
    assert "12,345 + 0" in page
    assert "Too many requests" in page
    assert "(429)" in page
    assert "2 calls, of which 1 gave text" in page
    assert "tiny" in page
    assert "very-secret" not in page


def test_the_page_takes_as_many_queries_for_many_calls_as_for_two(
    alice: Person, document: Postmortem, resolved_incident: Incident, sign_in: Callable[..., Client]
):
    client = sign_in(alice)
    client.get(CALLS)
    counts = []
    for more in (2, 58):
        for _ in range(more):
            _call(document=document, incident=resolved_incident)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(CALLS).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
    assert page.count('data-label="Outcome"') == 50
    assert client.get(f"{CALLS}?page=2").content.decode().count('data-label="Outcome"') == 10


def test_nobody_but_administrators_hears_of_the_calls(
    bob: Person,
    charlie: Person,
    vera: Person,
    sign_in: Callable[..., Client],
    api_headers: Callable[..., Any],
):
    _call(model="hush-hush")
    for person in (bob, charlie, vera):
        page = sign_in(person).get(CALLS)
        listed = Client().get("/api/v1/model-calls", headers=api_headers(person))
        assert (page.status_code, listed.status_code) == (403, 403)
        assert b"hush-hush" not in page.content + listed.content
        assert b"Calls of a model" not in sign_in(person).get("/settings").content
    assert Client().get(CALLS).status_code == 302
    assert Client().get("/api/v1/model-calls").status_code == 401


def test_of_what_an_administrator_may_not_see_only_the_cost_is_told(
    alice: Person,
    bob: Person,
    document: Postmortem,
    resolved_incident: Incident,
    sign_in: Callable[..., Client],
    api_headers: Callable[..., Any],
):
    _call(document=document, incident=resolved_incident)
    make_private(actor=bob, incident=resolved_incident)
    page = sign_in(alice).get(CALLS).content.decode()
    assert "Something private" in page
    assert document.title not in page
    [told] = Client().get("/api/v1/model-calls", headers=api_headers(alice)).json()["items"]
    assert (told["postmortem"], told["incident"]) == (None, None)


def test_programs_read_the_calls_page_by_page(
    alice: Person, document: Postmortem, api_headers: Callable[..., Any]
):
    for minutes in range(3):
        _call(minutes, document=document, tokens_sent=minutes, money=Decimal("0.5"))
    first = Client().get("/api/v1/model-calls?limit=2", headers=api_headers(alice)).json()
    second = (
        Client().get(f"/api/v1/model-calls?limit=2&cursor={first['next']}", headers=api_headers(alice)).json()
    )
    items = [*first["items"], *second["items"]]
    assert [one["tokens_sent"] for one in items] == [0, 1, 2]
    assert second["next"] is None
    assert items[0]["postmortem"] == document.number
    assert Decimal(items[0]["money"]) == Decimal("0.5")
    assert Client().get("/api/v1/model-calls?cursor=x", headers=api_headers(alice)).status_code == 400


def test_calls_are_forgotten_after_the_days_that_are_set(db: None, settings: Any):
    settings.AI_CALL_DAYS_KEPT = 10
    old, new = _call(11 * 24 * 60), _call(9 * 24 * 60)
    assert prune_calls(at=clock.now()) == 1
    assert list(ModelCall.objects.all()) == [new]
    assert old.pk != new.pk


def test_a_call_outlives_its_document(alice: Person, document: Postmortem, sign_in: Callable[..., Client]):
    _call(document=document)
    Postmortem.objects.filter(pk=document.pk).delete()
    assert "Deleted" in sign_in(alice).get(CALLS).content.decode()


@pytest.mark.once
def test_the_command_prints_a_draft_of_the_record_or_of_the_model(
    alice: Person, document: Postmortem, resolved_incident: Incident, settings: Any, model: Model
):
    number = str(resolved_incident.number)
    draft = tell_draft(number, by="", with_model=False)
    assert {one.written_by for one in draft.outcomes} == {RECORD}
    lines = list(lines_of(draft))
    assert lines[0] == "Summary"
    assert any(line.endswith(f"[I{resolved_incident.pk}]") for line in lines)
    with pytest.raises(Refusal, match="AFTERWORD_AI_MODEL names no model"):
        tell_draft(number, by="", with_model=True)
    settings.AI_ENDPOINT, settings.AI_MODEL, settings.AI_SECONDS_MAX = f"{model.url}/v1", "tiny", 20.0
    model.moods = {"actions": "500"}
    lines = list(lines_of(tell_draft(number, by="alice@example.com", with_model=True)))
    assert "Summary (by tiny)" in lines
    assert "Action items (from the record: The model's endpoint failed (500).)" in lines
    assert lines[-1].startswith("(7 calls, ")


@pytest.mark.pure
def test_nothing_of_the_extra_is_loaded_before_a_draft_is_written():
    """By the language check, the web and the worker; and a machine without the extra runs all of them."""
    script = (
        "import sys, django\n"
        "sys.modules['pydantic_ai'] = sys.modules['openai'] = sys.modules['anthropic'] = None\n"
        "django.setup()\n"
        "import afterword.config.urls, afterword.config.api\n"
        "import afterword.config.worker, afterword.linter.command\n"
        "from afterword.drafting.model.configured import is_installed, model_settings\n"
        "assert not is_installed() and model_settings() is None\n"
        "print([one for one in sys.modules if one.startswith('httpx2')])"
    )
    environment = {
        "PYTHONPATH": ":".join(sys.path),
        "DJANGO_SETTINGS_MODULE": "afterword.config.settings",
        "AFTERWORD_DATA": str(ENV.data),
        "AFTERWORD_SECRET_KEY": "only-for-tests-" * 4,
        "AFTERWORD_AI_MODEL": "tiny",
    }
    ran = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True)
    assert (ran.stdout.strip(), ran.returncode) == ("[]", 0), ran.stderr
