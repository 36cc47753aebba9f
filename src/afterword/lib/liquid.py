"""The one language of templates, with limits: a safe part of Liquid on `python-liquid`.

A template prints variables, passes them through filters, asks questions and walks through lists. It opens
no file, fetches nothing, sees plain values only and ends soon. `docs/reference/template-language.md` is
the reference for those who write templates.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import quote

from liquid import BoundTemplate, Environment, Mode, RenderContext, Undefined
from liquid.ast import Node
from liquid.builtin import content, illegal, output
from liquid.builtin.expressions import FilteredExpression
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.builtin.tags import (
    assign_tag,
    capture_tag,
    case_tag,
    comment_tag,
    echo_tag,
    for_tag,
    if_tag,
    inline_comment_tag,
    unless_tag,
)
from liquid.exceptions import (
    FilterArgumentError,
    LiquidError,
    LocalNamespaceLimitError,
    LoopIterationLimitError,
    ResourceLimitError,
)
from liquid.expression import Expression
from liquid.token import Token

from afterword.lib import clock
from afterword.lib.errors import InvalidInput

SOURCE_BYTES_MAX = 64 * 1024
OUTPUT_BYTES_MAX = 64 * 1024
EXPRESSION_CHARACTERS_MAX = 500
"""Between `{{` and `}}`, and between `{%` and `%}`: the lexer's time grows with the square of it."""

BLOCK_DEPTH_MAX = 10
CONTEXT_DEPTH_MAX = 20
LOOP_ITERATIONS_MAX = 5_000
"""All turns of all loops of one rendering together."""

RANGE_LENGTH_MAX = 1_000
LOCAL_NAMES_MAX = 100
LOCAL_BYTES_MAX = 1024 * 1024
VALUE_CHARACTERS_MAX = 64 * 1024
VALUE_ITEMS_MAX = 5_000
NUMBER_MAX = 10**15
RENDER_SECONDS_MAX = 1.0
"""Of this thread's processor time, so that a busy machine refuses nothing that an idle one allows."""
DATA_RENDER_SECONDS_MAX = 0.05
"""The same for a template that is filled in for each of thousands of alerts."""

MOMENT_FORMAT = "%-d %B %Y, %H:%M %Z"


class TemplateError(InvalidInput):
    """This template cannot be filled in."""

    def __init__(self, reason: str, *, line: int | None = None) -> None:
        """`line` counts from 1 in the template's source; None where no line is to blame."""
        self.reason = reason
        self.line = line
        # Behind the line it goes on with a sentence; alone it is one.
        super().__init__(f"Line {line}: {reason}" if line else reason[:1].upper() + reason[1:])


class TemplateSyntaxError(TemplateError):
    """The template is not written correctly."""


class TemplateLimitError(TemplateError):
    """The template asks for too much."""


def check(source: str) -> None:
    """Read a template without filling it in. Raises TemplateSyntaxError, TemplateLimitError."""
    _parse(source)


def render(source: str, variables: Mapping[str, object], *, zone: tzinfo = UTC) -> str:
    """Fill in a template, in at most `RENDER_SECONDS_MAX` of processor time.

    Variables are text, numbers, booleans, None, aware datetimes, timedeltas, and lists and mappings of
    these. Moments are written in `zone`. A variable that does not exist is written as
    `[no such variable: its.name]`, for an author should see it; one that exists and is None prints
    nothing. The output has at most `OUTPUT_BYTES_MAX`. Raises TemplateError with the line.
    """
    template = _parse(source)
    try:
        return template.render(_plain_mapping(variables, zone))
    except LiquidError as error:
        raise _explain(error, source) from error
    except RecursionError as error:
        raise TemplateLimitError("this is nested too deep.") from error


class PreparedTemplate:
    """A template that was read once, to be filled in many times with what came in as JSON.

    Other than in a document, a variable that does not exist prints nothing: what programs send varies. An
    object prints as JSON.
    """

    def __init__(self, source: str) -> None:
        """Raises TemplateSyntaxError, TemplateLimitError."""
        self._source = source
        self._template = _parse(source, _DATA_ENVIRONMENT)

    def render(self, variables: Mapping[str, Any]) -> str:
        """Fill it in, in at most `DATA_RENDER_SECONDS_MAX` of processor time.

        Variables are values of JSON, at any depth. Raises TemplateError.
        """
        try:
            return self._template.render({name: _plain_data(value) for name, value in variables.items()})
        except LiquidError as error:
            raise _explain(error, self._source) from error
        except RecursionError as error:
            raise TemplateLimitError("this is nested too deep.") from error


