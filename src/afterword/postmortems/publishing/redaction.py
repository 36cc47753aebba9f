"""What must not leave the organisation, found and replaced in a document's tree. Pure: no Django.

The tree is worked on and not the Markdown, so that an entity, an escape or a mark in the middle of a word
hides nothing from a pattern. What still slips through between two nodes is found by `find_leaks`, which
reads the text as a reader would and has the last word before anything is public.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from afterword.documents import (
    Block,
    Code,
    CodeBlock,
    Definition,
    Heading,
    Image,
    InlineImage,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
    read_texts,
    written_text,
)
from afterword.postmortems.publishing.labelled import replace_labelled
from afterword.postmortems.publishing.names import INVISIBLE, Found, Names, is_label
from afterword.postmortems.publishing.patterns import (
    MENTION,
    WORDS,
    Kind,
    Policy,
    Rule,
    compile_rules,
    fold,
    is_private_link,
    private_span,
)

DISTINCT_LEAKS_MAX = 100


@dataclass(frozen=True)
class Replacement:
    """One thing that was taken out, and how often."""

    kind: Kind
    before: str
    after: str
    count: int


@dataclass(frozen=True)
class Leak:
    """Something that still stands in what would be public."""

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        return WORDS[self.kind]


@dataclass
class Redactor:
    """Replaces what a policy calls private, and counts what it replaced."""

    policy: Policy
    name_for: Callable[[Kind, str, str], str] = lambda kind, before, words: words
    """What takes the place of something, by its kind, itself and the words that the policy has for it."""
    _counts: dict[tuple[Kind, str, str], int] = field(default_factory=dict)
    _in_label: bool = False

    def __post_init__(self) -> None:
        self._rules = compile_rules(self.policy)
        self._names = Names(self.policy.people)

    @property
    def replacements(self) -> list[Replacement]:
        """What was replaced so far, by kind and text."""
        return [Replacement(*key, count) for key, count in sorted(self._counts.items())]

    def forget(self) -> None:
        """Count from nothing again."""
        self._counts = {}

    def redact_text(self, text: str) -> str:
        """Plain text, the whole of it, with what is private replaced."""
        if (name := self._as_name(text)) is not None:
            return name
        return self._redact_part(text)

    def redact_label(self, text: str) -> str:
        """The same of a heading or another label: one that is made of words of labels names nobody."""
        if not is_label(text):
            return self.redact_text(text)
        with self._labelling():
            return self._redact_part(text)

    def redact_blocks(self, blocks: Sequence[Block]) -> list[Block]:
        """The same tree with what is private replaced; pictures become a few words."""
        return [self._walk(block) for block in replace_labelled(blocks, self._labelled_secret)]

    def _labelled_secret(self, text: str) -> str | None:
        if self._is_allowed(text):
            return None
        words = self.name_for(Kind.SECRET, text, "[secret removed]")
        self._count(Kind.SECRET, text, words)
        return words

    @contextmanager
    def _labelling(self) -> Iterator[None]:
        """Inside, no word is a name by itself."""
        was, self._in_label = self._in_label, True
        try:
            yield
        finally:
            self._in_label = was

    def _as_name(self, text: str) -> str | None:
        """What stands for a text that is somebody's name and nothing else."""
        said = text.strip()
        words = self._names.whole(said)
        if words is None or self._is_allowed(said):
            return None
        words = self.name_for(Kind.PERSON, said, words)
        words = words[:1].upper() + words[1:]
        self._count(Kind.PERSON, said, words)
        before, _, after = text.partition(said)
        return before + words + after

    def _redact_part(self, text: str, *, is_code: bool = False) -> str:
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
        for rule in self._rules:
            text = rule.pattern.sub(lambda found, rule=rule: self._replaced(rule, found), text)  # type: ignore[misc]
        text = self._without_names(text)
        if is_code or not self.policy.mention_words:
            return text
        return MENTION.sub(self._mentioned, text)

    def _mentioned(self, found: re.Match[str]) -> str:
        before = found.group(0)
        if fold(before) in self.policy.allowed:
            return before
        words = self.name_for(Kind.PERSON, before, self.policy.mention_words)
        if _begins_sentence(found.string, found.start()):
            words = words[:1].upper() + words[1:]
        self._count(Kind.PERSON, before, words)
        return words

    def _replaced(self, rule: Rule, found: re.Match[str]) -> str:
        start, end = private_span(found)
        before = found.string[start:end]
        if fold(before) in self.policy.allowed or not rule.holds(before):
            return found.group(0)
        words = self.name_for(rule.kind, before, rule.words)
        self._count(rule.kind, before, words)
        return found.string[found.start() : start] + words + found.string[end : found.end()]

    def _without_names(self, text: str) -> str:
        pieces: list[str] = []
        position = 0
        for found in self._names.find(text, self._is_no_name):
            words = self.name_for(Kind.PERSON, text[found.start : found.end], found.words)
            if _begins_sentence(text, found.start):
                words = words[:1].upper() + words[1:]
            end, genitive = _genitive_of(text, found)
            words += genitive
            pieces += [text[position : found.start], words]
            position = end
            self._count(Kind.PERSON, text[found.start : found.end], words)
        return "".join([*pieces, text[position:]])

    def _is_no_name(self, text: str) -> bool:
        return self._is_allowed(text) or (self._in_label and text.isalnum())

    def _is_allowed(self, text: str) -> bool:
        return fold(text) in self.policy.allowed

    def _count(self, kind: Kind, before: str, after: str) -> None:
        key = (kind, before, after)
        self._counts[key] = self._counts.get(key, 0) + 1

    def _walk(self, node: Any) -> Any:
        match node:
            case Text(value):
                return Text(self._redact_part(value))
            case Code(value):
                return Code(self._redact_part(value, is_code=True))
            case CodeBlock(language, text):
                own = language if self._redact_part(language, is_code=True) == language else ""
                return CodeBlock(own, self._redact_part(text, is_code=True))
            case Image(_, alt):
                return Paragraph((self._picture(alt),))
            case InlineImage(_, alt):
                return self._picture(alt)
            case _ if dataclasses.is_dataclass(node) and not isinstance(node, type):
                changes = {
                    one.name: self._part(node, one.name, value)
                    for one in dataclasses.fields(node)
                    if isinstance(value := getattr(node, one.name), tuple)
                }
                texts = {
                    one.name: self._redact_part(value)
                    for one in dataclasses.fields(node)
                    if isinstance(value := getattr(node, one.name), str) and one.name == "value"
                }
                return dataclasses.replace(node, **changes, **texts)
        return node

    def _part(self, node: Any, name: str, value: tuple[Any, ...]) -> tuple[Any, ...]:
        """One part of a node: its label, or what it says."""
        if isinstance(node, Table) and name == "head":
            return tuple(self._label(cell) for cell in value)
        if isinstance(node, Table) and name == "rows":
            return tuple(tuple(self._whole(cell) for cell in row) for row in value)
        if count := _label_length(node, name):
            return self._label(value[:count]) + self._children(value[count:])
        is_whole = isinstance(node, Paragraph) or (isinstance(node, Definition) and name == "description")
        return self._whole(value) if is_whole else self._children(value)

    def _label(self, children: tuple[Any, ...]) -> tuple[Any, ...]:
        if not is_label(written_text(children)):
            return self._whole(children)
        with self._labelling():
            return self._children(children)

    def _whole(self, children: tuple[Any, ...]) -> tuple[Any, ...]:
        """What is read in one piece: a cell, a paragraph."""
        said = written_text(children)
        name = self._as_name(said)
        if name is None:
            return self._children(children)
        text: Any = Text(f"{name}:" if said.rstrip().endswith(":") else name)
        return (Strong((text,)),) if isinstance(children[0], Strong) and len(children) == 1 else (text,)

    def _children(self, children: tuple[Any, ...]) -> tuple[Any, ...]:
        walked: list[Any] = []
        for child in _merged(children):
            if isinstance(child, tuple):
                walked.append(self._children(child))
            elif isinstance(child, Link) and not self._may_stay(child.href):
                self._count(Kind.LINK, child.href, "")
                walked.extend(self._children(child.children))
            else:
                walked.append(self._walk(child))
        return tuple(walked)

    def _may_stay(self, href: str) -> bool:
        if self._is_allowed(href):
            return True
        return not (
            is_private_link(href, self.policy) or _says_private(href, self._rules, self._names, self.policy)
        )

    def _picture(self, alt: str) -> Text:
        """No picture is public: what it shows can be read by no rule."""
        self._count(Kind.PICTURE, alt, "")
        described = self.redact_text(alt)
        return Text(f"[Picture: {described}]" if described else "[Picture]")


