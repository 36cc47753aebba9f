"""Keeping the index of what was seen, and what people say of it: that a cause was the same."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.drafting.similar import embeddings
from afterword.drafting.similar.matching import count_words, drop_words, hold_index, store_words
from afterword.drafting.similar.models import ConfirmedRepeat, SeenText, SeenWord, WaitingText
from afterword.drafting.similar.reads import (
    LIMIT_MAX,
    get_repeat,
    repeats_of,
    sources_of_incidents,
    sources_of_postmortems,
)
from afterword.drafting.similar.sources import Source, facts_as_json
from afterword.incidents.models import Incident
from afterword.incidents.reads import family_of, get_incident, lock_incident
from afterword.lib.errors import InvalidInput
from afterword.postmortems.models import Postmortem, PostmortemIncident
from afterword.postmortems.reads import get_postmortem

BATCH_TEXTS = 20
"""Indexed in one transaction: on SQLite nobody else writes meanwhile."""
WAITING_READ_MAX = 500
LOOKED_EVERY_SECONDS = 2.0
AFTER_FAILURE_SECONDS = 60.0
"""How long an endpoint that failed is left alone."""
COUNTED_ROWS = 2_000

logger = logging.getLogger("afterword.worker")

Keys = Mapping[str, Sequence[int]]


# The index ------------------------------------------------------------------------------------------------


def queue_for_index(*, incidents: Iterable[int] = (), postmortems: Iterable[int] = ()) -> None:
    """Have these indexed soon, by the worker: one row for each, in the caller's transaction."""
    rows = [WaitingText(incident_key=key) for key in dict.fromkeys(incidents)]
    rows += [WaitingText(postmortem_key=key) for key in dict.fromkeys(postmortems)]
    if rows:
        WaitingText.objects.bulk_create(rows)


@transaction.atomic
def index_waiting() -> int:
    """Index some of what waits; how many rows of it are done. 0: nothing waits.

    Of two workers the second one waits for the first. Who changes something meanwhile queues it again.
    """
    if not WaitingText.objects.exists():
        return 0
    hold_index()
    chosen: list[int] = []
    incidents: dict[int, None] = {}
    postmortems: dict[int, None] = {}
    rows = WaitingText.objects.order_by("id").values_list("pk", "incident_key", "postmortem_key")
    for pk, incident, postmortem in rows[:WAITING_READ_MAX]:
        if incident is not None:
            incidents[incident] = None
        elif postmortem is not None:
            postmortems[postmortem] = None
        chosen.append(pk)
        if len(incidents) + len(postmortems) >= BATCH_TEXTS:
            break
    # Deleted before the things are read: what is queued from now on is of a later change.
    WaitingText.objects.filter(pk__in=chosen).delete()
    told = PostmortemIncident.objects.filter(incident__in=list(incidents)).values_list(
        "postmortem", flat=True
    )
    # What is known of an incident is known of its post-mortem too.
    _index(list(incidents), list(dict.fromkeys([*postmortems, *told])))
    return len(chosen)


@transaction.atomic
def forget_postmortems(keys: Sequence[int]) -> None:
    """Take post-mortems that are about to be deleted out of the index."""
    hold_index()
    rows = list(SeenText.objects.filter(postmortem__in=list(keys)).defer("embedding"))
    _forget(rows)


def index_all_waiting() -> int:
    """The same until nothing waits; how many rows there were."""
    done = 0
    while count := index_waiting():
        done += count
    return done


def reindex(note: Callable[[int, int], None]) -> int:
    """Make the index anew, in batches; how many texts it has. `note(done, all)` is told of each batch.

    Who looks meanwhile finds what was indexed before or what is now.
    """
    every = Incident.objects.count() + Postmortem.objects.count()
    done = 0
    for model, name in ((Incident, "incidents"), (Postmortem, "postmortems")):
        last = 0
        while True:
            with transaction.atomic():
                hold_index()
                found = model._default_manager.filter(pk__gt=last).order_by("pk")
                keys = list(found.values_list("pk", flat=True)[:BATCH_TEXTS])
                _index(**{"incidents": [], "postmortems": []} | {name: keys}, is_all=True)
            if not keys:
                break
            done, last = done + len(keys), keys[-1]
            note(done, max(every, done))
    _count_anew()
    return SeenText.objects.count()


