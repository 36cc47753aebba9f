from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import IncidentType, Severity
from afterword.incidents.models import Incident
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.postmortems.choosing.models import TemplateRule
from afterword.postmortems.choosing.reads import suggest_template
from afterword.postmortems.choosing.writes import set_rule
from afterword.postmortems.models import Postmortem, Template
from afterword.postmortems.writes import create_postmortem, create_template, delete_template

SignIn = Callable[[Person], Client]
PAGE = "/settings/template-rules"
KEYS = ["standard", "default", "google-sre", "lightweight", "five-whys"]


@pytest.fixture
def severity(db: None) -> Severity:
    return Severity.objects.create(name="SEV0", rank=0)


def test_the_most_exact_rule_wins_and_the_team_before_everybody(
    alice: Person, team: Team, severity: Severity, resolved_incident: Incident
) -> None:
    kind = IncidentType.objects.create(name="Outage of a kind")
    resolved_incident.severity, resolved_incident.incident_type = severity, kind
    found = []
    for rule in (
        {"template": "default"},
        {"template": "lightweight", "team": team},
        {"template": "five-whys", "incident_type": kind},
        {"template": "google-sre", "severity": severity},
        {"template": "five-whys", "severity": severity, "team": team},
        {"template": "standard", "severity": severity, "incident_type": kind},
    ):
        set_rule(actor=alice, **rule)  # type: ignore[arg-type]
        suggestion = suggest_template([resolved_incident], KEYS)
        found.append((suggestion.key, suggestion.reason))
    assert found == [
        ("default", "default"),
        ("lightweight", "default of Payments"),
        ("five-whys", "suggested for Outage of a kind"),
        ("google-sre", "suggested for SEV0"),
        ("five-whys", "suggested for SEV0"),
        ("standard", "suggested for SEV0 and Outage of a kind"),
    ]
    assert suggest_template([], KEYS).key == "default"


def test_the_form_starts_with_what_fits_and_says_why(
    sign_in: SignIn, alice: Person, bob: Person, severity: Severity, resolved_incident: Incident
) -> None:
    set_rule(actor=alice, template="google-sre", severity=severity)
    Incident.objects.filter(pk=resolved_incident.pk).update(severity=severity)
    client = sign_in(bob)
    fits = "For what you picked it is <strong><bdi>Google SRE</bdi></strong>: suggested for SEV0."
    ticked = 'name="template" value="" checked'
    sent = {"title": "x", "author": str(bob.unique_id), "incident": [resolved_incident.number]}
    for page in (
        client.get(f"/postmortems/new?incident={resolved_incident.number}"),
        # As *Find* does without a script, and ticking an incident with one.
        client.post("/postmortems/new", {"incident": sent["incident"], "template": "", "find": "1"}),
    ):
        assert (fits in page.content.decode(), ticked in page.content.decode()) == (True, True)
    empty = client.get("/postmortems/new").content.decode()
    assert "Which one that is depends on the incidents that you pick." in empty
    assert (empty.count('name="template"'), ticked in empty) == (6, True)
    # What is ticked on purpose is used, also where it is the one that would fit other incidents.
    client.post("/postmortems/new", sent | {"template": ""})
    client.post("/postmortems/new", sent | {"template": "standard", "another": "on", "status_text": "Over"})
    kept = client.post("/postmortems/new", sent | {"template": "standard", "author": "nobody"})
    assert 'value="standard" checked' in kept.content.decode()
    assert ticked not in kept.content.decode()
    made = list(Postmortem.objects.order_by("number").values_list("template_name", "status_text"))
    assert made == [("Google SRE", ""), ("Standard", "Over")]


def test_a_template_that_is_deleted_takes_its_rules_along(alice: Person, resolved_incident: Incident) -> None:
    template = create_template(actor=alice, source="---\nname: Ours\nwrites: notion\n---\n## A\n")
    set_rule(actor=alice, template=str(template.unique_id))
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="x")
    assert (postmortem.template_name, postmortem.written_in) == ("Ours", "notion")
    delete_template(actor=alice, template=Template.objects.get())
    assert not TemplateRule.objects.exists()
    # A rule whose template is gone all the same, as from another version, is passed over.
    TemplateRule.objects.create(template_key="of-another-version")
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="y")
    assert postmortem.template_name == "Standard"


def test_rules_are_set_replaced_and_removed_on_their_page(sign_in: SignIn, alice: Person, team: Team) -> None:
    client = sign_in(alice)
    for template in ("default", "lightweight"):
        assert client.post(PAGE, {"template": template, "team": str(team.unique_id)}).status_code == 302
    rule = TemplateRule.objects.get()
    assert rule.template_key == "lightweight"
    assert f"{PAGE}?template=google-sre" in client.get("/settings/templates/google-sre").content.decode()
    assert 'value="google-sre" selected' in client.get(f"{PAGE}?template=google-sre").content.decode()
    assert "Lightweight" in client.get(PAGE).content.decode()
    wrong = client.post(PAGE, {"template": "nonsense"})
    assert (wrong.status_code, "nonsense is not one of" in wrong.content.decode()) == (400, True)
    assert client.post(f"{PAGE}/{rule.unique_id}/removal").status_code == 302
    assert not TemplateRule.objects.exists()
    actions = AuditEvent.objects.filter(action__startswith="template_rule.").values_list("action", flat=True)
    assert sorted(actions) == ["template_rule.removed", "template_rule.set", "template_rule.set"]


def test_who_may_not_say_so_is_refused_and_an_outsider_sees_nothing_of_a_team(
    sign_in: SignIn, alice: Person, bob: Person, charlie: Person, team: Team
) -> None:
    with pytest.raises(NotAllowed):
        set_rule(actor=bob, template="default")
    with pytest.raises(NotAllowed):
        set_rule(actor=charlie, template="default")
    with pytest.raises(InvalidInput):
        set_rule(actor=alice, template="nonsense")
    rule = set_rule(actor=alice, template="five-whys", team=team)
    assert sign_in(bob).post(PAGE, {"template": "default"}).status_code == 403
    outsider = sign_in(charlie)
    page = outsider.get(PAGE).content.decode()
    assert "Payments" not in page
    assert outsider.post(f"{PAGE}/{rule.unique_id}/removal").status_code == 404
    assert outsider.post(PAGE, {"template": "default", "team": str(team.unique_id)}).status_code == 400
    assert TemplateRule.objects.count() == 1


def test_the_page_asks_as_much_of_the_database_with_many_rules(
    sign_in: SignIn, alice: Person, team: Team, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for rank in range(20):
        set_rule(
            actor=alice, template="default", severity=Severity.objects.create(name=f"S{rank}", rank=rank)
        )
    client = sign_in(alice)
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        assert client.get(PAGE).status_code == 200
