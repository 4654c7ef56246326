"""What Roost costs, beside nginx: `python -m tests.bench` measures all of it and writes docs/benchmarks.md.

Processor time of all processes of a server, divided by its answers: it says more than seconds on a machine that others
use. Roost and nginx take turns, so that a busy moment hits both; what counts are ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.servers import Measured, Server, files, proxied, request_for, roost
from tests.server import PROJECT, environment, manage

SIZES = (10, 1_000, 10_000, 100_000)
PAGES = {
    "front page": "/",
    "page 5 of it": "/page/5/",
    "post with six embeds": "",  # the newest one's address
    "category": "/categories/ai/news/",
    "tag": "/tags/ai/",
    "archives": "/archives/",
    "prompts": "/prompts/",
    "feed": "/feed.xml",
    "sitemap": "/sitemap.xml",
    "search": "/search/?q=%EC%98%81%EC%83%81",
}
DOCS = PROJECT / "docs"
BEGIN, END = "<!-- measured: written by `make bench` -->", "<!-- end of what was measured -->"


# --- Data -----------------------------------------------------------------------------------------------------------


def site(folder: Path, posts: int) -> Path:
    """The data folder of a blog of so many posts, made once."""
    data = folder / f"{posts}-posts"
    if not (data / "ready").exists():
        say(f"making {posts:,} posts …")
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        manage("migrate", "-v0", data=data)
        manage("collectstatic", "--no-input", "-v0", data=data)
        subprocess.run(
            [sys.executable, "-m", "tests.bench.data", str(posts)], cwd=PROJECT, env=environment(data), check=True
        )
        (data / "ready").touch()
    return data


def newest_post(port: int) -> str:
    feed = fetch(port, "/feed.json")[1]
    return re.sub(r"^https?://[^/]+", "", json.loads(feed)["items"][0]["url"])


def fetch(port: int, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


# --- Cached pages, in turns with nginx ------------------------------------------------------------------------------


def cached(folder: Path, data: Path, rounds: int, seconds: float) -> list[dict[str, Any]]:
    """Ready pages: built in, and behind the shipped nginx, each beside nginx with a file of the same bytes."""
    rows = []
    with roost(data) as (server, _started):
        post = newest_post(server.port)
        cases = [
            ("a post", post, {}),
            ("a post, Brotli", post, {"Accept-Encoding": "br"}),
            ("the front page, Brotli", "/", {"Accept-Encoding": "br"}),
            ("the feed, gzip", "/feed.xml", {"Accept-Encoding": "gzip"}),
            ("a post that hasn't changed (304)", post, {"Accept-Encoding": "br", "304": "1"}),
        ]
        www = folder / "www"
        shutil.rmtree(www, ignore_errors=True)
        www.mkdir()
        behind = folder / "behind"
        shutil.rmtree(behind, ignore_errors=True)
        behind.mkdir()
        with files(www) as nginx, proxied(behind, server) as proxy:
            for name, path, headers in cases:
                rows.append(
                    {"name": name, **_beside(nginx, server, proxy, www, path, headers, rounds=rounds, seconds=seconds)}
                )
                say(f"{name}: {rows[-1]['ratio']['median']:.2f} × nginx, {rows[-1]['behind']['median']:.2f} behind it")
        rows[0]["memory_mib"] = server.memory()
    return rows


def _beside(
    nginx: Server,
    server: Server,
    proxy: Server,
    www: Path,
    path: str,
    headers: dict[str, str],
    *,
    rounds: int,
    seconds: float,
) -> dict[str, Any]:
    unchanged = headers.pop("304", None)
    ours, body = fetch(server.port, path, **headers)
    (www / "page").write_bytes(body)
    theirs = fetch(nginx.port, "/page")[0]
    requests = {"roost": request_for(path, **headers), "nginx": request_for("/page")}
    if unchanged:
        requests = {
            "roost": request_for(path, **headers, **{"If-None-Match": ours["etag"]}),
            "nginx": request_for("/page", **{"If-None-Match": theirs["etag"]}),
        }
    found: dict[str, list[Measured]] = {"nginx": [], "roost": [], "behind": []}
    for _ in range(rounds):
        found["nginx"].append(nginx.measure(requests["nginx"], seconds=seconds))
        found["roost"].append(server.measure(requests["roost"], seconds=seconds))
        found["behind"].append(proxy.measure(requests["roost"], seconds=seconds))
    return {
        "bytes": 0 if unchanged else len(body),
        "nginx_us": statistics.median(one.cpu_us for one in found["nginx"]),
        "roost_us": statistics.median(one.cpu_us for one in found["roost"]),
        "behind_us": statistics.median(one.cpu_us for one in found["behind"]),
        "ratio": _spread([a.cpu_us / b.cpu_us for a, b in zip(found["roost"], found["nginx"], strict=True)]),
        "behind": _spread([a.cpu_us / b.cpu_us for a, b in zip(found["behind"], found["nginx"], strict=True)]),
        "per_second": statistics.median(one.per_second for one in found["roost"]),
        "p50_ms": statistics.median(one.p50_ms for one in found["roost"]),
        "p99_ms": statistics.median(one.p99_ms for one in found["roost"]),
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


# --- Pages that aren't ready ----------------------------------------------------------------------------------------


def uncached(folder: Path, posts: int, seconds: float) -> dict[str, Any]:
    """Each kind of page asked of Django (an address with a parameter is never kept), one reader at a time.

    As it is the first time, and as it is once this process has made it and asks whether it still holds.
    """
    return {
        "first": _uncached(folder, posts, seconds, ROOST_TRACE_MB="0"),
        "again": _uncached(folder, posts, seconds),
    }


def _uncached(folder: Path, posts: int, seconds: float, **settings: str) -> dict[str, Any]:
    with roost(site(folder, posts), **settings) as (server, started):
        rows: dict[str, Any] = {"cold_start_s": started, "pages": {}}
        post = newest_post(server.port)
        for name, path in PAGES.items():
            path = path or post
            if path == "/page/5/" and posts < 50:
                continue
            request = request_for(f"{path}{'&' if '?' in path else '?'}anew=1")
            server.measure(request, connections=1, seconds=seconds / 4)
            one = server.measure(request, connections=1, seconds=seconds)
            rows["pages"][name] = {"ms": one.cpu_us / 1000, "p50_ms": one.p50_ms, "p99_ms": one.p99_ms}
        rows["memory_mib"] = server.memory()
    cheap = ", ".join(f"{name} {row['ms']:.1f}" for name, row in rows["pages"].items())
    say(f"{posts:,} posts, ms of processor time, uncached{' for the first time' if settings else ''}: {cheap}")
    return rows


def growth(folder: Path, sizes: list[int]) -> dict[str, dict[str, float]]:
    """Every kind of page, feed, sitemap and list of the admin, in a small blog and in the largest."""
    compared = sorted(size for size in sizes if size >= 1_000)
    if len(compared) < 2:
        return {}
    found = {}
    for size in (compared[0], compared[-1]):
        say(f"all kinds of pages with {size:,} posts …")
        data, kept = site(folder, size), folder / f"{size}.json"
        command = [sys.executable, "-m", "tests.bench.pages", "--json", str(kept)]
        anew = environment(data, ROOST_TRACE_MB="0")
        subprocess.run(command, cwd=PROJECT, env=anew, stdout=subprocess.DEVNULL, check=True)
        found[f"{size:,}"] = json.loads(kept.read_text())
    return found


# --- What authors wait for ------------------------------------------------------------------------------------------


def work(name: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.work", name, str(count)]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    say(f"{name} ({count}): {', '.join(f'{key} {value:.1f}' for key, value in found.items())}")
    return found


def printed(module: str, *arguments: str) -> str:
    """What another benchmark prints."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *arguments]
    say(f"{module} …")
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


