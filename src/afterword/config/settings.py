"""Django's settings, made from `env.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from afterword.config.env import read_env, read_secret_key
from afterword.config.logs import describe_logging

ENV = read_env()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_FOLDER = ENV.data.absolute()

SECRET_KEY = read_secret_key(ENV)
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts
CSRF_TRUSTED_ORIGINS = [ENV.public_url]
PUBLIC_URL = ENV.public_url
_HTTPS = ENV.public_url.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "ninja",
    "afterword.web",
    "afterword.ingest",
    "afterword.notify",
    "afterword.webhooks",
    "afterword.drafting",
    "afterword.followups",
    "afterword.wording",
    "afterword.postmortems",
    "afterword.incidents",
    "afterword.catalog",
    "afterword.calls",
    "afterword.letters",
    "afterword.accounts",
    "afterword.audit",
    # Behind our own, whose templates come before theirs.
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "afterword.config.health.HealthMiddleware",
    "afterword.calls.addresses.RootAddressesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "afterword.web.static_files.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "afterword.accounts.middleware.FirstRunMiddleware",
    "afterword.accounts.middleware.SignedInMiddleware",
    "afterword.accounts.middleware.TimeZoneMiddleware",
    "afterword.web.middleware.ErrorPagesMiddleware",
]

ROOT_URLCONF = "afterword.config.urls"
ASGI_APPLICATION = "afterword.config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

FORM_RENDERER = "afterword.web.form_renderer.FormRenderer"

SQLITE_BUSY_TIMEOUT_SECONDS = 20
# FULL, not NORMAL: what was acknowledged at the way in must survive a power cut.
SQLITE_INIT = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;"
)
DATABASES: dict[str, dict[str, Any]] = {
    "default": dict(
        dj_database_url.parse(ENV.database_url or f"sqlite:///{DATA_FOLDER / 'afterword.sqlite3'}")
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": SQLITE_BUSY_TIMEOUT_SECONDS,
        "transaction_mode": "IMMEDIATE",
        "init_command": SQLITE_INIT,
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 16, "timeout": 10}
    # After a restart of the server the pool is full of connections that are none: look before each use.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "afterword.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# allauth's own writes rows of addresses beside ours.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _HTTPS else "http"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # The key is an address together with a caller: whoever guesses locks out nobody but themselves. From
    # all callers together an address may be guessed at less than two thousand times a day.
    "login_failed": "10/m/ip,5/5m/key",
    "login_failed_anywhere": "30/30m/key",
    "reset_password": "20/m/ip,5/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.trusted_proxies

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "afterword.web.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
UPLOAD_BYTES_MAX = ENV.upload_bytes_max
UPLOAD_TYPES = ENV.upload_type_names
WATCHERS_MAX = ENV.watchers_max

MAIL_CONSOLE = not ENV.smtp_host
EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend"
    if MAIL_CONSOLE
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = ENV.smtp_host
EMAIL_PORT = ENV.smtp_port
EMAIL_HOST_USER = ENV.smtp_user
EMAIL_HOST_PASSWORD = ENV.smtp_password.get_secret_value()
EMAIL_USE_TLS = ENV.smtp_security == "starttls"
EMAIL_USE_SSL = ENV.smtp_security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
ALLOW_PRIVATE_ADDRESSES = ENV.allow_private_addresses
WEBHOOK_PRIVATE_NETWORKS = ENV.webhook_networks
EMBEDDINGS_URL = ENV.embeddings_url
EMBEDDINGS_KEY = ENV.embeddings_key.get_secret_value()
EMBEDDINGS_MODEL = ENV.embeddings_model
EMBEDDINGS_SECONDS_MAX = ENV.embeddings_seconds_max
AI_PROVIDER = ENV.ai_provider
AI_ENDPOINT = ENV.ai_endpoint
AI_KEY = ENV.ai_key.get_secret_value()
AI_MODEL = ENV.ai_model
AI_SECONDS_MAX = ENV.ai_seconds_max
AI_TOKENS_MAX = ENV.ai_tokens_max
AI_PRICE_SENT = ENV.ai_price_sent
AI_PRICE_ANSWERED = ENV.ai_price_answered
AI_MONEY_MAX = ENV.ai_money_max
AI_CALLS_AT_ONCE_MAX = ENV.ai_calls_at_once_max
AI_CALL_DAYS_KEPT = ENV.ai_call_days_kept

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
SERVESTATIC_USE_FINDERS = True
# Vite puts a hash into the name of everything it builds.
SERVESTATIC_IMMUTABLE_FILE_TEST = r"^/static/built/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"

# allauth counts sign-ins in the cache; in the database all web processes count together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_throttle",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING: dict[str, Any] = describe_logging(ENV)
