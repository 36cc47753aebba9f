"""What sentences of people tell: a reason, a deed and whether it helped, how many, who noticed. Pure.

Words are known here, not meanings, in English and the commonest in German. So what denies, asks or plans
tells none of these; and what may tell one is `doubtful`: somebody is asked, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import plain_line

DENIALS_HEEDED_MAX = 50
"""Notes that say of something before that it did not help."""
PREFIX_LETTERS = 5
WORD_LETTERS_MIN = 4

WHY_WORDS = re.compile(
    r"\b(?:caused? by|because|due to|as a result|root cause|led to|resulted in|triggered by|"
    r"stem(?:s|med) from|owing to|the cause|overload\w*|misconfigur\w+|regression|exhaust\w+|saturat\w+|"
    r"expired|race condition|deadlock|out of memory|ran out of|(?:that|which|this)(?: is|['’]s| was) why|"
    r"the reason|culprit|turned out|ursache|grund (?:ist|war|dafür)|weil|wegen|aufgrund|abgelaufen|"
    r"verursacht|ausgelöst durch)\b",
    re.IGNORECASE,
)
MAYBE_WHY_WORDS = re.compile(
    r"\b(?:release|deploy\w*|change|update|upgrade|migration|rollout|version|config\w*|setting|flag|"
    r"certificate|disk|pool|quer(?:y|ies)|connections?|calls|requests)\b[^.?!]{0,80}\b(?:raised|lowered|"
    r"changed|removed|added|set|broke|introduced|held|holds?|blocked|filled|full|in use|missing|wrong|on|"
    r"off)\b"
    r"|\bwrong \w+"
    r"|\b(?:found (?:it|the|that|out)|figured (?:it )?out|(?:it|that)(?:['’]s| is| was) the|mismatch|typo)\b"
    r"|\b(?:does|did|do)(?:n['’]t| not) (?:include|match|exist|know|have|allow|support)\b"
    r"|\b(?:never|no longer) \w+ed\b|\b(?:still|was|were|is|are) on the (?:old|wrong)\b",
    re.IGNORECASE,
)
"""What may give a reason."""
DEED_WORDS = re.compile(
    r"\b(?:rolled (?:\w+ )?back|reverted|backed out|restarted|rebooted|reloaded|recreated|reissued|"
    r"hot-?fixed|failed over|scaled (?:up|out)|"
    r"disabled|mitigated|redeployed|(?:applied|deployed|implemented|rolled out) (?:a|the|our) (?:\w+ )?"
    r"(?:fix|mitigation)|paused|redirected|rerouted|rebalanced|replaced|unblocked|killed|renewed|drained|"
    r"flushed|purged|(?:fixed|solved) (?:(?:it|this|that) )?(?:by|with)|"
    r"(?:raised|increased|lowered) the (?:\w+ )?(?:limit|pool|quota|capacity|memory)|"
    r"(?:switched|turned) (?:[\w.'’-]+ ){0,6}(?:off|on|over)|"
    r"(?:switched|moved|rolled|turned|changed) back|"
    r"(?:put|set|moved|rolled|switched|turned|changed|brought) (?:[\w.'’-]+ ){1,6}back|"
    r"zurückgerollt|zurückgesetzt|zurückgestellt|neu ?gestartet|abgeschaltet|ausgeschaltet|deaktiviert|"
    r"umgeschaltet|erneuert)\b",
    re.IGNORECASE,
)
"""What was done, not what is being worked on."""
MAYBE_DEED_WORDS = re.compile(
    r"^(?:(?:ok|okay|then|so|and|now|just|we|i|have|['’]ve)[,: ]+){0,3}(?!(?:acknowledged|affected|agreed|"
    r"answered|asked|called|checked|closed|compared|confirmed|decided|discussed|escalated|expected|failed|"
    r"found|handed|identified|informed|investigated|joined|learned|listed|looked|merged|monitored|needed|"
    r"noticed|observed|opened|paged|pinged|posted|received|reported|reproduced|resolved|seemed|showed|"
    r"started|suspected|talked|tested|tried|verified|waited|wanted)\b)(?:[a-z]{2,}ed|put|took|set|sent) ",
    re.IGNORECASE,
)
"""How a sentence begins that may tell what was done, by whoever wrote it."""
ENDED_WORDS = re.compile(
    r"\b(?:(?:ended|fixed|solved|cured|stopped) (?:it|this|that|the (?:\w+ )?(?:problem|issue|incident|"
    r"outage|errors))|resolved (?:it |this )?by|did the trick|(?:it|that|this) helped|behoben|"
    r"hat geholfen)\b",
    re.IGNORECASE,
)
MAYBE_ENDED_WORDS = re.compile(
    r"\b(?:again|back to normal|recover\w*|restored|works|working now|all good|wieder)\b", re.IGNORECASE
)
_WHO = (
    r"(?:customers?|users?|people|accounts?|orders?|payments?|requests?|jobs?|messages?|mails?|calls?|"
    r"sessions?|sign-?ins?|logins?|tickets?|invoices?|transactions?|shipments?|bookings?|uploads?|devices?|"
    r"stores?)"
)
_WER = (
    r"(?:kunden|kundinnen|nutzer\w*|benutzer\w*|anfragen|bestellungen|zahlungen|konten|aufträge|nachrichten)"
)
HOW_MUCH = re.compile(
    rf"(?<![\w:.,])\d[\d,.]*\s?%?(?: of| der)?(?: the| all| our)?(?: [\w/-]+){{0,2}} (?:{_WHO}|{_WER})\b"
    rf"|\b(?:{_WHO}|{_WER}) (?:were )?(?:affected|betroffen):? ?\d"
    rf"|\b(?:error|failure) rates?\b[^.]*\d\s?%",
    re.IGNORECASE,
)
"""A number of those whom it reached."""
MAYBE_HOW_MUCH = re.compile(
    rf"\b(?:all|every|each|most|many|some|several|few|half(?: of)?|no|none of|third of|quarter of|alle|viele|"
    rf"einige)(?: the| our)?(?: \w+){{0,2}} (?:{_WHO}|{_WER})\b"
    rf"|\b(?:nothing|invisible|no (?:\w+ )?(?:impact|effect))\b[^.?!]{{0,30}}\b(?:{_WHO}|{_WER})\b"
    r"|\b(?:1|one|2|two) (?:in|out of|von) (?:\d+|three|four|five|ten|drei|vier|fünf|zehn)\b",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"\b(?:lag|backlog|queue\w*|pending|behind|per (?:second|minute|hour)|rückstand|warteschlange)\b"
    r"|/s\b|/min\b",
    re.IGNORECASE,
)
"""What makes a number one of what waits or flows, and not of whom it reached."""
BY_PEOPLE_WORDS = re.compile(
    r"\b(?:customers?|users?|clients?|support|people|somebody|someone|partners?|colleagues?)\b[^.?!]{0,60}?\b"
    r"(?:phoned|called|told|wrote|report\w*|complain\w*|noticed|saw|seen|raised|opened|mailed|found|spotted|"
    r"said)\b"
    r"|\b(?:phoned|called|told|asked|mailed|contacted|complained to|wrote to) (?:the |our )?(?:support|"
    r"help ?desk|service desk|hotline)\b"
    r"|\b(?:reported|noticed|spotted|seen|found|raised|flagged) by\b|\b(?:we|i) (?:noticed|spotted|saw)\b"
    r"|\b(?:received|got|getting) (?:\w+ ){0,3}(?:reports?|complaints?|tickets?|calls?)\b"
    r"|\b(?:kund\w+|nutzer\w*|support)\b[^.?!]{0,60}?\b(?:gemeldet|meld\w+|angerufen|bemerkt|beschwer\w+)"
    r"|\baufgefallen\b",
    re.IGNORECASE,
)
BY_MACHINE_WORDS = re.compile(
    r"\b(?:alerts?|alarms?|monitoring|dashboards?|pagers?|paged|graphs?|probes?)\b", re.IGNORECASE
)
_HEDGES = re.compile(
    r"\b(?:maybe|perhaps|might|may|could|possibly|probably|likely|suspect\w*|assum\w+|guess|seems?|appears?|"
    r"vielleicht|wahrscheinlich|vermutlich)\b",
    re.IGNORECASE,
)
_NEGATION = r"(?:\b(?:not|never|no|nor|neither|without|hardly|nicht|nie|kein\w*)|n['’]t)\b"
_NEGATED = re.compile(_NEGATION, re.IGNORECASE)
_JUST_NEGATED = re.compile(
    _NEGATION + r"\s+(?:(?:really|actually|directly|necessarily|yet|even|at all|the|a|an|any|been|of) ?)*$",
    re.IGNORECASE,
)
_THEN_NEGATED = re.compile(
    r"^\s*(?:(?:is|was|were|are)\s+not|(?:is|was|were|are)n['’]t|ist nicht|war nicht)\b"
)
_ABOUT_REASON = re.compile(r"cause$|reason$|ursache$|culprit$", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"\b(?:unknown|unclear|not (?:yet )?(?:known|clear|found)|no idea|investigat\w+|look\w* (?:for|into)|"
    r"search\w*|to (?:find|identify|determine)|unbekannt|unklar|such\w+)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:if|unless|whether|should|shall|would|could|may|might|will|going to|about to|plan\w*|wants?|wanted|"
    r"needs?|needed|let['’]s|consider\w*|propos\w+|suggest\w*|try|trying|tried|attempt\w*|must|can|cannot|"
    r"to be|to get|being|have to|has to|had to be|until|ask|asked|waiting|maybe|perhaps|before|wenn|falls|"
    r"soll\w*|würd\w+|könn\w+|woll\w+|werden|vielleicht)\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b(?:(?:hours?|days?|weeks?|months?|years?) ago|ago already|yesterday|last (?:night|week|month)|"
    r"gestern)\b",
    re.IGNORECASE,
)
_NO_EFFECT = re.compile(
    r"\b(?:no|without|little|zero) (?:\w+ )?(?:difference|effect|change|improvement|luck|success|avail|"
    r"help)\b"
    r"|\b(?:did|does|do|has|had|have|was|were|is)(?:n['’]t| not) (?:\w+ )?(?:help|work|fix|solve|change|"
    r"improve|resolve|make|successful|enough|better|fixed|it\b)\w*"
    r"|\bnot (?:help\w*|enough|successful|fixed|better)\b|\b(?:helped|changed|fixed|solved) nothing\b"
    r"|\bnothing (?:changed|improved|happened)\b|\bworse\b|\bunsuccessful\w*|\bin vain\b|\bto no avail\b"
    r"|\b(?:restart|rollback|it|this|that|which) failed\b"
    r"|\bohne (?:erfolg|wirkung)\b|\bkeine (?:besserung|wirkung|änderung|verbesserung)\b|\berfolglos\b"
    r"|\b(?:half|hilft|brachte|bringt|änderte|ändert|geholfen)\b[^.]{0,30}\bnichts?\b|\bnichts? geholfen\b"
    r"|\bvergeblich\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\b(?:still|immer noch|weiterhin) (?:\w+ )?(?:fail\w*|broken|down|slow|see\w*|unavailable|not|no|"
    r"the same|high|elevated|affected|refus\w+|errors?|happen\w*|nicht|langsam)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\?(?:[\s”’)]|$)")
_POINTS_BACK = re.compile(r"(?:That|This|It|Which|These|Those|So|Das|Dies\w*|Deshalb|Daher)\b")
_BY_RELEASE = re.compile(
    r"\b(?:release|deploy\w*|change|update|upgrade|version|rollout|migration)\b"
    r"(?!.*\b(?:was|were|been|is|are|got|we|i)\b)",
    re.IGNORECASE,
)
_SAID_OF_RELEASE = re.compile(r"rolled|reverted|restarted|rebooted|redeployed|paused|backed", re.IGNORECASE)
_THAT_IS_WHY = re.compile(r"(?:That|This)(?: is| was|['’]s) (?:why|the (?:reason|cause)|how)\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9‘(ÄÖÜÀ-Þ])")
_CLAUSE_END = re.compile(
    r"[,;:–—]\s|\s(?:and|but|so|while|though|although|after|once|when|because|since|und|aber|nachdem)\s",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Said:
    """A sentence, and the piece that has it."""

    piece: Piece
    sentence: str
    """As it is quoted: a part of the piece's text on one line."""


