"""What becomes of an event when its receiver takes it, refuses it, is slow, hangs up or is away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.followups.writes import change_status, create_follow_up
from afterword.incidents import writes as incidents
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import make_private
from afterword.letters.models import Letter
from afterword.letters.writers import write_letter
from afterword.lib import outgoing
from afterword.postmortems.writes import create_postmortem
from afterword.webhooks import rules, sending
from afterword.webhooks.models import Delivery, DeliveryState, Endpoint, WebhookEvent
from afterword.webhooks.sending import Sender, send_due_webhooks
from afterword.webhooks.writes.deliveries import (
    EVENTS_KEPT_DAYS,
    SENDING_SECONDS_MAX,
    claim_delivery,
    ping,
    prune_webhook_events,
    send_again,
)
from afterword.webhooks.writes.endpoints import change_endpoint, rotate_secret
from tests.notify.conftest import MovableClock
from tests.notify.receiver import Received, Receiver, running_receiver
from tests.servers import free_port, wait_until
from tests.together import ask
from tests.webhooks.conftest import wishes_of

Make = Callable[..., tuple[Endpoint, str]]


def verify(request: Received, secret: str) -> dict[str, Any]:
    """As a receiver does after Standard Webhooks 1.0.0, written from the specification."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert expected in headers["webhook-signature"].split(" ")
    body: dict[str, Any] = json.loads(request.body)
    return body


def move_to_next(time: MovableClock) -> None:
    """On to the moment at which something is sent again."""
    for delivery in Delivery.objects.filter(state=DeliveryState.WAITING).select_related("endpoint"):
        time.at = max(time.at, delivery.next_attempt_at, delivery.endpoint.paused_until or time.at)


def test_a_change_arrives_signed_and_thin(
    make_endpoint: Make, receiver: Receiver, alice: Person, incident: Incident, time: MovableClock
) -> None:
    _, secret = make_endpoint()
    incidents.acknowledge_incident(actor=alice, incident=incident)
    assert send_due_webhooks() == 1
    (request,) = receiver.requests
    assert verify(request, secret) == {
        "type": "incident.acknowledged",
        "timestamp": "2026-03-02T15:05:00.000Z",
        "data": {
            "id": incident.unique_id,
            "number": incident.number,
            "title": "Checkout answers slowly",
            "status": "acknowledged",
            "url": f"http://127.0.0.1:8000/incidents/{incident.number}",
            "service": {"id": str(incident.service.unique_id), "name": "Checkout"},
            "team": {"id": str(incident.service.team.unique_id), "name": "Payments"},
            "changed": ["status"],
        },
    }
    assert request.headers["webhook-timestamp"] == str(int(time.at.timestamp()))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries.get().status, delivery.tries.get().answer) == ("sent", 200, "ok")


def test_post_mortems_and_follow_ups_are_told_too(
    make_endpoint: Make, receiver: Receiver, alice: Person, resolved_incident: Incident
) -> None:
    make_endpoint()
    postmortem = create_postmortem(actor=alice, incidents=[resolved_incident], title="Slow")
    follow_up = create_follow_up(actor=alice, incident=resolved_incident, title="Alert earlier")
    change_status(actor=alice, follow_up=follow_up, status="completed")
    send_due_webhooks()
    bodies = [json.loads(request.body) for request in receiver.requests]
    assert [body["type"] for body in bodies] == [
        "postmortem.created",
        "follow_up.created",
        "follow_up.completed",
    ]
    assert bodies[0]["data"]["url"].endswith(f"/postmortems/{postmortem.number}")
    assert bodies[2]["data"]["status"] == "completed"


def test_what_is_rolled_back_is_not_told(make_endpoint: Make, alice: Person, incident: Incident) -> None:
    make_endpoint()

    def acknowledge_and_fail() -> None:
        with transaction.atomic():
            incidents.acknowledge_incident(actor=alice, incident=incident)
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        acknowledge_and_fail()
    assert not WebhookEvent.objects.exists()


