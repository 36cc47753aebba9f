from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower

from afterword.accounts.models import Person, Team
from afterword.incidents.models import Incident
from afterword.lib import clock, ids

TITLE_LENGTH_MAX = 300
STATUS_TEXT_LENGTH_MAX = 100
SECTION_TITLE_LENGTH_MAX = 200
SECTION_TEXT_BYTES_MAX = 64 * 1024
TEMPLATE_NAME_LENGTH_MAX = 100


class PostmortemStatus(models.TextChoices):
    """Where the document stands. A draft is shown as in progress."""

    DRAFT = "draft", "In progress"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"


class SectionKind(models.TextChoices):
    PROSE = "prose", "Written"
    LIVE = "live", "Live"


class Template(models.Model):
    """A template that the organisation added. Those that ship are files in the package."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=TEMPLATE_NAME_LENGTH_MAX)
    source = models.TextField()
    """The whole Markdown file, front matter and all."""
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="template_name_is_unique")]

    def __str__(self) -> str:
        return self.name


class Postmortem(models.Model):
    """One document about one or more incidents."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="postmortems")
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authored_postmortems")
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    """Who sees to it that it gets done; the author where nobody was named."""
    status = models.CharField(max_length=16, choices=PostmortemStatus.choices, default=PostmortemStatus.DRAFT)
    status_text = models.CharField(max_length=STATUS_TEXT_LENGTH_MAX, blank=True, db_default="")
    """The incident's status in the organisation's own words, as its readers shall see it."""
    template_name = models.CharField(max_length=TEMPLATE_NAME_LENGTH_MAX)
    written_in = models.CharField(max_length=16, default="here", db_default="here")
    """Where its people write it, as its template says: one of `templates.PLACES`."""
    required_fields = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    """The custom fields that its template requires, by name: `requires` of the front matter."""
    incidents = models.ManyToManyField(Incident, through="PostmortemIncident", related_name="postmortems")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=PostmortemStatus.values), name="postmortem_status_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_owner(self) -> Person:
        """Who counts as its owner: the author where nobody was named."""
        return self.owner or self.author


class PostmortemIncident(models.Model):
    """An incident that a post-mortem is about; the first is the one that gives it its times."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="links")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "incident"], name="postmortem_incident_is_linked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.postmortem} about {self.incident}"


class Section(models.Model):
    """One titled part of a post-mortem."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=SECTION_TITLE_LENGTH_MAX)
    kind = models.CharField(max_length=8, choices=SectionKind.choices)
    live_name = models.CharField(max_length=40, blank=True)
    help_text = models.TextField(blank=True)
    field_names = models.JSONField(default=list)
    """The custom fields that the template shows here, by name, in order."""
    text = models.TextField(blank=True)
    is_internal = models.BooleanField(default=False, db_default=False)
    """Whether it never leaves the organisation: no public edition has it."""
    version = models.PositiveIntegerField(default=1)
    """Grows with every save of the text: a save that started from an older one is refused."""

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="section_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind=SectionKind.LIVE) | Q(live_name=""), name="section_prose_is_not_live"
            ),
        ]

    def __str__(self) -> str:
        return self.title


BEGUN_BY_ITSELF = "Begun by itself when the incident was resolved"
"""The note of a first revision that nobody saved."""


class Revision(models.Model):
    """What people had written at one moment. Kept for every save."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    sections = models.JSONField()
    """A list of {unique_id, title, kind, live_name, text, help_text, field_names, is_internal, version} in
    the document's order. The last four are missing in older revisions."""
    fields = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    """The values of the custom fields, as {name, kind, items, words}, by the slug of the field: what it was
    called, its items in the spelling of `fields.kinds`, and how it read."""
    template = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    """The template that it was made from then, as {name, requires, writes}; empty in older revisions."""
    cover = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    """What its cover said beside the title: {status_text, owner, author, incidents}. People as {unique_id,
    name}, by what they were called then, the owner null where nobody was named; incidents by number. Empty
    in older revisions, of which this is not known."""
    note = models.CharField(max_length=200, blank=True, db_default="")
    """What this save was, where it was more than writing: a template applied, a revision restored."""

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "number"], name="revision_number_is_unique")
        ]

    def __str__(self) -> str:
        return f"{self.postmortem} r{self.number}"

    @property
    def is_by_itself(self) -> bool:
        """Whether the program saved it, and nobody by hand."""
        return self.person_id is None and self.note == BEGUN_BY_ITSELF


# The models of the rooms know post-mortems by name, so that Django finds them from here.
from afterword.postmortems.choosing import models as choosing_models  # noqa: E402, F401
from afterword.postmortems.comments import models as comment_models  # noqa: E402, F401
from afterword.postmortems.fields import models as field_models  # noqa: E402, F401
from afterword.postmortems.importing import models as importing_models  # noqa: E402, F401
from afterword.postmortems.publishing import models as publishing_models  # noqa: E402, F401
from afterword.postmortems.review import models as review_models  # noqa: E402, F401
from afterword.postmortems.searching import models as searching_models  # noqa: E402, F401
