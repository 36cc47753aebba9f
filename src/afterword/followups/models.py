from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from afterword.accounts.models import Person, Team
from afterword.followups import rules
from afterword.incidents.models import Incident
from afterword.lib import clock, ids
from afterword.postmortems.models import Postmortem

TITLE_LENGTH_MAX = 300
DESCRIPTION_LENGTH_MAX = 20_000
TICKET_LENGTH_MAX = 500


class FollowUpPriority(models.TextChoices):
    P1 = "P1", "P1: this week"
    P2 = "P2", "P2: this month"
    P3 = "P3", "P3: next month"
    P4 = "P4", "P4: this quarter"


class FollowUpStatus(models.TextChoices):
    OPEN = "open", "Open"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETED = "completed", "Completed"


class FollowUp(models.Model):
    """An action item of an incident, or of a team alone: what, by whom, until when."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="follow_ups")
    of_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    """Of one that belongs to no incident; programs make them. Any other is of its incident's team."""
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    description = models.TextField(max_length=DESCRIPTION_LENGTH_MAX, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="follow_ups")
    due_on = models.DateField(null=True)
    priority = models.CharField(max_length=2, choices=FollowUpPriority.choices, default=FollowUpPriority.P3)
    status = models.CharField(max_length=16, choices=FollowUpStatus.choices, default=FollowUpStatus.OPEN)
    ticket = models.CharField(max_length=TICKET_LENGTH_MAX, blank=True, db_default="")
    """Where it stands in another system: an address that begins with http:// or https://, or its number."""
    created_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        # The databases disagree about where an unknown date stands unless it is said.
        ordering = ["priority", F("due_on").asc(nulls_last=True), "id"]
        indexes = [
            # The order above, for PostgreSQL, where nothing comes last by itself.
            models.Index(fields=["priority", "due_on", "id"], name="follow_up_in_order"),
            models.Index(
                fields=["owner", "priority"],
                condition=~Q(status=FollowUpStatus.COMPLETED),
                name="follow_up_open_of_owner",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(priority__in=FollowUpPriority.values), name="follow_up_priority_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=FollowUpStatus.COMPLETED, completed_at__isnull=False)
                | (~Q(status=FollowUpStatus.COMPLETED) & Q(completed_at__isnull=True)),
                name="follow_up_completed_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False, of_team__isnull=True)
                | Q(incident__isnull=True, of_team__isnull=False),
                name="follow_up_is_of_an_incident_or_a_team",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def team(self) -> Team:
        """Whose it is."""
        team = self.incident.service.team if self.incident is not None else self.of_team
        assert team is not None, "follow_up_is_of_an_incident_or_a_team"
        return team

    @property
    def ticket_name(self) -> str:
        """What its ticket is called in a line; nothing without one."""
        return rules.name_ticket(self.ticket)

    @property
    def ticket_address(self) -> str:
        """Where its ticket is read; nothing where only its number is known."""
        return self.ticket if rules.is_address(self.ticket) else ""


class DocumentFollowUp(models.Model):
    """A decision about a follow-up in a post-mortem, where it is another than usual.

    Usual is that the follow-ups of its incidents are shown and no others.
    """

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="+", db_index=False)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="in_documents")
    is_shown = models.BooleanField()
    """Taken in from elsewhere, or left out."""

    class Meta:
        verbose_name = "follow-up in a post-mortem"
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "follow_up"], name="document_follow_up_once")
        ]

    def __str__(self) -> str:
        return f"{self.follow_up} {'in' if self.is_shown else 'left out of'} {self.postmortem_id}"
