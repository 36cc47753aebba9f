from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.catalog.models import EscalationPolicy
from afterword.incidents.models import Incident
from afterword.lib import clock, ids
from afterword.notify.contact.models import LABEL_LENGTH_MAX, ContactKind, ContactMethod


class Ending(models.TextChoices):
    """Why an escalation calls nobody any more."""

    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"
    EXHAUSTED = "exhausted", "Nobody left to call"
    REPLACED = "replaced", "Another policy was chosen"


class Escalation(models.Model):
    """An incident on its way through an escalation policy. The worker takes its next step at `next_at`."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="escalations")
    policy = models.ForeignKey(EscalationPolicy, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    """Who asked for it; null: the incident's policy did."""
    started_at = models.DateTimeField(default=clock.now)
    level = models.PositiveSmallIntegerField(default=1)
    """The one that is called next, from 1; the same for `round`."""
    round = models.PositiveSmallIntegerField(default=1)
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=16, choices=Ending.choices, blank=True)

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(ended_at__isnull=True), name="escalation_due")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(ended_at__isnull=True), name="escalation_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | Q(ended_at__isnull=False, ending__in=Ending.values),
                name="escalation_ends_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} for {self.incident}"


class Page(models.Model):
    """That a person was called about an incident: at a level of an escalation, or by somebody."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="pages")
    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, null=True, related_name="pages")
    """Null: somebody paged this person by hand."""
    round = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    in_turn = models.BooleanField(default=False)
    """Chosen by round robin among the people of the level."""
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pages")
    paged_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    is_critical = models.BooleanField(default=False)
    """It comes through in quiet hours, where its person wants that."""
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    """When its person acknowledged the incident by the link in it."""

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["incident", "at", "id"], name="page_of_incident")]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "escalation", "round", "level", "person"],
                condition=Q(escalation__isnull=False),
                name="page_once_per_step_and_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} about {self.incident}"


class PageState(models.TextChoices):
    """How far a page has come by one contact method."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "Not needed"


class PageDelivery(models.Model):
    """A page on its way by one contact method."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="deliveries")
    method = models.ForeignKey(ContactMethod, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=16, choices=ContactKind.choices)
    label = models.CharField(max_length=LABEL_LENGTH_MAX)
    state = models.CharField(max_length=16, choices=PageState.choices, default=PageState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    is_quiet = models.BooleanField(default=False)
    """It waits for the end of the quiet hours."""
    handed_over_at = models.DateTimeField(null=True)
    """Since when the other side may have it. One that still waits then was cut off in the middle."""
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["page", "id"]
        verbose_name_plural = "page deliveries"
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="page_delivery_due")
        ]
        constraints = [
            models.UniqueConstraint(fields=["page", "method"], name="page_delivery_once_per_method"),
            models.CheckConstraint(
                condition=Q(state__in=PageState.values), name="page_delivery_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} by {self.label}"


class PageAttempt(models.Model):
    """One try to deliver a page, and what came of it."""

    delivery = models.ForeignKey(PageDelivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    error = models.TextField(blank=True)
    """Why it failed; empty: it was sent."""

    class Meta:
        ordering = ["delivery", "number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="page_attempt_has_its_number")
        ]

    def __str__(self) -> str:
        return f"{self.delivery}, {self.number}"
