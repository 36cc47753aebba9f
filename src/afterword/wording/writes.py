"""Every change to the settings of words, and to the reasons why some may stand."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, require_write
from afterword.audit.writes import record
from afterword.documents import clean_text
from afterword.language import CATEGORIES, LANGUAGES, Finding, Kind, Severity
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.text import one_line
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, SECTION_TITLE_LENGTH_MAX, Postmortem
from afterword.postmortems.prose import Prose, get_prose
from afterword.postmortems.review.checks import CHECKED_AHEAD_TIMES_MAX
from afterword.postmortems.review.errors import StillChanging
from afterword.wording import reads, rules
from afterword.wording.errors import AlreadyMuted
from afterword.wording.models import QUOTE_LENGTH_MAX, REASON_LENGTH_MAX, Mute, WordingSettings

TERMS_MAX = 300
TERM_CHARACTERS_MAX = 80
WHY_CHARACTERS_MAX = 300
NAMES_MAX = 500
NAME_CHARACTERS_MAX = 100
MUTES_MAX = 500


@transaction.atomic
def change_settings(
    *,
    actor: Person,
    language: str | None = None,
    kinds_off: Sequence[str] | None = None,
    off: Sequence[str] | None = None,
    severities: Mapping[str, str] | None = None,
    flagged: Mapping[str, str] | None = None,
    allowed: Sequence[str] | None = None,
    acronyms: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
    requires_reasons: bool | None = None,
) -> WordingSettings:
    """Say what the check looks for and what it asks. What is left out stays as it is.

    A term is in one list only, in whatever case. Raises InvalidInput, NotAllowed.
    """
    require_admin(actor)
    # The row first: of two who write the first settings the second one waits for it, and changes those.
    WordingSettings.objects.bulk_create([WordingSettings(id=1)], ignore_conflicts=True)
    settings = WordingSettings.objects.select_for_update().get()
    before = _as_told(settings)
    if language is not None:
        settings.language = _known("language", [language], LANGUAGES)[0]
    if kinds_off is not None:
        settings.kinds_off = _known("kinds", kinds_off, list(Kind))
    if off is not None:
        settings.off = _known("off", off, list(CATEGORIES))
    if severities is not None:
        _known("severities", list(severities), list(CATEGORIES))
        _known("severities", list(severities.values()), list(Severity))
        settings.severities = {name: str(severities[name]) for name in CATEGORIES if name in severities}
    if flagged is not None:
        settings.flagged = _usable_terms("flagged", flagged)
    if allowed is not None:
        settings.allowed = _usable_lines("allowed", allowed, TERMS_MAX, TERM_CHARACTERS_MAX)
    if acronyms is not None:
        settings.acronyms = _usable_terms("acronyms", acronyms)
    if names is not None:
        settings.names = _usable_lines("names", names, NAMES_MAX, NAME_CHARACTERS_MAX)
    if requires_reasons is not None:
        settings.requires_reasons = requires_reasons
    allowed_terms = {term.casefold() for term in settings.allowed}
    if both := [term for term in settings.flagged if term.casefold() in allowed_terms]:
        name = "flagged" if flagged is not None else "allowed"
        raise InvalidInput(fields={name: f"“{both[0]}” is both a term to avoid and one that is allowed."})
    if settings.requires_reasons and not _looks_for_blame(settings):
        told = "Nothing is looked for that is blame, so this would ask for nothing."
        raise InvalidInput(fields={"requires_reasons": told})
    after = _as_told(settings)
    if after == before:
        return settings
    settings.updated_at = clock.now()
    settings.save()
    changed = [name for name in after if after[name] != before[name]]
    record(
        actor=actor,
        action="wording_settings.changed",
        subject=settings,
        at=settings.updated_at,
        data={
            "before": {name: before[name] for name in changed},
            "after": {name: after[name] for name in changed},
        },
    )
    return settings


def mute_finding(
    *,
    actor: Person,
    postmortem: Postmortem,
    section: uuid.UUID,
    category: str,
    quote: str,
    reason: str,
    before: str = "",
    after: str = "",
    text: str | None = None,
) -> Mute:
    """Say why some words may stand although they are a finding of this category.

    `section` is the unique id of a section, or of what else people write: see `postmortems.prose`.
    `before` and `after` are what stands around them, for words that stand there more than once. `text` is
    what the section says in its writer's box, where that is not saved yet. Raises InvalidInput when there is
    no such finding, AlreadyMuted, Conflict for a section that is saved again and again, NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    found = get_prose(postmortem, section)
    reason = one_line("reason", reason, characters_max=REASON_LENGTH_MAX)
    if text is not None and len(text.encode(errors="replace")) > SECTION_TEXT_BYTES_MAX:
        raise InvalidInput(fields={"text": f"A section holds {SECTION_TEXT_BYTES_MAX // 1024} KB."})
    wanted = rules.Place(
        str(section),
        category,
        rules.squeeze(quote[: QUOTE_LENGTH_MAX + 1]),
        rules.squeeze(before),
        rules.squeeze(after),
    )
    for _ in range(CHECKED_AHEAD_TIMES_MAX):
        # No control characters: PostgreSQL keeps no NUL, and what is saved of the box has none either.
        shown = found if text is None else replace(found, text=clean_text(rules.with_plain_lines(text)))
        # While nobody waits for the post-mortem: it takes long.
        findings = reads.find_ahead(postmortem, shown)
        try:
            return _mute(actor, postmortem, shown, wanted, reason, findings, is_saved=text is None)
        except _SavedMeanwhile as saved:
            found = saved.prose
    raise StillChanging


