"""From page to page over the whole site, as a reader would, and a file for each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, unquote_to_bytes, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIHandler
from django.template.loader import render_to_string
from django.urls import reverse

from blog import version
from blog.export.folder import Folder
from blog.export.links import Links, in_page, in_sheet, in_text
from blog.models import Category, Redirect
from blog.pagecache import Key, Page, Response, ask

_STARTS = ("home", "sitemap", "robots", "llms", "search", "atom", "rss", "json", "all_series", "models", "failures")
_ENCODINGS = {"gzip": ".gz", "br": ".br"}
_CHUNK = 2**16
_REDIRECTS = {
    Redirect.Kind.POST: ("post", "slug"),
    Redirect.Kind.PAGE: ("page", "slug"),
    Redirect.Kind.CATEGORY: ("category", "path"),
    Redirect.Kind.TAG: ("tag", "slug"),
    Redirect.Kind.SERIES: ("series", "slug"),
}


@dataclass
class Export:
    """One pass over the site. Addresses are paths, percent-encoded as in links."""

    folder: Folder
    progress: Callable[[int, int], None]  # files that are done, and known
    broken: list[str] = field(default_factory=list)
    pages: int = 0

    def __post_init__(self) -> None:
        self.base = settings.ROOST_URL
        self.app = WSGIHandler()
        self.shown = version.current()
        admin, preview = reverse("admin:index"), reverse("draft", args=["-"]).removesuffix("-/")
        self.private = (admin, preview, reverse("healthz"))
        self.named_by: dict[str, str] = {}  # an address, and the page that names it
        self.queue: deque[str] = deque()
        self.fragments: dict[str, dict[str, str]] = {}  # address → fragment → the page that names it

    def run(self) -> None:
        """Write what has changed, remove what is no more, and find out which links are broken."""
        self.folder.write(".nojekyll", b"")  # GitHub Pages sends the files as they are
        self._write("404.html", self._ask("/404/"))
        for address in (*(reverse(name) for name in _STARTS), *_old_addresses()):
            self._name(quote(unquote(address)), "")
        done = 0
        while self.queue:
            self._visit(self.queue.popleft())
            done += 1
            self.progress(done, len(self.named_by))
        self._check_fragments()
        self.folder.remove_others()

    def _name(self, address: str, page: str) -> None:
        if address not in self.named_by:
            self.named_by[address] = page
            self.queue.append(address)

    def _visit(self, address: str) -> None:
        if address.startswith(settings.STATIC_URL):
            self._copy_static(address)
        elif address.startswith(settings.MEDIA_URL):
            self._copy_media(address)
        else:
            self._take(address)

    def _take(self, address: str) -> None:
        answer = self._ask(address)
        status = int(answer.status[:3])
        target = dict(answer.headers).get("Location", "")
        if status in (301, 302) and target:
            target = urljoin(f"{self.base}{address}", target).removeprefix(self.base)
            if address.endswith("/"):
                body = render_to_string("blog/moved.html", {"target": f"{self.base}{target}"})
                self.folder.write(_file(address), body.encode())
            self._note(address, Links({target}))
        elif status == 200:
            self._write(_file(address), answer)
            self.pages += 1
            self._follow(address, answer)
        elif page := self.named_by[address]:  # else an old one that leads nowhere any more
            self.broken.append(f"{page} → {address}: {answer.status}")

    def _ask(self, address: str) -> Response:
        scheme, host = urlsplit(self.base)[:2]
        path = unquote_to_bytes(address).decode("latin-1")  # as in PEP 3333
        return ask(self.app, Key(scheme, host, path, "*/*"), self.shown)

    def _write(self, name: str, answer: Response) -> None:
        """The bytes that the server would send, in each encoding."""
        page = Page([], answer.body, "", None)
        self.folder.write(name, page.body)
        for encoding, ending in _ENCODINGS.items():
            body = page.encoded(encoding).body
            if body is not page.body:
                self.folder.write(name + ending, body)

    def _follow(self, address: str, answer: Response) -> None:
        """Note what a document names. Only pages are answerable for where their links lead."""
        kind = dict(answer.headers)["Content-Type"].partition(";")[0]
        text = answer.body.decode()
        if kind != "text/html":
            self._note(address, in_text(text, self.base))
            return
        links = in_page(text)
        self._note(address, links)
        self.broken += [
            f"{address} → #{fragment}: there is no such place"
            for fragment in self.fragments.pop(address, {})
            if not _is_there(fragment, links.ids)
        ]

    def _note(self, address: str, links: Links) -> None:
        for named in sorted(links.addresses):
            whole, fragment = urldefrag(urljoin(f"{self.base}{address}", named.strip()))
            parts = urlsplit(whole)
            if f"{parts.scheme}://{parts.netloc}" != self.base or parts.path.startswith(self.private):
                continue
            target = quote(unquote(parts.path) or "/")  # without parameters: no file can answer them
            if fragment and links.ids:
                self.fragments.setdefault(target, {}).setdefault(unquote(fragment), address)
            self._name(target, address)

    def _check_fragments(self) -> None:
        """Of pages that were read before another one named a place in them."""
        for address, wanted in self.fragments.items():
            name = _file(address)
            ids = in_page(self.folder.read(name).decode()).ids if name in self.folder else set()
            self.broken += [
                f"{page} → {address}#{fragment}: there is no such place"
                for fragment, page in wanted.items()
                if not _is_there(fragment, ids)
            ]

    def _copy_static(self, address: str) -> None:
        """A collected file, with what stands compressed beside it."""
        name = unquote(address.removeprefix(settings.STATIC_URL))
        if not staticfiles_storage.exists(name):
            self.broken.append(f"{self.named_by[address]} → {address}: not collected (manage.py setup)")
            return
        for ending in ("", *_ENCODINGS.values()):
            path = Path(staticfiles_storage.path(name + ending))
            if path.is_file():
                self.folder.write(_file(address) + ending, path.read_bytes())
        if name.endswith(".css"):
            self._note(address, in_sheet(Path(staticfiles_storage.path(name)).read_text()))

    def _copy_media(self, address: str) -> None:
        name = unquote(address.removeprefix(settings.MEDIA_URL))
        if not default_storage.exists(name):
            self.broken.append(f"{self.named_by[address]} → {address}: there is no such file")
            return
        modified = default_storage.get_modified_time(name).timestamp()
        with default_storage.open(name) as file:
            self.folder.copy(_file(address), file.chunks(_CHUNK), default_storage.size(name), modified)


def _is_there(fragment: str, ids: set[str]) -> bool:
    return fragment in ids or fragment in ("", "top")  # the beginning of every page


def _file(address: str) -> str:
    """Where a host looks for an address."""
    name = unquote(address).removeprefix("/")
    return f"{name}index.html" if not name or name.endswith("/") else name


def _old_addresses() -> Iterator[str]:
    """What has moved, and Chirpy's flat categories: the server knows where they lead."""
    for kind, old in Redirect.objects.values_list("kind", "old").iterator():
        name, argument = _REDIRECTS[Redirect.Kind(kind)]
        yield reverse(name, kwargs={argument: old})
    for slug in Category.objects.filter(parent__isnull=False).values_list("slug", flat=True):
        yield reverse("category", args=[slug])
