from __future__ import annotations

from django.db import models

from afterword.accounts.models import Person, Team
from afterword.lib import clock, ids

VIEW_NAME_LENGTH_MAX = 100


class SearchText(models.Model):
    """A post-mortem in the index of words.

    PostgreSQL keeps the words in two more columns of this table, `words` and `title_words`; SQLite in the
    virtual table `postmortems_words`. The migration makes both; `searching.writes` fills them.
    """

    postmortem = models.OneToOneField(
        "postmortems.Postmortem", on_delete=models.CASCADE, primary_key=True, related_name="search_text"
    )
    title = models.TextField(db_index=True)
    """The title as it is sorted: words in lower case, without accents."""

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """What somebody narrows the list to, under a name: for themselves, or for all in a team."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    """Whose members see it too."""
    name = models.CharField(max_length=VIEW_NAME_LENGTH_MAX)
    filters = models.JSONField(default=dict)
    """What stands in the address of the list, by name: {text: "pool", status: "draft"}."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
