from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from afterword.accounts.models import Person
from afterword.catalog.models import (
    EscalationPolicy,
    IncidentRole,
    IncidentType,
    Integration,
    Priority,
    Service,
    Severity,
    Sla,
    Tag,
)
from afterword.documents import read_line
from afterword.lib import clock, ids

TITLE_LENGTH_MAX = 300
SUMMARY_LENGTH_MAX = 20_000
ENTITY_ID_LENGTH_MAX = 255
ENTRY_TEXT_LENGTH_MAX = 20_000
ENTRY_SOURCE_LENGTH_MAX = 100
GROUP_KEY_LENGTH_MAX = 255
CHANGE_TITLE_LENGTH_MAX = 300
CHANGE_WORD_LENGTH_MAX = 200
"""Versions, authors, environments."""
MESSAGE_SUBJECT_LENGTH_MAX = 300
MESSAGE_BODY_LENGTH_MAX = 20_000
EMAIL_LENGTH_MAX = 254


class IncidentStatus(models.TextChoices):
    TRIGGERED = "triggered", "Triggered"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"
    MERGED = "merged", "Merged"
    """Into another one, which is the one to answer; it has an end, the moment of the merge."""


ENDED = (IncidentStatus.RESOLVED, IncidentStatus.MERGED)


class AlertType(models.TextChoices):
    """What an alert says. The first three open an incident or add to it."""

    CRITICAL = "critical", "Critical"
    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
    INFO = "info", "Info"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"


class EntryKind(models.TextChoices):
    """What kind of thing a line of the timeline tells."""

    ALERT = "alert", "Alert"
    STATUS = "status", "Status"
    NOTE = "note", "Note"
    EDIT = "edit", "Edit"
    ASSIGNMENT = "assignment", "Assignment"
    MESSAGE = "message", "Message"
    SLA = "sla", "SLA"
    PAGE = "page", "Page"
    CHAT = "chat", "Chat message"


class EntryMark(models.TextChoices):
    """What a line of the timeline stands for in the story."""

    DETECTION = "detection", "Detection"
    DIAGNOSIS = "diagnosis", "Diagnosis"
    MITIGATION = "mitigation", "Mitigation"
    DECISION = "decision", "Key decision"
    IMPACT = "impact", "Impact change"


class ChangeKind(models.TextChoices):
    """What was changed."""

    DEPLOY = "deploy", "Deploy"
    CONFIGURATION = "configuration", "Configuration"
    OTHER = "other", "Other"


