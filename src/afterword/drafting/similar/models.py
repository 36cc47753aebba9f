from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.lib import clock, ids
from afterword.postmortems.models import Postmortem

WORD_LENGTH_MAX = 100
EMBEDDING_MODEL_LENGTH_MAX = 200
DIGEST_LENGTH = 64
EMBEDDING_FAILURES_COUNTED_MAX = 1_000


class SeenText(models.Model):
    """An incident or a post-mortem in the index of what was seen.

    PostgreSQL keeps the words in one more column of this table, `words`; SQLite in the virtual table
    `drafting_words`. The migration makes both; `similar.writes` fills them.
    """

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, null=True, related_name="+")
    postmortem = models.OneToOneField(Postmortem, on_delete=models.CASCADE, null=True, related_name="+")
    terms = models.JSONField(default=dict)
    """How much each word weighs in it: {word: weight}."""
    weight = models.FloatField(default=0)
    """Of all its words together: its length, as BM25 asks for it."""
    facts = models.JSONField(default=dict)
    """`{"services": [keys], "alerts": [names], "causes": [values], "values": [values]}`."""
    at = models.DateTimeField()
    """When it began; of a post-mortem, when its first incident did."""
    digest = models.CharField(max_length=DIGEST_LENGTH)
    """Of what was indexed."""
    embedding = models.BinaryField(null=True)
    """32-bit numbers, of length 1 together, as the endpoint gave them for the text."""
    embedding_model = models.CharField(max_length=EMBEDDING_MODEL_LENGTH_MAX, blank=True)
    embedding_digest = models.CharField(max_length=DIGEST_LENGTH, blank=True)
    """The digest of the text that the numbers are of."""
    embedding_signs = models.BinaryField(null=True)
    """Which of the numbers are above zero, a bit for each: by it those are found that are worth comparing."""
    embedding_failures = models.PositiveSmallIntegerField(default=0)
    """How often the endpoint did not take the text, as it is now."""
    embedding_not_before = models.DateTimeField(null=True)
    """When it is asked again for a text that it did not take."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(incident__isnull=False, postmortem__isnull=True)
                | Q(incident__isnull=True, postmortem__isnull=False),
                name="seen_text_is_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"incident {self.incident_id}" if self.incident_id else f"post-mortem {self.postmortem_id}"


class SeenWord(models.Model):
    """In how many of the texts a word stands. The row of the empty word counts all texts."""

    word = models.CharField(max_length=WORD_LENGTH_MAX, primary_key=True)
    texts = models.BigIntegerField(default=0)
    weight = models.FloatField(default=0)
    """Of all texts together, in the row of the empty word."""

    def __str__(self) -> str:
        return self.word


class WaitingText(models.Model):
    """Something that was changed and is to be indexed. It may wait several times: indexed once, all go."""

    incident_key = models.BigIntegerField(null=True)
    postmortem_key = models.BigIntegerField(null=True)
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"incident {self.incident_key}" if self.incident_key else f"post-mortem {self.postmortem_key}"


class ConfirmedRepeat(models.Model):
    """That an incident had the same cause as something before it, said by a person."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    # The constraints below begin with it.
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+", db_index=False)
    earlier_incident = models.ForeignKey(Incident, on_delete=models.CASCADE, null=True, related_name="+")
    earlier_postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, null=True, related_name="+")
    """Of what was seen before there were incidents here, as in an imported document."""
    confirmed_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-confirmed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "earlier_incident"], name="repeat_of_incident_once"),
            models.UniqueConstraint(
                fields=["incident", "earlier_postmortem"], name="repeat_of_postmortem_once"
            ),
            models.CheckConstraint(
                condition=Q(earlier_incident__isnull=False, earlier_postmortem__isnull=True)
                | Q(earlier_incident__isnull=True, earlier_postmortem__isnull=False),
                name="repeat_is_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} repeats {self.earlier_incident_id or self.earlier_postmortem_id}"
