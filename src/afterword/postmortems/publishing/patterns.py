"""What is private by its shape: secrets, addresses, hosts, numbers and links. Pure: no Django.

The shapes of secrets follow what the makers of the keys document: Afterword (aw_...), AWS (AKIA..., and the
40 characters of a secret key), GitHub (ghp_..., github_pat_...), GitLab (glpat-...), Slack (xox.-...),
Google (AIza...), Stripe (sk_live_...), OpenAI and Anthropic (sk-...), npm (npm_...), SendGrid (SG.xxx.yyy),
HashiCorp Vault (hvs., hvb., hvr.), DigitalOcean (dop_v1_, doo_v1_, dor_v1_), Grafana (glsa_, glc_), Microsoft
Azure (AccountKey=, sig=), JSON Web Tokens (RFC 7519), PEM (RFC 7468), credentials in addresses (RFC 3986,
3.2.1), the headers Authorization (RFC 9110, 11.6.2), Cookie and Set-Cookie (RFC 6265). Beside these stands
what is given to a word for a secret (`DB_PASS=`, “Kennwort:”) or to an option (`--password x`, `mysql -px`),
and what a sentence calls one (“the password is …”) and no word can be.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from afterword.documents import link_target
from afterword.postmortems.publishing.names import KnownPerson


class Kind(StrEnum):
    """What it is that must not be public."""

    PERSON = "person"
    EMAIL = "email"
    SECRET = "secret"  # noqa: S105 - the word for it
    HOST = "host"
    ADDRESS = "address"
    PHONE = "phone"
    LINK = "link"
    PICTURE = "picture"


WORDS = {
    Kind.PERSON: "a person's name",
    Kind.EMAIL: "an email address",
    Kind.SECRET: "a secret",
    Kind.HOST: "an internal host",
    Kind.ADDRESS: "a network address",
    Kind.PHONE: "a phone number",
    Kind.LINK: "a private link",
    Kind.PICTURE: "a picture",
}


@dataclass(frozen=True)
class Policy:
    """What is private here."""

    people: Sequence[KnownPerson] = ()
    own_hosts: frozenset[str] = frozenset()
    """Hosts of this install and of the alerts, and domains that the organisation calls internal, in lower
    case. One without a dot is found as a word."""
    public_hosts: frozenset[str] = frozenset()
    """Domains to which links may stay, in lower case."""
    allowed: frozenset[str] = frozenset()
    """Texts that somebody looked at and let stand, folded."""
    mention_words: str = ""
    """What stands for whoever is mentioned by an @ and known to nobody; without it they stand."""


@dataclass(frozen=True)
class Rule:
    kind: Kind
    pattern: re.Pattern[str]
    words: str
    holds: Callable[[str], bool] = lambda _: True


def private_span(found: re.Match[str]) -> tuple[int, int]:
    """Where in a text that is private for which a rule's pattern was found: its group, if it has one."""
    return found.span(found.lastindex or 0)


def compile_rules(policy: Policy) -> list[Rule]:
    """In this order: a secret may hold an address, an address a host, a host a name."""
    labels = sorted(host for host in policy.own_hosts if "." not in host)
    own = "|".join(map(re.escape, labels))
    own_labels = re.compile(rf"(?<![\w.-])(?:{own})(?::\d{{1,5}})?(?![\w-]|\.\w)", re.IGNORECASE)
    return [
        Rule(Kind.SECRET, _SECRETS, "[secret removed]"),
        Rule(Kind.SECRET, _OPTIONS, "[secret removed]"),
        Rule(Kind.SECRET, _SAID, "[secret removed]", is_no_word),
        Rule(Kind.SECRET, _AWS_SECRET, "[secret removed]", _is_random),
        Rule(Kind.HOST, _SHARE, "[internal host]"),
        Rule(Kind.EMAIL, _EMAIL, "[address removed]"),
        Rule(Kind.LINK, _URL, "[link removed]", lambda url: is_private_link(_http(url), policy)),
        Rule(Kind.ADDRESS, _MAC, "[address removed]"),
        Rule(Kind.ADDRESS, _IPV6, "[address removed]", _is_ipv6),
        Rule(Kind.ADDRESS, _IPV4, "[address removed]", _is_address),
        Rule(
            Kind.HOST,
            _HOST,
            "[internal host]",
            lambda host: is_internal_host(host.split(":")[0], policy),
        ),
        *([Rule(Kind.HOST, own_labels, "[internal host]")] if labels else []),
        Rule(Kind.HOST, _BARE_HOST, "[internal host]"),
        Rule(Kind.PHONE, _PHONE, "[number removed]", _is_phone),
    ]


