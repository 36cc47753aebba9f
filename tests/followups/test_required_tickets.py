"""A team may want a ticket for each urgent follow-up before its post-mortems are published."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.followups.writes import change_follow_up, create_follow_up
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, PostmortemStatus
from afterword.postmortems.writes import create_postmortem

SignIn = Callable[[Person], Client]


def test_nothing_is_published_while_an_urgent_follow_up_has_no_ticket(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, resolved_incident: Incident
) -> None:
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="Slow")
    item = create_follow_up(actor=bob, incident=resolved_incident, title="Page the team", priority="P1")
    create_follow_up(actor=bob, incident=resolved_incident, title="Later", priority="P2")
    client = sign_in(alice)
    policy = f"/settings/reviews/teams/{team.unique_id}"
    asked = {"approvals_min": "0", "remind_every_days": "2"}
    assert client.post(policy, asked | {"wants_tickets": "on"}).status_code == 302
    assert "required for P1" in client.get("/settings/reviews").content.decode()
    Postmortem.objects.filter(pk=postmortem.pk).update(status=PostmortemStatus.APPROVED)
    page, sent = f"/postmortems/{postmortem.number}/publish", {"audience": "organisation"}
    section = postmortem.sections.get(live_name="follow-ups")
    shown = client.get(page).content.decode()
    assert "the priority P1 a ticket: “Page the team”." in shown
    assert f"write#section-{section.unique_id}" in shown
    assert "a ticket" in client.post(page, sent, follow=True).content.decode()
    assert not postmortem.publications.exists()
    change_follow_up(
        actor=bob,
        follow_up=item,
        title=item.title,
        description="",
        owner=None,
        due_on=None,
        priority="P1",
        ticket="PAY-1",
    )
    assert client.post(page, sent).status_code == 302
    assert postmortem.publications.count() == 1
