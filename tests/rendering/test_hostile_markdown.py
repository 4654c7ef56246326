"""Text that makes Python-Markdown hang or blow its stack: a page or a clear message, and the next text is rendered."""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from blog.rendering import Rendered, RenderError, pipeline, render, worker
from blog.rendering.kramdown import MAX_NESTING
from blog.rendering.pipeline import MAX_CHARACTERS

pytestmark = pytest.mark.whole

PROJECT = Path(__file__).resolve().parent.parent.parent
TOO_LONG = "characters; 100,000 is the most"
TOO_DEEP = "nested more than 20 levels deep"
TOO_SLOW = "takes too long to render and was stopped"
HANGS = "[" * 99_000  # minutes, without a deadline


def child() -> int:
    """The process that renders."""
    assert worker._child is not None
    return worker._child.process.pid


def has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "DEADLINE_SECONDS", 0.3)


@pytest.fixture
def new_child() -> Iterator[None]:
    worker.stop()
    yield
    worker.stop()


# What the issue names


@pytest.mark.parametrize(
    "source",
    ["[" * 1_000_000, "*a " * 50_000, "<!--" * 100_000, "x" * (MAX_CHARACTERS + 1)],
    ids=["a megabyte of [", "50,000 *a", "100,000 <!--", "one more than allowed"],
)
def test_a_text_that_is_too_long_is_refused_at_once(source: str) -> None:
    for renderer in (render, worker.render):
        with pytest.raises(RenderError, match=TOO_LONG) as caught:
            renderer(source)
        assert f"{len(source):,} characters" in str(caught.value)


def test_a_text_of_the_greatest_length_is_rendered() -> None:
    source = ("가나다라 마바사 " * 11 + "\n\n") * 2000
    rendered = render(source[:MAX_CHARACTERS])
    assert rendered.html.startswith("<p>가나다라 마바사")


@pytest.mark.parametrize(
    "source",
    [
        ">" * 10_000,
        "> " * 10_000 + "x",
        "\n".join("  " * depth + "- a" for depth in range(200)),
        "\n".join("    " * depth + "- a" for depth in range(150)),
        "\n".join("   " * depth + "1. a" for depth in range(200)),
        "\n\n".join("  " * depth + "- a" for depth in range(100)),
        "- > " * 5_000 + "x",
        "* " * 20_000 + "x",
    ],
    ids=["quotes", "quotes with spaces", "lists", "wide lists", "numbers", "loose lists", "both", "one line"],
)
def test_deep_nesting_is_refused_with_a_message(source: str) -> None:
    for renderer in (render, worker.render):
        with pytest.raises(RenderError, match=TOO_DEEP):
            renderer(source)


def nested_quotes(depth: int) -> str:
    return "> " * depth + "x"


def nested_lists(depth: int) -> str:
    return "\n".join("  " * level + "- x" for level in range(depth))


@pytest.mark.parametrize(("nested", "tag"), [(nested_quotes, "<blockquote>"), (nested_lists, "<ul>")])
def test_nesting_is_limited_where_nobody_reads_any_more(nested: Any, tag: str) -> None:
    assert render(nested(MAX_NESTING)).html.count(tag) == MAX_NESTING
    with pytest.raises(RenderError, match=TOO_DEEP):
        render(nested(MAX_NESTING + 1))


@pytest.mark.parametrize("source", ["*a " * 33_000, "<!--" * 25_000], ids=["*a", "<!--"])
def test_a_long_run_that_is_quick_gives_its_page(source: str) -> None:
    """What the issue names, as far as the size limit lets it in."""
    result = outcome(source)
    assert result if isinstance(result, str) else TOO_SLOW in str(result)
    assert worker.render("after").html == "<p>after</p>"


def outcome(source: str) -> str | RenderError:
    """The page or the message: any other answer, or none, fails the test."""
    try:
        rendered = worker.render(source)
    except RenderError as error:
        return error
    assert isinstance(rendered, Rendered)
    return rendered.html


