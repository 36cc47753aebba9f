"""An endpoint that speaks OpenAI's format: what it gives is used, what it does wrong is done without."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from afterword.accounts.models import Person
from afterword.drafting.similar import embeddings
from afterword.drafting.similar.models import SeenText
from afterword.drafting.similar.reads import similar_to_incident, similar_to_text
from afterword.drafting.similar.writes import embed_some
from afterword.lib import clock

Make = Callable[..., Any]
MEANINGS = ("connection", "certificate", "disk", "mail")
SYNONYMS = {"sockets": "connection", "tls": "certificate"}


class Endpoint(BaseHTTPRequestHandler):
    """Embeds a text by which meanings it has; `mood` says what it does instead."""

    mood = ""
    asked: list[dict[str, Any]] = []
    keys: list[str] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append(body)
        type(self).keys.append(self.headers.get("Authorization", ""))
        answer = {"data": [{"index": n, "embedding": meaning(text)} for n, text in enumerate(body["input"])]}
        sent = json.dumps(answer).encode()
        status = 200
        if self.mood == "slow":
            time.sleep(1.0)
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
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(sent)

    def log_message(self, *args: Any) -> None:
        pass


def meaning(text: str) -> list[float]:
    words = [SYNONYMS.get(word, word) for word in text.lower().split()]
    return [float(words.count(one)) + 0.01 for one in MEANINGS]


@pytest.fixture
def endpoint(settings: Any) -> Iterator[type[Endpoint]]:
    class Mine(Endpoint):
        asked: list[dict[str, Any]] = []
        keys: list[str] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Mine)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMBEDDINGS_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.EMBEDDINGS_KEY = "sk-test"
    settings.EMBEDDINGS_SECONDS_MAX = 0.5
    yield Mine
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


MOODS = ["slow", "error", "cut", "text", "few", "words", "infinite", "huge", "deep", "redirect"]


@pytest.mark.once
@pytest.mark.parametrize("mood", MOODS)
def test_an_endpoint_that_misbehaves_is_done_without(
    mood: str, bob: Person, seen: Make, endpoint: type[Endpoint]
):
    for title in ("Late mail", "Every disk is full", "Old certificate on the edge"):
        seen(title)
    before = seen("No connection left in the pool")
    endpoint.mood = mood
    began = time.monotonic()
    with pytest.raises(embeddings.NoEmbedding) as failure:
        embed_some()
    assert "pool" not in str(failure.value)
    [one] = similar_to_text(bob, "connection pool", now=clock.now())
    assert one.incident == before
    assert time.monotonic() - began < 5
    assert not SeenText.objects.filter(embedding__isnull=False).exists()


@pytest.mark.once
def test_an_endpoint_that_is_not_there_is_done_without(settings: Any, bob: Person, seen: Make):
    settings.EMBEDDINGS_URL = "http://127.0.0.1:1/v1"
    assert similar_to_text(bob, "connection pool", now=clock.now()) == []
