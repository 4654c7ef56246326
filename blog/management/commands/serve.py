"""`manage.py serve`: the blog on Granian."""

from __future__ import annotations

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Replace this process by the server."""

    help = "Serve the blog on this machine. Behind nginx or Caddy see deploy/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--workers", type=int, default=1, help="processes; one serves a small blog easily")

    def handle(self, *args: Any, host: str, port: str, workers: int, **options: Any) -> None:
        """Check the port first: the server's own message about it is hard to read."""
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise CommandError(f"PORT={port} is no port: write a number from 1 to 65535.")
        _check_free(host, int(port))
        address = settings.ROOST_URL or f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self.stdout.write(f"The blog:  {address}/\nThe admin: {address}/admin/\nCtrl+C stops it.")
        self.stdout.flush()
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port]
        server += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        os.execv(sys.executable, [*server, "config.wsgi:application"])  # noqa: S606  # a shell has no part in it


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CommandError(f"Port {port} needs more rights. Choose one above 1023: make run PORT=8001") from None
        except OSError as error:
            raise CommandError(
                f"Can't listen on {host}:{port} ({error.strerror}). Stop the program that uses the port, "
                f"or choose another: make run PORT={port + 1 if port < 65535 else 8001}"
            ) from None
