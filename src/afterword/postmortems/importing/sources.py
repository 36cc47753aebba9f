"""Where files come from: a folder, an archive, an upload. Nothing is ever written to a disk. Pure."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from afterword.lib.errors import InvalidInput
from afterword.lib.text import one_line
from afterword.postmortems.importing.markdown import (
    FILE_BYTES_MAX,
    describes_its_folder,
    looks_like_markdown,
)
from afterword.postmortems.importing.outcomes import SourceFile

FILES_MAX = 1_000
"""Of one import."""
ARCHIVE_ENTRIES_MAX = 2_000
ARCHIVE_DIRECTORY_BYTES_MAX = 1024 * 1024
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
NAME_CHARACTERS_MAX = 400
NOT_MARKDOWN = "It is not Markdown by its name."
ABOUT_THE_FOLDER = "By its name it is about the folder, and no post-mortem."
_END = b"PK\x05\x06"
_END_BYTES, _END_COMMENT_BYTES_MAX = 22, 65_535


def read_path(path: Path) -> Iterator[SourceFile]:
    """The files of a folder and below it by name, or one file, which may be a zip archive.

    What begins with a dot and links that lead elsewhere are passed over. Raises InvalidInput when there is
    nothing at `path` or more than `FILES_MAX` files.
    """
    try:
        if path.is_dir():
            yield from _read_folder(path)
        elif path.is_file():
            yield from _read_one(path.name, path, by_hand=True)
        else:
            raise _refusal(f"There is no folder and no file at {path}.")
    except OSError as error:
        raise _refusal(f"{path} cannot be read: {error.strerror}.") from error


def read_upload(name: str, data: bytes) -> Iterator[SourceFile]:
    """What somebody sent: one file, or the files of a zip archive. Raises InvalidInput."""
    if data.startswith((b"PK\x03\x04", _END)) or name.casefold().endswith(".zip"):
        yield from read_archive(data)
    else:
        yield SourceFile(clean_name(name), data)


def read_archive(data: bytes) -> Iterator[SourceFile]:
    """The files of a zip archive by name, each of at most `FILE_BYTES_MAX` bytes.

    Nothing is unpacked to a disk, so names cannot lead anywhere. Raises InvalidInput for what is no archive
    or too large a one.
    """
    _check_directory(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise _refusal("This archive cannot be read.") from error
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > ARCHIVE_ENTRIES_MAX:
            raise _refusal(f"An archive may have at most {ARCHIVE_ENTRIES_MAX:,} files.")
        left = UNPACKED_BYTES_MAX
        for entry in sorted(entries, key=lambda entry: entry.filename):
            name = clean_name(entry.filename)
            if _is_hidden(name):
                continue
            file = _read_entry(archive, entry, name, left)
            left -= len(file.data)
            yield file


def sort_out(name: str, data: bytes) -> SourceFile:
    """The file, or why it is passed over: it is no Markdown, or by its name about its folder."""
    if not looks_like_markdown(name, data):
        return SourceFile(name, skipped=NOT_MARKDOWN)
    if describes_its_folder(name):
        return SourceFile(name, skipped=ABOUT_THE_FOLDER)
    return SourceFile(name, data)


def clean_name(name: str) -> str:
    """A path as it is told and remembered: forward slashes, no way up, no control characters."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    kept = one_line("file", "/".join(parts), characters_max=10**6, required=False)
    return kept[-NAME_CHARACTERS_MAX:] or "unnamed"


def _read_folder(folder: Path) -> Iterator[SourceFile]:
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(place, name) for name in names if not name.startswith(".")]
        if len(found) > FILES_MAX:
            raise _refusal(f"There are more than {FILES_MAX:,} files. Please import them folder by folder.")
    for path in sorted(found):
        yield from _read_one(path.relative_to(folder).as_posix(), path, by_hand=False)


def _read_one(name: str, path: Path, *, by_hand: bool) -> Iterator[SourceFile]:
    name = clean_name(name)
    if path.is_symlink() and not by_hand:
        yield SourceFile(name, skipped="It is a link to another file.")
        return
    try:
        # A pipe or a device would be waited for.
        if not stat.S_ISREG(path.stat().st_mode):
            yield SourceFile(name, skipped="It is no file.")
            return
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
            if by_hand and path.suffix.casefold() == ".zip":
                data += file.read(UNPACKED_BYTES_MAX)
    except OSError as error:
        yield SourceFile(name, failed=f"It cannot be read: {error.strerror}.")
        return
    if by_hand:
        yield from read_upload(name, data)
    else:
        yield sort_out(name, data)


def _check_directory(data: bytes) -> None:
    """Before the archive is opened: a directory of a million entries would be read as a whole."""
    start = data.rfind(_END, max(0, len(data) - _END_BYTES - _END_COMMENT_BYTES_MAX))
    if start < 0 or len(data) < start + _END_BYTES:
        raise _refusal("This archive cannot be read.")
    entries, directory_bytes = struct.unpack_from("<HI", data, start + 10)
    if entries > ARCHIVE_ENTRIES_MAX or directory_bytes > ARCHIVE_DIRECTORY_BYTES_MAX:
        raise _refusal(f"An archive may have at most {ARCHIVE_ENTRIES_MAX:,} files.")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, left: int) -> SourceFile:
    if entry.flag_bits & 0x1:
        return SourceFile(name, failed="It is encrypted.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return SourceFile(name, failed="It is packed in a way that is not read here.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return SourceFile(name, skipped="It is a link to another file.")
    if left <= 0:
        megabytes = UNPACKED_BYTES_MAX // (1024 * 1024)
        return SourceFile(name, failed=f"The archive holds more than {megabytes} MB.")
    try:
        with archive.open(entry) as file:
            # What the entry says of its size may be a lie: no more is unpacked than is taken.
            data = file.read(min(FILE_BYTES_MAX + 1, left))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        return SourceFile(name, failed=f"It cannot be unpacked: {str(error)[:200]}")
    return sort_out(name, data)


def _is_hidden(name: str) -> bool:
    """Such as what macOS puts into archives."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _refusal(reason: str) -> InvalidInput:
    return InvalidInput(reason, fields={"file": reason})
