"""The process that `similar.py` measures: it fills a database and asks it. Not to be called alone."""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

LABELS = Path(__file__).resolve().parent / "similar_labels.json"
STARTED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
STAND_IN = "stand-in"
NUMBERS = 512
READ_MAX = 20
FIT = 5
SEED = 7
Find = Callable[[dict[str, Any]], Sequence[str]]


def main(folder: str, many: int) -> dict[str, Any]:
    import django

    if os.environ.get("AFTERWORD_EMBEDDINGS_URL") == STAND_IN:
        os.environ["AFTERWORD_EMBEDDINGS_URL"] = serve_stand_in()

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    library = Library()
    quality = measure_quality(library, Path(folder)) if folder else {}
    began = time.perf_counter()
    library.add_incidents(many)
    indexed = time.perf_counter() - began
    return {
        "quality": quality,
        "incidents": many,
        "indexed_seconds": indexed,
        "milliseconds": library.time_of_questions(),
    }


def measure_quality(library: Library, folder: Path) -> dict[str, dict[str, float]]:
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    library.add_documents(folder, labels["documents"])
    ways: dict[str, Find] = {
        "FTS": library.by_fts,
        "BM25": lambda query: library.by_bm25(query, is_boosted=False),
        "BM25 with boosts": lambda query: library.by_bm25(query, is_boosted=True),
    }
    if library.embeds:
        ways["fused"] = library.by_fusion
    report = {}
    for way, find in ways.items():
        ranks, shares = [], []
        for query in labels["queries"]:
            found = find(query)
            relevant = set(query["relevant"])
            ranks.append(next((rank for rank, name in enumerate(found, 1) if name in relevant), 0))
            shares.append(len(relevant & set(found[:FIT])) / min(len(relevant), FIT))
        report[way] = {
            "mrr": sum(1 / rank for rank in ranks if rank) / len(ranks),
            "hit5": sum(0 < rank <= FIT for rank in ranks) / len(ranks),
            "recall5": sum(shares) / len(shares),
            "queries": len(ranks),
        }
    return report


class StandIn(BaseHTTPRequestHandler):
    """No model: it counts the pieces of three letters in the first 300 of a text, and knows no meaning.

    It measures that a second order that is found in another way is joined well, and nothing about models.
    """

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = [{"index": n, "embedding": pieces_of(text)} for n, text in enumerate(asked["input"])]
        sent = json.dumps({"data": found}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *args: Any) -> None:
        pass


def pieces_of(text: str) -> list[float]:
    numbers = [0.0] * NUMBERS
    plain = f" {text[:300].lower()} "
    for start in range(len(plain) - 2):
        numbers[zlib.crc32(plain[start : start + 3].encode()) % NUMBERS] += 1.0
    return numbers


def serve_stand_in() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/v1"


