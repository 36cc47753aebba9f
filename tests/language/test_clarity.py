"""The findings that are not about blame: each by its own rule, each to be switched off."""

import pytest

from afterword.language import Finding, Kind, Options, Severity, check

pytestmark = pytest.mark.pure

CLARITY = frozenset({Kind.CLARITY})


def found(text: str, options: Options | None = None) -> list[tuple[str, str]]:
    return [(finding.category, finding.text) for finding in check(text, options or Options(kinds=CLARITY))]


def test_an_action_without_an_end_is_vague_in_a_list_of_actions_only() -> None:
    item = "- Improve monitoring\n"
    assert found(f"## Action items\n\n{item}") == [("vague_action", "Improve")]
    assert found("- [ ] Look into the memory use") == [("vague_action", "Look into")]
    assert found(f"## Lessons\n\n{item}") == []
    assert found("## Follow-ups\n\n- Documentation\n- Better alerts") == [
        ("vague_action", "Documentation"),
        ("vague_action", "Better alerts"),
    ]


def test_an_action_that_asks_for_care_is_told_once() -> None:
    def told(item: str, options: Options) -> list[str]:
        return [category for category, _ in found(f"## Action items\n\n- {item}\n", options)]

    for item in ("Be careful", "Be more careful with deploys"):
        assert told(item, Options()) == ["careful_fix"]
        assert told(item, Options(off=frozenset({"careful_fix"}))) == ["vague_action"]
        assert told(item, Options(kinds=CLARITY)) == ["vague_action"]


def test_an_action_may_stand_in_the_cell_of_a_table_of_actions() -> None:
    row = "| 1 | Improve monitoring | Priya |\n"
    actions = f"| ID | Action | Owner |\n|---|---|---|\n{row}"
    described = f"| ID | Description | Team |\n|---|---|---|\n{row}"
    assert found(actions) == [("vague_action", "Improve")]
    assert found(f"## Action items\n\n{described}") == [("vague_action", "Improve")]
    assert found(f"## Impact\n\n{described}") == []
    assert found("| Time | Action |\n|---|---|\n| 10:02 | Investigate the logs |\n") == []
    assert found(actions.replace("Improve monitoring", "Add an alert for the queue")) == []


@pytest.mark.parametrize(
    "item",
    [
        "Page when more than 1% of requests fail",
        "Investigate the memory use by 1 June",
        "Improve the restore until it takes less than 5 minutes",
        "Add a check of the replica's lag",
    ],
)
def test_an_action_with_an_end_is_fine(item: str) -> None:
    assert found(f"## Action items\n\n- {item}\n") == []


def test_one_root_cause_is_said_to_be_one_of_several() -> None:
    [finding] = check("The root cause of the outage was a typo.", Options(kinds=CLARITY))
    assert (finding.category, finding.suggestions) == (
        "single_root_cause",
        ("A contributing factor in the outage was",),
    )
    assert found("We do not know what the root cause was.") == []
    assert found("## Root cause") == []


def test_an_abbreviation_is_asked_for_once_and_not_where_it_is_explained() -> None:
    assert found("The RRD filled up. The RRD was deleted by cron.") == [("jargon", "RRD")]
    assert found("The round-robin database (RRD) filled up.\n\nThe RRD grew.") == []
    assert found("RRD (round-robin database) files grew.") == []
    assert found("DNS over HTTPS on an EC2 VM") == []
    assert found("RRD", Options(kinds=CLARITY, acronyms=frozenset({"RRD"}))) == []


def test_a_system_that_nobody_acts_on_is_asked_about() -> None:
    assert found("The pod was evicted twice.") == [("agentless_passive", "pod was evicted")]
    for text in (
        "The pod was evicted by the kubelet.",
        "The pod was evicted because it used too much.",
        "Priya was evicted.",
    ):
        assert found(text) == [], text


def test_an_amount_weighs_more_where_the_record_has_the_number() -> None:
    text = "Some users saw errors."
    [unknown] = check(text, Options(kinds=CLARITY))
    [known] = check(text, Options(kinds=CLARITY, quantities_known=True))
    assert (unknown.category, unknown.severity, known.severity) == (
        "weasel_quantity",
        Severity.INFO,
        Severity.WARNING,
    )
    assert found("Some users (312) saw errors.") == []


def test_what_says_that_there_is_no_action_is_no_vague_one() -> None:
    items = (
        "None",
        "N/A",
        "n/a.",
        "None needed",
        "PAY-123",
        "[PAY-123](https://example.org/x)",
        "https://example.org/x",
    )
    assert found("## Action items\n\n" + "".join(f"- {item}\n" for item in items)) == []


def test_a_question_for_the_number_is_no_amount_without_one() -> None:
    assert found("How many customers were affected?") == []


def test_heat_is_marked() -> None:
    assert found("It is not stupid.") == []
    assert found("This stupid script broke!!!") == [("heat", "stupid"), ("heat", "broke!!!")]
    assert found("Garbage collection ran! It was bad.") == []


def test_terms_of_the_house_are_flagged_with_their_reason_and_allowed_ones_are_not() -> None:
    options = Options(kinds=CLARITY, flagged={"war room": "we say incident room"})
    [finding] = check("We met in the War Room, not the warroom.", options)
    assert (finding.category, finding.text, finding.message) == (
        "house_term",
        "War Room",
        "we say incident room",
    )
    assert found("`war room`", options) == []
    assert check("Human error again", Options(allowed=frozenset({"human error"}))) == []


def test_categories_and_kinds_are_switched_and_weighed_one_by_one() -> None:
    text = "Priya forgot to check the stupid disk."

    def seen(options: Options) -> list[Finding]:
        return check(text, options)

    assert [finding.category for finding in seen(Options())] == ["omission", "heat"]
    assert [finding.category for finding in seen(Options(kinds=CLARITY))] == ["heat"]
    assert [finding.category for finding in seen(Options(off=frozenset({"heat"})))] == ["omission"]
    [finding] = seen(Options(off=frozenset({"heat"}), severities={"omission": Severity.INFO}))
    assert finding.severity is Severity.INFO
    team = "The team should have tested it."
    assert [finding.category for finding in check(team)] == ["counterfactual_team"]
    assert check(team, Options(off=frozenset({"counterfactual_team"}))) == []
