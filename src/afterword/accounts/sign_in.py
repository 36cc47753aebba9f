"""Signing in and out, and passwords: allauth's views in our words and with our status codes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
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


class _Refusing:
    """A form that was refused is answered with 400, and one that came too often with 429."""

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        codes = [error.code for error in form.non_field_errors().as_data()]
        too_often = "too_many_login_attempts" in codes
        response.status_code = HTTPStatus.TOO_MANY_REQUESTS if too_often else HTTPStatus.BAD_REQUEST
        return response


class SignInView(_Refusing, allauth_views.LoginView):  # type: ignore[misc]
    form_class = SignInForm


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
