"""People's names in a text, however they are written. Pure: no Django.

A text is read once, word by word, and each word looked up: ten thousand people cost no more than ten.
Case, accents and what stands between the parts of a name do not matter (`ANA-SILVA`, `Silva, Ana`,
`ana_silva`, `anasilva`, `Muller` for `Müller`), nor does the bare s of a German genitive (“Ana Silvas Idee”).
Scripts without spaces are looked up letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

NAME_CHARACTERS_MIN = 3
"""A part of a name that is shorter is found only within the full name, behind an @, or with its capital."""
LOGIN_CHARACTERS_MIN = 5
"""Of an initial and a name: what is shorter is too often a word or an abbreviation."""
SHORT_CHARACTERS = 2
"""Of a part that its capital tells; a single letter is no name."""
GAP_CHARACTERS_MAX = 3
"""Between the parts of a name: `, ` and `%20` and `. `. White space counts as one."""


@dataclass(frozen=True)
class KnownPerson:
    """Somebody of the organisation, and the words that stand in the place of the name."""

    name: str
    email: str
    words: str
    was_there: bool
    """Whether they had a part in the incidents: then the first or the last name alone is found too.

    Somebody without an address who had none is a thing that wrote in a chat (“deploy”, “Provider support”):
    one word by itself is then its name only where it is all that is said, or behind an @.
    """


class Found(NamedTuple):
    """A name in a text."""

    start: int
    end: int
    words: str
    is_genitive: bool = False
    """Whether it ends in an s that is no part of the name, as in “Ana Silvas Idee”."""


class Names:
    """The names of many people, to be found in texts."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self._spaced: dict[str, list[_Spelling]] = {}
        self._unspaced: dict[str, list[_Spelling]] = {}
        self._whole: dict[str, str] = {}
        for person in people:
            self._add(person)
        for spellings in self._spaced.values():
            spellings.sort(key=lambda one: len(one.parts), reverse=True)
        for spellings in self._unspaced.values():
            spellings.sort(key=lambda one: len(one.parts[0]), reverse=True)

    def whole(self, text: str) -> str | None:
        """The words for the person whose name this is and nothing else, however common a word it is."""
        return self._whole.get(_whole_key(text))

    def find(self, text: str, passes: Callable[[str], bool] = lambda _: False) -> Iterator[Found]:
        """Every name, the longest where several begin, in order and apart from one another.

        What `passes` says yes to may stand.
        """
        folded, places = _fold_with_places(text)
        words = list(_WORD.finditer(folded))
        after = 0
        for start, end, spelling, is_genitive in self._matches(folded, words):
            first, last = places[start], places[end]
            if first < after:
                continue
            written = text[first:last]
            at_sign = first > 0 and text[first - 1] == "@"
            behind = text[last : last + SPEAKS_CHARACTERS_MAX]
            if not spelling.holds(written, behind, at_sign, is_genitive):
                continue
            # Where “Ana” may stand, “Anas” may.
            if passes(written) or (is_genitive and passes(written[:-1])):
                continue
            if at_sign:
                first -= 1
                if passes(text[first:last]):
                    continue
            yield Found(first, last, spelling.words, is_genitive)
            after = last

    def _matches(self, folded: str, words: list[re.Match[str]]) -> Iterator[_Match]:
        for place, word in enumerate(words):
            said = word.group()
            for spelling in self._spaced.get(said, ()):
                found = _end_of(folded, words[place : place + len(spelling.parts)], spelling.parts)
                if found is not None:
                    end, is_genitive = found
                    yield word.start(), end, spelling, is_genitive
            bare = self._spaced.get(said[:-1]) if said.endswith("s") else None
            # The one of this word alone is the shortest.
            if bare and len(bare[-1].parts) == 1:
                yield word.start(), word.end(), bare[-1], True
            if self._unspaced and not said.isascii():
                yield from self._matches_in(folded, word)

    def _matches_in(self, folded: str, word: re.Match[str]) -> Iterator[_Match]:
        for start in range(word.start(), word.end()):
            for spelling in self._unspaced.get(folded[start], ()):
                if folded.startswith(spelling.parts[0], start):
                    yield start, start + len(spelling.parts[0]), spelling, False

    def _add(self, person: KnownPerson) -> None:
        name = " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", person.name)).split())
        account = person.email.partition("@")[0]
        # “Ana Silva (on call)” and “Ana Silva | Vendor” are Ana Silva.
        bare = _BESIDE_NAME.split(name, maxsplit=1)[0].strip() or name
        for written in dict.fromkeys((name, bare, account if person.was_there else "")):
            if key := _whole_key(written):
                self._whole.setdefault(key, person.words)
        for written in dict.fromkeys((bare, _with_e(bare))):
            self._add_name(written, person)
        parts = _parts(account)
        if parts:
            is_telling = len(parts) > 1 or any(character.isdigit() for character in account)
            is_usable = is_telling or (person.was_there and len(parts[0]) >= NAME_CHARACTERS_MIN)
            self._put(parts, person.words, needs_at=not is_usable)

    def _add_name(self, name: str, person: KnownPerson) -> None:
        if any(_is_unspaced(character) for character in name):
            self._add_unspaced(name, person)
            return
        parts = _parts(name)
        if not parts:
            return
        if len(parts) > 1:
            whole = {parts, (*parts[1:], parts[0]), (parts[-1], *parts[:-1]), (parts[0], parts[-1])}
            for one in sorted(whole):
                self._put(one, person.words)
            if len("".join(parts)) > 2 * NAME_CHARACTERS_MIN:
                self._put(("".join(parts),), person.words)
                self._put((parts[0] + parts[-1],), person.words)
            if person.was_there:
                for login in _logins(parts[0], parts[-1]):
                    self._put((login,), person.words)
        else:
            is_thing = not person.was_there or parts[0] in LABEL_WORDS or parts[0] in FUNCTION_WORDS
            self._put(parts, person.words, needs_at=is_thing and not person.email)
            return
        pieces = name.split("." if _HANDLE.fullmatch(name) else " ")
        # `ONeil` for `O'Neil`.
        joined = tuple(filter(None, ("".join(_parts(piece)) for piece in pieces)))
        if len(joined) > 1:
            self._put(joined, person.words)
        for place, piece in enumerate(pieces):
            small = _parts(piece)
            if not small or "".join(small) in PARTICLES:
                if small and place and person.was_there and place + 1 < len(joined):
                    self._put(joined[place:], person.words)
                continue
            is_long = len("".join(small)) >= NAME_CHARACTERS_MIN or not piece.isascii()
            # “Jo” of Jo Li, where it has its capital.
            is_short = len("".join(small)) == SHORT_CHARACTERS and "".join(small) not in FUNCTION_WORDS
            is_found = person.was_there and (is_long or is_short)
            self._put(small, person.words, needs_at=not is_found, needs_capital=is_short and not is_long)
            if person.was_there and "-" in piece:
                self._add_halves(piece, person)

    def _add_halves(self, piece: str, person: KnownPerson) -> None:
        """“Reyes” of Mia Reyes-Holm, where it has its capital: half a name is more often another word."""
        for half in piece.split("-"):
            small = _parts(half)
            if len("".join(small)) >= NAME_CHARACTERS_MIN and "".join(small) not in PARTICLES:
                self._put(small, person.words, needs_capital=True)

    def _add_unspaced(self, name: str, person: KnownPerson) -> None:
        pieces = fold_name(name).split(" ")
        spellings = {"".join(pieces), "".join(reversed(pieces))}
        spellings |= {between.join(pieces) for between in (" ", "・", "-", ".")}
        if person.was_there:
            spellings |= set(pieces)
        for one in sorted(spellings - {""}):
            self._unspaced.setdefault(one[0], []).append(_Spelling((one,), person.words, False))

    def _put(
        self, parts: tuple[str, ...], words: str, *, needs_at: bool = False, needs_capital: bool = False
    ) -> None:
        spellings = self._spaced.setdefault(parts[0], [])
        for place, one in enumerate(spellings):
            if one.parts == parts:
                if (one.needs_at, one.needs_capital) > (needs_at, needs_capital):
                    spellings[place] = _Spelling(parts, words, needs_at, needs_capital)
                return
        spellings.append(_Spelling(parts, words, needs_at, needs_capital))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to write a name."""

    parts: tuple[str, ...]
    words: str
    needs_at: bool
    """Whether it is a name only behind an @."""
    needs_capital: bool = False
    """Whether it is one only there and as in “Jo”: what is that short is an abbreviation else."""

    def holds(self, written: str, after: str, at_sign: bool, is_genitive: bool) -> bool:
        if at_sign:
            return True
        if self.needs_at or (self.needs_capital and not written.istitle()):
            return False
        if is_genitive and len(self.parts) == 1:
            with_s = f"{self.parts[0]}s"
            # "grants" where "Grant" was there; and “Has” is no genitive of “Ha” at all.
            is_word = written.islower() and (self.parts[0] in _WORDS_TOO or with_s in _WORDS_WITH_S)
            return not is_word and with_s not in _FUNCTION_WORDS_WITH_S
        # "will" is a verb where "Will" was there, unless it speaks.
        is_word = len(self.parts) == 1 and written.islower() and self.parts[0] in _WORDS_TOO
        return not is_word or _SPEAKS.match(after) is not None


_Match = tuple[int, int, _Spelling, bool]
"""Where it begins and ends in the folded text, what matches, and whether an s stands behind it."""


def is_label(text: str) -> bool:
    """Whether this is what stands over or before what people write, whoever is called so: “Owner” over a
    column, “Root causes and trigger”. Each of its words has to be one of labels."""
    if _LABEL.fullmatch(text.strip()) is None:
        return False
    rest = _LABEL_PHRASES.sub(" ", text)
    return all(
        fold_name(word) in LABEL_WORDS or (word.islower() and word in FUNCTION_WORDS)
        for word in _WORD.findall(rest)
    )


def fold_name(text: str) -> str:
    """A name as names are compared: without case and accents."""
    return "".join(_fold_character(character) for character in unicodedata.normalize("NFC", text))


def _end_of(folded: str, words: list[re.Match[str]], parts: tuple[str, ...]) -> tuple[int, bool] | None:
    """Where the name ends whose parts these words are, and whether it has an s behind; None when they are
    not."""
    if len(words) < len(parts):
        return None
    if any(word.group() != part for word, part in zip(words[:-1], parts[:-1], strict=True)):
        return None
    is_genitive = words[-1].group() != parts[-1]
    if is_genitive and words[-1].group() != f"{parts[-1]}s":
        return None
    for one, other in pairwise(words):
        gap = folded[one.end() : other.start()]
        if len(gap) > GAP_CHARACTERS_MAX and not gap.isspace():
            return None
    return words[-1].end(), is_genitive


def _whole_key(text: str) -> str:
    return fold_name(" ".join(INVISIBLE.sub("", text).split())).removeprefix("@").rstrip(": ")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold_name(name)))


def _logins(first: str, last: str) -> Iterator[str]:
    """What a machine may call Ana Silva, by an initial, where it is no word: `asilva`, `silvaa`."""
    for login in (first[0] + last, last + first[0], first + last[0]):
        if len(login) >= LOGIN_CHARACTERS_MIN and login not in _WORDS_LIKE_LOGINS:
            yield login


def _with_e(name: str) -> str:
    """`Mueller` for `Müller`, as those write it who have no such key."""
    return name.translate(_UMLAUTS)


def _fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters (and its end) the place in `text`."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in _fold_character(character):
            folded.append(one)
            places.append(place)
    places.append(len(text))
    # A place at which a character of the text ends is that at which the next one begins.
    return "".join(folded), places


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    known = _folded.get(character)
    if known is None:
        plain = unicodedata.normalize("NFKC", character)
        if not _is_unspaced(character):
            plain = "".join(one for one in unicodedata.normalize("NFD", plain) if not _is_mark(one))
        known = plain.casefold().translate(_LETTERS).translate(_LOOKALIKES)
        known = unicodedata.normalize("NFC", known)
        if len(_folded) < _FOLDED_MAX:
            _folded[character] = known
    return known


def _is_mark(character: str) -> bool:
    return any(first <= character <= last for first, last in _MARKS)


def _is_unspaced(character: str) -> bool:
    return any(first <= character <= last for first, last in _UNSPACED)


INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that are drawn as nothing: a name with one inside reads as the name."""
_WORD = re.compile(r"[^\W_]+")
_HANDLE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)+")
"""What somebody is called in a chat whose address is `jane.doe@`."""
_BESIDE_NAME = re.compile(r"\s*[(\[|]")
SPEAKS_CHARACTERS_MAX = 20
_SPEAKS = re.compile(
    r"\s?:(?!\w)|\s+(?:said|says|wrote|writes|asked|asks|told|replied|restarted|rolled|reverted|deployed|paged)\b"
)
"""What stands behind somebody's name and behind few verbs."""
_LABEL = re.compile(r"[\w\s/&'’-]*\w[\s:?]*")
_LABEL_PHRASES = re.compile(
    r"(?i)\b(?:root causes?|key (?:facts|information|timestamps)|useful links|five whys|(?:got|were) lucky"
    r"|custom fields|due date|we will do|at a glance|in how we work)\b"
)
"""With words in them that are people's names as well, and by themselves no label."""
_UNSPACED = (("\u0e00", "\u0eff"), ("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"))
"""Thai and Lao; Han, kana and their like; Hangul: words are not apart from one another."""
_MARKS = (
    ("\u0300", "\u036f"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
    ("\u20d0", "\u20ff"),
    ("\ufe20", "\ufe2f"),
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa"})
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "'"}
)
_LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u0455\u0456\u0458\u043a\u04cf\u043c\u043d\u043e\u0440\u051b\u0442\u0441\u0443\u0445"
    "\u051d\u04bb\u0501\u0475\u0251\u0261\u03bf\u03b1\u03b2\u03b5\u03ba\u03bd\u03c1\u03c4\u03c5\u03c7\u03b9"
    "\u0585\u057d\u0570\u0578\u0581",
    "abesijklmhopqtcyxwhdvagoabekvptyxiouhng",
)
"""Small letters of Cyrillic, Greek, the phonetic alphabet and Armenian that are drawn like Latin ones, by
Unicode's confusables (UTS 39). Names and texts are folded alike: a name in those scripts is still found."""
_FOLDED_MAX = 20_000
_folded: dict[str, str] = {}

