"""The pages and the API of outgoing webhooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.incidents import writes as incidents
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import make_private
from afterword.webhooks.models import Delivery, Endpoint
from afterword.webhooks.sending import send_due_webhooks
from afterword.webhooks.writes.deliveries import ping
from tests.notify.receiver import Receiver

pytestmark = pytest.mark.once

Make = Callable[..., tuple[Endpoint, str]]
SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]
FORM = {"url": "https://hooks.example.com/token-abc", "events": "all", "of": "all", "is_active": "on"}


def test_an_administrator_makes_changes_and_deletes_one(alice: Person, team: Team, sign_in: SignIn) -> None:
    client = sign_in(alice)
    made = client.post("/settings/webhooks/new", FORM)
    endpoint = Endpoint.objects.get()
    page = f"/settings/webhooks/{endpoint.unique_id}"
    assert made.context["secret"] in made.content.decode()
    assert made.headers["Cache-Control"].startswith("max-age=0")
    assert made.context["secret"] not in client.get(page).content.decode()
    assert "token-abc" not in endpoint.sealed_url + client.get(page).content.decode()
    assert "token-abc" in client.get(f"{page}/settings").content.decode()
    chosen = {
        **FORM,
        "description": "Reports",
        "events": "some",
        "event_types": ["incident.resolved", "incident.created"],
        "of": "some",
        "teams": [str(team.unique_id)],
    }
    assert client.post(f"{page}/settings", chosen).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.event_types, list(endpoint.teams.all())) == (
        ["incident.created", "incident.resolved"],
        [team],
    )
    assert "Reports" in client.get("/settings/webhooks").content.decode()
    assert client.post(f"{page}/deletion").status_code == 302
    assert not Endpoint.objects.exists()
    told = list(AuditEvent.objects.filter(action__startswith="webhook.").order_by("id"))
    assert [event.action for event in told] == ["webhook.created", "webhook.changed", "webhook.deleted"]
    assert "token-abc" not in str([event.data for event in told])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "ftp://hooks.example.com"}, "url"),
        ({"url": "https://user:secret@hooks.example.com"}, "url"),
        ({"events": "some"}, "event_types"),
        ({"of": "some"}, "teams"),
        ({"description": "x" * 201}, "description"),
    ],
    ids=["scheme", "password", "events", "teams", "long"],
)
def test_what_cannot_be_used_is_named_and_what_was_typed_stays(
    alice: Person, sign_in: SignIn, wrong: dict[str, str], field: str
) -> None:
    answer = sign_in(alice).post("/settings/webhooks/new", {**FORM, "description": "Reports", **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    assert answer.context["form"]["url"].value() == wrong.get("url", FORM["url"])
    assert not Endpoint.objects.exists()


def test_the_log_shows_what_was_sent_and_answered(
    make_endpoint: Make, receiver: Receiver, alice: Person, incident: Incident, sign_in: SignIn
) -> None:
    endpoint, _ = make_endpoint()
    receiver.status = 500
    client, page = sign_in(alice), f"/settings/webhooks/{endpoint.unique_id}"
    incidents.acknowledge_incident(actor=alice, incident=incident)
    send_due_webhooks()
    delivery = Delivery.objects.get()
    log, one = client.get(page), client.get(f"{page}/deliveries/{delivery.unique_id}")
    assert "incident.acknowledged" in log.content.decode()
    assert "Failing" in log.content.decode()
    for shown in (
        "It answered 500.",
        "<code>ok</code>",
        "Checkout answers slowly",
        delivery.event.message_id,
    ):
        assert shown in one.content.decode()
    receiver.status = 200
    assert client.post(f"{page}/deliveries/{delivery.unique_id}/again").status_code == 302
    send_due_webhooks()
    assert Delivery.objects.get().state == "sent"
    assert client.get(f"{page}?state=failed").context["page"].paginator.count == 0
    assert client.post(f"{page}/ping").status_code == 302
    assert Delivery.objects.count() == 2


def test_the_log_tells_nothing_of_a_private_incident(
    make_endpoint: Make, alice: Person, incident: Incident, sign_in: SignIn, api_headers: Headers
) -> None:
    endpoint, _ = make_endpoint(includes_private=True)
    make_private(actor=alice, incident=incident)
    incidents.resolve_incident(actor=alice, incident=incident)
    send_due_webhooks()
    delivery, client = Delivery.objects.get(), sign_in(alice)
    page = f"/settings/webhooks/{endpoint.unique_id}"
    api = f"/api/v1/webhooks/{endpoint.unique_id}/deliveries"
    for answer in (
        client.get(page),
        client.get(f"{page}/deliveries/{delivery.unique_id}"),
        client.get(api, headers=api_headers(alice)),
    ):
        assert "Checkout answers" not in answer.content.decode()
        assert f"incident {incident.number}" not in answer.content.decode()


def test_pages_ask_the_database_no_more_for_many_deliveries(
    make_endpoint: Make, alice: Person, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    endpoint, _ = make_endpoint()
    client, page = sign_in(alice), f"/settings/webhooks/{endpoint.unique_id}"
    for _ in range(3):
        ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    with django_assert_num_queries(8):
        client.get(page)
    make_endpoint()
    with django_assert_num_queries(5):
        client.get("/settings/webhooks")


def test_nobody_else_sees_or_does_anything(
    make_endpoint: Make, alice: Person, bob: Person, vera: Person, sign_in: SignIn, api_headers: Headers
) -> None:
    endpoint, _ = make_endpoint()
    delivery = ping(actor=alice, endpoint=endpoint)
    page, api = f"/settings/webhooks/{endpoint.unique_id}", f"/api/v1/webhooks/{endpoint.unique_id}"
    events = AuditEvent.objects.count()
    for person in (bob, vera):
        client, headers = sign_in(person), api_headers(person)
        answers = [
            client.get("/settings/webhooks"),
            client.post("/settings/webhooks/new", FORM),
            client.get(page),
            client.get(f"/settings/webhooks/{uuid4()}"),
            client.post(f"{page}/settings", FORM),
            client.post(f"{page}/ping"),
            client.post(f"{page}/secret"),
            client.post(f"{page}/deletion"),
            client.get(f"{page}/deliveries/{delivery.unique_id}"),
            client.post(f"{page}/deliveries/{delivery.unique_id}/again"),
            client.get("/api/v1/webhooks", headers=headers),
            client.get(api, headers=headers),
            client.get(f"{api}/deliveries", headers=headers),
            client.post(f"{api}/ping", {}, content_type="application/json", headers=headers),
            client.post(f"{api}/secret", {}, content_type="application/json", headers=headers),
            client.delete(api, headers=headers),
        ]
        assert {answer.status_code for answer in answers} == {403}
        assert not any("127.0.0.1" in answer.content.decode() for answer in answers)
        assert "Webhooks" not in client.get("/settings").content.decode()
    assert AuditEvent.objects.exclude(action="api_key.created").count() == events


def test_programs_do_all_of_it_too(
    client: Client, make_endpoint: Make, receiver: Receiver, alice: Person, team: Team, api_headers: Headers
) -> None:
    make_endpoint(is_active=False)
    headers = api_headers(alice)

    def send(method: str, path: str, body: Any = None) -> Any:
        return getattr(client, method)(
            f"/api/v1/webhooks{path}", body, content_type="application/json", headers=headers
        )

    made = send("post", "", {"url": receiver.url, "event_types": ["incident.created"]}).json()
    assert made["secret"].startswith("whsec_")
    path = f"/{made['unique_id']}"
    assert "secret" not in send("get", path).json()
    assert send("patch", path, {"teams": [str(team.unique_id)]}).json()["teams"][0]["name"] == "Payments"
    assert send("patch", path, {"event_types": None}).json()["event_types"] is None
    assert send("patch", path, {"event_types": ["nonsense"]}).json()["fields"].keys() == {"event_types"}
    delivery = send("post", f"{path}/ping", {}).json()
    send_due_webhooks()
    found = send("get", f"{path}/deliveries/{delivery['unique_id']}").json()
    assert (found["state"], found["attempts"][0]["status"], found["type"]) == ("sent", 200, "ping")
    assert send("post", f"{path}/deliveries/{delivery['unique_id']}/retry", {}).status_code == 202
    assert (
        send("get", f"{path}/deliveries?state=waiting").json()["items"][0]["unique_id"] == found["unique_id"]
    )
    assert send("get", f"{path}/deliveries?state=lost").status_code == 400
    assert send("post", f"{path}/secret", {}).json()["secret"] != made["secret"]
    assert send("post", f"{path}/secret", {}).status_code == 409
    assert send("post", f"{path}/secret", {"at_once": True}).status_code == 200
    assert send("delete", path).status_code == 204
    assert send("get", path).status_code == 404
