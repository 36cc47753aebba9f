from __future__ import annotations

import uuid

from django.db import models

from afterword.accounts.models import ApiKey
from afterword.lib import clock

KEY_CHARACTERS_MAX = 255
CONTENT_TYPE_LENGTH_MAX = 100


class KeptAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered, to be said again when it is sent again."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_CHARACTERS_MAX)
    fingerprint = models.CharField(max_length=64)
    """Of what was asked: another request with the same key is a mistake of the caller."""
    claim = models.UUIDField(default=uuid.uuid4)
    """Whose turn it is to answer: who was taken for dead and comes back finds another one here."""
    begun_at = models.DateTimeField(default=clock.now, db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    """Of HTTP; null while it is being answered."""
    content_type = models.CharField(max_length=CONTENT_TYPE_LENGTH_MAX, blank=True)
    sealed_body = models.TextField(blank=True)
    """Encrypted: some answers show a secret, once. Empty for one that was too large to keep."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["api_key", "key"], name="kept_answer_is_one_per_key")]

    def __str__(self) -> str:
        return f"{self.api_key}: {self.key}"
