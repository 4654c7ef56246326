"""Whole pages, ready to be sent: what all readers get alike is made once a content version, and answered before Django.

A page is kept only if it was made from nothing but what its key says: the request that Django sees is built here, from
scheme, host and path. Whatever else a reader sends can't get into it, so it can't be poisoned.

https://www.rfc-editor.org/rfc/rfc9111 (caching), https://www.rfc-editor.org/rfc/rfc9110 (ETag, Vary, 304)
"""

from __future__ import annotations

import gzip
import re
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import blake2b
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.db import connection, transaction
from django.dispatch import receiver
from django.http.request import split_domain_port, validate_host
from django.urls import reverse
from django.utils.http import parse_http_date_safe

from blog import version
from blog.announce import news
from blog.models import Post
from blog.version import Version

# For everybody who keeps copies: a second, five more while a new one is fetched, a day if we don't answer; readers' own
# browsers ask each time. https://www.rfc-editor.org/rfc/rfc5861
PUBLIC = "public, max-age=0, s-maxage=1, stale-while-revalidate=5, stale-if-error=86400"
# In the environ of requests whose answer all readers may have: the version that it shows.
ALIKE = "roost.alike"

SMALLEST = 500  # bytes; compressing less isn't worth the reader's time
_OVERHEAD = 2048  # bytes of a page besides its body, roughly

_Environ = dict[str, Any]
_StartResponse = Callable[..., Any]
_App = Callable[[_Environ, _StartResponse], Iterable[bytes]]
_Headers = list[tuple[str, str]]

_OWN = frozenset({"content-length", "content-encoding", "etag", "vary"})  # each encoding's
_REPEATED = frozenset({"cache-control", "etag", "last-modified", "vary"})  # by a 304: RFC 9110, 15.4.5
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}


class Key(NamedTuple):
    """All that a page may depend on."""

    scheme: str
    host: str
    path: str
    accept: str


