"""What people fill in about publications. The writes check again."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.postmortems.publishing.models import (
    CORRECTION_LENGTH_MAX,
    REASON_LENGTH_MAX,
    SITE_TEXT_LENGTH_MAX,
    SITE_TITLE_LENGTH_MAX,
    Audience,
)


class PublishForm(forms.Form):
    """For whom, and what is corrected where an earlier version is replaced."""

    audience = forms.ChoiceField(choices=Audience.choices, widget=forms.RadioSelect)
    correction = forms.CharField(
        label="What is corrected",
        required=False,
        max_length=CORRECTION_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only where it replaces an earlier version. Readers see it above the text. "
        "For everybody, write it into the public edition instead.",
    )


class DeriveForm(forms.Form):
    """Why the public may read of a private incident."""

    private_reason = forms.CharField(
        label="Why the public may read of a private incident",
        required=False,
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SiteForm(forms.Form):
    """The public pages as a whole."""

    is_on = forms.BooleanField(label="Show public pages", required=False)
    title = forms.CharField(
        required=False,
        max_length=SITE_TITLE_LENGTH_MAX,
        help_text="Above the list. Without one it is the organisation's name.",
    )
    introduction = forms.CharField(
        required=False, max_length=SITE_TEXT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
    internal_domains = forms.CharField(
        label="Internal domains",
        required=False,
        max_length=SITE_TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One on each line. Hosts and links below them stay out of public editions, beside those "
        "that end in .internal, .local, .corp and the like.",
    )

    public_domains = forms.CharField(
        label="Public domains",
        required=False,
        max_length=SITE_TEXT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One on each line: your website, your status page. Other links become plain text.",
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
