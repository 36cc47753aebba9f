"""Keeping the index of what was seen, and what people say of it: that a cause was the same."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q, QuerySet

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.drafting.similar import embeddings
from afterword.drafting.similar.matching import count_words, drop_words, hold_index, store_words
from afterword.drafting.similar.models import (
    EMBEDDING_FAILURES_COUNTED_MAX,
    ConfirmedRepeat,
    SeenText,
    SeenWord,
    WaitingText,
)
from afterword.drafting.similar.reads import (
    LIMIT_MAX,
    confirmed_repeats,
    get_repeat,
    repeats_of,
    sources_of_incidents,
    sources_of_postmortems,
)
from afterword.drafting.similar.rules import next_try, signs_of
from afterword.drafting.similar.sources import Source, facts_as_json
from afterword.incidents.models import Incident
from afterword.incidents.reads import family_of, get_incident, lock_incident, visible_incidents
from afterword.lib import clock
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

Thing = tuple[int | None, int | None]
"""The key of an incident, or that of a post-mortem."""
EMBEDDING_TRIES = ("embedding_failures", "embedding_not_before")


# The index ------------------------------------------------------------------------------------------------


def queue_for_index(*, incidents: Iterable[int] = (), postmortems: Iterable[int] = ()) -> None:
    """Have these indexed soon, by the worker: one row for each, in the caller's transaction."""
    rows = [WaitingText(incident_key=key) for key in dict.fromkeys(incidents)]
    rows += [WaitingText(postmortem_key=key) for key in dict.fromkeys(postmortems)]
    if rows:
        WaitingText.objects.bulk_create(rows)