class Keys:
    """Tells what a request asks for."""

    def __init__(self) -> None:
        self.host = urlsplit(settings.ROOST_URL).netloc
        draft = reverse("draft", args=["-"]).removesuffix("-/")
        # What isn't alike for everybody, and files, which have their own ways.
        self.others = (reverse("admin:index"), draft, reverse("healthz"), settings.STATIC_URL, settings.MEDIA_URL)
        self.session = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(self, environ: _Environ) -> Key | None:
        """But for its parameters; None if the answer isn't the same for everybody, or nobody should ask so."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or path.startswith(self.others):
            return None
        host = environ.get("HTTP_HOST", "")
        if self.session in environ.get("HTTP_COOKIE", "") or not _is_ours(host):
            return None  # to another host, Django has an answer
        scheme = environ["wsgi.url_scheme"]
        if settings.BEHIND_PROXY:
            forwarded = environ.get("HTTP_X_FORWARDED_PROTO", "").split(",", 1)[0].strip()
            scheme = "https" if forwarded == "https" else "http"
        # Feeds are XML of another type for browsers.
        accept = "text/html" if path.endswith(".xml") and "text/html" in environ.get("HTTP_ACCEPT", "") else "*/*"
        return Key(scheme, self.host or host, path, accept)


@dataclass(slots=True)
class Answer:
    """What a reader gets; `unchanged` are the headers of a 304."""

    etag: str
    headers: _Headers
    unchanged: _Headers
    body: bytes


@dataclass(slots=True)
class Page:
    """A page that was made once."""

    headers: _Headers
    body: bytes
    digest: str
    modified: int | None  # Last-Modified, in seconds since 1970
    answers: dict[str, Answer] = field(default_factory=dict)  # by encoding

    def encoded(self, encoding: str) -> Answer:
        """In an encoding, or as it is where that saves nothing."""
        compress = _COMPRESS.get(encoding) if len(self.body) >= SMALLEST else None
        body = compress(self.body) if compress else self.body
        # A strong ETag names these very bytes: another encoding has another.
        etag = f'"{self.digest}-{encoding}"' if compress else f'"{self.digest}"'
        headers = [*self.headers, ("ETag", etag), ("Content-Length", str(len(body)))]
        if compress:
            headers.append(("Content-Encoding", encoding))
        unchanged = [(name, value) for name, value in headers if name.lower() in _REPEATED]
        return Answer(etag, headers, unchanged, body)

    @property
    def size(self) -> int:
        """In memory, in bytes, roughly."""
        encoded = (len(answer.body) for answer in self.answers.values() if answer.body is not self.body)
        return _OVERHEAD + len(self.body) + sum(encoded)

    @classmethod
    def of(cls, made: Response) -> Page | None:
        """What was made, if all readers may have it."""
        headers = {name.lower(): value for name, value in made.headers}
        vary = [name.strip() for name in headers.get("vary", "").split(",") if name.strip()]
        others = [name for name in vary if name.lower() not in ("accept", "accept-encoding")]
        if made.status != "200 OK" or headers.get("cache-control") != PUBLIC or "set-cookie" in headers or others:
            return None
        kept = [(name, value) for name, value in made.headers if name.lower() not in _OWN]
        accept = ["Accept"] if "accept" in map(str.lower, vary) else []
        kept.append(("Vary", ", ".join([*accept, "Accept-Encoding"])))
        digest = blake2b(made.body, digest_size=12)
        # A 304 leaves the reader with older headers. Sorted: each process writes a policy in another order.
        digest.update(repr([(name, sorted(value.split("; "))) for name, value in kept]).encode())
        modified = parse_http_date_safe(headers["last-modified"]) if "last-modified" in headers else None
        return cls(kept, made.body, digest.hexdigest(), modified)


class Response(NamedTuple):
    """What Django answered."""

    status: str
    headers: _Headers
    body: bytes


@dataclass(slots=True, eq=False)
class Edition:
    """The pages of one content version. They are dropped together, but for what is the same in the next one."""

    version: Version
    pages: OrderedDict[Key, Page] = field(default_factory=OrderedDict)  # the one asked for last comes last
    size: int = 0  # bytes
    making: dict[Key, threading.Lock] = field(default_factory=dict)
    before: OrderedDict[Key, Page] = field(default_factory=OrderedDict)  # those of the version before, not to be sent

    @classmethod
    def after(cls, edition: Edition | None, shown: Version) -> Edition:
        """The next one."""
        return (
            cls(shown, before=edition.pages, size=sum(page.size for page in edition.pages.values()))
            if edition
            else cls(shown)
        )

    def add(self, key: Key, page: Page, limit: int) -> Page:
        """Keep a page. What is the same as before has been compressed already."""
        if old := self.before.pop(key, None):
            self.size -= old.size
            page = old if old.digest == page.digest else page
        self.pages[key] = page
        self.grow(page.size, limit)
        return page

    def grow(self, by: int, limit: int) -> None:
        """Count bytes; drop the pages that nobody has asked for the longest if there are too many."""
        self.size += by
        while self.size > limit and (self.before or self.pages):
            _key, page = (self.before or self.pages).popitem(last=False)
            self.size -= page.size


class PageCache:
    """A WSGI application (PEP 3333) around Django's. `limit` bounds what this process keeps, in bytes."""

    def __init__(self, app: _App, limit: int) -> None:
        self.app, self.limit = app, limit
        self.edition: Edition | None = None
        self.lock = threading.Lock()  # for the edition and what is in it
        self.warming = threading.Lock()
        self.key = Keys()
        root = urlsplit(settings.ROOST_URL)
        self.origin = root.scheme, root.netloc

    def __call__(self, environ: _Environ, start_response: _StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        # Addresses of pages have no parameters; a search isn't worth keeping.
        key = None if environ["QUERY_STRING"] else self.key(environ)
        if key is None:
            return self._pass_on(environ, start_response)
        shown, edition = version.current(), self.edition
        ready = edition.pages.get(key) if edition and edition.version is shown else None
        page = ready or self.made(key, shown)
        with_body = environ["REQUEST_METHOD"] == "GET"
        if isinstance(page, Response):
            start_response(page.status, page.headers)
            return [page.body] if with_body else []
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        answer = page.answers.get(encoding) or self._encoded(key, page, encoding)
        if edition and ready:
            with suppress(KeyError):  # dropped meanwhile
                edition.pages.move_to_end(key)
        if _is_unchanged(page, answer, environ):
            start_response("304 Not Modified", answer.unchanged)
            return []
        start_response("200 OK", answer.headers)
        return [answer.body] if with_body else []

    def made(self, key: Key, shown: Version) -> Page | Response:
        """A page of a version, made by one thread while the others wait for it; or what Django says instead."""
        with self.lock:
            is_new = self.edition is None or shown.place > self.edition.version.place
            if is_new:
                self.edition = Edition.after(self.edition, shown)
            # A thread that was late for it makes its page, but doesn't keep it.
            edition = self.edition if self.edition and self.edition.version is shown else Edition(shown)
            making = edition.making.setdefault(key, threading.Lock())
        try:
            with making:
                page = edition.pages.get(key)
                if page is None:
                    response = ask(self.app, key, shown)
                    page = Page.of(response)
                    if page is None:
                        return response
                    with self.lock:
                        page = edition.add(key, page, self.limit)
                return page
        finally:
            with self.lock:
                edition.making.pop(key, None)
            self.origin = key[:2]
            if is_new:
                self.warm()

    def _encoded(self, key: Key, page: Page, encoding: str) -> Answer:
        answer = page.encoded(encoding)
        with self.lock:
            if encoding not in page.answers:
                page.answers[encoding] = answer
                if self.edition and answer.body is not page.body and self.edition.pages.get(key) is page:
                    self.edition.grow(len(answer.body), self.limit)
        return answer

    # --- Warming ---

    def _pass_on(self, environ: _Environ, start_response: _StartResponse) -> Iterable[bytes]:
        """What isn't kept is Django's. If that has changed what readers see, have the pages ready."""
        response = self.app(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST" and (not self.edition or version.current() is not self.edition.version):
            self.warm()
        return response

    def warm(self) -> None:
        """Make the front page, the feeds and what has just been published, in a thread, before somebody asks."""
        if self.origin[1] and self.warming.acquire(blocking=False):
            threading.Thread(target=self._warm, daemon=True).start()

    def _warm(self) -> None:
        try:
            paths = [reverse(name) for name in ("home", "atom", "rss", "json")]
            while _published:
                paths.append(_published.popleft())
            for path in paths:
                key = Key(*self.origin, path, "*/*")
                page = self.made(key, version.current())
                if isinstance(page, Page):
                    for encoding in _COMPRESS:
                        page.answers.get(encoding) or self._encoded(key, page, encoding)
        finally:
            connection.close()
            self.warming.release()


def plain(key: Key) -> _Environ:
    """A request that says what the key says and no more."""
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path,
        "QUERY_STRING": "",
        "SERVER_NAME": key.host.partition(":")[0],
        "SERVER_PORT": "443" if key.scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": key.host,
        "HTTP_ACCEPT": key.accept,
        "HTTP_X_FORWARDED_PROTO": key.scheme,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": key.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(app: _App, key: Key, shown: Version) -> Response:
    """What Django answers to such a request."""
    said: list[Any] = []
    parts = app({**plain(key), ALIKE: shown}, lambda status, headers, exc_info=None: said.extend((status, headers)))
    try:
        content = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return Response(said[0], said[1], content)


def _is_unchanged(page: Page, answer: Answer, environ: _Environ) -> bool:
    """Whether the reader has this answer already (RFC 9110, 13.2.2)."""
    tags: str | None = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return answer.etag in tags or tags == "*"  # compared weakly; no tag is a part of another
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or page.modified is None:
        return False
    moment = parse_http_date_safe(since)
    return moment is not None and moment >= page.modified


@lru_cache(maxsize=256)
def encoding_for(accepted: str) -> str:
    """Which encoding an Accept-Encoding gets: "br", "gzip" or "identity" (RFC 9110, 12.5.3)."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = re.search(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*$", parameters)
        weights[name.strip()] = float(weight[1]) if weight else 1.0
    anything = weights.get("*", 0.0)
    best = max(_COMPRESS, key=lambda encoding: weights.get(encoding, anything))  # of equals the first
    wanted = weights.get(best, anything)
    return best if wanted > 0 and wanted >= weights.get("identity", 0.0) else "identity"


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


# --- What is worth warming ------------------------------------------------------------------------------------------

_published: deque[str] = deque(maxlen=20)


@receiver(news)
def _note(sender: type[Post], post: Post, **_: Any) -> None:
    transaction.on_commit(partial(_published.append, post.get_absolute_url()))