# --- The report -----------------------------------------------------------------------------------------------------


def report(found: dict[str, Any]) -> str:
    """The tables, in Markdown."""
    return "\n".join([BEGIN, "", *_lines(found), END])


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"Measured on {found['date']}: {found['machine']}."
    yield ""
    yield "![Processor time of each kind of page](images/benchmarks.svg)"
    yield ""
    yield "### Ready pages"
    yield ""
    yield "Microseconds of processor time a request, and how many times what nginx takes for a file of the same bytes:"
    yield "the median of the turns, the least and the most."
    yield ""
    yield "| | bytes | nginx | Roost | × | behind the shipped nginx | × | requests/s | p50 ms | p99 ms |"
    yield "| :-- | --: | --: | --: | :-- | --: | :-- | --: | --: | --: |"
    for row in found["cached"]:
        yield (
            f"| {row['name']} | {row['bytes']:,} | {row['nginx_us']:.1f} "
            f"| {row['roost_us']:.1f} | {_times(row['ratio'])} "
            f"| {row['behind_us']:.1f} | {_times(row['behind'])} | {row['per_second']:,.0f} "
            f"| {row['p50_ms']:.2f} | {row['p99_ms']:.2f} |"
        )
    yield ""
    yield from _made(found["uncached"])
    if found.get("growth"):
        yield from _growth(found["growth"])
    yield "### What authors wait for"
    yield ""
    yield "Milliseconds of processor time, the renderer's process included."
    yield ""
    yield "| | ms |"
    yield "| :-- | --: |"
    for name, value in found["work"].items():
        yield f"| {name} | {value:,.1f} |"
    for title, key in (("The live preview", "preview"), ("The search", "search")):
        if found.get(key):
            yield from ("", f"### {title}", "", "```", found[key].rstrip(), "```")
    yield ""


