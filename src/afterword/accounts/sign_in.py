"""Signing in and out, and passwords: allauth's views in our words and with our status codes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from afterword.accounts.forms import (
    ForgottenPasswordForm,
    NewPasswordForm,
    PasswordChangeForm,
    SignInForm,
)
from afterword.accounts.interrupted import FIELD, ask_to_send_again, open_interrupted
from afterword.accounts.models import Person

SOMEBODY_ELSES = (
    "Somebody else was signed in here before you. What they had typed was not saved, and is not shown to you."
)
TOO_OLD = "What was typed before the sign-in was not saved: it came too long ago."


class _Refusing:
    """A form that was refused is answered with 400, and one that came too often with 429."""

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        codes = [error.code for error in form.non_field_errors().as_data()]
        too_often = "too_many_login_attempts" in codes
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS if too_often else HTTPStatus.BAD_REQUEST
        return response


class SignInView(_Refusing, allauth_views.LoginView):  # type: ignore[misc]
    """What was sent when somebody was signed out already comes along, and is shown when they are in."""

    form_class = SignInForm

    # `as_view` looks here, and not at the one below, for who may come.
    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, Person) and request.method == "POST":
            # They signed in meanwhile, in another tab.
            interrupted = open_interrupted(request.POST.get(FIELD, ""))
            if interrupted is not None and interrupted.is_for(request.user):
                return ask_to_send_again(request, interrupted)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        person = self.request.user
        if not isinstance(person, Person):
            return answer
        sealed = self.request.POST.get(FIELD, "")
        interrupted = open_interrupted(sealed)
        if interrupted is not None and interrupted.is_for(person):
            answer = ask_to_send_again(self.request, interrupted)
        elif interrupted is not None:
            messages.warning(self.request, SOMEBODY_ELSES)
        elif sealed:
            messages.warning(self.request, TOO_OLD)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sealed = self.request.POST.get(FIELD, "")
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {FIELD: sealed, "was_interrupted": bool(sealed)}


class InactiveView(allauth_views.AccountInactiveView):  # type: ignore[misc]
    """Where someone is led who knows their password, but is deactivated."""


class SignOutView(allauth_views.LogoutView):  # type: ignore[misc]
    """Signs out by POST; a GET asks first."""


class PasswordChangeView(_Refusing, allauth_views.PasswordChangeView):  # type: ignore[misc]
    form_class = PasswordChangeForm


class ForgottenPasswordView(_Refusing, allauth_views.PasswordResetView):  # type: ignore[misc]
    form_class = ForgottenPasswordForm


class ResetSentView(allauth_views.PasswordResetDoneView):  # type: ignore[misc]
    """Says the same whether the address is known or not."""


@method_decorator(never_cache, name="dispatch")
class NewPasswordView(_Refusing, allauth_views.PasswordResetFromKeyView):  # type: ignore[misc]
    form_class = NewPasswordForm


@method_decorator(login_not_required, name="dispatch")
class NewPasswordSetView(allauth_views.PasswordResetFromKeyDoneView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The message of success is shown on the sign-in page, where one goes next."""
        return redirect("account_login")
