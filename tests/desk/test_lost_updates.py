"""Two writers at the same moment, and a server that dies in the middle."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from django.db import connection

from blog.models import Post
from blog.publishing import StaleSave
from blog.revisions import is_kept
from tests.server import manage, start, wait_for

pytestmark = pytest.mark.whole

AUDIT = """
import json
from blog.models import Post
from blog.revisions import is_kept
from blog import publishing
def row(post):
    html = publishing.render(post.body, post.variables, post.lang).html
    return [post.pk, is_kept(post), html == post.body_html, post.body]
rows = [row(post) for post in Post.objects.all()]
print("AUDIT" + json.dumps(rows))
"""


def race(pk: int) -> dict[str, Any]:
    """Four threads, each with a connection of its own, read a post and save it at the same moment."""
    barrier, refused = threading.Barrier(4), []

    def write(words: str) -> None:
        try:
            post = Post.objects.get(pk=pk)
            post.body = words
            barrier.wait(30)
            post.save()
        except StaleSave:
            refused.append(words)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(f"writer {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    post = Post.objects.get(pk=pk)
    return {"refused": len(refused), "lost": post.body in refused, "version": post.version, "kept": is_kept(post)}


@pytest.mark.django_db(transaction=True)
def test_of_four_saves_at_once_three_are_refused(make_post: Callable[..., Post]) -> None:
    assert race(make_post(body="start").pk) == {"refused": 3, "lost": False, "version": 2, "kept": True}


class Writer:
    """Somebody who saves through the form of a real server."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.send(
            "/admin/login/", {"username": "admin", "password": password, "next": "/admin/"}, self.token("/admin/login/")
        )

    def token(self, path: str) -> str:
        with self.opener.open(self.address + path) as response:
            return field(response.read().decode(), "csrfmiddlewaretoken")

    def send(self, path: str, values: dict[str, str], token: str) -> str:
        data = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": token}).encode()
        with self.opener.open(self.address + path, data) as response:
            return str(response.read().decode())

    def save(self, path: str, body: str) -> None:
        with self.opener.open(self.address + path) as response:
            html = response.read().decode()
        values = {name: field(html, name) for name in ("title", "slug", "lang", "opened_version")}
        values |= {"body": body, "tags": f"tag{len(body) % 3}", "summary": "", "variables": "", "_keep": "1"}
        empty = dict.fromkeys(("publish_at_0", "publish_at_1", "updated_at_0", "updated_at_1"), "")
        answer = self.send(path, {**values, **empty}, field(html, "csrfmiddlewaretoken"))
        assert 'class="success"' in answer


def field(html: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


def test_a_server_killed_while_saving_leaves_whole_posts(tmp_path: Path) -> None:
    said = manage("setup", data=tmp_path).stdout
    password = re.search(r"password {2}(\S+)", said)
    assert password
    draft = json.loads(audit(tmp_path))[0][0]
    done: list[str] = []
    for attempt, pause in enumerate((0.1, 0.43, 0.77)):
        process, address = start(tmp_path)
        try:
            wait_for(address, process)
            writer = Writer(address, password[1])
            thread = threading.Thread(target=keep_saving, args=(writer, draft, attempt, done))
            before = len(done)
            thread.start()
            while len(done) == before and thread.is_alive():
                time.sleep(0.01)
            time.sleep(pause)  # some moment of some save
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # the workers with their parent
            process.communicate(timeout=20)
        thread.join(30)
        rows = json.loads(audit(tmp_path))
        assert all(kept and rendered for _pk, kept, rendered, _body in rows), rows
        body = next(body for pk, _kept, _rendered, body in rows if pk == draft)
        number = int(body.rpartition(" ")[2]) if body.startswith(f"Attempt {attempt} ") else -1
        assert done[-1].startswith(f"Attempt {attempt} ")
        assert number >= int(done[-1].rpartition(" ")[2])  # what the server has confirmed is there


def keep_saving(writer: Writer, pk: int, attempt: int, done: list[str]) -> None:
    for number in range(1000):
        body = f"Attempt {attempt} number {number}"
        try:
            writer.save(f"/admin/blog/post/{pk}/change/", body)
        except (URLError, OSError):
            return
        done.append(body)


def audit(data: Path) -> str:
    said = manage("shell", "-c", AUDIT, data=data).stdout
    return said.partition("AUDIT")[2].splitlines()[0]
