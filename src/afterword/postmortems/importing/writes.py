"""Files become post-mortems: one transaction each, and none twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.accounts.numbers import take_numbers
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.documents import DocumentTooLarge, parse_markdown
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.lib.errors import AfterwordError, InvalidInput
from afterword.lib.text import one_line
from afterword.postmortems import rules
from afterword.postmortems.importing import reads
from afterword.postmortems.importing.markdown import GuessedSection, ReadFile, read_file
from afterword.postmortems.importing.models import ImportedFile
from afterword.postmortems.importing.outcomes import (
    CHANGED,
    FAILED,
    IMPORTED,
    SKIPPED,
    UNCHANGED,
    Outcome,
    Report,
    SourceFile,
)
from afterword.postmortems.importing.sources import FILES_MAX
from afterword.postmortems.models import (
    SECTION_TEXT_BYTES_MAX,
    STATUS_TEXT_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Postmortem,
    PostmortemIncident,
    Section,
    SectionKind,
)
from afterword.postmortems.reads import shipped_templates
from afterword.postmortems.writes import INCIDENTS_MAX, NUMBERS, keep_revision

TEMPLATE_NAME = "Imported"
INTERNAL_MEANINGS = ("Meeting notes",)
TIME_ZONE_MOST_AHEAD = timedelta(hours=14)
_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?:#|INC-|incident[ -]?)?(\d{1,15})", re.IGNORECASE)


def import_files(
    *,
    actor: Person,
    team: Team,
    files: Iterable[SourceFile],
    is_trial: bool = False,
    tell: Callable[[Outcome], None] = lambda outcome: None,
) -> Report:
    """Import files into a team, each by itself: one that fails leaves the others alone.

    A file whose front matter names another team in which the actor may write goes there. With `is_trial`
    nothing is kept. `tell` hears of each file at once. Raises NotFound, NotAllowed before anything is done,
    and InvalidInput for more than `FILES_MAX` files, behind those that were done.
    """
    require_write(actor, team)
    report = Report(is_trial)
    for count, file in enumerate(files):
        if count >= FILES_MAX:
            raise InvalidInput(fields={"file": f"At most {FILES_MAX:,} files are imported at once."})
        outcome = _outcome_of(actor, team, file, is_trial)
        report.outcomes.append(outcome)
        tell(outcome)
    return report


@transaction.atomic
def import_file(*, actor: Person, team: Team, file: SourceFile, is_trial: bool = False) -> Outcome:
    """Make a post-mortem of one Markdown file, unless it was made before.

    It is a draft: who approved it elsewhere did not approve it here. Its day is that of the text, its author
    the actor unless the front matter has the address of somebody of the team. Raises InvalidInput with the
    reason, NotFound, NotAllowed.
    """
    require_write(actor, team)
    now = clock.now()
    # Somewhere it is tomorrow already.
    read = read_file(file.name, file.data, last_day=(now + TIME_ZONE_MOST_AHEAD).date())
    notes: list[str] = []
    team = _team_of(actor, team, read, notes)
    digest = hashlib.sha256(file.data).hexdigest()
    # Two imports at once shall not take the same file twice.
    Team.objects.select_for_update().get(pk=team.pk)
    known = reads.find_imported(actor, team, name=file.name, digest=digest)
    if known is not None:
        return _known_outcome(actor, known, file.name, digest)
    incidents = _incidents_of(actor, read, notes)
    author = _author_of(actor, team, read, notes)
    status_text = _status_text(read, notes)
    sections = [usable_section(section) for section in read.sections]
    notes += _notes_on_day(read)
    number = None
    if not is_trial:
        postmortem = make_document(
            actor=actor,
            team=team,
            title=read.title,
            sections=sections,
            author=author,
            incidents=incidents,
            status_text=status_text,
            written_on=read.written_on,
            note=f"Imported from {file.name}",
        )
        ImportedFile.objects.create(
            postmortem=postmortem,
            team=team,
            source_name=file.name,
            digest=digest,
            imported_at=now,
            imported_by=actor,
        )
        data = {"file": file.name, "incidents": [incident.number for incident in incidents]}
        record(
            actor=actor,
            action="postmortem.imported",
            subject=postmortem,
            at=now,
            team_id=team.pk,
            data=data,
        )
        number = postmortem.number
    return Outcome(
        name=file.name,
        result=IMPORTED,
        number=number,
        title=read.title,
        written_on=read.written_on,
        sections=tuple((section.title, section.meaning) for section in read.sections),
        notes=tuple(notes),
    )


@transaction.atomic
def make_document(
    *,
    actor: Person,
    team: Team,
    title: str,
    sections: Sequence[GuessedSection],
    author: Person,
    incidents: Sequence[Incident] = (),
    status_text: str = "",
    written_on: datetime | None = None,
    note: str = "",
) -> Postmortem:
    """A draft of nothing but these sections, also about no incident; the caller records what it was.

    The sections went through `usable_section`. Raises InvalidInput, NotFound, NotAllowed.
    """
    require_write(actor, team)
    now = clock.now()
    postmortem = Postmortem.objects.create(
        number=take_numbers(NUMBERS)[0],
        team=team,
        title=one_line("title", title, characters_max=TITLE_LENGTH_MAX),
        author=author,
        owner=author,
        status_text=status_text,
        template_name=TEMPLATE_NAME,
        created_at=min(written_on or now, now),
        updated_at=now,
    )
    PostmortemIncident.objects.bulk_create(
        PostmortemIncident(postmortem=postmortem, incident=incident, position=position)
        for position, incident in enumerate(incidents)
    )
    Section.objects.bulk_create(
        Section(
            postmortem=postmortem,
            position=position,
            title=section.title,
            kind=SectionKind.PROSE,
            help_text=template_help(section.meaning),
            is_internal=section.meaning in INTERNAL_MEANINGS,
            text=section.text,
        )
        for position, section in enumerate(sections)
    )
    keep_revision(postmortem, actor, now, note=note[:200])
    return postmortem


def usable_section(section: GuessedSection) -> GuessedSection:
    """The same with its text as it is kept. Raises InvalidInput for one that is too much."""
    text = rules.kept_text(section.text)
    if len(text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        reason = f"The section “{section.title[:80]}” has more than {SECTION_TEXT_BYTES_MAX // 1024} KB."
        raise InvalidInput(fields={"file": reason})
    try:
        parse_markdown(text)
    except DocumentTooLarge as error:
        reason = f"The section “{section.title[:80]}” cannot be kept: {error.message}"
        raise InvalidInput(fields={"file": reason}) from error
    return replace(section, text=text)


def template_help(meaning: str) -> str:
    """The guidance that the standard template has for a section, for whoever writes on in it."""
    sections = shipped_templates()[0].parsed.sections
    return next((section.help for section in sections if section.title == meaning), "")


def _outcome_of(actor: Person, team: Team, file: SourceFile, is_trial: bool) -> Outcome:
    if file.skipped or file.failed:
        return Outcome(file.name, SKIPPED if file.skipped else FAILED, file.skipped or file.failed)
    try:
        return import_file(actor=actor, team=team, file=file, is_trial=is_trial)
    except AfterwordError as error:
        return Outcome(file.name, FAILED, " ".join(error.fields.values()) or error.message)


def _known_outcome(actor: Person, known: ImportedFile, name: str, digest: str) -> Outcome:
    postmortem = known.postmortem
    if not reads.sees(actor, postmortem):
        return Outcome(name, UNCHANGED, "A file of this name or with this text was imported before.")
    result, reason = UNCHANGED, ""
    if known.digest != digest:
        result = CHANGED
        reason = (
            f"Another text was imported from it as post-mortem {postmortem.number}. That one stays as it is: "
            "write the change there, or delete it and import the file again."
        )
    elif known.source_name != name:
        reason = f"The same text was imported from {known.source_name}."
    return Outcome(
        name,
        result,
        reason,
        number=postmortem.number,
        title=postmortem.title,
        written_on=postmortem.created_at,
    )


def _team_of(actor: Person, team: Team, read: ReadFile, notes: list[str]) -> Team:
    named = read.setting("team", "owner_team", "owning_team")
    if not named or named.casefold() == team.name.casefold():
        return team
    found = reads.find_team(actor, named)
    if found is None:
        notes.append(f"You write in no team called “{named[:100]}”: it went to {team}.")
    return found or team


def _incidents_of(actor: Person, read: ReadFile, notes: list[str]) -> list[Incident]:
    named = [value for name in ("incident", "incidents") for value in read.settings.get(name, [])]
    numbers = [int(match[1]) for value in named if (match := _NUMBER.fullmatch(value.strip()))]
    found = reads.incidents_numbered(actor, list(dict.fromkeys(numbers))[:INCIDENTS_MAX])
    if len(found) < len(named):
        notes.append("Not every incident that it names is one of yours; their names stand in the text.")
    return found


def _author_of(actor: Person, team: Team, read: ReadFile, notes: list[str]) -> Person:
    named = [value for name in ("author", "authors", "owner") for value in read.settings.get(name, [])]
    for value in named[:20]:
        if (address := _ADDRESS.search(value[:320])) and (author := reads.find_author(team, address[0])):
            return author
    if named:
        notes.append(f"Nobody of {team} has an address that it names as its author: it is yours.")
    return actor


def _notes_on_day(read: ReadFile) -> list[str]:
    """Where its day is another than the one that it names."""
    day = read.written_on.strftime("%Y-%m-%d") if read.written_on else "today"
    if read.later_day is not None:
        return [f"The day that it names, {read.later_day:%Y-%m-%d}, lies in the future: {day} is its day."]
    if read.unread_day:
        return [f"Which day {read.unread_day} is cannot be told for sure: {day} is its day."]
    if read.written_on is not None:
        return []
    if read.year_of_name is not None:
        return [f"It names no day, only the year {read.year_of_name} in its file name: today is its day."]
    return ["It names no day: today is its day."]


def _status_text(read: ReadFile, notes: list[str]) -> str:
    status = read.setting("status", "state")
    if not status:
        return ""
    notes.append("It is a draft here; the status that it had stands beside it.")
    return one_line("file", status, characters_max=10**6, required=False)[:STATUS_TEXT_LENGTH_MAX]
