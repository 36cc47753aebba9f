"""What must not leave the organisation, found and replaced in a text."""

from __future__ import annotations

import re

import pytest

from afterword.documents import paragraph, parse_markdown, render_markdown_blocks
from afterword.incidents.chat.messages import is_like_a_persons
from afterword.postmortems.publishing.names import KnownPerson
from afterword.postmortems.publishing.patterns import Kind, Policy
from afterword.postmortems.publishing.redaction import Redactor, find_leaks
from afterword.postmortems.reads import SHIPPED_FOLDER
from tests.pace import within

pytestmark = pytest.mark.pure

_HEADING = re.compile(r"(?m)^#{2,3} (.+)$")
_WORD = re.compile(r"[^\W_]{3,}")

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
        (
            "`ssh asilva@bastion`, then `chown hansg:` and silvaa logged in.",
            "`ssh the incident lead@bastion`, then `chown a responder:` and the incident lead logged in.",
        ),
        ("From 10.2.3[.]4 and 10.2.3(.)5:80.", "From [address removed] and [address removed]."),
        (
            "On ec2-203-0-113-25.eu-west-1.compute.amazonaws.com, shop.c9akciq32.eu-west-1.rds.amazonaws.com "
            "and shop.database.windows.net; s3.amazonaws.com and rds.us-east-1.amazonaws.com answered.",
            "On [internal host], [internal host] and [internal host]; s3.amazonaws.com and "
            "rds.us-east-1.amazonaws.com answered.",
        ),
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
        (
            "See https://wiki.example.com/?token=abcdefgh1&a=b, (http://[fe80::1]:9/?u=a@b.example/c), now.",
            "See [link removed], ([link removed]), now.",
        ),
        ("`export API_KEY=abcdef123456`", "`export [secret removed]`"),
        (
            "|Passwort|hunter2x9|\n|-|-|\n|`API_KEY`|`abcdef`|\n|Token|expired|\n|TTL|30d9h2x|",
            "| Passwort | [secret removed] |\n| --- | --- |\n| `API_KEY` | [secret removed] |\n"
            "| Token | expired |\n| TTL | 30d9h2x |",
        ),
        (
            "|Host|Password|\n|-|-|\n|a|x9!secret|",
            "| Host | Password |\n| --- | --- |\n| a | [secret removed] |",
        ),
        (
            "- **Password**: `hunter`\n- API key = **x9!kk2**\n"
            "- The secret `payments` and the token: **expired**",
            "- **Password**: [secret removed]\n- API key = [secret removed]\n"
            "- The secret `payments` and the token: **expired**",
        ),
        ("- The old password:\n\n      hunter2x9", "- The old password:\n\n  [secret removed]"),
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
        (
            "Ana Silvas Idee, Silvas Rechner (anas-laptop); JÖRG WEIẞ’ und Jörgs; `ssh Ana Silvas`; Bananas.",
            "The incident lead's Idee, the incident lead's Rechner (the incident lead-laptop); a responder's "
            "und a responder's; `ssh the incident lead's`; Bananas.",
        ),
        (
            "Will Youngs Notiz; Hans’ Idee; Hans' laptop, the O'Neils' cat; 'ask Hans' they said.",
            "A colleague's Notiz; a responder's Idee; a responder's laptop, the a responder's cat; "
            "'ask a responder' they said.",
        ),
        ("The van der Berg report; Berg said so.", "The a responder report; a responder said so."),
    ],
)
def test_what_is_private_is_replaced(inside: str, outside: str) -> None:
    assert public(inside) == outside


def test_a_secret_below_or_beside_its_label_is_found_in_what_somebody_typed() -> None:
    for typed in ("|Host|Password|\n|-|-|\n|a|x9!kk2|", "## The token\n\n`x9!kk2`"):
        assert [leak.text for leak in find_leaks(parse_markdown(typed), POLICY)] == ["x9!kk2"]


