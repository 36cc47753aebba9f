"""What people fill in about reviews. The writes check again."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review import reads
from afterword.postmortems.review.models import APPROVALS_MAX, NOTE_LENGTH_MAX, REMIND_DAYS_MAX, ReviewPolicy
from afterword.postmortems.review.rules import APPROVALS_BY_DEFAULT, REMIND_EVERY_DAYS_BY_DEFAULT


class AskForm(forms.Form):
    """Whom to ask. The people that the policy names are asked anyway."""

    reviewers = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        required=False,
        to_field_name="unique_id",
        widget=forms.CheckboxSelectMultiple,
        help_text="Each of them gets a mail.",
    )

    def __init__(self, data: Any = None, *, actor: Person, postmortem: Postmortem) -> None:
        super().__init__(data)
        field = self.fields["reviewers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        asked = postmortem.review_requests.values("person")
        field.queryset = (
            reads.possible_reviewers(actor, postmortem).exclude(pk__in=asked).exclude(pk=actor.pk)
        )


class ReviewForm(forms.Form):
    """What somebody thinks of the revision that they read."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Needed when you ask for changes. The author and the owner get it by mail.",
    )


class PolicyForm(forms.Form):
    """What a team or a service asks of reviews."""

    approvals_min = forms.IntegerField(
        label="Approvals needed",
        min_value=0,
        max_value=APPROVALS_MAX,
        help_text="How many people must approve a revision before it may be published. 0 asks for none.",
    )
    approvers = forms.ModelMultipleChoiceField(
        label="Who must be among them",
        queryset=Person.objects.none(),
        required=False,
        to_field_name="unique_id",
        widget=forms.CheckboxSelectMultiple,
    )
    may_approve_own = forms.BooleanField(
        label="The author's own approval counts",
        required=False,
    )
    wants_tickets = forms.BooleanField(
        label="Require linked tickets",
        required=False,
        help_text="Each follow-up of the priority P1 needs a ticket before a post-mortem is published.",
    )
    remind_every_days = forms.IntegerField(
        label="Remind reviewers every so many days",
        required=False,
        min_value=1,
        max_value=REMIND_DAYS_MAX,
        help_text="Never on a weekend. Leave it empty for no reminders.",
    )

    def __init__(
        self, data: Any = None, *, actor: Person, subject: Team | Service, policy: ReviewPolicy | None
    ) -> None:
        super().__init__(data, initial=_initial(policy))
        field = self.fields["approvers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        team = subject if isinstance(subject, Team) else subject.team
        field.queryset = reads.possible_approvers(actor, team)


def _initial(policy: ReviewPolicy | None) -> dict[str, Any]:
    if policy is None:
        return {
            "approvals_min": APPROVALS_BY_DEFAULT,
            "remind_every_days": REMIND_EVERY_DAYS_BY_DEFAULT,
        }
    return {
        "approvals_min": policy.approvals_min,
        "approvers": [person.unique_id for person in policy.approvers.all()],
        "may_approve_own": policy.may_approve_own,
        "wants_tickets": policy.wants_tickets,
        "remind_every_days": policy.remind_every_days,
    }