def _parse(source: str, environment: _Environment | None = None) -> BoundTemplate:
    if len(source.encode(errors="replace")) > SOURCE_BYTES_MAX:
        raise TemplateLimitError(f"a template has at most {SOURCE_BYTES_MAX // 1024} KB.")
    _check_marks(source)
    try:
        template = (environment or _ENVIRONMENT).from_string(source)
    except LiquidError as error:
        raise _explain(error, source) from error
    context = _Context(template)
    for node in template.nodes:
        _check_node(node, context, source, in_loop=False)
    return template


# Marks -------------------------------------------------------------------------------------------------
#
# The library's lexer takes quadratic time on marks that are never closed, and its parser cannot say which
# block was left open. One pass over the marks keeps both away from it.

_MARK = re.compile(r"\{\{-?|\{%-?\s*(#|\w*)")
_END_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_BLOCKS = ("if", "unless", "case", "for", "capture", "comment")
_BRANCHES = {"else": ("if", "unless", "case", "for"), "elsif": ("if", "unless"), "when": ("case",)}
_SIMPLE_TAGS = ("assign", "echo", "break", "continue", "#")


def _check_marks(source: str) -> None:
    opened: list[tuple[str, int]] = []
    at = 0
    while (mark := _MARK.search(source, at)) is not None:
        start = mark.start()
        closing = "}}" if mark.group().startswith("{{") else "%}"
        end = source.find(closing, mark.end(), start + EXPRESSION_CHARACTERS_MAX)
        if end < 0:
            raise TemplateSyntaxError(
                f"“{mark.group().strip()}” is not closed by “{closing}” "
                f"within {EXPRESSION_CHARACTERS_MAX} characters.",
                line=_line_of(source, start),
            )
        at = end + len(closing)
        if closing == "}}":
            if not source[mark.end() : end].strip("- \t\r\n"):
                raise TemplateSyntaxError(
                    "there is nothing between “{{” and “}}”.", line=_line_of(source, start)
                )
            continue
        name = mark.group(1)
        if name == "raw":
            end_raw = _END_RAW.search(source, at)
            if end_raw is None:
                raise _never_closed(source, "raw", start)
            at = end_raw.end()
            continue
        _follow_block(source, name, start, opened)
    if opened:
        raise _never_closed(source, *opened[-1])


def _follow_block(source: str, name: str, start: int, opened: list[tuple[str, int]]) -> None:
    inside = opened[-1][0] if opened else ""
    if inside == "comment" and name not in ("comment", "endcomment", "doc"):
        return
    if name in _BLOCKS:
        opened.append((name, start))
        if len(opened) > BLOCK_DEPTH_MAX:
            raise TemplateLimitError(
                f"blocks stand at most {BLOCK_DEPTH_MAX} deep.", line=_line_of(source, start)
            )
    elif name.startswith("end") and name[3:] in _BLOCKS:
        if inside != name[3:]:
            reason = f"“{{% {name} %}}” closes nothing here."
            if inside:
                reason += f" “{{% {inside} %}}” of line {_line_of(source, opened[-1][1])} is still open."
            raise TemplateSyntaxError(reason, line=_line_of(source, start))
        opened.pop()
    elif name in _BRANCHES:
        if inside not in _BRANCHES[name]:
            raise TemplateSyntaxError(
                f"“{{% {name} %}}” belongs to no block here.", line=_line_of(source, start)
            )
    elif name not in _SIMPLE_TAGS:
        raise TemplateSyntaxError(
            f"there is no tag “{name}” here." if name else "a tag needs a name.", line=_line_of(source, start)
        )


def _never_closed(source: str, name: str, start: int) -> TemplateSyntaxError:
    return TemplateSyntaxError(
        f"“{{% {name} %}}” is never closed by “{{% end{name} %}}”.", line=_line_of(source, start)
    )


def _line_of(source: str, index: int) -> int:
    return source.count("\n", 0, index) + 1


# What the parser lets through --------------------------------------------------------------------------


