"""What each kind of page costs if no page is kept: `python -m tests.bench.pages [--json FILE] [--beside FILE]`.

In the database that is set, which `tests.bench.data` has filled. Printed is the CPU time of this process and, on
PostgreSQL, of the server's for it: the median of several, after one ("first") that has made what is remembered for the
content version. With `--beside`, what was measured in a smaller blog stands beside.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=11)
    parser.add_argument("--json", type=Path, help="keep what was measured there")
    parser.add_argument("--beside", type=Path, help="what was measured in a smaller blog")
    parser.add_argument("--only", default="", help="kinds whose names have this")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},  # nothing is collected
    }
    beside = json.loads(options.beside.read_text()) if options.beside else {}
    get, measured = reader(), {}
    print(f"{'CPU ms':34} {'first':>8} {'then':>8} {'kB':>6}" + (f" {'beside':>8} {'ratio':>6}" if beside else ""))
    for name, address in addresses().items():
        if options.only not in name:
            continue
        first, size = cost(lambda: get(address))  # noqa: B023  # called at once
        rest = [cost(lambda: get(address))[0] for _ in range(options.times)]  # noqa: B023
        measured[name] = statistics.median(rest)
        line = f"{name:34} {first:8.2f} {measured[name]:8.2f} {size / 1000:6.1f}"
        if name in beside:
            line += f" {beside[name]:8.2f} {measured[name] / beside[name]:6.2f}"
        print(line, flush=True)
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1))


def cost(call: Callable[[], int]) -> tuple[float, int]:
    """CPU milliseconds, and what the call gave."""
    begun = _cpu()
    size = call()
    return (_cpu() - begun) * 1000, size


def _cpu() -> float:
    from django.db import connection

    seconds = time.process_time()
    if connection.vendor == "postgresql" and connection.connection is not None:
        # The time that Linux has given to the backend, in nanoseconds.
        path = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        seconds += int(path.read_text().split()[0]) / 1e9
    return seconds


def reader() -> Callable[[str], int]:
    """Asks Django without the page cache before it, in the admin as somebody who may see everything."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.filter(is_superuser=True).earliest("pk"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    app = WSGIHandler()

    def get(address: str) -> int:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
        }
        if path.startswith("/admin/"):
            environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={session}"
        said: list[str] = []
        response: Any = app(environ, lambda status, headers, *_: said.append(status))
        size = sum(map(len, response))
        response.close()
        assert said[0][:3] == ("404" if path.startswith("/nothing") else "200"), (address, said)
        return size

    return get


def addresses() -> dict[str, str]:
    """One for each kind of page, by name."""
    return {**_lists(), **_prompts(), **_feeds(), **_machines(), **_searches(), **_admin()}


def _page(total: int, size: int) -> str:
    """The page before the last, which is full."""
    return f"page/{max(1, total // size)}/"


def _tags() -> tuple[Any, Any]:
    """The most used tag, and one that is rarely used but fills a page of lines."""
    from django.db.models import Count
    from taggit.models import Tag

    tags = list(Tag.objects.annotate(posts=Count("blog_posttag_items")).order_by("posts", "pk"))
    return tags[-1], next(tag for tag in tags if tag.posts > 60)