def test_half_of_a_double_name_is_the_name_where_it_has_its_capital() -> None:
    people = [KnownPerson("Mia Reyes-Field", "mia@example.com", "a responder", was_there=True)]
    policy = Policy(people=people)

    assert public("Reyes asked Field; a field.", policy) == "A responder asked a responder; a field."
    assert public("MIA REYES-FIELD, Reyes' graph.", policy) == "A responder, a responder's graph."
    assert find_leaks([paragraph("Reyes asked.")], policy) != []


def test_a_private_key_goes_whole() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----"

    assert public(f"```\n{key}\n```") == "```\n[secret removed]\n```"


def test_a_secret_goes_by_its_maker_its_word_or_its_option() -> None:
    letters, digits = "abcdefghijklmnopqrstuvwxyz", "0123456789"
    secrets = {
        "`DB_PASS=§`, then": "hunter22",
        "DB_PASS: §": "hunter22",
        "PGPASS=§ psql": "hunter22",
        "Passwort: §": "hunter22",
        "kennwort=§": "geheim123",
        "pw: §;": "hunter22",
        '`password = "§"`': "correct horse battery",
        "`run --password § -v`": "hunter",
        "`mysqldump -uroot -p§ shop`": "hunter22",
        "`curl -u admin:§ https://kubernetes.io`": "hunter22",
        "the password is §. It": "hunter22",
        "The token for it was changed to “§”": "abc123def",
        "Das Passwort lautet §!": "Geheim99",
        "password § (was)": "Summer2024",
        "AccountKey=§==;Suffix=x": letters + digits,
        "with § as": f"SG.{letters[:22]}.{letters}{digits}ABCDEFG",
        "key § or": f"hvs.CAES{letters}",
        "(§)": f"dop_v1_{(digits + 'abcdef') * 4}",
        "§ and": f"glsa_{letters}012345_01234567",
        "§, too": f"glc_{letters}",
        "our §": f"aw_{letters}{digits}",
        "cookie: session=§; a=1": f"{letters}{digits}",
        "Set-Cookie: sid=§; Path=/": "x1y2",
        "Key § of AWS": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "key §": "9TqXw2Lr8Vb4Zk1Nc7Hs5Gd3Jf6Pm0Ry2UeQ8WtA",
    }
    for text, secret in secrets.items():
        said = text.replace("§", secret)
        written = public(said)
        assert secret not in written, said
        assert "[secret removed]" in written, said
        assert find_leaks(parse_markdown(written), POLICY) == []
        [leak] = find_leaks(parse_markdown(said), POLICY)[:1]
        assert (leak.kind, secret in leak.text) == (Kind.SECRET, True), said


def test_what_is_said_of_secrets_and_looks_like_keys_stays() -> None:
    for text in (
        "The password is rotated, the token is expired; password reset, the password was changed again.",
        "The secret is base64-encoded, the token is OAuth2, the password is 90 days old, 12-character long.",
        "Das Passwort ist abgelaufen. The password was in 1Password. The token was 16384 bytes.",
        "See the --password flag. --token was wrong. Bypass: enabled; pass: 12/15.",
        "An option (`mysql -p`), then `PASS: TestCheckout2 (0.02s)` `ssh -p 2222 x` `docker run -p8080:80`",
        "The cookie is set. Commit 9f2c1b7e9f2c1b7e9f2c1b7e9f2c1b7e9f2c1b7e.",
        "getHTTP2ConnectionPoolSizeForTenantById1 src/main/java/com/Example1/Service/Foo12",
        r"`C:\Users\x`, `\App\Models\Order`, `\d+\w+` and `'\\App\\Models'`",
    ):
        assert find_leaks(parse_markdown(text), POLICY) == [], text


def test_a_share_of_a_windows_server_is_a_host() -> None:
    # Markdown takes the first of two backslashes for an escape.
    for text in (r"\\fileserver\share\x", r"\\\\files\\share", r"`\\nas\backup$\db`", r'`"\\\\nas\\x1"`'):
        written = public(f"On {text} it")
        assert "[internal host]" in written, text
        assert not re.search("file|nas|share|backup|x1", written), written


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