def _check_node(node: Node, context: RenderContext, source: str, *, in_loop: bool) -> None:
    if isinstance(node, for_tag.BreakNode | for_tag.ContinueNode) and not in_loop:
        raise TemplateSyntaxError(
            f"“{{% {node.token.value} %}}” belongs inside a loop.", line=_line_of_token(node.token, source)
        )
    for expression in node.expressions():
        _check_expression(expression, source)
    for child in node.children(context):
        _check_node(child, context, source, in_loop=in_loop or isinstance(node, for_tag.ForNode))


def _check_expression(expression: Expression, source: str) -> None:
    if isinstance(expression, FilteredExpression):
        for called in expression.filters or ():
            if called.name not in _ENVIRONMENT.filters:
                line = _line_of_token(called.token, source)
                raise TemplateSyntaxError(f"there is no filter “{called.name}”.", line=line)
    if isinstance(expression, RangeLiteral):
        line = _line_of_token(expression.token, source)
        start, stop = expression.start, expression.stop
        if not (isinstance(start, IntegerLiteral) and isinstance(stop, IntegerLiteral)):
            raise TemplateSyntaxError("a range takes two whole numbers, as in “(1..5)”.", line=line)
        if stop.value - start.value >= RANGE_LENGTH_MAX:
            raise TemplateLimitError(f"a range has at most {RANGE_LENGTH_MAX} numbers.", line=line)
    for child in expression.children():
        _check_expression(child, source)


def _line_of_token(token: Token | None, source: str) -> int | None:
    if token is None or token.start_index < 0 or token.source != source:
        return None
    return _line_of(source, token.start_index)


def _explain(error: LiquidError, source: str) -> TemplateError:
    line = _line_of_token(error.token, source)
    reason = " ".join(str(error.message or "").split())[:200] or "it cannot be read."
    if isinstance(error, ResourceLimitError):
        return TemplateLimitError(_LIMIT_REASONS.get(type(error).__name__, reason), line=line)
    if not reason.endswith("."):
        reason += "."
    return TemplateSyntaxError(reason, line=line)


_LIMIT_REASONS = {
    "LoopIterationLimitError": f"loops take at most {LOOP_ITERATIONS_MAX} turns together.",
    "OutputStreamLimitError": f"the result is larger than {OUTPUT_BYTES_MAX // 1024} KB.",
    "ContextDepthError": "this is nested too deep.",
    "BlockNestingError": "this is nested too deep.",
    "LocalNamespaceLimitError": f"a template keeps at most {LOCAL_NAMES_MAX} values of its own.",
}


# Values ------------------------------------------------------------------------------------------------


class _Moment(datetime):
    """A datetime that prints itself for people."""

    def __str__(self) -> str:
        return _format_moment(self, MOMENT_FORMAT)


class _Span(timedelta):
    """A timedelta that prints itself for people."""

    def __str__(self) -> str:
        return clock.describe_duration(self)


class _Missing(Undefined):
    """What stands in the text where a template names something that is not there."""

    __slots__ = ()

    def __str__(self) -> str:
        name = (self.hint or self.name).removesuffix(" is undefined").strip("'")
        return f"[no such variable: {name[:100]}]"


def _plain_mapping(values: Mapping[str, object], zone: tzinfo) -> dict[str, object]:
    return {str(name): _plain(value, zone) for name, value in values.items()}


