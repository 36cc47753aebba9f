"""The link by which a page is answered without signing in: signed, for one page, for some hours."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from afterword.notify.paging.models import Page

LINK_HOURS_MAX = 24
TOKEN_CHARACTERS_MAX = 200
_SIGNER = signing.TimestampSigner(salt="afterword.notify.paging.links", sep=".")


def link_to_answer(page: Page) -> str:
    """The whole address, for whoever was paged and for nobody else."""
    return settings.PUBLIC_URL + reverse("notify:answer", args=[write_token(page)])


def write_token(page: Page) -> str:
    """What stands for a page in an address. Only its page's id is in it."""
    return _SIGNER.sign(page.unique_id.hex)


def read_token(token: str) -> uuid.UUID | None:
    """The id of the page that a token stands for; None when it is not ours, or too old."""
    if len(token) > TOKEN_CHARACTERS_MAX or "\0" in token:
        return None
    try:
        return uuid.UUID(_SIGNER.unsign(token, max_age=timedelta(hours=LINK_HOURS_MAX)))
    except (signing.BadSignature, ValueError):
        return None
