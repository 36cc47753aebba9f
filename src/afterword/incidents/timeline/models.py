from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids

if TYPE_CHECKING:
    from afterword.incidents.models import Entry

URL_CHARACTERS_MAX = 2_000
EVIDENCE_TITLE_LENGTH_MAX = 300
FILE_NAME_LENGTH_MAX = 200
MEDIA_TYPE_LENGTH_MAX = 100


class EvidenceKind(models.TextChoices):
    """What is attached to a line."""

    LINK = "link", "Link"
    IMAGE = "image", "Image"
    FILE = "file", "File"
    SNAPSHOT = "snapshot", "Graph snapshot"
    """A picture, and the address of what it is a picture of: the graph goes on, the picture stays."""


PICTURES = (EvidenceKind.IMAGE, EvidenceKind.SNAPSHOT)


class EntryRevision(models.Model):
    """What a line of the timeline said before it was corrected, and by whom and when it was."""

    entry: models.ForeignKey[Entry, Entry] = models.ForeignKey(
        "incidents.Entry", on_delete=models.CASCADE, related_name="revisions", db_index=False
    )
    edition = models.PositiveIntegerField()
    """The one that this was."""
    text = models.TextField()
    at = models.DateTimeField()
    corrected_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    corrected_by_name = models.CharField(max_length=100)
    """As it was then; it outlives the account."""
    corrected_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["entry", "edition"]
        constraints = [models.UniqueConstraint(fields=["entry", "edition"], name="entry_revision_once")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.text[:100]}"


class Evidence(models.Model):
    """A link or a file that shows what a line tells. Taken away, it stays in the record."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    entry: models.ForeignKey[Entry, Entry] = models.ForeignKey(
        "incidents.Entry", on_delete=models.CASCADE, related_name="evidence"
    )
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    title = models.CharField(max_length=EVIDENCE_TITLE_LENGTH_MAX, blank=True)
    """What it shows, in words; of an image what is read to those who do not see it."""
    url = models.CharField(max_length=URL_CHARACTERS_MAX, blank=True)
    file_name = models.CharField(max_length=FILE_NAME_LENGTH_MAX, blank=True)
    """As it was called where it came from."""
    media_type = models.CharField(max_length=MEDIA_TYPE_LENGTH_MAX, blank=True)
    """As its content says, not its name."""
    byte_count = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the content, under which the file is kept."""
    width = models.PositiveIntegerField(null=True)
    """Of an image, in pixels."""
    height = models.PositiveIntegerField(null=True)
    added_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(default=clock.now)
    removed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["added_at", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_is_known"),
            models.CheckConstraint(
                condition=(Q(kind=EvidenceKind.LINK) & ~Q(url="") & Q(digest=""))
                | (Q(kind=EvidenceKind.SNAPSHOT) & ~Q(url="") & ~Q(digest=""))
                | (Q(kind__in=[EvidenceKind.IMAGE, EvidenceKind.FILE]) & Q(url="") & ~Q(digest="")),
                name="evidence_is_a_link_or_a_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name or self.url
