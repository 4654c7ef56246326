"""Rendering with a deadline that really stops the work.

Python-Markdown is quadratic on some texts (100,000 unclosed `<!--`) and sits in one regular expression for minutes,
where no exception and no signal handler reaches it. So a text is rendered in a child process that is killed when it
takes too long. The child is kept between texts: handing one over costs about 0.1 ms.

Run as a program, this file is that child: requests and answers are lines of JSON.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, Any

from blog.rendering.pipeline import MAX_CHARACTERS, render as render_here
from blog.rendering.rendered import Rendered, RenderError
from blog.rendering.words import WORDS

DEADLINE_SECONDS = 1.5  # of processor time: a busy machine is not the text's fault. A long post (30 kB) takes 0.05
PATIENCE = 8  # times that, by the clock on the wall
STARTUP_SECONDS = 20.0  # importing the libraries, on a busy machine
MEMORY_BYTES = 1 << 30

_PROJECT = Path(__file__).resolve().parent.parent.parent


class _Child:
    def __init__(self) -> None:
        # -P: the current folder is not searched for modules; the project is named instead.
        environment = {**os.environ, "PYTHONPATH": str(_PROJECT)}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "blog.rendering.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=_PROJECT,
        )
        self.selector = selectors.DefaultSelector()
        assert self.process.stdin and self.process.stdout
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout
        os.set_blocking(self.stdout.fileno(), False)
        self.selector.register(self.stdout, selectors.EVENT_READ)
        try:
            ready = self.read_line(STARTUP_SECONDS)
        except EOFError:
            ready = None
        if ready != b"ready":
            self.stop()
            raise RenderError("The renderer didn't start. Try again; if it stays so, look at the server's log.")

    def read_line(self, seconds: float) -> bytes | None:
        """The child's next line, None if it takes longer than `seconds`. Raises EOFError if the child is gone."""
        end = time.monotonic() + seconds
        received = bytearray()
        while (left := end - time.monotonic()) > 0:
            if not self.selector.select(left):
                break
            piece = self.stdout.read()
            if not piece:
                raise EOFError
            received += piece
            if received.endswith(b"\n"):
                return bytes(received[:-1])
        return None

    def ask(self, request: bytes) -> bytes | None:
        """The answer to a request, None if there was none in time. Raises EOFError if the child is gone."""
        try:
            self.stdin.write(request + b"\n")
            self.stdin.flush()
        except BrokenPipeError:
            raise EOFError from None
        try:
            return self.read_line(DEADLINE_SECONDS * PATIENCE)
        except EOFError:
            if self.process.wait() == -getattr(signal, "SIGPROF", 0):
                return None
            raise

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.selector.close()
        self.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # what it didn't read any more
            self.stdin.close()


_lock = threading.Lock()
_child: _Child | None = None


def render(
    source: str,
    *,
    variables: Mapping[str, object] | None = None,
    media_url: str = "/media/",
    instances: Collection[str] = (),
    words: Mapping[str, str] = WORDS,
) -> Rendered:
    """`blog.rendering.render` in another process, given up after DEADLINE_SECONDS of work.

    Raises RenderError as it does, and if the deadline passes or the memory limit is hit.
    """
    global _child
    if len(source) > MAX_CHARACTERS:
        return render_here(source)  # raises: nothing so long is worth sending
    options = {"variables": dict(variables or {}), "media_url": media_url, "instances": sorted(instances)}
    options["words"] = dict(words)
    request = json.dumps({"seconds": DEADLINE_SECONDS, "text": {"source": source, **options}}, default=str)
    with _lock:
        if _child is None or _child.process.poll() is not None:
            stop()
            _child = _Child()
        try:
            answer = _child.ask(request.encode())
        except EOFError:
            stop()
            raise RenderError("The renderer stopped, perhaps for lack of memory. Try again.") from None
        if answer is None:
            stop()
    if answer is None:
        raise RenderError(
            "The text takes too long to render and was stopped. It probably has a long run of unclosed brackets, "
            "asterisks, tags or comments: close or remove them, or split the text."
        )
    result: dict[str, Any] = json.loads(answer)
    if "error" in result:
        raise RenderError(result["error"])
    return Rendered.from_json(result)


def stop() -> None:
    """End the child, if there is one; the next text starts another."""
    global _child
    if _child is not None:
        _child.stop()
        _child = None


def _forget_after_fork() -> None:
    global _child, _lock
    _child, _lock = None, threading.Lock()


atexit.register(stop)
os.register_at_fork(after_in_child=_forget_after_fork)


def main() -> None:
    """Answer requests until the parent closes its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, whose end closes this one's input
    _limit_memory()
    output = sys.stdout.buffer
    output.write(b"ready\n")
    output.flush()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _work_at_most(request["seconds"])
        try:
            answer = render_here(**request["text"]).to_json()
        except RenderError as error:
            answer = {"error": str(error)}
        except MemoryError:
            answer = {"error": "The text needs too much memory to render. Shorten it."}
        _work_at_most(0)
        output.write(json.dumps(answer).encode() + b"\n")
        output.flush()


def _work_at_most(seconds: float) -> None:
    """End this process after so much processor time, whatever it is doing then; 0 is for ever."""
    if hasattr(signal, "setitimer"):  # Windows has none; there the parent's patience serves
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no limits of this kind
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > MEMORY_BYTES:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, hard))


if __name__ == "__main__":
    main()
