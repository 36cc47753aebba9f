"""The process that `searching.py` measures: it fills a database with documents. Not to be called alone."""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from _pages import analyse, measure

STARTED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
FEW = 100
SECTIONS = 5
LONG_DOCUMENT_BYTES = 60_000
BATCH_ROWS = 1_000
VOCABULARY = 8_000
SEED = 7
SECTION_WORDS = 60
COMMON = (
    *("pool", "checkout", "slow", "limit", "deploy", "error", "latency", "queue"),
    *("cache", "alert", "retry", "timeout", "region", "traffic", "database", "rollback"),
)
"""Each in about a quarter of the documents, as what people look for is."""


def main(many: int, rounds: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    library = Library()
    library.fill(0, FEW)
    analyse()
    client = Client()
    client.force_login(library.member)
    pages = {
        "list": "/postmortems",
        "list, by title": "/postmortems?sort=title",
        "list, page 100": "/postmortems?page=100",
        "list, a word": "/postmortems?text=pool",
        "search": "/search?text=pool+latency",
    }
    few_pages = {name: measure(client, path, rounds) for name, path in pages.items()}
    few = time_searches(library, rounds)
    began = time.perf_counter()
    library.fill(FEW, many)
    filled = time.perf_counter() - began
    short, long = 1, library.add_long()
    analyse()
    found: dict[str, Any] = {
        name: {**measure(client, path, rounds), "before": few_pages[name]["ms"]}
        for name, path in pages.items()
    }
    found["read, 60 KB"] = {
        **measure(client, f"/postmortems/{long}", rounds),
        "before": measure(client, f"/postmortems/{short}", rounds)["ms"],
    }
    return {
        "pages": found,
        "searches": time_searches(library, rounds),
        "few": few,
        "filled_seconds": filled,
        "plan": explain(library),
    }


def time_searches(library: Library, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of a search: what is found, how many, the first page with its passages."""
    from afterword.postmortems.searching.reads import Found, PostmortemFilter, excerpts_of

    kinds = {
        "a rare word": library.rare,
        "a common word": COMMON,
        "two common words": [f"{COMMON[n]} {COMMON[n - 1]}" for n in range(len(COMMON))],
        "a phrase": library.phrases,
        "a beginning": [word[:3] for word in library.rare],
        "without a word": [f"pool -{word}" for word in COMMON if word != "pool"],
    }
    answers = {}
    for kind, texts in kinds.items():
        times = []
        for text in list(texts) * max(1, rounds // 3):
            began = time.perf_counter()
            found = Found(library.member, PostmortemFilter(text=text))
            len(found)
            rows = found[:20]
            excerpts_of(found.query, rows)
            times.append((time.perf_counter() - began) * 1e3)
        times.sort()
        answers[kind] = {"median": statistics.median(times), "p95": times[int(len(times) * 0.95)]}
    return answers


def explain(library: Library) -> str:
    """How the database finds a word among what the member sees."""
    from afterword.postmortems.searching.reads import PostmortemFilter, find_postmortems

    found = find_postmortems(library.member, PostmortemFilter(text="pool"))
    return str(found.order_by().values("pk").explain())


class Library:
    """A team with documents, each about an incident, and a member who reads nine tenths of them."""

    def __init__(self) -> None:
        from afterword.accounts.models import Membership, Organisation, OrganisationRole, Person, Team
        from afterword.catalog.models import Service

        self.random = random.Random(SEED)
        Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
        self.team, other = Team.objects.create(name="Payments"), Team.objects.create(name="Search")
        self.member = Person.objects.create(
            name="Bob", email="bob@example.com", role=OrganisationRole.RESPONDER
        )
        Membership.objects.create(team=self.team, person=self.member)
        self.services = [
            Service.objects.create(team=team, name=f"Service of {team}") for team in (self.team, other)
        ]
        letters = "abcdefghijklmnopqrstuvwxyz"
        self.words = ["".join(self.random.choices(letters, k=4 + n % 7)) for n in range(VOCABULARY)]
        self.rare = self.words[-20:]
        # Words fall off as in a language: the first ones stand everywhere, most of them hardly anywhere.
        self.weights = list(accumulate(1 / (rank + 20) for rank in range(VOCABULARY)))
        self.phrases = [f'"{word} {COMMON[0]}"' for word in self.words[:8]]
        self.count = 0

    def fill(self, since: int, until: int) -> None:
        from afterword.incidents.models import Incident
        from afterword.postmortems.models import Postmortem, PostmortemIncident, Revision, Section
        from afterword.postmortems.searching.writes import index_postmortems

        for first in range(since, until, BATCH_ROWS):
            numbers = range(first + 1, min(first + BATCH_ROWS, until) + 1)
            incidents = Incident.objects.bulk_create(self._incident(number) for number in numbers)
            documents = Postmortem.objects.bulk_create(
                Postmortem(
                    number=one.number,
                    team_id=one.service.team_id,
                    title=f"{self._prose(5)} {one.number}",
                    author=self.member,
                    owner=self.member,
                    template_name="Standard",
                    created_at=one.created_at,
                )
                for one in incidents
            )
            PostmortemIncident.objects.bulk_create(
                PostmortemIncident(postmortem=document, incident=one)
                for document, one in zip(documents, incidents, strict=True)
            )
            Section.objects.bulk_create(
                Section(
                    postmortem=document,
                    position=position,
                    title=f"Section {position}",
                    kind="prose",
                    text=self._prose(SECTION_WORDS),
                )
                for document in documents
                for position in range(SECTIONS)
            )
            Revision.objects.bulk_create(
                Revision(postmortem=one, number=1, title=one.title, sections=[]) for one in documents
            )
            index_postmortems(documents)
        self.count = until

    def add_long(self) -> int:
        """The number of one more document, of 60 KB in ten sections of Markdown."""
        from afterword.postmortems.models import Postmortem, Section
        from afterword.postmortems.searching.writes import index_postmortems

        number = self.count
        self.fill(number, number + 1)
        document = Postmortem.objects.get(number=number + 1)
        document.team = self.team
        document.save()
        Section.objects.filter(postmortem=document).delete()
        paragraph = f"**{self._prose(4)}** {self._prose(60)}\n\n- {self._prose(12)}\n- `{self._prose(2)}`\n\n"
        text = paragraph * (LONG_DOCUMENT_BYTES // 10 // len(paragraph))
        Section.objects.bulk_create(
            Section(postmortem=document, position=n, title=f"Part {n}", kind="prose", text=text)
            for n in range(10)
        )
        index_postmortems([document])
        return document.number

    def _incident(self, number: int) -> Any:
        from afterword.incidents.models import Incident

        started = STARTED + timedelta(minutes=number)
        return Incident(
            number=number,
            # The member sees all but every tenth.
            service=self.services[number % 10 == 9],
            entity_id=f"entity-{number}",
            title=f"Checkout answers slowly ({number})",
            status="resolved",
            created_at=started,
            impact_started_at=started,
            detected_at=started,
            resolved_at=started + timedelta(minutes=40),
        )

    def _prose(self, count: int) -> str:
        chosen = self.random.choices(self.words, cum_weights=self.weights, k=count)
        chosen[count // 2] = self.random.choice(COMMON)
        return " ".join(chosen)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
