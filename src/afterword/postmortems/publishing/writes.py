"""Every change to publications: a public edition derived, adjusted, approved; publishing, withdrawing."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, require_write
from afterword.audit.writes import record
from afterword.documents import DocumentTooLarge, FontsMissing, PdfBusy, PdfFailed, PdfTookTooLong, render_pdf
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput, NotAllowed, NotFound
from afterword.lib.text import many_lines, one_line
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems import rules
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, PostmortemStatus, Section
from afterword.postmortems.publishing import derivation, reads
from afterword.postmortems.publishing.errors import (
    AlreadyPublished,
    EditionBehind,
    EditionChanged,
    EditionNotApproved,
    NotApproved,
    PublicSiteOff,
    StillPrivate,
)
from afterword.postmortems.publishing.models import (
    CORRECTION_LENGTH_MAX,
    REASON_LENGTH_MAX,
    SITE_TEXT_LENGTH_MAX,
    SITE_TITLE_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Audience,
    Edition,
    PublicAddress,
    Publication,
    PublicSite,
)
from afterword.postmortems.publishing.redaction import Leak
from afterword.postmortems.review.checks import Ahead, do_checked, find_obstacles
from afterword.postmortems.review.errors import NotReady
from afterword.postmortems.review.reads import is_approved
from afterword.postmortems.review.writes import settle
from afterword.postmortems.writes import keep_revision

ALLOWED_MAX = 100
ALLOWED_LENGTH_MAX = 500
SLUG_TRIES_MAX = 10
PDF_AGAIN_SECONDS = 60
CORRECTION_ELSEWHERE = (
    "For everybody, what is corrected stands in the public edition, where a second person approves it."
)


@transaction.atomic
def derive_edition(*, actor: Person, postmortem: Postmortem, private_reason: str = "") -> Edition:
    """Make the public edition anew from what is written now; earlier adjustments are gone.

    About a private incident it needs a reason why the public may read of it. Raises InvalidInput,
    NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    private_reason = many_lines("private_reason", private_reason, characters_max=REASON_LENGTH_MAX)
    if reads.is_about_private_incident(postmortem) and not private_reason:
        raise InvalidInput(
            fields={"private_reason": "It is about a private incident: why may the public read it?"}
        )
    derived = derivation.derive(reader=actor, postmortem=postmortem)
    now = clock.now()
    before = Edition.objects.filter(postmortem=postmortem).first()
    edition, _ = Edition.objects.update_or_create(
        postmortem=postmortem,
        defaults={
            "revision": postmortem_reads.latest_revision(postmortem),
            "title": derived.title,
            "sections": derived.sections,
            "replacements": derived.replacements,
            "allowed": [],
            "private_reason": private_reason,
            "version": before.version + 1 if before else 1,
            "prepared_by": actor,
            "prepared_at": now,
            "approved_by": None,
            "approved_at": None,
        },
    )
    _record(actor, postmortem, "edition.derived", {"revision": edition.revision.number})
    return edition