class _SavedMeanwhile(Exception):
    def __init__(self, prose: Prose) -> None:
        self.prose = prose


def _looks_for_blame(settings: WordingSettings) -> bool:
    categories = (name for name, category in CATEGORIES.items() if category.kind == Kind.BLAME)
    return Kind.BLAME not in settings.kinds_off and not set(settings.off).issuperset(categories)


@transaction.atomic
def _mute(
    actor: Person,
    postmortem: Postmortem,
    shown: Prose,
    wanted: rules.Place,
    reason: str,
    findings: Sequence[Finding],
    *,
    is_saved: bool,
) -> Mute:
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    found = get_prose(postmortem, shown.unique_id)
    if is_saved and found != shown:
        raise _SavedMeanwhile(found)
    if Mute.objects.filter(postmortem=postmortem, taken_back_at__isnull=True).count() >= MUTES_MAX:
        raise InvalidInput(fields={"reason": f"There is no room for more than {MUTES_MAX} reasons."})
    [part] = reads.with_reasons(postmortem, [shown], [findings])
    free = [remark.place for remark in part.open if len(remark.place.quote) <= QUOTE_LENGTH_MAX]
    index = rules.nearest(wanted, free)
    if index is None:
        if rules.nearest(wanted, [remark.place for remark in part.muted]) is not None:
            raise AlreadyMuted
        raise InvalidInput(
            fields={"quote": "There is no such finding in this section. Copy its words as they stand there."}
        )
    place = free[index]
    mute = Mute.objects.create(
        postmortem=postmortem,
        place=found.place,
        section=found.unique_id,
        section_title=found.title[:SECTION_TITLE_LENGTH_MAX],
        category=place.category,
        quote=place.quote,
        before=place.before,
        after=place.after,
        reason=reason,
        made_at=clock.now(),
        made_by=actor,
    )
    _record(actor, postmortem, "finding.muted", mute)
    return mute


@transaction.atomic
def take_back_mute(*, actor: Person, postmortem: Postmortem, mute: Mute) -> None:
    """Have the words be a finding again. Who may write may take back what others said.

    Raises NotAllowed, NotFound.
    """
    require_write(actor, postmortem.team)
    postmortem = postmortem_reads.lock_postmortem(actor, postmortem)
    mute = reads.get_mute(postmortem, mute.unique_id)
    mute.taken_back_at, mute.taken_back_by = clock.now(), actor
    mute.save(update_fields=["taken_back_at", "taken_back_by"])
    _record(actor, postmortem, "finding.unmuted", mute)


def _record(actor: Person, postmortem: Postmortem, action: str, mute: Mute) -> None:
    record(
        actor=actor,
        action=action,
        subject=mute,
        team_id=postmortem.team_id,
        data={"postmortem": postmortem.number, "category": mute.category, "reason": mute.reason},
    )


def _as_told(settings: WordingSettings) -> dict[str, Any]:
    names = (
        *("language", "kinds_off", "off", "severities", "flagged", "allowed", "acronyms", "names"),
        "requires_reasons",
    )
    return {name: getattr(settings, name) for name in names}


def _known(field: str, given: Sequence[str], known: Sequence[str]) -> list[str]:
    if strange := [name for name in given if name not in known]:
        raise InvalidInput(
            fields={field: f"There is no {strange[0][:40]!r}. Please use: {', '.join(known)}."}
        )
    return [str(name) for name in known if name in given]


def _usable_terms(field: str, given: Mapping[str, str]) -> dict[str, str]:
    terms = _usable_lines(field, list(given), TERMS_MAX, TERM_CHARACTERS_MAX)
    whys = {one_line(field, term, characters_max=TERM_CHARACTERS_MAX): why for term, why in given.items()}
    return {
        term: one_line(field, whys.get(term, ""), characters_max=WHY_CHARACTERS_MAX, required=False)
        for term in terms
    }


def _usable_lines(field: str, given: Sequence[str], rows_max: int, characters_max: int) -> list[str]:
    if len(given) > rows_max:
        raise InvalidInput(fields={field: f"Please use at most {rows_max} lines."})
    kept: dict[str, str] = {}
    for line in given:
        term = one_line(field, line, characters_max=characters_max)
        kept.setdefault(term.casefold(), term)
    return list(kept.values())