def index_waiting() -> int:
    """Index some of what waits; how many rows of it are done, by this worker or another one at that moment.

    What waits is read and its words are cut before the index is held. 0: nothing waits, or nothing but what
    somebody is changing just now. Who changes something meanwhile queues it again.
    """
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
    if not chosen:
        return 0
    told = PostmortemIncident.objects.filter(incident__in=list(incidents)).values_list(
        "postmortem", flat=True
    )
    # What is known of an incident is known of its post-mortem too.
    return _index_chosen(chosen, _read(list(incidents), list(dict.fromkeys([*postmortems, *told]))))


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
            found = model._default_manager.filter(pk__gt=last).order_by("pk")
            keys = list(found.values_list("pk", flat=True)[:BATCH_TEXTS])
            if not keys:
                break
            _reindex(_read(**{"incidents": [], "postmortems": []} | {name: keys}, is_all=True))
            done, last = done + len(keys), keys[-1]
            note(done, max(every, done))
    index_all_waiting()
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

    A text that the endpoint does not take is put off, longer each time, and the others go on. Texts of
    private incidents, and of post-mortems about such, are sent nowhere; one that was made private loses what
    it had.
    """
    now = clock.now()
    lacking = SeenText.objects.filter(
        ~Q(embedding_model=settings.EMBEDDINGS_MODEL) | ~Q(embedding_digest=F("digest"))
    ).filter(Q(embedding_not_before__isnull=True) | Q(embedding_not_before__lte=now))
    rows = list(lacking.order_by("-pk").defer("terms", "embedding")[: embeddings.TEXTS_AT_ONCE_MAX])
    if not rows:
        return 0
    sources = {("incident", key): one for key, one in sources_of_incidents(_keys(rows, "incident")).items()}
    sources |= {
        ("postmortem", key): one for key, one in sources_of_postmortems(_keys(rows, "postmortem")).items()
    }
    sent: list[tuple[SeenText, str]] = []
    for row in rows:
        source = sources.get(
            ("incident", row.incident_id) if row.incident_id else ("postmortem", row.postmortem_id or 0)
        )
        if source is None or source.is_private or not source.text.strip():
            _keep_embedding(row, None)
        else:
            sent.append((row, source.text))
    if not sent:
        return len(rows)
    try:
        made = embeddings.embed([text for _, text in sent])
    except embeddings.NotOfThese:
        _embed_each(sent, now)
    else:
        for (row, _), one in zip(sent, made, strict=True):
            _keep_embedding(row, one)
    return len(rows)


def _embed_each(sent: Sequence[tuple[SeenText, str]], now: datetime) -> None:
    """One by one, for one text may be why all were refused. Raises NoEmbedding where none is embedded."""
    refusal: embeddings.NotOfThese | None = None
    made = 0
    for row, text in sent:
        try:
            [one] = embeddings.embed([text])
        except embeddings.NotOfThese as failure:
            refusal = failure
            failures = min(row.embedding_failures + 1, EMBEDDING_FAILURES_COUNTED_MAX)
            SeenText.objects.filter(pk=row.pk, digest=row.digest).update(
                embedding_failures=failures, embedding_not_before=next_try(now, failures)
            )
            if failure.took_long:
                # The others wait for a moment at which it answers.
                break
        else:
            _keep_embedding(row, one)
            made += 1
    if refusal is not None and not made:
        raise refusal


def _keep_embedding(row: SeenText, made: bytes | None) -> None:
    """Unless it was indexed anew since it was read: then it is another text, and may be private."""
    SeenText.objects.filter(pk=row.pk, digest=row.digest).update(
        embedding=made,
        embedding_signs=signs_of(embeddings.numbers_of(made)) if made else None,
        embedding_model=settings.EMBEDDINGS_MODEL,
        embedding_digest=row.digest,
        embedding_failures=0,
        embedding_not_before=None,
    )


def _keys(rows: Sequence[SeenText], of: str) -> list[int]:
    return [key for row in rows if (key := getattr(row, f"{of}_id")) is not None]


@dataclass(frozen=True)
class _Reading:
    """What was read of a thing, ready to be written."""

    source: Source
    digest: str
    digest_before: str | None
    """Of what was indexed when it was read; None where nothing was."""
    terms: dict[str, float] | None
    """None where what is indexed has the same digest."""


def _read(
    incidents: Sequence[int], postmortems: Sequence[int], *, is_all: bool = False
) -> dict[Thing, _Reading | None]:
    """What is to be indexed of these now; None for what is not there any more. Holds nothing.

    With `is_all` the words are cut also where nothing was changed.
    """
    asked: list[Thing] = [*((key, None) for key in incidents), *((None, key) for key in postmortems)]
    # Before the things themselves: who indexes one of them meanwhile is seen by it.
    before = dict(_digests(asked))
    found: dict[Thing, Source] = {}
    found |= {(key, None): one for key, one in sources_of_incidents(incidents).items()}
    found |= {(None, key): one for key, one in sources_of_postmortems(postmortems).items()}
    readings: dict[Thing, _Reading | None] = {}
    for thing in asked:
        source = found.get(thing)
        if source is None:
            readings[thing] = None
            continue
        digest = source.digest
        is_cut = is_all or before.get(thing) != digest
        readings[thing] = _Reading(source, digest, before.get(thing), source.terms if is_cut else None)
    return readings


def _digests(things: Iterable[Thing]) -> list[tuple[Thing, str]]:
    rows = _rows_of(things).values_list("incident", "postmortem", "digest")
    return [((incident, postmortem), digest) for incident, postmortem, digest in rows]


def _rows_of(things: Iterable[Thing]) -> QuerySet[SeenText]:
    asked = list(things)
    incidents = [incident for incident, _ in asked if incident is not None]
    postmortems = [postmortem for _, postmortem in asked if postmortem is not None]
    return SeenText.objects.filter(Q(incident__in=incidents) | Q(postmortem__in=postmortems))


@transaction.atomic
def _index_chosen(chosen: Sequence[int], readings: Mapping[Thing, _Reading | None]) -> int:
    """Write what was read for these waiting rows, which still wait: else another worker did it, and maybe
    later than it was read here."""
    hold_index()
    waiting = WaitingText.objects.filter(pk__in=chosen)
    if gone := len(chosen) - waiting.count():
        return gone
    waiting.delete()
    again = _write(readings)
    _queue_things(again)
    return 0 if again and len(again) == len(readings) else len(chosen)


@transaction.atomic
def _reindex(readings: Mapping[Thing, _Reading | None]) -> None:
    """Write what was read where it is the same that is indexed already, or the first; the others wait."""
    hold_index()
    same = {
        thing: one
        for thing, one in readings.items()
        if one is None or one.digest_before in (None, one.digest)
    }
    again = _write(same)
    _queue_things([*again, *(thing for thing in readings if thing not in same)])


def _queue_things(things: Iterable[Thing]) -> None:
    asked = list(things)
    queue_for_index(
        incidents=[incident for incident, _ in asked if incident is not None],
        postmortems=[postmortem for _, postmortem in asked if postmortem is not None],
    )


def _write(readings: Mapping[Thing, _Reading | None]) -> list[Thing]:
    """Write what was read, the index being held; what has to be read again is given back.

    That is what was indexed since it was read, and what is not there yet and somebody is changing, or
    deleting, just now: who deletes it waits for the index, so nobody waits here for them.
    """
    old = {(one.incident_id, one.postmortem_id): one for one in _rows_of(readings).defer("embedding")}
    _forget([row for thing, row in old.items() if readings[thing] is None])
    held = _hold_things(thing for thing, one in readings.items() if one is not None and thing not in old)
    again: list[Thing] = []
    counts: dict[str, int] = {}
    weight = 0.0
    written: list[tuple[int, Iterable[str]]] = []
    for thing, reading in readings.items():
        if reading is None:
            continue
        before = old.get(thing)
        if (before.digest if before else None) != reading.digest_before:
            again.append(thing)
            continue
        if before is None and thing not in held:
            again.append(thing)
            continue
        source, terms = reading.source, reading.terms
        if terms is None:
            continue
        row = before or SeenText(incident_id=thing[0], postmortem_id=thing[1])
        if before is not None:
            _note(counts, before.terms, -1)
            weight -= before.weight
        _note(counts, terms, 1)
        row.terms, row.weight = terms, round(sum(terms.values()), 2)
        row.facts, row.at, row.digest = facts_as_json(source.facts), source.at, reading.digest
        row.embedding_failures, row.embedding_not_before = 0, None
        weight += row.weight
        if before is None:
            row.save(force_insert=True)
        else:
            changed = [*("terms", "weight", "facts", "at", "digest"), *EMBEDDING_TRIES]
            if source.is_private:
                row.embedding, row.embedding_signs = None, None
                changed += ["embedding", "embedding_signs"]
            row.save(update_fields=changed)
        written.append((row.pk, terms))
    store_words(written)
    count_words({word: count for word, count in counts.items() if count}, weight)
    return again


def _hold_things(things: Iterable[Thing]) -> set[Thing]:
    """Those that are there, kept from being deleted until the transaction ends, without waiting for any."""
    asked = list(things)
    held: set[Thing] = set()
    if incidents := [incident for incident, _ in asked if incident is not None]:
        locked = Incident.objects.select_for_update(skip_locked=True, no_key=True)
        held |= {(key, None) for key in locked.filter(pk__in=incidents).values_list("pk", flat=True)}
    if postmortems := [postmortem for _, postmortem in asked if postmortem is not None]:
        kept = Postmortem.objects.select_for_update(skip_locked=True, no_key=True)
        held |= {(None, key) for key in kept.filter(pk__in=postmortems).values_list("pk", flat=True)}
    return held


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
    require_write(actor, incident.service.team)
    name = "incident" if earlier_incident is not None else "postmortem"
    if earlier_postmortem is not None:
        earlier_postmortem = get_postmortem(actor, earlier_postmortem.number)
        about = PostmortemIncident.objects.filter(postmortem=earlier_postmortem)
        if about.filter(incident__in=family_of(incident)).exists():
            raise InvalidInput(fields={"postmortem": "This post-mortem is about the incident itself."})
        seen = visible_incidents(actor).filter(pk__in=about.order_by().values("incident"))
        if meant := min(seen, key=lambda one: (one.started_at, one.pk), default=None):
            earlier_incident, earlier_postmortem = meant, None
    if earlier_incident is not None:
        earlier_incident = get_incident(actor, earlier_incident.number)
        # In one order: of the other one somebody may say the same at this moment.
        both = Incident.objects.filter(pk__in=[incident.pk, earlier_incident.pk])
        list(both.select_for_update().order_by("pk").values_list("pk"))
    incident = lock_incident(actor, incident)
    if earlier_incident is not None and earlier_incident.pk in family_of(incident):
        raise InvalidInput(fields={"incident": "An incident does not repeat itself."})
    later = incident
    if earlier_incident is not None and earlier_incident.started_at > incident.started_at:
        later, earlier_incident = earlier_incident, incident
    sides = {
        "incident": later,
        "earlier_incident": earlier_incident,
        "earlier_postmortem": earlier_postmortem,
    }
    if (known := ConfirmedRepeat.objects.filter(**sides).first()) is not None:
        return known
    if earlier_incident is not None and (told := _told_of(actor, later, earlier_incident)) is not None:
        return told
    if len(repeats_of(actor, incident)) >= LIMIT_MAX:
        raise InvalidInput(fields={name: f"An incident repeats at most {LIMIT_MAX} others."})
    repeat = ConfirmedRepeat.objects.create(**sides, confirmed_by=actor)
    _record(actor, "incident.repeat_confirmed", incident, repeat)
    return repeat


def _told_of(actor: Person, later: Incident, earlier: Incident) -> ConfirmedRepeat | None:
    """The same, said of a post-mortem about the earlier incident, as by somebody who did not see that."""
    about = PostmortemIncident.objects.filter(incident__in=family_of(earlier)).order_by()
    same = confirmed_repeats(actor).filter(incident=later, earlier_postmortem__in=about.values("postmortem"))
    return same.first()


@transaction.atomic
def take_back_repeat(*, actor: Person, incident: Incident, repeat: ConfirmedRepeat) -> None:
    """The cause was another one after all, says somebody of either incident. Raises NotAllowed, NotFound."""
    incident = lock_incident(actor, incident)
    repeat = get_repeat(actor, incident, repeat.unique_id)
    _record(actor, "incident.repeat_taken_back", incident, repeat)
    repeat.delete()


def _record(actor: Person, action: str, incident: Incident, repeat: ConfirmedRepeat) -> None:
    """Who may read the record of this incident need not see the other one: not where that is private, nor
    where it is another team's. Then the record does not name it.
    """
    other = repeat.earlier_incident if repeat.incident_id == incident.pk else repeat.incident
    team = incident.service.team_id
    hides = other is not None and (other.is_private or other.service.team_id != team)
    if repeat.earlier_postmortem is not None:
        links = PostmortemIncident.objects.filter(postmortem=repeat.earlier_postmortem)
        of_others = repeat.earlier_postmortem.team_id != team
        hides = of_others or links.filter(incident__is_private=True).exists()
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