def test_an_endpoint_is_told_what_it_chose(
    make_endpoint: Make, receiver: Receiver, alice: Person, other_team: Team, incident: Incident
) -> None:
    make_endpoint(all_events=False, event_types=["incident.resolved"])
    make_endpoint(all_teams=False, teams=[other_team])
    make_endpoint(is_active=False)
    incidents.acknowledge_incident(actor=alice, incident=incident)
    assert send_due_webhooks() == 0
    incidents.resolve_incident(actor=alice, incident=incident)
    assert send_due_webhooks() == 1


def test_a_private_incident_is_told_only_where_that_is_wished(
    make_endpoint: Make, alice: Person, incident: Incident
) -> None:
    make_endpoint()
    knowing, _ = make_endpoint(includes_private=True)
    incidents.acknowledge_incident(actor=alice, incident=incident)
    make_private(actor=alice, incident=incident)
    assert {one.endpoint_id for one in Delivery.objects.filter(state=DeliveryState.WAITING)} == {knowing.pk}
    incident.refresh_from_db()
    incidents.resolve_incident(actor=alice, incident=incident)
    create_follow_up(actor=alice, incident=incident, title="Alert earlier")
    create_postmortem(actor=alice, incidents=[incident], title="Slow")
    private = Delivery.objects.filter(event__is_private=True, state=DeliveryState.WAITING)
    assert [one.endpoint_id for one in private] == [knowing.pk] * 4


def test_a_post_mortem_waits_no_more_when_any_of_its_incidents_becomes_private(
    make_endpoint: Make, alice: Person, incident: Incident, resolved_incident: Incident
) -> None:
    make_endpoint()
    create_postmortem(actor=alice, incidents=[resolved_incident, incident], title="Both")
    create_postmortem(actor=alice, incidents=[resolved_incident], title="One")
    make_private(actor=alice, incident=incident)
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, event__type="postmortem.created")
    assert [json.loads(one.event.body)["data"]["title"] for one in waiting] == ["One"]


def test_a_failure_is_tried_again_with_the_same_id_for_about_a_day(
    make_endpoint: Make, receiver: Receiver, alice: Person, incident: Incident, time: MovableClock
) -> None:
    endpoint, secret = make_endpoint()
    ping(actor=alice, endpoint=endpoint)
    receiver.status = 503
    started = time.at
    while Delivery.objects.get().state == DeliveryState.WAITING:
        send_due_webhooks()
        move_to_next(time)
    took = Delivery.objects.get().tries.last().at - started  # type: ignore[union-attr]
    assert timedelta(hours=21) < took < timedelta(hours=27)
    assert len(receiver.requests) == rules.ATTEMPTS_MAX
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) == rules.ATTEMPTS_MAX
    verify(receiver.requests[-1], secret)


def test_waits_are_spread_and_grow() -> None:
    from tests.cast import STARTED

    for attempts, seconds in enumerate(rules.RETRY_AFTER_SECONDS, 1):
        first, last = (rules.next_attempt_at(attempts, STARTED, chance=chance) for chance in (0, 1))
        assert first is not None
        assert last is not None
        assert (first - STARTED).total_seconds() == pytest.approx(seconds * 0.9)
        assert (last - STARTED).total_seconds() == pytest.approx(seconds * 1.1)
    assert rules.next_attempt_at(rules.ATTEMPTS_MAX, STARTED, chance=0.5) is None
    assert 23 < sum(rules.RETRY_AFTER_SECONDS) / 3600 < 25


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("status", "It answered 500."),
        ("redirect", "It answered 302."),
        ("hangs up", "It cannot be reached"),
        ("nobody", "It cannot be reached"),
        ("slow", "It did not answer within"),
        ("plain", "No secure connection"),
    ],
)
def test_why_it_did_not_arrive_is_told(
    make_endpoint: Make,
    receiver: Receiver,
    alice: Person,
    monkeypatch: pytest.MonkeyPatch,
    trouble: str,
    reason: str,
) -> None:
    release = threading.Event()
    url = receiver.url
    if trouble == "status":
        receiver.status = 500
    elif trouble == "redirect":
        receiver.status, receiver.location = 302, receiver.url
    elif trouble == "hangs up":
        receiver.hangs_up = True
    elif trouble == "slow":
        monkeypatch.setattr(sending, "REQUEST_SECONDS_MAX", 0.3)
        receiver.before_answer = lambda: release.wait(60) and None
    elif trouble == "plain":
        url = url.replace("http://", "https://")
    else:
        url = f"http://127.0.0.1:{free_port()}/"
    endpoint, _ = make_endpoint(url=url)
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    release.set()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries.count()) == ("waiting", 1)
    assert delivery.error.startswith(reason)
    if trouble not in ("nobody", "plain"):
        # Who is slow may begin to read later than we give up.
        wait_until(lambda: receiver.requests, "the request did not arrive")
    assert len(receiver.requests) == (0 if trouble in ("nobody", "plain") else 1)


