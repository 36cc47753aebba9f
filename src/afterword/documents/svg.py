"""Drawings from outside: an SVG is read, and only what draws is written again.

Script, event handlers, animation, foreign content, entities and every reference that leaves the file
are gone afterwards; a drawing that is too large or too deep is refused.
"""

import base64
import re
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from afterword.documents import limits
from afterword.documents.raster import Picture, inspect_raster

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"

# fmt: off
_ELEMENTS = frozenset((
    "svg", "g", "defs", "symbol", "use", "switch", "title", "desc", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "image", "marker",
    "pattern", "mask", "clipPath", "linearGradient", "radialGradient", "stop", "filter", "feBlend",
    "feColorMatrix", "feComponentTransfer", "feComposite", "feDropShadow", "feFlood", "feFuncA",
    "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feOffset",
    "style", "a",
))
# fmt: on
_INNER_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,\s*([A-Za-z0-9+/=\s]+)")
_ADDRESS_IN_STYLE = re.compile(r"url\(\s*(?!['\"]?#)[^)]*\)?", re.IGNORECASE)
_STYLE_RULES = re.compile(r"@[a-z-]+[^;{]*;?|expression\(|\\", re.IGNORECASE)


class UnsafeSvg(ValueError):
    """This is no drawing that can be shown."""


def sanitise_svg(data: bytes) -> bytes:
    """The drawing without anything that runs, fetches or reads. Raises UnsafeSvg with the reason."""
    if len(data) > limits.SVG_BYTES_MAX:
        raise UnsafeSvg(f"a drawing larger than {limits.SVG_BYTES_MAX // 1_048_576} MB")
    if b"<" not in data[:256]:
        raise UnsafeSvg("not a PNG, JPEG, GIF or SVG")
    copy = _Copy()
    try:
        copy.parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise UnsafeSvg("a broken drawing") from problem
    if not copy.pieces:
        raise UnsafeSvg("not a PNG, JPEG, GIF or SVG")
    return "".join(copy.pieces).encode()


class _Copy:
    """Writes the allowed part of a document while expat reads it."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.buffer_text = True
        self.pieces: list[str] = []
        self.open_elements: list[str] = []
        self.skipping = 0
        self.elements = 0
        self.reuses = 0

    def entity(self, *_declaration: object) -> None:
        raise UnsafeSvg("a drawing with entities")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.elements += 1
        if self.elements > limits.SVG_ELEMENTS_MAX:
            raise UnsafeSvg(f"a drawing of more than {limits.SVG_ELEMENTS_MAX:,} parts")
        if not self.open_elements and not self.pieces and (namespace, local) != (SVG, "svg"):
            raise UnsafeSvg("not a PNG, JPEG, GIF or SVG")
        if self.skipping or namespace != SVG or local not in _ELEMENTS:
            self.skipping += 1
            return
        if local == "use":
            self.reuses += 1
            if self.reuses > limits.SVG_REUSES_MAX:
                raise UnsafeSvg(f"a drawing that repeats parts more than {limits.SVG_REUSES_MAX} times")
        if len(self.open_elements) >= limits.SVG_DEPTH_MAX:
            raise UnsafeSvg(f"a drawing nested deeper than {limits.SVG_DEPTH_MAX}")
        spaces = f' xmlns="{SVG}" xmlns:xlink="{XLINK}"' if not self.open_elements else ""
        self.pieces.append(f"<{local}{spaces}{self.attributes(local, attributes)}>")
        self.open_elements.append(local)

    def end(self, _name: str) -> None:
        if self.skipping:
            self.skipping -= 1
        else:
            self.pieces.append(f"</{self.open_elements.pop()}>")

    def text(self, data: str) -> None:
        if self.skipping or not self.open_elements:
            return
        self.pieces.append(escape(_safe_style(data) if self.open_elements[-1] == "style" else data))

    def attributes(self, element: str, attributes: dict[str, str]) -> str:
        kept: list[str] = []
        for name, value in attributes.items():
            namespace, _, local = name.rpartition(" ")
            if local == "href" and namespace in ("", XLINK):
                reference = _safe_reference(element, value)
                if reference is not None:
                    kept.append(f" xlink:href={quoteattr(reference)}")
            elif not namespace and not local.lower().startswith("on"):
                kept.append(f" {local}={quoteattr(_safe_style(value))}")
        return "".join(kept)


def _safe_reference(element: str, value: str) -> str | None:
    """A reference inside the drawing, or the bytes of a picture that is itself within the limits."""
    value = value.strip()
    if value.startswith("#"):
        return value
    found = _INNER_PICTURE.fullmatch(value) if element == "image" else None
    if found is None:
        return None
    try:
        data = base64.b64decode(found.group(1))
    except ValueError:
        return None
    picture = inspect_raster(data)
    if not isinstance(picture, Picture):
        return None
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def _safe_style(value: str) -> str:
    """A style or a presentation attribute that points only inside the drawing."""
    return _ADDRESS_IN_STYLE.sub("none", _STYLE_RULES.sub("", value))
