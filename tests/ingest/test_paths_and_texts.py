"""Paths into JSON and texts with placeholders, as mapping and rules read them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterword.ingest.paths import MISSING, BadPath, look_up, parse_path, write_path
from afterword.ingest.texts import BadText, Text, as_key, in_liquids_words, text_of
from afterword.lib.liquid import TemplateError, render

pytestmark = pytest.mark.pure

ROOTS = ("payload", "message")
BODY: dict[str, Any] = {
    "title": "Disk full",
    "alerts": [{"labels": {"instance": "web-12:9100", "k8s.io/name": "web"}}, {"labels": {}}],
    "a.b": 1,
    "a key": True,
    "data-centre": "Malmö",
    "0": "zero",
    "none": None,
    "share": 93.5,
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def found(path: str) -> Any:
    return look_up({"payload": BODY, "message": "m"}, parse_path(path, roots=ROOTS))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("payload.title", "Disk full"),
        ("{{ payload.title }}", "Disk full"),
        ("{{payload.alerts.0.labels.instance}}", "web-12:9100"),
        ("payload.alerts[0].labels['k8s.io/name']", "web"),
        ('payload["a.b"]', 1),
        ("payload['a key']", True),
        ("payload.data-centre", "Malmö"),
        ("payload.0", "zero"),
        ("payload.none", None),
        ("payload.alerts.size", 2),
        ("payload.alerts.first.labels.instance", "web-12:9100"),
        ("payload.alerts.last.labels", {}),
        ("message", "m"),
        ("payload.alerts.2", MISSING),
        ("payload.alerts.labels", MISSING),
        ("payload.title.0", MISSING),
        ("payload.nothing.at.all", MISSING),
    ],
)
def test_a_path_leads_through_objects_and_arrays(path: str, value: Any) -> None:
    assert found(path) == value


@pytest.mark.parametrize(
    "path",
    [
        "",
        "title",
        "payload.",
        "payload..title",
        "payload[",
        "payload[x]",
        "payload title",
        "payload.a | upcase",
    ],
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(BadPath):
        parse_path(path, roots=ROOTS)


def test_a_path_is_bounded() -> None:
    parse_path("payload" + ".a" * 65, roots=ROOTS)
    for too_long in ("payload" + ".a" * 66, "payload." + "a" * 500):
        with pytest.raises(BadPath):
            parse_path(too_long, roots=ROOTS)


@given(st.lists(st.text(max_size=20), max_size=5), json_values)
def test_the_path_that_is_written_leads_back_to_the_value(keys: list[str], value: Any) -> None:
    body = value
    for key in reversed(keys):
        body = {key: body}
    path = write_path(["payload", *keys])
    assume(path and len(path) < 500)
    assert look_up({"payload": body}, parse_path(path, roots=ROOTS)) == value


@pytest.mark.parametrize("key", ["a-", "-", "a-b", "x%}", "a{{b", "a b", "007", "k8s.io/name", "size", "é-"])
def test_the_path_that_is_written_is_a_placeholder_too(key: str) -> None:
    assert fill(f"Is {{{{{write_path(['payload', key])}}}}}", {key: 1}) == "Is 1"


def test_a_key_that_would_end_a_placeholder_has_no_path() -> None:
    assert write_path(["payload", "a}}b"]) == ""


def fill(source: str, payload: Any = BODY) -> str:
    return Text(source, roots=ROOTS).fill({"payload": payload, "message": "m"})


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Fixed", "Fixed"),
        ("", ""),
        ("{{payload.title}}", "Disk full"),
        ("{{ payload.title }} on {{payload.alerts.0.labels.instance}}!", "Disk full on web-12:9100!"),
        ("[{{payload.nothing}}{{payload.none}}]", "[]"),
        ("{{payload.share}} {{payload['a key']}}", "93.5 true"),
        ("{{payload.alerts.0.labels}}", '{"instance":"web-12:9100","k8s.io/name":"web"}'),
        ("{{payload.title | upcase}} at {{payload.share}}", "DISK FULL at 93.5"),
        ("{{payload.alerts.0.labels.instance | split: ':' | first}}", "web-12"),
        ("{{payload.nothing | default: 'none'}}", "none"),
        ("{% if payload.share > 90.5 %}high{% else %}low{% endif %}", "high"),
        ("{% for a in payload.alerts %}{{a.labels.instance}};{% endfor %}", "web-12:9100;;"),
        ("100 % } of {it}", "100 % } of {it}"),
    ],
)
def test_a_text_is_filled_in(source: str, text: str) -> None:
    assert fill(source) == text


@pytest.mark.parametrize(
    "source",
    [
        "{{payload.title",
        "{{}}",
        "{{title}}",
        "{{payload.title | nothing}}",
        "{% if payload.title %}",
        "{% include 'x' %}",
        "x" * 2_001,
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused_with_a_reason(source: str) -> None:
    with pytest.raises(BadText) as refused:
        Text(source, roots=ROOTS)
    assert str(refused.value).endswith(".")


def test_a_filter_that_cannot_take_the_value_says_so() -> None:
    with pytest.raises(TemplateError):
        fill("{{payload.title | plus: 1}}")


def test_a_text_has_an_end_however_much_was_sent() -> None:
    assert len(fill("{{payload}}{{payload}}", "x" * 100_000)) == 64 * 1024
    with pytest.raises(TemplateError):
        fill("{{payload | append: payload}}", "x" * 100_000)


def test_numbers_in_paths_become_what_liquid_reads_and_nothing_else_changes() -> None:
    source = (
        "{{ payload.a.0.b | append: 'x.0.y' }} 1.5 {% if payload.n > 1.5 and payload.1 %}{{p.@t}}{% endif %}"
    )
    expected = (
        "{{ payload.a[0].b | append: 'x.0.y' }} 1.5 "
        '{% if payload.n > 1.5 and payload[1] %}{{p["@t"]}}{% endif %}'
    )
    assert in_liquids_words(source) == expected


@given(json_values)
def test_any_value_has_a_text_and_plain_ones_the_one_that_liquid_gives(value: Any) -> None:
    text = text_of(value)
    # Liquid writes each end of a line as one character.
    assume("\r" not in text)
    if not isinstance(value, list | dict | float):
        assert text == render("{{ x }}", {"x": value})


def test_long_keys_stay_apart() -> None:
    one, other = as_key("x" * 300 + "1"), as_key("x" * 300 + "2")
    assert one != other
    assert len(one) == len(other) == 255
    assert as_key("x" * 255) == "x" * 255
