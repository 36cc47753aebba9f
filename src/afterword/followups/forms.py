"""What people fill in about follow-ups. The writes check again: a form is not the only way in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from afterword.accounts.models import Person, Team
from afterword.followups import reads
from afterword.followups.models import (
    DESCRIPTION_LENGTH_MAX,
    TICKET_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    FollowUp,
    FollowUpPriority,
    FollowUpStatus,
)
from afterword.followups.reads import TO_DO, FollowUpFilter
from afterword.followups.writes import follow_up_digest

OWNERS_MAX = 500


class FilterForm(forms.Form):
    """The line above the list."""

    status = forms.ChoiceField(
        required=False, choices=[(TO_DO, "To do"), ("", "Any"), *FollowUpStatus.choices]
    )
    owner = forms.ChoiceField(required=False, choices=[("", "Anyone"), ("me", "Me")])

    def wanted(self) -> FollowUpFilter | None:
        """What the list is narrowed to; None for an address that makes no sense."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return FollowUpFilter(status=given["status"], is_mine=given["owner"] == "me")


class FollowUpForm(forms.Form):
    """What is to be done, by whom and until when."""

    title = forms.CharField(label="What is to be done?", max_length=TITLE_LENGTH_MAX)
    owner = forms.ModelChoiceField(
        Person.objects.none(), to_field_name="unique_id", required=False, empty_label="Nobody yet"
    )
    due_on = forms.DateField(
        label="Due",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Please give a date, as in 2026-03-31."},
    )
    priority = forms.ChoiceField(choices=FollowUpPriority.choices, initial=FollowUpPriority.P3)
    ticket = forms.CharField(
        required=False,
        max_length=TICKET_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="Its address in Jira, GitHub or wherever it is worked on; or its number alone.",
    )
    description = forms.CharField(
        label="More about it",
        required=False,
        max_length=DESCRIPTION_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, team: Team, **settings: Any) -> None:
        super().__init__(*args, **settings)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = reads.possible_owners(team)


class EditFollowUpForm(FollowUpForm):
    """The form of one that is there."""

    started_from = forms.CharField(widget=forms.HiddenInput, max_length=64)
    data: QueryDict

    @classmethod
    def of(cls, follow_up: FollowUp, data: Any = None, prefix: str | None = None) -> EditFollowUpForm:
        """Its owner can stay, even after leaving the team."""
        names = ("title", "due_on", "priority", "ticket", "description")
        initial = {name: getattr(follow_up, name) for name in names}
        initial["started_from"] = follow_up_digest(follow_up)
        if follow_up.owner:
            initial["owner"] = follow_up.owner.unique_id
        form = cls(data, team=follow_up.team, initial=initial, prefix=prefix)
        if follow_up.owner_id:
            owner = form.fields["owner"]
            assert isinstance(owner, forms.ModelChoiceField)
            owner.queryset = reads.possible_owners(follow_up.team, keeping=follow_up)
        return form

    def missed(self, follow_up: FollowUp) -> bool:
        """Whether someone else changed it while this form was open. Saving again then replaces theirs."""
        seen, name = follow_up_digest(follow_up), self.add_prefix("started_from")
        if self.data.get(name) == seen:
            return False
        self.data = self.data.copy()
        self.data[name] = seen
        return True
