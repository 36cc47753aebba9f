"""Every change to which sections a post-mortem has. What was written stays in its history."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.text import one_line
from afterword.postmortems import reads
from afterword.postmortems.models import (
    SECTION_TITLE_LENGTH_MAX,
    Postmortem,
    Revision,
    Section,
    SectionKind,
)
from afterword.postmortems.outline.reads import plan_for
from afterword.postmortems.outline.rules import Fate
from afterword.postmortems.variables import variables_of
from afterword.postmortems.writes import keep_revision, starting_text

SECTIONS_MAX = 100
"""Of one document; a template has at most half as many."""


@transaction.atomic
def add_section(*, actor: Person, postmortem: Postmortem, title: str, internal: bool = False) -> Section:
    """Put a section to write in at the end. Raises InvalidInput, NotAllowed, NotFound."""
    postmortem, sections = _lock(actor, postmortem)
    title = _usable_title(title, sections)
    if len(sections) >= SECTIONS_MAX:
        raise InvalidInput(fields={"title": f"A post-mortem has at most {SECTIONS_MAX} sections."})
    section = Section.objects.create(
        postmortem=postmortem,
        position=max((one.position for one in sections), default=-1) + 1,
        title=title,
        kind=SectionKind.PROSE,
        is_internal=internal,
    )
    _keep(actor, postmortem, "section.added", section, note=f"Section “{title}” added")
    return section


@transaction.atomic
def rename_section(*, actor: Person, section: Section, title: str) -> Section:
    """Give it another title. The same title changes nothing. Raises InvalidInput, NotAllowed, NotFound."""
    postmortem, sections = _lock(actor, section.postmortem)
    section = _find(section, sections)
    before, title = section.title, _usable_title(title, [one for one in sections if one != section])
    if title != before:
        section.title = title
        section.save(update_fields=["title"])
        note = f"Section “{before}” renamed"
        _keep(actor, postmortem, "section.renamed", section, note=note, before=before, after=title)
    return section


@transaction.atomic
def move_section(*, actor: Person, section: Section, steps: int) -> Section:
    """Move it up (-1) or down (1), as far as there is room. Raises NotAllowed, NotFound."""
    postmortem, sections = _lock(actor, section.postmortem)
    section = _find(section, sections)
    before = sections.index(section)
    return _place(actor, postmortem, sections, section, before + steps)


@transaction.atomic
def place_section(*, actor: Person, section: Section, place: int) -> Section:
    """Put it at this place, of which the first is 0; too far is the last. Raises NotAllowed, NotFound."""
    postmortem, sections = _lock(actor, section.postmortem)
    return _place(actor, postmortem, sections, _find(section, sections), place)


def _place(
    actor: Person, postmortem: Postmortem, sections: list[Section], section: Section, place: int
) -> Section:
    before, after = sections.index(section), min(max(place, 0), len(sections) - 1)
    if after != before:
        sections.insert(after, sections.pop(before))
        _number(sections)
        _keep(actor, postmortem, "section.moved", section, note=f"Section “{section.title}” moved")
    return section


@transaction.atomic
def mark_section(*, actor: Person, section: Section, internal: bool) -> Section:
    """Say whether it never leaves the organisation. Raises NotAllowed, NotFound."""
    postmortem, sections = _lock(actor, section.postmortem)
    section = _find(section, sections)
    if section.is_internal != internal:
        section.is_internal = internal
        section.save(update_fields=["is_internal"])
        note = f"Section “{section.title}” marked {'internal' if internal else 'for everybody'}"
        _keep(actor, postmortem, "section.marked", section, note=note, internal=internal)
    return section


@transaction.atomic
def take_out_section(*, actor: Person, section: Section) -> Revision:
    """Take it out of the document; the history keeps what it says. The last one stays.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    postmortem, sections = _lock(actor, section.postmortem)
    section = _find(section, sections)
    if len(sections) == 1:
        raise InvalidInput("A post-mortem has at least one section.")
    key = section.pk
    section.delete()
    section.pk = key
    note = f"Section “{section.title}” taken out"
    return _keep(actor, postmortem, "section.taken_out", section, note=note, title=section.title)