def test_a_long_answer_is_cut(make_endpoint: Make, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint, _ = make_endpoint()
    ping(actor=alice, endpoint=endpoint)
    monkeypatch.setattr(sending.outgoing, "post", lambda *a, **k: outgoing.Answer(200, b"\x00x" * 60_000))
    send_due_webhooks()
    assert len(Delivery.objects.get().tries.get().answer) == 4_000


def test_a_private_network_is_refused_unless_it_is_allowed(
    make_endpoint: Make, receiver: Receiver, alice: Person, settings: Any
) -> None:
    endpoint, _ = make_endpoint(url=receiver.url.replace("127.0.0.1", "localhost"))
    settings.WEBHOOK_PRIVATE_NETWORKS = [ip_network("10.0.0.0/8"), ip_network("169.254.0.0/16")]
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    assert Delivery.objects.get().error.startswith("Its address leads into a private network")
    assert receiver.requests == []


@pytest.mark.pure
@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("169.254.169.254", []),
        ("[::1]", []),
        ("10.1.2.3", ["192.168.0.0/16"]),
        ("[::ffff:127.0.0.1]", []),
        ("[64:ff9b:1::a01:203]", []),
        ("[::127.0.0.1]", []),
    ],
)
def test_metadata_and_neighbours_are_refused(host: str, allowed: list[str]) -> None:
    networks = [ip_network(one) for one in allowed]
    with pytest.raises(outgoing.PrivateAddress):
        outgoing.post(f"http://{host}/", b"{}", headers={}, private_networks=networks, seconds_max=2)


