"""Forms that people share: what a write refused comes back, and what others changed is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, Form
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from afterword.lib.errors import Conflict, InvalidInput


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """Put what a write inside refuses onto the form: each reason at its field, else on top.

    Afterwards `form.is_valid()` tells whether the write was done::

        if form.is_valid():
            with refusals_on(form):
                team = writes.create_team(actor=request.user, **form.cleaned_data)
                return redirect(...)
        return render(request, "...", {"form": form}, status=400)
    """
    try:
        yield
    except (InvalidInput, Conflict) as refusal:
        for name, reason in refusal.fields.items():
            form.add_error(name if name in form.fields else None, reason)
        if not refusal.fields:
            form.add_error(None, refusal.message)


SEEN = "seen"
"""The name of the field with what a page showed when it was opened."""
CHANGED_MEANWHILE = (
    "Somebody has changed this since you opened it. "
    "Save again to replace what they wrote, or open it anew to see it."
)
DAMAGED = "This page was sent back damaged. Copy what you typed, and open it anew."
DIGEST_CHARACTERS = 32


def moment_seen(text: str) -> datetime | None:
    """When what a page showed was saved, from the hidden field that tells it; None where there is none.

    Raises ValidationError, for the form as a whole: nobody types it.
    """
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValidationError(DAMAGED)
    return moment


class EditForm(Form):
    """A form that replaces what is kept, and is refused once when that was changed since its page was opened.

    `initial` is what is kept now. The page puts `{{ form.seen }}` into the form. What was typed stays, and
    saving again replaces. Of two who save in the same instant the later one still wins.
    """

    @property
    def seen(self) -> SafeString:
        """The hidden field that tells what this page shows."""
        return format_html('<input type="hidden" name="{}" value="{}">', SEEN, self._version())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        seen = self.data.get(SEEN)
        if seen is not None and seen != self._version() and self._replaces_anything():
            self.add_error(None, CHANGED_MEANWHILE)
        return cleaned

    def _replaces_anything(self) -> bool:
        """Not where all is as it is kept: a form that was sent twice, for instance."""
        # Some fields can tell by what was typed, others by what became of it.
        kept = self._kept().items()
        return self.has_changed() and any(self.cleaned_data.get(name) != value for name, value in kept)

    def _version(self) -> str:
        kept = {name: str(value) for name, value in self._kept().items()}
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:DIGEST_CHARACTERS]

    def _kept(self) -> dict[str, Any]:
        return {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