@dataclass(frozen=True)
class Findings:
    """What pieces tell about one thing."""

    said: tuple[Said, ...] = ()
    doubtful: tuple[Said, ...] = ()
    """What may tell it."""


def find_reasons(marked: Iterable[Piece], notes: Sequence[Piece]) -> Findings:
    """Why, as people have it: what they marked as diagnosis, and sentences that give a reason."""
    said = [Said(one, plain_line(one.text)) for one in marked]
    known = {one.piece.id for one in said}
    found = _find([one for one in notes if one.id not in known], WHY_WORDS, _reason_in)
    if said or found.said:
        return Findings(_by_time([*said, *found.said, *found.doubtful]), ())
    return Findings((), found.doubtful or _first(notes, MAYBE_WHY_WORDS))


def find_deeds(marked: Sequence[Piece], notes: Sequence[Piece]) -> Findings:
    """What was done, and not in vain: what people marked as mitigation, or else sentences of notes."""
    trusted = [Said(one, _marked_deed(one.text)) for one in marked if not _is_in_vain(one.text)]
    if trusted:
        return Findings(_by_time(trusted), ())
    found = _find(notes, DEED_WORDS, _deed_in)
    if not found.said:
        # The last one: what is done first seldom ends it.
        return found if found.doubtful else Findings((), _first(notes[::-1], MAYBE_DEED_WORDS))
    denials = [
        (place, sentence)
        for place, one in enumerate(notes)
        if _has(one.text, _NO_EFFECT)
        for sentence in split_sentences(one.text)
        if _NO_EFFECT.search(sentence)
    ][:DENIALS_HEEDED_MAX]
    places = {one.id: place for place, one in enumerate(notes)}
    doubted = [one for one in found.said if _is_denied_later(one, places[one.piece.id], denials)]
    return Findings(
        tuple(one for one in found.said if one not in doubted), _by_time([*doubted, *found.doubtful])
    )


