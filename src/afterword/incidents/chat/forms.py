"""What people fill in to bring a conversation into a timeline. The writes check again."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from afterword.accounts.forms import TimeZoneField
from afterword.incidents.chat.messages import CHANNEL_CHARACTERS_MAX, UPLOAD_BYTES_MAX
from afterword.incidents.models import Incident

_MEGABYTES = UPLOAD_BYTES_MAX // (1024 * 1024)
TOO_LARGE = f"This file is too large: at most {_MEGABYTES} MB are taken."


class ChatForm(forms.Form):
    """A conversation as text or as a file, and what it may not say itself."""

    text = forms.CharField(
        label="Conversation",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "placeholder": "[14:05] Ada: Checkout answers slowly"}),
        help_text="Copied from Slack, a log of IRC, lines such as “[14:05] name: text”, or JSON.",
    )
    channel = forms.CharField(
        max_length=CHANNEL_CHARACTERS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "#incident-42", "autocomplete": "off"}),
        help_text="Where it was said. Of an export with several channels, the one to read.",
    )
    day = forms.DateField(
        label="First day",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Used where the text tells only times of day.",
        error_messages={"invalid": "Please give a day, as in 2026-03-02."},
    )
    zone = TimeZoneField(
        label="Time zone", required=False, help_text="Used where the text does not name its own."
    )
    # The last one: what is before it arrives even when the file is far too large.
    file = forms.FileField(
        label="Or a file",
        required=False,
        allow_empty_file=True,
        help_text=f"Slack's export as a zip, JSON, or a log as text; at most {_MEGABYTES} MB.",
        widget=forms.FileInput(
            attrs={
                "accept": ".zip,.json,.jsonl,.txt,.log,.weechatlog,text/plain,application/json",
                "data-island": "upload",
                "data-bytes-max": str(UPLOAD_BYTES_MAX),
                "data-too-large": TOO_LARGE,
            }
        ),
    )

    def __init__(self, *args: Any, incident: Incident, channel: str = "", **given: Any) -> None:
        zone = timezone.get_current_timezone_name()
        day = timezone.localdate(incident.started_at)
        initial = {"channel": f"#{channel}" if channel else "", "day": day, "zone": zone}
        super().__init__(*args, **{**given, "initial": initial})
        field = self.fields["zone"]
        assert isinstance(field, TimeZoneField)
        field.keep(zone)

    def clean_file(self) -> UploadedFile[Any] | None:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > UPLOAD_BYTES_MAX:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean(self) -> None:
        if self.errors:
            return
        text, file = self.cleaned_data["text"].strip(), self.cleaned_data["file"]
        if text and file is not None:
            self.add_error("file", "Please give either a text or a file.")
        elif not text and file is None:
            self.add_error("text", "Please paste a conversation, or choose a file.")

    @property
    def first_day(self) -> date | None:
        """Only of a valid form."""
        day: date | None = self.cleaned_data["day"]
        return day

    @property
    def own_zone(self) -> tzinfo | None:
        """Only of a valid form."""
        return ZoneInfo(self.cleaned_data["zone"]) if self.cleaned_data["zone"] else None
