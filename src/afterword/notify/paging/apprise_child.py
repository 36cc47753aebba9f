"""Runs in a process of its own: one notification by Apprise, read from standard input as JSON.

It imports nothing of Afterword. An audit hook of the interpreter (PEP 578) refuses connections to private
addresses at the moment of connecting, so that neither redirects nor names that change lead into a private
network, and refuses to start other programs.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import sys
from typing import Any

LOCAL_SCHEMES = ("dbus", "glib", "gnome", "kde", "qt", "macosx", "windows", "syslog", "rsyslog", "file")
MEMORY_BYTES_MAX = 1024 * 1024 * 1024
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
refused: list[str] = []


def main() -> None:
    question = json.load(sys.stdin)
    _limit_memory()
    logging.disable(logging.CRITICAL)
    import apprise

    url = question["url"]
    scheme = url.partition(":")[0].lower()
    made = None if scheme in LOCAL_SCHEMES else apprise.Apprise.instantiate(url, suppress_exceptions=True)
    if made is None:
        _answer(sent=False, known=False, reason="This is no Apprise URL that can be used.")
        return
    if "body" not in question:
        _answer(known=True, scheme=scheme)
        return
    if not question["allow_private"]:
        sys.addaudithook(_refuse_private)
    hub = apprise.Apprise()
    hub.add(made)
    sent = bool(hub.notify(title=question["title"], body=question["body"], body_format="text"))
    reason = "" if sent else "The service did not take it."
    if refused and not sent:
        reason = "Its address leads into a private network."
    _answer(sent=sent, known=True, reason=reason)


def _answer(**words: object) -> None:
    sys.stdout.write("\n" + json.dumps(words) + "\n")


def _refuse_private(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not (isinstance(address, tuple) and _is_public(str(address[0]))):
            refused.append(str(address))
            raise PermissionError("private address")
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"):
        raise PermissionError(event)


def _is_public(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return found.is_global and not found.is_multicast


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on every system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


if __name__ == "__main__":
    main()