def find_endings(notes: Sequence[Piece]) -> Findings:
    """What is said to have ended it, whatever that was."""
    return _find_plain(notes, ENDED_WORDS, MAYBE_ENDED_WORDS)


def find_extents(notes: Sequence[Piece]) -> Findings:
    """Numbers of those whom it reached; doubtful is “all customers”."""
    found = _find_plain(notes, HOW_MUCH, MAYBE_HOW_MUCH)
    said = tuple(one for one in found.said if not _WAITING.search(one.sentence))
    return Findings(said, () if said else found.said[:1] or found.doubtful)


def find_noticings(notes: Sequence[Piece]) -> Findings:
    """That people noticed or reported it; doubtful is what speaks of alerts and dashboards."""
    return _find_plain(notes, BY_PEOPLE_WORDS, BY_MACHINE_WORDS)


def split_sentences(text: str) -> list[str]:
    """The text as it is quoted, in sentences."""
    return [one for one in _SENTENCE_END.split(plain_line(text)) if one]


#  ------------------------------------------------------------------------------------------------------

_Reading = Callable[[str], tuple[str, bool] | None]
"""Of a text the sentence that tells it, and whether that is certain."""


def _find_plain(notes: Sequence[Piece], sure: re.Pattern[str], maybe: re.Pattern[str]) -> Findings:
    """What is plainly stated; where nothing is, the first that may tell it."""
    said = _find(notes, sure, _plainly(sure)).said
    return Findings(said, () if said else _first(notes, maybe))