def run_indexing(stop: threading.Event) -> None:
    """Index what waits, and fetch embeddings where an endpoint is set, until `stop`. For the worker."""
    quiet_until = time.monotonic()
    while not stop.is_set():
        try:
            if index_waiting():
                continue
            if embeddings.is_on() and time.monotonic() >= quiet_until and embed_some():
                continue
        except embeddings.NoEmbedding as failure:
            logger.warning("No embeddings were made: %s", failure)
            quiet_until = time.monotonic() + AFTER_FAILURE_SECONDS
        except DatabaseError as error:
            logger.warning("The index of what was seen has to wait: %s", error)
            connection.close()
        stop.wait(LOOKED_EVERY_SECONDS)
    connection.close()


def embed_some() -> int:
    """Fetch the embeddings of a few texts that have none, the newest first; how many. Raises NoEmbedding.

    Texts of private incidents, and of post-mortems about such, are sent nowhere; one that was made private
    loses what it had.
    """
    model = settings.EMBEDDINGS_MODEL
    lacking = SeenText.objects.filter(~Q(embedding_model=model) | ~Q(embedding_digest=F("digest")))
    rows = list(lacking.order_by("-pk").defer("terms")[: embeddings.TEXTS_AT_ONCE_MAX])
    if not rows:
        return 0
    sources = {("incident", key): one for key, one in sources_of_incidents(_keys(rows, "incident")).items()}
    sources |= {
        ("postmortem", key): one for key, one in sources_of_postmortems(_keys(rows, "postmortem")).items()
    }
    by_row = {
        row.pk: sources.get(
            ("incident", row.incident_id) if row.incident_id else ("postmortem", row.postmortem_id or 0)
        )
        for row in rows
    }
    sent = [
        (row, source)
        for row in rows
        if (source := by_row[row.pk]) is not None and not source.is_private and source.text.strip()
    ]
    made = embeddings.embed([source.text for _, source in sent]) if sent else []
    numbers = {row.pk: one for (row, _), one in zip(sent, made, strict=True)}
    for row in rows:
        row.embedding = numbers.get(row.pk)
        row.embedding_model, row.embedding_digest = model, row.digest
    SeenText.objects.bulk_update(rows, ["embedding", "embedding_model", "embedding_digest"])
    return len(rows)


def _keys(rows: Sequence[SeenText], of: str) -> list[int]:
    return [key for row in rows if (key := getattr(row, f"{of}_id")) is not None]


def _index(incidents: Sequence[int], postmortems: Sequence[int], *, is_all: bool = False) -> None:
    """Write what is indexed of these now. What is not there any more is forgotten."""
    if not incidents and not postmortems:
        return
    old = {
        (one.incident_id, one.postmortem_id): one
        for one in SeenText.objects.filter(
            Q(incident__in=list(incidents)) | Q(postmortem__in=list(postmortems))
        ).defer("embedding")
    }
    new: dict[tuple[int | None, int | None], Source] = {}
    new |= {(key, None): one for key, one in sources_of_incidents(incidents).items()}
    new |= {(None, key): one for key, one in sources_of_postmortems(postmortems).items()}
    _forget([row for thing, row in old.items() if thing not in new])
    counts: dict[str, int] = {}
    weight = 0.0
    written: list[tuple[int, Iterable[str]]] = []
    for (incident, postmortem), source in new.items():
        before = old.get((incident, postmortem))
        digest = source.digest
        if before is not None and before.digest == digest and not is_all:
            continue
        terms = source.terms
        row = before or SeenText(incident_id=incident, postmortem_id=postmortem)
        if before is not None:
            _note(counts, before.terms, -1)
            weight -= before.weight
        _note(counts, terms, 1)
        row.terms, row.weight = terms, round(sum(terms.values()), 2)
        row.facts, row.at, row.digest = facts_as_json(source.facts), source.at, digest
        weight += row.weight
        if before is None:
            row.save(force_insert=True)
        else:
            changed = ["terms", "weight", "facts", "at", "digest"]
            if source.is_private:
                row.embedding = None
                changed.append("embedding")
            row.save(update_fields=changed)
        written.append((row.pk, terms))
    store_words(written)
    count_words({word: count for word, count in counts.items() if count}, weight)


def _forget(rows: Sequence[SeenText]) -> None:
    if not rows:
        return
    counts: dict[str, int] = {}
    for row in rows:
        _note(counts, row.terms, -1)
    drop_words([row.pk for row in rows])
    SeenText.objects.filter(pk__in=[row.pk for row in rows]).delete()
    count_words(counts, -sum(row.weight for row in rows))


