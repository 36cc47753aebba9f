"""Pictures made of pixels: what they are, and how large, before anything decodes them."""

import struct
from dataclasses import dataclass
from typing import Literal

from afterword.documents import limits

PictureKind = Literal["png", "jpg", "gif", "svg"]
_MEDIA_TYPES: dict[PictureKind, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture within the limits; an SVG's `data` is its sanitised form."""

    kind: PictureKind
    data: bytes

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a picture is not shown, in a few plain words."""

    reason: str


def inspect_raster(data: bytes) -> Picture | Unfit | None:
    """The picture if it is a PNG, JPEG or GIF within the limits, why not, or None if it is neither.

    The kind and the size are read from the first bytes and nothing is decoded.
    """
    try:
        if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
            return _bounded("png", data, *struct.unpack_from(">II", data, 16))
        if data.startswith(b"\xff\xd8\xff"):
            return _bounded("jpg", data, *_jpeg_size(data))
        if data[:6] in (b"GIF87a", b"GIF89a"):
            return _bounded("gif", data, *struct.unpack_from("<HH", data, 6))
    except (struct.error, IndexError):
        return Unfit("broken")
    return None


def _bounded(kind: PictureKind, data: bytes, width: int, height: int) -> Picture | Unfit:
    if not width or not height:
        return Unfit("broken")
    if width * height > limits.IMAGE_PIXELS_MAX:
        return Unfit(f"more than {limits.IMAGE_PIXELS_MAX:,} pixels")
    return Picture(kind, data)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height from the first start-of-frame segment (ITU T.81, B.2.2)."""
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        (length,) = struct.unpack_from(">H", data, position + 2)
        position += 2 + max(2, length)
    raise IndexError("no frame")
