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
    "It broke again!!! And again.": "It broke again. And again.",
    "The admin should never have pushed on Friday.": "The admin pushed on Friday.",
    "At 10:02 the engineer should have rolled back.": "At 10:02 the engineer did not roll back.",
    "- 10:02: Priya should have opened a bridge.": "- 10:02: Priya did not open a bridge.",
    "Priya should have put the host back.": "Priya did not put the host back.",
    "Omar should have added the host to the list.": "Omar did not add the host to the list.",
    "The engineer failed to add the host before noon.": "The engineer did not add the host before noon.",
    "He had mistakenly used the old script.": "He had used the old script.",
    "Priya carelessly dropped the table.": "Priya dropped the table.",
    "The site was broken by Noor's edit of the router.": "The site was broken by an edit of the router.",
    "The site was down because of Noor's decision.": "The site was down because of a decision.",
    "The root cause of the outage was a typo.": "A contributing factor in the outage was a typo.",
    "We found that the root cause was a typo.": "We found that a contributing factor was a typo.",
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
        "Priya should have rolled back and paged the team.",
        "Priya should have tested it or asked.",
        "Neither Priya nor Omar should have merged it.",
        "What Priya should have written is a test.",
        "This is what Priya should have written.",
        "The admin should have added some tests.",
        "The admin should not have pushed any change.",
        "The admin should not have pushed until noon.",
        "The admin shouldn't have merged it yet.",
        "Either Priya or Omar should have rolled back.",
        "The engineer should have rolled back, which takes a minute.",
        "If the alert fired, Priya should have rolled back.",
        "Priya should have written a better test.",
        "The developer forgot to update the index and restarted the worker.",
        "The developer forgot to update the two hosts that were down.",
        "The developer has forgotten to update the index.",
        "The job, which the developer forgot to update, stopped.",
        "He restarted the node and mistakenly used the old script.",
        "He checked the host but mistakenly used the old script.",
        "He did mistakenly use the old script.",
        "He mistakenly used the wrong script.",
        "When he mistakenly used the old script, the site went down.",
        "The site was broken by Noor's work.",
        "The site was broken by Noor's behaviour.",
        "The site was broken by Noor's misuse of the flag.",
        "The site was broken by Noor's config.",
        "The site was broken by Noor's change and Omar's restart.",
        'It broke "again"!!!',
        "The site was down!!! again.",
        "It was horrible!!!",
    ],
)
def test_where_no_rewrite_reads_right_there_is_a_question(text: str) -> None:
    [finding] = check(text)
    assert finding.suggestions == ()
    assert finding.question.endswith("?")
