from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.followups.models import FollowUp
from afterword.followups.reads import follow_ups_in_document
from afterword.followups.writes import choose_for_document, create_follow_up
from afterword.incidents.models import Incident
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.postmortems.models import Postmortem, Revision
from afterword.postmortems.writes import create_postmortem

SignIn = Callable[[Person], Client]
MakeIncident = Callable[..., Incident]


@pytest.fixture
def postmortem(alice: Person, resolved_incident: Incident) -> Postmortem:
    return create_postmortem(actor=alice, incidents=[resolved_incident], title="Checkout was slow")


def shown(postmortem: Postmortem) -> list[str]:
    return [item.title for item in follow_ups_in_document(postmortem)]


def test_new_ones_are_made_on_its_incident_from_the_document(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/follow-ups"
    sent = {"incident": str(resolved_incident.number), "title": "Add an index", "priority": "P1"}
    assert client.post(page, sent).status_code == 302
    item = FollowUp.objects.get()
    assert item.incident == resolved_incident
    assert "Add an index" in client.get(f"/postmortems/{postmortem.number}").content.decode()
    assert page in client.get(f"/postmortems/{postmortem.number}/write").content.decode()
    client.post(f"/follow-ups/{item.unique_id}/status", {"status": "completed", "next": page})
    assert "Completed" in client.get(page).content.decode()
    refused = client.post(page, sent | {"title": "", "description": "kept"})
    assert (refused.status_code, "kept</textarea>" in refused.content.decode()) == (400, True)
    assert client.post(page, sent | {"incident": "999"}).status_code == 404


def test_what_is_shown_is_chosen(
    sign_in: SignIn,
    bob: Person,
    team: Team,
    postmortem: Postmortem,
    resolved_incident: Incident,
    make_incident: MakeIncident,
) -> None:
    own = create_follow_up(actor=bob, incident=resolved_incident, title="Own one")
    other = create_follow_up(
        actor=bob, incident=make_incident(resolved_after=timedelta(minutes=1)), title="Of another incident"
    )
    alone = create_follow_up(actor=bob, incident=None, team=team, title="Of the team")
    client, page = sign_in(bob), f"/postmortems/{postmortem.number}/follow-ups"
    assert shown(postmortem) == ["Own one"]
    assert "Of another incident" in client.get(f"{page}?search=another").content.decode()
    for item, wanted in ((own, "0"), (other, "1"), (alone, "1"), (alone, "1")):
        assert client.post(page, {"follow_up": str(item.unique_id), "shown": wanted}).status_code == 302
    assert sorted(shown(postmortem)) == ["Of another incident", "Of the team"]
    assert Revision.objects.first().note == "Follow-ups chosen"  # type: ignore[union-attr]
    assert Revision.objects.count() == 4
    client.post(page, {"follow_up": str(own.unique_id), "shown": "1"})
    client.post(page, {"follow_up": str(other.unique_id), "shown": "0"})
    assert sorted(shown(postmortem)) == ["Of the team", "Own one"]
    alone.delete()
    assert shown(postmortem) == ["Own one"]


def test_what_belongs_to_a_private_incident_is_told_to_nobody(
    alice: Person, bob: Person, postmortem: Postmortem, make_incident: MakeIncident
) -> None:
    incident = make_incident(title="Quiet")
    item = create_follow_up(actor=alice, incident=incident, title="Secret step")
    choose_for_document(actor=alice, postmortem=postmortem, follow_up=item, is_shown=True)
    assert shown(postmortem) == ["Secret step"]
    Incident.objects.filter(pk=incident.pk).update(is_private=True)
    assert shown(postmortem) == []
    with pytest.raises(NotFound):
        choose_for_document(actor=bob, postmortem=postmortem, follow_up=item, is_shown=True)
    incident.members.create(person=bob)
    with pytest.raises(InvalidInput):
        choose_for_document(actor=bob, postmortem=postmortem, follow_up=item, is_shown=True)


def test_outsiders_and_readers_choose_nothing(
    sign_in: SignIn,
    bob: Person,
    vera: Person,
    charlie: Person,
    postmortem: Postmortem,
    resolved_incident: Incident,
) -> None:
    own = create_follow_up(actor=bob, incident=resolved_incident, title="Own one")
    page = f"/postmortems/{postmortem.number}/follow-ups"
    for person, status in ((charlie, 404), (vera, 403)):
        client = sign_in(person)
        for answer in (client.get(page), client.post(page, {"follow_up": str(own.unique_id), "shown": "0"})):
            assert answer.status_code == status
            assert "Own one" not in answer.content.decode()
    with pytest.raises(NotAllowed):
        choose_for_document(actor=vera, postmortem=postmortem, follow_up=own, is_shown=False)


def test_the_page_asks_as_much_of_the_database_with_many_follow_ups(
    sign_in: SignIn,
    bob: Person,
    postmortem: Postmortem,
    resolved_incident: Incident,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    FollowUp.objects.bulk_create(
        FollowUp(incident=resolved_incident, title=f"Step {number}") for number in range(40)
    )
    client = sign_in(bob)
    with django_assert_max_num_queries(32):  # type: ignore[attr-defined]
        assert client.get(f"/postmortems/{postmortem.number}/follow-ups").status_code == 200