@pytest.mark.usefixtures("short_deadline")
@pytest.mark.parametrize(
    "source",
    [
        HANGS,
        "[a](" * 20_000,
        "![" * 45_000,
        "[[a]" * 20_000,
        "`" * 99_000,
        " ".join("`" * count for count in range(1, 400)),
        "_a " * 33_000,
        "***a" * 24_000,
        "~~a " * 24_000,
        "*" * 99_000,
        "<" * 90_000,
        "&" * 90_000,
        "<div>" * 15_000,
        '<div markdown="1">' * 5_000,
        "<b>" * 30_000,
        "<b " * 30_000,
        "<!" * 45_000,
        "<?" * 45_000,
        "<![CDATA[" * 10_000,
        "</p>" * 20_000,
        '<a href="' * 10_000,
        "{% " * 30_000,
        "{% include embed/x.html " + '"' * 50_000,
        "{% embed x " + "'\"%" * 20_000,
        "{% raw %}" * 10_000,
        "{: " * 30_000,
        "{:a\n" * 20_000,
        "```\n" * 24_000,
        "```a\n" * 19_000,
        "".join(f"[^{number}]" for number in range(9_000)),
        "".join(f"[^{number}]: x\n\n" for number in range(6_000)),
        "".join(f"*[a{number}]: x\n" for number in range(7_000)) + "text",
        "|" * 40_000 + "\n" + "|-" * 29_000,
        "| a " * 10_000 + "\n" + "|---" * 10_000,
        "https://" * 12_000,
        "https://a.example/" + ")" * 90_000,
        "https://x.com/a/status/20\n\n" * 3_600,
        "https://x.com/a/status/" + "1" * 90_000,
        "# a\n" * 24_000,
        "- a\n" * 24_000,
        "- a\n1. b\n" * 10_000,
        "a\n: b\n" * 15_000,
        "> Prompt: a\n\n" * 7_000,
        "> Prompt: " + "*" * 90_000,
        "a\n- b\n\n" * 12_000,
        "\n" * 99_000,
        " " * 99_000,
        "\t" * 24_000,
        "\\" * 99_000,
        "\x02" * 99_000,
        "가" * 99_000,
        "\U0001f3ac" * 99_000,
        "\ud800" * 10,
    ],
    ids=lambda source: repr(source[:20]),
)
def test_a_long_run_gives_a_page_or_a_message(source: str) -> None:
    assert len(source) <= MAX_CHARACTERS
    result = outcome(source)
    assert isinstance(result, str) or any(known in str(result) for known in (TOO_SLOW, TOO_DEEP, "nested too deeply"))


# The deadline, and what comes after it


def test_a_text_that_takes_too_long_is_stopped_and_the_next_one_is_rendered() -> None:
    worker.render("before")
    stopped = child()
    with pytest.raises(RenderError, match=TOO_SLOW):
        worker.render(HANGS)
    assert has_ended(stopped)
    assert worker.render("**after**").html == "<p><strong>after</strong></p>"
    assert child() != stopped


def test_the_child_is_kept_between_texts() -> None:
    worker.render("one")
    kept = child()
    with pytest.raises(RenderError):
        worker.render(nested_quotes(100))
    worker.render("two")
    assert child() == kept


def test_a_child_that_has_died_is_replaced() -> None:
    worker.render("before")
    died = child()
    assert worker._child is not None
    os.kill(died, signal.SIGKILL)
    worker._child.process.wait()
    assert worker.render("after").html == "<p>after</p>"
    assert child() != died


def test_a_child_that_does_not_answer_is_replaced() -> None:
    worker.render("before")
    stopped = child()
    os.kill(stopped, signal.SIGSTOP)  # it neither answers nor ends
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "DEADLINE_SECONDS", 0.1)
        with pytest.raises(RenderError, match=TOO_SLOW):
            worker.render("during")
    assert has_ended(stopped)
    assert worker.render("after").html == "<p>after</p>"


