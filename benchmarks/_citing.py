"""The set for the check of citations: what was recorded, what truly follows, and what does not.

Made up for this purpose, all of it by one hand, before the check was run on it. The cases named in `HELD_OUT`
were not looked at while the check was made better. Numbers, services, ids and citations are falsified by the
program, from the true claims; negations and inventions are written by hand.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from afterword.drafting.claims import Claim
from afterword.drafting.evidence.book import EvidenceBook, Piece

SEED = 7
SERVICES = (
    "Checkout",
    "Search",
    "Notifications",
    "Orders database",
    "Login",
    "Billing",
    "Image resizer",
    "Inbox",
)
PEOPLE = ("Ana", "Bela", "Chidi", "Dora")


@dataclass(frozen=True)
class Case:
    """Some entries, with their times of day, and claims about them with the places of what they cite."""

    name: str
    entries: tuple[tuple[str, str, str], ...]
    """A time of day, who said it, what was said."""
    true: tuple[tuple[str, tuple[int, ...]], ...]
    negated: tuple[tuple[str, tuple[int, ...]], ...]
    invented: tuple[tuple[str, tuple[int, ...]], ...]


CASES = (
    Case(
        "pool",
        (
            ("14:05", "Monitoring", "Checkout p99 latency is 8.4 s on web-3, limit 2 s"),
            ("14:12", "Ana", "Connection pool of Checkout is exhausted: 200 of 200 in use."),
            ("14:31", "Bela", "Raised the pool to 400 and restarted web-3. Latency is back to 0.6 s."),
        ),
        (
            ("At 14:05 the p99 latency of Checkout was 8.4 s on web-3, over its limit of 2 s.", (0,)),
            ("Ana saw at 14:12 that all 200 connections in the pool were in use.", (1,)),
            (
                "Bela raised the pool to 400 connections, restarted web-3, and latency went back to 0.6 s.",
                (2,),
            ),
        ),
        (
            ("The connection pool of Checkout was not exhausted.", (1,)),
            ("Bela did not restart web-3.", (2,)),
        ),
        (
            ("Customers in three countries were charged twice for their orders.", (1,)),
            ("A certificate had expired the night before.", (2,)),
            ("The pool was exhausted because the garbage collector stalled.", (1,)),
        ),
    ),
    Case(
        "rollback",
        (
            ("09:40", "Pipeline", "Deployed Search v118 to production"),
            ("09:52", "Monitoring", "Search error rate is 37%"),
            ("10:10", "Chidi", "Rolled Search back to v117. Error rate fell to 0.2%."),
        ),
        (
            ("Search v118 was deployed to production at 09:40.", (0,)),
            ("The error rate of Search reached 37% at 09:52.", (1,)),
            ("Chidi reverted Search to v117, after which the error rate dropped to 0.2%.", (2,)),
        ),
        (
            ("Search v118 was never deployed to production.", (0,)),
            ("The error rate did not fall after Chidi rolled Search back to v117.", (2,)),
        ),
        (
            ("Search v118 caused the error rate of 37%.", (0, 1)),
            ("An engineer from another company reported the problem by telephone.", (1,)),
        ),
    ),
    Case(
        "disk",
        (
            ("02:15", "Monitoring", "Orders database: disk /data is 98% full on db-1"),
            ("02:40", "Dora", "Removed 45 GB of old archives from /data. Writes succeed again."),
            ("02:41", "Dora", "Replica db-2 was not affected."),
        ),
        (
            ("The disk /data of db-1 was 98% full.", (0,)),
            ("Dora deleted 45 GB of old archives, and writes succeeded again.", (1,)),
            ("The replica db-2 stayed unaffected.", (2,)),
        ),
        (
            ("Replica db-2 was affected.", (2,)),
            ("Writes do not succeed again.", (1,)),
        ),
        (
            ("The backup of the week was lost for good.", (1,)),
            ("Two payments providers stopped answering.", (0,)),
        ),
    ),
    Case(
        "mail",
        (
            ("11:00", "Monitoring", "Notifications: 12,480 mails are waiting, limit 1,000"),
            ("11:20", "Bela", "The mail provider rejects our requests with 429 since 10:55."),
            ("12:05", "Bela", "Provider raised our limit. The queue is empty."),
        ),
        (
            ("12,480 mails were waiting at 11:00, with a limit of 1,000.", (0,)),
            ("Since 10:55 the mail provider rejected requests with 429.", (1,)),
            ("The provider raised the limit, and the queue was empty at 12:05.", (2,)),
        ),
        (
            ("The mail provider did not reject our requests.", (1,)),
            ("The queue was not empty.", (2,)),
        ),
        (
            ("Spammers had taken over two accounts.", (1,)),
            ("The mails waited as a result of a slow index in the orders table.", (0,)),
        ),
    ),
    Case(
        "login",
        (
            ("16:00", "Pipeline", "Configuration change to Login: session lifetime 30 min"),
            ("16:22", "Ana", "Users report that they are signed out while they work."),
            ("16:50", "Chidi", "Set the session lifetime back to 12 h. Reports have stopped."),
        ),
        (
            ("The session lifetime of Login was changed to 30 min at 16:00.", (0,)),
            ("At 16:22 users reported being signed out while working.", (1,)),
            ("Chidi set the session lifetime back to 12 h, and the reports stopped.", (2,)),
        ),
        (
            ("Users did not report that they were signed out.", (1,)),
            ("Reports have not stopped.", (2,)),
        ),
        (
            ("The identity provider was under attack from abroad.", (1,)),
            ("Users were signed out due to the new session lifetime.", (0, 1)),
        ),
    ),
    Case(
        "billing",
        (
            ("08:03", "Monitoring", "Billing job failed with exit code 137 on worker-9"),
            ("08:30", "Dora", "worker-9 ran out of memory: 16 GB used by one invoice with 90,000 lines."),
            ("09:15", "Dora", "Split the invoice and ran the job again. 1,204 invoices were sent."),
        ),
        (
            ("The billing job failed on worker-9 with exit code 137.", (0,)),
            ("One invoice with 90,000 lines used 16 GB of memory on worker-9.", (1,)),
            ("After the invoice was split the job ran again and 1,204 invoices were sent.", (2,)),
        ),
        (
            ("worker-9 did not run out of memory.", (1,)),
            ("The invoices were never sent.", (2,)),
        ),
        (
            ("A tax rule for another country was missing.", (1,)),
            ("The finance department asked for a refund.", (2,)),
        ),
    ),
    Case(
        "cache",
        (
            ("19:10", "Monitoring", "Image resizer answers 503 for 62% of requests in eu-west"),
            ("19:18", "Chidi", "The cache cluster lost 3 of 5 nodes during maintenance."),
            ("19:45", "Chidi", "Replaced the 3 nodes, cache hit rate is 94% again."),
        ),
        (
            ("62% of the requests to Image resizer in eu-west were answered with 503.", (0,)),
            ("3 of 5 nodes of the cache cluster were lost during maintenance.", (1,)),
            ("After three nodes were replaced the cache hit rate was 94% again.", (2,)),
        ),
        (
            ("No nodes were lost during maintenance.", (1,)),
            ("The nodes were not replaced.", (2,)),
        ),
        (
            ("Traffic had tripled after an advertisement on television.", (0,)),
            ("Losing the nodes led to the 503 answers.", (0, 1)),
        ),
    ),
    Case(
        "dns",
        (
            ("05:30", "Monitoring", "Inbox cannot resolve smtp.internal.example"),
            ("05:44", "Ana", "The record for smtp.internal.example was removed in change CHG-2231."),
            ("05:58", "Ana", "Put the record back. Inbox resolves it again after 60 s."),
        ),
        (
            ("Inbox was unable to resolve smtp.internal.example.", (0,)),
            ("Change CHG-2231 removed the record for smtp.internal.example.", (1,)),
            ("Ana restored the record, and Inbox resolved it again after 60 s.", (2,)),
        ),
        (
            ("Inbox can resolve smtp.internal.example.", (0,)),
            ("The record for smtp.internal.example was not removed.", (1,)),
        ),
        (
            ("Every office lost its telephone lines for the morning.", (2,)),
            ("The removal of the record triggered the failure of Inbox.", (0, 1)),
        ),
    ),
    Case(
        "queue",
        (
            ("13:02", "Monitoring", "Notifications: consumer lag is 48,000 on topic orders"),
            ("13:15", "Bela", "Consumers crash on a message without a currency."),
            ("13:40", "Dora", "Skipped the message with offset 77123. Lag is 0 since 13:52."),
        ),
        (
            ("Consumer lag on the topic orders was 48,000 at 13:02.", (0,)),
            ("Consumers crashed on a message that had no currency.", (1,)),
            ("Dora skipped the message at offset 77123, and the lag was 0 by 13:52.", (2,)),
        ),
        (
            ("Consumers do not crash on a message without a currency.", (1,)),
            ("Dora did not skip the message with offset 77123.", (2,)),
        ),
        (
            ("The warehouse had run out of paper for its labels.", (1,)),
            ("A currency was missing because of a faulty import.", (1,)),
        ),
    ),
    Case(
        "api",
        (
            ("22:00", "Monitoring", "Login: 5xx rate is 11% on api-2"),
            ("22:09", "Chidi", "api-2 uses an old certificate that ended on 3 March 2026."),
            ("22:20", "Chidi", "Installed the new certificate on api-2. No errors since 22:21."),
        ),
        (
            ("The 5xx rate of Login was 11% on api-2 at 22:00.", (0,)),
            ("The certificate that api-2 used had ended on 3 March 2026.", (1,)),
            ("With the new certificate installed on api-2 there were no errors since 22:21.", (2,)),
        ),
        (
            ("api-2 does not use an old certificate.", (1,)),
            ("There are errors since 22:21.", (2,)),
        ),
        (
            ("The new certificate authority had been chosen for its price.", (1,)),
            ("Two regions of the cloud provider were offline.", (0,)),
        ),
    ),
    Case(
        "replica",
        (
            ("07:20", "Monitoring", "Orders database: replica lag is 940 s on db-2"),
            ("07:35", "Dora", "A report query reads 300 million rows on db-2 since 07:01."),
            ("07:42", "Dora", "Stopped the query. The lag shrinks by 20 s each second."),
        ),
        (
            ("On db-2 the replica lag was 940 s at 07:20.", (0,)),
            ("Since 07:01 a report query was reading 300 million rows on db-2.", (1,)),
            ("Once Dora stopped the query the lag shrank by 20 s each second.", (2,)),
        ),
        (
            ("Dora did not stop the query.", (2,)),
            ("No report query reads on db-2.", (1,)),
        ),
        (
            ("The accountants had opened an additional branch.", (1,)),
            ("The lag grew because of the report query.", (0, 1)),
        ),
    ),
    Case(
        "region",
        (
            ("03:05", "Monitoring", "Checkout: 18% of payments time out in us-east"),
            ("03:20", "Ana", "The payment provider confirms an outage in us-east."),
            ("03:33", "Bela", "Sent all payments over eu-west. Time-outs are below 1%."),
        ),
        (
            ("18% of payments in us-east timed out.", (0,)),
            ("At 03:20 the payment provider confirmed the outage in us-east.", (1,)),
            ("All payments were routed over eu-west, and time-outs went below 1%.", (2,)),
        ),
        (
            ("The payment provider did not confirm an outage in us-east.", (1,)),
            ("Payments do not time out in us-east.", (0,)),
        ),
        (
            ("A cable under the sea had been cut by an anchor.", (1,)),
            ("Several thousand customers closed their accounts.", (2,)),
        ),
    ),
)
HELD_OUT = frozenset({"cache", "dns", "queue", "api", "replica", "region"})


@dataclass(frozen=True)
class Trial:
    """A claim, what is wrong with it if anything, and the book it is checked against."""

    case: str
    wrong: str
    """Empty for what is true."""
    claim: Claim
    book: EvidenceBook


def trials() -> Iterator[Trial]:
    """All claims of the set: what is true, then what was made of it."""
    chance = random.Random(SEED)
    for case in CASES:
        book = book_of(case)
        ids = [piece.id for piece in book.pieces]
        own = [
            name for name in (*SERVICES, *PEOPLE) if any(name in text for one in case.entries for text in one)
        ]
        for text, places in case.true:
            cited = tuple(ids[place] for place in places)
            yield Trial(case.name, "", Claim(text, cited), book)
            for changed in with_other_numbers(text, chance):
                yield Trial(case.name, "number", Claim(changed, cited), book)
            for name in own:
                if re.search(rf"\b{name}\b", text):
                    others = PEOPLE if name in PEOPLE else SERVICES
                    other = chance.choice([one for one in others if one not in own])
                    wrong = "person" if name in PEOPLE else "service"
                    yield Trial(case.name, wrong, Claim(text.replace(name, other), cited), book)
            yield Trial(case.name, "unknown id", Claim(text, (*cited, "E999")), book)
            yield Trial(case.name, "no citation", Claim(text), book)
            away = [one for one in ids if one not in cited]
            yield Trial(case.name, "wrong citation", Claim(text, (chance.choice(away),)), book)
        for name, claims in (("negation", case.negated), ("invention", case.invented)):
            for text, places in claims:
                cited = tuple(ids[place] for place in places)
                causal = name == "invention" and len(places) > 1
                yield Trial(case.name, "causal" if causal else name, Claim(text, cited), book)


def book_of(case: Case) -> EvidenceBook:
    pieces = []
    for place, (clock, source, text) in enumerate(case.entries, start=1):
        hour, minute = (int(part) for part in clock.split(":"))
        data: dict[str, Any] = {"kind": "note", "person": source} if source in PEOPLE else {"kind": "alert"}
        at = datetime(2026, 3, 4, hour, minute, tzinfo=UTC)
        pieces.append(Piece(id=f"E{place}", kind="entry", text=text, at=at, source=source, data=data))
    return EvidenceBook(tuple(pieces), names=frozenset((*SERVICES, *PEOPLE)))


def with_other_numbers(text: str, chance: random.Random) -> Iterator[str]:
    """The text with one of its numbers changed, once for each: a digit, a time, a version, a word for one."""
    for match in re.finditer(r"\d+", text):
        old = match[0]
        if re.fullmatch(r"[p]?99", old) and text[match.start() - 1] == "p":
            continue
        place = chance.randrange(len(old))
        digit = chance.choice([one for one in "123456789" if one != old[place]])
        new = old[:place] + digit + old[place + 1 :]
        yield f"{text[: match.start()]}{new}{text[match.end() :]}"
    for word, other in (("three", "four"), ("One", "Seven")):
        if re.search(rf"\b{word}\b", text):
            yield re.sub(rf"\b{word}\b", other, text)
