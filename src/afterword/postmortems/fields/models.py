from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Team
from afterword.fields.models import FieldDefinition, FieldItem

if TYPE_CHECKING:
    from afterword.postmortems.models import Postmortem

SLUG_LENGTH_MAX = 100


class PostmortemField(FieldDefinition):
    """A custom field of post-mortems. It is the organisation's; teams choose which they have."""

    slug = models.CharField(max_length=SLUG_LENGTH_MAX, unique=True)
    """By which templates and programs name it. It never changes, and is given once."""

    class Meta(FieldDefinition.Meta):
        abstract = False
        constraints = [
            *FieldDefinition.Meta.constraints,
            models.CheckConstraint(condition=Q(team__isnull=True), name="postmortem_field_is_everybodys"),
        ]


class TeamField(models.Model):
    """A field that the post-mortems of a team have."""

    # The constraint below begins with it.
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    field = models.ForeignKey(PostmortemField, on_delete=models.CASCADE, related_name="of_teams")
    is_required = models.BooleanField(default=False)
    """Whether it is filled in before a post-mortem is reviewed or published."""

    class Meta:
        verbose_name = "field of a team"
        constraints = [models.UniqueConstraint(fields=["team", "field"], name="team_field_once")]

    def __str__(self) -> str:
        return f"{self.field} of {self.team}"


class PostmortemFieldItem(FieldItem):
    """What a post-mortem has in a custom field, or one of several."""

    # The constraint and the index below begin with each of the two.
    owner: models.ForeignKey[Postmortem, Postmortem] = models.ForeignKey(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="field_items", db_index=False
    )
    field = models.ForeignKey(PostmortemField, on_delete=models.PROTECT, related_name="items", db_index=False)

    class Meta(FieldItem.Meta):
        abstract = False
        verbose_name = "value in a post-mortem"
        verbose_name_plural = "values in post-mortems"
        indexes = [models.Index(fields=["field", "key", "owner"], name="postmortem_item_by_key")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "field", "position"], name="postmortem_item_once")
        ]
