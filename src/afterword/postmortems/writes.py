"""Every change to post-mortems and to the organisation's own templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.numbers import take_numbers
from afterword.accounts.reads import require_admin, require_write, writable_teams
from afterword.audit.writes import SYSTEM, SystemActor, record
from afterword.documents import DocumentTooLarge, clean_text, parse_markdown, plain_text
from afterword.incidents.models import Incident
from afterword.lib import clock, liquid
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.names import fold_name, given_once, is_name_given
from afterword.lib.text import one_line
from afterword.postmortems import reads, rules
from afterword.postmortems.choosing.models import TemplateRule
from afterword.postmortems.choosing.reads import suggest_template
from afterword.postmortems.errors import CoverChanged, JustBegun, SectionChanged, TemplateChanged
from afterword.postmortems.fields.reads import kept_values
from afterword.postmortems.merging import merge_texts
from afterword.postmortems.models import (
    BEGUN_BY_ITSELF,
    SECTION_TEXT_BYTES_MAX,
    STATUS_TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Postmortem,
    PostmortemIncident,
    Revision,
    Section,
    SectionKind,
    Template,
)
from afterword.postmortems.review.rules import COVER_CHANGED
from afterword.postmortems.review.writes import note_new_revision
from afterword.postmortems.searching.writes import index_postmortem
from afterword.postmortems.templates import TemplateSection, format_template, parse_template
from afterword.postmortems.variables import variables_of

NUMBERS = "postmortem"
"""The counter that post-mortems take their numbers from."""

INCIDENTS_MAX = 20
OWN_TEMPLATES_MAX = 200
JUST_BEGUN_SECONDS = 60
"""Within this time of a beginning by itself nobody meant to begin a second one by hand."""


# Post-mortems ----------------------------------------------------------------------------------------------


@transaction.atomic
def create_postmortem(
    *,
    actor: Person,
    incidents: Sequence[Incident],
    title: str,
    author: Person | None = None,
    owner: Person | None = None,
    status_text: str = "",
    template: str | None = None,
    blank: bool = False,
    another: bool = False,
) -> Postmortem:
    """Begin a post-mortem about 1 to `INCIDENTS_MAX` incidents, its sections made from a template.

    The first incident's team owns it; `author` is the actor and `owner` the author unless given; `template`
    is the key of a TemplateChoice, or None for the one that fits: see `choosing`. The actor must be allowed
    to write in the team of every incident. An incident may still be open. `blank`: its sections begin without
    the template's starting texts; what live sections draw from the record is there all the same. Where a
    starting text cannot be filled in, it stands there as it is, with the reason. `another`: the actor knows
    what there is already. Raises JustBegun where one began by itself within `JUST_BEGUN_SECONDS` and the
    actor does not; InvalidInput, NotAllowed, NotFound.
    """
    incidents = list(dict.fromkeys(incidents))
    _check_incidents(actor, incidents)
    chosen = _chosen_template(actor, template if template is not None else fitting_template(actor, incidents))
    author = author or actor
    owner = owner or author
    team = incidents[0].service.team
    _require_writer("author", author, team)
    _require_writer("owner", owner, team)
    title, status_text = _usable_title(title), _usable_status_text(status_text)
    _hold(incidents)
    if not another:
        _refuse_twin(incidents)
    return _begin(
        actor=actor,
        incidents=incidents,
        title=title,
        author=author,
        owner=owner,
        status_text=status_text,
        chosen=chosen,
        blank=blank,
    )


@transaction.atomic
def begin_by_itself(*, incident: Incident, owner: Person) -> Postmortem | None:
    """Begin the post-mortem about an incident that has none, with the template that fits; else None.

    For the program itself: `owner`, who is its author too, sees the incident and may write about it, and the
    caller holds the incident, which is resolved.
    """
    if reads.has_postmortem(incident):
        return None
    return _begin(
        actor=SYSTEM,
        incidents=[incident],
        title=rules.suggest_title([incident.title]),
        author=owner,
        owner=owner,
        chosen=reads.get_template(owner, fitting_template(owner, [incident])),
        note=BEGUN_BY_ITSELF,
    )


def _hold(incidents: Sequence[Incident]) -> None:
    """Until the transaction ends nothing begins about them by itself."""
    held = Incident.objects.select_for_update().filter(pk__in=[incident.pk for incident in incidents])
    list(held.order_by("pk").values_list("pk"))


def _refuse_twin(incidents: Sequence[Incident]) -> None:
    """Raises JustBegun."""
    begun = Revision.objects.filter(
        postmortem__links__incident__in=incidents,
        number=1,
        person__isnull=True,
        note=BEGUN_BY_ITSELF,
        at__gt=clock.now() - timedelta(seconds=JUST_BEGUN_SECONDS),
    )
    found = begun.select_related("postmortem").first()
    if found is not None:
        raise JustBegun(found.postmortem)


def _begin(
    *,
    actor: Person | SystemActor,
    incidents: Sequence[Incident],
    title: str,
    author: Person,
    owner: Person,
    chosen: reads.TemplateChoice,
    status_text: str = "",
    blank: bool = False,
    note: str = "",
) -> Postmortem:
    team = incidents[0].service.team
    now = clock.now()
    postmortem = Postmortem.objects.create(
        number=take_numbers(NUMBERS)[0],
        team=team,
        title=title,
        author=author,
        owner=owner,
        status_text=status_text,
        template_name=chosen.name,
        written_in=chosen.parsed.writes,
        required_fields=list(chosen.parsed.requires),
        created_at=now,
        updated_at=now,
    )
    PostmortemIncident.objects.bulk_create(
        PostmortemIncident(postmortem=postmortem, incident=incident, position=position)
        for position, incident in enumerate(incidents)
    )
    variables = variables_of(incidents=incidents, title=postmortem.title, author=author)
    Section.objects.bulk_create(
        Section(
            postmortem=postmortem,
            position=position,
            title=section.title,
            kind=SectionKind.LIVE if section.live else SectionKind.PROSE,
            live_name=section.live,
            help_text=section.help,
            field_names=list(section.fields),
            is_internal=section.internal,
            text="" if blank else starting_text(section, variables),
        )
        for position, section in enumerate(chosen.parsed.sections)
    )
    keep_revision(postmortem, actor, now, note=note)
    record(
        actor=actor,
        action="postmortem.created",
        subject=postmortem,
        at=now,
        team_id=team.pk,
        data={
            "incidents": [incident.number for incident in incidents],
            "template": chosen.name,
            **({"blank": True} if blank else {}),
        },
    )
    return postmortem


@transaction.atomic
def save_section(
    *, actor: Person, section: Section, text: str, version: int, merges: bool = False, note: str = ""
) -> Section:
    """Save what was written into a section, started from its `version`. `note` says what this save was,
    where it was more than writing.

    The text is Markdown of at most `SECTION_TEXT_BYTES_MAX` bytes. The text that is there already changes
    nothing. When somebody saved another text since, and `merges`, both changes are made where they do not
    touch: then the section's text is another than the given one. Raises SectionChanged otherwise, with the
    present section and both changes in one text; InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, section.postmortem.team)
    postmortem = reads.lock_postmortem(actor, section.postmortem)
    section = reads.get_section(postmortem, section.unique_id)
    text = _usable_text(text)
    if text == section.text:
        return section
    if version != section.version:
        base = reads.text_at(section, version)
        merged = merge_texts(base, text, section.text)
        if not merges or base is None or merged.conflicts:
            raise SectionChanged(section, base=base, merged=merged.text)
        text, note = _usable_text(merged.text), "Two changes at the same time, merged"
        if text == section.text:
            return section
    now = clock.now()
    section.text = text
    section.version += 1
    section.save(update_fields=["text", "version"])
    _touch(postmortem, now)
    revision = keep_revision(postmortem, actor, now, note=note)
    record(
        actor=actor,
        action="section.saved",
        subject=section,
        at=now,
        team_id=postmortem.team_id,
        data={"postmortem": postmortem.number, "version": section.version, "revision": revision.number},
    )
    return section