def test_a_child_that_dies_over_a_text_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    worker.render("before")
    assert worker._child is not None
    dying, flush = worker._child, worker._child.stdin.flush
    os.kill(dying.process.pid, signal.SIGSTOP)  # so that it has no time to answer

    def die() -> None:
        flush()
        dying.process.kill()

    pipe = SimpleNamespace(write=dying.stdin.write, flush=die, close=dying.stdin.close)
    with monkeypatch.context() as patch:
        patch.setattr(dying, "stdin", pipe)
        with pytest.raises(RenderError):
            worker.render("during")
    assert has_ended(dying.process.pid)
    assert worker.render("after").html == "<p>after</p>"


def test_a_child_that_closes_its_end_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    worker.render("before")
    assert worker._child is not None
    gone = worker._child
    os.kill(gone.process.pid, signal.SIGKILL)
    gone.process.wait()
    with monkeypatch.context() as patch:
        patch.setattr(gone.process, "poll", lambda: None)  # it died after it was looked at
        with pytest.raises(RenderError, match="stopped, perhaps for lack of memory"):
            worker.render("x" * 90_000)
    assert worker.render("after").html == "<p>after</p>"


@pytest.mark.usefixtures("new_child")
def test_a_child_that_does_not_start_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(worker, "STARTUP_SECONDS", 0.0)
        with pytest.raises(RenderError, match="The renderer didn't start"):
            worker.render("text")
    assert worker.render("after").html == "<p>after</p>"


@pytest.mark.usefixtures("new_child")
def test_a_child_starts_in_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)
    assert worker.render("**a**").html == "<p><strong>a</strong></p>"


def test_stopping_twice_is_no_error() -> None:
    worker.render("a")
    worker.stop()
    worker.stop()
    assert worker.render("b").html == "<p>b</p>"


@pytest.mark.usefixtures("new_child")
def test_nothing_is_left_open() -> None:
    for _ in range(3):
        worker.render("a")
        worker.stop()
    gc.collect()  # a pipe that was left open warns here, and warnings are errors
    open_files = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").is_dir() else 0
    worker.render("a")
    worker.stop()
    assert (len(os.listdir("/proc/self/fd")) if open_files else 0) == open_files


# What goes through the pipe


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# 성능\n\nhttps://x.com/a/status/1758192965703647443\n걷기\n> 프롬프트: 한 여자\n\n![A](a.png)\n\n{% x %}",
        "a\u2028b\u0085c\x0bd\x0ce",
        "\U0001f3ac \x7f \x1b",
        '{"error": "none"}',
        "line\r\nline",
    ],
)
def test_a_text_comes_back_as_if_it_were_rendered_here(source: str) -> None:
    variables = {"img_path": "/assets/p", "n": 1, "when": Path("a"), "none": None}
    here = render(source, variables=variables, media_url="/m/")
    assert worker.render(source, variables=variables, media_url="/m/") == here


def test_an_answer_may_be_longer_than_a_pipe_holds() -> None:
    source = "가" * 90_000
    assert worker.render(source).html == render(source).html


def test_several_threads_get_their_own_answers() -> None:
    def ask(number: int) -> tuple[int, str]:
        return number, worker.render(f"## {number}\n\n" + "word " * (number % 7) * 500).toc[0].text

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(80)))
    assert answers == [(number, str(number)) for number in range(80)]


def test_a_text_that_hangs_in_one_thread_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "DEADLINE_SECONDS", 0.8)

    def ask(number: int) -> str:
        result = outcome(HANGS if number % 5 == 2 else f"text {number}")
        return result if isinstance(result, str) else "stopped"

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(ask, range(15)))
    assert answers == ["stopped" if number % 5 == 2 else f"<p>text {number}</p>" for number in range(15)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")
def test_a_forked_process_has_a_child_of_its_own() -> None:
    program = """
import os
from blog.rendering import worker
worker.render("parent")
mine = worker._child.process.pid
pid = os.fork()
if pid == 0:
    html = worker.render("**forked**").html
    own = worker._child.process.pid != mine
    worker.stop()
    os._exit(0 if own and html == "<p><strong>forked</strong></p>" else 1)
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
kept = worker.render("again").html == "<p>again</p>" and worker._child.process.pid == mine
raise SystemExit(status or (0 if kept else 2))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_child_ends_when_its_parent_does() -> None:
    program = """
import os
from blog.rendering import worker
worker.render("parent")
print(worker._child.process.pid, flush=True)
os._exit(0)  # nothing is tidied up
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, timeout=60, check=True)
    # Its output would stay open, and `run` would wait for it, if the child lived on: it inherits stderr.
    assert done.stdout.strip().isdigit()


