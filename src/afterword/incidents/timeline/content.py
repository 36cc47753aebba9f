"""What a file is, by what is in it. A name proves nothing, and nothing here trusts one. Pure.

Signatures: PNG (ISO/IEC 15948), JPEG (ITU-T T.81), GIF89a, WebP (RFC 9649), PDF (ISO 32000).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from afterword.incidents.timeline.errors import FileRefused

PIXELS_MAX = 50_000_000
"""Of an image: a browser unpacks each to four bytes."""
_DRAWING = re.compile(
    r"<\s*(?:[a-z][\w.-]*:)?(svg|html|script|iframe)\b|<!doctype\s+(html|svg)", re.IGNORECASE
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""All but tabs, line breaks, form feeds and the escape that logs colour their lines with."""


@dataclass(frozen=True)
class Content:
    """What a file turned out to be."""

    name: str
    """As the settings name it: png, jpeg, gif, webp, pdf, json, csv, log or text."""
    media_type: str
    width: int | None = None
    height: int | None = None

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


def detect(data: bytes, file_name: str) -> Content:
    """What these bytes are. The name only tells plain text, csv and log from one another.

    Raises FileRefused for what is empty or none of these; SVG and HTML, which can hold programs, are none.
    """
    if not data:
        raise FileRefused("This file is empty.")
    if data.startswith(b"%PDF-"):
        return Content("pdf", "application/pdf")
    image = _image(data)
    if image is not None:
        if not image.width or not image.height:
            raise FileRefused("This image is damaged: it does not say how large it is.")
        if image.width * image.height > PIXELS_MAX:
            raise FileRefused(f"This image has more than {PIXELS_MAX // 1_000_000} million pixels.")
        return image
    return _text(data, file_name)


def _image(data: bytes) -> Content | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        is_whole = data[12:16] == b"IHDR" and len(data) >= 24
        return Content("png", "image/png", *(_big(data[16:20], data[20:24]) if is_whole else (0, 0)))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Content("gif", "image/gif", *_little(data[6:8], data[8:10]))
    if data.startswith(b"\xff\xd8\xff"):
        return Content("jpeg", "image/jpeg", *_jpeg_size(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Content("webp", "image/webp", *_webp_size(data))
    return None


def _jpeg_size(data: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        # The frame headers; C4, C8 and CC among them are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _big(data[place + 5 : place + 7], data[place + 7 : place + 9])
            return width, height
        place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        width, height = _little(data[24:27], data[27:30])
        return width + 1, height + 1
    if kind == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(data) >= 30:
        width, height = _little(data[26:28], data[28:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _text(data: bytes, file_name: str) -> Content:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("This is neither an image, a PDF nor text in UTF-8.") from None
    if _CONTROLS.search(text):
        raise FileRefused("This is neither an image, a PDF nor plain text.")
    drawing = _DRAWING.search(text) if text.lstrip().startswith("<") else None
    if drawing:
        kind = (drawing[1] or drawing[2]).upper()
        name = "SVG" if kind == "SVG" else "HTML"
        raise FileRefused(f"{name} can hold programs. Attach a picture of it, as PNG, instead.")
    if text.lstrip()[:1] in ("{", "[") and _is_json(text):
        return Content("json", "application/json")
    ending = PurePosixPath(file_name).suffix.lower()
    if ending == ".csv":
        return Content("csv", "text/csv")
    return Content("log" if ending == ".log" else "text", "text/plain")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        # What is nested too deep to read stays text.
        return False
    return True


def _big(first: bytes, second: bytes) -> tuple[int, int]:
    return int.from_bytes(first, "big"), int.from_bytes(second, "big")


def _little(first: bytes, second: bytes) -> tuple[int, int]:
    return int.from_bytes(first, "little"), int.from_bytes(second, "little")