def is_private_link(href: str, policy: Policy) -> bool:
    """Whether a link may lead to where the public has no business: anywhere that nobody called public."""
    target = link_target(href)
    if target is None or target.startswith("/"):
        return True
    if target.startswith("#"):
        return False
    if target.lower().startswith("mailto:"):
        return True
    try:
        parts = urlsplit(target)
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return True
    if not host or parts.username or parts.password:
        return True
    return is_internal_host(host, policy) or not _within(host, PUBLIC_PLACES | policy.public_hosts)


def is_internal_host(host: str, policy: Policy) -> bool:
    """Whether a name means something only inside: a name without a dot, of a reserved or own domain, or that
    of one machine or database in somebody's cloud."""
    host = host.lower().rstrip(".")
    return (
        "." not in host
        or _within(host, INTERNAL_DOMAINS)
        or _within(host, policy.own_hosts)
        or _IN_CLOUD.fullmatch(host) is not None
    )


def fold(text: str) -> str:
    """A text as texts are compared when somebody let one stand."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


INTERNAL_DOMAINS = frozenset(
    [
        "local",
        "localhost",
        "internal",
        "intranet",
        "intra",
        "lan",
        "corp",
        "home",
        "private",
        "localdomain",
        "home.arpa",
        "svc",
        "cluster.local",
        "consul",
        "test",
        "invalid",
        "onion",
    ]
)
"""RFC 2606, RFC 6762, RFC 8375, ICANN's .internal, and what Kubernetes, Consul and offices use."""

_IN_CLOUD = re.compile(
    r"""(?x)
      (?:[\w-]+\.){1,6} (?:compute(?:-1)?|rds|elb|cache|es|redshift|docdb|kafka|execute-api|eks)
        (?:\.[a-z]{2}(?:-[a-z]+){1,2}-\d)? \.amazonaws\.com (?:\.cn)?
    | (?:[\w-]+\.){1,4} (?:cloudapp\.azure\.com|(?:database|redis\.cache|servicebus|blob\.core)\.windows\.net
        |(?:postgres|mysql)\.database\.azure\.com|azmk8s\.io|azurewebsites\.net)
    | (?:[\w-]+\.){1,4} (?:run\.app|cloudfunctions\.net|bc\.googleusercontent\.com|db\.ondigitalocean\.com
        |k8s\.ondigitalocean\.com)
    """
)
"""The names that Amazon, Microsoft, Google and DigitalOcean give to what somebody runs there. A service of
theirs alone, as in s3.amazonaws.com, is everybody's."""

PUBLIC_PLACES = frozenset(
    {
        "cve.org",
        "developer.mozilla.org",
        "ietf.org",
        "kubernetes.io",
        "man7.org",
        "nist.gov",
        "owasp.org",
        "postgresql.org",
        "python.org",
        "rfc-editor.org",
        "w3.org",
        "wikipedia.org",
    }
)
"""Where everybody may read everything. A link to anywhere else may be a dashboard, a ticket, a thread."""


