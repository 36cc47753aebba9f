"""Markdown to the tree: CommonMark with tables, strikethrough, task lists and footnotes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_ref

from afterword.documents import limits
from afterword.documents.errors import DocumentTooLarge
from afterword.documents.text import clean_text, link_target, plain_text
from afterword.documents.tree import (
    Alignment,
    Block,
    BulletList,
    Code,
    CodeBlock,
    Emphasis,
    Footnote,
    FootnoteReference,
    Footnotes,
    Heading,
    Image,
    Inline,
    InlineImage,
    Inlines,
    LineBreak,
    Link,
    ListItem,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
    inlines,
)
from afterword.documents.words import read_texts

LINE_CHARACTERS_MAX = 1_000
ATTACHMENT = "attachment:"

InlineRule = Callable[[StateInline, bool], bool]

_BRACKETS_ARE_TEXT = "afterword: brackets are text"
_BARE_ADDRESS = re.compile(r"(?<![\w/])https?://[^\s<>\"'`\\^{|}]+", re.IGNORECASE)
_MARK = re.compile(r"[*_`~\\\[\]<>&|=+#-]|\d[.)]\s")
"""Without one of these a text is read as it stands."""
_TASK = re.compile(r"\[([ xX])\][ \t\n]")
_ATTACHMENT_NAME = re.compile(r"(?!\.)[^/\\:\x00-\x1f\x7f]{1,255}")


def parse_markdown(text: str) -> list[Block]:
    """The tree of a Markdown text. Raw HTML stays text; nothing is fetched; no word is lost.

    Pictures are only `attachment:<name>`: a remote one becomes a link, any other its text. Links lead
    only where `link_target` allows. Raises DocumentTooLarge over TEXT_BYTES_MAX, NODES_MAX,
    TABLE_ROWS_MAX or TABLE_COLUMNS_MAX; what is nested too deep, or is one enormous paragraph, is kept
    as plain text, and so are the brackets of one with more than UNMATCHED_BRACKETS_MAX that nothing closes.
    Takes time in proportion to the length.
    """
    text = clean_text(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text.encode()) > limits.TEXT_BYTES_MAX:
        raise DocumentTooLarge(f"This text is larger than {limits.TEXT_BYTES_MAX // 1024} KB.")
    return _Growth(_READER.parse(text)).grow()


def read_line(text: str) -> str:
    """What is read in the first `LINE_CHARACTERS_MAX` characters of a Markdown text, on one clean line: for
    a label, where marks would only be in the way."""
    start = text[:LINE_CHARACTERS_MAX]
    if _MARK.search(start):
        start = "\n".join(read_texts(parse_markdown(start)))
    return plain_text(start)


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        """Every link is read as one; `link_target` decides afterwards, so that a bad one keeps its text."""
        return True


def _plain_below_depth(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """What is nested too deep becomes one plain text: markdown-it by itself would drop it."""
    if silent or state.level < limits.BLOCK_DEPTH_MAX:
        return False
    line = start
    while line < end and (state.isEmpty(line) or state.sCount[line] >= state.blkIndent):
        line += 1
    token = state.push("too_deep", "", 0)
    token.content = state.getLines(start, line, state.blkIndent, False).strip("\n")
    state.line = line
    return True


def _inlines_of_bearable_length(state: StateCore) -> None:
    """markdown-it's own `inline` rule, but a text too long to search for marks is taken as it stands."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if len(token.content) > limits.INLINE_CHARACTERS_MAX:
            token.children.append(Token("text", "", 0, content=token.content))
        else:
            unmatched = token.content.count("[") - token.content.count("]")
            state.env[_BRACKETS_ARE_TEXT] = unmatched > limits.UNMATCHED_BRACKETS_MAX
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _unless_brackets_are_text(rule: InlineRule) -> InlineRule:
    """`rule` reads from a bracket on to find its other half, a hundredfold where very many have none."""

    def read(state: StateInline, silent: bool) -> bool:
        return not state.env.get(_BRACKETS_ARE_TEXT) and rule(state, silent)

    return read