# The child as a program


def ask_program(*lines: bytes) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-m", "blog.rendering.worker"],
        input=b"".join(line + b"\n" for line in lines),
        cwd=PROJECT,
        capture_output=True,
        timeout=60,
        check=True,
    )
    ready, *answers = done.stdout.splitlines()
    assert ready == b"ready"
    return [json.loads(answer) for answer in answers]


def request(text: dict[str, object]) -> bytes:
    return json.dumps({"seconds": 60, "text": text}).encode()


def test_the_program_answers_line_by_line_and_ends_with_its_input() -> None:
    page, refusal, again = ask_program(
        request({"source": "**a**", "variables": {}, "media_url": "/m/"}),
        request({"source": nested_quotes(50)}),
        request({"source": "b"}),
    )
    assert page["html"] == "<p><strong>a</strong></p>"
    assert TOO_DEEP in refusal["error"]
    assert again["html"] == "<p>b</p>"


def run_main(monkeypatch: pytest.MonkeyPatch, lines: bytes) -> list[Any]:
    output = io.BytesIO()
    monkeypatch.setattr(worker.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(lines)))
    monkeypatch.setattr(worker.sys, "stdout", SimpleNamespace(buffer=output))
    worker.main()
    return output.getvalue().splitlines()


def test_a_text_that_needs_too_much_memory_gets_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhaust(**_: object) -> Rendered:
        raise MemoryError

    monkeypatch.setattr(worker, "_limit_memory", lambda: None)
    monkeypatch.setattr(worker, "render_here", exhaust)
    ready, answer = run_main(monkeypatch, request({"source": "a"}))
    assert ready == b"ready"
    assert json.loads(answer) == {"error": "The text needs too much memory to render. Shorten it."}


def test_a_message_of_the_child_is_raised_here() -> None:
    with pytest.raises(RenderError, match=TOO_DEEP):
        worker.render(nested_quotes(21))


@pytest.mark.parametrize(("hard", "limited"), [(-1, True), (1 << 40, True), (1 << 20, False)])
def test_the_child_limits_its_memory(monkeypatch: pytest.MonkeyPatch, hard: int, limited: bool) -> None:
    resource = pytest.importorskip("resource")
    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (resource.RLIM_INFINITY, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limit: limits.append((kind, limit)))
    assert run_main(monkeypatch, b"") == [b"ready"]
    assert limits == ([(resource.RLIMIT_AS, (worker.MEMORY_BYTES, hard))] if limited else [])


def test_a_system_without_limits_renders_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    monkeypatch.delattr(worker.signal, "setitimer")
    ready, answer = run_main(monkeypatch, request({"source": "a"}))
    assert (ready, json.loads(answer)["html"]) == (b"ready", "<p>a</p>")


# Never a RecursionError


@pytest.mark.parametrize(
    "source",
    [
        "[" * 3_000 + "]" * 3_000,
        "<b>" * 900 + "x",
        "<div>" * 900 + "x",
        "*a **b " * 1_500,
        "![[" * 1_000 + "](" * 1_000,
    ],
    ids=["brackets", "b", "div", "emphasis", "pictures"],
)
def test_no_recursion_error_reaches_an_author(source: str) -> None:
    assert isinstance(outcome(source), str | RenderError)


def test_a_text_that_exhausts_the_stack_gets_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhaust(*_: object, **__: object) -> str:
        return exhaust()

    monkeypatch.setattr(pipeline, "sanitize", exhaust)
    with pytest.raises(RenderError, match="nested too deeply") as caught:
        render("a")
    assert caught.value.__suppress_context__
