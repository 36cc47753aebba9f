"""Words of a chat as Markdown. Pure: no Django.

Slack's own markup is described at https://docs.slack.dev/messaging/formatting-message-text: `*bold*`,
`_italic_`, `~struck~`, code, quotes, `<URL|text>`, `<@U123>`, `<#C123|name>`, `<!here>`, `:emoji:`, and
`&amp;`, `&lt;`, `&gt;` for what would else be markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, get_args

from afterword.documents import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Inline,
    LineBreak,
    Link,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Text,
    clean_text,
    link_target,
    render_markdown_blocks,
)

Markup = Literal["slack", "plain", "markdown"]
MARKUPS: tuple[Markup, ...] = get_args(Markup)
DEPTH_MAX = 3
"""Marks within marks."""

_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_QUOTED = re.compile(r"(?:>|&gt;) ?")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]{1,4000})>"
    r"|:(?P<emoji>[a-z0-9_+'-]{1,80}):(?::skin-tone-\d:)?"
    r"|(?<![\w*])\*(?=[^\s*])(?P<bold>[^*\n]*[^\s*])\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<italic>[^_\n]*[^\s_])_(?![\w_])"
    r"|(?<![\w~])~(?=[^\s~])(?P<struck>[^~\n]*[^\s~])~(?![\w~])"
)
_BARE_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}']", re.IGNORECASE)
_EMOJI = re.compile(r":([a-z0-9_+'-]{1,80}):")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}


def to_markdown(text: str, markup: Markup, names: Mapping[str, str] | None = None) -> str:
    """What somebody wrote in a chat, as Markdown that reads the same; lines stay lines.

    `names` says who `<@U123>` is, by the id. Text that is Markdown already stays as it is.
    """
    text = clean_text(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if markup == "markdown":
        return text
    blocks = _from_slack(text, names or {}) if markup == "slack" else _paragraphs(text, _plain_inlines)
    return render_markdown_blocks(list(blocks)).strip()


def with_emoji(text: str) -> str:
    """The text with the signs that Slack calls by name; a name that is not known stays."""
    return _EMOJI.sub(lambda found: EMOJI.get(found[1], found[0]), text)


def unescaped(text: str) -> str:
    """Slack's three entities as what they stand for."""
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)


def _from_slack(text: str, names: Mapping[str, str]) -> Iterator[Block]:
    place = 0
    for fence in _FENCE.finditer(text):
        yield from _quotes_and_paragraphs(text[place : fence.start()], names)
        yield CodeBlock("", unescaped(_named(fence[1], names)))
        place = fence.end()
    yield from _quotes_and_paragraphs(text[place:], names)


def _named(code: str, names: Mapping[str, str]) -> str:
    """Code in which Slack made links and mentions out of addresses and names."""
    return re.sub(r"<([^<>\n]{1,4000})>", lambda found: _words_of(found[1], names)[0], code)


def _quotes_and_paragraphs(text: str, names: Mapping[str, str]) -> Iterator[Block]:
    lines: list[str] = []
    was_quoted = False
    for line in [*text.split("\n"), None]:
        quoted = _QUOTED.match(line) if line is not None else None
        if line is None or bool(quoted) != was_quoted:
            found = list(_paragraphs("\n".join(lines), lambda one: _inlines(one, names, 0)))
            if found and was_quoted:
                yield Quote(tuple(found))
            else:
                yield from found
            lines, was_quoted = [], bool(quoted)
        if line is not None:
            lines.append(line[quoted.end() :] if quoted else line)


def _paragraphs(text: str, read: Callable[[str], list[Inline]]) -> Iterator[Paragraph]:
    for part in re.split(r"\n\s*\n", text):
        children: list[Inline] = []
        for line in part.strip("\n").split("\n"):
            if children:
                children.append(LineBreak())
            children += read(line.strip())
        if any(not isinstance(child, LineBreak) for child in children):
            yield Paragraph(tuple(children))


def _inlines(text: str, names: Mapping[str, str], depth: int) -> list[Inline]:
    children: list[Inline] = []
    place = 0
    for found in _INLINE.finditer(text):
        children += _text(text[place : found.start()])
        children += _marked(found, names, depth)
        place = found.end()
    return [*children, *_text(text[place:])]