@transaction.atomic
def change_title(
    *, actor: Person, postmortem: Postmortem, title: str, started_from: str | None = None
) -> Postmortem:
    """Call it something else. The same title changes nothing.

    `started_from` is the title that the actor saw: raises CoverChanged when somebody changed it since. Raises
    InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = reads.lock_postmortem(actor, postmortem)
    before, title = postmortem.title, _usable_title(title)
    if title == before:
        return postmortem
    if started_from is not None and plain_text(started_from) != plain_text(before):
        raise CoverChanged(postmortem, ["title"])
    now = clock.now()
    postmortem.title = title
    postmortem.save(update_fields=["title"])
    _touch(postmortem, now)
    revision = keep_revision(postmortem, actor, now)
    record(
        actor=actor,
        action="postmortem.renamed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"before": before, "after": title, "revision": revision.number},
    )
    return postmortem


@transaction.atomic
def change_cover(
    *,
    actor: Person,
    postmortem: Postmortem,
    owner: Person | None = None,
    status_text: str | None = None,
    started_from: Mapping[str, str] | None = None,
) -> Postmortem:
    """Say who sees to it, or where the incident stands in the organisation's own words.

    What is left out stays as it is, and what is there already changes nothing. `started_from` is what the
    actor saw of what is given, the owner by unique id: raises CoverChanged, and changes nothing, when
    somebody changed one of them since. Raises InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = reads.lock_postmortem(actor, postmortem)
    before = {"owner": str(postmortem.owner or ""), "status_text": postmortem.status_text}
    new_text = postmortem.status_text if status_text is None else _usable_status_text(status_text)
    new_owner = owner or postmortem.owner
    if new_owner == postmortem.owner and new_text == postmortem.status_text:
        return postmortem
    _refuse_unseen(postmortem, owner or postmortem.shown_owner, new_text, started_from or {})
    if new_owner is not None and new_owner != postmortem.owner:
        _require_writer("owner", new_owner, postmortem.team)
    now = clock.now()
    postmortem.owner, postmortem.status_text = new_owner, new_text
    postmortem.save(update_fields=["owner", "status_text"])
    _touch(postmortem, now)
    revision = keep_revision(postmortem, actor, now, note=COVER_CHANGED)
    record(
        actor=actor,
        action="postmortem.changed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={
            "before": before,
            "after": {"owner": str(new_owner or ""), "status_text": new_text},
            "revision": revision.number,
        },
    )
    return postmortem


