"""What somebody sent when they were signed out: it comes along through the sign-in, and is sent again.

It travels in the page itself, signed and compressed, and is stored nowhere. Who had been signed in before in
this browser is told by a signed cookie: what they typed is shown to nobody else who signs in after them, and
where nobody knows who that was it does not come along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from afterword.accounts.models import Person

FIELD = "interrupted"
"""The input of the sign-in that holds it."""
KEPT_SECONDS_MAX = 12 * 60 * 60
KEPT_CHARACTERS_MAX = 3 * 1024 * 1024
"""As it travels: a request may have 4 MB."""
WORDS_SHOWN_MAX = 30
PERSON_COOKIE = "afterword_person"
PERSON_COOKIE_SECONDS = 180 * 24 * 60 * 60
SALT = "afterword.accounts.interrupted"
_NOT_KEPT = re.compile(r"^csrfmiddlewaretoken$|password|secret|token", re.IGNORECASE)
_NOT_FROM = ("account_login", "account_logout", "account_change_password", "account_reset_password", "setup")


@dataclass(frozen=True)
class Interrupted:
    """A form that was sent and not taken."""

    address: str
    """Where it was sent to."""
    back: str
    """The page on which it stood, as far as that is known."""
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    person: str
    """The unique id of who had been signed in last in this browser; empty where nobody knows: then it is not
    kept."""

    @property
    def words(self) -> list[str]:
        """What of it people type, for reading: what no program writes as one word, the longest first."""
        texts = (value.strip() for _, value in self.fields)
        # Not every language has spaces between its words.
        found = dict.fromkeys(text for text in texts if len(text.split()) > 1 or not text.isascii())
        return sorted(found, key=len, reverse=True)[:WORDS_SHOWN_MAX]

    @property
    def words_of_ours(self) -> list[str]:
        """The same of a form that stood on a page of ours: another site puts no words onto our sign-in."""
        return self.words if self.back else []

    def is_for(self, person: Person) -> bool:
        """Whether it may be shown to this person."""
        return self.person == str(person.unique_id)


def read_interrupted(request: HttpRequest) -> Interrupted | None:
    """What was typed into the form that was just sent; None where nothing was that could be lost."""
    if request.method != "POST" or request.path in [reverse(name) for name in _NOT_FROM]:
        return None
    fields = tuple(
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not _NOT_KEPT.search(name)
    )
    if not any(value.strip() for _, value in fields):
        return None
    return Interrupted(
        request.get_full_path(), _page_of(request), fields, bool(request.FILES), _last_person(request)
    )


def seal_interrupted(interrupted: Interrupted) -> str:
    """As it travels in a page; empty where it is too long for that, or nobody knows whose it is."""
    if not interrupted.person:
        return ""
    given = [
        interrupted.address,
        interrupted.back,
        interrupted.fields,
        interrupted.had_files,
        interrupted.person,
    ]
    sealed = signing.dumps(given, salt=SALT, compress=True)
    return sealed if len(sealed) <= KEPT_CHARACTERS_MAX else ""


def open_interrupted(sealed: str) -> Interrupted | None:
    """None for what is not ours, was changed on its way or is too old."""
    if not sealed or len(sealed) > KEPT_CHARACTERS_MAX:
        return None
    try:
        address, back, fields, had_files, person = signing.loads(sealed, salt=SALT, max_age=KEPT_SECONDS_MAX)
    except signing.BadSignature:
        return None
    return Interrupted(address, back, tuple((name, value) for name, value in fields), had_files, person)


def ask_to_send_again(request: HttpRequest, interrupted: Interrupted, *, status: int = 200) -> HttpResponse:
    """The page on which somebody who is signed in looks at what was not saved, and sends it."""
    context = {"interrupted": interrupted, "home": reverse(settings.LOGIN_REDIRECT_URL)}
    answer = render(request, "accounts/send_again.html", context, status=status)
    add_never_cache_headers(answer)
    return answer


def ask_to_sign_in(request: HttpRequest, interrupted: Interrupted, form: Any) -> HttpResponse:
    """The sign-in, through which it comes along. The words stand there too, for whoever sent them just now.

    Their browser does not keep the page that it leads back to: without the sign-in that has another answer.
    """
    context = {
        "form": form,
        "was_interrupted": True,
        "interrupted": seal_interrupted(interrupted),
        "back": interrupted.back,
        "words": interrupted.words_of_ours,
    }
    answer = render(request, "account/login.html", context, status=401)
    add_never_cache_headers(answer)
    return answer


def remember_person(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Have the browser of somebody who is signed in say later who that was. It signs nobody in.

    With any answer, so that it is known of sessions that began before, too; but not with one that others may
    be given out of a cache.
    """
    person = request.user
    if not isinstance(person, Person) or "public" in answer.get("Cache-Control", ""):
        return
    if _remembered_person(request) == str(person.unique_id):
        return
    answer.set_signed_cookie(
        PERSON_COOKIE,
        str(person.unique_id),
        salt=SALT,
        max_age=PERSON_COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _last_person(request: HttpRequest) -> str:
    if isinstance(request.user, Person):
        return str(request.user.unique_id)
    return _remembered_person(request)


def _remembered_person(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(PERSON_COOKIE, default="", salt=SALT))


def _page_of(request: HttpRequest) -> str:
    """Where the form stood: an address that takes a form shows no page, most often."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(came_from)
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A path that begins with two strokes would lead to another host.
    return page if url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""
