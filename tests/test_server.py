"""The server as users start it: a process of its own on a fresh folder."""

from __future__ import annotations

import gzip
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from tests.conftest import PROJECT


def manage(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment(data),
        capture_output=True,
        text=True,
        check=True,
    )


def environment(data: Path) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ROOST_")}
    return {**clean, "ROOST_DATA_DIR": str(data)}


def start(data: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server on a free port, with its workers in a group of processes of their own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=PROJECT,
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """(address, what setup said, data folder) of a running blog."""
    data = tmp_path_factory.mktemp("data")
    said = manage("setup", data=data).stdout
    process, address = start(data)
    try:
        wait_for(address, process)
        yield address, said, data
    finally:
        process.terminate()
        process.communicate(timeout=20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, process.communicate()[0].decode()
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
        except URLError:
            time.sleep(0.1)  # until the process listens
        else:
            return
    pytest.fail("the server didn't answer")


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
    except HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_a_fresh_folder_becomes_a_blog_with_demo_posts(server: tuple[str, str, Path]) -> None:
    address, said, _ = server
    password = re.search(r"password {2}(\S+)", said)
    assert password
    assert len(password[1]) >= 16
    status, _, body = get(f"{address}/")
    assert status == 200
    assert "한밤의 시사실에 오신 것을 환영합니다" in body.decode()
    assert get(f"{address}/about/")[0] == 200
    assert get(f"{address}/admin/login/")[0] == 200


def test_setting_up_again_says_no_password_and_loses_nothing(server: tuple[str, str, Path]) -> None:
    address, _, data = server
    before = get(f"{address}/feed.xml")[2]
    said = manage("setup", data=data).stdout
    assert "password" not in said
    assert "demo" not in said
    assert get(f"{address}/feed.xml")[2] == before


def test_style_and_script_are_cached_for_ever_under_hashed_names(server: tuple[str, str, Path]) -> None:
    address = server[0]
    html = get(f"{address}/")[2].decode()
    for file in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', html):
        assert re.search(r"\.[0-9a-f]{12}\.", file)
        status, headers, body = get(address + file, **{"Accept-Encoding": "gzip"})
        assert status == 200
        assert "immutable" in headers["cache-control"]
        assert headers["content-encoding"] == "gzip"
        assert gzip.decompress(body)


def test_pages_are_sent_compressed_and_not_twice(server: tuple[str, str, Path]) -> None:
    address = server[0]
    status, headers, body = get(f"{address}/posts/welcome/", **{"Accept-Encoding": "gzip"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert b"</html>" in gzip.decompress(body)
    again = get(f"{address}/posts/welcome/", **{"Accept-Encoding": "gzip", "If-None-Match": headers["etag"]})
    assert again[0] == 304
    assert again[2] == b""


def test_another_host_name_is_refused(server: tuple[str, str, Path]) -> None:
    assert get(f"{server[0]}/", Host="evil.example")[0] == 400