class DeliveryState(models.TextChoices):
    """How far a message has come to one recipient."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


RESOLVE_IS_OWED = Q(resolve_due_at__isnull=False, resolve_breached_at__isnull=True) & (
    Q(resolved_at__isnull=True) | Q(resolved_at__gt=F("resolve_due_at"))
)
"""A promise to resolve that is not kept yet, or was not, and of which the timeline says nothing."""
ACKNOWLEDGE_IS_OWED = (
    Q(acknowledge_due_at__isnull=False, acknowledge_breached_at__isnull=True)
    & (Q(acknowledged_at__isnull=True) | Q(acknowledged_at__gt=F("acknowledge_due_at")))
    & (Q(resolved_at__isnull=True) | Q(resolved_at__gt=F("acknowledge_due_at")))
)
"""The same for the acknowledgement; who resolves in time has looked after it."""


class Incident(models.Model):
    """Alerts about the same entity, until resolved; or something that a person reported."""

    unique_id = models.CharField(max_length=22, default=ids.new_short_id, unique=True, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="incidents")
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, related_name="incidents"
    )
    """Where the alert that opened it came in; null when a person reported it."""
    entity_id = models.CharField(max_length=ENTITY_ID_LENGTH_MAX)
    """What that alert was about. All that joined it: `IncidentEntity`."""
    group_key = models.CharField(max_length=GROUP_KEY_LENGTH_MAX, blank=True)
    """Given by an alert rule: alerts with the same key join it within the rule's window."""
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, related_name="incidents")
    sla = models.ForeignKey(Sla, on_delete=models.PROTECT, null=True, related_name="incidents")
    escalation_policy = models.ForeignKey(
        EscalationPolicy, on_delete=models.PROTECT, null=True, related_name="incidents"
    )
    tags = models.ManyToManyField(Tag, related_name="incidents")
    # Their indexes below hold those that have one: the fold writes neither.
    severity = models.ForeignKey(
        Severity, on_delete=models.PROTECT, null=True, related_name="incidents", db_index=False
    )
    incident_type = models.ForeignKey(
        IncidentType, on_delete=models.PROTECT, null=True, related_name="incidents", db_index=False
    )
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    status = models.CharField(max_length=16, choices=IncidentStatus.choices, default=IncidentStatus.TRIGGERED)
    created_at = models.DateTimeField(default=clock.now)
    impact_started_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    identified_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_alert_at = models.DateTimeField(null=True)
    """When it was last heard of by an alert: a service may resolve it after some silence."""
    acknowledge_due_at = models.DateTimeField(null=True)
    """What its SLA promised when the incident got it; the same for the next one."""
    resolve_due_at = models.DateTimeField(null=True)
    acknowledge_breached_at = models.DateTimeField(null=True)
    """When the broken promise was noticed and written into the timeline."""
    resolve_breached_at = models.DateTimeField(null=True)
    version = models.PositiveBigIntegerField(default=0, db_default=0)
    """Another with every change that its page shows: who watches the page asks for this number alone."""
    is_private = models.BooleanField(default=False, db_default=False)
    """Its members see it, and nobody else: see `privacy.reads`, with which every read begins."""
    # Its index below holds those that have one.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False
    )
    merges = models.PositiveIntegerField(default=0, db_default=0)
    """How often it was merged, merged with or taken apart. With 0 there is nothing to look up."""

    class Meta:
        ordering = ["-number"]
        # Each serves one way to narrow the list, in the order in which the list is shown.
        indexes = [
            models.Index(fields=["status", "-number"], name="incident_by_status"),
            models.Index(fields=["service", "-number"], name="incident_by_service"),
            models.Index(fields=["-number"], condition=Q(resolved_at__isnull=True), name="incident_open"),
            models.Index(
                fields=["service", "-created_at"],
                condition=Q(resolved_at__isnull=True),
                name="incident_open_of_service",
            ),
            # What was done too late counts as well as what was not done: a timer may have slept meanwhile.
            models.Index(
                fields=["acknowledge_due_at"], condition=ACKNOWLEDGE_IS_OWED, name="incident_to_acknowledge"
            ),
            models.Index(fields=["resolve_due_at"], condition=RESOLVE_IS_OWED, name="incident_to_resolve"),
            models.Index(fields=["id"], condition=Q(is_private=True), name="incident_private"),
            models.Index(
                fields=["severity", "-number"],
                condition=Q(severity__isnull=False),
                name="incident_by_severity",
            ),
            models.Index(
                fields=["incident_type", "-number"],
                condition=Q(incident_type__isnull=False),
                name="incident_by_type",
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="incident_merged"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=IncidentStatus.values), name="incident_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, resolved_at__isnull=False)
                | (~Q(status__in=ENDED) & Q(resolved_at__isnull=True)),
                name="incident_resolved_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(status=IncidentStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=IncidentStatus.MERGED) & Q(merged_into__isnull=True)),
                name="incident_merged_has_its_target",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True)
                | Q(resolved_at__gte=Coalesce(F("impact_started_at"), F("created_at"))),
                name="incident_resolved_after_started",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def is_merged(self) -> bool:
        return self.merged_into_id is not None

    @property
    def shown_status(self) -> str:
        """Its status, or `closed` once it is; programs that know no closing read `status`."""
        return "closed" if self.closed_at is not None else self.status

    @property
    def started_at(self) -> datetime:
        """When it began: the start of the impact where that is known, else when we first heard of it."""
        return self.impact_started_at or self.created_at


