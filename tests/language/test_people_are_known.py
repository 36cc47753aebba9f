"""Who counts as a person: by the roster, by a name, by a role, by a pronoun, by what only people do."""

import pytest

from afterword.language import Finding, Kind, Options, Severity, Target, check

pytestmark = pytest.mark.pure

BLAME = frozenset({Kind.BLAME})


def found(text: str, *roster: str) -> list[Finding]:
    return check(text, Options(kinds=BLAME, roster=frozenset(roster)))


@pytest.mark.parametrize(
    ("text", "target", "severity"),
    [
        ("Priya failed to follow up.", Target.PERSON, Severity.ERROR),
        ("The release manager failed to follow up.", Target.ROLE, Severity.ERROR),
        ("The platform team failed to follow up.", Target.TEAM, Severity.WARNING),
        ("We failed to follow up.", Target.SELF, Severity.INFO),
        ("It was human error.", Target.NONE, Severity.ERROR),
    ],
    ids=["person", "role", "team", "self", "none"],
)
def test_the_target_sets_the_severity(text: str, target: Target, severity: Severity) -> None:
    [finding] = found(text)
    assert (finding.target, finding.severity) == (target, severity)


def test_names_of_the_roster_are_people() -> None:
    text = "Zorblat failed to start the job, and qx7 failed to reply."
    assert found(text) == []
    assert [finding.text for finding in found(text, "Zorblat Quux", "@qx7")] == [
        "Zorblat failed to start",
        "qx7 failed to reply",
    ]


def test_a_name_that_is_a_word_needs_evidence() -> None:
    for text in (
        "Will failed to start.",
        "May should have been quiet.",
        "Mark failed to load.",
        "Bill failed to print.",
    ):
        assert found(text) == [], text
    for text in (
        "Will forgot to page us.",
        "May Chen failed to page us.",
        "Mark should have checked.",
        "Bill forgot it.",
    ):
        assert len(found(text)) == 1, text
    assert len(found("Grace failed to start the job.", "Grace Okafor")) == 1
    assert found("Grace should have expired after an hour.", "Grace Okafor") == []
    assert found("Jenkins failed to start the build.", "Roy Jenkins") == []
    assert len(found("Jenkins failed to escalate.", "Roy Jenkins")) == 1
    assert found("In May the grace period failed to apply.", "May Chen", "Grace Okafor") == []


def test_what_a_paragraph_tells_of_a_person_holds_in_the_rest_of_it() -> None:
    assert found("Vexo failed to start.") == []
    assert len(found("Vexo said that it was late. Vexo failed to start the standby.")) == 1


def test_a_plural_pronoun_needs_somebody_before_it() -> None:
    assert found("The pods restarted. They failed to check in.") == []
    assert len(found("The engineers restarted the pods. They failed to check the logs.")) == 1
    assert found("The engineers restarted the pods. They failed to start.") == []


def test_what_belongs_to_a_person_is_none() -> None:
    for text in (
        "Priya's pod failed to start.",
        "The pod of the engineer failed to start.",
        "The alert for Priya failed to fire.",
        "The user's session should have expired.",
        "The engineer dashboard failed to load.",
    ):
        assert found(text) == [], text


def test_a_verb_after_a_conjunction_keeps_its_subject() -> None:
    [finding] = found("Omar starts the job, and logs this to the task, but forgets to log it here.")
    assert finding.target is Target.PERSON
    assert found("Omar starts the job, which forgets to log it.") == []
    assert found("After Omar restarted the job, the job started but failed to log.") == []


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_contractions_are_read_with_either_apostrophe(apostrophe: str) -> None:
    for text in (
        "The admin didn't check it.",
        "She shouldn't've done that.",
        "Omar should've asked.",
        "He'd forgotten it.",
    ):
        assert len(found(text.replace("'", apostrophe))) == 1, text


def test_a_denial_is_silent() -> None:
    for text in (
        "Operator error is never a root cause.",
        "This was not human error.",
        "It was not Priya's fault.",
        "Nobody is to blame.",
        "No engineer failed to check it.",
    ):
        assert found(text) == [], text


@pytest.mark.parametrize(
    ("text", "target", "severity"),
    [
        ("The engineer's mistake cost us two hours.", Target.ROLE, Severity.ERROR),
        ("The blame lies with the storage team.", Target.TEAM, Severity.WARNING),
        ("Nobody but Lars is to blame.", Target.PERSON, Severity.ERROR),
        ("It is hard to understand why Eva chose to deploy.", Target.PERSON, Severity.WARNING),
        ("Root cause: human error.", Target.NONE, Severity.ERROR),
    ],
)
def test_a_finding_says_whom_its_words_name(text: str, target: Target, severity: Severity) -> None:
    findings = [finding for finding in check(text) if finding.kind is Kind.BLAME]
    assert [(finding.target, finding.severity) for finding in findings][:1] == [(target, severity)]
