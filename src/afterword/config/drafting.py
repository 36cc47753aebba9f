"""`afterword draft`: a draft of an incident's post-mortem on a terminal, from the record or by a model."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.accounts import reads as accounts
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal
from afterword.documents import plain_text
from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.reads import collect_evidence
from afterword.drafting.model.configured import is_installed, model_settings
from afterword.drafting.model.outcomes import RECORD, ModelDraft, SectionOutcome
from afterword.drafting.model.writing import write_with_model
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.postmortems.importing.reads import first_owner
from afterword.postmortems.reads import organisation_zone

MARKS = {"fact": "-", "gap": "-", "question": "?", "proposal": "*"}


def tell_draft(incident: str, *, by: str, with_model: bool) -> ModelDraft:
    """The draft of the incident with this number or unique id, as the person with this address, or an owner,
    may see it; nothing is kept of it. Of a private incident nothing is sent to a model.

    Raises Refusal for a person who is not there and where no model is set up; NotFound.
    """
    reader = accounts.find_person(by) if by else first_owner()
    if reader is None or not reader.is_active:
        raise Refusal(
            f"Nobody here has the address {by}." if by else "There is no owner yet.", CANNOT_AS_CONFIGURED
        )
    settings = model_settings() if with_model else None
    if with_model and settings is None:
        missing = "AFTERWORD_AI_MODEL names no model" if is_installed() else "afterword[ai] is not installed"
        raise Refusal(f"No model can write here: {missing}.", CANNOT_AS_CONFIGURED)
    chosen = get_incident(reader, incident.removeprefix("#"))
    zone = organisation_zone()
    book = collect_evidence(reader, [chosen], now=clock.now())
    base = write_draft(book, zone=zone)
    if settings is None:
        return ModelDraft(base, tuple(SectionOutcome(section) for section in base.sections))
    return write_with_model(book, base, settings=settings, zone=zone)


def lines_of(written: ModelDraft) -> Iterator[str]:
    """The draft for a terminal: titles, who wrote what, and behind each claim what it cites."""
    for place, outcome in enumerate(written.outcomes):
        if place:
            yield ""
        yield plain_text(f"{outcome.section.title}{_written_by(outcome)}")
        for number, claim in enumerate(outcome.section.claims):
            is_from_record = outcome.written_by != RECORD and number not in outcome.by_model
            yield _line(claim, is_from_record=is_from_record)
    if written.usage.calls:
        usage = written.usage
        cost = f", {usage.money.normalize():f} in money" if usage.money else ""
        yield ""
        yield f"({usage.calls} calls, {usage.tokens:,} tokens{cost})"


def _written_by(outcome: SectionOutcome) -> str:
    if outcome.written_by != RECORD:
        dropped = f", {outcome.dropped} of its claims dropped" if outcome.dropped else ""
        return f" (by {outcome.written_by}{dropped})"
    return f" (from the record: {outcome.why_not})" if outcome.why_not else ""


def _line(claim: Claim, *, is_from_record: bool) -> str:
    when = f"{claim.at:%Y-%m-%d %H:%M}Z " if claim.at else ""
    asked = f" (ask {', '.join(claim.asked)})" if claim.asked else ""
    action = f" ({claim.action})" if claim.action else ""
    weak = " (verify)" if claim.support == "verify" else ""
    source = " (record)" if is_from_record else ""
    # What came from outside could otherwise write to the terminal what it likes.
    said = plain_text(f"{when}{claim.text}{asked}{action}{weak}{source}")
    cited = ", ".join(claim.evidence)
    return f"  {MARKS[claim.kind]} {said}{f' [{cited}]' if cited else ''}"
