from __future__ import annotations

from django.db import models
from django.db.models import Q, Value

from afterword.accounts.models import Person
from afterword.lib import clock, ids
from afterword.postmortems.models import SECTION_TITLE_LENGTH_MAX, Postmortem

REASON_LENGTH_MAX = 500
QUOTE_LENGTH_MAX = 1_000
CONTEXT_LENGTH_MAX = 64
CATEGORY_LENGTH_MAX = 40
LANGUAGE_LENGTH_MAX = 8
PLACE_LENGTH_MAX = 12


class WordingSettings(models.Model):
    """What the organisation asks of its words. Without a row everything is as it comes."""

    language = models.CharField(max_length=LANGUAGE_LENGTH_MAX, default="en")
    kinds_off = models.JSONField(default=list)
    """Names of kinds that are not looked for."""
    off = models.JSONField(default=list)
    """Names of categories that are not looked for."""
    severities = models.JSONField(default=dict)
    """By name of the category, where it is not the usual one."""
    flagged = models.JSONField(default=dict)
    """Terms of the organisation's own that are findings, each with the reason why."""
    allowed = models.JSONField(default=list)
    """Terms that are never a finding."""
    acronyms = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    """Abbreviations that need no explanation, each with what it stands for."""
    names = models.JSONField(default=list)
    """Names of people beside those who are known here, as of a supplier's, and what they are called."""
    requires_reasons = models.BooleanField(default=False)
    """Whether each finding of blame has to be gone, or muted with a reason, before anybody approves."""
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="wording_settings_are_only_one")]

    def __str__(self) -> str:
        return "Wording"

    @property
    def known_acronyms(self) -> list[tuple[str, str]]:
        """The abbreviations with what they stand for, in their order."""
        return sorted(self.acronyms.items())

    @property
    def terms(self) -> list[tuple[str, str]]:
        """The flagged terms with their reasons, by term: a database may keep them in any order."""
        return sorted(self.flagged.items(), key=lambda pair: pair[0].casefold())


class Mute(models.Model):
    """Somebody's reason why some words may stand although they are a finding."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="mutes")
    place = models.CharField(max_length=PLACE_LENGTH_MAX, default="section", db_default="section")
    """A section, or what else people write in a document: see `postmortems.prose`."""
    section = models.UUIDField()
    """The unique id of the section, which may be taken out and come back with a restored revision, or of
    what else it is."""
    section_title = models.CharField(max_length=SECTION_TITLE_LENGTH_MAX)
    """As it was called, for when it is gone."""
    category = models.CharField(max_length=CATEGORY_LENGTH_MAX)
    quote = models.CharField(max_length=QUOTE_LENGTH_MAX)
    """The words, white space squeezed."""
    before = models.CharField(max_length=CONTEXT_LENGTH_MAX, blank=True)
    after = models.CharField(max_length=CONTEXT_LENGTH_MAX, blank=True)
    """What stood around them, by which they are told from the same words elsewhere in the section."""
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["postmortem", "made_at", "id"], name="mute_of_document")]

    def __str__(self) -> str:
        return f"“{self.quote[:80]}” in {self.section_title}"