def _refuse_unseen(postmortem: Postmortem, owner: Person, status_text: str, seen: Mapping[str, str]) -> None:
    """Raises CoverChanged where something else than what was seen would be overwritten."""
    present = postmortem.shown_owner
    was, key = str(present.unique_id), seen.get("owner")
    missed = ["owner"] if key is not None and owner != present and key != was else []
    text = seen.get("status_text")
    if text is not None and status_text != postmortem.status_text:
        missed += ["status_text"] if plain_text(text) != plain_text(postmortem.status_text) else []
    if missed:
        raise CoverChanged(postmortem, missed)


@transaction.atomic
def change_incidents(
    *,
    actor: Person,
    postmortem: Postmortem,
    add: Sequence[Incident] = (),
    remove: Sequence[Incident] = (),
    opens: bool = False,
) -> Postmortem:
    """Have it be about other incidents. Its team stays; the first that is left gives it its times.

    Who adds one sees it and may write in its team. A document about a private incident is as private: who
    takes the last one out that hides it from somebody says by `opens` that this is meant. Raises
    InvalidInput, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = reads.lock_postmortem(actor, postmortem)
    present = reads.incidents_of(postmortem)
    added = [incident for incident in dict.fromkeys(add) if incident not in present]
    removed = [incident for incident in present if incident in remove]
    if not added and not removed:
        return postmortem
    left = [*(incident for incident in present if incident not in removed), *added]
    _check_incidents(actor, left, known=present)
    seen = set(reads.incidents_by_number(actor, [incident.number for incident in added]))
    if len(seen) < len(added):
        raise NotFound
    if not opens and any(incident.is_private for incident in removed):
        raise InvalidInput(
            fields={
                "opens": "This incident is private, and the post-mortem with it. Without it, others may read "
                "what is written here. Tick that this is meant."
            }
        )
    now = clock.now()
    links = PostmortemIncident.objects.filter(postmortem=postmortem)
    links.filter(incident__in=removed).delete()
    last = links.order_by("-position").values_list("position", flat=True).first() or 0
    PostmortemIncident.objects.bulk_create(
        PostmortemIncident(postmortem=postmortem, incident=incident, position=position)
        for position, incident in enumerate(added, start=last + 1)
    )
    _touch(postmortem, now)
    revision = keep_revision(postmortem, actor, now, note="Incidents changed")
    record(
        actor=actor,
        action="postmortem.incidents_changed",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={
            "added": [incident.number for incident in added],
            "removed": [incident.number for incident in removed],
            "revision": revision.number,
        },
    )
    return postmortem


def _require_writer(name: str, person: Person, team: Team) -> None:
    if not person.is_active or not writable_teams(person).filter(pk=team.pk).exists():
        raise InvalidInput(fields={name: f"The {name} must be someone who may write in the team {team}."})


def _usable_status_text(value: str) -> str:
    text = plain_text(value)
    if len(text) > STATUS_TEXT_LENGTH_MAX:
        raise InvalidInput(fields={"status_text": f"Please use at most {STATUS_TEXT_LENGTH_MAX} characters."})
    return text


def _check_incidents(actor: Person, incidents: Sequence[Incident], known: Sequence[Incident] = ()) -> None:
    if not incidents:
        raise InvalidInput(fields={"incidents": "Please pick at least one incident."})
    if len(incidents) > INCIDENTS_MAX:
        raise InvalidInput(fields={"incidents": f"Please pick at most {INCIDENTS_MAX} incidents."})
    for incident in incidents:
        if incident not in known:
            require_write(actor, incident.service.team)


def fitting_template(actor: Person, incidents: Sequence[Incident]) -> str:
    """The key of the template that a post-mortem about these incidents begins with by itself."""
    return suggest_template(incidents, [choice.key for choice in reads.template_choices(actor)]).key


def _chosen_template(actor: Person, key: str) -> reads.TemplateChoice:
    try:
        return reads.get_template(actor, key)
    except NotFound as error:
        raise InvalidInput(fields={"template": "There is no such template."}) from error


def starting_text(section: TemplateSection, variables: dict[str, object]) -> str:
    """What the section starts with, filled in; or the text as the template has it, with the reason above."""
    try:
        return liquid.render(section.text, variables, zone=reads.organisation_zone()).strip()
    except liquid.TemplateError as error:
        return f"*The template could not be filled in here: {error.reason}*\n\n{section.text}"


def _usable_title(value: str) -> str:
    return one_line("title", value, characters_max=TITLE_LENGTH_MAX)


def _usable_text(value: str) -> str:
    if len(value) > SECTION_TEXT_BYTES_MAX or len(value.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        # Rounded up: never a size that a section would hold.
        tenths = -(-len(value.encode(errors="replace")) * 10 // 1024)
        raise InvalidInput(
            fields={
                "text": f"This text has {tenths / 10:,.1f} KB; a section holds "
                f"{SECTION_TEXT_BYTES_MAX // 1024} KB. Nothing was saved, and your text is still below."
            }
        )
    text = rules.kept_text(value)
    try:
        parse_markdown(text)
    except DocumentTooLarge as error:
        raise InvalidInput(fields={"text": error.message}) from error
    return text


def _touch(postmortem: Postmortem, now: datetime) -> None:
    postmortem.updated_at = now
    postmortem.save(update_fields=["updated_at"])


def keep_revision(
    postmortem: Postmortem, actor: Person | SystemActor, now: datetime, note: str = ""
) -> Revision:
    """Keep what stands there now as a revision, in the caller's transaction; approvals before it are stale.

    The program itself saves only what it begins, which nobody has approved before.
    For the rooms of this package: `postmortem` is locked, or was made in the same transaction.
    """
    sections = reads.sections_of(postmortem)
    index_postmortem(postmortem, sections)
    last = Revision.objects.filter(postmortem=postmortem).order_by("-number").first()
    revision = Revision.objects.create(
        postmortem=postmortem,
        number=(last.number if last else 0) + 1,
        at=now,
        person=actor if isinstance(actor, Person) else None,
        title=postmortem.title,
        note=note,
        template={
            "name": postmortem.template_name,
            "requires": postmortem.required_fields,
            "writes": postmortem.written_in,
        },
        cover=_kept_cover(postmortem, sections),
        fields=kept_values(postmortem),
        sections=[
            {
                "unique_id": str(section.unique_id),
                "title": section.title,
                "kind": section.kind,
                "live_name": section.live_name,
                "text": section.text,
                "help_text": section.help_text,
                "field_names": section.field_names,
                "is_internal": section.is_internal,
                "version": section.version,
            }
            for section in sections
        ],
    )
    if isinstance(actor, Person):
        note_new_revision(actor=actor, postmortem=postmortem, at=now)
    return revision


def keep_new_summary(*, actor: Person, incident: Incident) -> None:
    """After somebody wrote a summary of an incident: a revision of every post-mortem that shows it.

    The comparison says of which incident, to those who may know: it may be about another one by then.
    """
    shown_in = Postmortem.objects.filter(links__incident=incident, sections__live_name=reads.SUMMARY)
    for pk in list(shown_in.order_by("pk").values_list("pk", flat=True).distinct()):
        with transaction.atomic():
            postmortem = Postmortem.objects.select_for_update().filter(pk=pk).first()
            if postmortem is None or reads.shows_kept_summaries(postmortem):
                continue
            now = clock.now()
            postmortem.updated_at = now
            postmortem.save(update_fields=["updated_at"])
            keep_revision(postmortem, actor, now, note="Summary of an incident changed")


def _kept_cover(postmortem: Postmortem, sections: Sequence[Section]) -> dict[str, Any]:
    incidents = PostmortemIncident.objects.filter(postmortem=postmortem)
    return {
        "status_text": postmortem.status_text,
        "owner": _kept_person(postmortem.owner) if postmortem.owner else None,
        "author": _kept_person(postmortem.author),
        "incidents": list(incidents.values_list("incident__number", flat=True)),
        "summaries": reads.summaries_shown(postmortem, sections),
    }


def _kept_person(person: Person) -> dict[str, str]:
    return {"unique_id": str(person.unique_id), "name": str(person)}


@transaction.atomic
def record_export(*, actor: Person, postmortem: Postmortem, file_format: str, may_write: bool = True) -> None:
    """Note that somebody took the document out of here, as `Markdown` or `PDF`.

    `may_write` is False for a program whose key may only read: what it reads is kept in the audit log, and
    finishes nobody's task.
    """
    writes_here = may_write and writable_teams(actor).filter(pk=postmortem.team_id).exists()
    record(
        actor=actor,
        action="postmortem.exported",
        subject=postmortem,
        team_id=postmortem.team_id,
        data={"format": file_format, "by_writer": writes_here},
    )


# Templates ---------------------------------------------------------------------------------------------


@transaction.atomic
def create_template(*, actor: Person, source: str) -> Template:
    """Add a template of the organisation's own. Raises InvalidInput, TemplateSyntaxError, NotAllowed."""
    require_admin(actor)
    source, name = _usable_template(source)
    _require_free_name(name)
    if Template.objects.count() >= OWN_TEMPLATES_MAX:
        raise InvalidInput(
            fields={"source": f"There can be {OWN_TEMPLATES_MAX} templates. Delete one first."}
        )
    with given_once("source", _NAME_IS_GIVEN.format(name)):
        template = Template.objects.create(name=name, source=source)
    record(actor=actor, action="template.created", subject=template)
    return template


