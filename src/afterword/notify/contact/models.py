from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids

LABEL_LENGTH_MAX = 80
TAIL_LENGTH_MAX = 8


class ContactKind(models.TextChoices):
    """By what a page goes to a person."""

    EMAIL = "email", "Email"
    APPRISE = "apprise", "Apprise URL"
    WEBHOOK = "webhook", "Webhook"


class ContactMethod(models.Model):
    """One way to reach a person. Everyone has one by email, to the address with which they sign in."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_methods")
    kind = models.CharField(max_length=16, choices=ContactKind.choices)
    label = models.CharField(max_length=LABEL_LENGTH_MAX)
    sealed_address = models.TextField(blank=True)
    """The URL, encrypted; empty for email."""
    sealed_secret = models.TextField(blank=True)
    """What a webhook's requests are signed with, encrypted."""
    tail = models.CharField(max_length=TAIL_LENGTH_MAX, blank=True)
    """The last characters of the address, by which its owner knows it."""
    scheme = models.CharField(max_length=40, blank=True)
    """The service of an Apprise URL, as in `ntfy`."""
    position = models.PositiveSmallIntegerField(default=1)
    delay_minutes = models.PositiveSmallIntegerField(default=0)
    """How long after the page began it is used, if the incident is not acknowledged by then."""
    quiet_from = models.TimeField(null=True)
    """In the person's time zone; the same for `quiet_until`."""
    quiet_until = models.TimeField(null=True)
    breaks_quiet = models.BooleanField(default=True)
    """Whether a critical page comes through in the quiet hours."""
    verified_at = models.DateTimeField(null=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="email"), name="contact_method_one_email"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ContactKind.values), name="contact_method_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="contact_method_quiet_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(ContactKind(self.kind).label)

    @property
    def masked(self) -> str:
        """As much of the address as may be shown."""
        if self.kind == ContactKind.EMAIL:
            return self.person.email
        return f"{self.scheme}://…{self.tail}"
