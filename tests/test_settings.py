"""Settings come from the environment and are parsed strictly."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.conftest import PROJECT

PRODUCTION = {
    "ROOST_URL": "https://blog.example.com",
    "ROOST_SECRET_KEY": "k" * 25 + "0123456789" * 4,
    "ROOST_HSTS": "31536000; includeSubDomains; preload",
    "ROOST_BEHIND_PROXY": "1",
}


def run(code_or_command: list[str], data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("ROOST_", "COVERAGE"))}
    return subprocess.run(
        [sys.executable, "-W", "error", *code_or_command],
        cwd=PROJECT,
        env={**clean, "ROOST_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def setting(name: str, data: Path, **environment: str) -> str:
    done = run(["-c", f"from django.conf import settings; print(repr(settings.{name}))"], data, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ROOST_DEBUG", "yes", "write 1 (on) or 0 (off)"),
        ("ROOST_BEHIND_PROXY", "true", "write 1 (on) or 0 (off)"),
        ("ROOST_URL", "blog.example.com", "such as https://blog.example.com"),
        ("ROOST_URL", "https://blog.example.com/path", "such as https://blog.example.com"),
        ("ROOST_URL", "https://a:99999", "such as https://blog.example.com"),
        ("ROOST_HOSTS", "https://a.example", "without scheme or port"),
        ("ROOST_TIME_ZONE", "Seoul", "such as Asia/Seoul"),
        ("ROOST_DATABASE_URL", "mysql://a/b", "postgresql://user:password@host:5432/name"),
        ("ROOST_SECRET_KEY", "short", "at least 50 random characters"),
    ],
)
def test_a_value_that_can_not_be_meant_stops_the_start(name: str, value: str, says: str, tmp_path: Path) -> None:
    done = run(["manage.py", "check"], tmp_path, **{name: value})
    assert done.returncode != 0
    assert f"{name} " in done.stderr
    assert says in done.stderr


def test_hsts_is_written_as_in_the_header(tmp_path: Path) -> None:
    assert setting("SECURE_HSTS_SECONDS", tmp_path, **PRODUCTION) == "31536000"
    done = run(["manage.py", "check"], tmp_path, **{**PRODUCTION, "ROOST_HSTS": "a year"})
    assert "31536000; includeSubDomains; preload" in done.stderr


def test_debugging_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert setting("DEBUG", tmp_path) == "False"
    assert setting("DEBUG", tmp_path, ROOST_DEBUG="1") == "True"


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = setting("SECRET_KEY", tmp_path)
    assert len(first) >= 50
    assert setting("SECRET_KEY", tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_with_a_database_server_the_secret_key_must_be_given(tmp_path: Path) -> None:
    done = run(["manage.py", "check"], tmp_path, ROOST_DATABASE_URL="postgresql://u:p@h/n")
    assert "ROOST_SECRET_KEY isn't set" in done.stderr
    assert not (tmp_path / "secret_key").exists()


def test_only_the_sites_own_hosts_are_answered(tmp_path: Path) -> None:
    assert setting("ALLOWED_HOSTS", tmp_path) == "['localhost', '127.0.0.1', '[::1]']"
    hosts = setting("ALLOWED_HOSTS", tmp_path, ROOST_URL="https://b.example:8443", ROOST_HOSTS="www.b.example")
    assert hosts == "['www.b.example', 'b.example']"


@pytest.mark.parametrize(
    ("address", "secure"), [("https://blog.example.com", "True"), ("http://blog.example.com", "False")]
)
def test_cookies_travel_only_over_https_where_there_is_https(tmp_path: Path, address: str, secure: str) -> None:
    for cookie in ("SESSION", "CSRF"):
        assert setting(f"{cookie}_COOKIE_SECURE", tmp_path, ROOST_URL=address) == secure
        assert setting(f"{cookie}_COOKIE_HTTPONLY", tmp_path, ROOST_URL=address) == "True"


def test_the_documented_production_settings_are_clean(tmp_path: Path) -> None:
    done = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout


@pytest.mark.django_db
def test_the_policy_allows_the_one_script_that_stands_in_a_page(client: Client) -> None:
    response = client.get("/")
    (script,) = re.findall(rb"<script>(.*?)</script>", response.content, re.DOTALL)
    named = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"script-src 'self' 'sha256-{named}'" in response.headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/admin/login/", "/feed.xml", "/nothing/"])
def test_every_answer_carries_the_security_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split(";")}
    assert policy["default-src"] == ["'none'"]
    assert policy["style-src"] == policy["img-src"] == ["'self'"]
    assert policy["script-src"][0] == "'self'" and len(policy["script-src"]) == 2
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == ["'none'"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