def _lists() -> dict[str, str]:
    from blog.models import Category, Post, Series

    posts = Post.objects.published()
    total, (popular, rare) = posts.count(), _tags()
    category = Category.objects.get(path="ai/news")
    filed = posts.filter(category=category).count()
    author = posts.filter(author__username="ada")
    ordinary = posts.filter(category=category, series=None, lang="ko", image=None).order_by("pk")
    post = ordinary[ordinary.count() // 2]
    part = posts.filter(series__isnull=False).earliest("pk")
    return {
        "home": "/",
        "home, page 2": "/page/2/",
        "home, a deep page": f"/{_page(total, 10)}",
        "post": f"/posts/{post.slug}/",
        "post in a series": f"/posts/{part.slug}/",
        "post, Markdown": f"/posts/{post.slug}.md",
        "page": "/about/",
        "category, leaf": "/categories/ai/news/",
        "category, branch": "/categories/ai/",
        "category, small branch": "/categories/영화/",
        "category, a deep page": f"/categories/ai/news/{_page(filed, 50)}",
        "popular tag": f"/tags/{popular.slug}/",
        "popular tag, a deep page": f"/tags/{popular.slug}/{_page(int(total * 0.95), 50)}",
        "rare tag": f"/tags/{rare.slug}/",
        "tags": "/tags/",
        "categories": "/categories/",
        "archives": "/archives/",
        "archives, a deep page": f"/archives/{_page(total, 50)}",
        "year": "/archives/2023/",
        "month": "/archives/2024/2/",
        "author": "/authors/ada/",
        "author, a deep page": f"/authors/ada/{_page(author.count(), 50)}",
        "series": f"/series/{quote(Series.objects.earliest('pk').slug)}/",
        "all series": "/series/",
    }


def _prompts() -> dict[str, str]:
    from blog.models import FailureMode, Generator, Prompt

    public = Prompt.objects.published()
    total = public.count()
    prompt = public.filter(variant_of=None, generator__isnull=False).order_by("pk")[total // 5]
    variant = public.filter(variant_of__isnull=False).order_by("pk")[0]
    model, failure = Generator.objects.earliest("pk"), FailureMode.objects.earliest("pk")
    failing = public.filter(failure_modes=failure).count()
    popular, rare = _tags()
    return {
        "prompts": "/prompts/",
        "prompts, a deep page": f"/prompts/{_page(total, 12)}",
        "prompts of a model": f"/prompts/?model={model.slug}",
        "prompts of a language": "/prompts/?lang=en",
        "prompts of a popular tag": f"/prompts/?tag={quote(popular.slug)}",
        "prompts of a rare tag": f"/prompts/?tag={quote(rare.slug)}",
        "prompts that fail": f"/prompts/?failure={failure.slug}",
        "prompts by all filters": f"/prompts/?model={model.slug}&lang=en&tag={quote(rare.slug)}&failure={failure.slug}",
        "prompts by words": "/prompts/?q=woman",
        "prompts by words and model": f"/prompts/?q=woman&model={model.slug}",
        "prompts by a rare word": f"/prompts/?q={_own(prompt.post_id)[2]}",
        "prompt": f"/prompts/{prompt.public_id}/",
        "prompt with a variant": f"/prompts/{variant.public_id}/",
        "prompt, JSON": f"/prompts/{prompt.public_id}.json",
        "models": "/models/",
        "model": f"/models/{model.slug}/",
        "failures": "/prompts/failures/",
        "failure": f"/prompts/failures/{failure.slug}/",
        "failure, a deep page": f"/prompts/failures/{failure.slug}/{_page(failing, 12)}",
    }


def _own(post: int) -> tuple[str, ...]:
    """The words that a post has alone, or shares with few."""
    from blog.models import Post
    from tests.bench.data import Own, Plan

    Plan.count = Post.objects.count()
    return Own.of(post - Post.objects.earliest("pk").pk).values


def _feeds() -> dict[str, str]:
    from blog.models import Generator, Post, Prompt

    posts, prompts = Post.objects.published().count() // 20, Prompt.objects.published().count() // 20
    popular, rare = _tags()
    model = Generator.objects.earliest("pk").slug
    return {
        "feed, Atom": "/feed.xml",
        "feed, RSS": "/rss.xml",
        "feed, JSON": "/feed.json",
        "feed, the oldest archive": "/feed/archive/1.xml",
        "feed, a middle archive": f"/feed/archive/{posts // 2}.xml",
        "feed of a branch": "/categories/ai/feed.xml",
        "feed of a popular tag": f"/tags/{popular.slug}/feed.xml",
        "feed of a popular tag, archive": f"/tags/{popular.slug}/feed/archive/2.xml",
        "feed of a rare tag": f"/tags/{rare.slug}/feed.xml",
        "feed of an author": "/authors/ada/feed.xml",
        "feed of a series": "/series/series-0/feed.xml",
        "feed of prompts": "/prompts/feed.xml",
        "feed of prompts, archive": f"/prompts/feed/archive/{prompts // 2}.xml",
        "feed of a model": f"/models/{model}/feed.json",
    }


def _machines() -> dict[str, str]:
    from blog.models import Post, Prompt

    # Parts are of a thousand, and full: but for what search engines may not list, and hidden posts.
    posts = Post.objects.indexable().count() // 1000
    prompts = Prompt.objects.published().filter(post__noindex=False).count() // 1000
    slug = Post.objects.published().order_by("pk")[500].slug
    return {
        "sitemap": "/sitemap.xml",
        "sitemap, first posts": "/sitemap-posts.xml",
        "sitemap, last full posts": f"/sitemap-posts-{posts}.xml" if posts > 1 else "/sitemap-posts.xml",
        "sitemap, first prompts": "/sitemap-prompts.xml",
        "sitemap, last full prompts": f"/sitemap-prompts-{prompts}.xml",
        **{
            f"sitemap, {name}": f"/sitemap-{name}.xml"
            for name in ("lists", "pages", "categories", "tags", "authors", "series", "models", "failures")
        },
        "llms.txt": "/llms.txt",
        "not there, like a post": f"/nothing/{slug[:-3]}/",
        "not there, like nothing": "/nothing/zzyzx-qqq/",
        "not there, frequent words": "/nothing/sora-ai가-보여주는/",
        "not there, for machines": "/nothing/wp-login.php",
    }


def _searches() -> dict[str, str]:
    from blog.models import Post

    posts = Post.objects.published()
    own = _own(posts.order_by("pk")[600].pk)
    popular, rare = _tags()

    def search(typed: str, more: str = "") -> str:
        return f"/search/?q={quote_plus(typed)}{more}"

    return {
        "search, empty": "/search/",
        "search, frequent": search("영상"),
        "search, frequent, page 5": search("영상", "&page=5"),
        "search, in every title": search("sora"),
        "search, in every title, typing": search("sora", "&part=results"),
        "search, frequent and long": search("프롬프트"),
        "search, two frequent": search("영상 프롬프트"),
        "search, frequent and rare": search(f"영상 {own[1]}"),
        "search, rare": search(own[1]),
        "search, of one post": search(own[0]),
        "search, English": search("walking woman"),
        "search, English beginning": search("wo"),
        "search, phrase": search('"sora ai"'),
        "search, Korean phrase": search('"ai가 보여주는"'),
        "search, one syllable": search("이"),
        "search, initials": search("ㅅㄹ"),
        "search, eight terms": search("영상 생성 프롬프트 모델 이미지 화면 장면 the"),
        "search, not there": search("없는말입니다"),
        "search, misspelt": search("보여즈는"),
        "search, in a category": search("영상", "&category=ai/news"),
        "search, in a popular tag": search("영상", f"&tag={quote(popular.slug)}"),
        "search, in a rare tag": search("영상", f"&tag={quote(rare.slug)}"),
        "search, in a year": search("영상", "&year=2023"),
        "search, in prompts": search("woman", "&in=prompts"),
        "search, all filters": search("woman", f"&in=prompts&category=ai&tag={quote(popular.slug)}&year=2023"),
        "search, category only": "/search/?category=ai/news",
        "search, tag only": f"/search/?tag={quote(rare.slug)}",
        "search, year only": "/search/?year=2023",
        "search, prompts only": "/search/?in=prompts",
        "search, filters only": f"/search/?category=ai&tag={quote(popular.slug)}&year=2023",
    }


def _admin() -> dict[str, str]:
    from blog.models import Embed, Image, Post, Prompt

    own = _own(Post.objects.published().order_by("pk")[600].pk)
    category = Post.objects.filter(category__path="ai/news").values_list("category", flat=True)[0]
    post = Post.objects.published().filter(category=category, series=None, image=None).order_by("pk")[300]
    embed, image, prompt = (m.objects.order_by("pk")[50].pk for m in (Embed, Image, Prompt))
    blog, day = "/admin/blog", datetime(2024, 2, 10, tzinfo=UTC)
    lists = (
        *("category", "clip", "embed", "failuremode", "generator", "image", "page", "post", "profile", "prompt"),
        *("redirect", "series"),
    )
    return {
        "admin": "/admin/",
        **{f"admin, {name} list": f"{blog}/{name}/" for name in lists},
        "admin, tag list": "/admin/taggit/tag/",
        "admin, user list": "/admin/auth/user/",
        "admin, log": "/admin/admin/logentry/",
        "admin, posts, a deep page": f"{blog}/post/?p={Post.objects.count() // 50}",
        "admin, posts by state": f"{blog}/post/?state=published",
        "admin, drafts": f"{blog}/post/?state=draft",
        "admin, scheduled": f"{blog}/post/?state=scheduled",
        "admin, posts without summary": f"{blog}/post/?lacks=summary",
        "admin, posts without alt text": f"{blog}/post/?lacks=alt",
        "admin, posts by language": f"{blog}/post/?lang=en",
        "admin, pinned": f"{blog}/post/?pinned__exact=1",
        "admin, posts by category": f"{blog}/post/?category__id__exact={category}",
        "admin, posts by month": f"{blog}/post/?when={day:%Y-%m}",
        "admin, posts by title": f"{blog}/post/?o=1",
        "admin, posts searched": f"{blog}/post/?q={quote('영상')}",
        "admin, posts searched, rare": f"{blog}/post/?q={quote(own[1])}",
        "admin, prompts searched": f"{blog}/prompt/?q=woman",
        "admin, prompts in no text": f"{blog}/prompt/?in_text=0",
        "admin, prompts of a model": f"{blog}/prompt/?generator__id__exact=1",
        "admin, prompts that fail": f"{blog}/prompt/?failure_modes__id__exact=1",
        "admin, prompts by language": f"{blog}/prompt/?lang=en",
        "admin, embeds that died": f"{blog}/embed/?status__in=gone,protected",
        "admin, embeds of X": f"{blog}/embed/?provider=x",
        "admin, embeds searched": f"{blog}/embed/?q={quote(own[1])}",
        "admin, embeds by month": f"{blog}/embed/?when={day:%Y-%m}",
        "admin, images used": f"{blog}/image/?used=1",
        "admin, images not used": f"{blog}/image/?used=0",
        "admin, images not described": f"{blog}/image/?described=0",
        "admin, images searched": f"{blog}/image/?q={own[2]}",
        "admin, tags searched": "/admin/taggit/tag/?q=ai",
        "admin, log of a month": f"/admin/admin/logentry/?when={day:%Y-%m}",
        "admin, log searched": f"/admin/admin/logentry/?q={quote(own[0])}",
        "admin, choosing pictures": f"{blog}/post/pictures/",
        "admin, post form": f"{blog}/post/{post.pk}/change/",
        "admin, new post form": f"{blog}/post/add/",
        "admin, post history": f"{blog}/post/{post.pk}/history/",
        "admin, revisions": f"{blog}/post/{post.pk}/revisions/",
        "admin, embed form": f"{blog}/embed/{embed}/change/",
        "admin, image form": f"{blog}/image/{image}/change/",
        "admin, prompt form": f"{blog}/prompt/{prompt}/change/",
        "admin, series form": f"{blog}/series/1/change/",
    }


if __name__ == "__main__":
    main()
