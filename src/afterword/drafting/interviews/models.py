from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids
from afterword.postmortems.models import Postmortem

QUESTION_CHARACTERS_MAX = 2_000
ANSWER_CHARACTERS_MAX = 8_000
NOTE_CHARACTERS_MAX = 500
PERSON_NAME_LENGTH_MAX = 200


class Question(models.Model):
    """Something that the record of a post-mortem's incidents does not tell, as people are asked it."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    # Its index below begins with it.
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="questions", db_index=False
    )
    text = models.TextField(max_length=QUESTION_CHARACTERS_MAX)
    draft_text = models.TextField(max_length=QUESTION_CHARACTERS_MAX, blank=True, db_default="")
    """As a draft asks it, where it comes from one: whoever asks may word it anew. Once it is answered, no
    draft asks it again."""
    evidence = models.JSONField(default=list)
    """The ids of what the record says near it: it is shown to whoever is asked, as it stands then."""
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    """Since when nobody has to answer it. What was answered before stays."""
    withdrawn_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["postmortem", "asked_at", "id"], name="question_of_document")]

    def __str__(self) -> str:
        return f"Question {self.pk}"


class InterviewState(models.TextChoices):
    """How far one person has come with a question."""

    WAITING = "waiting", "Waiting"
    ANSWERED = "answered", "Answered"
    DECLINED = "declined", "Does not know"


class Interview(models.Model):
    """One question to one person, and what they said."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="interviews", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="interviews")
    person_name = models.CharField(max_length=PERSON_NAME_LENGTH_MAX)
    """As it was when they were asked; it outlives the account."""
    state = models.CharField(max_length=8, choices=InterviewState.choices, default=InterviewState.WAITING)
    asked_at = models.DateTimeField(default=clock.now)
    next_reminder_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    """How many went out."""
    text = models.TextField(max_length=ANSWER_CHARACTERS_MAX, blank=True)
    """The answer, as plain text."""
    note = models.CharField(max_length=NOTE_CHARACTERS_MAX, blank=True)
    """From somebody who does not know: who might, or where to look."""
    settled_at = models.DateTimeField(null=True)
    """When they answered first, or said that they do not know."""
    edited_at = models.DateTimeField(null=True)
    """When the answer was changed last."""

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(next_reminder_at__isnull=False),
                name="interview_to_remind_of",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["question", "person"], name="interview_asks_once"),
            models.CheckConstraint(
                condition=Q(state__in=InterviewState.values), name="interview_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=InterviewState.WAITING, settled_at__isnull=True)
                | (~Q(state=InterviewState.WAITING) & Q(settled_at__isnull=False)),
                name="interview_is_settled_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=InterviewState.ANSWERED) | ~Q(text=""),
                name="interview_answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"Question {self.question_id} to {self.person_name}"

    @property
    def name(self) -> str:
        """Of who is asked, as it is now."""
        return str(self.person) if self.person is not None else self.person_name

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for, withdrawal aside."""
        return self.state == InterviewState.WAITING
