"""Settings.

Everything a site has to decide comes from the environment (README, "Settings") and is parsed strictly: a value that
can't be meant stops the start with a message that says what to write.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


# --- The environment ------------------------------------------------------------------------------------------------


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} is {value!r}: write 1 (on) or 0 (off).")
    return value == "1"


def _origin(name: str) -> str:
    """An absolute http(s) address without a path, or "" if it isn't set."""
    value = os.environ.get(name, "").rstrip("/")
    try:
        parts = urlsplit(value)
        wrong = value and (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path
            or parts.query
            or parts.username
            or (parts.port or 1) < 1
        )
    except ValueError:
        wrong = True
    if wrong:
        raise ImproperlyConfigured(f"{name} is {value!r}: write the site's address, such as https://blog.example.com")
    return value


def _hosts(name: str) -> list[str]:
    hosts = [host.strip() for host in os.environ.get(name, "").split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:]+\]", host):
            raise ImproperlyConfigured(f"{name} has {host!r}: write host names without scheme or port, comma between.")
    return hosts


def _gateway(name: str) -> str:
    """An address of this machine with a port, or "" if it isn't set."""
    value = os.environ.get(name, "")
    if value and not re.fullmatch(r"(127\.0\.0\.[0-9]{1,3}|\[::1\]):[0-9]{1,5}", value):
        raise ImproperlyConfigured(f"{name} is {value!r}: write an address of this machine, such as 127.0.0.1:8900")
    return value


def _time_zone(name: str, default: str) -> str:
    value = os.environ.get(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a time zone's name, such as Asia/Seoul.") from None
    return value


def _megabytes(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a number of MiB, or 0 for none.")
    return int(value) * 2**20


def _hsts(name: str) -> tuple[int, bool, bool]:
    """Strict-Transport-Security in the header's own words (RFC 6797): seconds, subdomains, preload."""
    value = os.environ.get(name, "3600")
    match = re.fullmatch(r"([0-9]{1,9})(; ?includeSubDomains)?(; ?preload)?", value)
    if not match:
        raise ImproperlyConfigured(f"{name} is {value!r}: write seconds, or '31536000; includeSubDomains; preload'.")
    return int(match[1]), bool(match[2]), bool(match[3])


_CONNECTION_SECONDS = 60  # opening one takes longer than a page


def _database(data_dir: Path) -> dict[str, Any]:
    url = os.environ.get("ROOST_DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data_dir / "db.sqlite3",
            "CONN_MAX_AGE": _CONNECTION_SECONDS,
            # WAL: readers go on while somebody writes. IMMEDIATE: a writer waits for its turn instead of failing
            # in the middle. https://www.sqlite.org/wal.html
            "OPTIONS": {
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    if not re.match(r"(postgres|postgresql)://", url):
        raise ImproperlyConfigured(
            "ROOST_DATABASE_URL isn't a PostgreSQL address: write postgresql://user:password@host:5432/name, "
            "or leave it unset for SQLite."
        )
    try:
        parsed = dj_database_url.parse(url, conn_max_age=_CONNECTION_SECONDS, conn_health_checks=True)
    except ValueError as error:
        raise ImproperlyConfigured(f"ROOST_DATABASE_URL can't be read: {error}") from None
    return dict(parsed)


def _secret_key(data_dir: Path) -> str:
    """From the environment; on the embedded database also from a file that is made the first time."""
    if key := os.environ.get("ROOST_SECRET_KEY"):
        if len(key) < 50:
            raise ImproperlyConfigured("ROOST_SECRET_KEY is too short: write at least 50 random characters.")
        return key
    if os.environ.get("ROOST_DATABASE_URL"):
        raise ImproperlyConfigured(
            "ROOST_SECRET_KEY isn't set: with ROOST_DATABASE_URL it is required (50 characters)."
        )
    path = data_dir / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(60))
    except FileExistsError:
        pass
    return path.read_text()


DEBUG = _flag("ROOST_DEBUG")
ROOST_URL = _origin("ROOST_URL")  # canonical address; unset, the address of each request serves
DATA_DIR = Path(os.environ.get("ROOST_DATA_DIR") or BASE_DIR / "data").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": _database(DATA_DIR)}
SECRET_KEY = _secret_key(DATA_DIR)
_https = ROOST_URL.startswith("https://")
ALLOWED_HOSTS = [*_hosts("ROOST_HOSTS"), *filter(None, [urlsplit(ROOST_URL).hostname])] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
]
# What each process may keep of ready pages. None while templates are written: these would have to be newer.
TRACE_BYTES = 0 if DEBUG else _megabytes("ROOST_TRACE_MB", 32)
PAGE_CACHE_BYTES = 0 if DEBUG else _megabytes("ROOST_PAGE_CACHE_MB", 64)
EMBED_GATEWAY = _gateway("ROOST_EMBED_GATEWAY")  # asked in every provider's stead, to try things out offline
CSRF_TRUSTED_ORIGINS = [ROOST_URL] if ROOST_URL else []


# --- Django ---------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "blog.apps.TagsConfig",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "blog",  # last: it replaces admin pages of the others, and gives its groups their permissions
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "blog.middleware.permissions_policy",
    "blog.middleware.caching",
    "blog.middleware.Compression",
    "django.middleware.http.ConditionalGetMiddleware",
    "blog.traces.middleware",
    "csp.middleware.CSPMiddleware",  # inside: a 304 must not replace the policy that a page came with
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "blog.middleware.site",
    "axes.middleware.AxesMiddleware",  # inside: its page of refusal speaks the site's language
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "blog" / "locale"]
TIME_ZONE = _time_zone("ROOST_TIME_ZONE", "Asia/Seoul")
USE_TZ = True
TAGGIT_CASE_INSENSITIVE = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"blog": {"level": "INFO"}},
}

# --- Security -------------------------------------------------------------------------------------------------------

# No unsafe-inline anywhere: colours that an author sets in a text are allowed by their hash (blog/presentation.py).
# The few lines that must run before a page is painted stand in it (https://www.w3.org/TR/CSP3/#grammardef-hash-source).
_theme_script = hashlib.sha256((BASE_DIR / "templates/blog/theme.js").read_bytes()).digest()
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, f"'sha256-{base64.b64encode(_theme_script).decode()}'"],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # two weeks
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
if _https:
    SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = _hsts("ROOST_HSTS")
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True  # type: ignore[assignment]
BEHIND_PROXY = _flag("ROOST_BEHIND_PROXY")
if BEHIND_PROXY:  # only behind a proxy that sets or removes this header itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Ten wrong passwords or codes, for one name or from one address, close the door for it for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # going on guessing doesn't keep the rightful one out longer
AXES_CLIENT_IP_CALLABLE = "blog.admin.login.address"
AXES_LOCKOUT_CALLABLE = "blog.admin.login.locked"
AXES_SENSITIVE_PARAMETERS = ["username", "code"]  # the password is never kept anyway
AXES_DISABLE_ACCESS_LOG = True  # who came from where is nobody's business once they are in
AXES_ENABLE_ADMIN = False  # people are unlocked in the list of people
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Roost"
