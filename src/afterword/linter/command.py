"""`afterword lint`: reads its arguments, checks the files, prints what was found, and says so by its exit.

It stands apart from the other commands, and reads its arguments with the standard library, so that it
answers as quickly as an editor or a commit hook wants: config.entry calls it before anything is loaded.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from afterword.language import CATEGORIES, LANGUAGES, Checker, Options, Severity
from afterword.linter.files import (
    FILE_BYTES_MAX,
    STDIN,
    FileFault,
    Source,
    decode,
    gather,
    read_source,
)
from afterword.linter.formats import FORMATS, Checked
from afterword.linter.places import Lines
from afterword.linter.settings import (
    KINDS,
    Settings,
    SettingsFault,
    find_settings,
    read_roster,
    read_settings,
)

NOTHING_FOUND = 0
FOUND = 1
CANNOT = 2
INTERRUPTED = 130

# How wide help is where there is no terminal.
COLUMNS = 80

NEVER = "never"
# By weight: what counts where `--fail-on` names a level.
WEIGHTS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}

DESCRIPTION = """\
Check Markdown and plain text for blame and for unclear words, offline.

FILES are files, folders and patterns; a folder gives its Markdown and text files and those below. Without
FILES the current folder is checked, and `-` is standard input. What .afterword.toml says in the file's
folder, or the nearest one above, holds for it.
"""
EXIT_CODES = """\
exit codes:
  0  nothing found (or nothing as heavy as --fail-on asks)
  1  something found
  2  wrong usage, wrong settings, or a file that cannot be read; what could be read was checked