def _marked(found: re.Match[str], names: Mapping[str, str], depth: int) -> list[Inline]:
    kind, inside = found.lastgroup, found[found.lastgroup or 0]
    if kind == "code":
        return [Code(unescaped(_named(inside, names)))]
    if kind == "angle":
        words, target = _words_of(inside, names)
        return [Link(target, (Text(words),))] if target else [Text(words)]
    if kind == "emoji":
        return [Text(EMOJI.get(inside, found[0]))]
    if depth >= DEPTH_MAX:
        return [Text(unescaped(found[0]))]
    children = tuple(_inlines(inside, names, depth + 1))
    if kind == "bold":
        return [Strong(children)]
    return [Emphasis(children)] if kind == "italic" else [Strike(children)]


def _words_of(angle: str, names: Mapping[str, str]) -> tuple[str, str]:
    """What stands between `<` and `>` in words, and where it leads to; nowhere for a mention."""
    target, _, label = angle.partition("|")
    label = unescaped(label).strip()
    sign, key = target[:1], target[1:]
    if sign == "@":
        return f"@{(names.get(key) or label or key).lstrip('@')}", ""
    if sign == "#":
        return f"#{(label or names.get(key) or key).lstrip('#')}", ""
    if sign == "!":
        word = key.partition("^")[0]
        return (label or f"@{word}"), ""
    address = link_target(unescaped(target))
    if address is None or address.startswith(("#", "/")):
        return label or unescaped(target), ""
    return label or address.removeprefix("mailto:"), address


def _text(text: str) -> list[Inline]:
    return [Text(unescaped(text))] if text else []


def _plain_inlines(text: str) -> list[Inline]:
    """Plain text, in which only addresses are something else."""
    children: list[Inline] = []
    place = 0
    for found in _BARE_URL.finditer(text):
        if found.start() > place:
            children.append(Text(text[place : found.start()]))
        target = link_target(found[0])
        children.append(Link(target, (Text(found[0]),)) if target else Text(found[0]))
        place = found.end()
    return [*children, *([Text(text[place:])] if text[place:] else [])]


EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "100": "💯",
    "alert": "🚨",
    "arrow_down": "⬇️",
    "arrow_right": "➡️",
    "arrow_up": "⬆️",
    "bell": "🔔",
    "boom": "💥",
    "bug": "🐛",
    "bulb": "💡",
    "chart_with_downwards_trend": "📉",
    "chart_with_upwards_trend": "📈",
    "clap": "👏",
    "cry": "😢",
    "eyes": "👀",
    "face_palm": "🤦",
    "facepalm": "🤦",
    "fire": "🔥",
    "fire_engine": "🚒",
    "grimacing": "😬",
    "grin": "😁",
    "green_heart": "💚",
    "hammer_and_wrench": "🛠️",
    "heart": "❤️",
    "heavy_check_mark": "✔️",
    "hourglass": "⌛",
    "joy": "😂",
    "large_blue_circle": "🔵",
    "large_green_circle": "🟢",
    "large_orange_circle": "🟠",
    "large_red_circle": "🔴",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "mag": "🔍",
    "memo": "📝",
    "muscle": "💪",
    "no_entry": "⛔",
    "ok": "🆗",
    "ok_hand": "👌",
    "pager": "📟",
    "phone": "☎️",
    "pray": "🙏",
    "question": "❓",
    "raised_hands": "🙌",
    "recycle": "♻️",
    "red_circle": "🔴",
    "rocket": "🚀",
    "rotating_light": "🚨",
    "scream": "😱",
    "see_no_evil": "🙈",
    "shrug": "🤷",
    "slightly_smiling_face": "🙂",
    "smile": "😄",
    "smiley": "😃",
    "sob": "😭",
    "stopwatch": "⏱️",
    "sweat_smile": "😅",
    "tada": "🎉",
    "thinking_face": "🤔",
    "thumbsdown": "👎",
    "thumbsup": "👍",
    "unlock": "🔓",
    "wave": "👋",
    "warning": "⚠️",
    "white_check_mark": "✅",
    "wink": "😉",
    "wrench": "🔧",
    "x": "❌",
    "zap": "⚡",
}
"""Those that people write in incidents, by Slack's names for them; others stay as `:name:`."""