def find_leaks(blocks: Sequence[Block], policy: Policy) -> list[Leak]:
    """What is private and still stands in a text, as a reader reads it; nothing that was allowed."""
    rules, names = compile_rules(policy), Names(policy.people)
    found: dict[Leak, None] = {}

    def note_secret(text: str) -> None:
        if fold(text) not in policy.allowed:
            found[Leak(Kind.SECRET, text)] = None

    replace_labelled(blocks, note_secret)
    for text in read_texts(blocks):
        found.update(dict.fromkeys(_patterns_in(text, rules, policy)))
        # A label may have a word of somebody's name, and never all of them.
        of_several = (leak for leak in _names_in(text, names, policy) if not leak.text.isalnum())
        found.update(dict.fromkeys(of_several))
    for text in read_texts(_without_labels(blocks)):
        found.update(dict.fromkeys(_names_in(text, names, policy)))
        if names.whole(text) is not None and fold(text) not in policy.allowed:
            found[Leak(Kind.PERSON, _shown(text).strip())] = None
    if policy.mention_words:
        for text in read_texts(_without_code(blocks)):
            found.update(dict.fromkeys(_mentions_in(text, policy)))
    for node in _hidden(blocks):
        match node:
            case Link(href, _) if fold(href) not in policy.allowed:
                if is_private_link(href, policy) or _says_private(href, rules, names, policy):
                    found[Leak(Kind.LINK, href)] = None
            case CodeBlock(language, _):
                found.update(dict.fromkeys(_leaks_in(language, rules, names, policy)))
            case Image(name, alt) | InlineImage(name, alt) if fold(alt or name) not in policy.allowed:
                found[Leak(Kind.PICTURE, alt or name)] = None
    return list(found)[:DISTINCT_LEAKS_MAX]


