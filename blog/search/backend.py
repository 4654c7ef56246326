"""The database that is in use. What it must answer is `Term.is_in` (query.py); tests hold both to that."""

from __future__ import annotations

from django.db import connection

from blog.search import postgres, sqlite

_used = postgres if connection.vendor == "postgresql" else sqlite
newest = _used.newest
rebuild = _used.rebuild
