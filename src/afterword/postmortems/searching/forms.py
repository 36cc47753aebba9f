"""What people narrow the list to, and what they keep of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import writable_teams
from afterword.catalog.models import NAME_LENGTH_MAX
from afterword.catalog.reads import visible_incident_types, visible_services, visible_severities
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.fields.forms import filter_widget
from afterword.postmortems.fields.models import PostmortemField
from afterword.postmortems.fields.reads import NARROWED_BY_MAX, all_fields
from afterword.postmortems.models import PostmortemStatus
from afterword.postmortems.searching import reads
from afterword.postmortems.searching.models import VIEW_NAME_LENGTH_MAX, SavedView
from afterword.postmortems.searching.reads import PostmortemFilter, Span
from afterword.postmortems.searching.rules import SEARCH_CHARACTERS_MAX
from afterword.postmortems.searching.schemas import FIELD_PREFIX

CHOICES_MAX = 500
"""How many teams or people a list of choices offers."""
FIELDS_OFFERED_MAX = 20
"""How many custom fields have a box before any of them is asked for."""
UNKNOWN_CHARACTERS_SHOWN_MAX = 40
DATES = ("created", "published", "incident")
MORE_FILTERS = (
    "service",
    "owner",
    "severity",
    "type",
    *(f"{name}_{end}" for name in DATES for end in ("from", "to")),
)
"""Those that stand above the list once they are asked for."""


class FilterForm(forms.Form):
    """The line above the list. What it offers is only what the reader may see.

    A custom field that the address names has a box and narrows, whether it would be offered or not. One that
    there is not is pointed out and nothing fits: the list is never wider than what was asked for.
    """

    text = forms.CharField(
        label="Search",
        required=False,
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": 'Words, "a phrase", -without, #number'}
        ),
    )
    team = forms.ChoiceField(required=False)
    status = forms.ChoiceField(required=False, choices=[("", "Any"), *PostmortemStatus.choices])
    author = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    service = forms.ChoiceField(required=False)
    severity = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    type = forms.CharField(
        label="Incident type", required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select
    )
    sort = forms.ChoiceField(
        label="Sorted by",
        required=False,
        choices=[("", "What fits best"), (reads.NEWEST, "Newest"), (reads.TITLE, "Title")],
    )

    def __init__(self, data: Mapping[str, Any], *, actor: Person) -> None:
        super().__init__(data)
        teams = [
            (str(team.unique_id), team.name) for team in postmortem_reads.listed_teams(actor)[:CHOICES_MAX]
        ]
        self.shows_team = len(teams) > 1
        if not str(self.data.get("text", "")).strip():
            # Without words nothing fits better than anything else: the newest come first anyway.
            box = self.fields["sort"]
            assert isinstance(box, forms.ChoiceField)
            usual = reads.NEWEST if self.data.get("sort") == reads.NEWEST else ""
            box.choices = [(usual, "Newest"), (reads.TITLE, "Title")]
        self._offer("team", "Any", teams)
        self._offer("author", "Anyone", _people(postmortem_reads.authors(actor)))
        self.asked = _asked_fields(self.data)
        self.custom = _offered_fields(actor, self.asked)
        for one in self.custom:
            name = FIELD_PREFIX + one.slug
            self.fields[name] = forms.CharField(
                label=one.name if one.archived_at is None else f"{one.name} (archived)",
                required=False,
                max_length=SEARCH_CHARACTERS_MAX,
                widget=filter_widget(one, str(self.data.get(name, ""))),
            )
        known = {one.slug for one in self.custom}
        self.unknown = [slug for slug in self.asked if slug not in known][:NARROWED_BY_MAX]
        for slug in self.unknown:
            # A box all the same, so that what was asked for is seen and can be emptied.
            self.fields[FIELD_PREFIX + slug] = forms.CharField(
                label=f"{slug[:UNKNOWN_CHARACTERS_SHOWN_MAX]} (no such field)", required=False
            )
        slugs = [*(one.slug for one in self.custom), *self.unknown]
        self._names_of_more = [*MORE_FILTERS, *(FIELD_PREFIX + slug for slug in slugs)]
        self.shows_more = any(self.data.get(name) for name in ("more", *self._names_of_more))
        for name, label in (("created", "Written"), ("published", "Published"), ("incident", "Incident")):
            for end in ("from", "to"):
                self.fields[f"{name}_{end}"] = _day_field(f"{label} {end}")
        if self.shows_more:
            self._offer("owner", "Anyone", _people(reads.possible_owners(actor)))
            services = visible_services(actor).values_list("unique_id", "name")[:CHOICES_MAX]
            self._offer("service", "Any", [(str(key), name) for key, name in services])
            self._offer_names("severity", visible_severities(actor))
            self._offer_names("type", visible_incident_types(actor))

    @property
    def more(self) -> list[forms.BoundField]:
        """The filters behind *More filters*, in the order in which they stand."""
        return [self[name] for name in self._names_of_more]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for slug in self.unknown:
            self.add_error(FIELD_PREFIX + slug, "There is no such custom field, so no post-mortem fits.")
        if len(self.asked) > NARROWED_BY_MAX:
            self.add_error(None, f"Please narrow by at most {NARROWED_BY_MAX} custom fields.")
        return given

    def wanted(self) -> PostmortemFilter | None:
        """What the list is narrowed to; None for an address that makes no sense."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return PostmortemFilter(
            text=given["text"],
            team=_key(given["team"]),
            service=_key(given["service"]),
            status=given["status"],
            author=_key(given["author"]),
            owner=_key(given["owner"]),
            severity=given["severity"],
            incident_type=given["type"],
            created=span_of_days(given["created_from"], given["created_to"]),
            published=span_of_days(given["published_from"], given["published_to"]),
            incident=span_of_days(given["incident_from"], given["incident_to"]),
            fields={
                one.slug: value for one in self.custom if (value := given[FIELD_PREFIX + one.slug].strip())
            },
        )

    def as_filters(self) -> dict[str, str]:
        """What is given, as it stands in the address: for a view to be kept."""
        given = ((name, str(self.data.get(name, ""))) for name in self.fields)
        return {name: value for name, value in given if value.strip()}

    def in_words(self) -> list[tuple[str, str]]:
        """The same as people read it: what a filter is called, and what it is."""
        words = []
        for name, value in self.as_filters().items():
            box = self.fields[name]
            choices: dict[Any, Any] = (
                dict(cast("Any", box.choices)) if isinstance(box, forms.ChoiceField) else {}
            )
            words.append((str(self[name].label), str(choices.get(value, value))))
        return words

    def _offer(self, name: str, nothing: str, choices: list[tuple[str, str]]) -> None:
        box = self.fields[name]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", nothing), *choices]

    def _offer_names(self, name: str, things: Any) -> None:
        names = list(dict.fromkeys(things.values_list("name", flat=True)[:CHOICES_MAX]))
        given = self.data.get(name, "")
        if given and given not in names:
            names.append(given)
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [("", "Any"), *((one, one) for one in names)]


