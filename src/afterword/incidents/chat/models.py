from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from afterword.accounts.models import Person
from afterword.incidents.chat.messages import (
    AUTHOR_CHARACTERS_MAX,
    CHANNEL_CHARACTERS_MAX,
    MESSAGE_ID_CHARACTERS_MAX,
    URL_CHARACTERS_MAX,
)
from afterword.lib import clock, ids

if TYPE_CHECKING:
    from afterword.incidents.models import Entry, Incident

ORIGIN_LENGTH_MAX = 100


class ChatAddition(models.Model):
    """Messages that came into an incident together, and can be hidden together."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    incident: models.ForeignKey[Incident, Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="chat_additions"
    )
    channel = models.CharField(max_length=CHANNEL_CHARACTERS_MAX)
    origin = models.CharField(max_length=ORIGIN_LENGTH_MAX, blank=True)
    """From where they were taken: `slack`, `Slack export`, the name of a program."""
    added_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-added_at", "-id"]

    def __str__(self) -> str:
        return f"{self.channel}, {self.added_at:%Y-%m-%d %H:%M}"


class ChatMessage(models.Model):
    """What a line of the kind `chat` is in the chat that it comes from. Its words stand in the line."""

    entry: models.OneToOneField[Entry, Entry] = models.OneToOneField(
        "incidents.Entry", on_delete=models.CASCADE, related_name="chat"
    )
    # Its constraint below begins with it.
    incident: models.ForeignKey[Incident, Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    addition = models.ForeignKey(ChatAddition, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=CHANNEL_CHARACTERS_MAX)
    message_id = models.CharField(max_length=MESSAGE_ID_CHARACTERS_MAX)
    """The chat's own id: what is sent twice is there once."""
    author = models.CharField(max_length=AUTHOR_CHARACTERS_MAX)
    """What they are called in the chat. Which member it is, if one, stands in the line as its person."""
    url = models.CharField(max_length=URL_CHARACTERS_MAX, blank=True)
    """Where the message stands in the chat."""
    thread = models.CharField(max_length=MESSAGE_ID_CHARACTERS_MAX, blank=True)
    """The id of the message that it answers."""
    mentioned = models.JSONField(default=list, blank=True)
    """What those are called whom the text names by an @, as far as the chat says who they are: texts."""

    class Meta:
        ordering = ["entry__at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "channel", "message_id"], name="chat_message_once")
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.message_id}"
