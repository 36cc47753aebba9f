"""The process that `drafting.py` measures: it fills a database and writes drafts. Not to be called alone."""

from __future__ import annotations

import gc
import json
import sys
import time
import tracemalloc
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from _scoring import Score, read, score_draft

STARTED = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
SERVICE = "Website"
"""Of incidents whose file names no component."""


def main(what: str, argument: str) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return replay(Path(argument)) if what == "replay" else measure(int(argument))


# The real incidents ------------------------------------------------------------------------------------


def replay(path: Path) -> dict[str, Any]:
    """Draft every incident of the file, and score the drafts by the file."""
    from afterword.drafting.citations.check import check_draft
    from afterword.drafting.deterministic.drafter import write_draft
    from afterword.drafting.evidence.reads import collect_evidence
    from afterword.lib import clock

    score, verdicts, findings, blame = Score(), Counter[str](), Counter[str](), Counter[str]()
    claims, cited, kinds = 0, 0, Counter[str]()
    stage = Stage()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    examples = []
    seconds = []
    for told in rows:
        incident = stage.play(told)
        began = time.process_time()
        book = collect_evidence(stage.person, [incident], now=clock.now())
        draft = write_draft(book)
        seconds.append(time.process_time() - began)
        score_draft(score, told, incident.number, draft)
        for verdict in check_draft(draft, book):
            claims += 1
            kinds[verdict.claim.kind] += 1
            certain = {one.kind for one in verdict.findings} - {"weak", "unsupported", "negation", "opposite"}
            cited += bool(verdict.claim.evidence) and not certain
            verdicts[verdict.outcome] += 1
            for one in verdict.findings:
                findings[one.kind] += 1
                if one.kind != "weak":
                    examples.append(f"{one.kind} {one.text!r}: {verdict.claim.text}")
        for kind, text in blaming(draft):
            blame[kind] += 1
            examples.append(f"blame, {kind}: {text}")
    return {
        "incidents": len(rows),
        "drafts": score.drafts,
        "claims": claims,
        "kinds": dict(kinds),
        "times": score.share("times"),
        "numbers": score.share("numbers"),
        "quotations": score.share("quotations"),
        "citations": cited / claims,
        "key events": score.share("key events"),
        "all news": score.share("news"),
        "causal": score.counts["causal:all"] - score.counts["causal:right"],
        "blame": dict(blame),
        "verdicts": dict(verdicts),
        "findings": dict(findings),
        "counted": dict(score.counts),
        "draft_ms": sorted(1_000 * one for one in seconds)[len(seconds) // 2],
        "wrong": score.wrong[:20],
        "examples": examples[:20],
    }


def blaming(draft: Any) -> list[tuple[str, str]]:
    """What the program's own check of language finds: in our words, and in what is quoted."""
    from _scoring import QUOTED

    from afterword import language

    found = []
    for claim in draft.claims():
        for finding in language.check(claim.text):
            if str(getattr(finding, "kind", "blame")) != "blame":
                continue
            inside = any(m.start() <= finding.start < m.end() for m in QUOTED.finditer(claim.text))
            found.append(("quoted" if inside else "own", claim.text))
    return found


class Stage:
    """An organisation to which it happens: a service for each component, with a way in."""

    def __init__(self) -> None:
        from afterword.accounts.models import Membership, Organisation, Person, Team
        from afterword.ingest.stores import make_store
        from afterword.ingest.trace_ids import TraceIds

        Organisation.objects.create(id=1, name="Replay", slug="replay-0a1b2c")
        self.team = Team.objects.create(name="Status page")
        self.person = Person.objects.create(name="Responder", email="responder@example.com", role="owner")
        Membership.objects.create(team=self.team, person=self.person)
        self._store, self._trace_ids = make_store(), TraceIds()
        self._services: dict[str, Any] = {}

    def play(self, told: dict[str, Any]) -> Any:
        """One incident: its first update is an alert that goes the way of all alerts, the others are notes.

        The alert arrives today. So that the times are those of the file, the incident is moved to its day
        by the same changes that people make, and the alert, which nobody can move, by the database.
        """
        from afterword.incidents import writes
        from afterword.incidents.facts.writes.services import change_affected_services
        from afterword.incidents.models import Alert, Entry, Incident

        names = told.get("components") or [SERVICE]
        first, last = told["updates"][0], told["updates"][-1]
        alert = self._send(names[0], told["title"], told["id"], first["message"])
        incident = Incident.objects.get(pk=alert.incident_id)
        start = min(read(told["started_at"]), read(first["at"]))
        Alert.objects.filter(pk=alert.pk).update(received_at=read(first["at"]))
        Entry.objects.filter(incident=incident).update(at=read(first["at"]))
        Incident.objects.filter(pk=incident.pk).update(created_at=start, detected_at=read(first["at"]))
        incident.refresh_from_db()
        writes.change_timestamps(actor=self.person, incident=incident, times={"impact_started": start})
        if names[1:]:
            others = [self._service(name)[0] for name in dict.fromkeys(names[1:]) if name != names[0]]
            change_affected_services(actor=self.person, incident=incident, services=others)
        for update in told["updates"]:
            writes.add_note(
                actor=self.person, incident=incident, text=update["message"], at=read(update["at"])
            )
        end = max(read(told["resolved_at"]), read(last["at"]))
        return writes.resolve_incident(actor=self.person, incident=incident, at=end)

    def _send(self, service: str, title: str, entity: str, summary: str) -> Any:
        from afterword.incidents.models import Alert
        from afterword.ingest.fold import fold_rows
        from afterword.ingest.inbox import InboxEntry
        from afterword.ingest.partitions import partition_of_service
        from afterword.lib import clock

        where, integration = self._service(service)
        trace_id = self._trace_ids.new()
        body = json.dumps(
            {"message": title, "summary": summary, "alert_type": "critical", "entity_id": entity}
        )
        partition = partition_of_service(where)
        self._store.insert([InboxEntry(trace_id, integration.pk, partition, trace_id, body, clock.now())])
        while fold_rows():
            pass
        return Alert.objects.get(trace_id=trace_id)

    def _service(self, name: str) -> tuple[Any, Any]:
        from afterword.catalog.models import Integration, Service

        if name not in self._services:
            service = Service.objects.create(team=self.team, name=name)
            self._services[name] = service, Integration.objects.create(service=service, name="Status")
        return self._services[name]


# Ten thousand entries ----------------------------------------------------------------------------------


def measure(entries: int) -> dict[str, Any]:
    """Seconds and memory of a draft about one incident with so many entries, and half as many alerts."""
    from afterword.drafting.citations.check import check_draft
    from afterword.drafting.deterministic.drafter import write_draft
    from afterword.drafting.evidence.reads import collect_evidence
    from afterword.lib import clock

    person, incident = fill(entries)
    collect_evidence(person, [incident], now=clock.now())
    found: dict[str, Any] = {"entries": entries}
    for name in ("first", "second", "third"):
        gc.collect()
        began, cpu = time.perf_counter(), time.process_time()
        book = collect_evidence(person, [incident], now=clock.now())
        collected = time.perf_counter()
        draft = write_draft(book)
        written = time.perf_counter()
        found[name] = {
            "collect_ms": 1_000 * (collected - began),
            "write_ms": 1_000 * (written - collected),
            "processor_ms": 1_000 * (time.process_time() - cpu),
        }
    began = time.perf_counter()
    check_draft(draft, book)
    found["check_ms"] = 1_000 * (time.perf_counter() - began)
    del book, draft
    gc.collect()
    tracemalloc.start()
    book = collect_evidence(person, [incident], now=clock.now())
    found["book_mb"], found["peak_mb"] = (one / 2**20 for one in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    draft = write_draft(book)
    found["pieces"], found["left_out"] = len(book.pieces), dict(book.left_out)
    found["claims"] = sum(1 for _ in draft.claims())
    timeline = draft.section("timeline")
    found["timeline_lines"] = len(timeline.claims) if timeline else 0
    return found


def fill(entries: int) -> tuple[Any, Any]:
    """An incident of ten hours: half alerts, of which most are repeated; the others notes, pages, changes."""
    import uuid

    from afterword.accounts.models import Membership, Organisation, Person, Team
    from afterword.catalog.models import Integration, Service
    from afterword.incidents.models import Alert, Change, Entry, Incident

    Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
    team = Team.objects.create(name="Payments")
    person = Person.objects.create(name="Responder", email="responder@example.com", role="owner")
    Membership.objects.create(team=team, person=person)
    service = Service.objects.create(team=team, name="Checkout")
    integration = Integration.objects.create(service=service, name="Monitoring")
    end = STARTED + timedelta(hours=10)
    incident = Incident.objects.create(
        number=1,
        service=service,
        integration=integration,
        entity_id="checkout",
        title="Checkout answers slowly",
        status="resolved",
        created_at=STARTED,
        impact_started_at=STARTED,
        detected_at=STARTED + timedelta(minutes=2),
        fixed_at=end,
        resolved_at=end,
    )
    step = timedelta(hours=10) / entries
    rows, alerts = [], []
    for place in range(entries):
        at = STARTED + place * step
        kind, text = "alert", f"Latency of checkout is over its limit on web-{place % 300}"
        if place % 2:
            kind = ("note", "page", "message", "note")[place // 2 % 4]
            text = f"What was seen in step {place}: {'the queue was long and the pool was full ' * 12}"
        else:
            alerts.append(
                Alert(
                    trace_id=uuid.UUID(int=place + 1),
                    integration=integration,
                    incident=incident,
                    alert_type="critical",
                    entity_id=f"web-{place % 300}",
                    message=text,
                    payload={"labels": {"host": f"web-{place % 300}"}, "value": place},
                    opened_incident=place == 0,
                    received_at=at,
                )
            )
        rows.append(
            Entry(
                incident=incident,
                at=at,
                kind=kind,
                text=text,
                source="Monitoring" if kind == "alert" else "R",
            )
        )
    Alert.objects.bulk_create(alerts, batch_size=1_000)
    Entry.objects.bulk_create(rows, batch_size=1_000)
    Change.objects.bulk_create(
        Change(
            trace_id=uuid.UUID(int=10**9 + place),
            service=service,
            title=f"Deploy v{place}",
            at=STARTED - timedelta(minutes=7 * place),
            received_at=STARTED,
        )
        for place in range(200)
    )
    return person, incident


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
