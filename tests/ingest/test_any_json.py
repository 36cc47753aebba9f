"""Whatever is defined and whatever comes in: mapping and rules answer, and their promises hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterword.incidents.alert_rules import ALERT_TYPES
from afterword.ingest import mapping
from afterword.ingest.rules import AlertFacts, Rule, parse_rule, run
from afterword.ingest.rules.actions import ACTIONS
from afterword.ingest.rules.conditions import COMPARISONS, DAYS
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
keys = st.sampled_from(["a", "b", "a key", "0", "payload", "message"]) | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=15,
)
paths = st.sampled_from(
    [
        "payload",
        "payload.a",
        "payload.payload.a",
        "payload.0",
        "payload.a.0.b",
        'payload["a key"]',
        "payload.a.b",
    ]
)
texts = st.lists(
    st.sampled_from(
        ["{{payload.a}}", "{{ payload.a.0 | upcase }}", "{{payload.b | plus: 1}}", "fixed ", "{{payload}}"]
    ),
    min_size=1,
    max_size=3,
).map("".join)


def comparison(operator: str) -> st.SearchStrategy[dict[str, Any]]:
    takes = COMPARISONS[operator].takes
    values = {
        "text": st.sampled_from(["a", "1", "true", "{}"]),
        "number": st.integers(-3, 3),
        "pattern": st.sampled_from(["a", "^.{2}$", "(a|b)+", "[0-9]"]),
        "texts": st.lists(st.sampled_from(["a", "1", "b"]), min_size=1),
    }
    fixed = {"operator": st.just(operator), "path": paths}
    if takes:
        fixed |= {"value": values[takes], "match_case": st.booleans()}
    return st.fixed_dictionaries(fixed)


comparisons = st.sampled_from(sorted(COMPARISONS)).flatmap(comparison)
times = st.fixed_dictionaries(
    {"operator": st.just("weekday"), "days": st.lists(st.sampled_from(DAYS), min_size=1)}
)
conditions = st.recursive(
    comparisons | times,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=4,
)
actions = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {
                "action": st.sampled_from(["set_message", "set_summary", "set_entity_id", "add_note"]),
                "value": texts,
            }
        ),
        st.fixed_dictionaries({"action": st.just("set_alert_type"), "value": st.sampled_from(ALERT_TYPES)}),
        st.fixed_dictionaries(
            {"action": st.just("group"), "key": texts, "window_minutes": st.integers(1, 60)}
        ),
        st.just({"action": "suppress"}),
    ),
    min_size=1,
    max_size=4,
)


def compiled(condition: Any, done: Any, *, stops: bool = False, name: str = "r") -> Rule | None:
    try:
        return parse_rule(condition, done, stops=stops, name=name)
    except InvalidInput:
        # Deeper than allowed.
        return None


@given(anything)
def test_a_definition_of_any_shape_is_taken_or_refused_with_reasons(definition: Any) -> None:
    for read in (
        lambda: mapping.parse(definition),
        lambda: mapping.parse({"message": "x", "blocks": [{"when": definition, "set": definition}]}),
        lambda: parse_rule(definition, [{"action": "suppress"}]),
        lambda: parse_rule({}, definition),
        *(lambda name=name: parse_rule({}, [{"action": name, "value": definition}]) for name in ACTIONS),
    ):
        try:
            read()
        except InvalidInput as error:
            assert error.fields  # noqa: PT017 - either is right, and only this one says why


@settings(deadline=None)
@given(conditions, actions, anything)
def test_a_rule_that_was_taken_answers_to_anything(condition: Any, done: Any, payload: Any) -> None:
    rule = compiled(condition, done)
    if rule is not None:
        outcome = run([rule], AlertFacts(message="m", payload=payload), AT)
        assert outcome.message
        assert outcome.alert_type in ALERT_TYPES
        assert len(outcome.entity_id) <= 255
        assert outcome.matched or not (outcome.remarks or outcome.group or outcome.suppressed)


@settings(deadline=None)
@given(st.lists(st.tuples(comparisons, texts), max_size=4), anything)
def test_a_mapping_that_was_taken_answers_to_anything(blocks: Any, body: Any) -> None:
    definition = {
        "message": "{{payload.a}}",
        "entity_id": "{{payload}}",
        "alert_type": {"path": "payload.a", "values": {"a": "critical"}},
        "blocks": [{"when": when, "set": {"message": text}} for when, text in blocks],
    }
    fields = mapping.parse(definition).apply(body)
    assert fields.message
    assert fields.alert_type in ALERT_TYPES
    assert len(fields.entity_id) <= 255
    has_its_own = isinstance(body, dict) and "payload" in body
    assert mapping.payload_of(body, fields)["payload"] == (body["payload"] if has_its_own else body)


@settings(deadline=None)
@given(st.lists(comparisons, max_size=4), anything)
def test_the_last_block_that_holds_decides(whens: Any, body: Any) -> None:
    blocks = [{"when": when, "set": {"message": f"block {place}"}} for place, when in enumerate(whens)]
    expected = "direct"
    for block in blocks:
        alone = mapping.parse({"message": "direct", "blocks": [block]}).apply(body).message
        expected = expected if alone == "direct" else alone
    assert mapping.parse({"message": "direct", "blocks": blocks}).apply(body).message == expected


@settings(deadline=None)
@given(anything)
def test_rules_win_over_the_mapping(body: Any) -> None:
    fields = mapping.parse({"message": "mapped", "summary": "mapped", "entity_id": "mapped"}).apply(body)
    rule = parse_rule({}, [{"action": f"set_{field}", "value": "ruled"} for field in mapping.TEXT_FIELDS])
    alert = AlertFacts(
        message=fields.message,
        summary=fields.summary,
        entity_id=fields.entity_id,
        payload=mapping.payload_of(body, fields),
    )
    outcome = run([rule], alert, AT)
    assert (outcome.message, outcome.summary, outcome.entity_id) == ("ruled", "ruled", "ruled")


@settings(deadline=None)
@given(st.lists(st.tuples(comparisons, st.booleans()), max_size=5), anything)
def test_no_rule_runs_behind_one_that_holds_and_stops(wanted: Any, payload: Any) -> None:
    note = [{"action": "add_note", "value": "n"}]
    rules = [parse_rule(when, note, stops=stops, name=str(n)) for n, (when, stops) in enumerate(wanted)]
    alert = AlertFacts(message="m", payload=payload)
    expected = []
    for n, rule in enumerate(rules):
        if run([rule], alert, AT).matched:
            expected.append(str(n))
            if rule.stops:
                break
    assert run(rules, alert, AT).matched == expected
