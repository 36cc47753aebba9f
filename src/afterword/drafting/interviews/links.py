"""The link by which a question is answered without signing in: signed, for one person, for some days."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from afterword.drafting.interviews.models import Interview

LINK_DAYS_MAX = 14
TOKEN_CHARACTERS_MAX = 200
_SIGNER = signing.TimestampSigner(salt="afterword.drafting.interviews.links", sep=".")


def link_to_answer(interview: Interview) -> str:
    """The whole address, for whoever is asked and for nobody else. It works for `LINK_DAYS_MAX` from now."""
    path: str = reverse("drafting:answer_by_link", args=[write_token(interview)])
    return f"{settings.PUBLIC_URL}{path}"


def write_token(interview: Interview) -> str:
    """What stands for one question to one person in an address. Only its id is in it."""
    return _SIGNER.sign(interview.unique_id.hex)


def read_token(token: str) -> uuid.UUID | None:
    """The id of the interview that a token stands for; None when it is not ours, or too old."""
    if len(token) > TOKEN_CHARACTERS_MAX or "\0" in token:
        return None
    try:
        return uuid.UUID(_SIGNER.unsign(token, max_age=timedelta(days=LINK_DAYS_MAX)))
    except (signing.BadSignature, ValueError):
        return None