class Library:
    """Services, incidents and documents of one team, and a member who sees them all."""

    def __init__(self) -> None:
        from afterword.accounts.models import Membership, Organisation, OrganisationRole, Person, Team
        from afterword.drafting.similar import embeddings

        Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
        self.team = Team.objects.create(name="Platform")
        self.member = Person.objects.create(
            name="Bob", email="bob@example.com", role=OrganisationRole.RESPONDER
        )
        Membership.objects.create(team=self.team, person=self.member)
        self.services: dict[str, Any] = {}
        self.files: dict[int, str] = {}
        self.number = 0
        self.random = random.Random(SEED)
        self.embeds = embeddings.is_on()

    def add_documents(self, folder: Path, documents: Sequence[dict[str, str]]) -> None:
        from afterword.drafting.similar.writes import embed_some, index_all_waiting, queue_for_index
        from afterword.postmortems.fields.models import PostmortemField, PostmortemFieldItem
        from afterword.postmortems.models import Postmortem, PostmortemIncident, Section
        from afterword.postmortems.searching.writes import index_postmortems

        cause = PostmortemField.objects.create(name="Cause", slug="cause", kind="text")
        made = []
        for one in documents:
            text = (folder / one["file"]).read_text(encoding="utf-8", errors="replace")
            first, _, rest = text.strip().partition("\n")
            incident = self.incident(first.lstrip("# "), one["service"], one["alert"])
            document = Postmortem.objects.create(
                number=incident.number,
                team=self.team,
                title=first.lstrip("# ")[:300],
                author=self.member,
                owner=self.member,
            )
            PostmortemIncident.objects.create(postmortem=document, incident=incident)
            Section.objects.create(
                postmortem=document, position=0, title="Text", kind="prose", text=rest[:60_000]
            )
            PostmortemFieldItem.objects.create(
                owner=document, field=cause, text=one["cause"], key=one["cause"]
            )
            self.files[document.pk] = one["file"]
            made.append(document)
        index_postmortems(made)
        queue_for_index(postmortems=[one.pk for one in made])
        index_all_waiting()
        while self.embeds and embed_some():
            pass

    def incident(self, title: str, service: str, alert: str) -> Any:
        from afterword.catalog.models import Integration, Service
        from afterword.incidents.models import Alert, AlertType, Incident
        from afterword.lib import ids

        if service not in self.services:
            row = Service.objects.create(team=self.team, name=service)
            self.services[service] = Integration.objects.create(service=row, name="Bridge")
        integration = self.services[service]
        self.number += 1
        incident = Incident.objects.create(
            number=self.number,
            service=integration.service,
            entity_id=f"entity-{self.number}",
            title=title[:300],
            created_at=STARTED,
        )
        if alert:
            Alert.objects.create(
                trace_id=ids.new_uuid(),
                integration=integration,
                incident=incident,
                alert_type=AlertType.CRITICAL,
                entity_id=incident.entity_id,
                message=title,
                payload={"labels": {"alertname": alert}},
                received_at=STARTED,
            )
        return incident

    def by_fts(self, query: dict[str, Any]) -> list[str]:
        """The database's own rank of the documents with any of the words."""
        from django.db import connection

        from afterword.postmortems.searching.rules import words_of

        words = list(dict.fromkeys(words_of(f"{query['title']} {query['alert']} {query['service']}")))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                asked = " | ".join(f"'{word}'" for word in words)
                cursor.execute(
                    "SELECT postmortem_id FROM postmortems_searchtext WHERE words @@ %s::tsquery"
                    " ORDER BY ts_rank(words, %s::tsquery, 1) DESC LIMIT %s",
                    [asked, asked, READ_MAX],
                )
            else:
                cursor.execute(
                    "SELECT rowid FROM postmortems_words WHERE postmortems_words MATCH %s"
                    " ORDER BY rank LIMIT %s",
                    [" OR ".join(f'"{word}"' for word in words), READ_MAX],
                )
            return [self.files[key] for (key,) in cursor.fetchall()]

    def by_bm25(self, query: dict[str, Any], *, is_boosted: bool) -> list[str]:
        from afterword.drafting.similar import reads
        from afterword.drafting.similar.matching import keys_with_words
        from afterword.drafting.similar.models import SeenText
        from afterword.drafting.similar.rules import choose_words, compare

        incident = self.incident(query["title"], query["service"], query["alert"])
        source = reads.sources_of_incidents([incident.pk])[incident.pk]
        terms = source.terms
        corpus = reads._corpus(terms)
        wanted = choose_words(terms, corpus)
        keys = keys_with_words(list(wanted), SeenText.objects.all())
        rows = list(SeenText.objects.filter(pk__in=keys))
        found = compare(
            wanted, source.facts, map(reads._candidate, rows), corpus, now=STARTED, is_boosted=is_boosted
        )
        if is_boosted:
            found = [one for one in found if reads._is_worth_a_look(one)]
        by_key = {row.pk: row.postmortem_id for row in rows}
        return [self.files[by_key[one.key]] for one in found[:READ_MAX] if by_key[one.key] in self.files]

    def by_fusion(self, query: dict[str, Any]) -> list[str]:
        """As the product shows it, for an incident that the worker has seen."""
        from afterword.drafting.similar.reads import similar_to_incident
        from afterword.drafting.similar.writes import embed_some, index_all_waiting, queue_for_index

        incident = self.incident(query["title"], query["service"], query["alert"])
        queue_for_index(incidents=[incident.pk])
        index_all_waiting()
        while embed_some():
            pass
        shown = similar_to_incident(self.member, incident, now=STARTED, limit=READ_MAX)
        return [self.files[one.postmortem.pk] for one in shown if one.postmortem]

    def add_incidents(self, many: int) -> None:
        """With words that are as unequal as those of a language."""
        from afterword.drafting.similar.writes import index_all_waiting, queue_for_index
        from afterword.incidents.models import Incident

        letters = "abcdefghijklmnopqrstuvwxyz"
        words = ["".join(self.random.choices(letters, k=4 + n % 7)) for n in range(4_000)]
        weights = [1 / (rank + 20) for rank in range(len(words))]
        self.incident("The first one", "Checkout", "")
        service = self.services["Checkout"].service
        keys = []
        for _ in range(many):
            self.number += 1
            chosen = self.random.choices(words, weights=weights, k=40)
            keys.append(
                Incident(
                    number=self.number,
                    service=service,
                    entity_id=f"entity-{self.number}",
                    title=" ".join(chosen[:7]),
                    summary=" ".join(chosen[7:]),
                    created_at=STARTED - timedelta(hours=self.random.randrange(10_000)),
                )
            )
        made = Incident.objects.bulk_create(keys, batch_size=1_000)
        queue_for_index(incidents=[one.pk for one in made])
        index_all_waiting()
        self.made = made

    def time_of_questions(self) -> list[float]:
        from django.db import connection

        from afterword.drafting.similar.reads import similar_to_incident

        # SQLite works in this process: its processor time counts, however busy the machine is.
        times = []
        for incident in self.random.sample(self.made, 30):
            began = time.perf_counter() if connection.vendor == "postgresql" else time.process_time()
            similar_to_incident(self.member, incident, now=STARTED)
            ended = time.perf_counter() if connection.vendor == "postgresql" else time.process_time()
            times.append((ended - began) * 1e3)
        return times


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
