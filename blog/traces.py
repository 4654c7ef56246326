"""Pages that were made before are made again only if the database says something else than it did then.

A change makes all pages stale (`blog.version`), though most show nothing of it. So what is asked while a page is made
is recorded, and asked again when the page is wanted again: if all answers are the same, so is the page. That takes
the queries, and neither the composing of them, nor objects for rows, nor templates. Nobody says what a page depends on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

from blog import pagecache, version
from blog.pagecache import Key, Keys
from blog.questions import Record, recorded
from blog.views import gallery, search

_View = Callable[[HttpRequest], HttpResponse]

# An address with one of these shows something else than without it.
_PARAMETERS = frozenset({"page", *search.PARAMETERS, *gallery.PARAMETERS})
_OVERHEAD = 4096  # bytes of a trace besides the page, roughly; statements are shared by pages


@dataclass(slots=True)
class Trace:
    """A page, and what was asked to make it."""

    record: Record
    content: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HttpResponse, record: Record) -> Trace | None:
        """Of a page that all readers get alike."""
        vary = {name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()}
        if response.status_code != 200 or response.streaming or response.cookies or not record.is_complete:
            return None
        return cls(record, response.content, dict(response.headers)) if vary <= {"accept", "accept-encoding"} else None

    def holds(self) -> bool:
        """Whether the database still says what it said. What many pages ask is asked once a version."""
        shared = self.record.shared.items()
        return all(version.remembered(question, question.ask) == digest for question, digest in shared) and all(
            question.ask() == digest for question, digest in self.record.own.items()
        )

    @property
    def response(self) -> HttpResponse:
        """The page."""
        return HttpResponse(self.content, headers=self.headers)

    @property
    def size(self) -> int:
        """In memory, in bytes, roughly."""
        return _OVERHEAD + len(self.content)


class Traces:
    """Those of the pages asked for last, of so many bytes at most."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._known: OrderedDict[Key, Trace] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, key: Key, make: Callable[[], HttpResponse]) -> HttpResponse:
        """The page as it is now. The caller sees to it that all is read from one state of the database."""
        known = self._known.get(key)
        if known and known.holds():
            self._keep(key, known)
            return known.response
        with recorded() as record:
            response = make()
        self._keep(key, Trace.of(response, record))
        return response

    def _keep(self, key: Key, trace: Trace | None) -> None:
        with self._lock:
            old = self._known.pop(key, None)
            self.size -= old.size if old else 0
            if trace:
                self._known[key] = trace
                self.size += trace.size
            while self.size > self.limit:
                _key, old = self._known.popitem(last=False)
                self.size -= old.size


def middleware(get_response: _View) -> _View:
    """Answer what all readers get alike, whether it is kept ready before Django or not.

    A view sees a request made from the key: what else somebody sends can't get into a page.
    """
    traces, key_of = Traces(settings.TRACE_BYTES), Keys()

    def trace(request: HttpRequest) -> HttpResponse:
        key = key_of({"HTTP_HOST": request.get_host(), **request.META}) if settings.TRACE_BYTES else None
        if key is None or not _PARAMETERS.isdisjoint(request.GET):
            return get_response(request)
        if request.META.get(pagecache.ALIKE):  # it is made from its key, and one state is shown
            return traces.answer(key, lambda: get_response(request))
        path = key.path.encode().decode("latin-1")  # Django has read it by now; PEP 3333 has its bytes so
        asked = WSGIRequest(pagecache.plain(key._replace(path=path)))
        with version.showing(version.current()):
            response = traces.answer(key, lambda: get_response(asked))
        moved = 300 <= response.status_code < 400  # what has moved takes its parameters along
        return get_response(request) if moved else response

    return trace
