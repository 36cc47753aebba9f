"""The generic payload: what is let in, and the answer to what is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from afterword.ingest.formats import FORMATS, BadSignal, CheckedSignal, SignalContent
from afterword.ingest.formats.bodies import NESTING_LEVELS_MAX
from afterword.ingest.formats.generic import URLS_MAX
from tests.ingest.signals import DETAILED, SAMPLE, request_of

pytestmark = pytest.mark.pure
GENERIC = FORMATS["generic"]


def body(**fields: Any) -> bytes:
    return json.dumps({"message": "Disk full", **fields}).encode()


def check(sent: bytes) -> CheckedSignal:
    (checked,) = GENERIC.check(request_of(sent))
    return checked


def errors_of(sent: bytes) -> dict[str, str]:
    with pytest.raises(BadSignal) as refused:
        check(sent)
    return refused.value.errors


@pytest.mark.parametrize("sample", [SAMPLE, DETAILED])
def test_the_guides_own_payloads_are_let_in_and_read(sample: dict[str, Any]) -> None:
    checked = check(json.dumps(sample).encode())
    content = GENERIC.read(checked.text)
    assert checked.entity_id == "12345"
    assert content.alert_type == "critical"
    assert content.message == sample["message"]
    assert content.summary == sample["summary"]
    assert content.payload == sample["payload"]
    assert content.urls == sample["urls"]
    assert content.suppressed is False


def test_what_we_do_not_use_yet_is_let_through_whatever_it_is() -> None:
    sent = body(sla=7, escalation_policy=[], priority={}, tags="x", stakeholders=1, stakeholders_comms=None)
    assert GENERIC.read(check(sent).text).message == "Disk full"


@pytest.mark.parametrize("given", ["critical", "CRITICAL", "Critical", " critical "])
def test_the_alert_type_may_have_any_letter_case(given: str) -> None:
    assert GENERIC.read(check(body(alert_type=given)).text).alert_type == "critical"


@pytest.mark.parametrize("given", ["acknowledged", "resolved", "error", "warning", "info"])
def test_every_alert_type_of_the_table_is_known(given: str) -> None:
    assert GENERIC.read(check(body(alert_type=given)).text).alert_type == given


def test_without_an_alert_type_it_is_information() -> None:
    assert GENERIC.read(check(body()).text).alert_type == "info"
    assert GENERIC.read(check(body(alert_type=None)).text).alert_type == "info"


@pytest.mark.parametrize(
    ("given", "entity_id"),
    [
        ("db-1", "db-1"),
        (" db-1 ", "db-1"),
        (7, "7"),
        (-7, "-7"),
        (1.5, "1.5"),
        (None, ""),
        ("", ""),
        ("  ", ""),
    ],
)
def test_an_entity_is_a_text_or_a_number_or_left_out(given: object, entity_id: str) -> None:
    assert check(body(entity_id=given)).entity_id == entity_id


@pytest.mark.parametrize(
    ("given", "suppressed"), [(True, True), (False, False), ("True", True), (None, False)]
)
def test_suppressed_is_true_or_false(given: object, suppressed: bool) -> None:
    assert GENERIC.read(check(body(suppressed=given)).text).suppressed is suppressed


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"message": ""}, "message"),
        ({"message": " \n "}, "message"),
        ({"message": 5}, "message"),
        ({"message": None}, "message"),
        ({"summary": 5}, "summary"),
        ({"alert_type": "urgent"}, "alert_type"),
        ({"alert_type": 1}, "alert_type"),
        ({"suppressed": "maybe"}, "suppressed"),
        ({"suppressed": 3}, "suppressed"),
        ({"entity_id": True}, "entity_id"),
        ({"entity_id": ["a"]}, "entity_id"),
        ({"entity_id": "x" * 256}, "entity_id"),
        ({"entity_id": 10**300}, "entity_id"),
        ({"urls": "https://example.com"}, "urls"),
        ({"urls": [{}] * (URLS_MAX + 1)}, "urls"),
    ],
)
def test_a_refusal_names_the_field_and_the_reason(fields: dict[str, Any], field: str) -> None:
    errors = errors_of(body(**fields))
    assert list(errors) == [field]
    assert errors[field].endswith(".")


def test_a_missing_message_is_named() -> None:
    assert errors_of(b'{"alert_type": "critical"}') == {"message": "This field is required."}


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert set(errors_of(body(message=" ", alert_type="x", suppressed="y"))) == {
        "message",
        "alert_type",
        "suppressed",
    }


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"message=Disk+full",
        b'{"message": "Disk full"',
        b'{"message": "Disk full",}',
        b'{"message": "Disk full"} {}',
        b'"Disk full"',
        b"[]",
        b"null",
        b'{"message": "\xff"}',
        b'{"message": "Disk full", "payload": "\xff"}',
        b'{"message": "Disk full", "other": "\xff"}',
        b'{"message": "Disk\x00full"}',
        b'{"message": "Disk full", "payload": NaN}',
        b'{"message": "Disk full", "other": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_json_object_in_utf8_is_refused(sent: bytes) -> None:
    assert set(errors_of(sent)) == {"body"}


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 5_000])
def test_numbers_that_no_computer_holds_are_refused(number: bytes) -> None:
    assert set(errors_of(b'{"message": "m", "payload": {"n": ' + number + b"}}")) == {"payload"}
    assert set(errors_of(b'{"message": "m", "entity_id": ' + number + b"}")) == {"entity_id"}


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_nesting_is_let_in_up_to_the_limit(opening: bytes) -> None:
    closing = b"]" if opening == b"[" else b"}"

    def nested(levels: int) -> bytes:
        return b'{"message": "m", "payload": ' + opening * levels + b"1" + closing * levels + b"}"

    check(nested(NESTING_LEVELS_MAX))
    assert set(errors_of(nested(NESTING_LEVELS_MAX + 1))) == {"payload"}
    assert errors_of(nested(10_000))


def test_many_brackets_without_depth_are_fine() -> None:
    check(body(payload=[{}] * 5_000))


def test_half_a_surrogate_pair_is_refused() -> None:
    assert errors_of(b'{"message": "m", "payload": "\\ud800 and more"}')


def test_a_null_character_written_as_an_escape_is_replaced() -> None:
    checked = check(
        b'{"message": "a\\u0000b", "entity_id": "e\\u0000", "payload": {"k\\u0000": ["\\u0000"]}}'
    )
    content = GENERIC.read(checked.text)
    assert content.message == "a\ufffdb"
    assert content.payload == {"k\ufffd": ["\ufffd"]}
    assert "\0" not in checked.text + checked.entity_id


def test_a_byte_order_mark_does_no_harm() -> None:
    assert check(b"\xef\xbb\xbf" + body()).text.startswith("{")


def test_a_million_keys_are_read_in_bounded_time() -> None:
    sent = (
        b'{"message": "m", "payload": {' + b",".join(b'"%d":1' % number for number in range(100_000)) + b"}}"
    )
    check(sent)


def read(**fields: Any) -> SignalContent:
    content = GENERIC.read(check(body(**fields)).text)
    assert isinstance(content, SignalContent)
    return content


def test_what_an_alert_asks_for_is_handed_on_as_it_was_written() -> None:
    content = read(**DETAILED)
    for field in ("sla", "escalation_policy", "priority", "tags", "stakeholders", "stakeholders_comms"):
        assert getattr(content, field) == DETAILED[field]


def test_messages_to_stakeholders_may_have_their_second_name() -> None:
    comms = {"subject": "s", "body": "b"}
    assert read(stakeholder_comms=comms).stakeholders_comms == comms
    assert read(stakeholder_comms=comms, stakeholders_comms={"body": "c"}).stakeholders_comms == {"body": "c"}


@pytest.mark.parametrize("field", ["sla", "escalation_policy", "priority"])
@pytest.mark.parametrize(
    ("given", "handed_on"),
    [(None, ""), ("", ""), (" x ", "x"), (5, "5"), (["a"], '["a"]'), ({"a": 1}, '{"a": 1}'), (True, "true")],
)
def test_no_id_is_a_reason_to_refuse(field: str, given: object, handed_on: str) -> None:
    assert getattr(read(**{field: given}), field) == handed_on


@pytest.mark.parametrize(
    ("given", "handed_on"), [(None, []), ([], []), ("x", ["x"]), ([1, {}], [1, {}]), ({"a": 1}, [{"a": 1}])]
)
def test_no_tags_are_a_reason_to_refuse(given: object, handed_on: list[object]) -> None:
    assert read(tags=given).tags == handed_on


@pytest.mark.parametrize("field", ["tags", "stakeholders", "stakeholders_comms", "sla"])
@pytest.mark.parametrize("value", ["1e999", '{"n": -1e999}', "[" * 500 + "]" * 500])
def test_not_even_what_cannot_be_read_there_is(field: str, value: str) -> None:
    sent = f'{{"message": "m", "{field}": {value}}}'.encode()
    content = GENERIC.read(check(sent).text)
    assert isinstance(content, SignalContent)
    assert content.message == "m"


def test_a_null_character_in_them_is_replaced_too() -> None:
    content = read(tags=["a\0"], sla="b\0", stakeholders={"emails": ["c\0"]})
    assert (content.tags, content.sla) == (["a\ufffd"], "b\ufffd")
    assert content.stakeholders == {"emails": ["c\ufffd"]}
