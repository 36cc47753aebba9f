"""What must not leave the organisation, found and replaced in a text."""

from __future__ import annotations

import time

import pytest

from afterword.documents import paragraph, parse_markdown, render_markdown_blocks
from afterword.postmortems.publishing.names import KnownPerson
from afterword.postmortems.publishing.redaction import Kind, Policy, Redactor, find_leaks

pytestmark = pytest.mark.pure

POLICY = Policy(
    people=[
        KnownPerson("Ana Silva", "ana.silva@example.com", "the incident lead", was_there=True),
        KnownPerson("Will Young", "will@example.com", "a colleague", was_there=False),
        KnownPerson("山田 太郎", "yamada@example.com", "a responder", was_there=True),
        KnownPerson("Zoë O'Neil", "zoe@example.com", "a responder", was_there=True),
        KnownPerson("Hans Groß", "hans@example.com", "a responder", was_there=True),
        KnownPerson("Jörg Weiß", "jw@example.com", "a responder", was_there=True),
        KnownPerson("Ali Kaya", "ali@example.com", "a colleague", was_there=False),
        KnownPerson("Kim van der Berg", "kim@example.com", "a responder", was_there=True),
    ],
    own_hosts=frozenset({"afterword.example.org", "shop.example", "gandalf", "legolas"}),
)


def public(markdown: str, policy: Policy = POLICY) -> str:
    blocks = Redactor(policy).redact_blocks(parse_markdown(markdown))
    return render_markdown_blocks(blocks).replace("\\", "").strip()


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("Ana Silva restarted it.", "The incident lead restarted it."),
        ("It was restarted by ana  silva.", "It was restarted by the incident lead."),
        (
            "Then Ana saw it; Ana's graph was flat.",
            "Then the incident lead saw it; the incident lead's graph was flat.",
        ),
        ("A&#110;a and @ana.silva looked.", "The incident lead and the incident lead looked."),
        ("An\u200ba looked.", "The incident lead looked."),
        ("Zoe\u0308 O'Neil looked.", "A responder looked."),
        ("山田太郎さんは見た。", "A responderさんは見た。"),
        ("Will Young saw it.", "A colleague saw it."),
        ("Will it hold? Banana, Anatomy.", "Will it hold? Banana, Anatomy."),
        ("Write to ana.silva@example.com now.", "Write to [address removed] now."),
        ("On db-3.prod.internal (10.2.3.4:5432).", "On [internal host] ([address removed])."),
        (
            "At 12:30:15, version 1.2.3, over fe80::1 or 00:1b:44:11:3a:b7.",
            "At 12:30:15, version 1.2.3, over [address removed] or [address removed].",
        ),
        ("See api.shop.example and kubernetes.io.", "See [internal host] and kubernetes.io."),
        ("[the thread](https://acme.slack.com/archives/C1)", "the thread"),
        (
            "[ours](/incidents/7), [wiki](https://wiki.example.com), [docs](https://kubernetes.io/docs)",
            "ours, wiki, [docs](https://kubernetes.io/docs)",
        ),
        ("`curl http://grafana/d/1`", "`curl [link removed]`"),
        ("`export API_KEY=abcdef123456`", "`export [secret removed]`"),
        ("postgres://app:hunter2@db.example.net/app", "[secret removed]"),
        ("Key AKIAABCDEFGHIJKLMNOP was used.", "Key [secret removed] was used."),
        ("![a graph of Ana](attachment:g.png)", "[Picture: a graph of the incident lead]"),
        ("| Who |\n|---|\n| Ana |", "| Who |\n| --- |\n| The incident lead |"),
        (
            "ANA SILVA, ana and Silva, Ana looked.",
            "The incident lead, the incident lead and the incident lead looked.",
        ),
        ("Zoe O’Neil, ZOË O'NEIL, zoe_oneil.", "A responder, a responder, a responder."),
        (
            "Hans Gross and HANS GROß and Jörg and Joerg.",
            "A responder and a responder and a responder and a responder.",
        ),
        ("Alı Kaya and İbrahim.", "A colleague and İbrahim."),
        (
            "`ssh ana_silva@web` and `/home/anasilva/x`",
            "`ssh the incident lead@web` and `/home/the incident lead/x`",
        ),
        ("```ana\nx\n```", "```\nx\n```"),
        ("<!-- Ana -->", "<!-- the incident lead -->"),
        ("[docs][a]\n\n[a]: https://kubernetes.io/u/Ana%20Silva 'by Ana'", "docs"),
        ("[docs](https://kubernetes.io/?token=abcdefgh1), [here](#ana-silva)", "docs, here"),
        ("kafka://broker.prod.internal:9092 and //files.corp/x", "[link removed] and //[internal host]/x"),
        ("山田 太郎と山田", "A responderとa responder"),
        (
            "\u0410n\u0430 and A\u202ena and A\u20d2na looked.",
            "The incident lead and the incident lead and the incident lead looked.",
        ),
        (
            "On db-1, prod-web-03:8080 and ip-10-0-0-12.",
            "On [internal host], [internal host] and [internal host].",
        ),
        (
            "Gandalf and legolas:22 rebooted; gandalf.",
            "[internal host] and [internal host] rebooted; [internal host].",
        ),
        (
            "UTF-8, SHA-256, log4j-2, step-2, web3.js, Node 20.",
            "UTF-8, SHA-256, log4j-2, step-2, web3.js, Node 20.",
        ),
        ("Call +44 20 7946 0958 or (555) 123-4567.", "Call [number removed] or [number removed]."),
        (
            "Tel: 555-0100, 0171/123 45 67, 0049 30 1234567.",
            "[number removed], [number removed], [number removed].",
        ),
        (
            "On 2026-03-02 14:05, 02-03-2026 14:05:10, of 1,234,567 and 1700000000 +12 ms, 0.123 456.",
            "On 2026-03-02 14:05, 02-03-2026 14:05:10, of 1,234,567 and 1700000000 +12 ms, 0.123 456.",
        ),
        ("The van der Berg report; Berg said so.", "The a responder report; a responder said so."),
    ],
)
def test_what_is_private_is_replaced(inside: str, outside: str) -> None:
    assert public(inside) == outside


