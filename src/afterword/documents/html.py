"""The tree as safe HTML: classes instead of styles, and everything through nh3 at the end."""

import base64
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from html import escape

import nh3

from afterword.documents.columns import narrow_columns
from afterword.documents.pictures import Picture, inspect_picture
from afterword.documents.text import clean_text, is_outside, link_target, plain_text, runs_right_to_left, slug
from afterword.documents.tree import (
    NO_IMAGES,
    Alignment,
    Badge,
    Block,
    BulletList,
    Code,
    CodeBlock,
    DefinitionList,
    Document,
    Emphasis,
    FootnoteReference,
    Footnotes,
    Heading,
    Image,
    ImageResource,
    Inline,
    InlineImage,
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
)
from afterword.documents.words import PICTURE_MISSING, written_text

ID_PREFIX = "doc"

_TONES = ("neutral", "accent", "progress", "good", "warning", "bad")
_BLOCK_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "blockquote"}
_ITEM_STARTS = {
    None: "<li>",
    True: '<li class="task"><span class="task-box task-done" role="img" aria-label="Done">☑</span> ',
    False: '<li class="task"><span class="task-box" role="img" aria-label="Not done">☐</span> ',
}
_CLEANER = nh3.Cleaner(
    tags=_BLOCK_TAGS
    | {"a", "article", "br", "code", "del", "div", "dl", "em", "figcaption", "figure", "header", "hr", "img"}
    | {"ol", "pre", "section", "span", "strong", "sup", "table", "tbody", "thead", "tr", "ul", "bdi"},
    clean_content_tags={"script", "style"},
    attributes={
        **{tag: {"dir", "class", "id"} for tag in _BLOCK_TAGS},
        "a": {"href", "rel", "id", "class", "role", "aria-label"},
        "article": {"lang", "class"},
        "code": {"class"},
        "div": {"class", "tabindex", "role"},
        "dl": {"class"},
        "figure": {"class"},
        "header": {"class"},
        "img": {"src", "alt", "class", "loading"},
        "ol": {"start", "class"},
        "pre": {"tabindex"},
        "section": {"id", "class"},
        "span": {"class", "role", "aria-label"},
        "sup": {"class", "id"},
        "th": {"dir", "class", "scope"},
        "ul": {"class"},
    },
    attribute_filter=lambda tag, attribute, value: _kept_attribute(tag, attribute, value),
    url_schemes={"http", "https", "mailto", "data"},
    link_rel=None,
)
_PICTURE_ADDRESS = re.compile(
    r"/(?![/\\])[^\s\"'<>]*|data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=]*"
)


def render_html(
    blocks: Sequence[Block],
    *,
    images: Mapping[str, ImageResource] = NO_IMAGES,
    heading_offset: int = 0,
    id_prefix: str = ID_PREFIX,
) -> str:
    """The blocks as safe HTML, for a page with a strict content security policy.

    Headings move down by `heading_offset` levels. Ids of headings and footnotes begin with `id_prefix`,
    and "#part" links follow them: give each text of one page its own. A link that leaves carries
    rel="noopener noreferrer nofollow". A picture that is missing or unreadable is a visible note.
    """
    writer = _Writer(images, heading_offset, slug(id_prefix))
    return _CLEANER.clean("".join(writer.blocks(blocks)))


def render_document_html(document: Document) -> str:
    """The document as one `<article>`: a cover, and a `<section id="doc-...">` for each section."""
    pieces = [f'<article class="document" lang="{escape(plain_text(document.language))}">']
    pieces.extend(_cover(document))
    for section, anchor in zip(document.sections, section_anchors(document), strict=True):
        writer = _Writer(document.images, 2, anchor)
        title = plain_text(section.title)
        pieces.append(
            f'<section id="{anchor}" class="document-section"><h2{_direction(title)}>{escape(title)}</h2>'
        )
        pieces.extend(writer.blocks(section.blocks))
        pieces.append("</section>")
    pieces.append("</article>")
    return _CLEANER.clean("".join(pieces))


def section_anchors(document: Document) -> list[str]:
    """The id of each section in `render_document_html`, each one once."""
    anchors = _Anchors(ID_PREFIX)
    return [anchors.take(section.title) for section in document.sections]


