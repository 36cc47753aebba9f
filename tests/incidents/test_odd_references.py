"""What programs send in the place of an incident's number: no database takes all of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem

Headers = Callable[..., dict[str, str]]
ODD = ("a\ud800b", "\udfff", "\0", "4\0", "", " ", "-1", "#4", "٣", "9" * 30, "x" * 100_000)


@pytest.mark.once
@pytest.mark.parametrize("reference", ODD)
def test_an_odd_reference_is_no_incident(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, reference: str
) -> None:
    headers = api_headers(bob)
    follow_up = json.dumps({"incident": reference, "title": "Write it down"})
    answer = client.post("/api/v1/follow-ups", follow_up, "application/json", headers=headers)
    assert answer.status_code == 404
    postmortem = json.dumps({"incidents": [reference], "title": "What happened"})
    answer = client.post("/api/v1/postmortems", postmortem, "application/json", headers=headers)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["incidents"])
    assert not FollowUp.objects.exists()
    assert not Postmortem.objects.exists()
