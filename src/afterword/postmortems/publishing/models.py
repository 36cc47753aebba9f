from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids

SLUG_LENGTH_MAX = 100
TITLE_LENGTH_MAX = 300
CORRECTION_LENGTH_MAX = 2_000
REASON_LENGTH_MAX = 1_000
SUMMARY_LENGTH_MAX = 300
SITE_TITLE_LENGTH_MAX = 200
SITE_TEXT_LENGTH_MAX = 2_000


class Audience(models.TextChoices):
    """Who may read a publication."""

    TEAM = "team", "The team"
    ORGANISATION = "organisation", "The organisation"
    PUBLIC = "public", "Everybody"


class Publication(models.Model):
    """A revision, frozen for an audience. Nothing of it changes; a newer one replaces it."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="publications"
    )
    audience = models.CharField(max_length=16, choices=Audience.choices)
    number = models.PositiveIntegerField()
    """The how many-eth version for this audience."""
    revision = models.ForeignKey("postmortems.Revision", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    summary = models.CharField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    """The beginning, for feeds and previews."""
    content = models.JSONField()
    """{facts: [[term, fact]], authors: [name], sections: [{title, text}]}: everything, texts as Markdown."""
    pdf = models.BinaryField(null=True)
    correction = models.TextField(max_length=CORRECTION_LENGTH_MAX, blank=True)
    """What is corrected, where this replaces an earlier one. Its readers see it."""
    is_private_decided = models.BooleanField(default=False)
    """Whether somebody decided that it may be read although an incident is private."""
    published_at = models.DateTimeField(default=clock.now)
    published_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="publication_audience_is_known"
            ),
            models.UniqueConstraint(
                fields=["postmortem", "audience", "number"], name="publication_number_is_unique"
            ),
            models.UniqueConstraint(
                fields=["postmortem", "audience"],
                condition=Q(replaced_at__isnull=True, withdrawn_at__isnull=True),
                name="publication_stands_once_per_audience",
            ),
        ]
        indexes = [
            models.Index(
                fields=["audience", "-published_at", "-id"],
                condition=Q(replaced_at__isnull=True, withdrawn_at__isnull=True),
                name="publication_standing",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_standing(self) -> bool:
        return self.replaced_at is None and self.withdrawn_at is None


class PublicAddress(models.Model):
    """Where the public edition of a post-mortem is found; it stays, whatever the title becomes, until it is
    withdrawn."""

    postmortem = models.OneToOneField(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="public_address"
    )
    slug = models.CharField(max_length=SLUG_LENGTH_MAX, unique=True)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.slug


class Edition(models.Model):
    """What the public is going to read, derived from a revision and adjusted by people."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.OneToOneField(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="edition"
    )
    revision = models.ForeignKey("postmortems.Revision", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    sections = models.JSONField()
    """[{unique_id, title, text, source, is_left_out}]: `source` is the internal text."""
    replacements = models.JSONField(default=list)
    """[{kind, before, after, count}]: what the rules replaced."""
    allowed = models.JSONField(default=list)
    """[{text, reason}]: what looks private, and may stand."""
    private_reason = models.TextField(max_length=REASON_LENGTH_MAX, blank=True)
    """Why it may be public although an incident is private."""
    version = models.PositiveIntegerField(default=1)
    prepared_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    """Who saved it last: somebody else approves it."""
    prepared_at = models.DateTimeField(default=clock.now)
    approved_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Public edition of {self.postmortem_id}"

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class PublicSite(models.Model):
    """The pages that everybody can read, as a whole. There is at most one; without it there is nothing."""

    is_on = models.BooleanField(default=False)
    title = models.CharField(max_length=SITE_TITLE_LENGTH_MAX, blank=True)
    introduction = models.TextField(max_length=SITE_TEXT_LENGTH_MAX, blank=True)
    internal_domains = models.TextField(max_length=SITE_TEXT_LENGTH_MAX, blank=True)
    """Domains that mean something only inside, one on a line."""
    public_domains = models.TextField(max_length=SITE_TEXT_LENGTH_MAX, blank=True)
    """Domains to which links may stay in public editions, one on a line."""
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="public_site_is_only_one")]

    def __str__(self) -> str:
        return self.title or "Public post-mortems"
