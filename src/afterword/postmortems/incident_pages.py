"""What the pages of an incident show of its post-mortems."""

from __future__ import annotations

from django.urls import reverse

from afterword.accounts.models import Person
from afterword.incidents.frame import WrittenAbout
from afterword.incidents.models import Incident
from afterword.postmortems import reads

NAMED_MAX = 2
"""The head of an incident leads to one post-mortem, or to the list of several."""


def name_postmortems(actor: Person, incident: Incident) -> list[WrittenAbout]:
    """The newest visible post-mortems about the incident, at most `NAMED_MAX`."""
    return [
        WrittenAbout(postmortem.title, reverse("postmortems:read", args=[postmortem.number]))
        for postmortem in reads.postmortems_of_incident(actor, incident)[:NAMED_MAX]
    ]