class IncidentEntity(models.Model):
    """One of the things that the alerts of an incident are about. Most incidents have one."""

    # Indexes and constraints below begin with each of the two.
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="entities", db_index=False)
    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="+", db_index=False)
    entity_id = models.CharField(max_length=ENTITY_ID_LENGTH_MAX)
    joined_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    """When this one was resolved. The incident is when all are, or when a person resolves it."""
    origin = models.PositiveBigIntegerField(default=0, db_default=0)
    """The key of the incident that was merged into this one and brought it along; 0: it is this one's own."""

    class Meta:
        verbose_name_plural = "incident entities"
        indexes = [
            models.Index(fields=["integration", "entity_id", "-resolved_at"], name="incident_entity_latest")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "entity_id"],
                condition=Q(resolved_at__isnull=True),
                name="incident_entity_open_once",
            ),
            # Two that are merged may both have had the same one.
            models.UniqueConstraint(
                fields=["incident", "integration", "entity_id", "origin"], name="incident_entity_joins_once"
            ),
        ]

    def __str__(self) -> str:
        return self.entity_id


class RoleAssignment(models.Model):
    """Who has a role in an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.ForeignKey(IncidentRole, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    assigned_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["role__rank", "role__name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "role", "person"], name="role_assignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.person}"


class Alert(models.Model):
    """A signal after it was read: what a monitoring system said, once."""

    unique_id = models.CharField(max_length=22, default=ids.new_short_id, editable=False)
    """Unique by a constraint: with `unique=True` PostgreSQL would keep a second index, for LIKE."""
    trace_id = models.UUIDField(unique=True)
    # Without indexes of their own: each index costs every alert, and those below begin with them. Without
    # constraints of the database: PostgreSQL would look up each row's parent, a quarter of what the fold
    # costs. The fold holds the parents of a whole batch instead, and Django minds deletions.
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, related_name="alerts", db_index=False, db_constraint=False
    )
    incident = models.ForeignKey(
        Incident,
        on_delete=models.PROTECT,
        null=True,
        related_name="alerts",
        db_index=False,
        db_constraint=False,
    )
    """Null for what belongs to no incident: information, or a resolution of nothing that is open."""
    alert_type = models.CharField(max_length=16, choices=AlertType.choices)
    entity_id = models.CharField(max_length=ENTITY_ID_LENGTH_MAX)
    message = models.TextField()
    summary = models.TextField(blank=True)
    payload = models.JSONField(null=True)
    urls = models.JSONField(default=list)
    images = models.JSONField(default=list)
    """As `[{"src", "href", "alt"}]`."""
    remarks = models.JSONField(default=list)
    """Texts: what of it was ignored and why, which rules changed it."""
    suppressed = models.BooleanField(default=False)
    opened_incident = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["incident", "received_at", "id"], name="alert_of_incident"),
            models.Index(fields=["integration", "-id"], name="alert_of_integration"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unique_id"], name="alert_unique_id"),
            models.CheckConstraint(condition=Q(alert_type__in=AlertType.values), name="alert_type_is_known"),
        ]

    def __str__(self) -> str:
        return self.message[:100]


class EntryQuerySet(models.QuerySet["Entry"]):
    """New lines are a new version of their incidents."""

    def bulk_create(self, objs: Iterable[Entry], *args: Any, **settings: Any) -> list[Entry]:
        made = super().bulk_create(objs, *args, **settings)
        touch_incidents({entry.incident_id for entry in made})
        return made


class Entry(models.Model):
    """One line of an incident's timeline: when, what, who, from which source."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    # Its index below begins with it. Why there is no constraint stands at Alert.
    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="entries", db_index=False, db_constraint=False
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=EntryKind.choices)
    text = models.TextField(max_length=ENTRY_TEXT_LENGTH_MAX)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=ENTRY_SOURCE_LENGTH_MAX, blank=True)
    """Who or what said it, in words that outlive the person's account or the integration."""
    # Nobody asks for the entries of an alert, and alerts stay.
    alert = models.ForeignKey(
        Alert, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    created_at = models.DateTimeField(default=clock.now)
    # The database has the defaults as well: the fold writes lines without naming these columns.
    mark = models.CharField(
        max_length=16, choices=EntryMark.choices, blank=True, default="", db_default=models.Value("")
    )
    edition = models.PositiveIntegerField(default=1, db_default=1)
    """One more with each correction; what it said before is in its revisions."""
    starred_at = models.DateTimeField(null=True)
    starred_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    hidden_at = models.DateTimeField(null=True)
    """Since when it is folded away. Nothing of a timeline is ever deleted."""
    hidden_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["incident", "at", "id"], name="entry_of_incident"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="entry_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_is_known"),
            models.CheckConstraint(condition=Q(mark__in=["", *EntryMark.values]), name="entry_mark_is_known"),
        ]

    def __str__(self) -> str:
        return self.plain[:100]

    def save(self, *args: Any, **settings: Any) -> None:
        super().save(*args, **settings)
        touch_incidents({self.incident_id})

    @property
    def plain(self) -> str:
        """The beginning of what is read in it, on one line. What people wrote is Markdown; everything else
        stays as a machine said it."""
        return read_line(self.text) if self.kind in (EntryKind.NOTE, EntryKind.CHAT) else self.text


