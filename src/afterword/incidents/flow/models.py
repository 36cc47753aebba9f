from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentRole
from afterword.lib import clock, ids

if TYPE_CHECKING:
    from afterword.incidents.models import Incident

FLOW_NAME_LENGTH_MAX = 100
TASK_TITLE_LENGTH_MAX = 300
TASK_HELP_LENGTH_MAX = 2_000
REASON_LENGTH_MAX = 1_000
PLACE_LENGTH_MAX = 500


class TaskKind(models.TextChoices):
    """What a task of the flow is about. The first ones know when they are done."""

    KEY_FIELDS = "key_fields", "Set the key fields"
    TIMELINE = "timeline", "Review the timeline"
    DRAFT = "draft", "Draft the post-mortem"
    DEBRIEF = "debrief", "Hold a debrief"
    EXPORT = "export", "Export the post-mortem"
    SHARE = "share", "Share what was learned"
    FOLLOW_UPS = "follow_ups", "Review the follow-ups"
    FREE = "free", "Something else"


class OwnerRule(models.TextChoices):
    """Who owns a task when the flow begins."""

    NOBODY = "nobody", "Nobody yet"
    ROLE = "role", "Who has a role in the incident"
    REPORTER = "reporter", "Who reported it by hand"
    MANAGER = "manager", "A manager of the service's team"
    PERSON = "person", "Always the same person"


class TaskState(models.TextChoices):
    OPEN = "open", "To do"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Not doing"


class Flow(models.Model):
    """Which incidents are looked back on, and how. The organisation has some; the first that fits counts."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=FLOW_NAME_LENGTH_MAX)
    rank = models.PositiveSmallIntegerField(default=0)
    """The lowest is asked first."""
    is_enabled = models.BooleanField(default=True)
    conditions = models.JSONField(default=dict)
    """By the name of a fact: the values of which it must have one, or the least number. All must hold."""
    weekdays = models.CharField(max_length=7, default="12345")
    """The working days as ISO counts them: 1 is Monday."""
    closes_itself = models.BooleanField(default=True)
    """Whether the incident is closed with the last required task, or by hand."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="flow_name_is_unique")]

    def __str__(self) -> str:
        return self.name


