"""nginx and Caddy with the configurations that the project ships."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.server import PROJECT

DEPLOY = PROJECT / "deploy"


def program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if path is None:
        message = f"no {name} found: install it (Debian: apt install {name})"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


def nginx(folder: Path, port: int, backend: int) -> list[str]:
    """The shipped site without its certificates, in a configuration around it."""
    site = (DEPLOY / "nginx.conf").read_text()
    site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};").replace(":8000;", f":{backend};")
    site = re.sub(r"(?m)^ *ssl_.*\n", "", site).replace("/var/cache/nginx/roost", f"{folder}/cache")
    site = site.replace("server_name blog.example.com;", "server_name 127.0.0.1;")
    site, redirect = site[: site.rindex("server {")], site[site.rindex("server {") :]
    assert "listen 80;" in redirect
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temp = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # another one may not enter the folder of the tests
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr error; worker_processes 1;\n"
        f"events {{ worker_connections 256; }}\nhttp {{ access_log off; {temp}\n{site}\n}}\n"
    )
    return [program("nginx"), "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, backend: int) -> list[str]:
    site = (DEPLOY / "Caddyfile").read_text()
    site = site.replace("blog.example.com {", f"http://127.0.0.1:{port} {{").replace(":8000 {", f":{backend} {{")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}")
    return [program("caddy"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