def _leaks_in(text: str, rules: Sequence[Rule], names: Names, policy: Policy) -> Iterator[Leak]:
    yield from _patterns_in(text, rules, policy)
    yield from _names_in(text, names, policy)


def _patterns_in(text: str, rules: Sequence[Rule], policy: Policy) -> Iterator[Leak]:
    shown = _shown(text)
    for rule in rules:
        for match in rule.pattern.finditer(shown):
            private = slice(*private_span(match))
            if rule.holds(shown[private]) and fold(shown[private]) not in policy.allowed:
                yield Leak(rule.kind, shown[private])


def _names_in(text: str, names: Names, policy: Policy) -> Iterator[Leak]:
    shown = _shown(text)
    for found in names.find(shown, lambda name: fold(name) in policy.allowed):
        yield Leak(Kind.PERSON, shown[found.start : found.end])


def _mentions_in(text: str, policy: Policy) -> Iterator[Leak]:
    for found in MENTION.finditer(_shown(text)):
        if fold(found.group(0)) not in policy.allowed:
            yield Leak(Kind.PERSON, found.group(0))


def _says_private(href: str, rules: Sequence[Rule], names: Names, policy: Policy) -> bool:
    """Whether an address tells by its own words what its host does not: a name, a key."""
    read = unquote(href)
    return any(True for twice in (read, unquote(read)) for _ in _leaks_in(twice, rules, names, policy))