def _find(notes: Iterable[Piece], pattern: re.Pattern[str], reading: _Reading) -> Findings:
    said: list[Said] = []
    doubtful: list[Said] = []
    for one in notes:
        # To cut a text into sentences costs more than to see that it has none of the words.
        found = reading(one.text) if _has(one.text, pattern) else None
        if found is not None:
            (said if found[1] else doubtful).append(Said(one, found[0]))
    return Findings(tuple(said), tuple(doubtful))


def _first(notes: Iterable[Piece], pattern: re.Pattern[str]) -> tuple[Said, ...]:
    """The first sentence that may tell it: one is enough to ask for."""
    reading = _maybe(pattern)
    for one in notes:
        if _has(one.text, pattern) and (found := reading(one.text)) is not None:
            return (Said(one, found[0]),)
    return ()


def _has(text: str, pattern: re.Pattern[str]) -> bool:
    """Whether a text has it, quickly: to look for small letters alone takes a quarter of the time."""
    return _in_small_letters(pattern).search(text.lower()) is not None


@cache
def _in_small_letters(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern.pattern)


def _plainly(pattern: re.Pattern[str]) -> _Reading:
    def read(text: str) -> tuple[str, bool] | None:
        for sentence in split_sentences(text):
            if any(_is_stated(sentence, match) for match in pattern.finditer(sentence)):
                return sentence, True
        return None

    return read


def _maybe(pattern: re.Pattern[str]) -> _Reading:
    def read(text: str) -> tuple[str, bool] | None:
        for sentence in split_sentences(text):
            if _ASKED.search(sentence) or not (match := pattern.search(sentence)):
                continue
            if not _NEGATED.search(_clause_before(sentence, match)):
                return sentence, False
        return None

    return read


