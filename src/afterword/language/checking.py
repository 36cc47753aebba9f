"""The check: blocks, sentences, agents, rules, in one pass over the text."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from afterword.language.findings import CATEGORIES, Finding, Kind, Options, Severity, Target
from afterword.language.patterns import Match
from afterword.language.reading import Block, Shape, blocks_of
from afterword.language.rewriting import rewrites_of
from afterword.language.sentences import Sentence, sentences_of
from afterword.language.tables import Rule, places_of, tables_of

# What is beyond is not looked at: a document of the product has 1,000,000 characters at most.
TEXT_CHARACTERS_MAX = 2_000_000
# Paragraphs that a Checker remembers, the least recently seen forgotten first.
PARAGRAPHS_KEPT_MAX = 4_000
# Of all those paragraphs together.
CHARACTERS_KEPT_MAX = 1_000_000
ROSTER_NAMES_MAX = 50_000
FLAGGED_TERMS_MAX = 1_000

_ACRONYM = re.compile(r"(?<![\w￼./#@-])[A-Z][A-Z0-9]{2,5}s?(?![\w￼./-])")
_EMPHASIS = ("**", "__", "~~", "*", "_")
# What may stand in a heading before its clause: a number, a time, a mark, a label.
_OPENING = re.compile(r"(?:[^:]{0,60}:)?[\W\d_]*(?:the |our |an? )?", re.IGNORECASE)
_ACTING = frozenset({Target.PERSON, Target.ROLE, Target.TEAM})
_TARGETS = (
    (Target.PERSON, "PERSON"),
    (Target.ROLE, "ROLE"),
    (Target.TEAM, "TEAM"),
    (Target.SELF, "SELF"),
    (Target.ROLE, "WEAK"),
)


def check(text: str, options: Options | None = None, *, markdown: bool = True) -> list[Finding]:
    """The findings in `text` in order of their start. Pure, and never raises whatever the text is.

    Looks at the first TEXT_CHARACTERS_MAX characters. Takes time in proportion to the length.
    """
    return Checker(options, markdown=markdown).check(text)


class Checker:
    """Checks a text again and again as it changes: the same result as `check`, sooner.

    Keeps the findings of up to PARAGRAPHS_KEPT_MAX paragraphs, which have CHARACTERS_KEPT_MAX characters
    at most, so only what changed is analysed.
    """

    def __init__(self, options: Options | None = None, *, markdown: bool = True) -> None:
        self.options = options or Options()
        self.markdown = markdown
        self._paragraphs = _Paragraphs(self.options)
        self._kept: OrderedDict[tuple[str, Shape, bool], _Read] = OrderedDict()
        self.characters_kept = 0
        """Of the paragraphs that it keeps."""
        self.characters_known = sum(map(len, self.options.roster))
        """Of the names that it knows."""

    def check(self, text: str) -> list[Finding]:
        """The findings in `text`, as `check` gives them."""
        text = text[:TEXT_CHARACTERS_MAX]
        found: list[Finding] = []
        reads: list[tuple[int, _Read]] = []
        for block in map(self._paragraphs.joined, blocks_of(text, markdown=self.markdown)):
            read = self._read(block)
            reads.append((block.start, read))
            for finding in read.findings:
                start, end = block.start + finding.start, block.start + finding.end
                if self.markdown:
                    start, end = _with_marks(text, start, end)
                found.append(finding._replace(start=start, end=end, text=text[start:end]))
        found.extend(self._paragraphs.acronyms(text, reads))
        allowed = self._paragraphs.allowed
        if allowed:
            found = [
                finding for finding in found if not any(term in finding.text.lower() for term in allowed)
            ]
        return sorted(found, key=lambda finding: (finding.start, finding.end, finding.category))

    def _read(self, block: Block) -> _Read:
        action = self._paragraphs.is_action(block)
        key = (block.text, block.shape, action)
        read = self._kept.get(key)
        if read is None:
            read = self._kept[key] = self._paragraphs.read(block, action=action)
            self.characters_kept += len(block.text)
            while len(self._kept) > PARAGRAPHS_KEPT_MAX or self.characters_kept > CHARACTERS_KEPT_MAX:
                (forgotten, _, _), _ = self._kept.popitem(last=False)
                self.characters_kept -= len(forgotten)
        else:
            self._kept.move_to_end(key)
        return read


def matches_of(text: str, options: Options | None = None, *, markdown: bool = True) -> list[tuple[str, str]]:
    """The name of each rule that finds something, with its words: for those who write tables."""
    paragraphs = _Paragraphs(options or Options())
    found = []
    for block in blocks_of(text[:TEXT_CHARACTERS_MAX], markdown=markdown):
        whole = paragraphs.joined(block)
        for planned, finding in paragraphs.findings(whole, action=paragraphs.is_action(block)):
            found.append((planned.rule.name, whole.text[finding.start : finding.end]))
    return found


class _Read(NamedTuple):
    """What a block has: findings with offsets in it, abbreviations in use, and those it explains."""

    findings: tuple[Finding, ...]
    used: tuple[tuple[int, int, str], ...]
    explained: frozenset[str]


class _Planned(NamedTuple):
    """A rule that is asked for, and how much what it finds weighs."""

    rule: Rule
    severity: Severity
    forced: bool


class _Paragraphs:
    """Reads blocks by the tables of a language and what a caller wants."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.tables = tables_of(options.language)
        self.roster = frozenset(_names(options.roster))
        self.allowed = tuple(term.lower() for term in options.allowed if term.strip())
        self.plan = _plan(options)
        self.wanted = sum(1 << number for number in self.plan)
        self.verbs = _bits_of(options.language, ("VERB", "MODAL", "DO", "HAVE", "BE"))
        self.people_possible = _people_bits(options.language)
        self.house = _house_terms(options)
        self.known_acronyms = self.tables.shouting | options.acronyms

    def is_action(self, block: Block) -> bool:
        """True for an item below a heading of actions, a task, and an action in a table of actions."""
        if block.shape is Shape.ITEM:
            return block.task or self._says("action_sections", block.section)
        if block.shape is not Shape.CELL or not self._says("action_columns", block.head):
            return False
        return self._says("action_sections", block.section) or any(
            self._says("action_owners", head) for head in block.heads
        )

    def joined(self, block: Block) -> Block:
        """A cell that begins with a verb, with the cell before it, where its subject stands."""
        if not block.lead:
            return block
        for words in sentences_of(block.text, self.tables):
            if words[0].tags & self.verbs:
                return block._replace(start=block.start - len(block.lead), text=block.lead + block.text)
            break
        return block

    def _says(self, setting: str, heading: str) -> bool:
        pattern = self.tables.settings.get(setting)
        return bool(heading and pattern) and bool(_heading_pattern(pattern).search(heading))

    def read(self, block: Block, *, action: bool) -> _Read:
        """Everything in a block that does not depend on the rest of the text."""
        found = [finding for _, finding in self.findings(block, action=action)]
        if block.shape is Shape.HEADING:
            # Headings name what a section is about, so only those count that tell what somebody did.
            return _Read(tuple(_distinct(_told(found, block.text))), (), frozenset())
        if self.house:
            found.extend(self._house(block.text))
        used, explained = self._acronyms(block.text)
        return _Read(tuple(_distinct(found)), used, explained)

    def findings(self, block: Block, *, action: bool) -> Iterator[tuple[_Planned, Finding]]:
        """What each rule finds in a block, sentence by sentence."""
        people: set[str] = set()
        before = ""
        for number, words in enumerate(sentences_of(block.text, self.tables)):
            sentence = Sentence(words, self.tables)
            if sentence.tags & self.people_possible or self.roster:
                before = sentence.find_agents(self.roster, people, before)
            called = sentence.called & self.wanted
            if not sentence.view.named("ANYAGENT"):
                called &= ~self.tables.about_people
            if called:
                shape = "action" if action and number == 0 else ""
                yield from self._sentence(sentence, called, block.text, shape)

    def _sentence(
        self, sentence: Sentence, called: int, text: str, shape: str
    ) -> Iterator[tuple[_Planned, Finding]]:
        for number in places_of(called):
            planned = self.plan[number]
            rule = planned.rule
            if rule.shapes and shape not in rule.shapes:
                continue
            for match in rule.pattern.matches(sentence.view):
                finding = self._finding(planned, sentence, match, text)
                if finding is not None:
                    yield planned, finding

    def _finding(self, planned: _Planned, sentence: Sentence, match: Match, text: str) -> Finding | None:
        rule, words = planned.rule, sentence.words
        start, end, names = match
        target = Target.NONE
        if "a" in names:
            agent = names["a"][0]
            target, name = _target(sentence, agent)
            if rule.targets and name.lower() not in rule.targets:
                return None
            if agent == start:
                start = min(start, sentence.starts.get(agent, agent))
        elif rule.targets:
            return None
        if start >= end or self._silenced(rule, sentence, start, end):
            return None
        if target is Target.NONE and CATEGORIES[rule.category].kind is Kind.BLAME:
            target = _named_within(sentence, start, end)
        category = rule.category
        renamed = self.tables.settings.get("by_target", {}).get(category, {}).get(target.value)
        severity = planned.severity
        if renamed:
            if renamed in self.options.off:
                return None
            severity = self.options.severities.get(renamed, CATEGORIES[renamed].severity)
            category = renamed
        elif not planned.forced:
            severity = _weighed(severity, target)
        messages = self.tables.messages[category] if renamed else None
        return Finding(
            kind=CATEGORIES[category].kind,
            category=category,
            severity=severity,
            target=target,
            start=words[start].start,
            end=words[end - 1].end,
            text="",
            message=messages["message"] if messages else rule.message,
            question=messages["question"] if messages else rule.question,
            suggestions=rewrites_of(rule.rewrites, sentence, Match(start, end, names), text),
        )

    def _silenced(self, rule: Rule, sentence: Sentence, start: int, end: int) -> bool:
        view = sentence.view
        if any(pattern.possible(view) and pattern.ends(view) >> start & 1 for pattern in rule.before):
            return True
        if any(pattern.possible(view) and pattern.starts_from(view, end) for pattern in rule.after):
            return True
        return any(pattern.possible(view) and pattern.ends(view) for pattern in rule.unless)

    def _house(self, text: str) -> list[Finding]:
        found = []
        category = CATEGORIES["house_term"]
        severity = self.options.severities.get("house_term", category.severity)
        messages = self.tables.messages["house_term"]
        for pattern, why in self.house:
            for match in pattern.finditer(text):
                found.append(
                    Finding(
                        kind=category.kind,
                        category=category.name,
                        severity=severity,
                        target=Target.NONE,
                        start=match.start(),
                        end=match.end(),
                        text="",
                        message=why or messages["message"],
                        question=messages["question"],
                    )
                )
        return found

    def _acronyms(self, text: str) -> tuple[tuple[tuple[int, int, str], ...], frozenset[str]]:
        if not _wanted("jargon", self.options):
            return (), frozenset()
        used, explained = [], set()
        for match in _ACRONYM.finditer(text):
            word = match[0].rstrip("s") if match[0][-1] == "s" else match[0]
            if word in self.known_acronyms or match[0] in self.known_acronyms or not word.isalpha():
                continue
            if _is_explained(text, match.start(), match.end(), word):
                explained.add(word)
            elif not _is_shouted(text, match.start(), match.end()):
                used.append((match.start(), match.end(), word))
        return tuple(used), frozenset(explained)

    def acronyms(self, text: str, reads: list[tuple[int, _Read]]) -> list[Finding]:
        """The first use of each abbreviation that the text explains nowhere."""
        explained = {word for _, read in reads for word in read.explained}
        category = CATEGORIES["jargon"]
        messages = self.tables.messages["jargon"]
        found: dict[str, Finding] = {}
        for offset, read in reads:
            for start, end, word in read.used:
                if word not in explained and word not in found:
                    found[word] = Finding(
                        kind=category.kind,
                        category=category.name,
                        severity=self.options.severities.get("jargon", category.severity),
                        target=Target.NONE,
                        start=offset + start,
                        end=offset + end,
                        text=text[offset + start : offset + end],
                        message=messages["message"],
                        question=messages["question"],
                    )
        return list(found.values())