def test_a_name_that_changes_after_it_was_checked_leads_nowhere(
    make_endpoint: Make, receiver: Receiver, alice: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was checked is what is connected to: the name is asked for once."""
    asked = []
    real = socket.getaddrinfo

    def answer(host: str, *arguments: Any, **others: Any) -> Any:
        asked.append(host)
        if host != "rebinding.example.com":
            return real(host, *arguments, **others)
        return real("127.0.0.1" if asked.count(host) == 1 else "169.254.169.254", *arguments, **others)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    endpoint, _ = make_endpoint(url=receiver.url.replace("127.0.0.1", "rebinding.example.com"))
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    assert asked.count("rebinding.example.com") == 1
    assert receiver.requests[0].headers["Host"].startswith("rebinding.example.com")


def test_an_endpoint_that_keeps_failing_is_switched_off_and_administrators_are_told(
    make_endpoint: Make,
    receiver: Receiver,
    alice: Person,
    bob: Person,
    incident: Incident,
    time: MovableClock,
) -> None:
    endpoint, _ = make_endpoint(description="Reports")
    receiver.status = 500
    incidents.acknowledge_incident(actor=alice, incident=incident)
    started = time.at
    while endpoint.is_active and time.at < started + timedelta(days=2):
        send_due_webhooks()
        move_to_next(time)
        endpoint.refresh_from_db()
    assert endpoint.switched_off_at is not None
    assert timedelta(hours=20) < endpoint.switched_off_at - started < timedelta(hours=27)
    assert not Delivery.objects.filter(state=DeliveryState.WAITING).exists()
    assert AuditEvent.objects.filter(action="webhook.switched_off").count() == 1
    (letter,) = Letter.objects.all()
    text = write_letter(letter)
    assert letter.person == alice
    assert text is not None
    assert text.subject == "The webhook to Reports was switched off"
    change_endpoint(actor=alice, endpoint=endpoint, wishes=wishes_of(endpoint, receiver.url, is_active=True))
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.switched_off_at) == (0, None)
    assert write_letter(letter) is None


def test_one_that_is_gone_is_switched_off_at_once(
    make_endpoint: Make, receiver: Receiver, alice: Person, incident: Incident
) -> None:
    endpoint, _ = make_endpoint()
    receiver.status = 410
    incidents.acknowledge_incident(actor=alice, incident=incident)
    send_due_webhooks()
    endpoint.refresh_from_db()
    assert not endpoint.is_active


def test_events_come_one_after_the_other_in_their_order(
    make_endpoint: Make, receiver: Receiver, alice: Person, incident: Incident, time: MovableClock
) -> None:
    make_endpoint()
    titles = [f"Title {number}" for number in range(5)]
    for title in titles:
        incidents.change_title(actor=alice, incident=incident, title=title)
        time.move(seconds=1)
    assert claim_delivery(at=time.at) is not None
    assert claim_delivery(at=time.at) is None, "one request at a time"
    time.move(seconds=SENDING_SECONDS_MAX)
    send_due_webhooks()
    told = [json.loads(request.body)["data"]["title"] for request in receiver.requests]
    assert sorted(told) == titles
    assert told == titles[1:] + titles[:1], "what a dead worker had is sent again when its time is up"


@pytest.mark.django_db(transaction=True)
def test_a_slow_endpoint_holds_up_nobody_else(
    make_endpoint: Make, receiver: Receiver, alice: Person, several: Any, incident: Incident
) -> None:
    release, stop = threading.Event(), threading.Event()
    with running_receiver() as slow:
        slow.before_answer = lambda: release.wait(180) and None

        def queue() -> None:
            sluggish, _ = make_endpoint(url=slow.url)
            quick, _ = make_endpoint()
            for endpoint in (sluggish, sluggish, quick, quick, quick):
                ping(actor=alice, endpoint=endpoint)

        ask(several, queue)
        sender = Sender(stop)

        def send_until_quick_is_done() -> None:
            import time

            deadline = time.monotonic() + 60
            while len(receiver.requests) < 3:
                assert time.monotonic() < deadline
                sender.begin_what_is_due()
                time.sleep(0.02)

        try:
            ask(several, send_until_quick_is_done)
            assert len(slow.requests) == 1
        finally:
            release.set()
            stop.set()
            sender.finish()


def test_both_secrets_sign_for_a_day(
    make_endpoint: Make, receiver: Receiver, alice: Person, time: MovableClock
) -> None:
    endpoint, old = make_endpoint()
    new = rotate_secret(actor=alice, endpoint=endpoint).secret
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    verify(receiver.requests[0], old)
    verify(receiver.requests[0], new)
    time.move(hours=rules.OVERLAP_HOURS, seconds=1)
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    verify(receiver.requests[1], new)
    with pytest.raises(AssertionError):
        verify(receiver.requests[1], old)
    newest = rotate_secret(actor=alice, endpoint=endpoint, at_once=True).secret
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    verify(receiver.requests[2], newest)
    assert " " not in receiver.requests[2].headers["webhook-signature"]


@pytest.mark.pure
def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification's reference libraries."""
    signature = rules.sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_it_can_be_sent_again_by_hand(
    make_endpoint: Make, receiver: Receiver, alice: Person, time: MovableClock
) -> None:
    endpoint, _ = make_endpoint()
    delivery = ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    send_again(actor=alice, delivery=delivery)
    send_due_webhooks()
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
    assert delivery.tries.count() == 2


def test_old_events_are_forgotten_and_waiting_ones_are_not(
    make_endpoint: Make, alice: Person, time: MovableClock
) -> None:
    endpoint, _ = make_endpoint()
    ping(actor=alice, endpoint=endpoint)
    send_due_webhooks()
    ping(actor=alice, endpoint=endpoint)
    assert prune_webhook_events(at=time.at + timedelta(days=EVENTS_KEPT_DAYS, seconds=1)) == 1
    assert Delivery.objects.get().state == DeliveryState.WAITING
