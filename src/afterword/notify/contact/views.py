"""`/profile/contact-methods`: how the reader is paged. Everyone sees and changes their own alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from afterword.incidents.frame import reader_of
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.forms import refusals_on
from afterword.notify.contact import reads, writes
from afterword.notify.contact.forms import CodeForm, MethodForm, NewMethodForm
from afterword.notify.contact.models import ContactMethod

HERE = "notify:contact_methods"


@dataclass(frozen=True)
class ShownMethod:
    method: ContactMethod
    form: MethodForm
    code_form: CodeForm


@never_cache
@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def contact_methods(request: HttpRequest) -> HttpResponse:
    """The list; what is posted is a new method. The secret of a webhook is shown in the answer to that."""
    actor = reader_of(request)
    form = NewMethodForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = writes.add_method(actor=actor, **form.cleaned_data)
            if made.problem:
                messages.error(request, f"It was added, but the code did not go out. {made.problem}")
            else:
                messages.success(request, f"A code was sent to {made.method.label}. Please enter it below.")
            if not made.secret:
                return redirect(HERE)
            return _show(request, NewMethodForm(), secret=made.secret)
    return _show(request, form)


@require_POST
def contact_method(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    method = reads.get_own_method(actor, unique_id)
    form = MethodForm(request.POST, method=method)
    if form.is_valid():
        with refusals_on(form):
            writes.change_method(actor=actor, method=method, **form.cleaned_data)
            messages.success(request, "It was saved.")
            return redirect(HERE)
    return _show(request, NewMethodForm(), changed=(method, form))


@require_POST
def verify(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    method = reads.get_own_method(actor, unique_id)
    form = CodeForm(request.POST, method=method)
    if form.is_valid():
        with refusals_on(form):
            writes.try_code(actor=actor, method=method, code=form.cleaned_data["code"])
            messages.success(request, f"From now on you are paged by {method.label} too.")
            return redirect(HERE)
    return _show(request, NewMethodForm(), changed=(method, form))


@require_POST
def send_code(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    return _do(
        request,
        unique_id,
        lambda method: writes.send_code(actor=method.person, method=method),
        "A new code was sent.",
    )


@require_POST
def send_test(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    return _do(
        request,
        unique_id,
        lambda method: writes.send_test(actor=method.person, method=method),
        "A test was sent.",
    )


@require_POST
def place(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    step = -1 if request.POST.get("place") == "up" else 1
    return _do(
        request,
        unique_id,
        lambda method: writes.move_method(actor=method.person, method=method, step=step),
        "",
    )


@require_POST
def removal(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    return _do(
        request,
        unique_id,
        lambda method: writes.remove_method(actor=method.person, method=method),
        "The contact method was removed.",
    )


def _do(
    request: HttpRequest, unique_id: uuid.UUID, act: Callable[[ContactMethod], None], done: str
) -> HttpResponse:
    method = reads.get_own_method(reader_of(request), unique_id)
    try:
        act(method)
    except (Conflict, InvalidInput) as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    else:
        if done:
            messages.success(request, done)
    return redirect(HERE)


def _show(
    request: HttpRequest,
    form: NewMethodForm,
    *,
    secret: str = "",
    changed: tuple[ContactMethod, Form] | None = None,
) -> HttpResponse:
    shown = []
    for method in reads.own_methods(reader_of(request)):
        settings_form, code_form = MethodForm(method=method), CodeForm(method=method)
        if changed is not None and changed[0].pk == method.pk:
            if isinstance(changed[1], MethodForm):
                settings_form = changed[1]
            elif isinstance(changed[1], CodeForm):
                code_form = changed[1]
        shown.append(ShownMethod(method, settings_form, code_form))
    failed = bool(changed) or (form.is_bound and bool(form.errors))
    context = {"shown": shown, "form": form, "secret": secret}
    status = HTTPStatus.BAD_REQUEST if failed else HTTPStatus.OK
    return render(request, "notify/contact_methods.html", context, status=status)
