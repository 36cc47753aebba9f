"""The index follows what people and alerts do, and can be made anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.config.lookup import look_for
from afterword.drafting.similar import rules
from afterword.drafting.similar.models import SeenText, SeenWord, WaitingText
from afterword.drafting.similar.reads import similar_to_text
from afterword.drafting.similar.sources import alert_name
from afterword.drafting.similar.words import name_key, stem, weigh_words
from afterword.drafting.similar.writes import index_all_waiting, index_waiting, queue_for_index, reindex
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import make_private
from afterword.incidents.writes.notes import add_note
from afterword.incidents.writes.timeline import hide_entries
from afterword.lib import clock
from afterword.postmortems.models import Section
from afterword.postmortems.writes import create_postmortem, save_section

Make = Callable[..., Any]


def titles(actor: Person, text: str) -> list[str]:
    return [one.title for one in similar_to_text(actor, text, now=clock.now())]


def test_what_somebody_reports_and_writes_is_found_once_the_worker_was_there(
    bob: Person, seen: Make, resolved_incident: Incident
):
    for title in ("Late mail", "Every disk is full", "Old certificate on the edge"):
        seen(title)
    postmortem = create_postmortem(actor=bob, incidents=[resolved_incident], title="A slow shop")
    section = Section.objects.filter(postmortem=postmortem, kind="prose")[0]
    text = "A zeppelin hit the fibre at the harbour."
    save_section(actor=bob, section=section, text=text, version=section.version)
    assert titles(bob, "zeppelin fibre") == []
    index_all_waiting()
    assert titles(bob, "zeppelin fibre") == ["A slow shop"]
    section.refresh_from_db()
    save_section(actor=bob, section=section, text="Gone.", version=section.version)
    index_all_waiting()
    assert titles(bob, "zeppelin fibre") == []
    assert SeenWord.objects.get(word="zeppelin").texts == 0
    assert not WaitingText.objects.exists()


def test_a_note_is_found_until_it_is_hidden(bob: Person, seen: Make):
    for title in ("Late mail", "Every disk is full", "Old certificate on the edge"):
        incident = seen(title)
    note = add_note(actor=bob, incident=incident, text="A zeppelin hit the fibre.")
    index_all_waiting()
    assert titles(bob, "zeppelin fibre") == ["Old certificate on the edge"]
    hide_entries(actor=bob, incident=incident, entries=[note.unique_id])
    index_all_waiting()
    assert titles(bob, "zeppelin fibre") == []


def test_what_becomes_private_keeps_no_embedding(alice: Person, seen: Make):
    incident = seen("Late mail")
    SeenText.objects.update(embedding=b"1234", embedding_digest="as it was")
    make_private(actor=alice, incident=incident)
    index_all_waiting()
    assert SeenText.objects.get().embedding is None


def test_the_index_is_made_anew(bob: Person, seen: Make, told: Make):
    seen("Connection pool ran dry")
    told("Outage of 2019", "The connection pool ran dry.")
    before = {one.word: one.texts for one in SeenWord.objects.all()}
    SeenText.objects.all().delete()
    SeenWord.objects.update(texts=99)
    done: list[tuple[int, int]] = []
    assert reindex(lambda count, every: done.append((count, every))) == 2
    assert {one.word: one.texts for one in SeenWord.objects.all()} == before
    assert done[-1] == (2, 2)
    assert len(titles(bob, "connection pool")) == 2


def test_much_that_waits_is_indexed_in_pieces(make_incident: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("afterword.drafting.similar.writes.BATCH_TEXTS", 2)
    keys = [make_incident().pk for _ in range(3)]
    queue_for_index(incidents=keys)
    queue_for_index(incidents=keys)
    assert index_waiting() == 2
    assert SeenText.objects.count() == 2
    assert index_all_waiting() == 4
    assert (SeenText.objects.count(), SeenWord.objects.get(word="").texts) == (3, 3)


@pytest.mark.once
def test_the_console_asks_as_an_owner_or_as_somebody(
    alice: Person, charlie: Person, seen: Make, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("afterword.config.lookup.check_database", lambda: None)
    for title in ("Late mail", "Every disk is full", "Old certificate on the edge"):
        seen(title)
    before = seen("Connection pool ran dry")
    [one] = look_for("connection pool", by="", limit=5)
    assert (one["title"], one["incident"]) == (before.title, before.number)
    assert one["url"].endswith(f"/incidents/{before.number}")
    assert look_for("connection pool", by=charlie.email, limit=5) == []


@pytest.mark.pure
def test_words_are_compared_without_endings_numbers_and_common_ones():
    assert [stem(word) for word in ("timeouts", "timing", "retries", "stopped", "class", "redis")] == [
        *("timeout", "tim", "retry", "stop", "class", "redis")
    ]
    assert set(weigh_words([("The KubePodCrashLooping of pod-17 at https://x.example/pod", 2.0)])) == {
        *("kube", "pod", "crash", "loop")
    }
    assert name_key("Checkout-API 2") == name_key("checkout api 7") == "checkout api"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("payload", "name"),
    [
        ({"labels": {"alertname": "PoolExhausted"}}, "PoolExhausted"),
        ({"ruleName": "Slow"}, "Slow"),
        ({"commonLabels": {"alertname": ["x"]}}, ""),
        (["alertname"], ""),
        (None, ""),
    ],
)
def test_the_name_of_an_alert_is_that_of_its_rule(payload: Any, name: str):
    assert alert_name(payload) == name


@pytest.mark.pure
def test_what_stands_high_in_both_orders_is_first():
    assert rules.fuse([1, 2, 3], [2, 4]) == [2, 1, 4, 3]


@pytest.mark.pure
def test_words_that_stand_everywhere_are_looked_for_last():
    corpus = rules.Corpus(10_000, 100_000.0, {"slow": 9_000, "pool": 40, "dry": 3, "new": 0})
    chosen = rules.choose_words({"slow": 3.0, "pool": 1.0, "dry": 1.0, "unknown": 9.0}, corpus)
    assert list(chosen) == ["dry", "pool", "slow"]