def _made(sizes: dict[str, Any]) -> Iterator[str]:
    yield "### Pages that aren't ready"
    yield ""
    yield "Milliseconds of processor time for one, with so many posts: made for the first time; and made before,"
    yield "when the database is asked whether anything in it has changed."
    yield ""
    yield f"| | {' | '.join(f'{int(size):,}: first | again' for size in sizes)} |"
    yield f"| :-- |{' --: | --: |' * len(sizes)}"
    columns = [rows for size in sizes.values() for rows in (size["first"], size["again"])]
    for name in PAGES:
        cells = (rows["pages"].get(name, {}).get("ms") for rows in columns)
        yield f"| {name} | {' | '.join('' if ms is None else f'{ms:.1f}' for ms in cells)} |"
    for name, key, form in (("first answer, s", "cold_start_s", ".1f"), ("memory, MiB", "memory_mib", ".0f")):
        yield f"| {name} | {' | '.join(format(rows[key], form) for rows in columns)} |"
    yield ""


def _growth(growth: dict[str, dict[str, float]]) -> Iterator[str]:
    (small, few), (large, many) = growth.items()
    yield "### What grows with the blog"
    yield ""
    yield "Milliseconds of processor time to make each kind of page anew; what is counted is remembered by then."
    yield ""
    yield f"| | {small} posts | {large} posts | × |"
    yield "| :-- | --: | --: | --: |"
    for name in sorted(few.keys() & many.keys(), key=list(few).index):
        yield f"| {name} | {few[name]:.1f} | {many[name]:.1f} | {many[name] / few[name]:.2f} |"
    yield ""


def _times(spread: dict[str, float]) -> str:
    return f"{spread['median']:.2f} ({spread['min']:.2f} – {spread['max']:.2f})"


def plot(found: dict[str, Any], path: Path) -> None:
    """Each kind of page, ready and made for the first time, at each size, on one scale."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "roost", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.2), layout="constrained")
    names = list(PAGES)
    sizes = found["uncached"]
    for number, (size, rows) in enumerate(sizes.items()):
        places = [place + (number - (len(sizes) - 1) / 2) * 0.2 for place in range(len(names))]
        heights = [rows["first"]["pages"].get(name, {}).get("ms", 0) * 1000 for name in names]
        axes.bar(
            places, heights, 0.18, label=f"{int(size):,} posts", color=mpl.colormaps["YlOrBr"](0.35 + 0.2 * number)
        )
    ready = found["cached"][0]
    for height, label in ((ready["roost_us"], "ready, from Roost"), (ready["nginx_us"], "a file, from nginx")):
        axes.axhline(height, color="#444", linewidth=0.8, linestyle="--")
        axes.annotate(label, (len(names) - 0.5, height), ha="right", va="bottom")
    axes.set_yscale("log")
    axes.set_ylabel("processor time, µs")
    axes.set_xticks(range(len(names)), names, rotation=25, ha="right")
    axes.legend(frameon=False, ncols=len(sizes), loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, metadata={"Date": None})


# --- All of it ------------------------------------------------------------------------------------------------------


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


def machine() -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    load = os.getloadavg()[0]
    name = " ".join(model[1].split()) if model else platform.machine()
    processors = f"{len(os.sched_getaffinity(0))} processors ({name})"
    return f"{processors}, Python {platform.python_version()}, load {load:.1f} at the start"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of posts")
    parser.add_argument("--imports", type=int, nargs="+", default=[1_000, 10_000], help="numbers of posts to import")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each server at a ready page")
    parser.add_argument("--seconds", type=float, default=1.5, help="of each turn")
    parser.add_argument("--data", type=Path, help="where the blogs are made, to be used again (a temporary folder)")
    parser.add_argument("--dry-run", action="store_true", help="print the report, write nothing")
    parser.add_argument("--only", choices=["cached", "uncached", "growth", "work"], help="one part, printed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        found: dict[str, Any] = {"date": datetime.now(UTC).date().isoformat(), "machine": machine()}
        parts: dict[str, Callable[[], Any]] = {
            "cached": lambda: cached(folder, site(folder, 1_000), options.rounds, options.seconds),
            "uncached": lambda: {str(size): uncached(folder, size, options.seconds) for size in options.sizes},
            "growth": lambda: growth(folder, options.sizes),
            "work": lambda: all_work(options.imports),
        }
        for name, part in parts.items():
            if options.only in (None, name):
                found[name] = part()
        if options.only:
            print(json.dumps(found, indent=1))
            return
        found["preview"], found["search"] = printed("preview"), printed("search")
    text = report(found)
    if options.dry_run:
        print(text)
        return
    (DOCS / "benchmarks.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    plot(found, DOCS / "images" / "benchmarks.svg")
    page = DOCS / "benchmarks.md"
    before, _, rest = page.read_text().partition(BEGIN)
    page.write_text(before + text + rest.partition(END)[2])
    say(f"written to {page.relative_to(PROJECT)}")


def all_work(imports: list[int]) -> dict[str, float]:
    imported = {count: work("import", count) for count in imports}
    exported = work("export", 200)
    return {
        "rendering the seed's text": work("render", 50)["ms"],
        "saving it, with all that follows": work("save", 20)["ms"],
        **{f"importing it, a post of {count:,}": row["ms"] for count, row in imported.items()},
        **{f"memory after importing {count:,}, MiB": row["mib"] for count, row in imported.items()},
        "exporting the site of 200 posts, a page": exported["first_ms"],
        "exporting it again, a page": exported["again_ms"],
    }


if __name__ == "__main__":
    main()
