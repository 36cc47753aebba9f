"""`afterword import postmortems`: files of this machine, read in by somebody of the organisation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal
from afterword.postmortems.importing import reads, writes
from afterword.postmortems.importing.outcomes import CHANGED, FAILED, IMPORTED, Outcome
from afterword.postmortems.importing.sources import read_path


def import_postmortems(
    path: str, *, team: str, by: str, is_trial: bool, say: Callable[[str], None] | None
) -> dict[str, Any]:
    """Import what is at `path` and tell of each file as it is done; the report as it is printed with --json.

    Raises Refusal for a person or a team that is not there; AfterwordError.
    """
    actor = _importer(by)
    destination = _destination(actor, team)

    def tell(outcome: Outcome) -> None:
        if say is not None:
            for line in _lines_of(outcome, is_trial):
                say(line)

    report = writes.import_files(
        actor=actor, team=destination, files=read_path(Path(path)), is_trial=is_trial, tell=tell
    )
    if say is not None:
        say(report.sentence())
    return report.as_json(destination.name)


def _importer(address: str) -> Person:
    found = accounts.find_person(address) if address else reads.first_owner()
    if found is None or not found.is_active:
        missing = f"Nobody here has the address {address}." if address else "There is no owner yet."
        raise Refusal(missing, CANNOT_AS_CONFIGURED)
    return found


def _destination(actor: Person, name: str) -> Team:
    if name:
        found = reads.find_team(actor, name)
        if found is None:
            raise Refusal(f"{actor} writes in no team called {name}.", CANNOT_AS_CONFIGURED)
        return found
    teams = list(reads.importable_teams(actor)[:2])
    if len(teams) != 1:
        raise Refusal("Say which team they go to, with --team.", CANNOT_AS_CONFIGURED)
    return teams[0]


def _lines_of(outcome: Outcome, is_trial: bool) -> list[str]:
    word = "Would be imported" if is_trial and outcome.result == IMPORTED else outcome.word
    number = f" as #{outcome.number}" if outcome.number else ""
    lines = [f"{word}{number}: {outcome.name}"]
    if outcome.result == IMPORTED:
        day = f", {outcome.written_on:%Y-%m-%d}" if outcome.written_on else ""
        lines.append(f"    {outcome.title}{day}")
        known = ", ".join(
            f"{title} (as {meaning})" if meaning != title else title
            for title, meaning in outcome.sections
            if meaning
        )
        other = ", ".join(title for title, meaning in outcome.sections if not meaning)
        lines += [f"    recognised: {known}"] if known else []
        lines += [f"    kept as it is: {other}"] if other else []
        lines += [f"    {note}" for note in outcome.notes]
    elif outcome.result in (CHANGED, FAILED) or outcome.reason:
        lines.append(f"    {outcome.reason}")
    return lines