@transaction.atomic
def change_template(
    *, actor: Person, template: Template, source: str, started_from: datetime | None = None
) -> Template:
    """Save another source. Documents that were made from it stay as they are.

    `started_from` is the `updated_at` of what the writer saw: raises TemplateChanged when somebody saved
    another source since. Raises InvalidInput, TemplateSyntaxError, NotAllowed, NotFound.
    """
    require_admin(actor)
    present = Template.objects.select_for_update().filter(pk=template.pk).first()
    if present is None:
        raise NotFound
    source, name = _usable_template(source)
    if source == present.source:
        return present
    if started_from is not None and started_from != present.updated_at:
        raise TemplateChanged(present)
    _require_free_name(name, but=present)
    present.name, present.source, present.updated_at = name, source, clock.now()
    with given_once("source", _NAME_IS_GIVEN.format(name)):
        present.save(update_fields=["name", "source", "updated_at"])
    record(actor=actor, action="template.changed", subject=present)
    return present


@transaction.atomic
def duplicate_template(*, actor: Person, choice: reads.TemplateChoice) -> Template:
    """A copy to change, under a name that is free. Raises InvalidInput, NotAllowed."""
    require_admin(actor)
    taken = {fold_name(other.name) for other in reads.template_choices(actor)}
    base = choice.name[: Template._meta.get_field("name").max_length - 12]  # type: ignore[operator]
    names = (f"{base} (copy)", *(f"{base} (copy {count})" for count in range(2, OWN_TEMPLATES_MAX + 3)))
    name = next(name for name in names if fold_name(name) not in taken)
    return create_template(actor=actor, source=_renamed(choice.source, choice.name, name))


