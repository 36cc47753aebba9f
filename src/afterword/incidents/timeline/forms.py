"""What people fill in about a timeline. The writes check again: a form is not the only way in."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from afterword.accounts.models import Person
from afterword.incidents.forms import WhenField, describe_zone
from afterword.incidents.models import ENTRY_TEXT_LENGTH_MAX, Entry, EntryKind, EntryMark, Incident
from afterword.incidents.timeline import rules
from afterword.incidents.timeline.models import EVIDENCE_TITLE_LENGTH_MAX, URL_CHARACTERS_MAX
from afterword.incidents.timeline.reads import Place, TimelineFilter
from afterword.incidents.writes.evidence import describe_bytes
from afterword.lib.errors import InvalidInput

WHEN_TO_THE_SECOND = "%Y-%m-%dT%H:%M:%S"
PLACES = ("before", "after", "entry")


class SecondsField(WhenField):
    """A moment in the reader's zone, to the second."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.widget = forms.DateTimeInput(
            format=WHEN_TO_THE_SECOND, attrs={"type": "datetime-local", "step": "1"}
        )


class TimelineFilterForm(forms.Form):
    """The line above a timeline."""

    kind = forms.ChoiceField(required=False, choices=[("", "Any"), *EntryKind.choices])
    person = forms.ChoiceField(required=False)
    mark = forms.ChoiceField(required=False, choices=[("", "Any"), *EntryMark.choices])
    starred = forms.BooleanField(label="Starred only", required=False)
    hidden = forms.BooleanField(label="Hidden ones too", required=False)

    def __init__(self, data: Any, *, people: list[Person]) -> None:
        super().__init__(data, auto_id="timeline_%s")
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Anyone"), *((str(person.unique_id), str(person)) for person in people)]

    def wanted(self) -> TimelineFilter:
        """What it is narrowed to; an address that makes no sense narrows nothing."""
        if not self.is_valid():
            return TimelineFilter()
        given = self.cleaned_data
        return TimelineFilter(
            kind=given["kind"],
            person=uuid.UUID(given["person"]) if given["person"] else None,
            mark=given["mark"],
            starred=given["starred"],
            hidden=given["hidden"],
        )


class EvidenceForm(forms.Form):
    """A link or a file, and what it shows."""

    url = forms.CharField(
        label="Link",
        required=False,
        max_length=URL_CHARACTERS_MAX,
        help_text="With a picture: the graph that it is a snapshot of.",
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    title = forms.CharField(
        label="What it shows",
        required=False,
        max_length=EVIDENCE_TITLE_LENGTH_MAX,
        help_text="Read to those who cannot see an image.",
    )
    # The last one: what is before it arrives even when the file is far too large.
    file = forms.FileField(label="File", required=False, allow_empty_file=True)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        bytes_max = settings.UPLOAD_BYTES_MAX
        self.fields[
            "file"
        ].help_text = f"{', '.join(settings.UPLOAD_TYPES)}; at most {describe_bytes(bytes_max)}."
        self.fields["file"].widget.attrs |= {
            "data-island": "upload",
            "data-bytes-max": str(bytes_max),
            "data-too-large": f"This file is too large: at most {describe_bytes(bytes_max)} are taken.",
        }


class NoteForm(EvidenceForm):
    """A note for the timeline, perhaps with evidence."""

    text = forms.CharField(
        label="Add a note",
        max_length=ENTRY_TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "What did you see, try, decide?"}),
        error_messages={"required": "Please write something first."},
    )
    at = SecondsField(label="When it happened", required=False)
    mark = forms.ChoiceField(required=False, choices=[("", "Nothing special"), *EntryMark.choices])
    starred = forms.BooleanField(label="It matters: star it", required=False)
    field_order = ("text", "at", "mark", "starred", "url", "title", "file")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["at"].help_text = f"{describe_zone()} Leave it empty for now."

    @property
    def has_more(self) -> bool:
        """Whether something is filled in, or wrong, below the text itself."""
        names = [name for name in self.fields if name != "text"]
        return any(self[name].errors or (self.is_bound and self[name].data) for name in names)


class CorrectionForm(forms.Form):
    """The words and the time of a note."""

    data: QueryDict
    text = forms.CharField(
        label="What happened",
        max_length=ENTRY_TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Please write something first."},
        help_text="Markdown. What it said before stays in its history.",
    )
    at = SecondsField(label="When it happened")
    started_from = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, entry: Entry, **given: Any) -> None:
        initial = {"text": entry.text, "at": entry.at.replace(microsecond=0), "started_from": entry.edition}
        super().__init__(*args, **{**given, "initial": initial})
        self.entry = entry
        self.fields["at"].help_text = describe_zone()

    def changes(self) -> dict[str, Any]:
        """What to hand to the write. A time that was not touched keeps its fractions of a second."""
        given = dict(self.cleaned_data)
        if given["at"] == self.entry.at.replace(microsecond=0):
            given["at"] = None
        return given

    def start_again_from(self, entry: Entry) -> None:
        """Saving again then replaces what is there now: the writer has seen it."""
        self.data = self.data.copy()
        self.data["started_from"] = str(entry.edition)


class TimestampsForm(forms.Form):
    """The key timestamps of an incident, in the reader's zone."""

    data: QueryDict

    def __init__(self, *args: Any, incident: Incident, **given: Any) -> None:
        self.times = rules.known_times(incident)
        initial = {name: at.replace(microsecond=0) for name, at in self.times.items() if at}
        super().__init__(*args, **{**given, "initial": {**initial, "started_from": self._digest()}})
        for name, at in self.times.items():
            if at is None and name in rules.BY_STATUS:
                continue
            is_needed = name in rules.BY_STATUS
            self.fields[name] = SecondsField(label=rules.LABELS[name], required=is_needed)
        self.fields["started_from"] = forms.CharField(widget=forms.HiddenInput, max_length=64)

    @property
    def time_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.times if name in self.fields]

    def changes(self) -> dict[str, Any]:
        """Those that are not as they were shown; times that were not touched keep their fractions."""
        found = {}
        for name, before in self.times.items():
            if name not in self.fields:
                continue
            at = self.cleaned_data[name]
            if at != (before.replace(microsecond=0) if before else None):
                found[name] = at
        return found

    def start_again(self) -> None:
        """Saving again then replaces what is there now: the writer has seen it."""
        self.data = self.data.copy()
        self.data["started_from"] = self._digest()

    def _digest(self) -> str:
        return rules.digest_times(self.times)


def read_place(query: QueryDict) -> Place:
    """Where in the timeline to read, from an address: before, after or around an entry."""
    return Place(*(_uuid(query.get(name, "")) for name in PLACES))


def read_ids(values: list[str]) -> list[uuid.UUID]:
    """The ids of the entries that were chosen. Raises InvalidInput."""
    try:
        return [uuid.UUID(value) for value in values]
    except ValueError:
        raise InvalidInput(fields={"entries": "Please choose entries of this timeline."}) from None


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def zone_is_utc() -> bool:
    """Whether the reader reads UTC anyway."""
    return timezone.get_current_timezone_name() == "UTC"