@transaction.atomic
def save_edition(
    *,
    actor: Person,
    edition: Edition,
    version: int,
    title: str,
    sections: Mapping[str, Mapping[str, Any]],
    allowed: Sequence[Mapping[str, str]],
) -> Edition:
    """Adjust the public edition. `sections` gives `title`, `text` and `is_left_out` by unique id.

    What is saved has to be approved again. `allowed` are texts that look private and may stand, each with
    a reason. Raises EditionChanged, InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, edition.postmortem.team)
    edition = _lock(actor, edition)
    if edition.version != version:
        raise EditionChanged
    edition.title = one_line("title", title, characters_max=TITLE_LENGTH_MAX)
    edition.sections = [
        {**section, **_usable_section(section, sections.get(section["unique_id"], {}))}
        for section in edition.sections
    ]
    edition.allowed = _usable_allowed(allowed)
    edition.version += 1
    edition.prepared_by, edition.prepared_at = actor, clock.now()
    edition.approved_by = edition.approved_at = None
    edition.save()
    _record(actor, edition.postmortem, "edition.saved", {"version": edition.version})
    return edition


@transaction.atomic
def approve_edition(*, actor: Person, edition: Edition, version: int) -> Edition:
    """Say that the public may read it. Somebody else than who saved it last.

    Raises EditionChanged, StillPrivate with what has to go first, NotAllowed, NotFound.
    """
    require_write(actor, edition.postmortem.team)
    edition = _lock(actor, edition)
    if edition.version != version:
        raise EditionChanged
    if edition.prepared_by_id == actor.pk:
        raise NotAllowed("You saved this public edition last: somebody else has to approve it.")
    _require_clean(edition)
    edition.approved_by, edition.approved_at = actor, clock.now()
    edition.save(update_fields=["approved_by", "approved_at"])
    _record(actor, edition.postmortem, "edition.approved", {"version": edition.version})
    return edition


@transaction.atomic
def set_internal(*, actor: Person, section: Section, is_internal: bool) -> Section:
    """Keep a section out of every public edition that is derived from now on, or let it in.

    Raises NotAllowed, NotFound.
    """
    require_write(actor, section.postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, section.postmortem)
    section = postmortem_reads.get_section(postmortem, section.unique_id)
    if section.is_internal == is_internal:
        return section
    section.is_internal = is_internal
    section.save(update_fields=["is_internal"])
    now = clock.now()
    postmortem.updated_at = now
    postmortem.save(update_fields=["updated_at"])
    word = "made internal" if is_internal else "no longer internal"
    keep_revision(postmortem, actor, now, note=f"{section.title[:150]}: {word}")
    _record(
        actor,
        postmortem,
        "section.made_internal" if is_internal else "section.made_publishable",
        {"section": str(section.unique_id)},
    )
    return section


def publish(
    *, actor: Person, postmortem: Postmortem, audience: Audience, correction: str = ""
) -> Publication:
    """Freeze the newest revision for an audience; it replaces what is published for it now.

    For everybody it is the approved public edition that is frozen, for others the document with what its
    live sections draw now. Raises AlreadyPublished where that would be the same once more, NotReady,
    NotApproved, EditionBehind, EditionNotApproved, StillPrivate, PublicSiteOff, Conflict, InvalidInput,
    NotAllowed, NotFound.
    """
    publication = do_checked(
        postmortem,
        lambda ahead: _publish(
            actor=actor, postmortem=postmortem, audience=audience, correction=correction, ahead=ahead
        ),
    )
    keep_pdf(publication)
    return publication


@transaction.atomic
def withdraw(*, actor: Person, publication: Publication) -> None:
    """Let nobody read it any more. Nothing happens to one that is withdrawn already.

    Raises NotAllowed, NotFound.
    """
    require_write(actor, publication.postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, publication.postmortem)
    now = clock.now()
    withdrawn = Publication.objects.filter(pk=publication.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=now, withdrawn_by=actor
    )
    if not withdrawn:
        return
    _record(
        actor,
        postmortem,
        "postmortem.withdrawn",
        {"audience": publication.audience, "version": publication.number},
    )
    standing = Publication.objects.filter(
        postmortem=postmortem, replaced_at__isnull=True, withdrawn_at__isnull=True
    )
    if postmortem.status == PostmortemStatus.PUBLISHED and not standing.exists():
        _change_status(actor, postmortem, PostmortemStatus.IN_REVIEW)
        settle(actor=actor, postmortem=postmortem, at=now)


def keep_pdf(publication: Publication) -> bytes:
    """The publication as PDF, made once and then always the same bytes.

    Raises nothing: where it cannot be made now it is empty, and is tried again when somebody asks for it
    after `PDF_AGAIN_SECONDS`, so that visitors do not keep the processes busy that make PDFs.
    """
    if publication.pdf is not None:
        return bytes(publication.pdf)
    key = f"publication-pdf-{publication.pk}"
    if cache.get(key):
        return b""
    cache.set(key, True, PDF_AGAIN_SECONDS)
    try:
        data = render_pdf(
            derivation.document_of(publication, draws=True), font_folders=settings.ENV.font_paths
        )
    except (DocumentTooLarge, FontsMissing, PdfBusy, PdfFailed, PdfTookTooLong):
        return b""
    Publication.objects.filter(pk=publication.pk).update(pdf=data)
    cache.delete(key)
    publication.pdf = data
    return data


@transaction.atomic
def change_site(
    *,
    actor: Person,
    is_on: bool,
    title: str = "",
    introduction: str = "",
    internal_domains: str = "",
    public_domains: str = "",
) -> PublicSite:
    """Set up the public pages. Raises InvalidInput, NotAllowed."""
    require_admin(actor)
    site = reads.site_settings()
    site.is_on = is_on
    site.title = one_line("title", title, characters_max=SITE_TITLE_LENGTH_MAX, required=False)
    site.introduction = many_lines("introduction", introduction, characters_max=SITE_TEXT_LENGTH_MAX)
    site.internal_domains = _usable_domains("internal_domains", internal_domains)
    site.public_domains = _usable_domains("public_domains", public_domains)
    site.updated_at = clock.now()
    site.save()
    record(actor=actor, action="public_site.changed", subject=site, data={"is_on": is_on})
    return site


@transaction.atomic
def _publish(
    *, actor: Person, postmortem: Postmortem, audience: Audience, correction: str, ahead: Ahead
) -> Publication:
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    correction = many_lines("correction", correction, characters_max=CORRECTION_LENGTH_MAX)
    if obstacles := find_obstacles(postmortem, ahead=ahead):
        raise NotReady(obstacles)
    if not is_approved(postmortem) or not postmortem_reads.shows_kept_summaries(postmortem):
        raise NotApproved
    is_private = reads.is_about_private_incident(postmortem)
    if audience == Audience.PUBLIC:
        edition = _approved_edition(postmortem)
        if is_private and not edition.private_reason:
            raise EditionBehind
        if correction:
            raise InvalidInput(fields={"correction": CORRECTION_ELSEWHERE})
        correction = derivation.correction_of(edition)
        title, content = edition.title, derivation.content_of(edition)
        _address(postmortem, title)
    elif is_private and audience == Audience.ORGANISATION:
        raise Conflict(
            "It is about a private incident, so it can be published for its members alone: the team."
        )
    else:
        title = postmortem.title
        content = derivation.freeze_content(reader=actor, postmortem=postmortem)
    now = clock.now()
    revision = postmortem_reads.latest_revision(postmortem)
    earlier = Publication.objects.filter(postmortem=postmortem, audience=audience)
    last = earlier.defer("pdf").order_by("-number").first()
    if last is not None and last.is_standing and last.revision_id == revision.pk:
        _require_something_new(last, title, content, correction)
    earlier.filter(replaced_at__isnull=True).update(replaced_at=now)
    publication = Publication.objects.create(
        postmortem=postmortem,
        audience=audience,
        number=last.number + 1 if last else 1,
        revision=revision,
        title=title,
        summary=derivation.summarise(content["sections"]),
        content=content,
        correction=correction if last else "",
        is_private_decided=is_private and audience == Audience.PUBLIC,
        published_at=now,
        published_by=actor,
    )
    if postmortem.status != PostmortemStatus.PUBLISHED:
        _change_status(actor, postmortem, PostmortemStatus.PUBLISHED)
    _record(
        actor,
        postmortem,
        "postmortem.published",
        {"audience": str(audience), "version": publication.number},
    )
    return publication


def _require_something_new(
    standing: Publication, title: str, content: Mapping[str, Any], correction: str
) -> None:
    """As when a button was pressed twice. What the record tells anew may be published, and a correction."""
    # As it is kept: a tuple is a list in JSON.
    is_same = standing.title == title and standing.content == json.loads(json.dumps(content))
    # What is public and corrects nothing any more is another text; elsewhere nobody typed it again.
    same_corrections = (
        {standing.correction} if standing.audience == Audience.PUBLIC else {"", standing.correction}
    )
    if is_same and correction in same_corrections:
        raise AlreadyPublished(standing.number)


def _approved_edition(postmortem: Postmortem) -> Edition:
    if reads.public_site() is None:
        raise PublicSiteOff
    edition = Edition.objects.select_for_update().filter(postmortem=postmortem).first()
    if edition is None or not edition.is_approved:
        raise EditionNotApproved
    if edition.revision_id != postmortem_reads.latest_revision(postmortem).pk:
        raise EditionBehind
    _require_clean(edition)
    return edition


def _require_clean(edition: Edition) -> None:
    leaks: list[Leak] = derivation.leaks_of(edition)
    if leaks:
        raise StillPrivate(leaks)


def _lock(actor: Person, edition: Edition) -> Edition:
    postmortem_reads.lock_postmortem(actor, edition.postmortem)
    found = (
        Edition.objects.select_for_update(of=("self",))
        .select_related("postmortem__team", "revision")
        .filter(pk=edition.pk)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _usable_section(section: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    text = rules.kept_text(str(given.get("text", section["text"])))
    if len(text.encode()) > 2 * SECTION_TEXT_BYTES_MAX:
        kilobytes = 2 * SECTION_TEXT_BYTES_MAX // 1024
        raise InvalidInput(fields={"sections": f"“{section['title']}” is longer than {kilobytes} KB."})
    if section["unique_id"] == derivation.CORRECTION_KEY and len(text) > CORRECTION_LENGTH_MAX:
        raise InvalidInput(
            fields={"sections": f"The correction is longer than {CORRECTION_LENGTH_MAX:,} characters."}
        )
    title = one_line("sections", str(given.get("title", section["title"])), characters_max=200)
    usable = {"text": text, "title": title, "is_left_out": bool(given.get("is_left_out", False))}
    if section.get("strips") and text != rules.kept_text(section["text"]):
        # A line of time must not tell a moment that somebody took out of the text.
        usable["strips"] = []
    return usable


def _usable_allowed(allowed: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if len(allowed) > ALLOWED_MAX:
        raise InvalidInput(fields={"allowed": f"At most {ALLOWED_MAX} texts can be let stand."})
    kept = []
    for one in allowed:
        text = one_line("allowed", one.get("text", ""), characters_max=ALLOWED_LENGTH_MAX, required=False)
        reason = one_line("allowed", one.get("reason", ""), characters_max=REASON_LENGTH_MAX, required=False)
        if text and not reason:
            raise InvalidInput(fields={"allowed": f"Please say why “{text[:60]}” may stand."})
        if text:
            kept.append({"text": text, "reason": reason})
    return kept


def _usable_domains(field: str, text: str) -> str:
    lines = many_lines(field, text, characters_max=SITE_TEXT_LENGTH_MAX).splitlines()
    domains = [domain for domain in (line.strip().lower().strip(".") for line in lines) if domain]
    for domain in domains:
        if "/" in domain or " " in domain:
            raise InvalidInput(fields={field: f"“{domain[:60]}” is no domain: write it as in example.com."})
    return "\n".join(domains)


def _address(postmortem: Postmortem, title: str) -> PublicAddress:
    """The address of its public edition: made from the public title, and kept whatever is corrected.

    It is made anew where it was withdrawn and is of another title: what had to go may have been in that one,
    and would stand in the address for good.
    """
    present = PublicAddress.objects.filter(postmortem=postmortem).first()
    wanted = derivation.address_for(title)
    if present is not None:
        if reads.is_public(postmortem) or re.fullmatch(f"{wanted}(-[0-9a-f]{{6}})?", present.slug):
            return present
        present.delete()
    for _ in range(SLUG_TRIES_MAX):
        if not PublicAddress.objects.filter(slug=wanted).exists():
            return PublicAddress.objects.create(postmortem=postmortem, slug=wanted)
        wanted = f"{derivation.address_for(title)[:80]}-{secrets.token_hex(3)}"
    raise Conflict("No free address was found for it. Please give the public edition another title.")


def _change_status(actor: Person, postmortem: Postmortem, status: PostmortemStatus) -> None:
    before = postmortem.status
    postmortem.status = status
    postmortem.save(update_fields=["status"])
    _record(actor, postmortem, "postmortem.status_changed", {"before": before, "after": str(status)})


def _record(actor: Person, postmortem: Postmortem, action: str, data: Mapping[str, Any]) -> None:
    record(actor=actor, action=action, subject=postmortem, team_id=postmortem.team_id, data=data)
