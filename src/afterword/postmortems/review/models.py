from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.lib import clock, ids

APPROVALS_MAX = 9
NOTE_LENGTH_MAX = 4_000
REMIND_DAYS_MAX = 90


class Verdict(models.TextChoices):
    """What a reviewer says of one revision."""

    APPROVED = "approved", "Approved"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"


class ReviewPolicy(models.Model):
    """What a team, or one service, asks of a review. What the organisation asks where neither says anything
    is in `review.rules`."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.OneToOneField(Team, on_delete=models.CASCADE, null=True, related_name="review_policy")
    service = models.OneToOneField(Service, on_delete=models.CASCADE, null=True, related_name="review_policy")
    approvals_min = models.PositiveSmallIntegerField(default=1)
    """How many people must approve a revision before it may be published."""
    approvers = models.ManyToManyField(Person, related_name="+")
    """People who must be among those who approve."""
    may_approve_own = models.BooleanField(default=False)
    """Whether the author's approval counts."""
    wants_tickets = models.BooleanField(default=False, db_default=False)
    """Whether each follow-up of the priority P1 needs a ticket before the post-mortem is published."""
    remind_every_days = models.PositiveSmallIntegerField(null=True, default=2)
    """Days after which a reviewer who has said nothing is reminded, again and again; null for never."""
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False, service__isnull=True)
                | Q(team__isnull=True, service__isnull=False),
                name="review_policy_of_a_team_or_a_service",
            ),
            models.CheckConstraint(
                condition=Q(approvals_min__lte=APPROVALS_MAX), name="review_policy_asks_for_few"
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.team or self.service}"


class ReviewRequest(models.Model):
    """Somebody who is asked to review a post-mortem."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="review_requests"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="review_requests")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    next_reminder_at = models.DateTimeField(null=True)
    again_since = models.DateTimeField(null=True)
    """Since when what was edited after its publication waits for another look; null when nothing does."""

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "person"], name="reviewer_is_asked_once")
        ]
        indexes = [
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False),
                name="review_to_remind_of",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} reviews {self.postmortem_id}"


class Review(models.Model):
    """What somebody said of one revision. A later one of the same person stands in its place."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey("postmortems.Postmortem", on_delete=models.CASCADE, related_name="reviews")
    revision = models.ForeignKey("postmortems.Revision", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    note = models.TextField(max_length=NOTE_LENGTH_MAX, blank=True)
    at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    """When the person took it back, or said something else."""

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="review_verdict_is_known"),
            models.UniqueConstraint(
                fields=["postmortem", "person"],
                condition=Q(withdrawn_at__isnull=True),
                name="review_stands_once_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.person}"
