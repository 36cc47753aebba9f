"""`.afterword.toml`: what a repository says about its words. Described in docs/howto/check-language.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from afterword.language import CATEGORIES, LANGUAGES, Kind, Options, Severity

NAME = ".afterword.toml"
FILE_BYTES_MAX = 256 * 1024
ROSTER_BYTES_MAX = 4 * 1024 * 1024
ENTRIES_MAX = 10_000
# Each is looked for in every paragraph.
FLAGGED_TERMS_MAX = 1_000
ENTRY_CHARACTERS_MAX = 200
REASON_CHARACTERS_MAX = 1_000

ADDRESS_CHARACTERS_MAX = 300

KEYS = (
    *("language", "kind", "off", "allow", "flag", "severity", "roster", "roster_file", "acronyms"),
    "pages",
)
KINDS: Mapping[str, frozenset[Kind]] = {
    "blame": frozenset({Kind.BLAME}),
    "clarity": frozenset({Kind.CLARITY}),
    "all": frozenset(Kind),
}


class SettingsFault(Exception):
    """A file of settings cannot be used. `key` is the one to change, or empty when it is the whole file.

    `line` is where the key stands, from 1, or None where that is not known.
    """

    def __init__(self, path: Path, key: str, reason: str, line: int | None = None) -> None:
        self.path = path
        self.key = key
        self.reason = reason
        self.line = line
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {key}: {reason}" if key else f"{place}: {reason}")


class Settings(NamedTuple):
    """What a file asks for: of the check, and where the pages are that explain what it finds."""

    options: Options = Options()
    pages: str = ""
    """The address of an Afterword of one's own, without a slash at its end; empty for none."""


def find_settings(folder: Path) -> Path | None:
    """The `.afterword.toml` of the folder, or else of the nearest folder above that has one."""
    here = Path(os.path.abspath(folder))
    for candidate in (here, *here.parents):
        path = candidate / NAME
        # Unlike the one of pathlib, it holds a folder that is closed to us for one without a file.
        if os.path.isfile(path):
            return path
    return None


def read_settings(path: Path) -> Settings:
    """What the file asks for. Raises SettingsFault with the key, its line and the reason."""
    content = _read(path, FILE_BYTES_MAX)
    try:
        return _settings(path, content)
    except SettingsFault as fault:
        line = _line_of(content, fault.key)
        raise SettingsFault(path, fault.key, fault.reason, line) from fault


def _settings(path: Path, content: str) -> Settings:
    import tomllib

    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise SettingsFault(path, "", f"This is not TOML: {error}.") from error
    for name in table:
        if name != "language":
            raise SettingsFault(path, name, "There is no such table: the only one is [language].")
    asked = table.get("language", {})
    if not isinstance(asked, dict):
        raise SettingsFault(path, "language", "It must be a table: [language].")
    read = _Table(path, asked)
    return Settings(read.options(), read.pages())


def _line_of(content: str, key: str) -> int | None:
    """The first line that gives the key a value or opens its table, as far as lines alone tell."""
    table = ""
    for number, line in enumerate(content.splitlines(), start=1):
        words = line.strip()
        if words.startswith("["):
            table = found = _bare(words.partition("]")[0].lstrip("["))
        else:
            name, is_given, _ = words.partition("=")
            found = f"{table}.{_bare(name)}".lstrip(".") if is_given else ""
        if key and found == key:
            return number
    return None


def _bare(name: str) -> str:
    return name.strip().replace('"', "").replace("'", "")


def read_roster(path: Path) -> frozenset[str]:
    """The names in a file, one a line; empty lines and those after `#` count for nothing.

    Raises SettingsFault.
    """
    names = set()
    for number, line in enumerate(_read(path, ROSTER_BYTES_MAX).splitlines(), start=1):
        name = line.strip()
        if not name or name.startswith("#"):
            continue
        if len(name) > ENTRY_CHARACTERS_MAX:
            raise SettingsFault(
                path, f"line {number}", f"A name has {ENTRY_CHARACTERS_MAX} characters at most."
            )
        names.add(name)
        if len(names) > ENTRIES_MAX:
            raise SettingsFault(path, "", f"A roster has {ENTRIES_MAX:,} names at most.")
    return frozenset(names)


