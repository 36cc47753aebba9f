"""A draft by a model, section by section; what it cannot write, the record has written."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from afterword.drafting.blame import checker_of, is_somebody, services_of
from afterword.drafting.claims import SECTION_KEYS, Claim, Draft, DraftSection
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.model import asking
from afterword.drafting.model.endpoint import Answer, NoAnswer, Turn, ask, load
from afterword.drafting.model.judging import Bench, Judged, Unreadable, is_enough, join, judge, read_answer
from afterword.drafting.model.ledger import TIME_IS_UP, Grant, Ledger, Spent
from afterword.drafting.model.orders import piece_gives_orders
from afterword.drafting.model.outcomes import (
    MODEL_KEYS,
    RECORD,
    CallNote,
    CallOutcome,
    ModelDraft,
    ModelSettings,
    SectionOutcome,
    Usage,
)
from afterword.drafting.model.placeholders import Known, TooMuchToHide, Veil
from afterword.drafting.model.reads import names_of_people
from afterword.drafting.model.writes import log_call
from afterword.lib import clock
from afterword.postmortems.models import Postmortem

GRACE_SECONDS = 0.5
"""How much longer than its deadline a call is waited for, so that it can say itself what came of it."""
FENCE_BYTES = 12
STATUSES_FOR_ALL = (401, 402, 403, 404)
"""With which an endpoint refuses whatever is asked."""

IS_PRIVATE = "It is about a private incident, and nothing of such is sent to a model here."
IS_EXACT = "The record has this exactly; a model is not asked for it."
NOTHING_SHOWN = "There is no evidence for it that a model may be shown."
TOO_MUCH_TO_HIDE = "The evidence has more names and secrets than can be hidden."
WOULD_LEAK = "A name or a secret could not be hidden, so nothing was sent."
NOT_READABLE = "The model's answer was in no form that can be read."
NOTHING_WRITTEN = "The model had nothing to write."
NOT_BORNE_OUT = "What the model wrote is not borne out by the evidence."
OUR_FAILURE = "It could not be written because of an error in Afterword."
FORM_AGAIN = (
    "The answer was in no form that can be read. Answer with one JSON object of the form, and nothing else."
)

NOTHING = Usage()

logger = logging.getLogger("afterword.drafting")


def write_with_model(
    book: EvidenceBook,
    base: Draft,
    *,
    settings: ModelSettings,
    keys: Collection[str] | None = None,
    on_section: Callable[[SectionOutcome], None] | None = None,
    document: Postmortem | None = None,
    allow_private: bool = False,
    zone: tzinfo = UTC,
) -> ModelDraft:
    """A draft in which the model wrote the sections `keys` (None: all of `MODEL_KEYS`), as far as it could.

    `base` is the draft from the record, of the same evidence; its text stands for every section that the
    model was not asked for, or could not write. Whatever the endpoint does, this raises nothing because of
    it, and ends within the seconds of the settings. `on_section` is called in this thread with each section
    as soon as it is known. Of private incidents nothing is sent unless `allow_private`. Times are written in
    `zone`, that of `base`. Each call is logged without content; `document` is noted with it.
    """

    def note(call: CallNote) -> None:
        log_call(call, settings=settings, document=document, book=book)

    return write_sections(
        book,
        base,
        settings=settings,
        people=names_of_people(),
        keys=keys,
        on_section=on_section,
        on_call=note,
        allow_private=allow_private,
        zone=zone,
    )


def write_sections(
    book: EvidenceBook,
    base: Draft,
    *,
    settings: ModelSettings,
    people: Iterable[tuple[str, str]],
    keys: Collection[str] | None = None,
    on_section: Callable[[SectionOutcome], None] | None = None,
    on_call: Callable[[CallNote], None] | None = None,
    allow_private: bool = False,
    zone: tzinfo = UTC,
) -> ModelDraft:
    """The same without a database: `people` are those whose names are hidden, by name and mail address."""
    load(settings.provider)
    desk = _Desk(book, base, settings, tuple(people), zone)
    asked = [key for key in MODEL_KEYS if keys is None or key in keys]
    outcomes: dict[str, SectionOutcome] = {}

    def settle(outcome: SectionOutcome) -> None:
        # A section that neither the record nor the model has anything for is none.
        if outcome.section.claims:
            outcomes[outcome.section.key] = outcome
            if on_section is not None:
                on_section(outcome)

    is_private = any(piece.data.get("private") for piece in book.of_kind("incident")) and not allow_private
    for key in SECTION_KEYS:
        if is_private and key in asked:
            settle(desk.left_to_the_record(key, IS_PRIVATE))
        elif key not in asked:
            settle(desk.left_to_the_record(key, IS_EXACT if keys is not None and key in keys else ""))
    if not is_private:
        for outcome, calls in desk.write(asked):
            for call in calls:
                if on_call is not None:
                    on_call(call)
            settle(outcome)
    ordered = tuple(outcomes[key] for key in SECTION_KEYS if key in outcomes)
    usage = sum((one.usage for one in ordered), Usage())
    return ModelDraft(Draft(tuple(one.section for one in ordered)), ordered, usage)


class _Stands(Exception):
    """The record's text stands, for the reason in the message."""