def test_a_private_key_goes_whole() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----"

    assert public(f"```\n{key}\n```") == "```\n[secret removed]\n```"


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("**A**na was there.", Kind.PERSON, "Ana"),
        ("pass**word**=hunter22x", Kind.SECRET, "password=hunter22x"),
        ("[x](https://wiki.corp/x)", Kind.LINK, "https://wiki.corp/x"),
        ("10.**2**.3.4", Kind.ADDRESS, "10.2.3.4"),
        ("A&shy;na *Sil*va", Kind.PERSON, "Ana Silva"),
        ("[x](https://kubernetes.io/ana.silva)", Kind.LINK, "https://kubernetes.io/ana.silva"),
        ("![](attachment:ana.png)", Kind.PICTURE, "ana.png"),
        ("```ana\nx\n```", Kind.PERSON, "ana"),
    ],
)
def test_what_marks_hide_from_the_rules_is_found_at_the_gate(text: str, kind: Kind, found: str) -> None:
    assert [(leak.kind, leak.text) for leak in find_leaks(parse_markdown(text), POLICY)] == [(kind, found)]


def test_what_somebody_let_stand_stays() -> None:
    policy = Policy(people=POLICY.people, allowed=frozenset({"ana"}))

    assert public("Ana is our build tool. Ana Silva is not.", policy) == (
        "Ana is our build tool. The incident lead is not."
    )
    assert find_leaks(parse_markdown("Ana is our build tool."), policy) == []


def test_what_was_replaced_is_counted() -> None:
    redactor = Redactor(POLICY)
    redactor.redact_blocks(parse_markdown("Then Ana. Then Ana."))

    assert [(one.before, one.after, one.count) for one in redactor.replacements] == [
        ("Ana", "the incident lead", 2)
    ]


def test_a_long_text_is_read_in_bounded_time() -> None:
    blocks = parse_markdown("a.b:c/d@e=f-" * 1_500)

    assert Redactor(POLICY).redact_blocks(blocks)
    find_leaks(blocks, POLICY)
    for hostile in (
        "db-" * 20_000 + "!",
        "a-" * 10_000,
        "a+" * 10_000 + "://",
        "Ana Silv" * 4_000,
        "@" * 20_000,
        "-----BEGIN A " * 5_000,
    ):
        find_leaks([paragraph(hostile)], POLICY)


def test_ten_thousand_names_cost_no_more_than_ten() -> None:
    people = [
        KnownPerson(f"Given{n} Family{n}", f"g{n}@example.com", "a colleague", n % 7 == 0)
        for n in range(10_000)
    ]
    begun = time.process_time()
    redactor = Redactor(Policy(people=people))
    text = redactor.redact_text("Family9996, Given9996 and @g2345 met Given7 at the usual place. " * 300)

    assert "Given" not in text
    assert "g2345" not in text
    assert time.process_time() - begun < 5