def _read(path: Path, bytes_max: int) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(bytes_max + 1)
    except OSError as error:
        raise SettingsFault(path, "", f"It cannot be read: {error.strerror}.") from error
    if len(content) > bytes_max:
        raise SettingsFault(path, "", f"It is larger than {bytes_max // 1024:,} KB.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsFault(path, "", "It is not encoded in UTF-8.") from error


class _Table(NamedTuple):
    """The table `[language]` of one file; each method reads one key, or says what is wrong with it."""

    path: Path
    table: Mapping[str, Any]

    def options(self) -> Options:
        for key in self.table:
            if key not in KEYS:
                raise self.fault(key, f"There is no such key. There are {', '.join(KEYS)}.")
        if "roster" in self.table and "roster_file" in self.table:
            raise self.fault("roster_file", "The names stand either here or in `roster`, not in both.")
        return Options(
            language=self.choice("language", LANGUAGES, "en"),
            kinds=KINDS[self.choice("kind", tuple(KINDS), "all")],
            roster=self.roster(),
            flagged=self.flagged(),
            allowed=self.terms("allow"),
            severities=self.severities(),
            off=self.off(),
            acronyms=self.terms("acronyms"),
        )

    def pages(self) -> str:
        value = self.table.get("pages", "")
        if value == "":
            return ""
        if not isinstance(value, str) or not is_address(value):
            raise self.fault("pages", 'It must be an address such as "https://afterword.example.com".')
        return value.rstrip("/")

    def fault(self, key: str, reason: str) -> SettingsFault:
        return SettingsFault(self.path, f"language.{key}", reason)

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.table.get(key, default)
        if value not in choices:
            raise self.fault(key, f"{_shown(value)} is none of {', '.join(choices)}.")
        return str(value)

    def terms(self, key: str) -> frozenset[str]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise self.fault(key, 'It must be a list of texts, as in ["one", "two"].')
        if len(value) > ENTRIES_MAX:
            raise self.fault(key, f"It has {ENTRIES_MAX:,} entries at most.")
        for entry in value:
            self.check_term(key, entry)
        return frozenset(entry.strip() for entry in value)

    def check_term(self, key: str, term: str) -> None:
        if not term.strip():
            raise self.fault(key, "An entry is empty.")
        if len(term) > ENTRY_CHARACTERS_MAX:
            raise self.fault(key, f"An entry has {ENTRY_CHARACTERS_MAX} characters at most.")

    def off(self) -> frozenset[str]:
        names = self.terms("off")
        for name in sorted(names):
            self.check_category("off", name)
        return names

    def check_category(self, key: str, name: str) -> None:
        if name not in CATEGORIES:
            raise self.fault(key, f"{_shown(name)} is no category. There are {', '.join(CATEGORIES)}.")

    def roster(self) -> frozenset[str]:
        if "roster_file" not in self.table:
            return self.terms("roster")
        name = self.table["roster_file"]
        if not isinstance(name, str) or not name.strip():
            raise self.fault("roster_file", "It must be the path of a file, as seen from here.")
        try:
            return read_roster(self.path.parent / name)
        except SettingsFault as fault:
            raise self.fault("roster_file", str(fault)) from fault

    def flagged(self) -> dict[str, str]:
        value = self.subtable("flag")
        if len(value) > FLAGGED_TERMS_MAX:
            raise self.fault("flag", f"It has {FLAGGED_TERMS_MAX:,} terms at most.")
        for term, why in value.items():
            self.check_term("flag", term)
            if not isinstance(why, str):
                raise self.fault(f"flag.{term}", "It must be a text that says why.")
            if len(why) > REASON_CHARACTERS_MAX:
                raise self.fault(
                    f"flag.{term}", f"A reason has {REASON_CHARACTERS_MAX:,} characters at most."
                )
        return dict(value)

    def severities(self) -> dict[str, Severity]:
        value = self.subtable("severity")
        for name, level in value.items():
            self.check_category("severity", name)
            if level not in list(Severity):
                raise self.fault(f"severity.{name}", f"{_shown(level)} is none of {', '.join(Severity)}.")
        return {name: Severity(level) for name, level in value.items()}

    def subtable(self, key: str) -> dict[str, Any]:
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise self.fault(key, f"It must be a table: [language.{key}].")
        if len(value) > ENTRIES_MAX:
            raise self.fault(key, f"It has {ENTRIES_MAX:,} entries at most.")
        return value


def is_address(text: str) -> bool:
    """Whether pages could be there: a web address with a host, and neither a query nor a place in a page."""
    # Loaded only here: most repositories name none.
    from urllib.parse import urlsplit

    if len(text) > ADDRESS_CHARACTERS_MAX or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - it is read to be checked
    except ValueError:
        return False
    is_plain = not parts.query and not parts.fragment and "?" not in text and "#" not in text
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None and is_plain


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
