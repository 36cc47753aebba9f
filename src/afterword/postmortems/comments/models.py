from __future__ import annotations

from django.db import models

from afterword.accounts.models import Person
from afterword.lib import clock, ids

COMMENT_LENGTH_MAX = 8_000
QUOTE_LENGTH_MAX = 1_000
CONTEXT_LENGTH_MAX = 64


class CommentThread(models.Model):
    """A conversation about a section, or about some words in it."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    postmortem = models.ForeignKey(
        "postmortems.Postmortem", on_delete=models.CASCADE, related_name="comment_threads"
    )
    section = models.UUIDField()
    """The unique id of the section, which may be taken out and come back with a restored revision."""
    section_title = models.CharField(max_length=200)
    """As it was called, for when it is gone."""
    quote = models.CharField(max_length=QUOTE_LENGTH_MAX, blank=True)
    """The words that it is about, as they are read; nothing for the whole section."""
    before = models.CharField(max_length=CONTEXT_LENGTH_MAX, blank=True)
    """What stood before the words, by which they are told from the same words elsewhere."""
    after = models.CharField(max_length=CONTEXT_LENGTH_MAX, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["postmortem", "created_at", "id"], name="comment_thread_of_document")]

    def __str__(self) -> str:
        return f"About {self.section_title}"


class Comment(models.Model):
    """One remark in a thread."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    thread = models.ForeignKey(CommentThread, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=COMMENT_LENGTH_MAX)
    """Markdown; nothing once it was deleted."""
    at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    mentioned = models.ManyToManyField(Person, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"Comment {self.pk}"