@transaction.atomic
def delete_template(*, actor: Person, template: Template) -> None:
    """Take a template away, and the rules that begin something with it. Documents that were made from it
    stay as they are. Raises NotAllowed."""
    require_admin(actor)
    TemplateRule.objects.filter(template_key=str(template.unique_id)).delete()
    record(actor=actor, action="template.deleted", subject=template)
    template.delete()


def _usable_template(source: str) -> tuple[str, str]:
    source = clean_text(source.replace("\r\n", "\n").replace("\r", "\n")).strip("\n") + "\n"
    try:
        return source, parse_template(source).name
    except liquid.TemplateError as error:
        error.fields["source"] = error.message
        raise


def _require_free_name(name: str, but: Template | None = None) -> None:
    shipped = {fold_name(choice.name) for choice in reads.shipped_templates()}
    own = Template.objects.exclude(pk=but.pk) if but is not None else Template.objects.all()
    if fold_name(name) in shipped or is_name_given(name, own):
        reason = _NAME_IS_GIVEN.format(name)
        raise InvalidInput(reason, fields={"source": reason})


_NAME_IS_GIVEN = "There is a template called “{}” already. Change the line `name:`."


def _renamed(source: str, name: str, new_name: str) -> str:
    """The same source with another name; written anew only where the line is not simply found."""
    line = f"name: {name}\n"
    if source.count(line) == 1:
        return source.replace(line, f"name: {new_name}\n")
    parsed = parse_template(source)
    return format_template(type(parsed)(new_name, parsed.sections, parsed.writes, parsed.requires))
