"""The commands that end by themselves."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from afterword import __version__
from tests.config.commands import afterword
from tests.servers import command_line, copy_migrated_sqlite, environment_of

pytestmark = [pytest.mark.server, pytest.mark.pure]

OWNER = ["createowner", "--organisation", "Acme", "--name", "Olive Owner", "--email", "olive@example.com"]
PASSWORD = "correct horse battery"


def _is_one_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.startswith("afterword: ") and "Traceback" not in text


@pytest.fixture
def data(tmp_path: Path) -> Path:
    copy_migrated_sqlite(tmp_path)
    return tmp_path


def test_the_version_needs_no_settings(tmp_path: Path):
    answer = afterword("version", data=tmp_path, debug="nonsense")
    assert (answer.returncode, answer.stdout) == (0, f"afterword {__version__}\n")
    assert json.loads(afterword("version", "--json", data=tmp_path).stdout)["afterword"] == __version__


def test_help_does_not_load_django(tmp_path: Path):
    command = command_line("--help")
    command[1:1] = ["-X", "importtime"]
    answer = subprocess.run(command, env=environment_of(tmp_path), capture_output=True, text=True)
    assert "createowner" in answer.stdout
    assert not re.search(r"\| +django", answer.stderr)


def test_migrating_says_what_was_missing_and_migrating_again_does_nothing(tmp_path: Path):
    data = tmp_path
    copy_migrated_sqlite(data, is_current=False)
    answer = afterword("migrate", data=data)
    assert re.fullmatch(r"Applied 1 migration to .*afterword\.sqlite3\.\n", answer.stdout), answer
    assert afterword("migrate", data=data).stdout.startswith("Nothing to do: ")
    assert afterword("migrate", "--quiet", data=data).stdout == ""


def test_a_database_of_a_newer_version_is_refused(data: Path):
    with sqlite3.connect(data / "afterword.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('incidents', '9999_later', '2030')"
        )
    database.close()
    answer = afterword("migrate", data=data)
    assert answer.returncode == 2
    assert "newer Afterword (it has incidents.9999_later)" in answer.stderr
    assert _is_one_sentence(answer.stderr)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_part_refuses_to_run_without_its_migrations(command: str, tmp_path: Path):
    answer = afterword(command, data=tmp_path, bind="127.0.0.1:0")
    assert answer.returncode == 1
    assert "have not been applied. Run `afterword migrate`." in answer.stderr
    assert _is_one_sentence(answer.stderr)


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_taken_port_is_one_sentence(command: str, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = afterword(command, "--bind", f"127.0.0.1:{port}", data=tmp_path)
    assert answer.returncode == 2
    assert f"Port {port} on 127.0.0.1 is taken by another program" in answer.stderr
    assert f"as in `AFTERWORD_BIND=127.0.0.1:{port + 1} make run`" in answer.stderr
    assert _is_one_sentence(answer.stderr)


def test_the_demo_says_where_to_open_it_before_it_is_there(tmp_path: Path):
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    answer = afterword("serve", "--demo", data=tmp_path, bind="127.0.0.1:0", database_url=nowhere)
    assert answer.returncode
    assert answer.stdout.startswith("Afterword starts at http://127.0.0.1:")


@pytest.mark.parametrize("command", ["serve", "web", "worker", "migrate", "demo"])
def test_a_bad_setting_is_one_sentence(command: str, tmp_path: Path):
    answer = afterword(command, data=tmp_path, smtp_port="many")
    assert answer.returncode == 2
    assert answer.stderr == "afterword: AFTERWORD_SMTP_PORT: takes a whole number.\n"


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_folder_that_cannot_be_written_to_is_one_sentence(command: str, tmp_path: Path):
    (tmp_path / "file").touch()
    answer = afterword(command, data=tmp_path / "file", bind="127.0.0.1:0")
    assert answer.returncode == 2
    assert "AFTERWORD_DATA: the folder" in answer.stderr
    assert _is_one_sentence(answer.stderr)


def test_a_database_that_is_away_is_one_sentence_without_the_password(tmp_path: Path):
    answer = afterword("migrate", data=tmp_path, database_url="postgresql://me:s3cret@127.0.0.1:1/x")
    assert answer.returncode == 1
    assert answer.stderr.startswith("afterword: The database x on 127.0.0.1 cannot be reached: ")
    assert "s3cret" not in answer.stderr
    assert _is_one_sentence(answer.stderr)


def test_an_owner_is_made_with_the_organisation(data: Path):
    answer = afterword(*OWNER, "--json", "--password-stdin", data=data, typed=f"{PASSWORD}\n")
    assert json.loads(answer.stdout) == {
        "organisation": "Acme",
        "email": "olive@example.com",
        "url": "http://127.0.0.1:8000",
    }


def test_a_further_owner_is_made_in_the_same_organisation(data: Path):
    afterword(*OWNER, data=data, owner_password=PASSWORD)
    second = ["createowner", "--name", "Second", "--email", "second@example.com"]
    answer = afterword(*second, data=data, owner_password=PASSWORD)
    assert answer.stdout.startswith("second@example.com is an owner of Acme")
    other = afterword(*second, "--organisation", "Other", data=data, owner_password=PASSWORD)
    assert other.returncode == 2
    assert "belongs to Acme" in other.stderr


def test_an_owner_needs_a_password_and_a_name(data: Path):
    answer = afterword(*OWNER, data=data)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "The password is missing" in answer.stderr
    nameless = afterword("createowner", "--organisation", "Acme", data=data)
    assert nameless.stderr == "afterword: The name is missing: give it with --name.\n"


def test_a_weak_password_is_refused_with_the_reason(data: Path):
    answer = afterword(*OWNER, data=data, owner_password="short")
    assert answer.returncode == 1
    assert "password: This password is too short" in answer.stderr
    assert _is_one_sentence(answer.stderr)
