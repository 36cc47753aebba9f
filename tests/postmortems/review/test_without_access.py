"""Somebody whom a policy names and who cannot read the post-mortem: who approves in their place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Membership, OrganisationRole, Person, Team, TeamRole
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import make_private
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.models import Verdict
from afterword.postmortems.review.reads import is_approved
from afterword.postmortems.review.rules import Demand, Opinion, weigh
from afterword.postmortems.review.writes import ask_for_review, give_review, set_policy
from afterword.postmortems.writes import create_postmortem

SignIn = Callable[[Person], Client]


@pytest.fixture
def member(team: Team) -> Callable[..., Person]:
    def make(name: str, role: TeamRole = TeamRole.MEMBER) -> Person:
        person = Person.objects.create(
            name=name, email=f"{name.lower()}@example.com", role=OrganisationRole.RESPONDER
        )
        Membership.objects.create(team=team, person=person, role=role)
        return person

    return make


@pytest.fixture
def dora(member: Callable[..., Person]) -> Person:
    """Named by the policy."""
    return member("Dora")


@pytest.fixture
def hidden(alice: Person, bob: Person, dora: Person, team: Team, resolved_incident: Incident) -> Postmortem:
    """Of Bob, who has made the incident private, so that Dora cannot read it."""
    set_policy(actor=alice, subject=team, approvals_min=1, approvers=[dora], may_approve_own=True)
    postmortem = create_postmortem(
        actor=bob, incidents=[resolved_incident], title="Checkout answered slowly", template="standard"
    )
    make_private(actor=bob, incident=resolved_incident)
    return postmortem


def approve(person: Person, postmortem: Postmortem) -> None:
    give_review(actor=person, postmortem=postmortem, revision=1, verdict=Verdict.APPROVED)


def test_making_it_private_goes_round_nobody(
    bob: Person,
    alice: Person,
    member: Callable[..., Person],
    hidden: Postmortem,
    resolved_incident: Incident,
    sign_in: SignIn,
) -> None:
    ask_for_review(actor=bob, postmortem=hidden)
    page = f"/postmortems/{hidden.number}/review"
    shown = sign_in(bob).get(page).content.decode()
    assert "Dora must approve" in shown
    assert "Nobody whom you know can read it yet" in shown
    eve, max_ = member("Eve"), member("Max", TeamRole.MANAGER)
    make_private(actor=bob, incident=resolved_incident, people=[eve, max_])
    approve(bob, hidden)
    approve(eve, hidden)
    assert not is_approved(hidden), "neither the author nor another member is in Dora's place"
    shown = sign_in(bob).get(page).content.decode()
    assert "approves who did not write it: Max." in shown
    assert "One approval is missing" in shown
    approve(max_, hidden)
    assert is_approved(hidden)
    assert "Somebody approved in their place" in sign_in(bob).get(page).content.decode()


def test_an_author_who_manages_the_team_is_in_nobodys_place(
    bob: Person, team: Team, hidden: Postmortem
) -> None:
    Membership.objects.filter(team=team, person=bob).update(role=TeamRole.MANAGER)
    ask_for_review(actor=bob, postmortem=hidden)
    approve(bob, hidden)
    assert not is_approved(hidden)


@pytest.mark.parametrize("gone", ["team", "account"])
def test_who_has_left_is_not_waited_for(bob: Person, dora: Person, hidden: Postmortem, gone: str) -> None:
    if gone == "team":
        dora.memberships.all().delete()
    else:
        Person.objects.filter(pk=dora.pk).update(is_active=False)
    ask_for_review(actor=bob, postmortem=hidden)
    approve(bob, hidden)
    assert is_approved(hidden)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("approved", "stand_ins", "missing"),
    [
        ([], [3], 2),
        ([3], [3], 1),
        ([3, 4], [3], 0),
        ([4, 5], [3], 1),
        ([1, 4], [1], 1),
        ([2, 3], [3], 0),
    ],
)
def test_as_many_approve_as_are_named(approved: list[int], stand_ins: list[int], missing: int) -> None:
    demand = Demand(1, frozenset({2, 6}), may_approve_own=True, without_access=frozenset({2, 6}))
    opinions = [Opinion(person, 7, True) for person in approved]
    standing = weigh(demand, opinions, newest=7, authors={1}, asked=0, stand_ins=stand_ins)
    assert standing.approvals_missing == missing
    assert standing.is_approved == (missing == 0)