def _footnote_reference(state: StateInline, silent: bool) -> bool:
    """The plugin's own rule, which looks for the end of the label through the rest of the paragraph."""
    if not state.src.startswith("[^", state.pos) or state.env.get(_BRACKETS_ARE_TEXT):
        return False
    if state.src.find("]", state.pos, state.pos + limits.FOOTNOTE_LABEL_CHARACTERS_MAX + 3) < 0:
        return False
    return footnote_ref(state, silent)


def _make_reader() -> _Reader:
    # Pairs of one mark inside one another are cut off by maxNesting as text, which loses nothing.
    reader = _Reader(
        "commonmark", {"html": False, "linkify": False, "maxNesting": limits.BLOCK_DEPTH_MAX + 8}
    )
    reader.enable(["table", "strikethrough"])
    reader.disable(["html_block", "html_inline"])
    reader.use(footnote_plugin, inline=False, move_to_end=False)
    reader.block.ruler.before("table", "too_deep", _plain_below_depth)
    reader.inline.ruler.at("link", _unless_brackets_are_text(link))
    reader.inline.ruler.at("image", _unless_brackets_are_text(image))
    reader.inline.ruler.at("footnote_ref", _footnote_reference)
    reader.core.ruler.at("inline", _inlines_of_bearable_length)
    return reader


_READER = _make_reader()