@dataclass
class _Desk:
    """One draft that is being written."""

    book: EvidenceBook
    base: Draft
    settings: ModelSettings
    people: Sequence[tuple[str, str]]
    zone: tzinfo
    _orders: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.known = Known(self.people, self.book)
        self.ledger = Ledger(self.settings)
        self.closed = ""
        """Why no further call is worth making: the endpoint refuses all, is not there, or is too busy."""

    def left_to_the_record(self, key: str, why_not: str, usage: Usage = NOTHING) -> SectionOutcome:
        section = self.base.section(key) or DraftSection(key, SECTION_KEYS[key], ())
        return SectionOutcome(section, RECORD, why_not, usage=usage)

    def write(self, keys: Sequence[str]) -> Iterable[tuple[SectionOutcome, list[CallNote]]]:
        """Each section as it is done, and the calls that it took."""
        pool = ThreadPoolExecutor(self.settings.calls_at_once_max, thread_name_prefix="model")
        works = {key: _Work(self, key) for key in keys}
        pending: dict[Future[SectionOutcome], str] = {
            pool.submit(work.write): key for key, work in works.items()
        }
        try:
            while pending:
                seconds = self.ledger.seconds_left + GRACE_SECONDS
                done, _ = wait(pending, timeout=seconds, return_when=FIRST_COMPLETED)
                if not done:
                    break
                for future in done:
                    work = works[pending.pop(future)]
                    yield future.result(), work.calls
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        for future, key in pending.items():
            future.cancel()
            yield works[key].given_up()

    def blamable(self, names: Iterable[str]) -> list[str]:
        """Those of these names whose bearers a sentence can blame."""
        members = {name for name, email in self.people if email}
        return sorted(name for name in names if name in members or is_somebody(name))

    def gives_orders(self, piece: Piece) -> bool:
        """Whether any text of the piece tells a reader what to write. Looked at once."""
        known = self._orders.get(piece.id)
        if known is None:
            known = self._orders[piece.id] = piece_gives_orders(piece)
        return known


