"""How a program proves for whom it acts: `Authorization: Token KEY`, or `Bearer KEY`."""

from __future__ import annotations

from django.http import HttpRequest

from afterword.accounts import reads
from afterword.accounts.reads import Caller
from afterword.lib.errors import NotSignedIn

SCHEMES = ("token", "bearer")
READING_METHODS = ("GET", "HEAD", "OPTIONS")


class KeyAuth:
    """The `auth` of the API. Puts a Caller into `request.auth`.

    The scheme is taken in any letter case: Zenduty's Go client sends `token`, its Python client `Token`.
    Raises NotSignedIn without a usable key, NotAllowed when a reading key is used to write.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, *, only_reads: bool = False) -> None:
        """`only_reads` is for a POST that changes nothing: a key that can only read may make it."""
        self._only_reads = only_reads

    def __call__(self, request: HttpRequest) -> Caller:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            raise NotSignedIn
        caller = reads.find_caller(token.strip()) if scheme.lower() in SCHEMES else None
        if caller is None:
            raise NotSignedIn("Invalid token.")
        if request.method not in READING_METHODS and not self._only_reads:
            caller.require_write_scope()
        return caller


def caller_of(request: HttpRequest) -> Caller:
    """The Caller of a request that passed KeyAuth."""
    caller = getattr(request, "auth", None)
    assert isinstance(caller, Caller), "this endpoint is not behind KeyAuth"
    return caller