def _plain(value: object, zone: tzinfo) -> object:
    """The value as something with no attributes worth reaching for."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case datetime():
            assert value.tzinfo is not None, "a template's moments are aware"
            local = value.astimezone(zone)
            return _Moment.combine(local.date(), local.timetz())
        case timedelta():
            return _Span(seconds=value.total_seconds())
        case Mapping():
            return _plain_mapping(value, zone)
        case Sequence():
            return [_plain(item, zone) for item in value]
    raise AssertionError(f"a template sees plain values, not {type(value).__name__}")


class _Object(dict[str, Any]):
    """An object of JSON that prints as JSON."""

    def __str__(self) -> str:
        return json.dumps(self, ensure_ascii=False, separators=(",", ":"))


def _plain_data(value: Any) -> Any:
    if isinstance(value, dict):
        return _Object((name, _plain_data(item)) for name, item in value.items())
    if isinstance(value, list):
        return [_plain_data(item) for item in value]
    return value


class _TooLargeError(ResourceLimitError):
    """A filter would make, or was given, more than a value may hold."""


# Filters -----------------------------------------------------------------------------------------------

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DIRECTIVE = re.compile(r"%(-?)([A-Za-z%])")
_MOMENT_PARTS: dict[str, Callable[[datetime], str]] = {
    "a": lambda at: _DAYS[at.weekday()][:3],
    "A": lambda at: _DAYS[at.weekday()],
    "b": lambda at: _MONTHS[at.month - 1][:3],
    "B": lambda at: _MONTHS[at.month - 1],
    "d": lambda at: f"{at.day:02}",
    "e": lambda at: f"{at.day}",
    "F": lambda at: at.date().isoformat(),
    "H": lambda at: f"{at.hour:02}",
    "I": lambda at: f"{at.hour % 12 or 12:02}",
    "j": lambda at: f"{at.timetuple().tm_yday:03}",
    "m": lambda at: f"{at.month:02}",
    "M": lambda at: f"{at.minute:02}",
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "R": lambda at: f"{at:%H:%M}",
    "S": lambda at: f"{at.second:02}",
    "T": lambda at: f"{at:%H:%M:%S}",
    "y": lambda at: f"{at.year % 100:02}",
    "Y": lambda at: f"{at.year}",
    "z": lambda at: f"{at:%z}",
    "Z": lambda at: at.tzname() or "",
    "%": lambda at: "%",
}


def _format_moment(at: datetime, form: str) -> str:
    """Like strftime, but in English wherever it runs, and without widths that fill the memory."""

    def part(match: re.Match[str]) -> str:
        write = _MOMENT_PARTS.get(match.group(2))
        if write is None:
            raise FilterArgumentError(f"date: there is no “{match.group()}”", token=None)
        text = write(at)
        return text.lstrip("0") or "0" if match.group(1) else text

    return _DIRECTIVE.sub(part, form)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | range):
        return "".join(_text(item) for item in value)
    return str(value)


def _number(value: object) -> int | float:
    if isinstance(value, int | float):
        return value
    text = _text(value).strip()
    if len(text) <= 20:
        for read in (int, float):
            try:
                return read(text)
            except ValueError:
                continue
    raise FilterArgumentError(f"this needs a number, not “{text[:40]}”", token=None)


def _items(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, range):
        return list(value)
    if isinstance(value, Mapping):
        return list(value.items())
    return [] if value is None or isinstance(value, Undefined) else [value]


def _date(value: object, form: object = MOMENT_FORMAT) -> object:
    if value is None:
        return "[not known yet]"
    if isinstance(value, Undefined) or not isinstance(value, datetime):
        return value
    return _format_moment(value, _text(form))


def _duration(value: object, until: object = None) -> object:
    if isinstance(value, datetime) and isinstance(until, datetime):
        return clock.describe_duration(until - value)
    if value is None or (isinstance(value, datetime) and until is None):
        return "[not known yet]"
    if isinstance(value, timedelta):
        return clock.describe_duration(value)
    if isinstance(value, Undefined):
        return value
    return clock.describe_duration(timedelta(seconds=min(_number(value), NUMBER_MAX / 1000)))


def _default(value: object, other: object = "") -> object:
    missing = value is None or value is False or isinstance(value, Undefined) or value in ("", [], {})
    return other if missing else value


def _join(value: object, by: object = " ") -> object:
    if isinstance(value, Undefined):
        return value
    parts = [_text(item) for item in _items(value)]
    _require_room(sum(map(len, parts)) + len(_text(by)) * len(parts))
    return _text(by).join(parts)


def _replace(value: object, old: object, new: object = "") -> str:
    text, old_text, new_text = _text(value), _text(old), _text(new)
    if not old_text:
        return text
    _require_room(len(text) + text.count(old_text) * len(new_text))
    return text.replace(old_text, new_text)


def _split(value: object, by: object) -> list[str]:
    text, separator = _text(value), _text(by)
    if not separator:
        return list(text[: VALUE_ITEMS_MAX + 1])
    return text.split(separator, VALUE_ITEMS_MAX + 1)


def _truncate(value: object, length: object = 50, end: object = "…") -> str:
    text, ending, most = _text(value), _text(end), int(_number(length))
    return text if len(text) <= most else text[: max(0, most - len(ending))] + ending


def _truncate_words(value: object, count: object = 15, end: object = "…") -> str:
    words, most = _text(value).split(), max(1, int(_number(count)))
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + _text(end)


def _sort(value: object, key: object = None) -> list[Any]:
    def place(item: object) -> tuple[bool, float, str]:
        found = item.get(_text(key)) if key is not None and isinstance(item, Mapping) else item
        number = float(found) if isinstance(found, int | float) else 0.0
        return (found is None, number, _text(found).casefold() if not isinstance(found, int | float) else "")

    return sorted(_items(value), key=place)


def _unique(value: object) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in _items(value):
        seen.setdefault(_text(item), item)
    return list(seen.values())


def _map(value: object, key: object) -> list[Any]:
    return [item.get(_text(key), "") if isinstance(item, Mapping) else "" for item in _items(value)]


def _where(value: object, key: object, wanted: object = None) -> list[Any]:
    def fits(item: object) -> bool:
        found = item.get(_text(key)) if isinstance(item, Mapping) else None
        return bool(found) if wanted is None else found == wanted

    return [item for item in _items(value) if fits(item)]


def _divided_by(value: object, by: object) -> int | float:
    left, right = _number(value), _number(by)
    if not right:
        raise FilterArgumentError("divided_by: nothing is divided by 0", token=None)
    return left // right if isinstance(left, int) and isinstance(right, int) else left / right


def _modulo(value: object, by: object) -> int | float:
    if not _number(by):
        raise FilterArgumentError("modulo: nothing is divided by 0", token=None)
    return _number(value) % _number(by)


def _round(value: object, digits: object = 0) -> int | float:
    places = max(0, min(int(_number(digits)), 10))
    rounded = round(float(_number(value)), places)
    return rounded if places else int(rounded)


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | Mapping | range) else 0


_FILTERS: dict[str, Callable[..., object]] = {
    "abs": lambda value: abs(_number(value)),
    "append": lambda value, more: _text(value) + _text(more),
    "at_least": lambda value, least: max(_number(value), _number(least)),
    "at_most": lambda value, most: min(_number(value), _number(most)),
    "capitalize": lambda value: _text(value)[:1].upper() + _text(value)[1:],
    "ceil": lambda value: -int(-_number(value) // 1),
    "compact": lambda value: [item for item in _items(value) if item not in (None, "")],
    "date": _date,
    "default": _default,
    "divided_by": _divided_by,
    "downcase": lambda value: _text(value).lower(),
    "duration": _duration,
    "first": lambda value: next(iter(_items(value)), None),
    "floor": lambda value: int(_number(value) // 1),
    "join": _join,
    "last": lambda value: next(reversed(_items(value)), None),
    "lstrip": lambda value: _text(value).lstrip(),
    "map": _map,
    "minus": lambda value, other: _number(value) - _number(other),
    "modulo": _modulo,
    "plus": lambda value, other: _number(value) + _number(other),
    "prepend": lambda value, more: _text(more) + _text(value),
    "remove": _replace,
    "replace": _replace,
    "reverse": lambda value: _items(value)[::-1],
    "round": _round,
    "rstrip": lambda value: _text(value).rstrip(),
    "size": _size,
    "sort": _sort,
    "split": _split,
    "strip": lambda value: _text(value).strip(),
    "strip_newlines": lambda value: _text(value).replace("\r", "").replace("\n", ""),
    "times": lambda value, other: _number(value) * _number(other),
    "truncate": _truncate,
    "truncatewords": _truncate_words,
    "uniq": _unique,
    "upcase": lambda value: _text(value).upper(),
    "url_encode": lambda value: quote(_text(value), safe=""),
    "where": _where,
}
FILTER_NAMES = tuple(sorted(_FILTERS))


def _bounded(name: str, function: Callable[..., object]) -> Callable[..., object]:
    """The filter with its result measured. A filter that could grow a lot measures before it grows."""

    def filtered(*arguments: object) -> object:
        try:
            result = function(*arguments)
        except TypeError as error:
            raise FilterArgumentError(f"{name}: wrong arguments", token=None) from error
        except (OverflowError, ValueError) as error:
            raise FilterArgumentError(f"{name}: this number cannot be used", token=None) from error
        if isinstance(result, str):
            _require_room(len(result))
        elif isinstance(result, list) and len(result) > VALUE_ITEMS_MAX:
            raise _TooLargeError(f"a list has at most {VALUE_ITEMS_MAX} items.", token=None)
        elif isinstance(result, int | float) and abs(result) > NUMBER_MAX:
            raise _TooLargeError(f"numbers go up to {NUMBER_MAX}.", token=None)
        return result

    return filtered


def _require_room(characters: int) -> None:
    if characters > VALUE_CHARACTERS_MAX:
        raise _TooLargeError(f"a value has at most {VALUE_CHARACTERS_MAX} characters.", token=None)


# The environment ---------------------------------------------------------------------------------------


class _OutOfTimeError(ResourceLimitError):
    """The rendering used up its time."""


_LIMIT_REASONS["_OutOfTimeError"] = "this takes too long to fill in."


class _Context(RenderContext):
    """One rendering: what it has used up of its time and its turns."""

    __slots__ = ("deadline", "turns")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        assert isinstance(self.env, _Environment)
        self.deadline = time.thread_time() + self.env.render_seconds_max
        self.turns = 0

    def get(self, path: list[object], *, token: Token | None, default: object = None) -> object:
        # The library offers the wall clock as `now` and `today`: the same record would give another text.
        if path[0] in ("now", "today") and path[0] not in self.locals:
            return self.env.undefined(str(path[0]), token=token)
        return super().get(path, token=token)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        self._require_time()
        return super().filter(name, token)

    def assign(self, key: str, val: Any) -> None:
        self._require_time()
        if key not in self.locals and len(self.locals) >= LOCAL_NAMES_MAX:
            raise LocalNamespaceLimitError("too many names", token=None)
        super().assign(key, val)

    @contextmanager
    def loop(self, namespace: Mapping[str, object], forloop: Any) -> Iterator[RenderContext]:
        forloop.it = self._counted(forloop.it)
        with super().loop(namespace, forloop) as context:
            yield context

    def _counted(self, turns: Iterator[object]) -> Iterator[object]:
        for item in turns:
            self.turns += 1
            self.raise_for_loop_limit(0)
            self._require_time()
            yield item

    def raise_for_loop_limit(self, length: int = 1) -> None:
        if self.turns + length > LOOP_ITERATIONS_MAX:
            raise LoopIterationLimitError("too many turns", token=None)

    def _require_time(self) -> None:
        if time.thread_time() > self.deadline:
            raise _OutOfTimeError("out of time", token=None)


class _Template(BoundTemplate):
    context_class = _Context


class _Environment(Environment):
    """Only what is named here: no includes, no files, no HTML, no base64, no clock."""

    block_nesting_limit = BLOCK_DEPTH_MAX
    context_depth_limit = CONTEXT_DEPTH_MAX
    loop_iteration_limit = LOOP_ITERATIONS_MAX
    local_namespace_limit = LOCAL_BYTES_MAX
    output_stream_limit = OUTPUT_BYTES_MAX
    render_seconds_max = RENDER_SECONDS_MAX
    template_class = _Template

    def error(self, exc: Any, msg: str | None = None, token: Token | None = None) -> None:
        # The end of an expression has no place in the source; the mark around it has.
        if isinstance(exc, LiquidError) and exc.token is not None and exc.token.start_index < 0:
            exc.token = token
        super().error(exc, msg, token)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            *(content.Literal, output.Output, illegal.Illegal, if_tag.IfTag, unless_tag.UnlessTag),
            *(case_tag.CaseTag, for_tag.ForTag, for_tag.BreakTag, for_tag.ContinueTag, echo_tag.EchoTag),
            *(assign_tag.AssignTag, capture_tag.CaptureTag, comment_tag.CommentTag),
            inline_comment_tag.InlineCommentTag,
        ):
            self.add_tag(tag)
        for name, function in _FILTERS.items():
            self.add_filter(name, _bounded(name, function))


class _DataEnvironment(_Environment):
    render_seconds_max = DATA_RENDER_SECONDS_MAX


_ENVIRONMENT = _Environment(tolerance=Mode.STRICT, undefined=_Missing)
_DATA_ENVIRONMENT = _DataEnvironment(tolerance=Mode.STRICT, undefined=Undefined)
