"""The socket that the web listens on."""

from __future__ import annotations

import errno
import socket

from afterword.config.env import Env
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal

BACKLOG = 2048
"""Connections that may wait for the web at once, for instance while it is started again."""


def listen(env: Env) -> socket.socket:
    """A listening socket at the address of the settings. Raises Refusal when it cannot be had."""
    family = socket.AF_INET6 if ":" in env.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((env.host, env.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Refusal(_explain(env, error), CANNOT_AS_CONFIGURED) from error
    listener.setblocking(False)
    return listener


def _explain(env: Env, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        reason = f"Port {env.port} on {env.host} is taken by another program: stop it, or choose another"
    elif error.errno == errno.EACCES:
        reason = f"Port {env.port} may only be used by root: choose another"
    elif error.errno == errno.EADDRNOTAVAIL:
        reason = f"This machine has no address {env.host}: choose another"
    else:
        reason = f"{env.bind} cannot be listened on ({error.strerror or error}): choose another address"
    return f"{reason} with AFTERWORD_BIND or --bind."