def _plan(options: Options) -> dict[int, _Planned]:
    """The rules that are asked for, by their numbers."""
    planned = {}
    for number, rule in enumerate(tables_of(options.language).rules):
        if not _wanted(rule.category, options):
            continue
        given = options.severities.get(rule.category)
        severity = given or rule.severity or CATEGORIES[rule.category].severity
        if rule.category == "weasel_quantity" and not given and options.quantities_known:
            severity = Severity.WARNING
        planned[number] = _Planned(rule, severity, forced=bool(given or rule.severity))
    return planned


@cache
def _people_bits(language: str) -> int:
    names = ("NAME", "CAP", "HANDLE", "ROLEWORD", "TEAMWORD", "WEAKWORD", "SELFWORD", "WHO", "THEY", "PRON")
    return _bits_of(language, (*names, "EVIDENCE"))


def _bits_of(language: str, names: tuple[str, ...]) -> int:
    tables = tables_of(language)
    bits = 0
    for name in names:
        bits |= tables.bit(name)
    return bits


def _wanted(category: str, options: Options) -> bool:
    return category not in options.off and CATEGORIES[category].kind in options.kinds


def _target(sentence: Sentence, agent: int) -> tuple[Target, str]:
    for target, name in _TARGETS:
        if sentence.view.named(name) >> agent & 1:
            return target, name
    return Target.NONE, ""


