"""What of a model's wrong answers is caught, what of its right ones is lost, and what it costs.

    python -m benchmarks.model_drafting [--json]

No model is asked: a server on loopback stands in for one, which answers in every wrong way (`tests/drafting/
model/server.py`). So this measures what Afterword does with answers, and nothing about how models write.

`claims` is the set of the check of citations (`_citing.py`), each claim as a model would write it, with
placeholders for people; `hostile` the texts that give orders (`tests/drafting/model/hostile.jsonl`) with a
model that obeys them; `failures` the ways in which a call can go wrong.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent), str(FOLDER.parent / "src")]

from ingest import cpu_model  # noqa: E402

TIMED_DRAFTS = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as folder:
        _start_django(folder)
        found = {
            "machine": f"{cpu_model()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "claims": judge_claims(),
            "hostile": obey_orders(),
            **ask_badly(),
        }
    print(json.dumps(found) if options.json else render(found))


def _start_django(folder: str) -> None:
    os.environ |= {
        "AFTERWORD_DATA": folder,
        "AFTERWORD_SECRET_KEY": "only-for-this-benchmark-" * 2,
        "AFTERWORD_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "afterword.config.settings",
    }
    import django

    django.setup()
    logging.disable(logging.WARNING)


def judge_claims() -> dict[str, Any]:
    """Of each kind of claim how many were kept, marked to be verified, and refused; in all and held out.

    What is true is counted by who said it: words of people may be told, those of programs only quoted.
    """
    from _citing import HELD_OUT, trials

    from afterword.drafting.blame import checker_of, people_of
    from afterword.drafting.evidence.book import EvidenceBook
    from afterword.drafting.model.asking import WrittenClaim
    from afterword.drafting.model.judging import Bench, judge
    from afterword.drafting.model.placeholders import Known, Veil
    from afterword.drafting.model.telling import is_from_outside

    found: dict[str, Counter[str]] = {}
    for trial in trials():
        book = EvidenceBook(trial.book.pieces, names=trial.book.names)
        veil = Veil(Known([(name, "") for name in ("Ana", "Bela", "Chidi", "Dora")], book))
        services = book.names - people_of(book) - {"Ana", "Bela", "Chidi", "Dora"}
        bench = Bench("summary", book, veil, checker_of(book.names - services), services)
        claim = WrittenClaim(
            text=veil.hide(trial.claim.text),
            evidence=list(trial.claim.evidence),
            kind="fact",
            ask=[],
            action=None,
        )
        [judged] = judge([claim], bench)
        outcome = "refused" if judged.claim is None else judged.claim.support
        name = trial.wrong
        if not name:
            by = "a program" if any(map(is_from_outside, book.cited(trial.claim.evidence))) else "people"
            name = f"true, of {by}"
        for group in (name, f"{name}, held out") if trial.case in HELD_OUT else (name,):
            found.setdefault(group, Counter())[outcome] += 1
    return {name: dict(counts) for name, counts in sorted(found.items())}


def obey_orders() -> dict[str, Any]:
    """Of each set of orders, by who could write it: not shown, refused, to be verified, kept as a fact."""
    from tests.drafting.model import test_hostile as hostile

    found: dict[str, Counter[str]] = {}
    for number, one in enumerate(hostile.CORPUS):
        who = "a person's note" if one["where"] == "note" else "from outside"
        outcome = hostile.what_becomes_of(number)
        found.setdefault(f"{one['set']} set, {who}", Counter())[outcome] += 1
    return {name: dict(counts) for name, counts in sorted(found.items())}


def ask_badly() -> dict[str, Any]:
    """For each way to answer wrongly, whether the record's text stood in every section; names that went out;
    and the processor time that a section takes beside the model."""
    from afterword.drafting.deterministic.drafter import write_draft
    from afterword.drafting.model.endpoint import load
    from afterword.drafting.model.outcomes import MODEL_KEYS, RECORD, ModelSettings
    from afterword.drafting.model.writing import write_sections
    from tests.drafting.model import conftest
    from tests.drafting.model.server import CHANGED, Model, running
    from tests.drafting.model.test_misbehaving import FAILING

    began = time.process_time()
    load("openai")
    loaded = time.process_time() - began
    book = conftest.told_of()
    base = write_draft(book)
    stood, leaked, bodies = Counter[str](), Counter[str](), 0
    with running() as model:

        def write(**given: Any) -> Any:
            settings = ModelSettings("openai", f"{model.url}/v1", "stand-in", **given)
            return write_sections(book, base, settings=settings, people=conftest.PEOPLE)

        for mood in FAILING:
            model.mood = mood
            model.seconds = 3.0
            draft = write(seconds_max=1.5 if mood in ("slow", "drips") else 30)
            asked = [one for one in draft.outcomes if one.section.key in MODEL_KEYS]
            is_right = draft.draft == base and all(one.written_by == RECORD for one in asked)
            group = "wrong claims" if mood in CHANGED else "failed calls"
            stood[f"{group}: the record's text stands"] += is_right
            stood[f"{group}: of"] += 1
        received = model.received.casefold()
        bodies = len(model.asked)
        leaked["names and secrets looked for"] = len(conftest.PRIVATE)
        leaked["found in what was sent"] = sum(one.casefold() in received for one in conftest.PRIVATE)
        fresh = Model(url=model.url)
        model.__dict__.update({**fresh.__dict__, "asked": []})
        taken = []
        for _ in range(TIMED_DRAFTS):
            before = time.process_time()
            write(seconds_max=60.0, calls_at_once_max=1)
            taken.append((time.process_time() - before) / len(MODEL_KEYS) * 1_000)
    return {
        "failures": dict(stood),
        "sent": {"bodies": bodies, **leaked},
        "cost": {
            "processor ms of a section, the server's included (median)": statistics.median(taken),
            "processor s to load what talks to a model": loaded,
        },
    }


def render(found: dict[str, Any]) -> str:
    lines = [str(found.pop("machine"))]
    for part, told in found.items():
        lines.append(f"\n{part}")
        for name, value in told.items():
            if isinstance(value, dict):
                lines.append(f"  {name}: " + ", ".join(f"{one} {count}" for one, count in value.items()))
            else:
                lines.append(f"  {name}: {value:,.2f}" if isinstance(value, float) else f"  {name}: {value}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
