"""What must not leave the organisation, found and replaced in a document's tree. Pure: no Django.

The tree is worked on and not the Markdown, so that an entity, an escape or a mark in the middle of a word
hides nothing from a pattern. What still slips through between two nodes is found by `find_leaks`, which
reads the text as a reader would and has the last word before anything is public.

The shapes of secrets follow what the makers of the keys document: AWS (AKIA...), GitHub (ghp_...,
github_pat_...), GitLab (glpat-...), Slack (xox.-...), Google (AIza...), Stripe (sk_live_...), OpenAI and
Anthropic (sk-...), npm (npm_...), JSON Web Tokens (RFC 7519), PEM (RFC 7468), credentials in addresses
(RFC 3986, 3.2.1).
"""

from __future__ import annotations

import dataclasses
import ipaddress
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from afterword.documents import (
    Block,
    Code,
    CodeBlock,
    Image,
    InlineImage,
    Link,
    Paragraph,
    Text,
    link_target,
    read_texts,
)
from afterword.postmortems.publishing.names import KnownPerson, Names

DISTINCT_LEAKS_MAX = 100


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


@dataclass(frozen=True)
class Replacement:
    """One thing that was taken out, and how often."""

    kind: Kind
    before: str
    after: str
    count: int


@dataclass(frozen=True)
class Leak:
    """Something that still stands in what would be public."""

    kind: Kind
    text: str

    @property
    def words(self) -> str:
        return WORDS[self.kind]


@dataclass
class Redactor:
    """Replaces what a policy calls private, and counts what it replaced."""

    policy: Policy
    _counts: dict[tuple[Kind, str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rules = _compile(self.policy)
        self._names = Names(self.policy.people)

    @property
    def replacements(self) -> list[Replacement]:
        """What was replaced so far, by kind and text."""
        return [Replacement(*key, count) for key, count in sorted(self._counts.items())]

    def redact_text(self, text: str) -> str:
        """Plain text with what is private replaced."""
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
        for rule in self._rules:
            text = rule.pattern.sub(lambda found, rule=rule: self._replaced(rule, found), text)  # type: ignore[misc]
        return self._without_names(text)

    def redact_blocks(self, blocks: Sequence[Block]) -> list[Block]:
        """The same tree with what is private replaced; pictures become a few words."""
        return [self._walk(block) for block in blocks]

    def _replaced(self, rule: _Rule, found: re.Match[str]) -> str:
        before = found.group(0)
        if fold(before) in self.policy.allowed or not rule.holds(before):
            return before
        self._count(rule.kind, before, rule.words)
        return rule.words

    def _without_names(self, text: str) -> str:
        pieces: list[str] = []
        position = 0
        for found in self._names.find(text, self._is_allowed):
            words = found.words
            if _begins_sentence(text, found.start):
                words = words[:1].upper() + words[1:]
            pieces += [text[position : found.start], words]
            position = found.end
            self._count(Kind.PERSON, text[found.start : found.end], words)
        return "".join([*pieces, text[position:]])

    def _is_allowed(self, text: str) -> bool:
        return fold(text) in self.policy.allowed

    def _count(self, kind: Kind, before: str, after: str) -> None:
        key = (kind, before, after)
        self._counts[key] = self._counts.get(key, 0) + 1

    def _walk(self, node: Any) -> Any:
        match node:
            case Text(value):
                return Text(self.redact_text(value))
            case Code(value):
                return Code(self.redact_text(value))
            case CodeBlock(language, text):
                own = language if self.redact_text(language) == language else ""
                return CodeBlock(own, self.redact_text(text))
            case Image(_, alt):
                return Paragraph((self._picture(alt),))
            case InlineImage(_, alt):
                return self._picture(alt)
            case _ if dataclasses.is_dataclass(node) and not isinstance(node, type):
                changes = {
                    one.name: self._children(value)
                    for one in dataclasses.fields(node)
                    if isinstance(value := getattr(node, one.name), tuple)
                }
                texts = {
                    one.name: self.redact_text(value)
                    for one in dataclasses.fields(node)
                    if isinstance(value := getattr(node, one.name), str) and one.name == "value"
                }
                return dataclasses.replace(node, **changes, **texts)
        return node

    def _children(self, children: tuple[Any, ...]) -> tuple[Any, ...]:
        walked: list[Any] = []
        for child in _merged(children):
            if isinstance(child, tuple):
                walked.append(self._children(child))
            elif isinstance(child, Link) and not self._may_stay(child.href):
                self._count(Kind.LINK, child.href, "")
                walked.extend(self._children(child.children))
            else:
                walked.append(self._walk(child))
        return tuple(walked)

    def _may_stay(self, href: str) -> bool:
        if self._is_allowed(href):
            return True
        return not (
            is_private_link(href, self.policy) or _says_private(href, self._rules, self._names, self.policy)
        )

    def _picture(self, alt: str) -> Text:
        """No picture is public: what it shows can be read by no rule."""
        self._count(Kind.PICTURE, alt, "")
        described = self.redact_text(alt)
        return Text(f"[Picture: {described}]" if described else "[Picture]")


def find_leaks(blocks: Sequence[Block], policy: Policy) -> list[Leak]:
    """What is private and still stands in a text, as a reader reads it; nothing that was allowed."""
    rules, names = _compile(policy), Names(policy.people)
    found: dict[Leak, None] = {}
    for text in read_texts(blocks):
        found.update(dict.fromkeys(_leaks_in(text, rules, names, policy)))
    for node in _hidden(blocks):
        match node:
            case Link(href, _) if fold(href) not in policy.allowed:
                if is_private_link(href, policy) or _says_private(href, rules, names, policy):
                    found[Leak(Kind.LINK, href)] = None
            case CodeBlock(language, _):
                found.update(dict.fromkeys(_leaks_in(language, rules, names, policy)))
            case Image(name, alt) | InlineImage(name, alt) if fold(alt or name) not in policy.allowed:
                found[Leak(Kind.PICTURE, alt or name)] = None
    return list(found)[:DISTINCT_LEAKS_MAX]


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
    """Whether a name means something only inside: a name without a dot, of a reserved or own domain."""
    host = host.lower().rstrip(".")
    return "." not in host or _within(host, INTERNAL_DOMAINS) or _within(host, policy.own_hosts)


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


@dataclass(frozen=True)
class _Rule:
    kind: Kind
    pattern: re.Pattern[str]
    words: str
    holds: Callable[[str], bool] = lambda _: True


_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that are drawn as nothing: a name with one inside reads as the name."""

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
    | (?i:\b[\w-]{0,40}
        (?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)
        ["']?\s*(?:=|:=|:(?!//))\s*["']?(?!\[)[^\s"',;]{6,})
    """
)
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
_URL = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s<>\"'`)\]]+",
    re.I,
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}|:\d{1,5})?(?![\w.]*\w)")
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


