"""`afterword demo`: the whole way, from alerts over HTTP to a PDF."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from afterword.config.demonstration import version_at
from afterword.demo import story
from tests.config.commands import afterword
from tests.conftest import ON_POSTGRESQL
from tests.servers import RunningAfterword, copy_migrated_sqlite, running_afterword

pytestmark = [pytest.mark.server, pytest.mark.once]

KEYS = ["url", "email", "password", "api_key", "webhook_url", "incident", "postmortem", "pdf"]


def _sign_in(url: str, email: str, password: str) -> requests.Session:
    browser = requests.Session()
    page = browser.get(f"{url}/sign-in", timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token, page.text[:500]
    form = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
    browser.post(page.url, data=form, timeout=30)
    return browser


def _ask_for_incidents(running: RunningAfterword, key: str) -> requests.Response:
    headers = {"Authorization": f"Token {key}"}
    return requests.get(f"{running.url}/api/v1/incidents", headers=headers, timeout=30)


def _list_incidents(running: RunningAfterword, key: str) -> list[dict[str, object]]:
    answer = _ask_for_incidents(running, key)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_a_stopped_install_gets_the_demo_by_a_server_for_the_moment(tmp_path: Path):
    copy_migrated_sqlite(tmp_path, is_current=False)
    answer = afterword("demo", "--json", data=tmp_path, bind="127.0.0.1:9")
    assert answer.returncode == 0, answer.stderr
    shown = json.loads(answer.stdout)
    assert list(shown) == KEYS
    # What is printed is where this install will be served, not where it was for the moment.
    assert shown["url"] == "http://127.0.0.1:9"
    assert shown["webhook_url"].startswith("http://127.0.0.1:9/integration/")
    assert Path(shown["pdf"]).read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600

    with running_afterword(tmp_path) as running:
        _see_the_story(running, shown)
        again = json.loads(running.run("demo", "--json").stdout)
        assert again["url"] == running.url
        same = [name for name in KEYS if name not in ("url", "webhook_url")]
        assert [again[name] for name in same] == [shown[name] for name in same]
        # The file was lost: the sign-in is made anew, and the story is not told twice.
        (tmp_path / "demo.json").unlink()
        renewed = json.loads(running.run("demo", "--json").stdout)
        assert renewed["password"] != shown["password"]
        assert (renewed["incident"], renewed["postmortem"]) == (shown["incident"], shown["postmortem"])
        assert len(_list_incidents(running, renewed["api_key"])) == len(story.INCIDENTS) + 1
        assert _ask_for_incidents(running, shown["api_key"]).status_code == 401
        more = {"message": "More", "alert_type": "info"}
        sent = requests.post(renewed["webhook_url"], json=more, timeout=30)
        assert sent.json()["message"] == "success"


def _see_the_story(running: RunningAfterword, shown: dict[str, str]) -> None:
    browser = _sign_in(running.url, shown["email"], shown["password"])
    incident = browser.get(f"{running.url}/incidents/{shown['incident']}", timeout=30)
    assert "Card payments fail" in incident.text
    assert "checkout 2026.11.3" in incident.text, "a deploy shortly before stands beside it"
    assert "43 min before" in incident.text
    assert "P2" in incident.text
    download = browser.get(f"{running.url}/postmortems/{shown['postmortem']}/export/pdf", timeout=60)
    assert download.content.startswith(b"%PDF-")
    assert len(_list_incidents(running, shown["api_key"])) == len(story.INCIDENTS) + 1


def test_an_install_of_somebody_else_is_left_alone(tmp_path: Path):
    owner = ["createowner", "--organisation", "Acme", "--name", "Olive Owner", "--email", "olive@example.com"]
    copy_migrated_sqlite(tmp_path)
    made = afterword(*owner, data=tmp_path, owner_password="correct horse battery")
    assert made.returncode == 0, made.stderr
    refused = afterword("demo", data=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr.startswith("afterword: This install belongs to Acme: the demo needs an empty one.")
    skipped = afterword("demo", "--unless-set-up", data=tmp_path)
    assert (skipped.returncode, skipped.stdout, skipped.stderr) == (0, "", "")


@contextmanager
def _server_that_says(health: dict[str, str]) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(health).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("health", "named"),
    [
        ({"status": "ok", "version": "99.1"}, "Afterword 99.1 runs at"),
        ({"status": "ok"}, "Afterword of another version runs at"),
    ],
)
def test_the_database_is_not_changed_under_a_server_of_another_version(
    tmp_path: Path, health: dict[str, str], named: str
):
    with _server_that_says(health) as address:
        answer = afterword("demo", data=tmp_path, bind=address)
    assert answer.returncode == 1
    assert named in answer.stderr
    assert "Stop it first" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    if not ON_POSTGRESQL:
        tables = sqlite3.connect(tmp_path / "afterword.sqlite3").execute("SELECT name FROM sqlite_master")
        assert "accounts_organisation" not in {name for (name,) in tables}


@pytest.mark.pure
def test_what_is_no_afterword_is_not_taken_for_one():
    with _server_that_says({"status": "ok", "database": "fine"}) as address:
        assert version_at(f"http://{address}") is None
    assert version_at(f"http://{address}") is None
