"""What the API takes and gives about chat messages. Times are ISO 8601 and name their zone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, SkipValidation

from afterword.incidents.chat.markup import Markup
from afterword.incidents.chat.messages import MESSAGES_AT_ONCE_MAX
from afterword.lib.bodies import Body


class ChatMessageIn(Body):
    """A message as its chat has it."""

    id: str = Field(description="The chat's own id. With the channel it says whether it is known already.")
    at: datetime = Field(description="When it was written; Slack's `ts` is taken too.")
    author: str = Field(description="What they are called in the chat.")
    text: str
    email: str = Field("", description="Of the author: who has it here is named as the author.")
    url: str = Field("", description="Where it stands in the chat.")
    thread: str = Field("", description="The id of the message that it answers.")


class ChatIn(Body):
    """Messages of one channel."""

    channel: str
    source: str = Field("", description="From where they come, such as slack.")
    markup: Markup = Field("slack", description="How the texts are written: slack, plain or markdown.")
    # Each is checked by itself, so that one that is wrong holds up no other.
    messages: list[Annotated[ChatMessageIn, SkipValidation]] = Field(
        min_length=1, max_length=MESSAGES_AT_ONCE_MAX
    )


class ChatRefusalOut(Schema):
    """A message that was not added."""

    index: int = Field(description="Its place in `messages`, from 0.")
    field: str
    reason: str


class ChatAddedOut(Schema):
    """What became of the messages."""

    added: int
    known: int = Field(description="Those that were there already.")
    refused: list[ChatRefusalOut]
    addition: uuid.UUID | None = Field(description="By which what was added now can be hidden together.")


class ChatVisibilityIn(Body):
    hidden: bool


class ChatVisibilityOut(Schema):
    changed: int
