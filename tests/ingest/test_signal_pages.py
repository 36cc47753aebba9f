"""The last signals of an integration and their fate, on pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Change, Incident
from afterword.ingest.fates import views
from afterword.ingest.models import Failure, InboxRow, RecentBody, Signal
from afterword.ingest.partitions import partition_of_entity
from afterword.ingest.reads import read_key_table
from afterword.ingest.worker import fold_once
from afterword.ingest.writes.reruns import trace_id_of_rerun
from afterword.lib import clock
from tests.cast import STARTED
from tests.ingest.fates import BODY, alerted, decided, failed, waiting
from tests.ingest.signals import SAMPLE

SignIn = Callable[[Person], Client]


def page_of(integration: Integration, more: str = "") -> str:
    return f"/settings/integrations/{integration.unique_id}/signals{more}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_each_signal_stands_there_with_its_fate(
    sign_in: SignIn, bob: Person, integration: Integration, incident: Incident, service: Service
) -> None:
    alerted(integration, message="It opens", incident=incident, is_incident_created=True)
    alerted(integration, message="It joins", incident=incident)
    alerted(integration, message="It informs")
    alerted(integration, message="It is hushed", suppressed=True)
    change = Change.objects.create(
        trace_id=incident_free_trace(integration),
        service=service,
        integration=integration,
        title="Deploy 41",
        at=STARTED,
        received_at=STARTED,
    )
    decided(integration, change_unique_id=change.unique_id)
    failed(integration, error="message: This field is required.")
    failed(integration, error="Your service is under maintenance", failure=Failure.MAINTENANCE)
    waiting(integration)
    html = read(sign_in(bob), page_of(integration))
    for words in (
        f"Opened #{incident.number}",
        f"Added to #{incident.number}",
        "Recorded without an incident",
        "Suppressed",
        "Deploy 41",
        "message: This field is required.",
        "Held back",
        "Waiting",
        "1.0 s",
    ):
        assert words in html
    assert f'href="/incidents/{incident.number}"' in html


def incident_free_trace(integration: Integration) -> object:
    return decided(integration).trace_id


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("failed", {"one refused", "one held"}),
        ("maintenance", {"one held"}),
        ("waiting", {"one waiting"}),
        ("", {"one refused", "one held", "one waiting", "one fine"}),
    ],
)
def test_the_list_is_narrowed(
    sign_in: SignIn, bob: Person, integration: Integration, state: str, shown: set[str]
) -> None:
    alerted(integration, message="one fine")
    failed(integration, error="one refused")
    failed(integration, error="one held", failure=Failure.MAINTENANCE)
    waiting(integration, entity_id="one waiting")
    html = read(sign_in(bob), page_of(integration, f"?state={state}"))
    assert {word for word in ("one refused", "one held", "one waiting", "one fine") if word in html} == shown


def test_a_state_that_is_none_is_refused(sign_in: SignIn, bob: Person, integration: Integration) -> None:
    assert sign_in(bob).get(page_of(integration, "?state=odd")).status_code == 400


def test_a_long_list_is_read_in_pages(
    sign_in: SignIn, bob: Person, integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SIGNALS_PER_PAGE", 2)
    for minute in range(5):
        alerted(integration, message=f"number {minute}", at=STARTED + timedelta(minutes=minute))
    client = sign_in(bob)
    address: str | None = page_of(integration)
    seen = []
    while address:
        answer = client.get(address)
        seen.append([signal.message for signal in answer.context["signals"]])
        address = answer.context["older_url"]
    assert seen == [["number 4", "number 3"], ["number 2", "number 1"], ["number 0"]]


def test_only_the_newest_page_comes_anew_by_itself(
    sign_in: SignIn, bob: Person, integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SIGNALS_PER_PAGE", 1)
    for _ in range(2):
        alerted(integration)
    client = sign_in(bob)
    first = client.get(page_of(integration))
    assert 'data-island="refresh"' in first.content.decode()
    assert 'data-island="refresh"' not in read(client, first.context["older_url"])


def test_an_incident_of_another_team_is_not_named(
    sign_in: SignIn,
    bob: Person,
    integration: Integration,
    other_team: object,
    make_incident: Callable[..., Incident],
) -> None:
    theirs = Service.objects.create(team=other_team, name="Search index")
    incident = make_incident(on=theirs)
    alerted(integration, incident=incident)
    html = read(sign_in(bob), page_of(integration))
    assert "In an incident of another team" in html
    assert f"/incidents/{incident.number}" not in html


def test_an_empty_list_offers_a_line_to_copy_to_those_who_may_write(
    sign_in: SignIn, bob: Person, vera: Person, integration: Integration
) -> None:
    assert "curl -X POST" in read(sign_in(bob), page_of(integration))
    html = read(sign_in(vera), page_of(integration))
    assert "No signals yet" in html
    assert "curl" not in html


def test_a_body_is_shown_to_those_who_may_write_and_to_nobody_else(
    sign_in: SignIn, bob: Person, vera: Person, integration: Integration
) -> None:
    signal = failed(integration)
    address = page_of(integration, f"/{signal.trace_id}")
    assert "hunter2" in read(sign_in(bob), address)
    html = read(sign_in(vera), address)
    assert "hunter2" not in html
    assert "may hold secrets" in html
    assert signal.error in html


def test_the_body_of_a_folded_signal_is_shown_while_it_is_kept(
    sign_in: SignIn, bob: Person, integration: Integration
) -> None:
    signal = alerted(integration, remarks=["There is no SLA with the id x in the team: ignored."])
    client = sign_in(bob)
    address = page_of(integration, f"/{signal.trace_id}")
    assert "no longer kept" in read(client, address)
    RecentBody.objects.create(
        trace_id=signal.trace_id, integration=integration, body='{"n":1e999}', received_at=STARTED
    )
    html = read(client, address)
    assert "&quot;n&quot;: 1e999" in html
    assert "There is no SLA with the id x in the team: ignored." in html


def test_a_large_body_is_shown_by_its_beginning(
    sign_in: SignIn, bob: Person, integration: Integration
) -> None:
    signal = failed(integration, body='"' + "x" * 500_000 + '"')
    answer = sign_in(bob).get(page_of(integration, f"/{signal.trace_id}"))
    assert "This is its beginning" in answer.content.decode()
    assert len(answer.content) < 60_000


def test_a_signal_of_another_integration_is_not_found_here(
    sign_in: SignIn, bob: Person, integration: Integration, service: Service
) -> None:
    other = Integration.objects.create(service=service, name="Another")
    signal = failed(other)
    assert sign_in(bob).get(page_of(integration, f"/{signal.trace_id}")).status_code == 404


def test_outsiders_find_nothing(
    sign_in: SignIn, charlie: Person, alice: Person, integration: Integration
) -> None:
    signal = failed(integration)
    client = sign_in(charlie)
    assert client.get(page_of(integration)).status_code == 404
    assert client.get(page_of(integration, f"/{signal.trace_id}")).status_code == 404
    assert client.post(page_of(integration, f"/{signal.trace_id}/rerun")).status_code == 404
    assert client.post(page_of(integration, "/rerun")).status_code == 404
    assert not InboxRow.objects.exists()
    assert sign_in(alice).get(page_of(integration)).status_code == 200


def test_a_manager_runs_a_failed_signal_again(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, integration: Integration
) -> None:
    signal = failed(integration, entity_id="checkout")
    address = page_of(integration, f"/{signal.trace_id}")
    for person in (bob, vera):
        assert "Run it again" not in read(sign_in(person), address)
        assert sign_in(person).post(f"{address}/rerun").status_code == 403
    client = sign_in(alice)
    assert "Run it again" in read(client, address)
    answer = client.post(f"{address}/rerun", follow=True)
    row = InboxRow.objects.get()
    assert (row.body, row.entity_id, row.integration_id) == (BODY, "checkout", integration.pk)
    assert str(row.trace_id) in answer.redirect_chain[-1][0]
    assert "It waits to be folded" in answer.content.decode()
    html = read(client, address)
    assert f"/signals/{row.trace_id}" in html
    assert "Run it again" not in html
    InboxRow.objects.all().delete()
    assert "What became of it is no longer kept." in read(client, address)


def test_a_second_click_runs_nothing_twice(sign_in: SignIn, alice: Person, integration: Integration) -> None:
    signal = failed(integration)
    client = sign_in(alice)
    for _ in range(2):
        answer = client.post(page_of(integration, f"/{signal.trace_id}/rerun"))
        assert answer.url == page_of(integration, f"/{trace_id_of_rerun(signal.trace_id)}")
    assert InboxRow.objects.count() == 1


def test_all_failed_ones_are_run_again_in_pieces(
    sign_in: SignIn, alice: Person, bob: Person, integration: Integration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("afterword.ingest.writes.reruns.CHUNK_ROWS_MAX", 2)
    monkeypatch.setattr("afterword.ingest.writes.reruns.RERUN_ROWS_MAX", 3)
    for minute in range(4):
        failed(integration, at=STARTED + timedelta(minutes=minute), entity_id=f"entity {minute}")
    held = failed(integration, failure=Failure.MAINTENANCE, at=STARTED + timedelta(hours=1))
    client = sign_in(alice)
    assert "5 signals failed" in read(client, page_of(integration, "?state=failed"))
    assert sign_in(bob).post(page_of(integration, "/rerun")).status_code == 403
    answer = client.post(page_of(integration, "/rerun"), {"failure": "refused"}, follow=True)
    assert [row.entity_id for row in InboxRow.objects.order_by("pk")] == ["entity 0", "entity 1", "entity 2"]
    assert "1 is left for another go." in answer.content.decode()
    client.post(page_of(integration, "/rerun"))
    assert InboxRow.objects.count() == 5
    assert not Signal.objects.filter(retried_at=None).exists()
    assert InboxRow.objects.filter(trace_id=trace_id_of_rerun(held.trace_id)).exists()


def test_the_way_to_run_them_again_says_how_many(
    sign_in: SignIn, alice: Person, integration: Integration
) -> None:
    failed(integration, failure=Failure.MAINTENANCE)
    client = sign_in(alice)
    html = read(client, page_of(integration, "?state=maintenance"))
    assert "Maintenance held 1 alert back." in html
    assert 'name="failure" value="maintenance"' in html


def test_a_service_whose_signals_fail_carries_a_warning(
    sign_in: SignIn, bob: Person, integration: Integration
) -> None:
    client = sign_in(bob)
    failed(integration, at=clock.now() - timedelta(days=2))
    failed(integration, at=clock.now(), failure=Failure.MAINTENANCE)
    failed(integration, at=clock.now(), retried_at=clock.now())
    for address in ("/settings/services", "/settings"):
        assert "Signals fail" not in read(client, address)
    failed(integration, at=clock.now())
    for address in ("/settings/services", "/settings"):
        assert "Signals fail" in read(client, address)


def test_a_warning_is_for_those_who_see_the_service(
    sign_in: SignIn, charlie: Person, integration: Integration
) -> None:
    failed(integration, at=clock.now())
    assert "Signals fail" not in read(sign_in(charlie), "/settings")


@pytest.mark.parametrize("collation_minutes", [0, 5])
def test_what_runs_again_waits_in_the_order_of_new_signals(
    sign_in: SignIn, alice: Person, organisation: object, integration: Integration, collation_minutes: int
) -> None:
    Service.objects.update(collation_minutes=collation_minutes)
    known = read_key_table()[f"generic/{integration.key}"]
    signal = failed(integration, entity_id="checkout")
    sign_in(alice).post(page_of(integration, f"/{signal.trace_id}/rerun"))
    expected = partition_of_entity("checkout") if known.partition is None else known.partition
    assert (known.partition is None) == (collation_minutes == 0)
    assert InboxRow.objects.get().partition == expected


def test_a_signal_that_runs_again_is_folded(
    sign_in: SignIn, alice: Person, organisation: object, integration: Integration
) -> None:
    signal = failed(integration, entity_id="12345", body=json.dumps(SAMPLE))
    sign_in(alice).post(page_of(integration, f"/{signal.trace_id}/rerun"))
    assert fold_once() == 1
    html = read(sign_in(alice), page_of(integration))
    assert f"Opened #{Incident.objects.get().number}" in html
    assert "Failed, run again" in html
