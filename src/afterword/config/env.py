"""The settings that an administrator gives, from the environment and from nowhere else.

Each is named `AFTERWORD_` and the field's name in capitals, or the same with `_FILE` behind it and the
path of a file that holds the value, as container platforms hand out secrets. `docs/reference/settings.md`
lists them all.
"""

from __future__ import annotations

import os
import secrets
from decimal import Decimal
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "AFTERWORD_"
SECRET_KEY_CHARACTERS_MIN = 32
METRICS_TOKEN_CHARACTERS_MIN = 16
SECRET_FILE_BYTES_MAX = 64 * 1024
PORT_MAX = 65_535
UPLOAD_TYPES = ("png", "jpeg", "gif", "webp", "pdf", "text", "csv", "json", "log")
"""What can be told apart by its content and is safe to hand out."""
OWNER_PASSWORD = f"{PREFIX}OWNER_PASSWORD"
"""Not a setting of the program: only `afterword createowner` reads it."""


class SettingsError(Exception):
    """A setting cannot be used. The message names it and says what it takes."""


class Env(BaseSettings):
    """Every setting, typed. Read once, when the program starts."""

    # An empty variable is one that was not given: `docker compose` hands those on.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", validate_default=True, env_ignore_empty=True
    )

    data: Path = Field(
        default=Path("data"),
        description="Folder for the SQLite file, uploads and the secret key. Made when it is not there.",
    )
    database_url: str = Field(
        default="",
        description="`postgresql://user:password@host:5432/name`. Empty: SQLite in the data folder.",
    )
    bind: str = Field(default="127.0.0.1:8000", description="Address and port to listen on, as `host:port`.")
    url: str = Field(
        default="",
        description="The public address, as people and webhooks reach it. "
        "Empty: `http://` and the bind address.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Signs sessions and links; at least 32 characters. "
        "Empty: made on the first start and kept in the data folder.",
    )
    debug: bool = Field(
        default=False, description="Shows errors in full. Never on a machine that others reach."
    )
    allowed_hosts: str = Field(
        default="",
        description="Further host names to answer to, with commas. "
        "The host of the public address and this machine are always among them.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies stand before Afterword and are believed about the caller's address.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="The least important messages to log: `debug`, `info`, `warning` or `error`.",
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto",
        description="`text`, `json` (one object a line), or `auto`: text on a terminal and JSON elsewhere.",
    )
    smtp_host: str = Field(
        default="", description="The mail server. Empty: mails are printed where the server runs."
    )
    smtp_port: int = Field(default=587, ge=1, le=PORT_MAX, description="The mail server's port.")
    smtp_user: str = Field(default="", description="The name to sign in to the mail server with, if it asks.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The password to that name.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the connection to the mail server is encrypted: `starttls`, `tls` or `none`.",
    )
    smtp_bind: str = Field(
        default="",
        description="Address and port to take mails at, as `host:port`: each to `KEY@anything` becomes an "
        "alert. Empty: no mails are taken.",
    )
    smtp_message_bytes_max: int = Field(
        default=5 * 1024 * 1024,
        ge=1024,
        le=64 * 1024 * 1024,
        description="The largest mail that is taken, in bytes, also by `afterword receive-email`.",
    )
    answer_host: str = Field(
        default="",
        max_length=253,
        pattern=r"^[A-Za-z0-9.-]*$",
        description="The host whose mails reach `AFTERWORD_SMTP_BIND`, as `afterword.example.com`: questions "
        "to people are then also answered by replying to their mail. Empty: a reply goes to whoever asked.",
    )
    mail_from: str = Field(default="Afterword <afterword@localhost>", description="The sender of every mail.")
    font_folders: str = Field(
        default="",
        description="Further folders with fonts for the PDF (for Chinese, Japanese and Korean), "
        "separated as in `PATH`.",
    )
    upload_bytes_max: int = Field(
        default=10 * 1024 * 1024,
        ge=1024,
        le=15 * 1024 * 1024,
        description="The largest file that can be attached to a timeline, in bytes.",
    )
    upload_types: str = Field(
        default="png,jpeg,gif,webp,pdf,text,csv,json,log",
        description="What can be attached to a timeline, with commas: some of `png`, `jpeg`, `gif`, `webp`, "
        "`pdf`, `text`, `csv`, `json` and `log`. A file's type is told by its content, not by its name.",
    )
    watchers_max: int = Field(
        default=500,
        ge=0,
        le=20_000,
        description="How many open incident pages a web process tells of changes at once. Further pages ask "
        "every few seconds instead. 0: all of them ask.",
    )
    signal_body_bytes_max: int = Field(
        default=512 * 1024,
        ge=1024,
        le=16 * 1024 * 1024,
        description="The largest body that a webhook may send, in bytes. A larger one is answered with 413.",
    )
    signal_queue_max: int = Field(
        default=10_000,
        ge=1,
        le=1_000_000,
        description="How many alerts may wait for the disk at once. One more is answered with 503.",
    )
    signals_per_minute_max: int = Field(
        default=0,
        ge=0,
        le=10_000_000,
        description="How many alerts a minute each integration takes in a process, unless it has a number of "
        "its own. One more is answered with 429. 0: any number.",
    )
    signal_days_kept: int = Field(
        default=30,
        ge=1,
        le=3_650,
        description="For how many days is kept what became of a signal. Alerts, changes and incidents stay.",
    )
    failed_signal_days_kept: int = Field(
        default=90,
        ge=1,
        le=3_650,
        description="The same for a signal that failed, with its body, so that it can be run again.",
    )
    allow_private_addresses: bool = Field(
        default=False,
        description="Whether webhooks and Apprise URLs of people may lead into private networks, and to "
        "this machine.",
    )
    webhook_private_networks: str = Field(
        default="",
        description="Private networks that outgoing webhooks may lead into, as `10.0.0.0/8, 192.168.1.7/32`.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="Whoever sends it as `Authorization: Bearer TOKEN` may read `/metrics`; at least 16 "
        "characters. Empty: only API keys of administrators may.",
    )
    embeddings_url: str = Field(
        default="",
        description="Where embeddings are made, in OpenAI's format, as `http://127.0.0.1:11434/v1`: what is "
        "similar is then found by meaning as well. Titles, summaries and the beginning of documents are sent "
        "there, of private incidents nothing. Empty: nothing is sent anywhere.",
    )
    embeddings_key: SecretStr = Field(
        default=SecretStr(""), description="The key to that endpoint, if it asks for one."
    )
    embeddings_model: str = Field(
        default="text-embedding-3-small", description="The name of the model that makes the embeddings."
    )
    embeddings_seconds_max: float = Field(
        default=4.0, gt=0, le=60, description="How long an answer of that endpoint is waited for, in seconds."
    )
    ai_provider: Literal["openai", "ollama", "vllm", "anthropic"] = Field(
        default="openai",
        description="Whose way of talking the model's endpoint has: `openai` (and whatever speaks its "
        "format), `ollama`, `vllm` or `anthropic`.",
    )
    ai_endpoint: str = Field(
        default="",
        description="Where a model writes drafts, as `http://127.0.0.1:11434/v1`. The evidence of an "
        "incident is sent there, without people's names and secrets. Empty: the provider's own address, "
        "which `openai` and `anthropic` have.",
    )
    ai_key: SecretStr = Field(
        default=SecretStr(""), description="The key to that endpoint, if it asks for one."
    )
    ai_model: str = Field(
        default="",
        max_length=200,
        description="The name of the model that writes drafts, as `qwen3:14b`. Empty: drafts are written "
        "from the record alone, and nothing is sent anywhere.",
    )
    ai_seconds_max: float = Field(
        default=90.0,
        gt=0,
        le=3_600,
        description="How long the model may take for a draft, in seconds. What it has not written by then, "
        "the record has.",
    )
    ai_tokens_max: int = Field(
        default=150_000,
        ge=1,
        le=100_000_000,
        description="How many tokens a draft may take, sent and answered together.",
    )
    ai_price_sent: Decimal = Field(
        default=Decimal(0), ge=0, le=1_000_000, description="What a million tokens cost that are sent."
    )
    ai_price_answered: Decimal = Field(
        default=Decimal(0), ge=0, le=1_000_000, description="What a million tokens cost that are answered."
    )
    ai_money_max: Decimal = Field(
        default=Decimal(0),
        ge=0,
        le=1_000_000,
        description="How much a draft may cost, in the currency of the two prices. 0: whatever the tokens "
        "cost.",
    )
    ai_calls_at_once_max: int = Field(
        default=3, ge=1, le=20, description="How many sections the model is asked for at once."
    )
    ai_call_days_kept: int = Field(
        default=90,
        ge=1,
        le=3_650,
        description="For how many days it is kept when the model was called, and what that took.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _FileSource(settings_cls)

    @field_validator("bind", "smtp_bind")
    @classmethod
    def _is_host_and_port(cls, value: str, info: ValidationInfo) -> str:
        if not value and info.field_name == "smtp_bind":
            return value
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) <= PORT_MAX:
            raise ValueError("takes host:port, as in 127.0.0.1:8000")
        return value

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if not value:
            return value
        if not _has_usable_port(value):
            raise ValueError("takes a web address, as in https://afterword.example.com")
        parts = urlsplit(value)
        is_plain = not (parts.query or parts.fragment or any(letter.isspace() for letter in value))
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
            raise ValueError("takes a web address, as in https://afterword.example.com")
        if parts.path not in ("", "/"):
            raise ValueError("takes an address without a path")
        return value.rstrip("/")

    @field_validator("embeddings_url", "ai_endpoint")
    @classmethod
    def _is_endpoint(cls, value: str) -> str:
        if value:
            is_plain = value.isascii() and value.isprintable() and " " not in value
            if not _has_usable_port(value) or not is_plain or not urlsplit(value).hostname:
                raise ValueError("takes a web address, as in http://127.0.0.1:11434/v1")
            if urlsplit(value).scheme not in ("http", "https") or urlsplit(value).query:
                raise ValueError("takes a web address, as in http://127.0.0.1:11434/v1")
        return value

    @field_validator("ai_model")
    @classmethod
    def _has_an_endpoint(cls, value: str, info: ValidationInfo) -> str:
        provider = info.data.get("ai_provider")
        if value and provider in ("ollama", "vllm") and info.data.get("ai_endpoint") == "":
            raise ValueError(f"takes the address of {provider} in {PREFIX}AI_ENDPOINT as well")
        return value

    @field_validator("ai_money_max")
    @classmethod
    def _has_prices(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if value and not (info.data.get("ai_price_sent") or info.data.get("ai_price_answered")):
            raise ValueError(f"takes what tokens cost in {PREFIX}AI_PRICE_SENT and {PREFIX}AI_PRICE_ANSWERED")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database_address(cls, value: str) -> str:
        if value and (
            not _has_usable_port(value)
            or urlsplit(value).scheme not in ("postgresql", "postgres", "sqlite")
            or len(urlsplit(value).path) < len("/x")
        ):
            raise ValueError("takes postgresql://user:password@host:port/name, or nothing for SQLite")
        return value

    @field_validator("webhook_private_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            _read_networks(value)
        except ValueError as error:
            raise ValueError("takes networks with commas, as in 10.0.0.0/8, 192.168.1.7/32") from error
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _are_host_names(cls, value: str) -> str:
        for host in value.split(","):
            if "/" in host or " " in host.strip():
                raise ValueError("takes host names with commas, as in afterword.example.com,10.0.0.7")
        return value

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, value: str) -> str:
        if "@" not in parseaddr(value)[1] or "\n" in value:
            raise ValueError("takes a sender, as in Afterword <afterword@example.com>")
        return value

    @field_validator("font_folders")
    @classmethod
    def _are_folders(cls, value: str) -> str:
        for part in value.split(os.pathsep):
            if part and not Path(part).is_dir():
                raise ValueError(f"takes folders, and there is no folder {part}")
        return value

    @field_validator("upload_types")
    @classmethod
    def _are_file_types(cls, value: str) -> str:
        for part in value.split(","):
            if part.strip() not in UPLOAD_TYPES:
                raise ValueError(f"takes names with commas, of {', '.join(UPLOAD_TYPES)}")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < SECRET_KEY_CHARACTERS_MIN:
            raise ValueError(f"takes at least {SECRET_KEY_CHARACTERS_MIN} characters")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _is_hard_to_guess(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < METRICS_TOKEN_CHARACTERS_MIN:
            raise ValueError(f"takes at least {METRICS_TOKEN_CHARACTERS_MIN} characters")
        return value

    @property
    def host(self) -> str:
        return split_bind(self.bind)[0]

    @property
    def port(self) -> int:
        return split_bind(self.bind)[1]

    @property
    def public_url(self) -> str:
        """The address that links and webhooks carry, without a slash at its end."""
        return self.url or self.local_url

    @property
    def local_url(self) -> str:
        """The address at which this machine itself reaches the server."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may carry."""
        named = [host.strip() for host in self.allowed_hosts.split(",") if host.strip()]
        public = urlsplit(self.public_url).hostname or ""
        return list(dict.fromkeys([public, "127.0.0.1", "localhost", "[::1]", *named]))

    @property
    def upload_type_names(self) -> tuple[str, ...]:
        """What can be attached, in the order given."""
        return tuple(dict.fromkeys(part.strip() for part in self.upload_types.split(",")))

    @property
    def webhook_networks(self) -> list[IPv4Network | IPv6Network]:
        """The private networks that outgoing webhooks may lead into."""
        return _read_networks(self.webhook_private_networks)

    @property
    def font_paths(self) -> list[Path]:
        return [Path(part) for part in self.font_folders.split(os.pathsep) if part]


def _read_networks(value: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(part.strip()) for part in value.split(",") if part.strip()]


def split_bind(bind: str) -> tuple[str, int]:
    """The host, without brackets, and the port of `host:port`."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def _has_usable_port(address: str) -> bool:
    try:
        return urlsplit(address).port != 0
    except ValueError:
        return False


class _FileSource(PydanticBaseSettingsSource):
    """`AFTERWORD_X_FILE`: the value of X is what the file holds, without the line break at its end."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return _read_named_file(PREFIX + field_name.upper()), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value}


def _read_named_file(name: str) -> str | None:
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return None
    if os.environ.get(name):
        raise SettingsError(f"{name}: give either {name} or {name}_FILE, not both.")
    try:
        with Path(path).open(encoding="utf-8") as file:
            return file.read(SECRET_FILE_BYTES_MAX).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(f"{name}_FILE: the file {path} cannot be read ({reason}).") from error


def read_owner_password() -> str:
    """The password for `afterword createowner`, from its variable or its file; empty without either."""
    return _read_named_file(OWNER_PASSWORD) or os.environ.get(OWNER_PASSWORD, "")


def read_env() -> Env:
    """The settings of this process. Raises SettingsError, naming each bad one."""
    try:
        return Env()
    except ValidationError as error:
        raise SettingsError(" ".join(_explain(detail) for detail in error.errors())) from error


def _explain(detail: Any) -> str:
    name = PREFIX + "_".join(str(part) for part in detail["loc"]).upper()
    limits = detail.get("ctx", {})
    takes = {
        "bool_parsing": "takes true or false",
        "int_parsing": "takes a whole number",
        "greater_than_equal": f"takes a number from {limits.get('ge')} up",
        "less_than_equal": f"takes a number up to {limits.get('le')}",
        "literal_error": f"takes one of {str(limits.get('expected', '')).replace(' or ', ', ')}",
    }
    sentence = takes.get(detail["type"], str(detail["msg"]).removeprefix("Value error, ").rstrip("."))
    return f"{name}: {sentence}."


def make_data_folder(env: Env) -> Path:
    """The data folder, made when it is not there. Raises SettingsError when it cannot be written to."""
    folder = env.data.absolute()
    probe = folder / f".writable-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}DATA: the folder {folder} cannot be written to ({error.strerror or error})."
        ) from error
    return folder


def read_secret_key(env: Env) -> str:
    """The key given, or the one kept in the data folder, made there when there is none yet."""
    given = env.secret_key.get_secret_value()
    if given:
        return given
    path = env.data.absolute() / "secret_key"
    if not path.exists():
        make_data_folder(env)
        _write_once(path, secrets.token_urlsafe(48))
    try:
        kept = path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise SettingsError(f"{path} holds the secret key and cannot be read ({error.strerror}).") from error
    if len(kept) < SECRET_KEY_CHARACTERS_MIN:
        raise SettingsError(
            f"{path} should hold the secret key and is damaged: put the key back from a copy, "
            "or delete the file, which signs everyone out."
        )
    return kept


def _write_once(path: Path, text: str) -> None:
    """Write a file that only its owner can read, unless another process was first. Never half of it."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}).") from error
    finally:
        draft.unlink(missing_ok=True)