@transaction.atomic
def apply_template(*, actor: Person, postmortem: Postmortem, template: str, newest: int) -> Revision:
    """Give a document in work the sections of another template, and lose no text: see `rules.plan_template`.

    `template` is the key of a TemplateChoice. `newest` is the revision that the actor saw as the newest:
    raises Conflict when somebody saved since. Help and fields are the new template's; its starting texts go
    only where nothing is written; what was marked internal stays so. Restoring the revision before undoes
    it. Raises InvalidInput, NotAllowed, NotFound.
    """
    postmortem, sections = _lock(actor, postmortem)
    if reads.latest_revision(postmortem).number != newest:
        raise Conflict("Somebody saved this post-mortem in the meantime. Look at the preview again.")
    choice = reads.get_template(actor, template)
    steps = plan_for(sections, choice)
    there_will_be = [step for step in steps if step.fate is not Fate.GOES]
    if len(there_will_be) > SECTIONS_MAX:
        raise InvalidInput(f"A post-mortem has at most {SECTIONS_MAX} sections; this would make more.")
    present = {str(section.unique_id): section for section in sections}
    variables = variables_of(
        incidents=reads.incidents_of(postmortem), title=postmortem.title, author=postmortem.author
    )
    shown = {name for section in choice.parsed.sections for name in section.fields}
    Section.objects.filter(
        pk__in=[present[step.present.key].pk for step in steps if step.fate is Fate.GOES and step.present]
    ).delete()
    for position, step in enumerate(there_will_be):
        section = (
            present[step.present.key] if step.present else Section(postmortem=postmortem, version=newest)
        )
        section.position = position
        if step.wanted is None:
            # A field stands in one place: in that of the new template.
            section.field_names = [name for name in section.field_names if name not in shown]
        else:
            section.title = step.wanted.title
            section.live_name = step.wanted.live
            section.kind = SectionKind.LIVE if step.wanted.live else SectionKind.PROSE
            section.help_text = step.wanted.help
            section.field_names = list(step.wanted.fields)
            section.is_internal = section.is_internal or step.wanted.internal
            if step.takes_starting_text:
                text = starting_text(step.wanted, variables)
                section.version += text != section.text
                section.text = text
        section.save()
    before, postmortem.template_name = postmortem.template_name, choice.name
    postmortem.required_fields, postmortem.written_in = list(choice.parsed.requires), choice.parsed.writes
    postmortem.save(update_fields=["template_name", "required_fields", "written_in"])
    return _keep(
        actor,
        postmortem,
        "postmortem.template_applied",
        postmortem,
        note=f"Template “{choice.name}” applied",
        before=before,
        after=choice.name,
    )


def _lock(actor: Person, postmortem: Postmortem) -> tuple[Postmortem, list[Section]]:
    require_write(actor, postmortem.team)
    postmortem = reads.lock_postmortem(actor, postmortem)
    return postmortem, reads.sections_of(postmortem)


def _find(section: Section, sections: list[Section]) -> Section:
    found = next((one for one in sections if one == section), None)
    if found is None:
        raise NotFound
    return found


def _usable_title(value: str, others: list[Section]) -> str:
    title = one_line("title", value, characters_max=SECTION_TITLE_LENGTH_MAX)
    if any(other.title.casefold() == title.casefold() for other in others):
        raise InvalidInput(fields={"title": f"There is a section “{title}” already."})
    return title


def _number(sections: list[Section]) -> None:
    for position, section in enumerate(sections):
        section.position = position
    Section.objects.bulk_update(sections, ["position"])


def _keep(
    actor: Person, postmortem: Postmortem, action: str, subject: Section | Postmortem, note: str, **data: Any
) -> Revision:
    now = clock.now()
    postmortem.updated_at = now
    postmortem.save(update_fields=["updated_at"])
    revision = keep_revision(postmortem, actor, now, note=_cut(note))
    record(
        actor=actor,
        action=action,
        subject=subject,
        at=now,
        team_id=postmortem.team_id,
        data={"postmortem": postmortem.number, "revision": revision.number, **data},
    )
    return revision


def _cut(note: str) -> str:
    characters_max = Revision._meta.get_field("note").max_length or 0
    return note if len(note) <= characters_max else note[: characters_max - 1] + "…"
