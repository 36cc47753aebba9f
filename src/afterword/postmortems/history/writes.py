"""Going back to an earlier revision. Nothing is lost by it: it is one more revision."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write, writable_teams
from afterword.audit.writes import record
from afterword.lib import clock
from afterword.lib.errors import Conflict
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.fields.writes import put_back
from afterword.postmortems.history.reads import get_revision
from afterword.postmortems.models import Postmortem, Revision, Section, SectionKind
from afterword.postmortems.writes import keep_revision

NAME_IN_NOTE_CHARACTERS_MAX = 100


@dataclass(frozen=True)
class Restoration:
    """What became of going back."""

    revision: Revision
    """The new one."""
    owner_left_out: str = ""
    """What the owner of then was called, where they may not be the owner now; else nothing."""


@transaction.atomic
def restore_revision(*, actor: Person, postmortem: Postmortem, number: int, newest: int) -> Restoration:
    """Make the sections, the custom fields, the title, the status text and the owner what they were in the
    revision `number`.

    `newest` is the revision that the actor saw as the newest: raises Conflict when somebody saved since.
    Sections that were added since are taken out, those that were taken out come back. Live sections draw
    the record as it is now. An owner who may not write in the team any more is left out; author and incidents
    stay, and so do status text and owner where the revision did not keep them. Raises NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    latest = postmortem_reads.latest_revision(postmortem)
    if latest.number != newest:
        raise Conflict("Somebody saved this post-mortem in the meantime. Look at the history again.")
    wanted = get_revision(postmortem, number)
    _put_sections_back(postmortem, wanted, latest)
    put_back(postmortem=postmortem, kept=wanted.fields)
    now = clock.now()
    owner_left_out = _put_cover_back(postmortem, wanted)
    postmortem.title = wanted.title
    postmortem.template_name = wanted.template.get("name", postmortem.template_name)
    postmortem.required_fields = wanted.template.get("requires", postmortem.required_fields)
    postmortem.written_in = wanted.template.get("writes", postmortem.written_in)
    postmortem.updated_at = now
    postmortem.save(
        update_fields=[
            "title",
            "status_text",
            "owner",
            "template_name",
            "required_fields",
            "written_in",
            "updated_at",
        ]
    )
    note = f"Restored revision {number}"
    if owner_left_out:
        note += f", without its owner {owner_left_out[:NAME_IN_NOTE_CHARACTERS_MAX]}"
    revision = keep_revision(postmortem, actor, now, note=note)
    record(
        actor=actor,
        action="postmortem.restored",
        subject=postmortem,
        at=now,
        team_id=postmortem.team_id,
        data={"restored": number, "revision": revision.number},
    )
    return Restoration(revision, owner_left_out)


def _put_sections_back(postmortem: Postmortem, wanted: Revision, latest: Revision) -> None:
    present = {str(section.unique_id): section for section in postmortem_reads.sections_of(postmortem)}
    kept = {str(stored["unique_id"]) for stored in wanted.sections}
    Section.objects.filter(
        pk__in=[section.pk for key, section in present.items() if key not in kept]
    ).delete()
    for position, stored in enumerate(wanted.sections):
        section = present.get(str(stored["unique_id"])) or Section(
            # Greater than any version that it had before it was taken out.
            postmortem=postmortem,
            unique_id=stored["unique_id"],
            version=latest.number,
        )
        is_same = section.pk is not None and section.text == stored["text"]
        section.position = position
        section.title = stored["title"]
        section.kind = SectionKind(stored["kind"])
        section.live_name = stored["live_name"]
        section.text = stored["text"]
        section.help_text = stored.get("help_text", section.help_text)
        section.field_names = stored.get("field_names", section.field_names)
        section.is_internal = stored.get("is_internal", section.is_internal)
        section.version += not is_same
        section.save()


def _put_cover_back(postmortem: Postmortem, wanted: Revision) -> str:
    """The status text and the owner, for whoever saves them; the owner's name of then if left out."""
    if not wanted.cover:
        return ""
    postmortem.status_text = wanted.cover["status_text"]
    kept = wanted.cover["owner"]
    if kept is None or kept["unique_id"] == str(postmortem.shown_owner.unique_id):
        return ""
    owner = Person.objects.filter(unique_id=kept["unique_id"], is_active=True).first()
    if owner is None or not writable_teams(owner).filter(pk=postmortem.team_id).exists():
        return str(kept["name"])
    postmortem.owner = owner
    return ""
