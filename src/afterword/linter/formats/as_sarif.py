"""For code scanning: SARIF 2.1.0 (OASIS), one run with a rule for each category.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from afterword import __version__
from afterword.language import CATEGORIES, Category, Finding, Severity
from afterword.linter.explaining import explained
from afterword.linter.files import FileFault, Source, relative
from afterword.linter.formats import Checked, Placed, page_address, placed

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(checked: Iterable[Checked], faults: list[FileFault]) -> str:
    """The whole log as one JSON object."""
    results, pages = [], set()
    for file in checked:
        pages.add(file.pages)
        results += [_result(file.source, place) for place in placed(file)]
    pages -= {""}
    run = {
        # A rule has one page: where folders name several Afterwords, the first by its address.
        "tool": {"driver": _driver(min(pages, default=""))},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(faults)],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _driver(pages: str) -> dict[str, Any]:
    return {
        "name": "Afterword",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(category, pages) for category in CATEGORIES.values()],
    }


def _rule(category: Category, pages: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": category.name,
        "name": "".join(word.capitalize() for word in category.name.split("_")),
        "shortDescription": {"text": f"{category.title}."},
        "fullDescription": {"text": _first_paragraph(category)},
        "help": _help(category, pages),
        "defaultConfiguration": {"level": LEVELS[category.severity]},
        "properties": {"tags": ["language", category.kind.value]},
    }
    if pages:
        rule["helpUri"] = page_address(pages, category.name)
    return rule


def _help(category: Category, pages: str) -> dict[str, str]:
    page = page_address(pages, category.name)
    shown = f"[This page in Afterword]({page})" if page else f"`afterword lint --explain {category.name}`"
    return {
        "text": "\n".join(explained(category.explanation)),
        "markdown": f"{category.explanation.rstrip()}\n\n{shown}\n",
    }


def _first_paragraph(category: Category) -> str:
    for paragraph in category.explanation.split("\n\n"):
        text = " ".join(paragraph.split())
        if text and not text.startswith("#"):
            return text
    return f"{category.title}."


def _invocation(faults: list[FileFault]) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not faults}
    if faults:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": str(fault)}} for fault in faults
        ]
    return invocation


def _result(source: Source, place: Placed) -> dict[str, Any]:
    finding = place.finding
    artifact = {"uri": quote(relative(source.path))}
    words = finding.message if not finding.question else f"{finding.message} {finding.question}"
    result = {
        "ruleId": finding.category,
        "ruleIndex": list(CATEGORIES).index(finding.category),
        "level": LEVELS[finding.severity],
        "message": {"text": words},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": _region(place)}}],
        "partialFingerprints": {"categoryAndText/v1": _fingerprint(source, finding)},
        "properties": {"kind": finding.kind.value, "target": finding.target.value},
    }
    if finding.suggestions:
        result["fixes"] = [_fix(artifact, place, suggestion) for suggestion in finding.suggestions]
    return result


def _region(place: Placed) -> dict[str, Any]:
    finding = place.finding
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
        "snippet": {"text": finding.text},
    }


def _fix(artifact: dict[str, str], place: Placed, suggestion: str) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(place), "insertedContent": {"text": suggestion}}
    return {
        "description": {"text": f"Write “{suggestion}” instead."},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
    }


def _fingerprint(source: Source, finding: Finding) -> str:
    """The same for the same words in the same file, wherever they move to."""
    told = "\0".join((relative(source.path), finding.category, " ".join(finding.text.split())))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
