"""The check: blocks, sentences, agents, rules, in one pass over the text."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from afterword.language.findings import CATEGORIES, Finding, Kind, Options, Severity, Target
from afterword.language.patterns import Atom, Choice, Match, Node, Repeat, Sequence
from afterword.language.reading import Block, Shape, blocks_of
from afterword.language.rewriting import rewrites_of
from afterword.language.sentences import Sentence, sentences_of
from afterword.language.tables import DYNAMIC, Rule, Tables, tables_of

# What is beyond is not looked at: a document of the product has 1,000,000 characters at most.
TEXT_CHARACTERS_MAX = 2_000_000
# Paragraphs that a Checker remembers, the least recently seen forgotten first.
PARAGRAPHS_KEPT_MAX = 4_000
ROSTER_NAMES_MAX = 50_000
FLAGGED_TERMS_MAX = 1_000

_ACRONYM = re.compile(r"(?<![\w￼./#@-])[A-Z][A-Z0-9]{2,5}s?(?![\w￼./-])")
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

    Keeps the findings of up to PARAGRAPHS_KEPT_MAX paragraphs, so only what changed is analysed.
    """

    def __init__(self, options: Options | None = None, *, markdown: bool = True) -> None:
        self.options = options or Options()
        self.markdown = markdown
        self._paragraphs = _Paragraphs(self.options)
        self._kept: OrderedDict[tuple[str, Shape, bool], _Read] = OrderedDict()

    def check(self, text: str) -> list[Finding]:
        """The findings in `text`, as `check` gives them."""
        text = text[:TEXT_CHARACTERS_MAX]
        found: list[Finding] = []
        reads: list[tuple[int, _Read]] = []
        for block in blocks_of(text, markdown=self.markdown):
            read = self._read(block)
            reads.append((block.start, read))
            for finding in read.findings:
                start, end = block.start + finding.start, block.start + finding.end
                found.append(replace(finding, start=start, end=end, text=text[start:end]))
        found.extend(self._paragraphs.acronyms(text, reads))
        allowed = self._paragraphs.allowed
        if allowed:
            found = [
                finding for finding in found if not any(term in finding.text.lower() for term in allowed)
            ]
        return sorted(found, key=lambda finding: (finding.start, finding.end, finding.category))

    def _read(self, block: Block) -> _Read:
        action = block.task or (block.shape is Shape.ITEM and self._paragraphs.is_action(block.section))
        key = (block.text, block.shape, action)
        read = self._kept.get(key)
        if read is None:
            read = self._kept[key] = self._paragraphs.read(block, action=action)
            if len(self._kept) > PARAGRAPHS_KEPT_MAX:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return read


def matches_of(text: str, options: Options | None = None, *, markdown: bool = True) -> list[tuple[str, str]]:
    """The name of each rule that finds something, with its words: for those who write tables."""
    paragraphs = _Paragraphs(options or Options())
    found = []
    for block in blocks_of(text[:TEXT_CHARACTERS_MAX], markdown=markdown):
        action = block.task or (block.shape is Shape.ITEM and paragraphs.is_action(block.section))
        for planned, finding in paragraphs.findings(block, action=action):
            found.append((planned.rule.name, block.text[finding.start : finding.end]))
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What a block has: findings with offsets in it, abbreviations in use, and those it explains."""

    findings: tuple[Finding, ...]
    used: tuple[tuple[int, int, str], ...]
    explained: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Planned:
    """A rule that is asked for, with the bits without which it cannot match."""

    rule: Rule
    needs: tuple[int, ...]
    first: int
    severity: Severity
    forced: bool
    about_people: bool


class _Paragraphs:
    """Reads blocks by the tables of a language and what a caller wants."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.tables = tables_of(options.language)
        self.roster = frozenset(_names(options.roster))
        self.allowed = tuple(term.lower() for term in options.allowed if term.strip())
        self.plan = _plan(options)
        self.gate = 0
        for planned in self.plan:
            self.gate |= planned.needs[0] if planned.needs else -1
        self.people_possible = _people_bits(options.language)
        self.house = _house_terms(options)
        self.known_acronyms = self.tables.shouting | options.acronyms

    def is_action(self, section: str) -> bool:
        return bool(section) and bool(
            _action_pattern(self.tables.settings["action_sections"]).search(section)
        )

    def read(self, block: Block, *, action: bool) -> _Read:
        """Everything in a block that does not depend on the rest of the text."""
        found = [finding for _, finding in self.findings(block, action=action)]
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
            if sentence.tags & self.gate:
                shape = "action" if action and number == 0 else ""
                yield from self._sentence(sentence, block.text, shape)

    def _sentence(self, sentence: Sentence, text: str, shape: str) -> Iterator[tuple[_Planned, Finding]]:
        tags, view = sentence.tags, sentence.view
        for planned in self.plan:
            # A list, because a generator for each rule and sentence takes twice the time.
            if not tags & planned.first or not all([tags & need for need in planned.needs]):  # noqa: C419
                continue
            rule = planned.rule
            if rule.shapes and shape not in rule.shapes:
                continue
            if planned.about_people and not view.named("ANYAGENT"):
                continue
            for match in rule.pattern.matches(view):
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
        elif rule.needs_target:
            return None
        if start >= end or self._silenced(rule, sentence, start, end):
            return None
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