class FlowStep(models.Model):
    """A task that every incident of a flow gets."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    flow = models.ForeignKey(Flow, on_delete=models.CASCADE, related_name="steps")
    rank = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=TaskKind.choices)
    title = models.CharField(max_length=TASK_TITLE_LENGTH_MAX)
    help_text = models.TextField(max_length=TASK_HELP_LENGTH_MAX, blank=True)
    owner_rule = models.CharField(max_length=16, choices=OwnerRule.choices, default=OwnerRule.NOBODY)
    owner_role = models.ForeignKey(IncidentRole, on_delete=models.PROTECT, null=True, related_name="+")
    owner_person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    due_days = models.PositiveSmallIntegerField(null=True)
    """Working days after the resolution; null for a task that is never due."""
    is_required = models.BooleanField(default=True)
    remind_before_days = models.PositiveSmallIntegerField(null=True)
    """Working days before it is due that the first reminder goes out; null for no reminders at all."""
    remind_every_days = models.PositiveSmallIntegerField(null=True)
    """Working days from one reminder to the next; null for only one."""

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="flow_step_kind_is_known"),
            models.CheckConstraint(
                condition=Q(owner_rule__in=OwnerRule.values), name="flow_step_owner_rule_is_known"
            ),
            models.CheckConstraint(
                condition=Q(remind_every_days__isnull=True) | Q(remind_every_days__gte=1),
                name="flow_step_reminds_days_apart",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class FlowRun(models.Model):
    """The flow of one incident. An incident has one at most, however often it is resolved."""

    incident: models.OneToOneField[Incident, Incident] = models.OneToOneField(
        "incidents.Incident", on_delete=models.CASCADE, related_name="flow_run"
    )
    flow = models.ForeignKey(Flow, on_delete=models.SET_NULL, null=True, related_name="runs")
    """Null where it was begun by hand without one, or where the flow is gone."""
    flow_name = models.CharField(max_length=FLOW_NAME_LENGTH_MAX, blank=True)
    weekdays = models.CharField(max_length=7, default="12345")
    closes_itself = models.BooleanField(default=True)
    started_at = models.DateTimeField()
    resolved_on = models.DateField()
    """The day of the resolution where the organisation is. What is due is counted from it."""
    paused_at = models.DateTimeField(null=True)
    """Since when the incident is open again."""
    closed_at = models.DateTimeField(null=True)
    """As of the incident; here too, so that the few flows that go on are found among all that ended."""

    class Meta:
        indexes = [
            models.Index(
                fields=["incident"],
                condition=Q(closed_at__isnull=True, paused_at__isnull=True),
                name="flow_run_going_on",
            )
        ]

    def __str__(self) -> str:
        return f"Flow of incident {self.incident_id}"


class FlowTask(models.Model):
    """Something to be done after one incident."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    run = models.ForeignKey(FlowRun, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    step = models.ForeignKey(FlowStep, on_delete=models.SET_NULL, null=True, related_name="+")
    """What it was made from; null for what was added to this incident alone."""
    rank = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=TaskKind.choices, default=TaskKind.FREE)
    title = models.CharField(max_length=TASK_TITLE_LENGTH_MAX)
    help_text = models.TextField(max_length=TASK_HELP_LENGTH_MAX, blank=True)
    is_required = models.BooleanField(default=True)
    owner = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="flow_tasks", db_index=False
    )
    waits_for_role = models.ForeignKey(IncidentRole, on_delete=models.SET_NULL, null=True, related_name="+")
    """Whoever gets this role next owns the task; as long as nobody was chosen."""
    due_days = models.PositiveSmallIntegerField(null=True)
    """By which rule it is due; null where somebody chose the day."""
    due_on = models.DateField(null=True)
    """Until the end of this day where the organisation is."""
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    """Null for a task that ticked itself."""
    settled_name = models.CharField(max_length=200, blank=True)
    """Who it was, in words that outlive the account; or what it was that ticked it."""
    reason = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)
    """Why it is not done."""
    is_held = models.BooleanField(default=False)
    """Somebody took back what it had ticked itself: it leaves that to people from then on."""
    remind_before_days = models.PositiveSmallIntegerField(null=True)
    remind_every_days = models.PositiveSmallIntegerField(null=True)
    next_reminder_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    """How many there were."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["rank", "id"]
        indexes = [
            models.Index(fields=["run", "rank", "id"], name="flow_task_of_run"),
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(state="open", owner__isnull=False),
                name="flow_task_mine",
            ),
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(state="open", next_reminder_at__isnull=False),
                name="flow_task_to_remind",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step"], condition=Q(step__isnull=False), name="flow_task_once_per_step"
            ),
            models.CheckConstraint(condition=Q(kind__in=TaskKind.values), name="flow_task_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=TaskState.values), name="flow_task_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, settled_at__isnull=True)
                | (~Q(state=TaskState.OPEN) & Q(settled_at__isnull=False)),
                name="flow_task_settled_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.SKIPPED) | ~Q(reason=""), name="flow_task_skipped_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == TaskState.OPEN

    @property
    def ticked_itself(self) -> bool:
        return self.state == TaskState.DONE and self.settled_by_id is None


class Debrief(models.Model):
    """A meeting in which those who were there, and others, look back."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    task = models.OneToOneField(FlowTask, on_delete=models.CASCADE, related_name="debrief")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=PLACE_LENGTH_MAX, blank=True)
    """A room, or a link to a call."""
    facilitator = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    organiser = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    people = models.ManyToManyField(Person, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    """Grows with every change, so that a calendar knows which invitation is the newer one."""
    cancelled_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1), name="debrief_takes_time"),
        ]

    def __str__(self) -> str:
        return f"Debrief of {self.task.run}"