def _reason_in(text: str) -> tuple[str, bool] | None:
    sentences = split_sentences(text)
    hedged = None
    for place, sentence in enumerate(sentences):
        if _ASKED.search(sentence) or not any(_gives_reason(sentence, one) for one in _reasons(sentence)):
            continue
        if place and _THAT_IS_WHY.match(sentence):
            # It says nothing without what stands before it.
            sentence = f"{sentences[place - 1]} {sentence}"
        if not _HEDGES.search(sentence):
            return sentence, True
        hedged = hedged or sentence
    return (hedged, False) if hedged else None


def _reasons(sentence: str) -> Iterator[re.Match[str]]:
    return WHY_WORDS.finditer(sentence)


def _gives_reason(sentence: str, match: re.Match[str]) -> bool:
    if _is_denied(sentence, match):
        return False
    return not (_ABOUT_REASON.search(match[0]) and _UNKNOWN.search(sentence))


def _is_denied(sentence: str, match: re.Match[str]) -> bool:
    """Whether “not” stands right before it or right after: “not because”, but not “did not run because”."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    return bool(_JUST_NEGATED.search(before) or _THEN_NEGATED.search(after))


def _deed_in(text: str) -> tuple[str, bool] | None:
    sentences = split_sentences(text)
    deeds = [_deed(sentence) for sentence in sentences]
    doubtful = None
    for place, match in enumerate(deeds):
        if match is None:
            continue
        rest = [sentences[place][match.end() :]]
        for later in range(place + 1, len(sentences)):
            if deeds[later] is not None:
                break
            rest.append(sentences[later])
        told = " ".join(rest)
        if _NO_EFFECT.search(told):
            continue
        if not _GOES_ON.search(told):
            return sentences[place], True
        doubtful = doubtful or sentences[place]
    return (doubtful, False) if doubtful else None


def _deed(sentence: str) -> re.Match[str] | None:
    """Where a sentence says that something was done, just then: no question, no plan, no denial."""
    if _LONG_AGO.search(sentence) or any(_is_denied(sentence, one) for one in _reasons(sentence)):
        return None
    found = (one for one in DEED_WORDS.finditer(sentence) if _is_stated(sentence, one))
    return next((one for one in found if not _is_done_by_release(sentence, one)), None)


def _is_done_by_release(sentence: str, match: re.Match[str]) -> bool:
    """“The release raised the limit”, but not “The release was taken back” nor “Release reverted”."""
    by = _BY_RELEASE.search(_clause_before(sentence, match))
    return by is not None and not _SAID_OF_RELEASE.match(match[0])


def _is_stated(sentence: str, match: re.Match[str]) -> bool:
    if _ASKED.search(sentence):
        return False
    before = _clause_before(sentence, match)
    return not (_NEGATED.search(f"{before}{match[0]}") or _PLANNED.search(before))


def _clause_before(sentence: str, match: re.Match[str]) -> str:
    return _CLAUSE_END.split(sentence[: match.start()])[-1]


def _marked_deed(text: str) -> str:
    sentences = split_sentences(text)
    return next((one for one in sentences if _deed(one)), sentences[0] if sentences else plain_line(text))


def _is_in_vain(text: str) -> bool:
    """Whether a text that somebody marked denies, asks or plans what it tells, or says that it was."""
    if _deed_in(text) is not None:
        return False
    sentences = split_sentences(text)
    return bool(_NO_EFFECT.search(text) or any(DEED_WORDS.search(one) for one in sentences))


def _is_denied_later(deed: Said, place: int, denials: Sequence[tuple[int, str]]) -> bool:
    """Whether a later note says that it did not help: the next one of “it”, or one that has words of it."""
    own = _prefixes(deed.sentence)
    return any(
        at > place and (own & _prefixes(denial) or (at == place + 1 and _POINTS_BACK.match(denial)))
        for at, denial in denials
    )


def _prefixes(sentence: str) -> set[str]:
    found = (word.casefold() for word in _WORD.findall(sentence))
    return {word[:PREFIX_LETTERS] for word in found if len(word) >= WORD_LETTERS_MIN and not word.isdigit()}


def _by_time(said: Iterable[Said]) -> tuple[Said, ...]:
    unique = {one.piece.id: one for one in said if one.piece.at is not None}
    return tuple(sorted(unique.values(), key=lambda one: (one.piece.at, one.piece.id)))
