"""Sentences as rows of words, and who in them acts."""

from __future__ import annotations

import re
from typing import NamedTuple

from afterword.language.patterns import Positions, View
from afterword.language.tables import Tables

# A "sentence" that is longer is read in pieces: the numbers stay small and the time linear.
SENTENCE_WORDS_MAX = 160
# How far the beginning of a noun phrase may be from its head.
PHRASE_WORDS_MAX = 5

_WORD = re.compile(
    r"￼+|@?[^\W_](?:\w*[^\W_])?(?:[-'’./:]\w*[^\W_])*|!+|\?+|\.\.+|[^\w\s*~|]",
)
_ENDS = frozenset(".!?…")


class Word(NamedTuple):
    """A word or a sign: where it is in the block, and what it falls into (`tables.Token`)."""

    start: int
    end: int
    tags: int
    lower: str
    names: tuple[str, ...]
    calls: tuple[int, ...]


def sentences_of(text: str, tables: Tables) -> list[list[Word]]:
    """The words of a block, sentence by sentence."""
    found: list[list[Word]] = []
    row: list[Word] = []
    read = tables.read
    abbreviations = tables.abbreviations
    length = len(text)
    for match in _WORD.finditer(text):
        at, end = match.span()
        for size, tags, lower, names, calls in read(match[0]):
            row.append(Word(at, at + size, tags, lower, names, calls))
            at += size
        last = row[-1].lower
        if last[0] in _ENDS:
            after = text[end] if end < length else " "
            if last == "." and len(row) > 1 and row[-2].end == row[-1].start:
                before = row[-2].lower
                if before in abbreviations or (len(before) == 1 and before.isalpha() and before != "i"):
                    continue
            if after.isspace() or after in ")*_]￼":
                found.append(row)
                row = []
        if len(row) >= SENTENCE_WORDS_MAX:
            found.append(row)
            row = []
    if row:
        found.append(row)
    return found


