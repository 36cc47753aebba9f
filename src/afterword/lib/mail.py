"""What all mails of ours have in common."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings


def mail_host() -> str:
    """Where our mails are at home: the right side of the sender's address, and of our Message-IDs."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    try:
        return host.encode("idna").decode("ascii") or "localhost"
    except UnicodeError:
        return "localhost"
