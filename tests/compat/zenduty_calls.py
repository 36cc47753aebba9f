"""Every call of Zenduty's own client for what Afterword serves of it. Run as a process, with that client.

The one argument is JSON: `url`, `key`, `owner`, `mate` (people by their ids), `service`, `integration` and
`incident` (a number). The last line that is printed is JSON too: what went wrong by resource, and which calls
were made.
"""

from __future__ import annotations

import inspect
import json
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import requests
import zenduty
from zenduty.api.escalationpolicies_api import EscalationPoliciesApi
from zenduty.apiV2.accounts.members import AccountMemberClient
from zenduty.apiV2.authentication.zenduty_credential import ZendutyCredential
from zenduty.apiV2.client import APIException, ZendutyClient
from zenduty.apiV2.incidents import IncidentClient
from zenduty.apiV2.incidents.notes import IncidentNoteClient
from zenduty.apiV2.incidents.tags import IncidentTagClient
from zenduty.apiV2.teams import TeamsClient
from zenduty.apiV2.teams.escalation_policies import EscalationPolicyClient
from zenduty.apiV2.teams.escalation_policies.rules import RuleBuilder
from zenduty.apiV2.teams.escalation_policies.targets import TargetBuilder
from zenduty.apiV2.teams.maintenance import TeamMaintenanceClient
from zenduty.apiV2.teams.postmortem import PostmortemClient
from zenduty.apiV2.teams.priorities import PriorityClient
from zenduty.apiV2.teams.roles import IncidentRoleClient
from zenduty.apiV2.teams.services import ServiceClient
from zenduty.apiV2.teams.services.integrations import IntegrationClient
from zenduty.apiV2.teams.sla import SLAClient
from zenduty.apiV2.teams.tags import TagClient

CLIENTS = [
    *(TeamsClient, ServiceClient, IntegrationClient, EscalationPolicyClient, TeamMaintenanceClient),
    *(PriorityClient, IncidentRoleClient, SLAClient, TagClient, PostmortemClient),
    *(AccountMemberClient, IncidentClient, IncidentNoteClient, IncidentTagClient),
]
OLD_CLIENTS = [
    *(zenduty.TeamsApi, zenduty.MembersApi, zenduty.ServicesApi, zenduty.IntegrationsApi),
    *(zenduty.IncidentsApi, EscalationPoliciesApi),
]
THEIR_HOST = "https://www.zenduty.com"

settings = json.loads(sys.argv[1])
calls: dict[str, bool] = {}


def watch(client: type) -> None:
    """Note which of its calls are made, and come back."""
    for name, call in inspect.getmembers(client, inspect.isfunction):
        if not name.startswith("_"):
            setattr(client, name, noted(f"{client.__name__}.{name}", call))