"""


def main(arguments: list[str]) -> int:
    """Run `afterword lint` with these arguments; the exit code. Prints; never raises for what people do."""
    try:
        return _run(_parse(arguments))
    except SettingsFault as fault:
        return _refuse(str(fault))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Who reads has gone, as `head` does: what is still in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND


def make_parser() -> argparse.ArgumentParser:
    """All options with their help; docs/reference/command-line.md lists the same."""
    parser = argparse.ArgumentParser(
        prog="afterword lint",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("files", metavar="FILES", nargs="*", help="files, folders or patterns; - is standard input")
    add("--format", choices=FORMATS, default="text", help="how findings are printed (text)")
    add("--kind", choices=tuple(KINDS), help="which findings (all)")
    add("--language", choices=LANGUAGES, help="what the texts are written in (en)")
    add("--roster", metavar="NAMES.txt", action="append", default=[], help="names of people, one a line")
    add("--config", metavar="FILE", help="use this .afterword.toml for all files")
    add("--no-config", action="store_true", help="use no .afterword.toml")
    add(
        "--fail-on",
        choices=(*(level.value for level in reversed(WEIGHTS)), NEVER),
        default=Severity.INFO.value,
        help="exit with 1 from this severity on (info: at every finding)",
    )
    add("--fix", action="store_true", help="ask about each suggestion, and write what you accept")
    add(
        "--explain",
        metavar="CATEGORY",
        choices=tuple(CATEGORIES),
        help="print the page about a category, with examples, and check nothing",
    )
    add("--stdin-filename", metavar="PATH", help="what standard input is called, and whose settings it has")
    return parser


class _Help(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. Argparse asks for it at every option, and loads a lot to find out."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or COLUMNS
    except (OSError, ValueError):
        return COLUMNS


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = make_parser()
    parsed = parser.parse_args(arguments)
    if parsed.stdin_filename is not None and not parsed.files:
        parsed.files = [STDIN]
    if parsed.stdin_filename is not None and STDIN not in parsed.files:
        parser.error("--stdin-filename goes with - and there is none among FILES")
    if parsed.fix and STDIN in parsed.files:
        parser.error("--fix asks on standard input, so it cannot check what comes from there")
    if parsed.fix and parsed.format != "text":
        parser.error("--fix goes with --format text only")
    if parsed.config is not None and parsed.no_config:
        parser.error("--config and --no-config exclude each other")
    parsed.files = parsed.files or ["."]
    return parsed


def _run(parsed: argparse.Namespace) -> int:
    linting = Linting(parsed)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character gets its number, not a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if parsed.format in ("json", "sarif"):
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if parsed.explain:
        return _explain(parsed.explain, linting)
    checked = linting.fixed() if parsed.fix else linting.checked()
    for line in _written(parsed.format, checked, linting.faults):
        print(line)
    sys.stdout.flush()
    if linting.faults:
        return CANNOT
    return FOUND if linting.fails else NOTHING_FOUND


def _explain(category: str, linting: Linting) -> int:
    from afterword.linter.explaining import explained

    for line in explained(CATEGORIES[category].explanation_in(linting.language_here())):
        print(line)
    sys.stdout.flush()
    return NOTHING_FOUND


def _written(name: str, checked: Iterator[Checked], faults: list[FileFault]) -> Iterator[str]:
    # Each is loaded when it is asked for.
    if name == "json":
        from afterword.linter.formats import as_json

        yield from as_json.write(checked)
    elif name == "github":
        from afterword.linter.formats import as_github

        yield from as_github.write(checked)
    elif name == "sarif":
        from afterword.linter.formats import as_sarif

        yield as_sarif.write(list(checked), faults)
    else:
        from afterword.linter.formats import as_text

        yield from as_text.write(checked, faults, is_coloured=is_coloured(sys.stdout))


def is_coloured(stream: TextIO) -> bool:
    """Whether colours are wanted there: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Linting:
    """One run: which options hold for which file, what could not be read, and whether the run fails."""

    def __init__(self, parsed: argparse.Namespace) -> None:
        self.parsed = parsed
        self.faults: list[FileFault] = []
        self.fails = False
        self.rosters = frozenset[str]().union(*(read_roster(Path(path)) for path in parsed.roster))
        self.read: dict[Path | None, Settings] = {None: Settings()}
        self.checkers: dict[tuple[Path | None, bool], Checker] = {}
        self.settings: dict[str, Path | None] = {}
        if parsed.config is not None:
            # Also where no file comes: what is wrong with it shall be said.
            self.checker(Path(parsed.config), is_markdown=True)

    def checked(self) -> Iterator[Checked]:
        """Every file that can be read, with its findings; the others become faults, said on stderr."""
        for source in self.sources():
            checked = self.check(source)
            self.count(checked)
            yield checked

    def fixed(self) -> Iterator[Checked]:
        """The same, after asking about each suggestion and writing what was accepted."""
        from afterword.linter.fixing import fix
        from afterword.linter.formats.as_text import Painter

        paint = Painter(is_coloured=is_coloured(sys.stdout))
        goes_on = True
        for source in self.sources():
            checked = self.check(source)
            if goes_on and checked.findings:
                try:
                    done = fix(checked, ask=input, say=print, paint=paint)
                except FileFault as fault:
                    self.add_fault(fault)
                else:
                    goes_on = done.goes_on
                    if done.changed:
                        places = "place" if done.changed == 1 else "places"
                        print(f"{source.path}: changed {done.changed} {places}.\n")
                        checked = self.check(source._replace(text=done.text))
            self.count(checked)
            yield checked

    def sources(self) -> Iterator[Source]:
        for path in gather(self.parsed.files):
            try:
                if isinstance(path, FileFault):
                    raise path
                yield self.stdin() if path == STDIN else read_source(path)
            except FileFault as fault:
                self.add_fault(fault)

    def stdin(self) -> Source:
        return decode(self.parsed.stdin_filename or STDIN, sys.stdin.buffer.read(FILE_BYTES_MAX + 1))

    def add_fault(self, fault: FileFault) -> None:
        self.faults.append(fault)
        print(f"afterword: {fault}", file=sys.stderr)

    def check(self, source: Source) -> Checked:
        settings = self.settings_of(source.path)
        checker = self.checker(settings, is_markdown=source.is_markdown)
        findings = checker.check(source.text)
        pages, language = self.read[settings].pages, checker.options.language
        return Checked(source, findings, Lines(source.text), pages, language)

    def language_here(self) -> str:
        """The language in which the current folder's texts are checked."""
        return self.checker(self.settings_of(STDIN), is_markdown=True).options.language

    def count(self, checked: Checked) -> None:
        if self.parsed.fail_on != NEVER:
            least = WEIGHTS[Severity(self.parsed.fail_on)]
            self.fails |= any(WEIGHTS[finding.severity] >= least for finding in checked.findings)

    def settings_of(self, path: str) -> Path | None:
        if self.parsed.config is not None:
            return Path(self.parsed.config)
        if self.parsed.no_config:
            return None
        folder = "." if path == STDIN else os.path.dirname(path) or "."
        if folder not in self.settings:
            self.settings[folder] = find_settings(Path(folder))
        return self.settings[folder]

    def checker(self, settings: Path | None, *, is_markdown: bool) -> Checker:
        key = (settings, is_markdown)
        if key not in self.checkers:
            if settings is not None and settings not in self.read:
                self.read[settings] = read_settings(settings)
            self.checkers[key] = Checker(self.options(self.read[settings].options), markdown=is_markdown)
        return self.checkers[key]

    def options(self, options: Options) -> Options:
        """What the command line says holds more than what the file says; rosters add up."""
        options = options._replace(roster=options.roster | self.rosters)
        if self.parsed.kind:
            options = options._replace(kinds=KINDS[self.parsed.kind])
        if self.parsed.language:
            options = options._replace(language=self.parsed.language)
        return options


def _refuse(sentence: str) -> int:
    print(f"afterword: {sentence}", file=sys.stderr)
    return CANNOT