def _shown(text: str) -> str:
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?:\n"


def _genitive_of(text: str, found: Found) -> tuple[int, str]:
    """Where a name ends with its genitive, and what the words in its place get: “Anas Idee”, “Hans’ Idee”."""
    alone = _APOSTROPHE_ALONE.match(text, found.end)
    if not found.is_genitive:
        ends_like_s = text[found.end - 1].casefold() in ("s", "x", "z", "ss")
        is_quoted = _OPEN_QUOTE.search(text, max(0, found.start - QUOTED_CHARACTERS_MAX), found.start)
        if alone is None or not ends_like_s or is_quoted:
            return found.end, ""
    elif _JOINED.match(text, found.end):
        return found.end, ""
    return alone.end() if alone else found.end, "'s"


QUOTED_CHARACTERS_MAX = 60
_APOSTROPHE_ALONE = re.compile(r"['’](?=\s+\w)")
_OPEN_QUOTE = re.compile(r"(?<!\w)['‘‚](?=\w|\Z)")
_JOINED = re.compile(r"[-_/@.\\]\w|@")
"""As in `anas-laptop`, which is a name of something."""


def _merged(children: Sequence[Any]) -> Iterator[Any]:
    """The children with neighbouring texts as one: a parser may have cut a name in two."""
    text = ""
    for child in children:
        if isinstance(child, Text):
            text += child.value
            continue
        if text:
            yield Text(text)
            text = ""
        yield child
    if text:
        yield Text(text)


def _label_length(node: Any, name: str) -> int:
    """How many of the children of this part of a node are its label: what stands over or before what people
    write. A heading, a term, and strong words that are all of a paragraph or stand before a colon."""
    children = getattr(node, name)
    if isinstance(node, Heading) or (name == "term" and isinstance(node, Definition)):
        return len(children)
    if not isinstance(node, Paragraph) or name != "children":
        return 0
    match children:
        case (Strong(),):
            return 1
        case (Strong() as first, Text(after), *_):
            is_before_colon = after.lstrip().startswith(":") or written_text((first,)).rstrip().endswith(":")
            return int(is_before_colon)
    return 0


def _without_labels(node: Any) -> Any:
    """The tree with a dash for each label that is made of words of labels alone."""
    if isinstance(node, list | tuple):
        return tuple(_without_labels(child) for child in node)
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    changes: dict[str, Any] = {}
    for one in dataclasses.fields(node):
        if not isinstance(value := getattr(node, one.name), tuple):
            continue
        if isinstance(node, Table) and one.name == "head":
            changes[one.name] = tuple(_dash_for(cell) for cell in value)
        elif count := _label_length(node, one.name):
            changes[one.name] = _dash_for(value[:count]) + value[count:]
        else:
            changes[one.name] = _without_labels(value)
    return dataclasses.replace(node, **changes)


def _dash_for(label: tuple[Any, ...]) -> tuple[Any, ...]:
    return (Text("-"),) if is_label(written_text(label)) else label


def _without_code(node: Any) -> Any:
    """The tree with a blank for whatever is code."""
    if isinstance(node, Code):
        return Text(" ")
    if isinstance(node, CodeBlock):
        return Paragraph(())
    if isinstance(node, list | tuple):
        return tuple(_without_code(child) for child in node)
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    parts = {one.name: getattr(node, one.name) for one in dataclasses.fields(node)}
    changes = {name: _without_code(value) for name, value in parts.items() if isinstance(value, tuple)}
    return dataclasses.replace(node, **changes)


def _hidden(node: Any) -> Iterator[Any]:
    """The nodes of a tree that say more than a reader reads: links, pictures, blocks of code."""
    if isinstance(node, Link | Image | InlineImage | CodeBlock):
        yield node
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _hidden(child)
    elif dataclasses.is_dataclass(node):
        for one in dataclasses.fields(node):
            value = getattr(node, one.name)
            if isinstance(value, tuple):
                yield from _hidden(value)
