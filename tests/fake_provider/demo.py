"""A blog with one embed of every state, without a network: `python -m tests.fake_provider --demo`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.fake_provider.server import FakeProvider

PROJECT = Path(__file__).resolve().parent.parent.parent
DATA = PROJECT / "data" / "demo-embeds"
POSTS = Path(__file__).resolve().parent / "posts"

# The posts on X of posts/…-every-state-of-an-embed.md.
LONG = "2100849876521721863"
GONE = "2105646985892605962"
GONE_BEFORE = "2108706646774530061"
PROTECTED = "2112772185641734160"
LIMITED = "2117315875164938259"
PENDING = "2120814176359182358"
TAKEN_DOWN = "2121876543210987654"


def run(port: int) -> int:
    """Make the blog anew in its own folder and serve it until Ctrl+C; the status to exit with."""
    if not _is_free(port):  # perhaps by another demonstration, whose folder this is
        print(f"Port {port} is in use. Stop the program that uses it, or choose another: --port {port + 1}")
        return 1
    shutil.rmtree(DATA, ignore_errors=True)
    with FakeProvider() as fake:
        _configure(fake.address)
        _make(fake)
        print(f"\nEvery state of an embed: http://127.0.0.1:{port}/posts/every-state-of-an-embed/", flush=True)
        server = subprocess.Popen([sys.executable, "manage.py", "serve", "--port", str(port)], cwd=PROJECT)
        try:
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()
            server.wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _configure(gateway: str) -> None:
    """Whatever this machine's own blog is set to must not be touched."""
    for name in [name for name in os.environ if name.startswith("ROOST_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ROOST_DATA_DIR": str(DATA),
        "ROOST_EMBED_GATEWAY": gateway,
    }
    import django

    django.setup()


def _make(fake: FakeProvider) -> None:
    """The demo blog, one more post, and then its embeds through what can befall them."""
    from django.core.management import call_command
    from django.db import connections

    from blog.models import Embed
    from blog.rendering import worker

    call_command("setup")
    print("Bringing every state of an embed about …", flush=True)
    _set(fake, {LONG: "long", GONE_BEFORE: "deleted", PENDING: "silent"})
    call_command("import_jekyll", POSTS, verbosity=0)
    Embed.objects.filter(provider_id=TAKEN_DOWN).update(takedown=True, takedown_note="Asked for, as a demonstration.")
    _set(fake, {GONE: "deleted", PROTECTED: "protected"})
    _check_again(GONE, PROTECTED)
    _check_again(GONE, GONE_BEFORE, later=timedelta(hours=25))  # two answers, a day apart
    _set(fake, {LIMITED: "rate_limited"})
    _check_again(LIMITED)
    worker.stop()
    connections.close_all()


def _set(fake: FakeProvider, scenarios: dict[str, str]) -> None:
    for post_id, scenario in scenarios.items():
        fake.set(post_id, scenario)


def _check_again(*post_ids: str, later: timedelta = timedelta(0)) -> None:
    """As if so much time had passed, for these posts alone."""
    from django.core.management import call_command
    from django.db.models import F
    from django.utils import timezone

    from blog.models import Embed

    chosen = Embed.objects.filter(provider="x", provider_id__in=post_ids)
    chosen.update(next_check=timezone.now(), missing_since=F("missing_since") - later)
    call_command("refresh_embeds")
