"""Which characters the installed fonts can draw, read from the fonts themselves.

Typst draws a box for a character that no font has, says nothing, and refuses to write PDF/UA. So the
characters are compared with the fonts' character maps first (OpenType `cmap`, formats 4 and 12).
"""

import struct
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parent / "fonts"
FONT_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
FONT_FILES_MAX = 500
MISSING_MARK = "\ufffd"

# Characters that shape or join their neighbours and have no picture of their own.
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")


@lru_cache(maxsize=8)
def drawable_characters(folders: tuple[Path, ...]) -> frozenset[str]:
    """Every character that some font in these folders has a glyph for. Unreadable fonts count for none."""
    characters: set[str] = set()
    for path in font_files(folders):
        for first, last in _covered_ranges(path):
            characters.update(map(chr, range(first, last + 1)))
    return frozenset(characters)


def font_files(folders: Iterable[Path]) -> list[Path]:
    """The font files in these folders and the folders in them, in the order of their names."""
    found = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in FONT_SUFFIXES and path.is_file()
    ]
    return found[:FONT_FILES_MAX]


class Drawable:
    """Replaces what cannot be drawn by a visible mark, and remembers what that was."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.characters = drawable_characters(tuple(folders))
        self.missing: set[str] = set()

    def text(self, value: str) -> str:
        """The text with MISSING_MARK for each character that no font has."""
        strange = set(value) - self.characters
        strange -= _JOINERS
        strange.discard("\n")
        if not strange:
            return value
        return value.translate({ord(character): self._instead(character) for character in strange})

    def _instead(self, character: str) -> str:
        category = unicodedata.category(character)
        if category in ("Zs", "Cc"):
            return " "
        if category in ("Zl", "Zp"):
            return "\n"
        if category == "Cf":
            return ""
        decomposed = unicodedata.normalize("NFKD", character)
        if decomposed != character and self.characters.issuperset(decomposed):
            return decomposed
        self.missing.add(character)
        return "" if category in ("Mn", "Me") else MISSING_MARK


def _covered_ranges(path: Path) -> Iterator[tuple[int, int]]:
    try:
        data = path.read_bytes()
        for start in _font_starts(data):
            yield from _ranges_of_font(data, start)
    except (OSError, struct.error, IndexError):
        return


def _font_starts(data: bytes) -> Sequence[int]:
    """The offsets of the fonts in a file: one, or several in a collection."""
    if data[:4] != b"ttcf":
        return (0,)
    (fonts,) = struct.unpack_from(">I", data, 8)
    return struct.unpack_from(f">{min(fonts, 64)}I", data, 12)


def _ranges_of_font(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    (tables,) = struct.unpack_from(">H", data, start + 4)
    for position in range(start + 12, start + 12 + 16 * tables, 16):
        tag, _checksum, offset, _length = struct.unpack_from(">4sIII", data, position)
        if tag == b"cmap":
            yield from _ranges_of_cmap(data, offset)


def _ranges_of_cmap(data: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    (subtables,) = struct.unpack_from(">H", data, cmap + 2)
    for position in range(cmap + 4, cmap + 4 + 8 * subtables, 8):
        platform, _encoding, offset = struct.unpack_from(">HHI", data, position)
        if platform not in (0, 3):
            continue
        (kind,) = struct.unpack_from(">H", data, cmap + offset)
        if kind == 4:
            yield from _ranges_of_format_4(data, cmap + offset)
        elif kind == 12:
            yield from _ranges_of_format_12(data, cmap + offset)


def _ranges_of_format_4(data: bytes, table: int) -> Iterator[tuple[int, int]]:
    (doubled,) = struct.unpack_from(">H", data, table + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", data, table + 14)
    starts = struct.unpack_from(f">{count}H", data, table + 16 + doubled)
    deltas = struct.unpack_from(f">{count}H", data, table + 16 + 2 * doubled)
    offsets_at = table + 16 + 3 * doubled
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    for segment, (first, last) in enumerate(zip(starts, ends, strict=True)):
        if first == 0xFFFF or first > last:
            continue
        if not offsets[segment]:
            # Glyph 0 is the box of a missing glyph.
            zero = -deltas[segment] % 0x10000
            yield from _without(first, last, zero)
            continue
        base = offsets_at + 2 * segment + offsets[segment]
        glyphs = struct.unpack_from(f">{last - first + 1}H", data, base)
        for position, glyph in enumerate(glyphs):
            if glyph and (glyph + deltas[segment]) % 0x10000:
                yield first + position, first + position


def _ranges_of_format_12(data: bytes, table: int) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">I", data, table + 12)
    for position in range(table + 16, table + 16 + 12 * groups, 12):
        first, last, glyph = struct.unpack_from(">III", data, position)
        if first <= last <= 0x10FFFF:
            yield (first if glyph else first + 1), last


def _without(first: int, last: int, excluded: int) -> Iterator[tuple[int, int]]:
    if not first <= excluded <= last:
        yield first, last
        return
    if first < excluded:
        yield first, excluded - 1
    if excluded < last:
        yield excluded + 1, last
