"""Sending alerts as a monitoring system does: over HTTP, to the way in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from afterword.demo.errors import DemoFailed

POST_SECONDS_MAX = 20.0
FOLD_SECONDS_MAX = 60.0
POLL_SECONDS = 0.05


class Sender:
    """Posts alerts to one server and waits until they have become part of the record.

    `address` is where the server is reached from here, whatever its public address is.
    """

    def __init__(self, address: str) -> None:
        # Nothing from the environment: the way to this machine does not lead over a proxy.
        self._client = httpx.Client(base_url=address, timeout=POST_SECONDS_MAX, trust_env=False)

    def knows(self, webhook_url: str) -> bool:
        """Whether a server is there and this webhook is one of its own. Sends nothing that it would keep."""
        try:
            answer = self._client.post(urlsplit(webhook_url).path, json={})
        except httpx.HTTPError:
            return False
        # It misses the message: only a server that knows the key gets so far as to say so.
        return answer.status_code == httpx.codes.BAD_REQUEST

    def send(self, webhook_url: str, bodies: Sequence[dict[str, Any]]) -> None:
        """Post alerts in this order and wait until each is completed. Raises DemoFailed."""
        for trace_id in [self._post(webhook_url, body) for body in bodies]:
            self._wait(trace_id)

    def close(self) -> None:
        self._client.close()

    def _post(self, webhook_url: str, body: dict[str, Any]) -> str:
        try:
            answer = self._client.post(urlsplit(webhook_url).path, json=body)
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise DemoFailed(f"The demo's alerts could not be sent: {error}.") from error
        return str(answer.json()["trace_id"])

    def _wait(self, trace_id: str) -> None:
        deadline = time.monotonic() + FOLD_SECONDS_MAX
        while time.monotonic() < deadline:
            try:
                status = self._client.get(f"/api/alert/status/{trace_id}/").json()
            except (httpx.HTTPError, ValueError) as error:
                raise DemoFailed(
                    f"The server stopped answering while the demo was loaded: {error}."
                ) from error
            if status.get("status") == "completed":
                return
            if status.get("status") == "failed":
                raise DemoFailed(f"An alert of the demo was refused: {status.get('error')}")
            time.sleep(POLL_SECONDS)
        raise DemoFailed("The demo's alerts were accepted but not worked on: is a worker running?")
