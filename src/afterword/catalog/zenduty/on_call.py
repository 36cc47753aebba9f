"""`teams/{team}/oncall/`: whom each escalation policy would call now, of all its levels."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Router

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_people
from afterword.catalog import reads
from afterword.catalog.models import EscalationPolicy, EscalationTarget
from afterword.catalog.reads.on_call import on_call_people
from afterword.catalog.zenduty.teams import describe_user
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team
from afterword.lib import clock

router = Router()
LIST = "/{uuid:team}/oncall/"


@answers(router, ["GET"], LIST, summary="List who is on call", name="list_on_call")
def list_on_call(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    """Each escalation policy of the team that is in use, with its people, as far as the caller sees them."""
    actor, owner = caller_and_team(request, team)
    policies = list(reads.visible_escalation_policies(actor, team=owner, archived=False)[:ROWS_MAX])
    targets = [target for policy in policies for target in _targets(policy)]
    schedules = {target.schedule_id for target in targets if target.schedule_id is not None}
    on_call = on_call_people(schedules, clock.now())
    prefetch_related_objects([target.team for target in targets if target.team is not None], "people")
    called = {policy.pk: _called(policy, on_call) for policy in policies}
    keys = {key for people in called.values() for key in people}
    seen = set(visible_people(actor).filter(pk__in=keys, is_active=True).values_list("pk", flat=True))
    return [
        {
            "escalation_policy": {
                "name": policy.name,
                "summary": policy.summary,
                "description": policy.summary,
                "unique_id": str(policy.unique_id),
                "repeat_policy": policy.repeats,
                "move_to_next": False,
                "global_ep": False,
            },
            "team": {"unique_id": str(owner.unique_id), "name": owner.name},
            "users": [describe_user(person) for key, person in called[policy.pk].items() if key in seen],
        }
        for policy in policies
    ]


def _targets(policy: EscalationPolicy) -> list[EscalationTarget]:
    return [target for level in policy.levels.all() for target in level.targets.all()]


def _called(policy: EscalationPolicy, on_call: Mapping[int, Person]) -> dict[int, Person]:
    """By their keys, each once, in the order of the levels."""
    found: dict[int, Person] = {}
    for target in _targets(policy):
        if target.person is not None:
            people = [target.person]
        elif target.team is not None:
            people = sorted(target.team.people.all(), key=lambda one: (one.name, one.pk))
        else:
            assert target.schedule_id is not None, "escalation_target_is_one_of_three"
            people = [on_call[target.schedule_id]] if target.schedule_id in on_call else []
        for person in people:
            found.setdefault(person.pk, person)
    return found
