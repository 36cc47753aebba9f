from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from afterword.config.env import Env, SettingsError, make_data_folder, read_env, read_secret_key

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AFTERWORD_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("BIND", "8000", "host:port"),
        ("BIND", "127.0.0.1:99999", "host:port"),
        ("URL", "afterword.example.com", "a web address"),
        ("URL", "https://afterword.example.com/sub", "without a path"),
        ("URL", "https://afterword.example.com:many", "a web address"),
        ("URL", "https://after word.example.com", "a web address"),
        ("URL", "http://[", "a web address"),
        ("DATABASE_URL", "postgresql://[::1/x", "postgresql://"),
        ("DATABASE_URL", "mysql://localhost/x", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost", "postgresql://"),
        ("DATABASE_URL", "postgresql://localhost:many/x", "postgresql://"),
        ("SECRET_KEY", "too short", "at least 32 characters"),
        ("DEBUG", "maybe", "true or false"),
        ("ALLOWED_HOSTS", "https://a.example.com", "host names"),
        ("TRUSTED_PROXIES", "11", "a number up to 10"),
        ("TRUSTED_PROXIES", "-1", "a number from 0 up"),
        ("LOG_LEVEL", "loud", "'warning'"),
        ("LOG_FORMAT", "xml", "'json'"),
        ("SMTP_PORT", "smtp", "a whole number"),
        ("SMTP_SECURITY", "ssl", "'starttls'"),
        ("MAIL_FROM", "nobody", "a sender"),
        ("FONT_FOLDERS", "/no/such/folder", "no folder /no/such/folder"),
        ("SIGNAL_BODY_BYTES_MAX", "1", "a number from 1024 up"),
        ("SIGNAL_QUEUE_MAX", "0", "a number from 1 up"),
        ("WEBHOOK_PRIVATE_NETWORKS", "10.0.0.1/8", "takes networks"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str, takes: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"AFTERWORD_{name}", value)
    with pytest.raises(SettingsError) as refusal:
        read_env()
    assert str(refusal.value).startswith(f"AFTERWORD_{name}: takes ")
    assert takes in str(refusal.value)


def test_a_refused_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_SECRET_KEY", "too-short-s3cret")
    with pytest.raises(SettingsError) as refusal:
        read_env()
    assert "s3cret" not in str(refusal.value)


def test_all_bad_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_BIND", "x")
    monkeypatch.setenv("AFTERWORD_DEBUG", "x")
    with pytest.raises(SettingsError, match=r"AFTERWORD_BIND.*AFTERWORD_DEBUG"):
        read_env()


def test_every_setting_can_be_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "value"
    values = {"data": "/srv/x", "smtp_password": "s3cret", "smtp_port": "2525", "debug": "true"}
    for name in Env.model_fields:
        file = tmp_path / name
        if name in values:
            file.write_text(values[name] + "\n")
            monkeypatch.setenv(f"AFTERWORD_{name.upper()}_FILE", str(file))
    env = read_env()
    assert (env.data, env.smtp_port, env.debug) == (Path("/srv/x"), 2525, True)
    assert env.smtp_password.get_secret_value() == "s3cret"


def test_a_bad_value_in_a_file_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "port").write_text("many\n")
    monkeypatch.setenv("AFTERWORD_SMTP_PORT_FILE", str(tmp_path / "port"))
    with pytest.raises(SettingsError, match="AFTERWORD_SMTP_PORT: takes a whole number"):
        read_env()


def test_a_file_that_is_not_there_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_SECRET_KEY_FILE", "/no/such/file")
    with pytest.raises(
        SettingsError, match="AFTERWORD_SECRET_KEY_FILE: the file /no/such/file cannot be read"
    ):
        read_env()


def test_a_value_and_a_file_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("AFTERWORD_SMTP_HOST_FILE", str(tmp_path / "host"))
    with pytest.raises(SettingsError, match="AFTERWORD_SMTP_HOST: give either"):
        read_env()


def test_an_empty_variable_is_one_that_was_not_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_SMTP_PORT", "")
    assert read_env().smtp_port == 587


def test_a_secret_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AFTERWORD_SMTP_PASSWORD", "s3cret")
    assert "s3cret" not in repr(read_env())


def test_the_public_address_follows_the_bind_address():
    assert Env(bind="0.0.0.0:9000").public_url == "http://127.0.0.1:9000"
    assert Env(bind="[::1]:9000").public_url == "http://[::1]:9000"
    assert Env(bind="0.0.0.0:9000", url="https://a.example.com/").public_url == "https://a.example.com"


def test_a_secret_key_is_made_once_and_kept_for_its_owner_only(tmp_path: Path):
    env = Env(data=tmp_path / "data")
    key = read_secret_key(env)
    assert len(key) >= 32
    assert read_secret_key(env) == key
    assert stat.S_IMODE((tmp_path / "data/secret_key").stat().st_mode) == 0o600
    assert list((tmp_path / "data").iterdir()) == [tmp_path / "data/secret_key"]


def test_a_damaged_secret_key_is_refused(tmp_path: Path):
    (tmp_path / "secret_key").write_text("\n")
    with pytest.raises(SettingsError, match="is damaged"):
        read_secret_key(Env(data=tmp_path))


def test_a_given_secret_key_is_not_kept(tmp_path: Path):
    assert read_secret_key(Env(data=tmp_path, secret_key="k" * 40)) == "k" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="AFTERWORD_DATA: the folder .* cannot be written to"):
        make_data_folder(Env(data=tmp_path / "file" / "data"))