def test_a_word_that_is_a_name_with_an_s_is_judged_as_the_name_is() -> None:
    people = [
        KnownPerson(name, f"{n}@example.com", "a responder", was_there=True)
        for n, name in enumerate(("Mia Grant", "Jane Doe", "Alia Ha", "Demo Owner"))
    ]
    policy = Policy(people=people)
    text = (
        "All grants and the alias were revoked. Does it hold? Das Haus has no owner's key. Demo Owners Plan."
    )

    assert public(text, policy).count("responder") == 2, "“owner” is hidden, and “Demo Owner”"
    assert public("Grants were revoked. Alia Has Idee.", policy) == (
        "A responder's were revoked. A responder's Idee."
    )
    assert public("## Owners", policy) == "## Owners"
    assert [leak.text for leak in find_leaks(parse_markdown("## Owners\n\nMia **Grants**"), policy)] == [
        "Mia Grants"
    ]
    stands = Policy(people=people, allowed=frozenset({"grant"}))
    assert public("Grants were revoked.", stands) == "Grants were revoked."


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
        "mysql -" * 3_000,
        "the token for a" + " b" * 8_000,
        "pass" + " " * 20_000,
        'password="' * 2_000,
        "cookie: a=b;" * 2_000,
        "\\" * 20_000,
        "aZ1/" * 4_000,
    ):
        find_leaks([paragraph(hostile)], POLICY)


def test_ten_thousand_names_cost_no_more_than_ten() -> None:
    people = [
        KnownPerson(f"Given{n} Family{n}", f"g{n}@example.com", "a colleague", n % 7 == 0)
        for n in range(10_000)
    ]
    with within(5):
        redactor = Redactor(Policy(people=people))
        text = redactor.redact_text("Family9996, Given9996 and @g2345 met Given7 at the usual place. " * 300)

    assert "Given" not in text
    assert "g2345" not in text


CALLED_LIKE_LABELS = Policy(
    people=[
        KnownPerson("Demo Owner", "owner@example.com", "the author", was_there=True),
        KnownPerson("Ana Root", "ana@example.com", "a responder", was_there=True),
        KnownPerson("Summary", "summary@example.com", "a colleague", was_there=False),
        KnownPerson("Lucky Fields", "lucky@example.com", "the lead", was_there=True),
        KnownPerson("Priya Date", "date@example.com", "the scribe", was_there=True),
    ]
)


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("## Owner", "## Owner"),
        ("## Root cause and owners", "## Root cause and owners"),
        ("## Where we got lucky", "## Where we got lucky"),
        ("## Summary", "## Summary"),
        ("| Action | Owner |\n|---|---|\n| Bound it | Demo Owner |", "| Owner |"),
        ("- **Owner**: Owner", "- **Owner**: The author"),
        ("**Owner:** Demo Owner said", "**Owner:** The author said"),
        ("**Owner**", "**Owner**"),
        ("## What Ana saw", "## What a responder saw"),
        ("## Demo Owner and the root", "## The author and the root"),
        ("Owner was told, and **Root** too.", "The author was told, and **A responder** too."),
    ],
)
def test_a_label_that_has_a_word_of_a_name_stays(inside: str, outside: str) -> None:
    written = public(inside, CALLED_LIKE_LABELS)
    assert outside in written
    assert "Demo Owner" not in written
    assert find_leaks(parse_markdown(written), CALLED_LIKE_LABELS) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("## Demo Owner", Kind.PERSON),
        ("## Ana", Kind.PERSON),
        ("Owner said so.", Kind.PERSON),
        ("- **Owner**: Root", Kind.PERSON),
        ("**Summary**, we say", Kind.PERSON),
        ("## Lucky rolled back the deploy", Kind.PERSON),
        ("**Lucky restarted the primary.**", Kind.PERSON),
        ("**Lucky:** I restart it now", Kind.PERSON),
        ("**Owner: Root**", Kind.PERSON),
        ("- **Date**: rolled back", Kind.PERSON),
        ("| Time | Lucky |\n|---|---|\n| 1 | 2 |", Kind.PERSON),
        ("## *Lucky* Fields", Kind.PERSON),
        ("## *Demo* Owner", Kind.PERSON),
        ("## db-owner-1 was down", Kind.HOST),
        ("## password: owner22secret", Kind.SECRET),
    ],
)
def test_a_name_in_a_label_or_beside_one_is_replaced_and_found_at_the_gate(text: str, kind: Kind) -> None:
    found = {leak.kind for leak in find_leaks(parse_markdown(text), CALLED_LIKE_LABELS)}
    assert kind in found
    written = public(text, CALLED_LIKE_LABELS)
    assert not re.search(r"(?i)lucky|fields|root|date|demo|db-owner|owner22", written)
    assert find_leaks(parse_markdown(written), CALLED_LIKE_LABELS) == []


