from __future__ import annotations

from django.db import models

from afterword.accounts.models import Person, Team
from afterword.lib import clock

SOURCE_NAME_LENGTH_MAX = 400
DIGEST_CHARACTERS = 64


class ImportedFile(models.Model):
    """The file that a post-mortem was made from, so that the same one is not taken twice."""

    postmortem = models.OneToOneField(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="imported_file"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    source_name = models.CharField(max_length=SOURCE_NAME_LENGTH_MAX)
    """Its path below the folder or in the archive that was imported."""
    digest = models.CharField(max_length=DIGEST_CHARACTERS)
    """SHA-256 of its bytes, in hexadecimal."""
    imported_at = models.DateTimeField(default=clock.now)
    imported_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "source_name"], name="imported_file_name_is_unique")
        ]
        indexes = [models.Index(fields=["team", "digest"], name="imported_file_by_digest")]

    def __str__(self) -> str:
        return self.source_name
