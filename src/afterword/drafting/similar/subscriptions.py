"""What the index listens to: whatever changes the words of an incident or a post-mortem."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe_many
from afterword.drafting.similar.writes import forget_postmortems, queue_for_index
from afterword.incidents.models import Entry, Incident
from afterword.postmortems.models import Postmortem, Section

OF_INCIDENTS = (
    *("triggered", "created", "acknowledged", "resolved", "reopened", "closed", "renamed", "summarised"),
    *("services_changed", "fields_changed", "type_changed", "timestamps_changed", "merged", "unmerged"),
    *("made_private", "made_public", "entries_hidden", "entries_shown"),
)
OF_ENTRIES = ("note.created", "entry.corrected")
OF_POSTMORTEMS = (
    *("created", "changed", "renamed", "rewritten", "restored", "imported", "incidents_changed"),
    *("fields_changed", "template_applied", "status_changed", "published"),
)
OF_SECTIONS = ("saved", "added", "renamed", "taken_out")


def begin_to_listen() -> None:
    """In AppConfig.ready()."""
    for noun, verbs in (
        ("incident", OF_INCIDENTS),
        ("postmortem", OF_POSTMORTEMS),
        ("section", OF_SECTIONS),
    ):
        for verb in verbs:
            subscribe_many(f"{noun}.{verb}")(_queue)
    for action in OF_ENTRIES:
        subscribe_many(action)(_queue)
    subscribe_many("postmortem.deleted")(_forget)


def _queue(heard: Sequence[tuple[AuditEvent, models.Model]]) -> None:
    subjects = [subject for _, subject in heard]
    queue_for_index(
        incidents=[one.pk for one in subjects if isinstance(one, Incident)]
        + [one.incident_id for one in subjects if isinstance(one, Entry)],
        postmortems=[one.pk for one in subjects if isinstance(one, Postmortem)]
        + [one.postmortem_id for one in subjects if isinstance(one, Section)],
    )


def _forget(heard: Sequence[tuple[AuditEvent, models.Model]]) -> None:
    forget_postmortems([subject.pk for _, subject in heard])
