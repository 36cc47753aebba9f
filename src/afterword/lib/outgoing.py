"""The one client for requests to addresses that people gave: bounded, and not into our own network.

A name is resolved once and what was checked is what is connected to, so that a name that changes between
the two leads nowhere. Redirects are not followed and no proxy of the environment is asked.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl

URL_CHARACTERS_MAX = 2_000
ANSWER_BYTES_MAX = 64 * 1024
CONNECT_SECONDS_MAX = 5.0
REQUEST_SECONDS_MAX = 15.0
"""From the resolution of the name to the end of the answer."""
RETRY_AFTER_DIGITS_MAX = 6
PRIVATE = "This address leads into a private network."


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PrivateAddress(Exception):
    """The address leads into a private network, and that is not allowed here."""


class BadAddress(Exception):
    """This is no web address that can be called."""


@dataclass(frozen=True)
class Answer:
    """What the other side said: its status and the beginning of its body."""

    status: int
    body: bytes
    retry_after_seconds: int | None = None
    """When it asks to be left alone for so long."""


def check_web_address(url: str, *, allow_plain: bool = False) -> str:
    """`url` as it can be called: https, or http too with `allow_plain`. Raises BadAddress."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress from error
    is_plain_text = url.isascii() and url.isprintable() and " " not in url
    schemes = ("https", "http") if allow_plain else ("https",)
    if not is_plain_text or len(url) > URL_CHARACTERS_MAX or parts.scheme not in schemes:
        raise BadAddress
    if not parts.hostname or port == 0 or parts.username is not None:
        raise BadAddress
    return url


def is_public(address: str) -> bool:
    """Whether an IP address, written out, is one of the internet and not of a network of our own."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        # Addresses that carry one of version 4 lead where that leads.
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if any(found in network for network in _LOCAL):
            return False
    return found.is_global and not found.is_multicast


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    allow_private: bool = False,
    private_networks: Sequence[Network] = (),
    seconds_max: float = REQUEST_SECONDS_MAX,
    answer_bytes_max: int = ANSWER_BYTES_MAX,
) -> Answer:
    """Send `body` and read the answer. Raises PrivateAddress, `timeouts()`, `failures()`.

    With `allow_private` any private address may be called, otherwise those in `private_networks`. Of the
    answer the first `answer_bytes_max` bytes are read.
    """
    # Loaded when something is sent: most processes never send, and it takes a tenth of their start.
    import httpcore

    from afterword.lib.streams import CheckedBackend

    deadline = time.monotonic() + seconds_max
    backend = CheckedBackend(
        allow_private=allow_private, private_networks=private_networks, deadline=deadline
    )
    with (
        httpcore.ConnectionPool(ssl_context=_trusting_context(), network_backend=backend, retries=0) as pool,
        pool.stream(
            "POST",
            url,
            headers=[*headers.items(), ("Content-Length", str(len(body))), ("Connection", "close")],
            content=body,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds_max)},
        ) as response,
    ):
        received = b""
        for part in response.iter_stream():
            received += part
            if len(received) >= answer_bytes_max:
                break
        return Answer(response.status, received[:answer_bytes_max], _retry_after(response.headers))


@cache
def _trusting_context() -> ssl.SSLContext:
    """Trusts whom the machine trusted at the first call: reading its certificates takes long."""
    import ssl

    return ssl.create_default_context()


def timeouts() -> tuple[type[Exception], ...]:
    """What `post` raises when it took too long. For an `except`, which asks for it only then."""
    import httpcore

    return TimeoutError, httpcore.TimeoutException


def failures() -> tuple[type[Exception], ...]:
    """What `post` raises when the other side cannot be reached, or does not speak HTTP; timeouts too."""
    import httpcore

    return OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL = (ipaddress.IPv6Network("64:ff9b:1::/48"), ipaddress.IPv6Network("::/96"))
"""Translated by a network of our own (RFC 8215), and the old way of carrying version 4 (RFC 4291)."""


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """`Retry-After` in seconds (RFC 9110, 10.2.3). One that is a date is left aside."""
    given = next((value for name, value in headers if name.lower() == b"retry-after"), b"").strip()
    return int(given) if given.isdigit() and len(given) <= RETRY_AFTER_DIGITS_MAX else None
