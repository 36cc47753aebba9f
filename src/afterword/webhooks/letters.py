"""The mail to administrators about an endpoint that was switched off."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from afterword.letters.models import Letter
from afterword.letters.writers import LetterText, register_writer
from afterword.webhooks.models import Endpoint
from afterword.webhooks.reads import find_switched_off
from afterword.webhooks.writes.deliveries import SWITCHED_OFF_LETTER


def register_writers() -> None:
    """In AppConfig.ready()."""
    register_writer(SWITCHED_OFF_LETTER, _write_switched_off)


def _write_switched_off(letter: Letter) -> LetterText | None:
    endpoint = find_switched_off(letter.about["endpoint"])
    if endpoint is None or not letter.person.is_admin:
        return None
    return LetterText(
        subject=f"The webhook to {endpoint} was switched off",
        template="webhooks/mail/switched_off",
        context={"endpoint": endpoint, "url": _url(endpoint)},
    )


def _url(endpoint: Endpoint) -> str:
    return settings.PUBLIC_URL + reverse("webhooks:endpoint", args=[endpoint.unique_id])
