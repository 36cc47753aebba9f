"""A suggestion takes the place of the finding's words, reads right, and is no finding of its own."""

import pytest

from afterword.language import check

pytestmark = pytest.mark.pure

REWRITTEN = {
    "Priya should have rolled back earlier.": "Priya did not roll back earlier.",
    "The admin shouldn't have pushed on Friday.": "The admin pushed on Friday.",
    "Omar should not have written it down.": "Omar wrote it down.",
    "The developer forgot to update the index.": "The developer did not update the index.",
    "The engineer failed to add the host.": "The engineer did not add the host.",
    "He mistakenly used the old script.": "He used the old script.",
    "Milan deliberately skipped the canary.": "Milan skipped the canary.",
    "The site was broken by Noor's change.": "The site was broken by a change.",
    "Due to the engineer's edit the site was down.": "Due to an edit the site was down.",
    "The root cause was a typo.": "A contributing factor was a typo.",
    "It broke again!!!": "It broke again.",
}


def test_rewrites_are_applied_in_place() -> None:
    for text, expected in REWRITTEN.items():
        [finding] = check(text)
        assert [text[: finding.start] + words + text[finding.end :] for words in finding.suggestions] == [
            expected
        ]
        assert finding.category not in {other.category for other in check(expected)}, expected


@pytest.mark.parametrize(
    "text",
    [
        "Priya should have checked the disk.",
        "Priya, who was new, should have rolled back.",
        "The engineer restarted it and forgot to update the index.",
        "It was human error.",
        "The admin **should have** rolled back.",
        "The site was broken by Noor's latest change.",
        "The site was broken by Noor's changes.",
    ],
)
def test_where_no_rewrite_reads_right_there_is_a_question(text: str) -> None:
    [finding] = check(text)
    assert finding.suggestions == ()
    assert finding.question.endswith("?")
