"""What the pages of the catalogue have in common."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team

PAGE_ROWS_MAX = 50


def reader_of(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def may_manage(actor: Person, team: Team) -> bool:
    return accounts.managed_teams(actor).filter(pk=team.pk).exists()


def form_page(
    request: HttpRequest, template: str, form: BaseForm, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 400 when something typed was refused, and all that was typed is kept."""
    status = HTTPStatus.BAD_REQUEST if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **(context or {})}, status=status)