PARTICLES = frozenset(
    """
    al bin da das de del della den der di dos du el ibn la las le los mac mc of san st the van von
    zu
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Parts of names that are never a name alone."""

COMMON_WORDS = frozenset(
    """
    ace angel april art august autumn baker bay bill bishop black bond book booth brook brown bush
    can carol case chance chase chip christian clay cliff close cole cook cross crystal dale dawn
    day dean dell don drew duke earl early east ever faith field fields first fisher forest fox
    frank free gene glen good grace grant gray green grey guy hall harmony harper heath hill hope
    host house hunt hunter iris ivy jack jade jasmine jay jean jewel john joy june king lake lance
    law lee long lord love major march mark marks marsh mason may mercy miles miller mills misty
    moon moore norm olive page park parks pat patience pearl penny pierce pilot pitt poe pope price
    prince queen ray read red reed reid rich rick ring river rob robin rock root rose ross ruby rush
    sage sandy saturn scott short shell sky skip small son star stack stone storm sue summer sunny
    terry tom tony trace trip troy tucker tyler victor violet wade walker wall ward waters webb west
    white will wills wing winter wolf wood woods young
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Names that are words, too: written small they are the word."""

FUNCTION_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be been but by could did do does for from go got had
    has have he her him his how i id if in into is it its me more most my no nor not now of off ok on one or
    our out per pm re she so some than that the their them then there these they this those to too up us was
    we were what when where which who why with would yes you your
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Names that nearly every sentence has."""
_WORDS_TOO = COMMON_WORDS | FUNCTION_WORDS
_FUNCTION_WORDS_WITH_S = FUNCTION_WORDS | frozenset(
    "als alles aus bis das des dies eins es etwas falls jenes les los nichts plus thus uns was".split()  # noqa: SIM905
)
_WORDS_WITH_S = COMMON_WORDS | frozenset(
    """
    access alias analysis atlas axis basis bias bonus bus canvas chaos class corpus cross dns focus gas glass
    grass hours https kudos laws lens less loss mars mass mess miss news nodes pages pass press process
    progress release series status stress success tens terms times tops us virus
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""What is a word, and a name with an s behind it as well: “alias” where Alia was there."""

_WORDS_LIKE_LOGINS = frozenset(
    """
    abide abort afire aforce agree alert align alike alive allow alone amend amount angle ascent aside atone
    audit avail await award aware away bargain black blame bland blank blast blazer bleed blink block bloom
    board bounce brace brain brake brand break breed brick bride bridge bright bring broad brook broth brown
    brush cable catch cause chair chalk champ chang charge charm chart chase cheap check chill chose clamp
    clash class claw clean clear clock close cloud coats count crack craft crane crash crate creed creek crew
    crook cross crown crush crust devil drain drake drawn dream dress drift drill drink drive drown dwell
    early earth enable event every exact fault fetch final flag flags flake flame flare flash flask fleet
    flesh flick flight flint float flock flood floss flower flush force frame fraud freed fresh frill frost
    froze glass gleam globe gloom grain grand grape graph grass graze great greed grill grind groom group
    grown guard heart hitch image issue later learn light limit match mount offer order other ought owing
    patch pause phase place plain plane plank plate please plows point pound power price prime print probe
    proof quick raise reach ready reset scale scamp scold scope score scout screed search shall shard share
    sharp shear shell shift shill shock short shunt skill slack slate slave sleep slice slide slink slope
    smart smash smile smoke snake snare snow south space spare spark speak spell spend spike spill spine
    spirit split spool spoon spray spread spring stack staff stage stain stair stake stale stall stamp stand
    stare start state steal steam steel still stock stoke stone stops store storm strain strand strap stray
    stream street stress strike string strip strong stuck sward swatch swear sweep swell swing swipe swore
    table taken teach their these thick think thorn those thread throw tight touch trace track trade trail
    train traps tread treat trend trial trice trick trill trims troll trout trunk trust twill twine upper
    usage usher utter value weight whale wheat wheel where white whole wrack wrath wring write wrong wrote
    yearn
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
).union(COMMON_WORDS, (f"{one}s" for one in COMMON_WORDS))
"""Words that are an initial before or behind somebody's name: “fault” where F. Ault was there."""

LABEL_WORDS = frozenset(
    """
    action actions affected again alert alerts and answer answers approval approvals area assigned assignee
    author authors background cause causes channel commander comment comments communication communications
    component components contributing contributor contributors correction could customer customers data
    decision decisions description detail details detected detection diagnosis did due duration durations
    elapsed end environment event events factor factors facts follow for from glance go got happen happened
    have how identified impact improvements incident incidents information internal issue item items learned
    learning learnings lessons manager meeting metric metrics mitigation mitigations mitigator mitigators
    moment moments next not note notes noticed number occurred open outside overview owned owner owners part
    participants people phase postmortem prevented prevention priority question questions reason region
    report reported reporter resolution resolved responder responders responsible reviewer reviewers risk
    risks role roles scribe section service services severity since sla start started status step steps
    summary supporting system systems tagged task tasks team teams technical the ticket tickets time
    timeline times timestamps title took trigger type until up ups useful version we well went were what
    when where who whys work worked would wrong
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Words of headings, of the heads of columns and of what stands before a colon. Where all of one is made of
them, a first or a last name in it is the word; a whole name is still the name."""
