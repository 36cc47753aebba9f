"""Secrets that stand apart from the word for them: in the next cell, below it, in code. Pure: no Django."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Any

from afterword.documents import (
    Code,
    CodeBlock,
    Definition,
    Emphasis,
    Heading,
    Paragraph,
    Strong,
    Table,
    Text,
    written_text,
)
from afterword.postmortems.publishing.patterns import LABEL_WORDS, is_no_word

CODE_CHARACTERS_MIN, CODE_CHARACTERS_MAX = 4, 400
LABEL_CHARACTERS_MAX = 200

Replace = Callable[[str], str | None]
"""Of a secret, the words that take its place; None where it stays."""


def replace_labelled(node: Any, replace: Replace) -> Any:
    """The same tree with such secrets replaced: a value of one word, in code or that can be no word, beside
    a cell or under a head that is a word for secrets, below such a line, or set off by its letters behind
    “password:”."""
    if isinstance(node, list | tuple):
        return _replace_below(node, replace)
    if isinstance(node, Table):
        head, *rows = (_replace_beside(row, node.head, replace) for row in (node.head, *node.rows))
        return dataclasses.replace(node, head=head, rows=tuple(rows))
    if isinstance(node, Definition):
        _, description = _replace_beside((node.term, node.description), (), replace)
        return dataclasses.replace(node, description=description)
    if not dataclasses.is_dataclass(node) or isinstance(node, type):
        return node
    parts = {one.name: getattr(node, one.name) for one in dataclasses.fields(node)}
    changes = {
        name: replace_labelled(value, replace) for name, value in parts.items() if isinstance(value, tuple)
    }
    return dataclasses.replace(node, **changes)


def _replace_below(nodes: Sequence[Any], replace: Replace) -> tuple[Any, ...]:
    walked: list[Any] = []
    is_labelled = False
    before = ""
    for node in nodes:
        words: str | None = None
        if isinstance(node, Text | Code | Strong | Emphasis):
            if not isinstance(node, Text) and _TOLD.search(before):
                words = _words_for((node,), replace)
            walked.append(replace_labelled(node, replace) if words is None else Text(words))
            before = (before + written_text((node,)))[-LABEL_CHARACTERS_MAX:]
            continue
        before = ""
        if is_labelled and isinstance(node, CodeBlock):
            words = _words_for((Code(node.text.strip()),), replace)
        elif is_labelled and isinstance(node, Paragraph):
            words = _words_for(node.children, replace)
        walked.append(replace_labelled(node, replace) if words is None else Paragraph((Text(words),)))
        is_labelled = isinstance(node, Heading | Paragraph) and _is_label(node.children)
    return tuple(walked)


def _replace_beside(
    row: Sequence[tuple[Any, ...]], head: Sequence[tuple[Any, ...]], replace: Replace
) -> tuple[tuple[Any, ...], ...]:
    cells: list[tuple[Any, ...]] = []
    for place, cell in enumerate(row):
        is_labelled = place < len(head) and head is not row and _is_label(head[place])
        is_labelled = is_labelled or (place > 0 and _is_label(row[place - 1]))
        words = _words_for(cell, replace) if is_labelled else None
        cells.append(cell if words is None else (Text(words),))
    return tuple(cells)


def _is_label(children: Sequence[Any]) -> bool:
    text = written_text(tuple(children))
    return len(text) <= LABEL_CHARACTERS_MAX and _LABEL.search(text) is not None


def _words_for(children: Sequence[Any], replace: Replace) -> str | None:
    text = written_text(tuple(children)).strip()
    if text.startswith("[") or len(text) > CODE_CHARACTERS_MAX or len(text.split()) != 1:
        return None
    if is_no_word(text):
        return replace(text)
    # Code may be any word, and the next label.
    is_code = len(children) == 1 and isinstance(children[0], Code) and len(text) >= CODE_CHARACTERS_MIN
    return replace(text) if is_code and not _LABEL.search(text) else None


_WORDS = rf"(?:{LABEL_WORDS}|(?<![^\W_])(?:pass|pwd?))"
_LABEL = re.compile(rf"(?xi) {_WORDS} [\W_]{{0,5}}$")
_TOLD = re.compile(rf"(?xi) {_WORDS} [\W_]{{0,5}} (?: [:=] | (?<=\s)(?:is|was|ist|war|lautet) ) \s{{0,5}}$")
"""A name alone, as in “the secret `payments`”, tells none."""