class Sentence:
    """The words of one sentence, seen by patterns, with the positions of those who act."""

    def __init__(self, words: list[Word], tables: Tables) -> None:
        self.words = words
        self.tables = tables
        self.called = tables.called([word.calls for word in words])
        tags = 0
        for word in words:
            tags |= word.tags
        self.tags = tags
        self.starts: dict[int, int] = {}
        named: dict[str, Positions] = {}
        get, position = named.get, 1
        for word in words:
            for name in word.names:
                named[name] = get(name, 0) | position
            position <<= 1
        self.view = View(len(words), named)

    def find_agents(self, roster: frozenset[str], people: set[str], before: str) -> str:
        """Find who acts: fills the classes AGENT, PERSON, ROLE, TEAM, SELF, WEAK, STRONG, SUBJ and LOOSE.

        `people` are names that the paragraph has shown to be people's; more are added. `before` is the
        target of the last agent before this sentence in the paragraph, which a plural pronoun stands for.
        Returns the target of the last agent now.
        """
        words, view = self.words, self.view
        person = self._people(roster, people)
        team = view.named("TEAMWORD")
        role = view.named("ROLEWORD")
        weak = view.named("WEAKWORD") & ~role
        own = view.named("SELFWORD")
        who = view.named("WHO")
        team &= ~self._shown_as("not_team")
        role &= ~self._shown_as("not_role")
        weak &= ~self._shown_as("not_weak")
        person &= ~self._shown_as("not_person")
        they = self._standing_for_people(view.named("THEY"), person | role | team | who, before)
        person |= view.named("PRON")
        role |= who
        weak |= they
        # The head of a phrase is its last noun: "user" in "user pod", "Priya" in "Priya's change".
        heads = person | role | team | own | weak
        owners = heads & self._owning()
        heads &= ~owners
        everyone = {"PERSON": person, "ROLE": role, "TEAM": team, "WEAK": weak}
        person, role, team, own, weak = (group & heads for group in (person, role, team, own, weak))
        person &= ~(person >> 1 & ~view.named("PRON"))
        heads = person | role | team | own | weak
        unwanted = 0
        for owner in _each(owners):
            self.starts[owner] = self._phrase_start(owner)
        for head in _each(heads):
            start = self._phrase_start(head)
            self.starts[head] = start
            if view.named("NOBODY") >> start & 1 or (
                head > start and view.named("NOBODY") & ((1 << head) - (1 << start))
            ):
                unwanted |= 1 << head
        heads &= ~unwanted
        subjects = heads
        objects = view.named("PREP") | view.named("ING") & ~view.named("SUBORD")
        for head in _each(heads):
            start = self.starts[head]
            if start and objects >> (start - 1) & 1:
                whole = self._partitive(start - 1)
                if whole is None:
                    subjects &= ~(1 << head)
                else:
                    self.starts[head] = whole
        view.learn(
            {
                "PERSON": person & heads | owners & everyone["PERSON"],
                "ROLE": role & heads | owners & everyone["ROLE"],
                "TEAM": team & heads | owners & everyone["TEAM"],
                "LOOSEOWNER": owners & everyone["WEAK"],
                "SELF": own & heads,
                "WEAK": weak & heads,
                "AGENT": heads,
                "ANYAGENT": heads | owners,
                "OWNER": owners & (everyone["PERSON"] | everyone["ROLE"] | everyone["TEAM"]),
                "STRONG": (person | role | team) & heads,
                "SUBJ": subjects & (person | role | team | own),
                "LOOSE": subjects & weak,
            }
        )
        last = (heads & ~own).bit_length() - 1
        if last < 0:
            return before
        return words[last].lower

    def _people(self, roster: frozenset[str], people: set[str]) -> Positions:
        view, tables, words = self.view, self.tables, self.words
        found = view.named("HANDLE")
        cap = view.named("CAP")
        names = view.named("NAME") & cap
        doubtful = view.named("DOUBTFUL")
        known = 0
        if roster or people:
            position = 1
            for word in words:
                if word.lower in people or word.lower.lstrip("@") in roster:
                    known |= position
                position <<= 1
            everyday = view.named("COMMONWORD")
            known &= cap | ~view.named("NAME") | view.named("UNKNOWN")
            known &= ~(view.named("LOWER") & (doubtful | everyday))
            everyday |= doubtful | view.named("SYSTEM")
            # Every word has a capital where a sentence begins: "Page failed to load" is about no Mr Page.
            if everyday & known & (beginning := self._beginning() & ~(cap >> 1)):
                known &= ~(beginning & self._shown_as("common"))
        found |= known
        found |= names & ~doubtful
        system = view.named("SYSTEM")
        found &= ~system | known
        # A doubtful or unknown word with a capital is a person where it does what only people do.
        for pattern in tables.agent_patterns(self.called & tables.agents["person"]):
            for match in pattern.matches(view):
                start, end = match.names.get("p", (match.start, match.end))
                if any(words[at].tags & tables.bits.get("SYSTEM", 0) for at in range(start, end)):
                    continue
                for at in range(start, end):
                    found |= 1 << at
                    if not words[at].tags & tables.bits.get("DOUBTFUL", 0):
                        people.add(words[at].lower)
        # The words with capitals after a first name belong to it.
        surname = cap & view.named("UNKNOWN") & ~system
        for _ in range(2):
            found |= (found & cap) << 1 & surname
        return found & ((1 << len(words)) - 1)

    def _shown_as(self, kind: str) -> Positions:
        """The words that a pattern of `[agents]` of that kind shows to be such, whatever their class."""
        found = 0
        for pattern in self.tables.agent_patterns(self.called & self.tables.agents[kind]):
            for match in pattern.matches(self.view):
                start, end = match.names.get("p", (match.start, match.end))
                found |= (1 << end) - (1 << start)
        return found

    def _beginning(self) -> Positions:
        """The first word, after numbers and signs."""
        signs = self.view.named("NUM") | self.view.named("PUNCT")
        return ~signs & (signs + 1)

    def _standing_for_people(self, they: Positions, people: Positions, before: str) -> Positions:
        """Those of the plural pronouns that have somebody before them."""
        found = 0
        for at in _each(they):
            if before or people:
                found |= 1 << at
        return found

    def _owning(self) -> Positions:
        return self.view.named("POSS") >> 1

    def _phrase_start(self, head: int) -> int:
        view = self.view
        opener, modifier = view.named("DET"), view.named("NPMOD")
        person = view.named("CAP") & ~view.named("DET") & ~view.named("ADV")
        closed = view.named("PREP") | view.named("STOP") | view.named("PUNCT") & ~view.named("MASK")
        named = view.named("CAP") >> head & 1
        start = at = head
        for _ in range(PHRASE_WORDS_MAX):
            at -= 1
            if at < 0:
                break
            if closed >> at & 1 and not opener >> at & 1:
                break
            if opener >> at & 1:
                return at if not named or at == start - 1 else start
            if modifier >> at & 1 or person >> at & 1 or view.named("UPPER") >> at & 1:
                start = at
        return start

    def _partitive(self, preposition: int) -> int | None:
        """Where "one of", "members of" begins, given where its "of" is; None for another preposition."""
        view = self.view
        if not view.named("OF") >> preposition & 1 or not preposition:
            return None
        at = preposition - 1
        if not view.named("PART_OF") >> at & 1:
            return None
        while at and view.named("NPMOD") >> (at - 1) & 1:
            at -= 1
        if at and view.named("DET") >> (at - 1) & 1:
            at -= 1
        if at and view.named("PREP") >> (at - 1) & 1:
            return None
        return at


def _each(positions: Positions) -> list[int]:
    found = []
    while positions:
        low = positions & -positions
        found.append(low.bit_length() - 1)
        positions ^= low
    return found
