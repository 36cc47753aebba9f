"""The rows of custom fields, for whatever has some to build its own on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from afterword.accounts.models import Person, Team
from afterword.fields.kinds import KEY_CHARACTERS_MAX, LABELS, WITH_OPTIONS, FieldKind
from afterword.lib import clock, ids

NAME_LENGTH_MAX = 100
HELP_LENGTH_MAX = 1_000
KIND_LENGTH_MAX = 16


class FieldDefinition(models.Model):
    """A custom field: what it is called, what it holds, and whose it is."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    """Null: it is there in every team."""
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    kind = models.CharField(
        max_length=KIND_LENGTH_MAX, choices=[(str(kind), LABELS[kind]) for kind in FieldKind]
    )
    """It never changes: values are kept in its spelling."""
    help = models.TextField(max_length=HELP_LENGTH_MAX, blank=True)
    options = models.JSONField(default=list)
    """Of a choice its texts, in their order. A value keeps its text when the option is taken away."""
    rank = models.PositiveIntegerField(default=0)
    """The lowest stands first, among all."""
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)
    """Since when it is no longer asked. What has a value keeps it."""

    class Meta:
        abstract = True
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at__isnull=True, team__isnull=False),
                name="%(class)s_name_is_unique_in_team",
            ),
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(archived_at__isnull=True, team__isnull=True),
                name="%(class)s_name_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in FieldKind]), name="%(class)s_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_options(self) -> bool:
        return self.kind in WITH_OPTIONS


class FieldItem(models.Model):
    """One item of a value: the only one, or of a choice of several each.

    What has the values adds `owner` and `field`, foreign keys, and a unique constraint over both and
    `position`; an index over `field` and `key` finds what has a value.
    """

    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    """In the spelling of `fields.kinds`."""
    key = models.CharField(max_length=KEY_CHARACTERS_MAX)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    """Of a person the one; `text` is their unique id."""

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text[:100]