def _note(counts: dict[str, int], terms: Iterable[str], by: int) -> None:
    for word in ("", *terms):
        counts[word] = counts.get(word, 0) + by


@transaction.atomic
def _count_anew() -> None:
    """In how many texts each word stands, counted once more: what was deleted may be counted still."""
    hold_index()
    counts: dict[str, int] = {}
    weight = 0.0
    rows = SeenText.objects.order_by("pk").values_list("terms", "weight")
    for terms, its_weight in rows.iterator(chunk_size=COUNTED_ROWS):
        _note(counts, terms, 1)
        weight += its_weight
    SeenWord.objects.all().delete()
    SeenWord.objects.bulk_create(
        (SeenWord(word=word, texts=count, weight=0 if word else weight) for word, count in counts.items()),
        batch_size=COUNTED_ROWS,
    )


# What people say of it ------------------------------------------------------------------------------------


@transaction.atomic
def confirm_repeat(
    *,
    actor: Person,
    incident: Incident,
    earlier_incident: Incident | None = None,
    earlier_postmortem: Postmortem | None = None,
) -> ConfirmedRepeat:
    """Say that an incident had the same cause as something before it; said again, it stays as it was said.

    Of two incidents the later one repeats the other, whichever of them it is said of.

    The actor may respond in `incident` and sees the other; of a post-mortem about an incident that the actor
    sees, that incident is meant. Raises InvalidInput, NotAllowed, NotFound.
    """
    assert (earlier_incident is None) != (earlier_postmortem is None)
    incident = lock_incident(actor, incident)
    if earlier_incident is not None:
        earlier_incident = get_incident(actor, earlier_incident.number)
    else:
        assert earlier_postmortem is not None
        earlier_postmortem = get_postmortem(actor, earlier_postmortem.number)
        about = PostmortemIncident.objects.filter(postmortem=earlier_postmortem)
        if about.filter(incident__in=family_of(incident)).exists():
            raise InvalidInput(fields={"postmortem": "This post-mortem is about the incident itself."})
    if earlier_incident is not None and earlier_incident.pk in family_of(incident):
        raise InvalidInput(fields={"incident": "An incident does not repeat itself."})
    name = "incident" if earlier_incident is not None else "postmortem"
    later = incident
    if earlier_incident is not None and earlier_incident.started_at > incident.started_at:
        later, earlier_incident = earlier_incident, incident
    known = ConfirmedRepeat.objects.filter(
        incident=later, earlier_incident=earlier_incident, earlier_postmortem=earlier_postmortem
    ).first()
    if known is not None:
        return known
    if len(repeats_of(actor, incident)) >= LIMIT_MAX:
        raise InvalidInput(fields={name: f"An incident repeats at most {LIMIT_MAX} others."})
    repeat = ConfirmedRepeat.objects.create(
        incident=later,
        earlier_incident=earlier_incident,
        earlier_postmortem=earlier_postmortem,
        confirmed_by=actor,
    )
    _record(actor, "incident.repeat_confirmed", incident, repeat)
    return repeat


@transaction.atomic
def take_back_repeat(*, actor: Person, incident: Incident, repeat: ConfirmedRepeat) -> None:
    """The cause was another one after all, says somebody of either incident. Raises NotAllowed, NotFound."""
    incident = lock_incident(actor, incident)
    repeat = get_repeat(actor, incident, repeat.unique_id)
    _record(actor, "incident.repeat_taken_back", incident, repeat)
    repeat.delete()


def _record(actor: Person, action: str, incident: Incident, repeat: ConfirmedRepeat) -> None:
    """Who may read the record of this incident need not see the other one, if that is private."""
    other = repeat.earlier_incident if repeat.incident_id == incident.pk else repeat.incident
    hides = other is not None and other.is_private and not incident.is_private
    if repeat.earlier_postmortem is not None and not incident.is_private:
        links = PostmortemIncident.objects.filter(postmortem=repeat.earlier_postmortem)
        hides = links.filter(incident__is_private=True).exists()
    record(
        actor=actor,
        action=action,
        subject=incident,
        team_id=incident.service.team_id,
        data={
            "incident": None if hides or other is None else other.number,
            "postmortem": None
            if hides or repeat.earlier_postmortem is None
            else repeat.earlier_postmortem.number,
        },
    )
