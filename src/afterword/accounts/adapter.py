"""How allauth behaves in this house."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.urls import reverse

from afterword.accounts import mails, writes
from afterword.accounts.models import Person

RATES = "allauth.account"
ANYWHERE = "login_failed_anywhere"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are added by an administrator; nobody signs up by themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email address or the password is not right.",
        "too_many_login_attempts": "There were too many attempts. Please wait five minutes and try again.",
        "enter_current_password": "This is not your password.",
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try for its address from this caller, and for its address from all callers together.

        The first limit is strict and locks out nobody elsewhere; the second is wide, and there so that many
        callers do not guess together. Whoever it does lock out sets a new password by mail.
        """
        super().pre_authenticate(request, **credentials)
        usage = ratelimit.consume(
            request,
            app=RATES,
            action=ANYWHERE,
            key=super()._get_login_attempts_cache_key(request, **credentials),
        )
        if usage is None:
            raise self.validation_error("too_many_login_attempts")
        # Taken back with the others when the password is right.
        self._login_failed_rl_usage.usage += usage.usage

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        address: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{address}:{ratelimit.get_ip(request)}"

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        key = super()._get_login_attempts_cache_key(request, **credentials)
        ratelimit.clear(request, app=RATES, action=ANYWHERE, key=key)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Person, password: str) -> None:
        writes.change_password(actor=user, password=password)
        # Whoever forgot a password has tried a few before. allauth forgets those tries only for people
        # with rows in its table of addresses, and ours have none.
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def get_reset_password_from_key_url(self, key: str) -> str:
        return mails.password_link(key)

    def send_password_reset_mail(self, user: Person, email: str, context: dict[str, Any]) -> None:
        mails.send_password_reset(user, link=context["password_reset_url"])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")