def said_by(*names: str) -> Policy:
    """What is private where these wrote in a chat."""
    people = [
        KnownPerson(name, "", "a participant", was_there=is_like_a_persons(name, {"checkout"}))
        for name in names
    ]
    return Policy(people=people, mention_words="a participant")


@pytest.mark.parametrize(
    "name",
    [
        "mark",
        "Jo",
        "ed",
        "J",
        "x9",
        "will",
        "🦊",
        "deploy",
        "Checkout",
        "summary",
        "Incident Bot",
        "*ana* (she)",
    ],
)
def test_a_cell_that_is_all_somebodys_name_is_replaced_whatever_the_name(name: str) -> None:
    escaped = name.replace("*", r"\*")
    table = f"| What | Who |\n|---|---|\n| It held | {escaped} |"
    written = public(table, said_by(name))
    assert "| It held | A participant |" in written
    assert Kind.PERSON in {leak.kind for leak in find_leaks(parse_markdown(table), said_by(name))}
    assert find_leaks(parse_markdown(written), said_by(name)) == []


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("mark", "mark: restart, and mark the node", "A participant: restart, and mark the node"),
        ("wren okafor", "Wren, or Okafor", "A participant, or a participant"),
        ("Jo Li", "then Jo did; JO and li", "then a participant did; JO and li"),
        ("Incident Bot", "The incident began. Incident Bot: bot", "The incident began. A participant: bot"),
        ("deploy", "The deploy of @deploy", "The deploy of a participant"),
        ("Checkout", "The checkout failed", "The checkout failed"),
        ("ana (on call)", "Who is on call? Ana", "Who is on call? A participant"),
        ("summary", "## Summary", "## Summary"),
        ("ed", "ask @jane.doe or @here, `@Override`", "ask a participant or @here, `@Override`"),
        (
            "ed",
            "@Tamsin Vale can, -@bo too, @🦊/@x.",
            "A participant can, -a participant too, a participant/a participant.",
        ),
    ],
)
def test_who_wrote_in_a_chat_is_told_apart_from_things(name: str, inside: str, outside: str) -> None:
    assert public(inside, said_by(name)) == outside
    assert find_leaks(parse_markdown(outside), said_by(name)) == []


def test_a_mention_that_stays_is_found_at_the_gate() -> None:
    leaks = find_leaks(parse_markdown("ask @jane.**doe**"), said_by())
    assert [(leak.kind, leak.text) for leak in leaks] == [(Kind.PERSON, "@jane.doe")]


def test_no_label_of_ours_is_taken_for_a_name() -> None:
    titles = [
        *(title for path in SHIPPED_FOLDER.glob("*.md") for title in _HEADING.findall(path.read_text())),
        *("Follow-ups", "Action", "Owner", "Due", "Priority", "Status", "Ticket"),
        *("Time", "Elapsed", "Incident", "What happened", "Who", "Moment", "Since the start"),
        *(
            "What did not go well",
            "Where we were lucky",
            "What was noticed?",
            "In how we work",
            "From outside",
        ),
        *("At a glance", "What could happen again", "What we learned", "Technical", "Custom fields"),
        *("Tagged data", "Team", "Useful links", "Key timestamps", "Durations", "Reported by", "Took part"),
    ]
    assert len(titles) > 40
    for title in titles:
        for word in _WORD.findall(title):
            person = KnownPerson(f"Demo {word}", "demo@example.com", "a colleague", was_there=True)
            assert Redactor(Policy(people=[person])).redact_label(title) == title, (title, word)
