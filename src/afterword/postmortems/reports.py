"""The report: a post-mortem as a PDF that stands for itself, of now or of an earlier revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from django.conf import settings

from afterword.accounts.models import Person
from afterword.documents import (
    Block,
    Document,
    DocumentSection,
    Image,
    ImageResource,
    Table,
    inlines,
    paragraph,
    render_pdf,
)
from afterword.incidents.models import Incident
from afterword.incidents.rules import key_timestamps
from afterword.lib import clock
from afterword.lib.remembering import remembering
from afterword.postmortems import composition, reads, rules
from afterword.postmortems.fields.rules import draw_values
from afterword.postmortems.live import render_live
from afterword.postmortems.models import Postmortem, Revision, Section, SectionKind
from afterword.postmortems.review import reads as review_reads
from afterword.postmortems.review.models import Review, Verdict
from afterword.postmortems.strip import draw_strip

STRIPS_MAX = 5
GLANCE_TITLE = "At a glance"
INCIDENTS_NAMED_MAX = 20
APPROVALS_MAX = 100

_ALWAYS = (("key-information", "Key information"), ("timeline", "Timeline"), ("follow-ups", "Follow-ups"))
"""What a report has also where the template shows it nowhere; about no incident, where something is said."""


def write_report(*, reader: Person, postmortem: Postmortem, revision: Revision | None = None) -> bytes:
    """The report as PDF, times in the organisation's zone; the same state gives the same bytes.

    `revision` is an earlier one to report on; what is drawn from the record is as it is now, and the cover
    says so. Raises DocumentTooLarge, PdfTookTooLong, PdfBusy, PdfFailed.
    """
    document = compose_report(
        reader=reader, postmortem=postmortem, zone=reads.organisation_zone(), revision=revision
    )
    return render_pdf(document, font_folders=settings.ENV.font_paths)


@remembering()
def compose_report(
    *, reader: Person, postmortem: Postmortem, zone: tzinfo, revision: Revision | None = None
) -> Document:
    """The report as a document: the cover, what happened when, every section, and who approved what."""
    incidents = reads.incidents_of(postmortem)
    newest = reads.latest_revision(postmortem)
    shown = revision or newest
    is_newest = shown.pk == newest.pk
    document = composition.compose_document(reader=reader, postmortem=postmortem, zone=zone)
    if is_newest:
        sections = list(document.sections)
        live = {one.live_name for one in reads.sections_of(postmortem)}
    else:
        sections = _sections_of(shown, reader=reader, postmortem=postmortem, zone=zone)
        live = {str(stored.get("live_name", "")) for stored in shown.sections}
    drawn: dict[str, DocumentSection] = {}
    for name, title in _ALWAYS:
        blocks = [] if name in live else render_live(name, reader=reader, postmortem=postmortem, zone=zone)
        if blocks and (incidents or rules.has_words(rules.without_blanks(blocks))):
            drawn[name] = DocumentSection(title, blocks)
    glance, pictures = _at_a_glance(incidents)
    reviews = list(review_reads.standing_reviews(postmortem)[:APPROVALS_MAX])
    first = [glance] if glance else []
    first += [drawn[name] for name in ("key-information",) if name in drawn]
    last = [drawn[name] for name in ("timeline", "follow-ups") if name in drawn]
    return replace(
        document,
        title=shown.title,
        generated_at=max([document.generated_at, *(review.at for review in reviews)]),
        facts=_facts(postmortem, incidents, shown, is_newest=is_newest, zone=zone, at=document.generated_at),
        sections=[*first, *sections, *last, _approvals(postmortem, reviews, shown, zone)],
        images={**document.images, **pictures},
        base_url=settings.PUBLIC_URL,
    )


def _facts(
    postmortem: Postmortem,
    incidents: Sequence[Incident],
    shown: Revision,
    *,
    is_newest: bool,
    zone: tzinfo,
    at: datetime,
) -> list[tuple[str, str]]:
    started = min((incident.started_at for incident in incidents), default=None)
    ended = [incident.resolved_at for incident in incidents if incident.resolved_at]
    is_over = bool(incidents) and len(ended) == len(incidents)
    named = "; ".join(f"#{incident.number} {incident.title}" for incident in incidents[:INCIDENTS_NAMED_MAX])
    if len(incidents) > INCIDENTS_NAMED_MAX:
        named += f"; and {len(incidents) - INCIDENTS_NAMED_MAX} more"
    saved_by = f" by {shown.person}" if shown.person else ""
    status_text, author, owner = _cover_of(postmortem, {} if is_newest else shown.cover)
    facts = [
        ("Status in words", status_text),
        ("Author", author),
        ("Owner", owner),
        ("Team", postmortem.team.name),
        ("Incident" if len(incidents) == 1 else "Incidents", named),
        ("Written", "" if incidents else rules.write_day(postmortem.created_at.astimezone(zone))),
        ("Started", rules.write_moment(started, zone) if started else ""),
        ("Resolved", rules.write_moment(max(ended), zone) if is_over else "Not yet" if started else ""),
        ("Duration", clock.describe_duration(max(ended) - started) if started and is_over else ""),
        ("Revision", f"{shown.number}, saved {rules.write_moment(shown.at, zone)}{saved_by}"),
    ]
    if is_newest:
        facts.append(("As of", rules.write_moment(at, zone)))
    else:
        facts.append(
            (
                "Not the newest",
                f"What people wrote is of revision {shown.number}. Status, approvals and what is drawn from "
                f"the record are as of {rules.write_moment(at, zone)}.",
            )
        )
    return [(term, value) for term, value in facts if value]


def _cover_of(postmortem: Postmortem, kept: Mapping[str, Any]) -> tuple[str, str, str]:
    """Status text, author and owner: as a revision kept them, else as they are now."""
    if not kept:
        return (
            postmortem.status_text,
            str(postmortem.author),
            str(postmortem.owner) if postmortem.owner else "",
        )
    owner = kept["owner"]
    return kept["status_text"], kept["author"]["name"], owner["name"] if owner else ""


def _at_a_glance(
    incidents: Sequence[Incident],
) -> tuple[DocumentSection | None, dict[str, ImageResource]]:
    blocks: list[Block] = []
    pictures: dict[str, ImageResource] = {}
    for incident in incidents[:STRIPS_MAX]:
        strip = draw_strip(key_timestamps(incident))
        if strip is None:
            continue
        name = f"timestamps-{incident.number}.svg"
        pictures[name] = strip.picture
        about = f"Incident #{incident.number}: " if len(incidents) > 1 else ""
        blocks.append(Image(name, alt=f"A line of time. {about}{strip.words}.", title=about + strip.words))
    return (DocumentSection(GLANCE_TITLE, blocks) if blocks else None), pictures


def _sections_of(
    revision: Revision, *, reader: Person, postmortem: Postmortem, zone: tzinfo
) -> list[DocumentSection]:
    """The sections as they were saved, with the values that the custom fields had."""
    placed: set[str] = set()
    sections: list[DocumentSection] = []
    for stored in revision.sections:
        section = Section(
            postmortem=postmortem,
            title=stored["title"],
            kind=SectionKind(stored["kind"]),
            live_name=stored["live_name"],
            text=stored["text"],
        )
        names = [str(slug) for slug in stored.get("field_names", []) if slug not in placed]
        placed.update(names)
        blocks = composition.live_blocks(section, reader=reader, postmortem=postmortem, zone=zone)
        blocks += _stored_values(revision.fields, names)
        blocks += rules.read_blocks(section.text)
        sections.append(DocumentSection(section.title, blocks or composition.NOTHING_WRITTEN))
    unplaced = _stored_values(revision.fields, [slug for slug in revision.fields if slug not in placed])
    if unplaced:
        sections.insert(0, DocumentSection(composition.FIELDS_TITLE, unplaced))
    return sections


def _stored_values(fields: Mapping[str, Any], slugs: Iterable[str]) -> list[Block]:
    kept = [fields[slug] for slug in slugs if fields.get(slug)]
    return list(draw_values([(str(one.get("name", "")), str(one.get("words", "")), "") for one in kept]))


def _approvals(
    postmortem: Postmortem, reviews: Sequence[Review], shown: Revision, zone: tzinfo
) -> DocumentSection:
    state = review_reads.review_of(postmortem)
    rows = [
        (
            inlines(str(review.person)),
            inlines(review.get_verdict_display()),
            inlines(str(review.revision.number)),
            inlines(rules.write_moment(review.at, zone)),
            inlines(_standing_of(review, state.newest.number, review.person_id in state.standing.counted)),
        )
        for review in reviews
    ]
    if not rows:
        return DocumentSection("Approvals", [paragraph("Nobody has reviewed it yet.")])
    head = tuple(inlines(word) for word in ("Who", "Said", "Revision", "When", "Does it hold?"))
    blocks: list[Block] = [Table(head, tuple(rows), (), (2.4, 2.2, 1.7, 3.4, 3.4))]
    if shown.pk != state.newest.pk:
        blocks.insert(
            0, paragraph(f"This is revision {shown.number}; the newest is revision {state.newest.number}.")
        )
    return DocumentSection("Approvals", blocks)


def _standing_of(review: Review, newest: int, is_counted: bool) -> str:
    if review.verdict == Verdict.CHANGES_REQUESTED:
        return "Until they say otherwise"
    if review.revision.number != newest:
        return f"No: it was edited since, up to revision {newest}"
    return "Yes" if is_counted else "It is the author's own, which does not count here"