def noted(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    calls[name] = False

    def made(*arguments: Any, **named: Any) -> Any:
        answer = call(*arguments, **named)
        calls[name] = True
        return answer

    return made


for one in [*CLIENTS, *OLD_CLIENTS]:
    watch(one)
client = ZendutyClient(ZendutyCredential(settings["key"]), base_url="127.0.0.1", use_https=False)
# Their client takes no port.
client._url = settings["url"]
teams = TeamsClient(client)
team = next(one for one in teams.list_teams() if one.name == "Payments")
incidents = IncidentClient(client)


def ours(path: str) -> Any:
    """What our own API says."""
    headers = {"Authorization": f"Token {settings['key']}"}
    answer = requests.get(f"{settings['url']}/api/v1/{path}", headers=headers, timeout=20)
    return answer.json() if answer.status_code == 200 else answer.status_code


def named(path: str) -> list[str]:
    """The names of what our own API lists."""
    return [one["name"] for one in ours(path)["items"]]


def gone(call: Callable[[], Any]) -> bool:
    """Whether their client is told that there is no such thing."""
    try:
        call()
    except APIException as error:
        return str(error) == "error: received code [404] with message: Not found."
    return False


def of_teams() -> None:
    made = teams.create_team("Fraud")
    assert made.name == "Fraud"
    assert "Fraud" in named("teams")
    assert [one.unique_id for one in teams.list_teams() if one.name == "Fraud"] == [made.unique_id]
    assert teams.update_team(made, "Fraud desk").name == "Fraud desk"
    assert teams.find_team_by_id(made.unique_id).name == "Fraud desk"
    assert teams.fetch_team_permissions(made) == teams.update_team_permissions(made, []) == []
    teams.delete_team(made)
    assert gone(lambda: teams.find_team_by_id(made.unique_id))
    assert "Fraud desk" not in named("teams")


def of_members() -> None:
    made = teams.add_team_member(team, settings["mate"])
    assert (made.user.username, made.role) == (settings["mate"], 2)
    assert teams.update_team_member(team, made.unique_id, 1).role == 1
    assert teams.find_team_member(team, str(made.unique_id)).user.email == "bob@example.com"
    assert {one.user.username for one in teams.list_team_members(team)} == {
        settings["owner"],
        settings["mate"],
    }
    teams.delete_team_member(team, made.unique_id)
    assert gone(lambda: teams.find_team_member(team, str(made.unique_id)))
    assert [one.user.username for one in teams.find_team_by_id(team.unique_id).members] == [settings["owner"]]


def of_account_members() -> None:
    people = AccountMemberClient(client)
    made = people.invite(team.unique_id, "dora@example.com", "Dora", "Diaz", 3)
    assert (made.user.first_name, made.user.last_name, made.role) == ("Dora", "Diaz", 3)
    assert "dora@example.com" in [one.user.email for one in teams.list_team_members(team)]
    assert "dora@example.com" in [one.user.email for one in people.get_all_members()]
    assert people.update_account_member(made, role=2).role == 2
    assert people.get_account_member(made.user.username).role == 2
    people.delete_account_member(made)
    assert gone(lambda: people.get_account_member(made.user.username))
    (member,) = [one for one in teams.list_team_members(team) if one.user.email == "dora@example.com"]
    teams.delete_team_member(team, member.unique_id)


def of_priorities() -> None:
    priorities = teams.get_priority_client(team)
    made = priorities.create_priority("P1", "Now.", "magenta")
    assert (made.name, made.color) == ("P1", "magenta")
    assert [one.unique_id for one in priorities.get_all_priorities()] == [made.unique_id]
    changed = priorities.update_priority(made, name="P0", description="At once.", color="red")
    assert (changed.name, changed.description, changed.color) == ("P0", "At once.", "red")
    assert priorities.get_priority_by_id(made.unique_id).name == "P0"
    assert named("priorities") == ["P0"]
    priorities.delete_priority(changed)
    assert priorities.get_all_priorities() == []


def of_tags() -> None:
    tags = teams.get_tag_client(team)
    made = tags.create_tag("database", "geekblue")
    assert [one.name for one in tags.get_all_tags()] == ["database"]
    assert tags.update_tag(made, "databases", "#123456").color == "#123456"
    assert tags.get_tag_by_id(made.unique_id).name == "databases"
    assert named("tags") == ["databases"]
    tags.delete_tag(made)
    assert named("tags") == []


def of_slas() -> None:
    slas = teams.get_sla_client(team)
    made = slas.create_sla("Gold", [], True, 900, 3600)
    assert (made.acknowledge_time, made.resolve_time) == (900, 3600)
    assert [one.unique_id for one in slas.get_all_slas()] == [made.unique_id]
    assert slas.update_sla(made, "Gold plus", [], False, 600, 1800).is_active is False
    assert slas.get_sla_by_id(made.unique_id).resolve_time == 1800
    (kept,) = ours("slas")["items"]
    assert (kept["name"], kept["acknowledge_minutes"], kept["resolve_minutes"]) == ("Gold plus", 10, 30)
    slas.delete_sla(made)
    assert slas.get_all_slas() == []


def of_roles() -> None:
    roles = teams.get_incident_role_client(team)
    made = roles.create_incident_role("Scribe", "Writes it down.", 2)
    assert (made.title, made.team) == ("Scribe", team.unique_id)
    assert made.unique_id in [one.unique_id for one in roles.get_all_roles()]
    assert roles.update_incident_role(made, "Keeper of the notes").description == "Writes it down."
    assert roles.get_incident_role_by_id(made.unique_id).title == "Keeper of the notes"
    assert "Keeper of the notes" in named("incident-roles")
    roles.delete_incident_role(made)
    assert gone(lambda: roles.get_incident_role_by_id(made.unique_id))


def rules(*delays: int) -> list[dict[str, Any]]:
    targets = TargetBuilder().add_target(2, settings["owner"]).build()
    builder = RuleBuilder()
    for place, delay in enumerate(delays, start=1):
        builder.add_rule(timedelta(seconds=delay), place, targets)
    return builder.build()


def of_escalation_policies() -> None:
    policies = teams.get_escalation_policy_client(team)
    made = policies.create_esp("On call", rules(0, 10), "By night.")
    assert [rule["delay"] for rule in made.rules] == [0, 10]
    assert [one.unique_id for one in policies.get_all_policies()] == [made.unique_id]
    assert policies.update_esp(made, "On call always", rules(0)).summary == "By night."
    assert len(policies.get_esp_by_id(made.unique_id).rules) == 1
    (on_call,) = teams.get_all_oncall(team)
    assert on_call.escalation_policy.name == "On call always"
    assert [user.email for user in on_call.users] == ["alice@example.com"]
    assert named("escalation-policies") == ["On call always"]
    policies.delete_esp(made)
    assert policies.get_all_policies() == []


def of_services() -> None:
    services = teams.get_service_client(team)
    policy = teams.get_escalation_policy_client(team).create_esp("For the ledger", rules(0))
    sla = teams.get_sla_client(team).create_sla("Silver", [], True, 900, 3600)
    priority = teams.get_priority_client(team).create_priority("P2", "", "gold")
    given = (policy.unique_id, sla.unique_id, priority.unique_id)
    made = services.create_service("Ledger", *given, summary="Books.", collation=1, collation_time=10)
    assert (made.escalation_policy, made.sla, made.team_priority) == given
    assert {one.name for one in services.get_all_services()} == {"Checkout", "Ledger"}
    changed = services.update_service(made, "The ledger", *given, auto_resolve_timeout=7200)
    assert (changed.name, changed.summary, changed.auto_resolve_timeout) == ("The ledger", "Books.", 7200)
    assert services.get_service_by_id(made.unique_id).collation == 0
    assert "The ledger" in named("services")
    services.delete_service(made)
    assert gone(lambda: services.get_service_by_id(made.unique_id))
    teams.get_escalation_policy_client(team).delete_esp(policy)
    teams.get_sla_client(team).delete_sla(sla)
    teams.get_priority_client(team).delete_priority(priority)


def of_integrations() -> None:
    services = teams.get_service_client(team)
    integrations = services.get_integration_client(services.get_service_by_id(UUID(settings["service"])))
    made = integrations.create_intg("Nagios", "Agents.", uuid4())
    assert (made.name, made.is_enabled) == ("Nagios", True)
    assert {one.name for one in integrations.get_all_integrations()} == {"Generic", "Nagios"}
    sent = requests.post(made.webhook_url, json={"message": "x", "alert_type": "info"}, timeout=20)
    assert sent.status_code == 200, "the address that their client is told takes alerts"
    changed = integrations.update_intg(made, "Icinga", made.application, is_enabled=False)
    assert (changed.name, changed.is_enabled) == ("Icinga", False)
    assert integrations.get_intg_by_id(made.unique_id).integration_key == made.integration_key
    (alert,) = integrations.get_intg_alerts_iter(
        integrations.get_intg_by_id(UUID(settings["integration"])), page=1
    )
    assert (alert["message"], alert["incident"]) == ("Checkout answers slowly", settings["incident"])
    unused = integrations.create_intg("Unused", "", uuid4())
    integrations.delete_intg(unused)
    assert gone(lambda: integrations.get_intg_by_id(unused.unique_id))


def of_maintenance() -> None:
    windows = teams.get_maintenance_client(team)
    # Their client cannot write a `datetime` here: it takes texts.
    first, last = "2036-03-03T02:00:00Z", "2036-03-03T04:00:00Z"
    service = UUID(settings["service"])
    until = datetime(2036, 6, 1, tzinfo=UTC)
    made = windows.create_team_maintenance("Patches", first, last, [service], "Europe/Berlin", 604800, until)
    assert (made.repeat_interval, made.repeat_until) == (604800, until)
    assert [one.service for one in made.services] == [service]
    assert [one.name for one in windows.get_all_maintenance()] == ["Patches"]
    assert windows.update_maintenance(made, "Fewer patches", first, last, [service]).repeat_interval == 0
    assert windows.get_maintenance_by_id(made.unique_id).name == "Fewer patches"
    assert named("maintenance-windows") == ["Fewer patches"]
    windows.delete_maintenance(made)
    assert windows.get_all_maintenance() == []


def of_incidents() -> None:
    service = UUID(settings["service"])
    made = incidents.create_incident("Payments fail", service)
    assert (made.title, made.status, made.service) == ("Payments fail", 1, service)
    assert incidents.get_incident_by_unique_id_or_incident_number(made.unique_id).title == "Payments fail"
    changed = incidents.update_incident(made.incident_number, service, summary="Cards only.", status=2)
    assert (changed.status, changed.summary, changed.title) == (2, "Cards only.", "Payments fail")
    assert ours(f"incidents/{made.incident_number}")["status"] == "acknowledged"
    assert incidents.update_incident(made.unique_id, service, title="Cards fail", status=3).status == 3
    assert ours(f"incidents/{made.incident_number}")["status"] == "resolved"


def of_filter() -> None:
    tag = teams.get_tag_client(team).create_tag("found", "lime")
    made = incidents.create_incident("To be found", UUID(settings["service"]))
    incidents.get_tags_client(made).create_tag(tag.unique_id)
    found = incidents.get_all_incidents(
        page=1,
        page_size=5,
        all_teams=0,
        from_date="2020-01-01",
        to_date="2100-01-01",
        service_ids=[settings["service"]],
        tag_ids=[str(tag.unique_id)],
        team_ids=[str(team.unique_id)],
        status=-1,
    )
    assert [one["incident_number"] for one in found] == [made.incident_number]
    empty = {
        "priority_ids": [str(uuid4())],
        "priority_name": "None that is there",
        "sla_ids": [str(uuid4())],
        "escalation_policy_ids": [str(uuid4())],
        "user_ids": [settings["owner"]],
        "postmortem_filter": 1,
    }
    for name, value in empty.items():
        assert incidents.get_all_incidents(**{name: value}) == [], name
    assert (
        incidents.get_all_incidents(status=0, page=2, page_size=1)[0]["incident_number"]
        < made.incident_number
    )


def of_alerts() -> None:
    (alert,) = incidents.get_alerts_for_incident(settings["incident"])
    assert (alert.message, alert.alert_type, alert.incident) == (
        *("Checkout answers slowly", "3"),
        settings["incident"],
    )


def of_notes() -> None:
    incident = incidents.get_incident_by_unique_id_or_incident_number(str(settings["incident"]))
    notes = incidents.get_note_client(incident)
    made = notes.create_incident_note("We look into it.")
    assert (made.note, made.user, made.incident) == (
        *("We look into it.", settings["owner"]),
        settings["incident"],
    )
    assert notes.update_incident_note(made, "We have it.").note == "We have it."
    assert notes.get_incident_note_by_id(made.unique_id).note == "We have it."
    assert [one.note for one in notes.get_all_incident_notes()] == ["We have it."]
    entries = f"incidents/{settings['incident']}/entries"
    assert ours(f"{entries}?kind=note")["items"][0]["text"] == "We have it."
    notes.delete_incident_note(made)
    assert notes.get_all_incident_notes() == []
    assert ours(f"{entries}/{made.unique_id}")["hidden"], "nothing of a timeline is deleted"


def of_incident_tags() -> None:
    incident = incidents.get_incident_by_unique_id_or_incident_number(str(settings["incident"]))
    tags = incidents.get_tags_client(incident)
    of_team = teams.get_tag_client(team).create_tag("capacity", "cyan")
    made = tags.create_tag(of_team.unique_id)
    assert (made.team_tag, made.name, made.incident) == (
        *(of_team.unique_id, "capacity"),
        settings["incident"],
    )
    assert [one.unique_id for one in tags.get_all_tags()] == [made.unique_id]
    assert tags.get_tag_by_id(made.unique_id).color == "cyan"
    assert [one["name"] for one in ours(f"incidents/{settings['incident']}")["tags"]] == ["capacity"]
    tags.delete_tag(made)
    assert tags.get_all_tags() == []


def of_postmortems() -> None:
    postmortems = teams.get_postmortem_client(team)
    service = UUID(settings["service"])
    first, second = (incidents.create_incident(f"Cards fail {number}", service) for number in (1, 2))
    text = "It was long.\n\n## Impact\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    made = postmortems.create_postmortem(
        settings["owner"], [first.unique_id], "Cards failed", "Waiting for the vendor", text
    )
    assert (made.title, made.status, made.author) == (
        *("Cards failed", "Waiting for the vendor"),
        settings["owner"],
    )
    assert (made.author_name, made.download_status) == ("Alice", 1)
    assert [one.incident.incident_number for one in made.incidents] == [first.incident_number]
    assert "It was long." in made.postmortem_data
    assert made.postmortem_data.endswith("| 1 | 2 |")
    listed = [one for one in postmortems.get_all_postmortem() if one.unique_id == made.unique_id]
    assert [one.postmortem_data for one in listed] == [made.postmortem_data]
    named_by = incidents.get_all_incidents(status=0, postmortem_filter=1)
    assert [one["incident_number"] for one in named_by] == [first.incident_number]
    assert first.incident_number not in [
        one["incident_number"] for one in incidents.get_all_incidents(status=0, postmortem_filter=0)
    ]
    changed = postmortems.update_postmortem(
        made,
        settings["owner"],
        [first.unique_id, second.unique_id],
        title="Cards failed twice",
        status="draft",
        postmortem_data="Only this.",
    )
    assert (changed.title, changed.status, changed.postmortem_data) == (
        *("Cards failed twice", "draft"),
        "Only this.",
    )
    assert len(changed.incidents) == 2
    assert postmortems.get_postmortem_by_id(made.unique_id).updated_at >= made.updated_at
    postmortems.delete_postmortem(changed)
    assert gone(lambda: postmortems.get_postmortem_by_id(made.unique_id))
    bare = postmortems.create_postmortem(
        settings["owner"], [], "About no incident", None, "## Summary\n\nOld."
    )
    assert (bare.incidents, bare.status, bare.postmortem_data) == ([], "draft", "## Summary\n\nOld.")
    postmortems.delete_postmortem(bare)


