"""Documents and pictures that the tests of this folder share."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

import pypdf

from afterword.documents import NO_IMAGES, Block, Document, DocumentSection, ImageResource, parse_markdown

AT = datetime(2026, 11, 18, 16, 23, tzinfo=UTC)

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    b'<rect width="40" height="20" fill="#2a4cb0"/></svg>'
)


def document_of(
    blocks: Sequence[Block] | str,
    *,
    title: str = "Checkout was unavailable",
    images: Mapping[str, ImageResource] = NO_IMAGES,
) -> Document:
    tree = parse_markdown(blocks) if isinstance(blocks, str) else blocks
    return Document(title=title, generated_at=AT, sections=[DocumentSection("Summary", tree)], images=images)


def png(width: int = 8, height: int = 6, *, pixels: bytes | None = None) -> bytes:
    """A PNG whose header says width and height, with grey pixels or the given ones."""
    if pixels is None:
        pixels = zlib.compress((b"\0" + b"\x80" * 3 * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def read_pdf(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def pdf_text(pdf: bytes) -> str:
    """The text of all pages; breaks and repeated spaces become one space."""
    return " ".join(" ".join(page.extract_text() for page in read_pdf(pdf).pages).split())


def pictures_in(pdf: bytes) -> int:
    return sum(len(page.images) for page in read_pdf(pdf).pages)


def text_positions(pdf: bytes) -> list[tuple[str, float]]:
    """Each run of text with the distance of its start from the left edge of its page, in points."""
    found: list[tuple[str, float]] = []

    def note(text: str, matrix: list[float], text_matrix: list[float], _font: object, _size: float) -> None:
        if text.strip():
            found.append((text, matrix[0] * text_matrix[4] + matrix[4]))

    for page in read_pdf(pdf).pages:
        page.extract_text(visitor_text=note)
    return found
