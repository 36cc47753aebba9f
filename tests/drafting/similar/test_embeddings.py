"""An endpoint that speaks OpenAI's format: what it gives is used, what it does wrong is done without."""

from __future__ import annotations

import contextlib
import json
import random
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person
from afterword.drafting.similar import embeddings, rules
from afterword.drafting.similar.models import SeenText
from afterword.drafting.similar.reads import similar_to_incident, similar_to_text
from afterword.drafting.similar.writes import embed_some, index_all_waiting, queue_for_index
from afterword.incidents.models import Incident
from afterword.lib import clock

Make = Callable[..., Any]
MEANINGS = ("connection", "certificate", "disk", "mail")
SYNONYMS = {"sockets": "connection", "tls": "certificate"}


class Endpoint(BaseHTTPRequestHandler):
    """Embeds a text by which meanings it has; `mood` says what it does instead."""

    mood = ""
    asked: list[dict[str, Any]] = []
    keys: list[str] = []
    may_answer = threading.Event()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append(body)
        type(self).keys.append(self.headers.get("Authorization", ""))
        answer = {"data": [{"index": n, "embedding": meaning(text)} for n, text in enumerate(body["input"])]}
        sent = json.dumps(answer).encode()
        status = 200
        if self.mood == "slow":
            self.may_answer.wait(60)
        elif self.mood == "error":
            status = 500
        elif self.mood == "cut":
            sent = sent[: len(sent) // 2]
        elif self.mood == "text":
            sent = b"I am sorry, Dave."
        elif self.mood == "few":
            sent = json.dumps({"data": answer["data"][1:]}).encode()
        elif self.mood == "words":
            sent = json.dumps({"data": [{"index": 0, "embedding": ["NaN", None, True]}]}).encode()
        elif self.mood == "infinite":
            sent = b'{"data": [{"index": 0, "embedding": [Infinity, NaN, 1e999]}]}'
        elif self.mood == "huge":
            sent = b'{"data": [' + b" " * 3_000_000 + b"]}"
        elif self.mood == "deep":
            sent = b"[" * 100_000
        elif self.mood == "redirect":
            status = 302
        elif self.mood == "key":
            status = 401
        elif self.mood == "refuses" and any("zeppelin" in text.lower() for text in body["input"]):
            status = 400
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(sent)

    def log_message(self, *args: Any) -> None:
        pass


def meaning(text: str) -> list[float]:
    words = [SYNONYMS.get(word, word) for word in text.lower().split()]
    return [float(words.count(one)) - 0.01 for one in MEANINGS]


@pytest.fixture
def endpoint(settings: Any) -> Iterator[type[Endpoint]]:
    class Mine(Endpoint):
        asked: list[dict[str, Any]] = []
        keys: list[str] = []
        may_answer = threading.Event()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Mine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMBEDDINGS_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.EMBEDDINGS_KEY = "sk-test"
    settings.EMBEDDINGS_SECONDS_MAX = 20.0
    yield Mine
    Mine.may_answer.set()
    server.shutdown()
    server.server_close()


def test_what_means_the_same_in_other_words_is_found(bob: Person, seen: Make, endpoint: type[Endpoint]):
    before = seen("No connection left in the shop")
    for title in ("Old certificate on the edge", "Every disk is full", "Late mail"):
        seen(title)
    now = seen("Out of sockets")
    assert similar_to_incident(bob, now, now=clock.now()) == []
    assert embed_some() == 5
    assert embed_some() == 0
    [one] = similar_to_incident(bob, now, now=clock.now())
    assert (one.incident, one.reasons) == (before, ["close in meaning"])
    [one] = [each for each in similar_to_text(bob, "sockets", now=clock.now()) if each.incident == before]
    assert one.reasons == ["close in meaning"]
    assert set(endpoint.keys) == {"Bearer sk-test"}


def test_nothing_private_is_sent(seen: Make, told: Make, endpoint: type[Endpoint]):
    secret = seen("Connection of the takeover", is_private=True)
    told("The takeover", "It was secret.", secret)
    seen("Late mail")
    while embed_some():
        pass
    assert "takeover" not in json.dumps(endpoint.asked)
    assert SeenText.objects.filter(embedding__isnull=False).count() == 1


def test_nothing_is_sent_anywhere_unless_an_endpoint_is_named(settings: Any):
    assert settings.EMBEDDINGS_URL == ""
    assert not embeddings.is_on()


def test_a_text_that_is_refused_holds_up_no_other_and_is_tried_again_later(
    seen: Make, endpoint: type[Endpoint]
):
    for title in ("Late mail", "Zeppelin at the fibre", "Every disk is full"):
        seen(title)
    endpoint.mood = "refuses"
    assert embed_some() == 3
    refused = SeenText.objects.get(embedding__isnull=True)
    assert "zeppelin" in refused.terms
    assert embed_some() == 0, "it is not asked again and again"
    waits = []
    for _ in range(3):
        began = clock.now()
        SeenText.objects.filter(pk=refused.pk).update(embedding_not_before=began - timedelta(seconds=1))
        with pytest.raises(embeddings.NoEmbedding):
            embed_some()
        refused.refresh_from_db()
        assert refused.embedding_not_before
        waits.append(round((refused.embedding_not_before - began) / timedelta(minutes=1)))
    assert waits == [20, 40, 80]
    endpoint.mood = ""
    assert embed_some() == 0
    Incident.objects.filter(pk=refused.incident_id).update(title="Zeppelin in the harbour")
    queue_for_index(incidents=[refused.incident_id])
    index_all_waiting()
    assert embed_some() == 1, "what was changed is tried at once"
    assert not SeenText.objects.filter(embedding__isnull=True).exists()


def test_an_endpoint_that_refuses_the_key_is_not_asked_text_by_text(seen: Make, endpoint: type[Endpoint]):
    for title in ("Late mail", "Every disk is full"):
        seen(title)
    endpoint.mood = "key"
    with pytest.raises(embeddings.NoEmbedding):
        embed_some()
    assert len(endpoint.asked) == 1
    assert not SeenText.objects.filter(embedding_not_before__isnull=False).exists()


def test_of_many_those_are_compared_that_point_nearly_the_same_way(
    bob: Person, seen: Make, endpoint: type[Endpoint], monkeypatch: pytest.MonkeyPatch
):
    before = seen("No connection left in the shop")
    for title in ("Old certificate on the edge", "Every disk is full", "Late mail"):
        seen(title)
    now = seen("Out of sockets")
    while embed_some():
        pass
    monkeypatch.setattr("afterword.drafting.similar.reads.COMPARED_MAX", 1)
    with CaptureQueriesContext(connection) as queries:
        found = similar_to_incident(bob, now, now=clock.now())
    assert [one.incident for one in found] == [before]
    read = [one["sql"] for one in queries if '"drafting_seentext"."embedding"' in one["sql"]]
    assert len(read) == 2, "its own, and those that are compared"


@pytest.mark.pure
def test_the_nearest_are_among_those_whose_signs_differ_least():
    numbers = random.Random(7)

    def some(near: list[float], by: float) -> list[float]:
        return [one + by * numbers.gauss(0, 1) for one in near]

    wanted = some([0.0] * 256, 1.0)
    near = {key: some(wanted, 1.0) for key in range(20)}
    far = {key: some([0.0] * 256, 1.0) for key in range(20, 520)}
    stored = [(key, rules.signs_of(one)) for key, one in {**far, **near, 999: [1.0] * 8}.items()]
    assert set(rules.likely_nearest(rules.signs_of(wanted), stored, count=20)) == set(near)


MOODS = ["slow", "error", "cut", "text", "few", "words", "infinite", "huge", "deep", "redirect"]


@pytest.mark.once
@pytest.mark.parametrize("mood", MOODS)
def test_an_endpoint_that_misbehaves_is_done_without(
    mood: str, bob: Person, seen: Make, endpoint: type[Endpoint], settings: Any
):
    for title in ("Late mail", "Every disk is full", "Old certificate on the edge"):
        seen(title)
    before = seen("No connection left in the pool")
    endpoint.mood = mood
    if mood == "slow":
        # It does not answer before the end of the test: whoever waited for it would not come as far.
        settings.EMBEDDINGS_SECONDS_MAX = 0.5
    with pytest.raises(embeddings.NoEmbedding) as failure:
        embed_some()
    assert "pool" not in str(failure.value)
    [one] = similar_to_text(bob, "connection pool", now=clock.now())
    assert one.incident == before
    assert not SeenText.objects.filter(embedding__isnull=False).exists()


@pytest.mark.once
def test_an_endpoint_that_is_not_there_is_done_without(settings: Any, bob: Person, seen: Make):
    settings.EMBEDDINGS_URL = "http://127.0.0.1:1/v1"
    assert similar_to_text(bob, "connection pool", now=clock.now()) == []
