"""What authors wait for, in milliseconds of processor time: `python -m tests.bench.work NAME` prints JSON.

Each in a process of its own, on a fresh database of its own.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.preview import texts

NAMES = ("render", "save", "import", "export")


def main(name: str, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "static").mkdir()
        os.environ.update(
            ROOST_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings", ROOST_URL="https://blog.example.com"
        )
        os.environ.pop("ROOST_DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        result = {"render": render, "save": save, "import": import_, "export": export}[name](Path(folder), count)
        from blog.rendering import worker

        worker.stop()
        return result


def render(folder: Path, count: int) -> dict[str, float]:
    """The renderer alone, on the seed's text."""
    import yaml

    from blog.rendering import pipeline

    variables, body = next(iter(texts().values()))
    known = yaml.safe_load(variables)
    return {"ms": _median(lambda: pipeline.render(body, variables=known), count)}


def save(folder: Path, count: int) -> dict[str, float]:
    """A post like the seed: written, changed and saved again, with all that follows from it."""
    import yaml

    from blog.models import Post

    variables, body = next(iter(texts().values()))
    known = {key: value for key, value in yaml.safe_load(variables).items() if key.startswith(("t_", "img_"))}
    post = Post(title="A post", slug="post", body=body, variables=known, status="published")
    post.save()
    numbers = iter(range(10**6))

    def change() -> None:
        post.body = f"{body}\n\nSentence {next(numbers)}."
        post.save()

    return {"ms": _median(change, count)}


def import_(folder: Path, count: int) -> dict[str, float]:
    """So many posts like the seed, from files; milliseconds a post, MiB at the end."""
    from django.core.management import call_command

    source = folder / "jekyll"
    write_jekyll(source, count)
    before = _cpu()
    call_command("import_jekyll", source, fetch_seconds=0, verbosity=0, stdout=io.StringIO())
    used = _cpu() - before
    return {"ms": used / count * 1000, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def export(folder: Path, count: int) -> dict[str, float]:
    """The site of so many posts as files: milliseconds a page, the first time and again."""
    from django.core.management import call_command

    source = folder / "jekyll"
    write_jekyll(source, count)
    nowhere = io.StringIO()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_jekyll", source, fetch_seconds=0, verbosity=0, stdout=nowhere)
    found: dict[str, float] = {}
    for name in ("first", "again"):
        before = _cpu()
        call_command("export_site", folder / "site", verbosity=0, stdout=nowhere, stderr=nowhere)
        pages = sum(1 for _ in (folder / "site").rglob("*.html"))
        found[f"{name}_ms"] = (_cpu() - before) / pages * 1000
    return {**found, "pages": pages}


def write_jekyll(folder: Path, count: int) -> None:
    """So many posts like the seed, each with films, words and a rare tag of its own."""
    variables, body = next(iter(texts().values()))
    (folder / "_posts").mkdir(parents=True)
    ids = re.findall(r"i/status/(\d+)", variables) or re.findall(r"status/(\d+)", body)
    for number in range(count):
        head, words = variables, body
        for place, known in enumerate(ids):
            other = str(1758000000000000000 + number * 1000 + place)
            head, words = head.replace(known, other), words.replace(known, other)
        head = re.sub(r"(?m)^title: .*", f"title: Post {number} of many", head)
        head = re.sub(r"(?m)^tags: .*", f"tags: [ai, news, openai, video, rare{number % 300}]", head)
        date = f"{2015 + number % 10}-{number // 10 % 12 + 1:02}-{number // 120 % 28 + 1:02}"
        head = re.sub(r"(?m)^date: \S+", f"date: {date}", head)
        text = f"---\n{head}---\n{words}\n\nPost {number} ends here.\n"
        (folder / "_posts" / f"{date}-post-{number}.md").write_text(text, encoding="utf-8")


def _cpu() -> float:
    from tests.bench.preview import _cpu

    return _cpu()


def _median(call: Callable[[], object], times: int) -> float:
    call()
    found = []
    for _ in range(times):
        before = _cpu()
        call()
        found.append((_cpu() - before) * 1000)
    return statistics.median(found)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
