"""How long the server takes for the live preview: `python -m tests.bench.preview`."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
SEED = PROJECT.parent / "shared" / "seed" / "2024-02-19-SoraAI.md"
DEMO = PROJECT / "blog" / "demo" / "_posts" / "2026-11-02-welcome.md"
PARAGRAPH = "오늘은 **프롬프트** 하나로 만든 영상을 [다시](/tags/) 봅니다. The street is damp and reflective.\n\n"
LONG_BYTES = 100_000


def texts() -> dict[str, tuple[str, str]]:
    """Name → (variables, body)."""
    path = SEED if SEED.exists() else DEMO
    variables, body = path.read_text(encoding="utf-8").split("---\n", 2)[1:]
    section = "## 장면\n\n" + PARAGRAPH * 20 + "https://x.com/OpenAI/status/{}\nwalk\n> Prompt: A street.\n\n"
    long = ""
    while len(long.encode()) < LONG_BYTES:
        long += section.format(1758192965703647443 + len(long))
    return {path.stem: (variables, body), "100 kB": ("", long.encode()[:LONG_BYTES].decode(errors="ignore"))}


def measured(call: Callable[[], None], times: int) -> tuple[float, float]:
    """The medians of wall and CPU milliseconds, the renderer's process included."""
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), _cpu()
        call()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((_cpu() - cpu) * 1000)
    return statistics.median(walls), statistics.median(cpus)


def _cpu() -> float:
    """Seconds of this process and of the renderer beside it (Linux tells them while it runs)."""
    from blog.rendering import worker

    child = worker._child
    stat = Path(f"/proc/{child.process.pid}/stat") if child else None
    beside = 0.0
    if stat and stat.exists():
        fields = stat.read_text().rsplit(")", 1)[1].split()
        beside = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + beside


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15, help="previews of each text; the median is shown")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "static").mkdir()  # nothing is collected
        os.environ.update(ROOST_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings", ROOST_DEBUG="0")
        os.environ.pop("ROOST_DATABASE_URL", None)
        _run(times)


def _run(times: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    from blog.rendering import worker

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("bench"))
    print(f"{'preview of':24} {'characters':>10} {'wall ms':>8} {'CPU ms':>8}")
    for name, (variables, body) in texts().items():
        values = {"title": "제목", "slug": "bench", "lang": "ko", "variables": variables, "body": body}

        def call(values: dict[str, str] = values) -> None:
            response = client.post("/admin/blog/post/render/", values)
            assert response.status_code == 200, response.content

        call()
        wall, cpu = measured(call, times)
        print(f"{name:24.24} {len(body):10,} {wall:8.0f} {cpu:8.0f}")
    worker.stop()


if __name__ == "__main__":
    main()