def _cover(document: Document) -> Iterator[str]:
    title = plain_text(document.title)
    yield f'<header class="document-cover"><h1{_direction(title)}>{escape(title)}</h1>'
    status, subtitle = plain_text(document.status), plain_text(document.subtitle)
    if status or subtitle:
        badge = (
            f'<span class="badge badge-{_tone(document.status_tone)}">{escape(status)}</span> '
            if status
            else ""
        )
        yield f'<p class="document-subtitle">{badge}{escape(subtitle)}</p>'
    if document.authors:
        names = ", ".join(f"<bdi>{escape(plain_text(name))}</bdi>" for name in document.authors)
        yield f'<p class="document-authors">{names}</p>'
    if document.facts:
        yield '<dl class="document-facts">'
        for term, fact in document.facts:
            yield f"<dt>{escape(plain_text(term))}</dt><dd>{escape(plain_text(fact))}</dd>"
        yield "</dl>"
    yield "</header>"


class _Anchors:
    """Ids that are each given once."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.taken: dict[str, int] = {}

    def take(self, title: str) -> str:
        name = slug(title)
        times = self.taken[name] = self.taken.get(name, 0) + 1
        return f"{self.prefix}-{name}" if times == 1 else f"{self.prefix}-{name}-{times}"


class _Writer:
    """Writes one text; holds what is one per text."""

    def __init__(self, images: Mapping[str, ImageResource], heading_offset: int, id_prefix: str) -> None:
        self.images = images
        self.heading_offset = heading_offset
        self.id_prefix = id_prefix
        self.anchors = _Anchors(id_prefix)
        self.notes_referred: set[int] = set()
        self.picture_addresses: dict[str, str | None] = {}

    def blocks(self, blocks: Iterable[Block], *, tight: bool = False) -> Iterator[str]:
        for block in blocks:
            if tight and isinstance(block, Paragraph):
                yield self.inlines(block.children)
            else:
                yield from self.block(block)

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph(children):
                yield f"<p{_direction(written_text(children))}>{self.inlines(children)}</p>"
            case Heading(level, children):
                yield from self.heading(level, children)
            case BulletList(items, tight):
                tasks = any(item.checked is not None for item in items)
                yield '<ul class="task-list">' if tasks else "<ul>"
                yield from self.items(items, tight)
                yield "</ul>"
            case OrderedList(items, start, tight):
                yield f'<ol start="{start}">' if start != 1 else "<ol>"
                yield from self.items(items, tight)
                yield "</ol>"
            case Quote(inner):
                yield "<blockquote>"
                yield from self.blocks(inner)
                yield "</blockquote>"
            case CodeBlock(language, text):
                name = re.sub(r"[^a-z0-9+#-]", "", language.lower())[:32]
                marked = f' class="language-{name}"' if name else ""
                # A keyboard must be able to scroll a wide block (WCAG 2.1.1).
                yield f'<pre tabindex="0"><code{marked}>{escape(clean_text(text))}\n</code></pre>'
            case Table():
                yield from self.table(block)
            case DefinitionList(items):
                yield '<dl class="definitions">'
                for item in items:
                    direction = _direction(written_text(item.description))
                    yield f"<dt>{self.inlines(item.term)}</dt>"
                    yield f"<dd{direction}>{self.inlines(item.description)}</dd>"
                yield "</dl>"
            case Image(name, alt, title):
                yield f'<figure class="picture">{self.picture(name, alt)}'
                if title:
                    yield f"<figcaption>{escape(clean_text(title))}</figcaption>"
                yield "</figure>"
            case Rule():
                yield "<hr>"
            case Footnotes(items):
                yield '<section class="footnotes"><ol>'
                for note in items:
                    yield f'<li id="{self.id_prefix}-note-{note.number}">'
                    yield from self.blocks(note.blocks)
                    if note.number in self.notes_referred:
                        yield (
                            f'<a href="#{self.id_prefix}-note-{note.number}-from" class="footnote-back"'
                            ' aria-label="Back to the text">↩</a>'
                        )
                    yield "</li>"
                yield "</ol></section>"

    def heading(self, level: int, children: Sequence[Inline]) -> Iterator[str]:
        tag = f"h{min(6, max(1, level + self.heading_offset))}"
        text = written_text(children)
        yield f'<{tag} id="{self.anchors.take(text)}"{_direction(text)}>{self.inlines(children)}</{tag}>'

    def items(self, items: Iterable[ListItem], tight: bool) -> Iterator[str]:
        for item in items:
            yield _ITEM_STARTS[item.checked]
            yield from self.blocks(item.blocks, tight=tight)
            yield "</li>"

    def table(self, table: Table) -> Iterator[str]:
        narrow = narrow_columns(table)
        yield '<div class="table-scroll" tabindex="0"><table>'
        if table.head:
            yield "<thead><tr>"
            for column, cell in enumerate(table.head):
                yield f'<th scope="col"{_cell_classes(table, column, narrow)}>{self.inlines(cell)}</th>'
            yield "</tr></thead>"
        yield "<tbody>"
        for row in table.rows:
            yield "<tr>"
            for column, cell in enumerate(row):
                direction = _direction(written_text(cell))
                yield f"<td{_cell_classes(table, column, narrow)}{direction}>{self.inlines(cell)}</td>"
            yield "</tr>"
        yield "</tbody></table></div>"

    def inlines(self, children: Iterable[Inline]) -> str:
        return "".join(self.inline(child) for child in children)

    def inline(self, child: Inline) -> str:
        match child:
            case Text(value):
                return escape(clean_text(value))
            case Strong(children):
                return f"<strong>{self.inlines(children)}</strong>"
            case Emphasis(children):
                return f"<em>{self.inlines(children)}</em>"
            case Strike(children):
                return f"<del>{self.inlines(children)}</del>"
            case Code(value):
                return f"<code>{escape(clean_text(value))}</code>"
            case Link(href, children):
                return self.link(href, self.inlines(children))
            case LineBreak():
                return "<br>"
            case InlineImage(name, alt):
                return self.picture(name, alt)
            case FootnoteReference(number):
                return self.footnote_reference(number)
            case Badge(value, tone):
                return f'<span class="badge badge-{_tone(tone)}">{escape(plain_text(value))}</span>'

    def link(self, href: str, inside: str) -> str:
        target = link_target(href)
        if target is None:
            return inside
        if target.startswith("#"):
            target = f"#{self.id_prefix}-{target[1:]}"
        rel = ' rel="noopener noreferrer nofollow"' if is_outside(target) else ""
        return f'<a href="{escape(target)}"{rel}>{inside}</a>'

    def footnote_reference(self, number: int) -> str:
        anchor = f"{self.id_prefix}-note-{number}"
        own_id = "" if number in self.notes_referred else f' id="{anchor}-from"'
        self.notes_referred.add(number)
        return f'<sup class="footnote-reference"{own_id}><a href="#{anchor}">{number}</a></sup>'

    def picture(self, name: str, alt: str) -> str:
        if name not in self.picture_addresses:
            self.picture_addresses[name] = _picture_address(self.images.get(name))
        address = self.picture_addresses[name]
        alt = plain_text(alt)
        if address is None:
            label = plain_text(alt or name)
            return f'<span class="picture-missing">{escape(PICTURE_MISSING.format(label))}</span>'
        return f'<img src="{escape(address)}" alt="{escape(alt)}" loading="lazy">'


def _picture_address(resource: ImageResource | None) -> str | None:
    """Where the page finds the picture: its own address, or the checked bytes as a data: address."""
    if resource is None:
        return None
    if resource.url:
        return resource.url if _PICTURE_ADDRESS.fullmatch(resource.url) else None
    picture = inspect_picture(resource.data)
    if not isinstance(picture, Picture):
        return None
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    """What nh3 asks about each attribute that its lists allow."""
    if attribute == "src":
        return value if _PICTURE_ADDRESS.fullmatch(value) else None
    if attribute == "href":
        return link_target(value)
    return value


def _cell_classes(table: Table, column: int, narrow: Container[int]) -> str:
    names: list[str] = []
    alignment: Alignment = table.alignments[column] if column < len(table.alignments) else None
    if alignment:
        names.append(f"align-{alignment}")
    if column in narrow:
        names.append("narrow")
    return f' class="{" ".join(names)}"' if names else ""


def _direction(text: str) -> str:
    return ' dir="rtl"' if runs_right_to_left(text) else ""


def _tone(tone: str) -> str:
    return tone if tone in _TONES else "neutral"
