"""The one client for requests to addresses that people gave: bounded, and not into our own network.

A name is resolved once and what was checked is what is connected to, so that a name that changes between
the two leads nowhere. Redirects are not followed and no proxy of the environment is asked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpcore

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
    """Send `body` and read the answer. Raises PrivateAddress, OSError, TimeoutError, httpcore's failures.

    With `allow_private` any private address may be called, otherwise those in `private_networks`. Of the
    answer the first `answer_bytes_max` bytes are read.
    """
    deadline = time.monotonic() + seconds_max
    backend = _Checked(allow_private=allow_private, private_networks=private_networks, deadline=deadline)
    with (
        httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=backend, retries=0
        ) as pool,
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


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL = (ipaddress.IPv6Network("64:ff9b:1::/48"), ipaddress.IPv6Network("::/96"))
"""Translated by a network of our own (RFC 8215), and the old way of carrying version 4 (RFC 4291)."""


def _retry_after(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """`Retry-After` in seconds (RFC 9110, 10.2.3). One that is a date is left aside."""
    given = next((value for name, value in headers if name.lower() == b"retry-after"), b"").strip()
    return int(given) if given.isdigit() and len(given) <= RETRY_AFTER_DIGITS_MAX else None


class _Checked(httpcore.NetworkBackend):
    """Connects to what it has resolved and checked, and gives up at a deadline."""

    def __init__(self, *, allow_private: bool, private_networks: Sequence[Network], deadline: float) -> None:
        self._allow_private = allow_private
        self._private_networks = private_networks
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        allowed = [one for one in addresses if self._may_call(one)]
        if not allowed:
            raise PrivateAddress(PRIVATE)
        seconds = min(CONNECT_SECONDS_MAX, _left(self._deadline))
        stream = self._plain.connect_tcp(allowed[0], port, timeout=seconds)
        return _Bounded(stream, self._deadline)

    def _may_call(self, address: str) -> bool:
        if self._allow_private or is_public(address):
            return True
        found = ipaddress.ip_address(address.partition("%")[0])
        inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
        return any(
            one.version == network.version and one in network
            for one in (found, inner)
            if one is not None
            for network in self._private_networks
        )

    def connect_unix_socket(self, *args: Any, **settings: Any) -> httpcore.NetworkStream:
        raise PrivateAddress(PRIVATE)


class _Bounded(httpcore.NetworkStream):
    """A stream whose whole use ends at a deadline, however slowly its bytes come."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Bounded(
            self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it took too long")
    return left
