"""How fast the search is in 10,000 posts like the seed: `python -m tests.bench.search`.

In a database of its own: SQLite in a folder that is removed again, or where ROOST_DATABASE_URL is set, a test
database beside the one it names.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

NOUNS = (
    "영상 동영상 프롬프트 이미지 모델 생성 인공지능 화면 장면 카메라 감독 배우 도시 거리 밤 비 네온 눈 숲 바다 고래 "
    "늑대 강아지 종이비행기 농구공 물리 오류 한계 미래 기술 창작 자유 교육 정책 기관 소통 발표 페이지 디테일 설명 문장 "
    "시드 버전 움직임 캐릭터 애니메이션 표현 능력 언어 의미 맥락 데이터 학습 추론 편집 자막 음악 소리 대사 각본 극장"
).split()
ENDINGS = "이 가 을 를 은 는 의 에 에서 으로 로 과 와 도 만 까지 부터 처럼 보다 마다 조차 에게".split()
VERBS = "생성합니다 보여줍니다 만들었습니다 놀랍습니다 바뀌었습니다 이해합니다 그려줍니다 공개했습니다".split()
ENGLISH = (
    "a the of and in with woman street light camera slow motion film shot walks city night warm glowing neon animated "
    "she wears black leather jacket long red dress boots purse sunglasses damp reflective creating mirror effect "
    "colorful pedestrians flock paper airplanes flutters through dense jungle weaving around trees wolf pups chasing "
    "each other remote gravel road surrounded grass basketball hoop then explodes corgi vlogging itself tropical maui "
    "tokyo cinematic drone grain golden hour portrait whale ocean"
).split()
QUERIES = (
    *("영상", "생성", "프롬프트", "동영상을", "고래", "희귀한낱말", "영", "ㅍㄹㅍㅌ", "tokyo", "walking woman", "wha"),
    *("고래 바다", "영상 생성 프롬프트", '"인공지능이 생성"', "Sora 미래", "없는말입니다"),
)
HOSTILE = (
    ("eight most frequent", "영상 생성 프롬프트 모델 이미지 화면 장면 the"),
    ("eight single letters", "이 가 을 는 의 에 로 a"),
    ("eight phrases", '"a woman" "of the" "the city" "a city" "and the" "with warm" "long red" "red dress"'),
    ("one run of 200", "가나다라마바사아자차" * 20),
    ("200 most frequent letters", "영상" * 100),
    ("a single initial", "ㅇ"),
    ("one letter", "a"),
    ("signs", "*" * 200),
    ("a frequent phrase", '"인공지능 모델을 생성합니다"'),
)


class Writer:
    """Writes as authors do: a few words all the time, some now and then, most hardly ever."""

    def __init__(self) -> None:
        self.chance = random.Random(2024)
        syllables = [chr(0xAC00 + self.chance.randrange(11_172)) for _ in range(900)]
        self.nouns = ["".join(self.chance.choices(syllables, k=self.chance.randint(2, 4))) for _ in range(20_000)]
        letters = ["ba", "ce", "do", "fi", "gu", "la", "me", "no", "pi", "ru", "sta", "tre", "vo", "wi"]
        self.words = ["".join(self.chance.choices(letters, k=self.chance.randint(2, 4))) for _ in range(4_000)]

    def sentence(self) -> str:
        """Five to nine words with particles."""
        said = [self._noun() + self.chance.choice(ENDINGS) for _ in range(self.chance.randint(5, 9))]
        return f"{' '.join(said)} {self.chance.choice(VERBS)}."

    def _noun(self) -> str:
        if self.chance.random() < 0.25:
            return NOUNS[min(int(self.chance.expovariate(0.18)), len(NOUNS) - 1)]
        return self.nouns[int(len(self.nouns) * self.chance.random() ** 3)]

    def prompt(self) -> str:
        """Nine to ninety English words, the last of `ENGLISH` the rarest."""
        return " ".join(self._word() for _ in range(self.chance.randint(9, 90)))

    def _word(self) -> str:
        if self.chance.random() < 0.6:
            return ENGLISH[int(len(ENGLISH) * self.chance.random() ** 3)]
        return self.words[int(len(self.words) * self.chance.random() ** 3)]


def fill(count: int) -> None:
    """Posts, tags and prompts by the hundred, without rendering: the search reads what rendering gives."""
    from taggit.models import Tag

    from blog.models import Category, Post, PostTag, Prompt

    writer = Writer()
    tags = [Tag.objects.create(name=name) for name in ("ai", "news", "openai", "video", *NOUNS[:40])]
    news = Category(name="News", slug="news")
    news.save()
    for start in range(0, count, 500):
        posts = []
        for number in range(start, min(start + 500, count)):
            prompts = [writer.prompt() for _ in range(6)]
            text = "\n".join([*(" ".join(writer.sentence() for _ in range(3)) for _ in range(11)), *prompts])
            title = f"{writer.sentence()[:40]} | Sora AI"
            post = Post(title=title, slug=f"p-{number}", body=text, body_html=text, text=text, excerpt=text[:150])
            post.status, post.category, post.rendered_by = "published", news, 10**6
            post.publish_at = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(hours=8 * number)
            post._prompts = prompts  # type: ignore[attr-defined]
            posts.append(post)
        Post.objects.bulk_create(posts)
        PostTag.objects.bulk_create(
            PostTag(content_object=post, tag=tag) for post in posts for tag in writer.chance.sample(tags, 4)
        )
        Prompt.objects.bulk_create(
            Prompt(post=post, position=i, label="Prompt", text=text, lang="en")
            for post in posts
            for i, text in enumerate(post._prompts)  # type: ignore[attr-defined]
        )


def measured(call: Callable[[], Any], times: int) -> tuple[float, float, float]:
    """The median, the slowest of a hundred, and the median of this process's CPU time, in milliseconds."""
    call()
    walls, cpus = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return statistics.median(walls), sorted(walls)[min(len(walls) - 1, int(len(walls) * 0.99))], statistics.median(cpus)


