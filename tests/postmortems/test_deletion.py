from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.writes import save_section

SignIn = Callable[[Person], Client]


def test_a_draft_of_ones_own_is_deleted_after_saying_so_twice(
    sign_in: SignIn, alice: Person, contributors: Section
) -> None:
    postmortem = contributors.postmortem
    client, page = sign_in(alice), f"/postmortems/{postmortem.number}"
    assert f"{page}/deletion" in client.get(page).content.decode()
    assert "There are words in" in client.get(f"{page}/deletion").content.decode()
    unsure = client.post(f"{page}/deletion")
    assert (unsure.status_code, "Please tick" in unsure.content.decode()) == (400, True)
    assert client.post(f"{page}/deletion", {"sure": "1"}).status_code == 302
    assert not Postmortem.objects.exists()
    assert client.get(page).status_code == 404
    assert AuditEvent.objects.filter(action="postmortem.deleted").exists()


def test_what_somebody_else_wrote_in_or_may_not_be_changed_stays(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, vera: Person, contributors: Section
) -> None:
    page = f"/postmortems/{contributors.postmortem.number}/deletion"
    save_section(actor=bob, section=contributors, text="Mine too.", version=1)
    refused = sign_in(alice).post(page, {"sure": "1"})
    assert (refused.status_code, "Somebody else wrote in it" in refused.content.decode()) == (409, True)
    for person, status in ((charlie, 404), (vera, 403)):
        for answer in (sign_in(person).get(page), sign_in(person).post(page, {"sure": "1"})):
            assert answer.status_code == status
            assert contributors.postmortem.title not in answer.content.decode()
    Postmortem.objects.update(status="in_review")
    assert "Only a draft" in sign_in(alice).get(page).content.decode()
    assert Postmortem.objects.exists()
