"""`--fix`: each suggestion is shown and asked about; nothing is put in by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from afterword.language import Finding
from afterword.linter.files import write_source
from afterword.linter.formats import Checked, placed
from afterword.linter.formats.as_text import Painter, describe

QUIT = ("q", "quit")
SKIP = ("", "s", "skip", "n", "no")
TAKE = ("a", "accept", "y", "yes")


@dataclass
class Fixed:
    """What became of one file: its text now, how many places were changed, and whether to go on."""

    text: str
    changed: int
    goes_on: bool


def fix(checked: Checked, *, ask: Callable[[str], str], say: Callable[[str], None], paint: Painter) -> Fixed:
    """Ask about each suggestion of the file, then write what was accepted, all at once.

    `ask` puts a question and returns the answer, or raises EOFError, which counts as quitting. Who quits
    keeps what was accepted before. Raises FileFault when the file cannot be written.
    """
    accepted: list[tuple[Finding, str]] = []
    goes_on = True
    for place in placed(checked):
        finding = place.finding
        if not finding.suggestions or (accepted and finding.start < accepted[-1][0].end):
            continue
        for line in describe(checked, place, paint):
            say(line)
        chosen = _choose(finding.suggestions, ask, say)
        if chosen is None:
            goes_on = False
            break
        if chosen:
            accepted.append((finding, finding.suggestions[chosen - 1]))
    text = _replaced(checked.source.text, accepted)
    if accepted:
        write_source(checked.source, text)
    return Fixed(text, len(accepted), goes_on)


def _choose(
    suggestions: tuple[str, ...], ask: Callable[[str], str], say: Callable[[str], None]
) -> int | None:
    """The number of the suggestion that was accepted, 0 to leave the words, None to quit."""
    if len(suggestions) == 1:
        question = "        [a]ccept, [s]kip or [q]uit? "
    else:
        question = f"        [1-{len(suggestions)}] or [a]ccept the first, [s]kip or [q]uit? "
    while True:
        try:
            answer = ask(question).strip().lower()
        except EOFError:
            say("")  # The question has no end of its line yet.
            return None
        if answer in QUIT:
            return None
        if answer in SKIP:
            return 0
        if answer in TAKE:
            return 1
        if answer.isdecimal() and 1 <= int(answer) <= len(suggestions):
            return int(answer)
        say("        That is none of them.")


def _replaced(text: str, accepted: list[tuple[Finding, str]]) -> str:
    for finding, suggestion in reversed(accepted):
        text = text[: finding.start] + suggestion + text[finding.end :]
    return text
