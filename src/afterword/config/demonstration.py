"""`afterword demo`: the demo organisation, in a running install or in a stopped one.

What was shown once is kept in `demo.json` in the data folder, which only its owner can read, so that it
can be shown again. It is the sign-in of an organisation that is made up.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings

from afterword import __version__
from afterword.accounts.models import Person
from afterword.config import database
from afterword.config.refusals import Refusal
from afterword.config.supervisor import KILL_AFTER_SECONDS, command_line
from afterword.demo import organisation, story
from afterword.demo.alerts import Sender
from afterword.demo.errors import NotTheDemo
from afterword.demo.organisation import SignIn
from afterword.demo.telling import tell_story
from afterword.lib.errors import NotFound
from afterword.postmortems import reads as postmortems
from afterword.postmortems.reports import write_report

START_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05
ASK_SECONDS_MAX = 5.0


def load(*, unless_set_up: bool) -> dict[str, Any] | None:
    """Load the demo organisation where it is missing; what there is to know about it.

    With `unless_set_up` an install with another organisation gives None, and a password that somebody has
    changed is left alone. Raises Refusal, AfterwordError.
    """
    _require_no_other_version()
    database.migrate()
    try:
        found = organisation.find_organisation()
    except NotTheDemo:
        if unless_set_up:
            return None
        raise
    kept = _read_kept()
    sign_in = SignIn(str(kept.get("password", "")), str(kept.get("api_key", "")))
    if found is None:
        sign_in = organisation.make_organisation()
        kept = {}
    owner = organisation.find_owner()
    sign_in = organisation.still_valid(owner, sign_in)
    if not unless_set_up:
        sign_in = organisation.renew_sign_in(owner, sign_in)
    _keep({**kept, "password": sign_in.password, "api_key": sign_in.api_key})
    shown = {
        "url": settings.PUBLIC_URL,
        "email": owner.email,
        "password": sign_in.password,
        "api_key": sign_in.api_key,
        "webhook_url": _main_webhook(owner),
        **_find_or_load(owner, kept),
    }
    _keep({**shown, "organisation": _slug()})
    return shown


def _require_no_other_version() -> None:
    """Raises Refusal where a server runs whose tables a migration would change under it."""
    pending = database.count_pending_migrations()
    for address in dict.fromkeys([settings.ENV.local_url, settings.PUBLIC_URL]):
        running = version_at(address)
        if running is not None and (pending or running not in ("", __version__)):
            version = f" {running}" if running else " of another version"
            raise Refusal(
                f"A server of Afterword{version} runs at {address}, and this is {__version__}: the database "
                "would be changed under it. Stop it first, or run the `afterword` that it was started with."
            )


def version_at(address: str) -> str | None:
    """Of the Afterword that answers there; empty for one that does not tell, None where there is none."""
    try:
        answer = httpx.get(f"{address}/healthz", timeout=ASK_SECONDS_MAX, trust_env=False).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    if not isinstance(answer, dict) or answer.get("status") != "ok" or answer.keys() - {"status", "version"}:
        return None
    return str(answer.get("version", ""))


def _find_or_load(owner: Person, kept: dict[str, Any]) -> dict[str, Any]:
    """The numbers of the incident and its post-mortem, and the path of the PDF, written anew."""
    number = kept.get("postmortem") if kept.get("organisation") == _slug() else None
    try:
        # What was loaded once is the reader's to change: nothing is put back.
        postmortem = postmortems.get_postmortem(owner, number or 0)
    except NotFound:
        with _server(_main_webhook(owner)) as sender:
            postmortem = tell_story(owner, sender)
    path = _exports_folder() / f"post-mortem-{postmortem.number}.pdf"
    _write_whole(path, write_report(reader=owner, postmortem=postmortem), mode=0o644)
    incident = postmortems.incidents_of(postmortem)[0]
    return {"incident": incident.number, "postmortem": postmortem.number, "pdf": str(path)}


def _main_webhook(owner: Person) -> str:
    main = next(told for told in story.INCIDENTS if told.entity_id == story.WRITTEN_ABOUT)
    return organisation.webhook_url(owner, organisation.find_or_make_integration(owner, main.service))


@contextmanager
def _server(webhook_url: str) -> Iterator[Sender]:
    """A sender to the server of this install: the one that runs, else one that runs only for this."""
    for address in dict.fromkeys([settings.ENV.local_url, settings.PUBLIC_URL]):
        sender = Sender(address)
        if sender.knows(webhook_url):
            yield sender
            sender.close()
            return
        sender.close()
    with _server_for_the_moment(webhook_url) as sender:
        yield sender


@contextmanager
def _server_for_the_moment(webhook_url: str) -> Iterator[Sender]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        command_line("serve", "--no-migrate", "--bind", bind),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "AFTERWORD_LOG_LEVEL": "error"},
    )
    sender = Sender(f"http://{bind}")
    try:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not sender.knows(webhook_url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Refusal("The server that was to take the demo's alerts did not start.")
            time.sleep(POLL_SECONDS)
        yield sender
    finally:
        sender.close()
        process.send_signal(signal.SIGTERM)
        process.wait(KILL_AFTER_SECONDS + 5)


def _slug() -> str:
    found = organisation.find_organisation()
    assert found is not None
    return found.slug


def _exports_folder() -> Path:
    folder = Path(settings.DATA_FOLDER) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _kept_path() -> Path:
    return Path(settings.DATA_FOLDER) / "demo.json"


def _read_kept() -> dict[str, Any]:
    try:
        kept = json.loads(_kept_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(values: dict[str, Any]) -> None:
    _write_whole(_kept_path(), json.dumps(values, indent=1).encode(), mode=0o600)


def _write_whole(path: Path, data: bytes, *, mode: int) -> None:
    """Write a file so that there is never half of it."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
    draft.replace(path)