def _plan(options: Options) -> tuple[_Planned, ...]:
    planned = []
    for rule, needs, dynamic in _needs_of(options.language):
        if not _wanted(rule.category, options):
            continue
        given = options.severities.get(rule.category)
        severity = given or rule.severity or CATEGORIES[rule.category].severity
        if rule.category == "weasel_quantity" and not given and options.quantities_known:
            severity = Severity.WARNING
        first = needs[-1] if needs else -1
        planned.append(_Planned(rule, needs, first, severity, bool(given or rule.severity), dynamic))
    return tuple(planned)


@cache
def _needs_of(language: str) -> tuple[tuple[Rule, tuple[int, ...], bool], ...]:
    """Each rule with the bits without which it cannot match, and whether it needs anybody who acts."""
    tables = tables_of(language)
    found = []
    for rule in tables.rules:
        needs = tuple(bits for part in rule.pattern.parts for bits in _needs(part, tables))
        dynamic = any(
            not conjunct.negative and set(conjunct.names) <= DYNAMIC
            for atom in rule.pattern.needs
            for conjunct in atom.conjuncts
        )
        found.append((rule, needs, dynamic))
    return tuple(found)


def _needs(node: Node, tables: Tables) -> list[int]:
    """For each word that every match of the node has, the bits of which it has one."""
    if isinstance(node, Atom):
        bits = _bits(node, tables)
        return [bits] if bits else []
    if isinstance(node, Sequence):
        return [bits for part in node.parts for bits in _needs(part, tables)]
    if isinstance(node, Repeat):
        return _needs(node.part, tables) if node.least else []
    if isinstance(node, Choice):
        either = 0
        for option in node.options:
            needed = _needs(option, tables)
            if not needed:
                return []
            either |= needed[-1]
        return [either]
    return []


def _bits(atom: Atom, tables: Tables) -> int:
    """Bits of which a sentence has one wherever the atom matches; 0 where that cannot be said."""
    for names, negative in atom.conjuncts:
        if negative or any(name in DYNAMIC or name == "_" for name in names):
            continue
        bits = 0
        for name in names:
            bits |= tables.bit(name if name.isupper() else "=" + name)
        if bits and bits & ~tables.bit("PUNCT"):
            return bits
    return 0


@cache
def _people_bits(language: str) -> int:
    tables = tables_of(language)
    names = ("NAME", "CAP", "HANDLE", "ROLEWORD", "TEAMWORD", "WEAKWORD", "SELFWORD", "WHO", "THEY", "PRON")
    bits = 0
    for name in (*names, "EVIDENCE"):
        bits |= tables.bit(name)
    return bits


def _wanted(category: str, options: Options) -> bool:
    return category not in options.off and CATEGORIES[category].kind in options.kinds


def _target(sentence: Sentence, agent: int) -> tuple[Target, str]:
    for target, name in _TARGETS:
        if sentence.view.named(name) >> agent & 1:
            return target, name
    return Target.NONE, ""


def _weighed(severity: Severity, target: Target) -> Severity:
    """What is said of a team weighs less than what is said of a person, and of oneself least."""
    if target is Target.SELF:
        return Severity.INFO
    if target is Target.TEAM and severity is Severity.ERROR:
        return Severity.WARNING
    return severity


def _distinct(found: list[Finding]) -> list[Finding]:
    """Without those that say again what another says of the same words."""
    found.sort(key=lambda finding: (finding.kind, finding.start, -finding.end))
    kept: list[Finding] = []
    for finding in found:
        last = kept[-1] if kept else None
        inside = last is not None and last.kind is finding.kind and finding.start < last.end
        if not inside or (finding.kind is Kind.CLARITY and last is not None and finding.end > last.end):
            kept.append(finding)
    return kept


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


@lru_cache(maxsize=8)
def _action_pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
