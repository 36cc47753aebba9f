"""The body that a mapping or a rule is built with: one of the last that came, or one that was pasted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.ingest import reads
from afterword.ingest.formats import BadSignal
from afterword.ingest.formats.bodies import read_json, without_nulls
from afterword.ingest.models import RecentBody
from afterword.ingest.trees import Branch

PASTED = "pasted"
PASTE = "paste"
"""What the button beside the pasted body says."""
PASTED_CHARACTERS_MAX = 256 * 1024


@dataclass
class Sample:
    """The body that was chosen, and what there is to choose from."""

    offered: list[RecentBody]
    """The newest first, each without its text."""
    chosen: str
    """A trace id, `pasted`, or nothing when there is nothing."""
    pasted: str
    body: RecentBody | None
    """The one that was chosen, when it was not pasted."""
    value: Any = None
    is_there: bool = False
    problem: str = ""
    """Why what was pasted, or stored, cannot be read."""
    trees: list[Branch] | None = None


def choose_sample(actor: Person, integration: Integration, told: Mapping[str, Any]) -> Sample:
    """The body that the form asks for; without a word about it, the newest."""
    offered = reads.recent_bodies(actor, integration, with_text=False)
    pasted = str(told.get("pasted", ""))
    wanted = PASTED if told.get("change") == PASTE else str(told.get("sample", ""))
    body = next((each for each in offered if str(each.trace_id) == wanted), None)
    if body is None and wanted != PASTED and not pasted.strip() and offered:
        body = offered[0]
    chosen = str(body.trace_id) if body else PASTED
    sample = Sample(offered, chosen, pasted, body)
    text = body.body if body else pasted
    if not text.strip():
        return sample
    if body is None and len(text) > PASTED_CHARACTERS_MAX:
        sample.problem = f"Please paste at most {PASTED_CHARACTERS_MAX // 1024} KB."
        return sample
    try:
        sample.value = without_nulls(read_json(text))
        sample.is_there = True
    except BadSignal as error:
        sample.problem = error.message
    return sample
