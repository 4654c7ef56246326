"""The server as users start it: a process of its own on a fresh folder."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import get, manage, start, stop, wait_for

pytestmark = pytest.mark.whole


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
        stop(process)


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