LABEL_WORDS = (
    "passw(?:or[dt]|d)|kennwort|passphrase|passcode|secret|token|(?:api|zugangs)-?schlüssel"
    "|(?:api|access|private|secret|account|auth|encryption|signing)[ _-]?key"
)
"""For what is secret, as a part of a pattern in any letter case: before “=” or “:”, or in the next cell."""
_SECRETS = re.compile(
    r"""(?x)
      -----BEGIN[ ][A-Z ]*(?:PRIVATE[ ]KEY|CERTIFICATE)[^-]*-----(?:(?!-----END)[\s\S]){0,20000}
        (?:-----END[^-]*-----)?
    | \b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{30,255}\b
    | \bgithub_pat_[A-Za-z0-9_]{40,255}\b
    | \bglpat-[\w-]{20,}\b
    | \bxox[abeoprs]-[\w-]{10,}
    | \bAIza[\w-]{35}\b
    | \b[rsp]k_(?:live|test)_[A-Za-z0-9]{16,}\b
    | \bsk-[\w-]{20,}
    | \bnpm_[A-Za-z0-9]{36}\b
    | \beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*
    | \bhooks\.slack\.com/services/[\w/]+
    | \b[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{1,200}:[^\s/@]{1,400}@[^\s]+
    | (?i:\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+[\w.~+/=-]+)
    | (?i:\b(?:bearer)\s+[\w.~+/=-]{16,})
    | \baw_[\w-]{30,}
    | \bSG\.[\w-]{16,32}\.[\w-]{32,64}
    | \bhv[sbr]\.[\w-]{20,}
    | \bdo[opr]_v1_[a-f0-9]{64}\b
    | \bglsa_\w{20,}
    | \bglc_[\w+/=-]{20,}
    | [?&;]sig=[\w%+/=-]{16,}
    | (?i:\b(?:set-)?cookie["']?\s{0,5}[:=]\s{0,5}["']?[\w!#$%&*+.^|~-]{1,100}=[^\s;"']{1,4096}
        (?:;\s?(?:[\w!#$%&*+.^|~-]{1,100}=[^\s;"']{0,4096}|(?:httponly|secure|partitioned)\b)){0,50})
    | (?:(?<![\w-])[\w-]{0,60})?(?=[aekpstzAEKPSTZ])(?i:
        (?:pwd|"""
    + LABEL_WORDS
    + r""")
        ["']?\s{0,20}(?:=>|:=|=|:(?!//))\s{0,20}
        (?:"(?!\[)[^"\n]{4,400}"|'(?!\[)[^'\n]{4,400}'
        |["']?(?!\[)(?:[^\s"',;]{6,}|(?=[^\s"',;]{0,4}\d)[^\s"',;]{4,5}))
      | (?<![a-z0-9])(?:pass|pw)["']?\s{0,20}(?:=>|:=|=)\s{0,20}
        ["']?(?!\[)(?:[^\s"',;]{6,}|(?=[^\s"',;]{0,4}\d)(?=[^\s"',;]{0,4}[a-z])[^\s"',;]{4,5})
      | pass=(?=[^\s"',;]{0,60}\d)[^\s"',;]{6,}
      | (?:(?<=[_-])pass|(?<![a-z0-9])(?-i:[Pp]ass|[Pp][Ww]))["']?:\s{0,20}["']?(?!\[)
        (?=[^\s"',;]{0,100}(?:\d|[!#$%&*+@^~?]\w))(?=[^\s"',;]{0,100}[^\W\d_])[^\s"',;]{4,})
    """
)
"""The whole of it is taken out. A line of tests that begins with PASS: is none."""
_OPTIONS = re.compile(
    r"""(?x)
      (?<![\w-])--[\w-]{0,40}
        (?:passw(?:or[dt]|d)|pass|pwd|token|secret|(?:api|secret|access|auth)-?key)\s{1,5}["']?
        (?!(?:also|arguments?|because|cannot|could|does|expects|fails|flags?|from|have|instead|must|needs|only
        |options?|parameters?|reads|settings?|should|shows|switch|takes|than|that|then|this|wants|were|when
        |where|which|will|with|works|would)\b|-|\[)([^\s"']{4,})
    | \b(?:mysql(?:dump|admin|import|show|sh)?|mariadb(?:-\w{1,20})?)\b[^\n|;&()]{0,200}?\s-p
        (?!\d{1,5}:\d)["']?((?!\[)(?=[^\s"']{0,40}\w)[^\s"']{1,200})
    | \bsshpass\s{1,5}-p\s{0,5}["']?((?!\[)[^\s"']{1,200})
    | \bredis-cli\b[^\n|;&]{0,200}?\s-a\s{1,5}["']?((?!\[)[^\s"']{1,200})
    | \b(?:curl|wget)\b[^\n|;&]{0,300}?\s(?:-u|--user)[ =]?["']?[\w.@+-]{1,100}:((?!\[)[^\s"']{1,200})
    """
)
"""In commands: what stands behind the option is taken out."""
_NO_WORD = r"""["'“”„‚‘’`«(]{0,2}((?!\[)[^\s"'“”„‚‘’`»«()\[\]<>,;]{5,200}[^\s"'“”„‚‘’`»«()\[\]<>,;.:!?…])"""
_SAID = re.compile(
    rf"""(?xi)
      (?<![^\W_])(?:passw(?:or[dt]|d)|kennwort|passphrase|passcode|pwd?|token|secret|(?:api-?|zugangs)schlüssel
        |(?:api|access|secret|private|auth)[ _-]?key)
        (?:\s{{1,5}}(?:for|of|on|to|in|für|von|vom|zu|zum|auf)(?:\s{{1,5}}[\w.@/-]{{1,40}}){{1,3}}?)?
        \s{{1,5}}(?:is|was|be|are|were|ist|war|lautet|lautete)
        (?:\s{{1,5}}(?:now|still|just|only|again|always|set|changed|reset|to|called|jetzt|nun|noch|immer|wieder
        |auf)){{0,3}}\s{{0,5}}:?\s{{1,5}}{_NO_WORD}
    | (?<![^\W_])(?:passw(?:or[dt]|d)|kennwort|passphrase)[^\S\n]{{1,5}}{_NO_WORD}
    """
)
"""In sentences: “the password is …”, where `is_no_word`."""
_TECHNICAL = re.compile(
    r"""(?xi)
      \d+(?:[.,]\d+)?[-\u2010-\u2015]?(?:[a-z]{1,4}|days?|hours?|minutes?|seconds?|weeks?|months?|years?|tage?
        |stunden?|minuten?|sekunden?|wochen?|bytes?|digits?|char(?:acter)?s?|zeichen)(?:-.*)?
    | \d{4}-\d\d-\d\d.*
    | (?:aes|argon|base|bcrypt|cve|es|h|hs|http|ipv|iso|level|log4j|md|oauth|phase|ps|rfc|rs|s|sha|sso|stage
        |step|tier|tls|utf|v|version|x)[-_]?\d[\d.-]*(?:[-_][a-z-]*)?
    | k8s(?:-.*)? | [a-z]{2,6}-\d{1,6}
    """
)
"""Words with digits: units, dates, names of standards, tickets."""
_AWS_SECRET = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/]{40}(?![\w+/=-]|\.\w)")
_SHARE = re.compile(
    r"""(?x)
    (?<![\\\w:.])
    (?: \\\\ (?:[?.]\\UNC\\)? [A-Za-z0-9][\w.-]{0,254} \\
      | \\\\\\\\ [A-Za-z0-9][\w.-]{0,254} \\\\
      | \\ [a-z0-9][a-z0-9.-]{1,254} \\ )
    (?!\\)[\w$.-]{2,80} (?: \\{1,2}[^\s\\/:*?"'<>|`,;)\]]{1,120} ){0,50}
    """
)
"""`\\\\server\\share\\folder` as Microsoft's UNC has it (MS-DTYP 2.2.57), with each backslash doubled as in
JSON, and without the first, which Markdown takes for an escape."""
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_LETTER, _SIGN = r"[^\W\d_]", r"[^\x00-\x7f\s\u2000-\u206f]"
MENTION = re.compile(
    rf"(?<!\w)[@＠](?!(?:here|channel|everyone)(?!\w|[.-]\w))"
    rf"(?:{_CAPITAL}[\w'’-]{{0,60}}(?:[ ]{_CAPITAL}[\w'’-]{{1,60}}){{1,2}}"
    rf"|(?:{_LETTER}|{_SIGN})(?:(?:[\w.-]|{_SIGN}){{0,60}}(?:\w|{_SIGN}))?)(?!\w)"
)
"""`@jane.doe`, `@🦊` and “@Tamsin Vale”; not those who call everybody."""
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://(?:\[[^\s<>\[\]]*(?: removed)?\]|[^\s<>\"'`)\]])+",
    re.I,
)
"""With what is in brackets: an address of IPv6, and what stands for a secret or an address by then."""
_DEFANGED_DOT = r"\[\.\]|\(\.\)|\[dot\]"
_IPV4 = re.compile(
    rf"(?<![\w.])(?:\d{{1,3}}(?:\.|{_DEFANGED_DOT})){{3}}\d{{1,3}}(?:/\d{{1,2}}|:\d{{1,5}})?(?![\w.]*\w)"
)
"""Also as `192.0.2[.]7`, which is how an address is written that nobody shall follow."""
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?:/\d{1,3})?(?![\w:])")
_MAC = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:])")
_HOST = re.compile(
    r"(?<![\w@.-])(?:(?<=//)|(?<!/))(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{1,62}"
    r"(?::\d{1,5})?(?![\w-])"
)
_BARE_HOST = re.compile(
    r"""(?xi)
    (?<![\w.-])
    (?:
      (?:[a-z0-9]{1,63}-){0,6} (?:db|web|srv|host|prod|stg|staging|lb|bastion|haproxy)
        (?:-[a-z0-9]{1,63}){0,6} -? \d{1,4}
    | (?:[a-z0-9]{1,63}-){0,6} (?:app|api|node|server|cache|proxy|vm|worker|master|queue|nginx|backup|redis
        |kafka|pg|postgres|mysql|mongo|rabbitmq) (?:-[a-z0-9]{1,63}){0,6} - \d{1,4}
    | ip (?:-\d{1,3}){4}
    )
    (?: :\d{1,5} )?
    (?![\w-]|\.\w)
    """
)
"""What machines are called: `db-1`, `prod-web-03`, `ip-10-0-0-12`. Bounded, for a text may be all hyphens."""
_PHONE = re.compile(
    r"""(?xi)
      (?<![\w.+-]) (?:\+|00(?=[1-9])) \d{1,3} (?:[\s.\-/()\u2010-\u2015\u00a0]{0,3}\d){6,14} (?![\w-])
    | (?<![\w.,:+-]) \(?\d{3}\)? [\s.-]{1,2} \d{3} [\s.-] \d{4} (?![\w-]|\.\d)
    | (?<![\w.,:+-]) \(?0\d{1,5}\)? (?:[\s/-]{1,3}\d{2,8}){1,4} (?![\w:]|[-.,]\d)
    | (?<!\w) (?:tel|phone|telephone|mobile|fax|pager|whatsapp|dial|dial-in) (?:\.|\s*no\.?|\s+number)?
        [\s:]{1,3} [+(]?\d (?:[\s.\-/()]{0,2}\d){4,14} (?!\w)
    """
)
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\d)")
_PHONE_DIGITS_MIN, _PHONE_DIGITS_MAX = 7, 15
"""ITU-T E.164 allows 15; what is dialled within a town has seven."""


