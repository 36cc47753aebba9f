"""Which files are meant, and what stands in them: text with its encoding, so that it can be put back."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from afterword.language import TEXT_CHARACTERS_MAX

# More bytes than the check's characters can have in any encoding that is read here.
FILE_BYTES_MAX = 4 * TEXT_CHARACTERS_MAX + 4
FILES_MAX = 100_000
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn")
PLAIN_SUFFIXES = (".txt", ".text")
# Other people's files, which nobody means who names the folder around them.
FOLDERS_LEFT_OUT = frozenset({"node_modules", "venv", "__pycache__", "site-packages"})

STDIN = "-"


class FileFault(Exception):
    """A file cannot be read or written. The message is one sentence without the path."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class Source(NamedTuple):
    """What stood in one file. `text` keeps the ends of lines as they are; a byte order mark is no part."""

    path: str
    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def is_markdown(self) -> bool:
        """Whether the file is read as Markdown: every one that is not named like plain text."""
        return not self.path.lower().endswith(PLAIN_SUFFIXES)


def gather(arguments: list[str]) -> Iterator[str | FileFault]:
    """The paths that are meant, each once, in the order of the arguments; a fault for what is not there.

    A file is taken whatever its name. A folder gives its Markdown and text files and those of the folders
    below, sorted, without hidden ones. A pattern (`*`, `?`, `[...]`, `**`) that no shell has expanded gives
    what it matches.
    """
    seen: set[str] = set()
    for argument in arguments:
        for found in _meant_by(argument):
            if isinstance(found, FileFault):
                yield found
                continue
            key = found if found == STDIN else os.path.realpath(found)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > FILES_MAX:
                yield FileFault(argument, f"There are more than {FILES_MAX:,} files.")
                return
            yield found


def read_source(path: str) -> Source:
    """What stands in the file. Raises FileFault when it cannot be read, is no text, or is too long."""
    return decode(path, read_bytes(path))


def read_bytes(path: str) -> bytes:
    """The bytes of the file, one more than FILE_BYTES_MAX at most. Raises FileFault."""
    try:
        with open(path, "rb") as file:
            return file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise FileFault(path, f"It cannot be read: {error.strerror or error}.") from error


def decode(path: str, content: bytes) -> Source:
    """The text of the bytes: as their byte order mark says, else UTF-8, else Windows' Latin (cp1252).

    Raises FileFault when it is no text, or has more than TEXT_CHARACTERS_MAX characters.
    """
    source = None
    if len(content) <= FILE_BYTES_MAX:
        source = _decoded(path, content)
    if source is None or len(source.text) > TEXT_CHARACTERS_MAX:
        raise FileFault(path, f"It is longer than {TEXT_CHARACTERS_MAX:,} characters.")
    return source


def write_source(source: Source, text: str) -> None:
    """Put `text` in the place of the source's: in its encoding, at once or not at all.

    The file keeps its permissions, and a symbolic link stays one. Raises FileFault when the file is no
    longer what was read, when its encoding lacks a character, or when it cannot be written.
    """
    try:
        content = source.mark + text.encode(source.encoding)
    except UnicodeEncodeError as error:
        raise FileFault(
            source.path,
            f"Its encoding, {source.encoding}, has no {error.object[error.start]!r}: nothing was changed.",
        ) from error
    if read_bytes(source.path) != source.mark + source.text.encode(source.encoding):
        raise FileFault(source.path, "Somebody else changed it meanwhile: nothing was changed here.")
    # Loaded only here: most runs write nothing.
    import tempfile

    target = os.path.realpath(source.path)
    try:
        descriptor, beside = tempfile.mkstemp(prefix=".afterword-", dir=os.path.dirname(target))
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, os.stat(target).st_mode & 0o7777)
            os.replace(beside, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise
    except OSError as error:
        raise FileFault(source.path, f"It cannot be written: {error.strerror or error}.") from error


def _decoded(path: str, content: bytes) -> Source:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        # Before UTF-16, whose mark is the beginning of this one.
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            try:
                return Source(path, content[len(mark) :].decode(encoding), encoding, mark)
            except UnicodeDecodeError as error:
                raise FileFault(path, f"It says that it is {encoding.upper()}, and is not.") from error
    if b"\0" not in content:
        for encoding in ("utf-8", "cp1252"):
            with suppress(UnicodeDecodeError):
                return Source(path, content.decode(encoding), encoding)
    raise FileFault(path, "It is no text that can be read.")


def _meant_by(argument: str) -> Iterator[str | FileFault]:
    if argument == STDIN or os.path.isfile(argument):
        yield argument
    elif os.path.isdir(argument):
        yield from _in_folder(argument)
    elif os.path.exists(argument):
        yield argument  # A pipe, as shells make of <(command).
    elif any(sign in argument for sign in "*?["):
        yield from _matching(argument)
    else:
        yield FileFault(argument, "There is no such file or folder.")


def _in_folder(folder: str) -> Iterator[str | FileFault]:
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in FOLDERS_LEFT_OUT)
        for name in sorted(names):
            if name[0] != "." and name.lower().endswith(MARKDOWN_SUFFIXES + PLAIN_SUFFIXES):
                path = os.path.join(parent, name)
                yield path.removeprefix(f".{os.sep}") if folder == "." else path
    for error in closed:
        yield FileFault(str(error.filename), f"It cannot be read: {error.strerror}.")


def _matching(pattern: str) -> Iterator[str | FileFault]:
    import glob

    # `docs/**` means the texts there, and not the pictures beside them.
    is_any_name = os.path.basename(pattern) in ("*", "**")
    found = [
        path
        for path in sorted(glob.glob(pattern, recursive=True))
        if not any(name in FOLDERS_LEFT_OUT and name not in pattern for name in path.split(os.sep))
    ]
    if not found:
        yield FileFault(pattern, "No file matches it.")
    for path in found:
        if os.path.isdir(path):
            # With `**` the files below come by themselves.
            if "**" not in pattern:
                yield from _in_folder(path)
        elif not is_any_name or path.lower().endswith(MARKDOWN_SUFFIXES + PLAIN_SUFFIXES):
            yield path


def relative(path: str) -> str:
    """The path as other programs like it: with slashes, and from here where the file is below."""
    if path == STDIN:
        return path
    absolute = Path(os.path.abspath(path))
    with suppress(ValueError):
        return absolute.relative_to(Path.cwd()).as_posix()
    return Path(path).as_posix()