class _Growth:
    """One pass over the tokens of one text, counting nodes."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = iter(tokens)
        self.nodes = 0
        self.footnote_numbers: dict[str, int] = {}
        self.footnote_blocks: dict[str, tuple[Block, ...]] = {}

    def grow(self) -> list[Block]:
        blocks = self.blocks_until(None)
        for label in self.footnote_blocks:
            self.footnote_number(label)
        notes = tuple(
            Footnote(number, self.footnote_blocks[label])
            for label, number in self.footnote_numbers.items()
            if label in self.footnote_blocks
        )
        return [*blocks, Footnotes(notes)] if notes else blocks

    def count(self, nodes: int = 1) -> None:
        self.nodes += nodes
        if self.nodes > limits.NODES_MAX:
            raise DocumentTooLarge(f"This text has more than {limits.NODES_MAX:,} parts.")

    def footnote_number(self, label: str) -> int:
        return self.footnote_numbers.setdefault(label, len(self.footnote_numbers) + 1)

    def blocks_until(self, end: str | None) -> list[Block]:
        blocks: list[Block] = []
        for token in self.tokens:
            if token.type == end:
                break
            self.count()
            if token.type == "footnote_reference_open":
                self.keep_footnote(str(token.meta["label"]))
                continue
            blocks.extend(self.block(token))
        return blocks

    def keep_footnote(self, label: str) -> None:
        """A second note with the same label is added to the first, so that nothing written is lost."""
        note = tuple(self.blocks_until("footnote_reference_close"))
        self.footnote_blocks[label] = self.footnote_blocks.get(label, ()) + note

    def block(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "paragraph_open":
                yield self.paragraph(self.inline_token("paragraph_close"))
            case "heading_open":
                yield Heading(int(token.tag[1]), self.children(self.inline_token("heading_close")))
            case "bullet_list_open":
                items, tight = self.items("bullet_list_close")
                yield BulletList(items, tight)
            case "ordered_list_open":
                items, tight = self.items("ordered_list_close")
                yield OrderedList(items, int(token.attrs.get("start", 1)), tight)
            case "blockquote_open":
                yield Quote(tuple(self.blocks_until("blockquote_close")))
            case "fence" | "code_block":
                words = token.info.split(maxsplit=1)
                yield CodeBlock(words[0] if words else "", token.content.removesuffix("\n"))
            case "table_open":
                yield self.table()
            case "hr":
                yield Rule()
            case "too_deep":
                yield Paragraph(inlines(token.content))
            case other:
                raise AssertionError(f"no rule for the Markdown token {other}")

    def inline_token(self, end: str) -> Token:
        """The one inline token of a block, and the block's closing token with it."""
        inline = next(self.tokens)
        closing = next(self.tokens)
        assert inline.type == "inline"
        assert closing.type == end
        return inline

    def paragraph(self, token: Token) -> Block:
        children = token.children or []
        if len(children) == 1 and children[0].type == "image":
            name = _attachment_name(str(children[0].attrGet("src") or ""))
            if name is not None:
                title = str(children[0].attrGet("title") or "")
                return Image(name=name, alt=_alt(children[0]), title=title)
        return Paragraph(self.children(token))

    def items(self, end: str) -> tuple[tuple[ListItem, ...], bool]:
        items: list[ListItem] = []
        tight = True
        for token in self.tokens:
            if token.type == end:
                break
            assert token.type == "list_item_open"
            self.count()
            blocks, item_tight = self.item_blocks()
            tight = tight and item_tight
            items.append(_task(blocks))
        return tuple(items), tight

    def item_blocks(self) -> tuple[list[Block], bool]:
        """The blocks of one item; a tight list is one whose paragraphs markdown-it has marked hidden."""
        blocks: list[Block] = []
        tight = True
        for token in self.tokens:
            if token.type == "list_item_close":
                break
            self.count()
            if token.type == "footnote_reference_open":
                self.keep_footnote(str(token.meta["label"]))
                continue
            if token.type == "paragraph_open" and not token.hidden:
                tight = False
            blocks.extend(self.block(token))
        return blocks, tight

    def table(self) -> Table:
        head: list[Inlines] = []
        rows: list[tuple[Inlines, ...]] = []
        alignments: list[Alignment] = []
        row: list[Inlines] = []
        in_head = False
        for token in self.tokens:
            match token.type:
                case "table_close":
                    break
                case "thead_open":
                    in_head = True
                case "thead_close":
                    in_head = False
                case "tr_open":
                    row = []
                case "tr_close" if in_head:
                    head = row
                case "tr_close":
                    rows.append(tuple(row))
                    if len(rows) > limits.TABLE_ROWS_MAX:
                        raise DocumentTooLarge(f"A table has more than {limits.TABLE_ROWS_MAX:,} rows.")
                case "th_open" | "td_open":
                    if in_head:
                        alignments.append(_alignment(token))
                    row.append(self.children(self.inline_token(token.type.replace("open", "close"))))
                    self.count()
                    if len(row) > limits.TABLE_COLUMNS_MAX:
                        raise DocumentTooLarge(f"A table has more than {limits.TABLE_COLUMNS_MAX} columns.")
        return Table(tuple(head), tuple(rows), tuple(alignments))

    def children(self, token: Token) -> Inlines:
        return self.inlines(iter(token.children or []), end=None, depth=0, linked=False)

    def inlines(self, tokens: Iterator[Token], *, end: str | None, depth: int, linked: bool) -> Inlines:
        children: list[Inline] = []
        for token in tokens:
            if token.type == end:
                break
            self.count()
            children.extend(self.inline(token, tokens, depth, linked))
        return tuple(_joined(children))

    def inline(self, token: Token, tokens: Iterator[Token], depth: int, linked: bool) -> Iterable[Inline]:
        match token.type:
            case "text":
                return (Text(token.content),) if linked else self.linked(token.content)
            case "softbreak":
                return (Text("\n"),)
            case "hardbreak":
                return (LineBreak(),)
            case "code_inline":
                return (Code(token.content),)
            case "image":
                return (_picture(token),)
            case "footnote_ref":
                return (FootnoteReference(self.footnote_number(str(token.meta["label"]))),)
        end = token.type.replace("_open", "_close")
        is_link = token.type == "link_open"
        if depth >= limits.INLINE_DEPTH_MAX:
            # The depth of recursion stays the same however many marks follow: they add nothing.
            return self.flat(tokens, opening=token.type, end=end, linked=linked or is_link)
        children = self.inlines(tokens, end=end, depth=depth + 1, linked=linked or is_link)
        match token.type:
            case "strong_open":
                return (Strong(children),)
            case "em_open":
                return (Emphasis(children),)
            case "s_open":
                return (Strike(children),)
            case "link_open":
                target = link_target(str(token.attrGet("href") or ""))
                return children if target is None else (Link(target, children),)
        raise AssertionError(f"no rule for the Markdown token {token.type}")

    def flat(self, tokens: Iterator[Token], *, opening: str, end: str, linked: bool) -> Iterable[Inline]:
        """The text up to the closing token of the mark just opened, without the marks in between."""
        open_marks = 1
        for token in tokens:
            open_marks += (token.type == opening) - (token.type == end)
            if not open_marks:
                return
            self.count()
            if token.nesting == 0:
                yield from self.inline(token, tokens, limits.INLINE_DEPTH_MAX, linked)

    def linked(self, value: str) -> Iterable[Inline]:
        """The text with its bare http and https addresses as links: one pass, unlike linkify."""
        position = 0
        for found in _BARE_ADDRESS.finditer(value):
            address = _without_punctuation(found.group())
            target = link_target(address)
            if target is None or address.endswith("//"):
                continue
            if found.start() > position:
                yield Text(value[position : found.start()])
            self.count(2)
            yield Link(target, (Text(address),))
            position = found.start() + len(address)
        if position < len(value):
            yield Text(value[position:])


