"""The socket that the web listens on."""

from __future__ import annotations

import errno
import resource
import socket

from afterword.config.env import PORT_MAX, Env, split_bind
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal

OPEN_FILES_MAX = 65_536
BACKLOG = 2048
"""Connections that may wait for the web at once, for instance while it is started again."""


def listen(env: Env) -> socket.socket:
    """A listening socket at the web's address in the settings. Raises Refusal when it cannot be had."""
    free = env.port + 1 if env.port < PORT_MAX else env.port - 1
    another = f"{env.bind.rpartition(':')[0]}:{free}"
    return listen_at(
        env.bind, hint=f"with AFTERWORD_BIND, as in `AFTERWORD_BIND={another} make run`, or with --bind"
    )


def listen_at(bind: str, *, hint: str) -> socket.socket:
    """A listening socket at `host:port`. Raises Refusal, which says by `hint` where to choose another."""
    host, port = split_bind(bind)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Refusal(_explain(bind, error, hint), CANNOT_AS_CONFIGURED) from error
    listener.setblocking(False)
    return listener


def allow_many_connections() -> None:
    """Let this process open as many files as the system allows: many begin with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES_MAX)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _explain(bind: str, error: OSError, hint: str) -> str:
    host, port = split_bind(bind)
    if error.errno == errno.EADDRINUSE:
        reason = f"Port {port} on {host} is taken by another program: stop it, or choose another"
    elif error.errno == errno.EACCES:
        reason = f"Port {port} may only be used by root: choose another"
    elif error.errno == errno.EADDRNOTAVAIL:
        reason = f"This machine has no address {host}: choose another"
    else:
        reason = f"{bind} cannot be listened on ({error.strerror or error}): choose another address"
    return f"{reason} {hint}."