class ViewForm(forms.Form):
    """A view to keep: what it is called, and who sees it."""

    name = forms.CharField(max_length=VIEW_NAME_LENGTH_MAX)
    team = forms.ChoiceField(label="Who sees it", required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, actor: Person, view: SavedView | None = None
    ) -> None:
        initial = {"name": view.name, "team": str(view.team.unique_id) if view.team else ""} if view else {}
        super().__init__(data, initial=initial)
        self.teams = list(writable_teams(actor).distinct()[:CHOICES_MAX])
        box = self.fields["team"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [
            ("", "Only I"),
            *((str(team.unique_id), f"Everyone in {team.name}") for team in self.teams),
        ]

    def chosen_team(self) -> Team | None:
        """Only of a valid form."""
        return next((team for team in self.teams if str(team.unique_id) == self.cleaned_data["team"]), None)


def span_of_days(first: date | None, last: date | None) -> Span:
    """From the beginning of the first day to the end of the last, in the reader's zone."""
    return Span(_midnight(first) if first else None, _midnight(last, days=1) if last else None)


def address_of_view(view: SavedView) -> str:
    """What stands behind the question mark in the address of the list."""
    return urlencode({**view.filters, "view": str(view.unique_id)})


def _asked_fields(given: Mapping[str, Any]) -> list[str]:
    """The custom fields that are asked for, by their slugs. A box that was left empty asks for nothing."""
    return [
        name.removeprefix(FIELD_PREFIX)
        for name in given
        if name.startswith(FIELD_PREFIX) and str(given.get(name, "")).strip()
    ]


def _offered_fields(actor: Person, asked: Sequence[str]) -> list[PostmortemField]:
    """The first fields in their order, and whichever else is asked for, archived ones too."""
    offered = list(all_fields(actor, archived=False)[:FIELDS_OFFERED_MAX])
    known = {one.slug for one in offered}
    others = [slug for slug in asked if slug not in known and "\0" not in slug]
    return offered + list(all_fields(actor).filter(slug__in=others)) if others else offered


def _midnight(day: date, days: int = 0) -> datetime | None:
    try:
        moved = day + timedelta(days=days)
        return datetime.combine(moved, time(), tzinfo=timezone.get_current_timezone())
    except OverflowError:
        return None


def _day_field(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Please give a day, as in 2026-03-02."},
    )


def _key(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _people(people: Iterable[Person]) -> list[tuple[str, str]]:
    return [(str(one.unique_id), str(one)) for one in list(people)[:CHOICES_MAX]]
