"""What a team means to do about an incident: how urgent it is, how fast to answer, whom to call."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from afterword.accounts.models import Person, Team
from afterword.catalog.models.limits import COLOUR_LENGTH_MAX, NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.models.on_call import OnCallSchedule
from afterword.lib import clock, ids

DEFAULT_COLOUR = "#6b7280"
is_colour = RegexValidator(r"\A#[0-9a-f]{6}\Z", "Please give a colour as in #1f2937.")


class Priority(models.Model):
    """How urgent an incident is, in the words of a team: P1 to P5."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="priorities")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    description = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    colour = models.CharField(max_length=COLOUR_LENGTH_MAX, default=DEFAULT_COLOUR, validators=[is_colour])
    rank = models.PositiveSmallIntegerField(default=0)
    """The lowest stands first: the most urgent."""
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)
    """Since when it is no longer offered. What has it keeps it; the same for the other classes here."""

    class Meta:
        ordering = ["rank", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="priority_name_is_unique_in_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that incidents are found by."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    colour = models.CharField(max_length=COLOUR_LENGTH_MAX, default=DEFAULT_COLOUR, validators=[is_colour])
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="tag_name_is_unique_in_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Sla(models.Model):
    """How long a team allows itself to acknowledge an incident and to resolve it."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="slas")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    description = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    is_active = models.BooleanField(default=True)
    """An inactive one is ignored when an alert asks for it."""
    acknowledge_minutes = models.PositiveIntegerField(null=True)
    """From the incident's creation. Null: no promise."""
    resolve_minutes = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "SLA"
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="sla_name_is_unique_in_team",
            ),
            models.CheckConstraint(
                condition=Q(acknowledge_minutes__isnull=False) | Q(resolve_minutes__isnull=False),
                name="sla_promises_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EscalationPolicy(models.Model):
    """Whom to call, and whom next when nobody answers."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="escalation_policies")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    repeats = models.PositiveSmallIntegerField(default=0)
    """How often it begins again after its last level."""
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "escalation policies"
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="escalation_policy_name_is_unique_in_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class EscalationLevel(models.Model):
    """One step of an escalation policy: after how long, and whom."""

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="levels")
    position = models.PositiveSmallIntegerField()
    """From 1."""
    delay_minutes = models.PositiveIntegerField(default=0)
    """After the incident was opened, or after the level before it."""
    takes_turns = models.BooleanField(default=False, db_default=False)
    """Round robin: it calls one of its people at a time, each time the next one."""

    class Meta:
        ordering = ["policy", "position"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "position"], name="escalation_level_has_its_place")
        ]

    def __str__(self) -> str:
        return f"Level {self.position}"


class EscalationTarget(models.Model):
    """A person, everyone in a team, or who is on call in a schedule, called at a level."""

    level = models.ForeignKey(EscalationLevel, on_delete=models.CASCADE, related_name="targets")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    schedule = models.ForeignKey(OnCallSchedule, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["level", "id"]
        constraints = [
            models.UniqueConstraint(fields=["level", "person"], name="escalation_target_person_once"),
            models.UniqueConstraint(fields=["level", "team"], name="escalation_target_team_once"),
            models.UniqueConstraint(fields=["level", "schedule"], name="escalation_target_schedule_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True, schedule__isnull=True)
                | Q(person__isnull=True, team__isnull=False, schedule__isnull=True)
                | Q(person__isnull=True, team__isnull=True, schedule__isnull=False),
                name="escalation_target_is_one_of_three",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.team or self.schedule)


class Meaning(models.TextChoices):
    """Which of the roles that every organisation begins with a role is, whatever it is called now."""

    LEAD = "lead", "Lead"
    REPORTER = "reporter", "Reporter"
    PARTICIPANT = "participant", "Active participant"
    OBSERVER = "observer", "Observer"


class IncidentRole(models.Model):
    """What a person does in one incident, as in incident lead. Of the organisation."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    description = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    """The lowest stands first."""
    is_single = models.BooleanField(default=False, db_default=False)
    """One person has it at a time: who gets it takes it over from who had it."""
    meaning = models.CharField(max_length=16, choices=Meaning.choices, blank=True, default="", db_default="")
    """Empty for a role of the organisation's own."""
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at__isnull=True), name="incident_role_name_is_unique"
            ),
            models.UniqueConstraint(
                fields=["meaning"], condition=~Q(meaning=""), name="incident_role_means_it_alone"
            ),
            models.CheckConstraint(
                condition=Q(meaning__in=["", *Meaning.values]), name="incident_role_meaning_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
