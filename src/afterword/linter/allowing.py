"""Put a term on the list `allow` of an `.afterword.toml`, and leave everything else there as it is."""

from __future__ import annotations

import json
import re
import tomllib

HEADER = re.compile(r"^[ \t]*\[[ \t]*language[ \t]*\][ \t]*(?:#.*)?$", re.MULTILINE)
NEXT_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
ALLOW = re.compile(r"^[ \t]*allow[ \t]*=[ \t]*\[", re.MULTILINE)


def allow_term(content: str, term: str) -> tuple[int, str] | None:
    """Where to put what into the file's text, so that `term` is allowed and nothing else changes.

    None where that cannot be done by putting something in: the file is no TOML, says it in another way, or
    allows the term already.
    """
    # A JSON text without control characters is a TOML text too.
    quoted = json.dumps(term, ensure_ascii=False)
    newline = "\r\n" if "\r\n" in content else "\n"
    header = HEADER.search(content)
    if header is None:
        gap = "" if not content else newline if content.endswith("\n") else newline * 2
        change = (len(content), f"{gap}[language]{newline}allow = [{quoted}]{newline}")
    else:
        following = NEXT_HEADER.search(content, header.end())
        present = ALLOW.search(content, header.end(), following.start() if following else len(content))
        if present is None:
            change = (header.end(), f"{newline}allow = [{quoted}]")
        else:
            is_empty = content[present.end() :].lstrip().startswith("]")
            change = (present.end(), quoted if is_empty else f"{quoted}, ")
    return change if _does_only_that(content, change, term) else None


def _does_only_that(content: str, change: tuple[int, str], term: str) -> bool:
    offset, added = change
    try:
        before = tomllib.loads(content)
        after = tomllib.loads(content[:offset] + added + content[offset:])
    except tomllib.TOMLDecodeError:
        return False
    wanted = before.setdefault("language", {})
    allowed = wanted.get("allow", []) if isinstance(wanted, dict) else None
    if not isinstance(allowed, list) or term in allowed:
        return False
    wanted["allow"] = [term, *allowed]
    return after == before
