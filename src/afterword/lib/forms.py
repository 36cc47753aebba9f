"""Bringing what a write refused back to the form that a person filled in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm

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
