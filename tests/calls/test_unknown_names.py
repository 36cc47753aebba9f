"""A name that nobody reads is refused by our own addresses, and taken by those of other vendors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from django.test import Client
from pydantic import BaseModel

from afterword.accounts.models import Person, Team
from afterword.config.api import ERRORS_TOLD_MAX, api
from afterword.incidents.models import Incident
from afterword.lib.bodies import Body
from afterword.postmortems.models import Postmortem

pytestmark = pytest.mark.once

VENDORS = ("/account", "/incidents", "/v1/postmortem_documents")
"""Where the shapes are those of Zenduty and incident.io, whose clients send more than is read."""


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models_in(field.annotation)
    for part in get_args(annotation):
        yield from _models_in(part)


def _bodies() -> Iterator[tuple[str, type[BaseModel]]]:
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for params in operation.models:
                    if params.__ninja_param_source__ == "body":
                        for field in params.model_fields.values():
                            for model in _models_in(field.annotation):
                                yield f"/{bound.prefix}/{path}".replace("//", "/"), model


def test_every_body_of_ours_refuses_unknown_names_and_none_of_the_vendors() -> None:
    bodies = list(_bodies())
    assert len(bodies) > 120
    for path, model in bodies:
        assert issubclass(model, Body) == (not path.startswith(VENDORS)), (path, model)


@pytest.fixture
def call(client: Client, alice: Person, api_headers: Any) -> Any:
    def send(method: str, address: str, body: Any) -> Any:
        answer = getattr(client, method)(
            f"/api/v1/{address}", body, content_type="application/json", headers=api_headers(alice)
        )
        return answer.status_code, answer.json()

    return send


def test_a_misspelled_name_is_refused_with_the_one_that_is_meant(call: Any, incident: Incident) -> None:
    status, said = call("patch", f"incidents/{incident.number}", {"titel": "Slow", "summary": "It is slow."})
    assert (status, said["fields"]) == (400, {"titel": "There is no such field here. Do you mean “title”?"})
    incident.refresh_from_db()
    assert incident.summary == ""
    assert call("patch", f"incidents/{incident.number}", {"summary": "It is slow."})[0] == 200


def test_every_wrong_name_is_told_beside_what_else_is_wrong(call: Any, incident: Incident) -> None:
    status, said = call("post", "follow-ups", {"incident": incident.number, "due": "soon", "zzzz": 1})
    assert status == 400
    assert said["fields"]["zzzz"].startswith("There is no such field here. There are: ")
    assert {"title", "zzzz"} <= said["fields"].keys()


def test_a_wrong_name_inside_a_list_is_told_with_its_place(call: Any, team: Team) -> None:
    level = {"targets": [{"kind": "person", "uniqueid": "x"}]}
    body = {"team": str(team.unique_id), "name": "All", "levels": [level]}
    status, said = call("post", "escalation-policies", body)
    reason = "There is no such field here. Do you mean “unique_id”?"
    assert (status, said["fields"]["levels.0.targets.0.uniqueid"]) == (400, reason)


def test_where_there_need_not_be_a_body_a_wrong_name_is_refused_too(call: Any, incident: Incident) -> None:
    status, said = call("post", f"incidents/{incident.number}/resolution", {"resolved": "now"})
    assert (status, list(said["fields"])) == (400, ["resolved"])


def test_a_client_of_zenduty_sends_what_it_likes(
    client: Client, alice: Person, team: Team, incident: Incident, api_headers: Any
) -> None:
    answer = client.post(
        f"/api/account/teams/{team.unique_id}/postmortem/",
        {
            "title": "Slow",
            "incidents": [{"incident": incident.unique_id, "unread": 1}],
            "author": str(alice.unique_id),
            "titel": "x",
        },
        content_type="application/json",
        headers=api_headers(alice),
    )
    assert (answer.status_code, Postmortem.objects.count()) == (201, 1), answer.content


def test_a_misspelled_filter_lists_nothing_and_is_told(call: Any, client: Client, incident: Incident) -> None:
    status, said = call("get", "incidents?stauts=resolved&limit=5", None)
    reason = "There is no such parameter here. Do you mean “status”?"
    assert (status, said["fields"]) == (400, {"stauts": reason})
    assert call("get", "incidents?status=resolved&limit=5", None)[0] == 200
    assert call("get", f"incidents/{incident.number}?x=1", None)[1]["fields"] == {
        "x": "There is no such parameter here: it takes none."
    }
    # Who is nobody is told nothing of what there is.
    assert client.get("/api/v1/incidents?stauts=resolved").status_code == 401


def test_filters_by_custom_fields_and_clients_of_others_are_left_alone(call: Any) -> None:
    assert "field" not in str(call("get", "postmortems?field.root-cause=x", None)[1].get("fields", {}))
    assert call("get", "postmortem_documents?page_size=5&_=1700000000", None)[0] == 200


def test_a_body_of_nothing_but_wrong_names_gets_a_short_answer(call: Any, incident: Incident) -> None:
    status, said = call("patch", f"incidents/{incident.number}", {f"titel {n}": n for n in range(5_000)})
    assert (status, len(said["fields"])) == (400, ERRORS_TOLD_MAX)