@contextmanager
def database() -> Iterator[None]:
    """An empty one, of the kind that is set."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(ROOST_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings", ROOST_DEBUG="0")
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command
        from django.db import connection

        settings.ALLOWED_HOSTS = ["testserver"]
        call_command("collectstatic", interactive=False, verbosity=0)
        if connection.vendor == "sqlite":
            call_command("migrate", verbosity=0)
            yield
            connection.close()
        else:
            name = connection.creation.create_test_db(verbosity=0, serialize=False)
            try:
                yield
            finally:
                connection.creation.destroy_test_db(name, verbosity=0)


def sizes() -> list[tuple[str, int]]:
    """Bytes of what the search keeps, and of all there is."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_table_size('blog_postentry') + pg_table_size('blog_promptentry'), "
                "pg_indexes_size('blog_postentry') + pg_indexes_size('blog_promptentry'), "
                "pg_database_size(current_database())"
            )
            rows = cursor.fetchone()
            return list(zip(("entries", "index", "database"), rows, strict=True))
        cursor.execute("SELECT sum(length(block)) FROM blog_postentry_index_data")
        posts = cursor.fetchone()[0]
        cursor.execute("SELECT sum(length(block)) FROM blog_promptentry_index_data")
        prompts = cursor.fetchone()[0]
        columns = "title || labels || initials || captions || prompts || text"
        cursor.execute(f"SELECT sum(length(CAST({columns} AS blob))) FROM blog_postentry")
        entries = cursor.fetchone()[0]
        cursor.execute("SELECT sum(length(CAST(caption || text AS blob))) FROM blog_promptentry")
        entries += cursor.fetchone()[0]
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_size")
        return [("entries", entries), ("index", posts + prompts), ("database", pages * cursor.fetchone()[0])]


def main() -> None:
    """Print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=30, help="of each query")
    options = parser.parse_args()
    with database():
        _run(options.posts, options.times)


def _run(count: int, times: int) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from blog.models import Post, PostEntry
    from blog.search import index
    from blog.search.find import find
    from blog.search.query import parse

    fill(count)
    begun = time.perf_counter()
    call_command("reindex", verbosity=0)
    seconds = time.perf_counter() - begun
    print(f"{count:,} posts on {connection.vendor}: reindexed in {seconds:.0f} s")
    print(", ".join(f"{name} {size / 2**20:.0f} MiB" for name, size in sizes()))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    client = Client()
    print(f"\n{'':34} {'':>7} {'finding, ms':>22}   {'the page, ms':>22}   {'while typing, ms':>22}")
    print(f"{'query':34} {'found':>7}" + f" {'p50':>7} {'p99':>7} {'CPU':>6}  " * 3)
    medians = []
    for name, typed in [*((query, query) for query in QUERIES), *HOSTILE]:
        query = parse(typed)

        def search(query: Any = query) -> Any:
            return find(query, Post.objects.published(), start=0, size=10)

        def page(typed: str = typed, **more: str) -> None:
            assert client.get("/search/", {"q": typed, **more}).status_code == 200

        rows = [measured(search, times), measured(page, times // 2)]
        rows.append(measured(lambda page=page: page(part="results"), times // 2))
        medians += [rows[0]] if name in QUERIES else []
        columns = "".join(f" {p50:7.1f} {p99:7.1f} {cpu:6.1f}  " for p50, p99, cpu in rows)
        print(f"{name:34} {search()[1]:7,}{columns}")
    walls, _slowest, cpus = zip(*medians, strict=True)
    print(f"\ntypical queries: {statistics.median(walls):.1f} ms, {statistics.median(cpus):.1f} of CPU")
    keys = list(Post.objects.order_by("pk").values_list("pk", flat=True)[:20])
    begun = time.perf_counter()
    for key in keys:
        PostEntry.objects.filter(pk=key).update(indexed_by=0)
        index.posts([key])
    print(f"a save's part in it: {(time.perf_counter() - begun) * 1000 / 20 / 2:.1f} ms")


if __name__ == "__main__":
    main()
