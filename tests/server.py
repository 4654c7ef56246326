"""The server as users start it: processes of its own on a folder of its own."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

PROJECT = Path(__file__).resolve().parent.parent


def environment(data: Path, **settings: str) -> dict[str, str]:
    """That of a process on this folder; `settings` are ROOST_… ones."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ROOST_")}
    return {**clean, "ROOST_DATA_DIR": str(data), **settings}


def own_database(name: str) -> dict[str, str]:
    """The settings of a new database of the kind that the tests run on; nothing for SQLite, which is in the folder."""
    if connection.vendor == "sqlite":
        return {}
    name = f"{connection.settings_dict['NAME']}_{name}"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    url = urlunsplit(urlsplit(os.environ["ROOST_DATABASE_URL"])._replace(path=f"/{name}"))
    return {"ROOST_DATABASE_URL": url, "ROOST_SECRET_KEY": secrets.token_urlsafe(60)}


def manage(*arguments: str, data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        check=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data: Path, *arguments: str, port: int = 0, **settings: str) -> tuple[subprocess.Popen[bytes], str]:
    """A server, on a free port if none is named, with its workers in a group of processes of their own."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), *arguments],
        cwd=PROJECT,
        env=environment(data, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return process, f"http://127.0.0.1:{port}"


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, stop(process)
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=20).close()
        except URLError as error:
            why = error
            time.sleep(0.1)  # until the process listens
        else:
            return
    pytest.fail(f"the server didn't answer: {why} {stop(process)}")


def stop(process: subprocess.Popen[bytes]) -> str:
    """End it, and return what it said."""
    if process.stdout and process.stdout.closed:
        return ""  # it has ended before
    process.terminate()
    said = process.communicate(timeout=20)[0]
    return said.decode() if said else ""


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """(status, headers by their names in lower case, body)."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
    except HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()