def of_old_clients() -> None:
    """The client of before, which gives the bare answer and has its host built in."""
    old = zenduty.ApiClient(settings["key"])
    send = old.rest_client.request
    old.rest_client.request = lambda method, url, body, headers: send(
        method, url.replace(THEIR_HOST, settings["url"]), body, headers
    )

    def told(answer: Any, status: int = 200) -> Any:
        assert answer.status == status, (answer.status, answer.data)
        return json.loads(answer.data) if answer.data else None

    old_teams, members = zenduty.TeamsApi(old), zenduty.MembersApi(old)
    made = told(old_teams.create_team({"name": "Old"}), 201)["unique_id"]
    assert made in [one["unique_id"] for one in told(old_teams.get_teams())]
    member = told(members.add_members_to_team(made, {"team": made, "user": settings["mate"]}), 201)
    assert len(told(old_teams.get_team_details(made))["members"]) == 2
    told(members.delete_members_from_team(made, member["unique_id"]), 204)

    policies = EscalationPoliciesApi(old)
    body = {"name": "Old", "rules": [{"delay": 0, "position": 1, "targets": []}]}
    body["rules"][0]["targets"] = [{"target_type": 2, "target_id": settings["owner"]}]
    policy = told(policies.create_escalation_policy(made, body), 201)["unique_id"]
    assert [one["unique_id"] for one in told(policies.get_escalation_policies(made))] == [policy]
    told(policies.update_escalation_policy(made, policy, {"summary": "Older.", "rules": body["rules"]}))
    assert told(policies.get_escalation_policy_by_id(made, policy))["summary"] == "Older."

    services = zenduty.ServicesApi(old)
    service = told(services.add_new_service_in_team(made, {"name": "Old", "escalation_policy": policy}), 201)
    service = service["unique_id"]
    told(services.update_service(made, service, {"auto_resolve_timeout": 60}))
    assert told(services.get_services_by_id(made, service))["auto_resolve_timeout"] == 60
    assert len(told(services.get_service_for_team(made))) == 1
    told(services.delete_service_from_team(made, service), 204)
    told(policies.delete_escalation_policy(made, policy), 204)
    told(old_teams.delete_team(made), 204)

    place, integrations = (str(team.unique_id), settings["service"]), zenduty.IntegrationsApi(old)
    body = {"name": "Older", "summary": "", "application": str(uuid4())}
    integration = told(integrations.create_integration(*place, body), 201)["unique_id"]
    assert integration in [one["unique_id"] for one in told(integrations.get_integrations_in_service(*place))]
    assert told(integrations.get_integrations_by_id(*place, integration))["name"] == "Older"
    assert told(integrations.get_alerts_in_integration(*place, integration))["results"] == []

    of_all = zenduty.IncidentsApi(old)
    body = {"service": settings["service"], "user": None, "title": "Old way", "summary": "By hand."}
    number = told(of_all.create_incident({**body, "assigned_to": settings["owner"]}), 201)["incident_number"]
    told(of_all.acknowledge_or_resolve_incidents(number, {"status": 3, "incident_number": number}))
    shown = told(of_all.get_incidents_by_number(number))
    assert (shown["status"], shown["assigned_to"]) == (3, settings["owner"])
    assert told(of_all.get_incidents({"page": 1, "status": 5}))["results"][0]["incident_number"] == number
    assert told(of_all.get_incident_alerts(number))["results"] == []
    assert told(of_all.get_incident_notes(number))["results"] == []


RESOURCES = {
    name.removeprefix("of_"): drive
    for name, drive in list(globals().items())
    if name.startswith("of_") and callable(drive)
}
wrong = {}
for name, drive in RESOURCES.items():
    try:
        drive()
    except Exception:
        wrong[name] = traceback.format_exc()
# Clients for what Afterword does not keep are given out, and called by nobody.
for other in ("schedule", "task_template"):
    getattr(teams, f"get_{other}_client")(team)
sys.stdout.write(json.dumps({"resources": list(RESOURCES), "wrong": wrong, "calls": calls}) + "\n")