class Change(models.Model):
    """A deploy or a configuration change to a service."""

    unique_id = models.CharField(max_length=22, default=ids.new_short_id, unique=True, editable=False)
    trace_id = models.UUIDField(unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="changes")
    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, null=True, related_name="changes")
    kind = models.CharField(max_length=16, choices=ChangeKind.choices, default=ChangeKind.DEPLOY)
    title = models.CharField(max_length=CHANGE_TITLE_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    """What is different, in words or as a summary of the difference."""
    version = models.CharField(max_length=CHANGE_WORD_LENGTH_MAX, blank=True)
    author = models.CharField(max_length=CHANGE_WORD_LENGTH_MAX, blank=True)
    environment = models.CharField(max_length=CHANGE_WORD_LENGTH_MAX, blank=True)
    state = models.CharField(max_length=CHANGE_WORD_LENGTH_MAX, blank=True)
    """As the sender puts it: success, failure, in_progress."""
    links = models.JSONField(default=list)
    """As `[{"link_url", "link_text"}]`."""
    source_id = models.CharField(max_length=ENTITY_ID_LENGTH_MAX, blank=True)
    """The sender's own id: a later word about the same change is the same row."""
    details = models.JSONField(null=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["service", "-at"], name="change_of_service")]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "source_id"], condition=~Q(source_id=""), name="change_of_source_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="change_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.title


class StakeholderMessage(models.Model):
    """What is written to those who want to know about an incident."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="stakeholder_messages")
    alert = models.ForeignKey(Alert, on_delete=models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=MESSAGE_SUBJECT_LENGTH_MAX)
    body = models.TextField(max_length=MESSAGE_BODY_LENGTH_MAX)
    time_zone = models.CharField(max_length=64, default="UTC")
    """In which the message tells times."""
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.subject


class StakeholderDelivery(models.Model):
    """A message on its way to one address."""

    message = models.ForeignKey(StakeholderMessage, on_delete=models.CASCADE, related_name="deliveries")
    email = models.EmailField(max_length=EMAIL_LENGTH_MAX)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    handed_over_at = models.DateTimeField(null=True)
    """Since when the mail server may have it. A delivery that still waits then was cut off in the middle."""
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["message", "id"]
        verbose_name_plural = "stakeholder deliveries"
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="delivery_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "email"], name="delivery_once_per_address"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.email


def touch_incidents(keys: Collection[int]) -> None:
    """Say that the pages of these incidents have changed. Every new line does so by itself."""
    Incident.objects.filter(pk__in=sorted(keys)).update(version=F("version") + 1)


# These models know incidents by name, so that Django finds them from here.
from afterword.incidents.chat import models as chat_models  # noqa: E402, F401
from afterword.incidents.facts import models as facts_models  # noqa: E402, F401
from afterword.incidents.flow import models as flow_models  # noqa: E402, F401
from afterword.incidents.merging import models as merging_models  # noqa: E402, F401
from afterword.incidents.privacy import models as privacy_models  # noqa: E402, F401
from afterword.incidents.related import models as related_models  # noqa: E402, F401
from afterword.incidents.timeline import models as timeline_models  # noqa: E402, F401
