"""How `outgoing` connects: to an address that was checked, and not for longer than a deadline."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from afterword.lib.outgoing import CONNECT_SECONDS_MAX, PRIVATE, Network, PrivateAddress, is_public


class CheckedBackend(httpcore.NetworkBackend):
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