def _joined(children: Iterable[Inline]) -> Iterator[Inline]:
    """Texts that stand side by side become one."""
    pending: list[str] = []
    for child in children:
        if isinstance(child, Text):
            pending.append(child.value)
            continue
        if pending:
            yield Text("".join(pending))
            pending = []
        yield child
    if pending:
        yield Text("".join(pending))


def _without_punctuation(address: str) -> str:
    """A bare address as meant in a sentence: no closing punctuation, brackets only in pairs."""
    unpaired = address.count(")") - address.count("(")
    while address:
        if address[-1] == ")" and unpaired > 0:
            unpaired -= 1
        elif address[-1] not in ".,;:!?*_~…":
            break
        address = address[:-1] if len(address) < 4096 else address.rstrip(").,;:!?*_~…")
    return address


def _task(blocks: list[Block]) -> ListItem:
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and first.children and isinstance(first.children[0], Text):
        text = first.children[0].value
        found = _TASK.match(text)
        if found and (len(text) > found.end() or len(first.children) > 1):
            rest = text[found.end() :]
            children = (Text(rest), *first.children[1:]) if rest else first.children[1:]
            return ListItem((Paragraph(children), *blocks[1:]), checked=found.group(1) != " ")
    return ListItem(tuple(blocks))


def _alignment(token: Token) -> Alignment:
    match str(token.attrGet("style") or "").removeprefix("text-align:"):
        case "left":
            return "left"
        case "center":
            return "center"
        case "right":
            return "right"
    return None


def _picture(token: Token) -> Inline:
    """An attachment as a picture, a remote picture as a link, anything else as text."""
    source = str(token.attrGet("src") or "")
    alt = _alt(token)
    name = _attachment_name(source)
    if name is not None:
        return InlineImage(name=name, alt=alt)
    target = link_target(source)
    if target is not None and target.lower().startswith(("http://", "https://")):
        return Link(target, (Text(alt or target),))
    return Text(alt or clean_text(unquote(source)))


def _attachment_name(source: str) -> str | None:
    if not source.startswith(ATTACHMENT):
        return None
    name = clean_text(unquote(source.removeprefix(ATTACHMENT))).strip()
    return name if _ATTACHMENT_NAME.fullmatch(name) else None


def _alt(token: Token) -> str:
    pieces: list[str] = []
    stack = list(reversed(token.children or []))
    while stack:
        child = stack.pop()
        pieces.append("\n" if child.type in ("softbreak", "hardbreak") else child.content)
        stack.extend(reversed(child.children or []) if child.type == "image" else ())
    return " ".join("".join(pieces).split())