class _Work:
    """One section that is being written, in a thread of its own."""

    def __init__(self, desk: _Desk, key: str) -> None:
        self.desk = desk
        self.key = key
        self.calls: list[CallNote] = []
        self._withheld: dict[str, None] = {}
        self._begun: tuple[datetime, float, Grant] | None = None

    def write(self) -> SectionOutcome:
        """What came of it. Raises nothing."""
        try:
            return self._written()
        except (_Stands, Spent) as reason:
            why_not = str(reason)
        except TooMuchToHide:
            why_not = TOO_MUCH_TO_HIDE
        except Exception:
            logger.exception("A model's section could not be written")
            why_not = OUR_FAILURE
        return self._left_to_the_record(why_not)

    def given_up(self) -> tuple[SectionOutcome, list[CallNote]]:
        """The same where the call has not come back in time: it is left alone."""
        calls = list(self.calls)
        if self._begun is not None:
            at, started, grant = self._begun
            ms = int((time.monotonic() - started) * 1000)
            usage = self.desk.ledger.settle(grant, sent=grant.tokens_sent, answered=0, ms=ms)
            calls.append(CallNote(self.key, len(calls) + 1, at, CallOutcome.SLOW, usage, is_estimated=True))
        usage = sum((call.usage for call in calls), Usage())
        return self.desk.left_to_the_record(self.key, TIME_IS_UP, usage), calls

    def _left_to_the_record(self, why_not: str) -> SectionOutcome:
        return self.desk.left_to_the_record(self.key, why_not, self._usage)

    @property
    def _usage(self) -> Usage:
        return sum((call.usage for call in self.calls), Usage())

    def _written(self) -> SectionOutcome:
        desk = self.desk
        veil = Veil(desk.known)
        lines, shown = self._shown(veil)
        names = desk.book.names | veil.people
        bench = Bench(
            self.key,
            EvidenceBook(tuple(shown), names=frozenset(names)),
            veil,
            checker_of(desk.blamable(names)),
            frozenset(services_of(desk.book)),
            zone=desk.zone,
        )
        question = asking.question_of(self.key, lines, fence=f"EVIDENCE {secrets.token_hex(FENCE_BYTES)}")
        if any(map(veil.private_in, asking.texts_of(lines))):
            raise _Stands(WOULD_LEAK)
        judged = self._judged(question, bench)
        kept = [one.claim for one in judged if one.claim is not None]
        if not judged:
            raise _Stands(NOTHING_WRITTEN)
        if not is_enough(len(kept), len(judged)):
            raise _Stands(NOT_BORNE_OUT)
        joined = join(self.key, SECTION_KEYS[self.key], kept, desk.base.section(self.key))
        return SectionOutcome(
            joined.section,
            desk.settings.model,
            by_model=joined.by_model,
            dropped=len(judged) - len(kept),
            withheld=tuple(self._withheld),
            usage=self._usage,
        )

    def _shown(self, veil: Veil) -> tuple[list[str], list[Piece]]:
        def is_withheld(piece: Piece) -> bool:
            if self.desk.gives_orders(piece):
                self._withheld[piece.id] = None
                return True
            return False

        chosen = asking.chosen_for(self.key, self.desk.book, self.desk.base, withheld=is_withheld)
        lines, shown = asking.lines_of(chosen, veil=veil, zone=self.desk.zone)
        if not shown:
            raise _Stands(NOTHING_SHOWN)
        return lines, shown

    def _judged(self, question: str, bench: Bench) -> list[Judged]:
        """Every claim, after the model was asked once more for those that were refused."""
        try:
            first = self._ask(question, bench)
        except Unreadable:
            try:
                return self._ask(f"{question}\n\n{FORM_AGAIN}", bench)
            except Unreadable:
                raise _Stands(NOT_READABLE) from None
        refused = [
            ("" if bench.veil.private_in(one.text) else one.text, one.reasons)
            for one in first
            if one.claim is None
        ]
        if not refused:
            return first
        try:
            second = self._ask(f"{question}\n\n{asking.question_again(refused)}", bench)
        except (Unreadable, _Stands, Spent):
            # What was kept of the first answer is as true as before.
            return first
        return _mended(first, [one for one in second if one.claim is not None])

    def _ask(self, question: str, bench: Bench) -> list[Judged]:
        """One call and what becomes of its claims. Raises Unreadable, Spent, _Stands."""
        if self.desk.closed:
            raise _Stands(self.desk.closed)
        grant = self.desk.ledger.grant(len(asking.INSTRUCTIONS) + len(question))
        at, started = clock.now(), time.monotonic()
        self._begun = at, started, grant
        judged: list[Judged] = []
        outcome, status, answer = CallOutcome.WRITTEN, None, None
        failure: Exception | None = None
        try:
            answer = ask(
                self.desk.settings,
                asking.INSTRUCTIONS,
                [Turn(question)],
                seconds_max=grant.seconds_max,
                answer_tokens_max=grant.answer_tokens_max,
            )
            judged = judge(read_answer(answer.text), bench)
            if judged and all(one.claim is None for one in judged):
                outcome = CallOutcome.UNSUPPORTED
        except NoAnswer as error:
            outcome, status, answer, failure = error.outcome, error.status, error.answer, _Stands(error.words)
            if outcome in (CallOutcome.BUSY, CallOutcome.UNREACHABLE) or status in STATUSES_FOR_ALL:
                self.desk.closed = error.words
        except Unreadable as error:
            outcome, failure = CallOutcome.UNREADABLE, error
        self._note(grant, at, started, outcome, status, answer, judged)
        if failure is not None:
            raise failure
        return judged

    def _note(
        self,
        grant: Grant,
        at: datetime,
        started: float,
        outcome: CallOutcome,
        status: int | None,
        answer: Answer | None,
        judged: Sequence[Judged],
    ) -> None:
        sent = answer.tokens_sent if answer else 0
        answered = answer.tokens_answered if answer else 0
        is_estimated = sent <= 0 and status is None
        if is_estimated:
            # An endpoint that does not count is taken to have read all that it was sent.
            sent = grant.tokens_sent
            answered = max(answered, len(answer.text) // 3 if answer else 0)
        usage = self.desk.ledger.settle(
            grant, sent=sent, answered=answered, ms=int((time.monotonic() - started) * 1000)
        )
        kept = sum(1 for one in judged if one.claim is not None)
        self._begun = None
        self.calls.append(
            CallNote(
                self.key,
                len(self.calls) + 1,
                at,
                outcome,
                usage,
                status,
                is_estimated,
                kept,
                len(judged) - kept,
            )
        )


def _mended(first: Sequence[Judged], anew: Sequence[Judged]) -> list[Judged]:
    """The first claims, each refused one with what was written in its place."""
    known: set[Claim] = {one.claim for one in first if one.claim is not None}
    fresh = iter([one for one in anew if one.claim not in known])
    return [one if one.claim is not None else next(fresh, one) for one in first]