def is_no_word(text: str) -> bool:
    """Whether what a sentence calls a password can be nothing else: letters with digits or signs."""
    core = text.strip("!?.:*_~…")
    if core.isdigit():
        return len(core) >= NUMERIC_SECRET_DIGITS_MIN
    if len(core) < SAID_SECRET_CHARACTERS_MIN or _TECHNICAL.fullmatch(core) is not None:
        return False
    has_more = any(one.isdigit() or one in "!#$%&*+=@^~?|" for one in core)
    return has_more and any(one.isalpha() for one in core)


def _is_random(text: str) -> bool:
    """Whether 40 characters are a key by chance, and no hash in hex, path or long name.

    Of random ones of base64 six in ten follow one of another kind: capital, small, digit.
    """
    letters = text.replace("+", "").replace("/", "")
    kinds = ["u" if one.isupper() else "l" if one.islower() else "d" for one in letters]
    if set(kinds) != {"u", "l", "d"}:
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    if letters != text:
        return changes >= CHANGES_IN_KEY_MIN
    runs = "".join(kinds).replace("u", "d").split("d")
    return changes >= CHANGES_IN_PLAIN_KEY_MIN and max(map(len, runs)) <= SMALL_LETTERS_RUN_MAX


SAID_SECRET_CHARACTERS_MIN = 6
NUMERIC_SECRET_DIGITS_MIN = 6
CHANGES_IN_KEY_MIN, CHANGES_IN_PLAIN_KEY_MIN = 11, 15
SMALL_LETTERS_RUN_MAX = 6
"""A name of many words has longer ones in small letters."""


def _is_address(text: str) -> bool:
    host = re.sub(_DEFANGED_DOT, ".", text).strip("[]")
    host = host.split("/")[0]
    if host.count(":") == 1:
        host = host.split(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not address.is_unspecified


def _is_ipv6(text: str) -> bool:
    # A time such as 12:30:15 is no address.
    return ("::" in text or text.count(":") == 7) and any(c.isalnum() for c in text) and _is_address(text)


def _is_phone(text: str) -> bool:
    if _DATE.match(text):
        return False
    digits = sum(character.isdigit() for character in text)
    # Behind the word for it, an extension of five digits is one too.
    least = 5 if text[:1].isalpha() else _PHONE_DIGITS_MIN
    return least <= digits <= _PHONE_DIGITS_MAX


def _http(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return url if scheme.lower() in ("http", "https") else f"http://{rest}"


def _within(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
