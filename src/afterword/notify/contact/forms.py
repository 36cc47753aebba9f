"""What people fill in about how they are reached. The writes check again."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.notify.contact.models import LABEL_LENGTH_MAX, ContactKind, ContactMethod
from afterword.notify.contact.writes import DELAY_MINUTES_MAX, URL_CHARACTERS_MAX

CODE_CHARACTERS_MAX = 20


class NewMethodForm(forms.Form):
    kind = forms.ChoiceField(
        label="Kind",
        choices=[
            (ContactKind.APPRISE.value, "Apprise URL: ntfy, Pushover, Telegram and a hundred more"),
            (ContactKind.WEBHOOK.value, "Webhook: a signed request to an address of yours"),
        ],
    )
    address = forms.CharField(
        label="Address",
        max_length=URL_CHARACTERS_MAX,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "placeholder": "ntfy://topic or https://example.com/page"}
        ),
        help_text="It is kept encrypted and never shown again. A code is sent to it.",
    )
    label = forms.CharField(
        label="Name", max_length=LABEL_LENGTH_MAX, required=False, help_text="As in My phone."
    )


class MethodForm(forms.Form):
    label = forms.CharField(label="Name", max_length=LABEL_LENGTH_MAX)
    delay_minutes = forms.IntegerField(
        label="Wait",
        min_value=0,
        max_value=DELAY_MINUTES_MAX,
        help_text="Minutes after the page began. It is not used when somebody answers before.",
    )
    quiet_from = forms.TimeField(
        label="Quiet from",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label="until",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="In your time zone. A page waits for their end.",
    )
    breaks_quiet = forms.BooleanField(
        label="Critical pages break through",
        required=False,
        help_text="Those of critical alerts, of incidents that people report, and from people.",
    )

    def __init__(self, data: Any = None, *, method: ContactMethod) -> None:
        names = ("label", "delay_minutes", "quiet_from", "quiet_until", "breaks_quiet")
        super().__init__(
            data,
            initial={name: getattr(method, name) for name in names},
            auto_id=f"method-{method.pk}-%s",
        )


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=CODE_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, data: Any = None, *, method: ContactMethod) -> None:
        super().__init__(data, auto_id=f"code-{method.pk}-%s")
