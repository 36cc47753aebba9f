"""How many false claims the check of citations catches, and how many wrong sentences the record check.

    python benchmarks/adversarial.py [--show] [--json]

Five sets each, made up. The first was written before the checks were looked at, the second before they were
run on it; the third by another hand before it had seen either, the fourth and the fifth before the checks,
mended on the ones before, were run on them. `adversarial_claims.jsonl` has evidence, and claims that are
false or true by it, `adversarial_record.jsonl` sentences that are wrong or right by one of five records, the
later ones with what is right. `--show` prints what is judged otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from afterword.drafting.citations.check import check_claim
from afterword.drafting.claims import Claim
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.record.facts import Deployed, Moment, Record
from afterword.drafting.record.rules import check_record

HERE = Path(__file__).resolve().parent
SERVICES = ["Checkout", "Payments API", "Search", "Basket"]
LATER_SERVICES = ["Search", "Card Gateway", "Ledger", "Invoices", "Object Store", "Archive"]
SEVERITIES = ["SEV-1", "SEV-2", "SEV-3", "SEV-4"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print what is judged otherwise")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    found = {"claims": judge_claims(show=options.show), "record": judge_sentences(show=options.show)}
    if options.json:
        print(json.dumps(found))
        return
    print("| set | claims | accepted | to verify | refused |\n|---|---|---:|---:|---:|")
    for name, outcomes in found["claims"].items():
        print(f"| {name} | {sum(outcomes.values())} | " + " | ".join(map(str, outcomes.values())) + " |")
    print("\n| set | sentences | found | silent |\n|---|---|---:|---:|")
    for name, outcomes in found["record"].items():
        print(f"| {name} | {sum(outcomes.values())} | " + " | ".join(map(str, outcomes.values())) + " |")


def judge_claims(*, show: bool = False) -> dict[str, dict[str, int]]:
    """By set and truth: how many were accepted, left to verify, refused."""
    books: dict[str, EvidenceBook] = {}
    tally: dict[str, Counter[str]] = {}
    for told in _lines("adversarial_claims.jsonl"):
        if "pieces" in told:
            books[told["book"]] = _book(told)
            continue
        claim = Claim(kind="fact", text=told["claim"], evidence=tuple(told["cites"]))
        verdict = check_claim(claim, books[told["book"]])
        name = f"{told['set']}, {'true' if told['true'] else 'false'}"
        tally.setdefault(name, Counter())[verdict.outcome] += 1
        if show and verdict.outcome != ("accepted" if told["true"] else "refused"):
            print(f"{name}, {told['what']}: {verdict.outcome}: {told['claim']}")
    outcomes = ("accepted", "verify", "refused")
    return {name: {one: counted[one] for one in outcomes} for name, counted in tally.items()}


def judge_sentences(*, show: bool = False) -> dict[str, dict[str, int]]:
    """By set and truth: in how many sentences something was found."""
    records = _records()
    tally: dict[str, Counter[str]] = {}
    for told in _lines("adversarial_record.jsonl"):
        is_found = bool(check_record(told["text"], records[told["record"]]))
        name = f"{told['set']}, {'right' if told['true'] else 'wrong'}"
        tally.setdefault(name, Counter())["found" if is_found else "silent"] += 1
        if show and is_found == told["true"]:
            print(f"{name}, {told['what']}: {'found' if is_found else 'silent'}: {told['text']}")
    return {name: {one: counted[one] for one in ("found", "silent")} for name, counted in tally.items()}


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text().splitlines()]


def _book(told: dict[str, Any]) -> EvidenceBook:
    pieces = (Piece(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in told["pieces"])
    return EvidenceBook(tuple(pieces), names=frozenset(told["names"]))


def _records() -> dict[str, Record]:
    minutes = ("started", "detected", "acknowledged", "identified", "fixed", "resolved")
    return {
        "1": _record(
            datetime(2026, 3, 2, 14, 5, tzinfo=UTC),
            dict(zip(minutes, (0, 4, 7, 26, 45, 72), strict=True)),
            counts={"alerts": 12, "services": 2, "follow-ups": 4},
            severities=["SEV-2"],
            services=["Checkout", "Payments API"],
            known_services=SERVICES,
            versions=[Deployed("v2.15.0", "Checkout")],
        ),
        "2": _record(
            datetime(2026, 5, 7, 22, 47, tzinfo=UTC),
            dict(zip(minutes, (0, 15, 18, 93, 163, 210), strict=True)),
            counts={"alerts": 31, "services": 1, "follow-ups": 7},
            severities=["SEV-1"],
            services=["Search"],
            known_services=SERVICES,
            versions=[Deployed("4.8.2", "Search")],
        ),
        "3": _record(
            datetime(2026, 6, 18, 8, 12, tzinfo=UTC),
            dict(zip(minutes, (0, 9, 13, 41, 88, 118), strict=True)),
            counts={"alerts": 9, "services": 3, "follow-ups": 5},
            severities=["SEV-2"],
            services=["Card Gateway", "Ledger", "Invoices"],
            known_services=LATER_SERVICES,
            versions=[Deployed("7.3.1", "Card Gateway")],
        ),
        "4": _record(
            datetime(2026, 9, 13, 23, 35, tzinfo=UTC),
            dict(zip(minutes, (0, 6, 22, 70, 130, 185), strict=True)),
            counts={"alerts": 27, "services": 2, "follow-ups": 6},
            severities=["SEV-3"],
            services=["Object Store", "Archive"],
            known_services=LATER_SERVICES,
            versions=[Deployed("v11.4.2", "Object Store")],
        ),
        "5": _record(
            datetime(2026, 10, 6, 6, 30, tzinfo=UTC),
            dict(zip(minutes, (0, 22, 25, 64, 101, 150), strict=True)),
            counts={"alerts": 14, "services": 2, "follow-ups": 3},
            severities=["SEV-1"],
            services=["Booking", "Seat Map"],
            known_services=[*LATER_SERVICES, "Booking", "Seat Map"],
            versions=[Deployed("3.18.0", "Booking")],
        ),
    }


def _record(started: datetime, minutes: dict[str, int], **more: Any) -> Record:
    moments = {key: [Moment(key, started + timedelta(minutes=one))] for key, one in minutes.items()}
    return Record(moments=moments, known_severities=SEVERITIES, **more)


if __name__ == "__main__":
    main()