def _compile(policy: Policy) -> list[_Rule]:
    """In this order: a secret may hold an address, an address a host, a host a name."""
    labels = sorted(host for host in policy.own_hosts if "." not in host)
    own = "|".join(map(re.escape, labels))
    own_labels = re.compile(rf"(?<![\w.-])(?:{own})(?::\d{{1,5}})?(?![\w-]|\.\w)", re.IGNORECASE)
    return [
        _Rule(Kind.SECRET, _SECRETS, "[secret removed]"),
        _Rule(Kind.EMAIL, _EMAIL, "[address removed]"),
        _Rule(Kind.LINK, _URL, "[link removed]", lambda url: is_private_link(_http(url), policy)),
        _Rule(Kind.ADDRESS, _MAC, "[address removed]"),
        _Rule(Kind.ADDRESS, _IPV6, "[address removed]", _is_ipv6),
        _Rule(Kind.ADDRESS, _IPV4, "[address removed]", _is_address),
        _Rule(
            Kind.HOST,
            _HOST,
            "[internal host]",
            lambda host: is_internal_host(host.split(":")[0], policy),
        ),
        *([_Rule(Kind.HOST, own_labels, "[internal host]")] if labels else []),
        _Rule(Kind.HOST, _BARE_HOST, "[internal host]"),
        _Rule(Kind.PHONE, _PHONE, "[number removed]", _is_phone),
    ]


def _leaks_in(text: str, rules: Sequence[_Rule], names: Names, policy: Policy) -> Iterator[Leak]:
    shown = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    for rule in rules:
        for match in rule.pattern.finditer(shown):
            if rule.holds(match.group(0)) and fold(match.group(0)) not in policy.allowed:
                yield Leak(rule.kind, match.group(0))
    for found in names.find(shown, lambda name: fold(name) in policy.allowed):
        yield Leak(Kind.PERSON, shown[found.start : found.end])


def _says_private(href: str, rules: Sequence[_Rule], names: Names, policy: Policy) -> bool:
    """Whether an address tells by its own words what its host does not: a name, a key."""
    read = unquote(href)
    return any(True for twice in (read, unquote(read)) for _ in _leaks_in(twice, rules, names, policy))


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in ".!?:\n"


def _is_address(text: str) -> bool:
    host = text.strip("[]")
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


def _merged(children: Sequence[Any]) -> Iterator[Any]:
    """The children with neighbouring texts as one: a parser may have cut a name in two."""
    text = ""
    for child in children:
        if isinstance(child, Text):
            text += child.value
            continue
        if text:
            yield Text(text)
            text = ""
        yield child
    if text:
        yield Text(text)


def _hidden(node: Any) -> Iterator[Any]:
    """The nodes of a tree that say more than a reader reads: links, pictures, blocks of code."""
    if isinstance(node, Link | Image | InlineImage | CodeBlock):
        yield node
    if isinstance(node, (list, tuple)):
        for child in node:
            yield from _hidden(child)
    elif dataclasses.is_dataclass(node):
        for one in dataclasses.fields(node):
            value = getattr(node, one.name)
            if isinstance(value, tuple):
                yield from _hidden(value)