def _named_within(sentence: Sentence, start: int, end: int) -> Target:
    """Whom the words of a finding name, where its rule asks for nobody: a person before a team."""
    words = (1 << end) - (1 << start)
    for target, name in _TARGETS:
        if sentence.view.named(name) & words:
            return target
    return Target.NONE


def _weighed(severity: Severity, target: Target) -> Severity:
    """What is said of a team weighs less than what is said of a person, and of oneself least."""
    if target is Target.SELF:
        return Severity.INFO
    if target is Target.TEAM and severity is Severity.ERROR:
        return Severity.WARNING
    return severity


def _told(found: list[Finding], heading: str) -> list[Finding]:
    """The findings of blame that begin a heading and whose subject is somebody; none of a question."""
    if "?" in heading:
        return []
    return [
        finding
        for finding in found
        if finding.kind is Kind.BLAME
        and finding.target in _ACTING
        and _OPENING.fullmatch(heading, 0, finding.start)
        and " " in heading[finding.start : finding.end]
    ]


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the other half of a mark of emphasis, or of a link, that stands at its edge."""
    inside = text[start:end]
    for mark in _EMPHASIS:
        if inside.count(mark) % 2:
            if text.startswith(mark, start - len(mark)):
                start -= len(mark)
            elif text.startswith(mark, end):
                end += len(mark)
    if "](" in inside and "[" not in inside and text[start - 1 : start] == "[":
        start -= 1
    return start, end


def _distinct(found: list[Finding]) -> list[Finding]:
    """Without those that say again what another says of the same words."""
    found.sort(key=lambda finding: (finding.kind, finding.start, -finding.end))
    kept: list[Finding] = []
    for finding in found:
        last = kept[-1] if kept else None
        inside = last is not None and last.kind is finding.kind and finding.start < last.end
        if not inside or (finding.kind is Kind.CLARITY and last is not None and finding.end > last.end):
            kept.append(finding)
    careful = [finding for finding in kept if finding.category == "careful_fix"]
    return [
        finding
        for finding in kept
        if finding.category != "vague_action"
        or not any(finding.start < other.end and other.start < finding.end for other in careful)
    ]


def _names(roster: frozenset[str]) -> list[str]:
    """Each part of a name and each chat name, in small letters."""
    found = []
    for name in sorted(roster)[:ROSTER_NAMES_MAX]:
        plain = name.strip().lstrip("@").lower()
        found.append(plain)
        found.extend(part for part in plain.split() if len(part) > 1)
    return [name for name in found if name]


def _house_terms(options: Options) -> tuple[tuple[re.Pattern[str], str], ...]:
    if not _wanted("house_term", options):
        return ()
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(term.strip())}(?!\w)", re.IGNORECASE), why)
        for term, why in sorted(options.flagged.items())[:FLAGGED_TERMS_MAX]
        if term.strip()
    )


def _is_explained(text: str, start: int, end: int, word: str) -> bool:
    """True for "Border Gateway Protocol (BGP)" and for "BGP (Border Gateway Protocol)"."""
    after = text[end : end + 80]
    if after.lstrip().startswith("(") and len(after.split(")")[0].split()) >= 2:
        return True
    before = text[max(0, start - 120) : start].rstrip()
    if not before.endswith("("):
        return False
    initials = [piece[0].upper() for piece in re.findall(r"[^\W_]+", before)]
    return bool(initials) and word[0] in initials[-2 * len(word) :]


def _is_shouted(text: str, start: int, end: int) -> bool:
    """True where the words beside it are in capitals as well."""
    before = text[max(0, start - 20) : start].split()
    after = text[end : end + 20].split()
    return bool(before and len(before[-1]) > 1 and before[-1].isupper()) or bool(
        after and len(after[0]) > 1 and after[0].strip(".,:").isupper()
    )


@cache
def _heading_pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
