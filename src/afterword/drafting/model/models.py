from __future__ import annotations

from django.db import models

from afterword.drafting.model.outcomes import OUTCOME_WORDS, CallOutcome
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.postmortems.models import Postmortem

PROVIDER_LENGTH_MAX = 20
MODEL_LENGTH_MAX = 200
SECTION_LENGTH_MAX = 30
MONEY_DIGITS_MAX = 18
MONEY_PLACES = 6


class ModelCall(models.Model):
    """One call of a model: what it was for and what it took. Never what was sent or answered."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    """When it began."""
    document = models.ForeignKey(Postmortem, on_delete=models.SET_NULL, null=True, related_name="+")
    """Empty for a draft of no document, and of one that was deleted since."""
    incident = models.ForeignKey(Incident, on_delete=models.SET_NULL, null=True, related_name="+")
    """The first one that the draft is about."""
    section = models.CharField(max_length=SECTION_LENGTH_MAX)
    """Its key, one of `SECTION_KEYS`."""
    attempt = models.PositiveSmallIntegerField(default=1)
    """2 where the model was asked again, with the reasons why its claims were refused."""
    provider = models.CharField(max_length=PROVIDER_LENGTH_MAX)
    model = models.CharField(max_length=MODEL_LENGTH_MAX)
    outcome = models.CharField(
        max_length=20, choices=[(one.value, words) for one, words in OUTCOME_WORDS.items()]
    )
    status = models.PositiveSmallIntegerField(null=True)
    """With which the endpoint answered, where it was no success."""
    tokens_sent = models.PositiveIntegerField(default=0)
    tokens_answered = models.PositiveIntegerField(default=0)
    is_estimated = models.BooleanField(default=False)
    """Whether the endpoint did not say how many tokens there were."""
    ms = models.PositiveIntegerField(default=0)
    money = models.DecimalField(max_digits=MONEY_DIGITS_MAX, decimal_places=MONEY_PLACES, default=0)
    claims_kept = models.PositiveSmallIntegerField(default=0)
    claims_refused = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=[one.value for one in CallOutcome]),
                name="model_call_has_known_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.section} by {self.model} at {self.at:%Y-%m-%d %H:%M}"
