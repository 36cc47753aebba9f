"""The check itself."""

from __future__ import annotations

import re

from afterword.language.findings import CATEGORIES, Finding, Options, Target

TEXT_CHARACTERS_MAX = 2_000_000

_FIRST = {
    "human_error": re.compile(r"\b(?:human|operator|user) (?:error|mistake)s?\b", re.IGNORECASE),
    "counterfactual_person": re.compile(r"\b(?:he|she) should have \w+ed\b", re.IGNORECASE),
    "omission": re.compile(r"\b(?:he|she|engineer) (?:forgot|failed|neglected) to\b", re.IGNORECASE),
    "heat": re.compile(r"!!+|\bstupid\b", re.IGNORECASE),
}


def check(text: str, options: Options | None = None, *, markdown: bool = True) -> list[Finding]:
    """The findings in `text`, by where they start. Never raises; looks at TEXT_CHARACTERS_MAX at most."""
    options = options or Options()
    found = []
    for name, pattern in _FIRST.items():
        category = CATEGORIES[name]
        if name in options.off or category.kind not in options.kinds:
            continue
        for match in pattern.finditer(text[:TEXT_CHARACTERS_MAX]):
            found.append(
                Finding(
                    kind=category.kind,
                    category=name,
                    severity=options.severities.get(name, category.severity),
                    target=Target.NONE,
                    start=match.start(),
                    end=match.end(),
                    text=match[0],
                    message=f"{category.title}.",
                    question="What information was available then, and how did the action look reasonable?",
                )
            )
    return sorted(found, key=lambda finding: (finding.start, finding.end))


class Checker:
    """Checks a text again and again as it changes, with the same result as `check`."""

    def __init__(self, options: Options | None = None, *, markdown: bool = True) -> None:
        self.options = options or Options()
        self.markdown = markdown

    def check(self, text: str) -> list[Finding]:
        """The findings in `text`; paragraphs that were seen before are not analysed again."""
        return check(text, self.options, markdown=self.markdown)
