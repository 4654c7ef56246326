"""The demo blog, read as a crawler does: no link, picture, feed or fragment leads nowhere."""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from blog.management.commands.setup import DEMO
from blog.models import Image, Page, Post, Series, SiteSettings
from tests.conftest import EMBED
from tests.fake_provider import stills

pytestmark = pytest.mark.whole

BASE = "http://testserver/"
ADDRESSES = {"href", "src", "poster", "action", "cite", "data-src"}
IN_TEXT = re.compile(r"https?://[^\s<>\"'\\)\]]+")
NOT_FOLLOWED = ("/admin/",)


class Reader(HTMLParser):
    """The addresses and ids of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not value:
                continue
            if name == "id":
                self.ids.add(value)
            elif name in ADDRESSES:
                self.addresses.add(value)
            elif name == "srcset":
                self.addresses |= {part.split()[0] for part in value.split(",")}


class Crawl:
    """Everything that can be reached from some addresses, and what is wrong with it."""

    def __init__(self, client: Client, *starts: str) -> None:
        self.client = client
        self.ids: dict[str, set[str]] = {}
        self.found_on: dict[str, str] = dict.fromkeys(starts, "")
        self.fragments: dict[tuple[str, str], str] = {}
        self.broken: list[str] = []
        queue = deque(starts)
        while queue:
            queue.extend(self.visit(queue.popleft()))
        for (path, fragment), page in self.fragments.items():
            if fragment not in self.ids.get(path, set()) and fragment not in ("", "top"):
                self.broken.append(f"{path}#{fragment} (on {page})")

    def visit(self, path: str) -> list[str]:
        """Ask for an address; return those on its page that are new."""
        response = self.client.get(path)
        moved = response.status_code in (301, 302)
        if moved:
            path = urljoin(path, response.headers["Location"])
            response = self.client.get(path)
        if response.status_code != 200:
            self.broken.append(f"{path} is {response.status_code} (on {self.found_on.get(path)})")
            return []
        kind = response.headers["Content-Type"].partition(";")[0]
        content = b"".join(response) if response.streaming else response.content
        if kind == "text/html":
            page = Reader(content.decode())
            self.ids[path] = page.ids
            return self.new(path, page.addresses)
        if kind.endswith(("xml", "json", "markdown")) or path.endswith(".txt"):
            return self.new(path, {unescape(found.rstrip(".,:")) for found in IN_TEXT.findall(content.decode())})
        return []

    def new(self, page: str, addresses: set[str]) -> list[str]:
        """Those of this blog that haven't been asked for."""
        added = []
        for address in sorted(addresses):
            whole, fragment = urldefrag(urljoin(urljoin(BASE, page), address))
            parts = urlsplit(whole)
            if parts.netloc != "testserver" or parts.path.startswith(NOT_FOLLOWED):
                continue
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if fragment:
                self.fragments.setdefault((path, unquote(fragment)), page)
            if path not in self.found_on:
                self.found_on[path] = page
                added.append(path)
        return added


@pytest.fixture
def demo(db: None) -> None:
    """The demo blog, with everything that a site can have."""
    site = SiteSettings.load()
    site.menu_places = {"archives": 0, "categories": 0, "prompts": 0, "tags": 0, "series": 1, "models": 2}
    site.licence, site.licence_url = "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"
    site.social_links = ["https://github.com/roost"]
    site.author_name, site.author_bio = "시사실지기", "영화를 봅니다."
    site.save()
    call_command("import_jekyll", DEMO, verbosity=0, fetch_seconds=0)


def crawl(client: Client) -> Crawl:
    return Crawl(client, "/", "/sitemap.xml", "/robots.txt", "/llms.txt")


def test_no_link_of_the_demo_blog_is_broken(client: Client, demo: None) -> None:
    found = crawl(client)
    assert found.broken == []
    for address in ("/feed.xml", "/rss.xml", "/feed.json", "/about/", "/prompts/", "/sitemap-posts.xml", "/llms.txt"):
        assert address in found.found_on
    posts = {post.get_absolute_url() for post in Post.objects.published()}
    assert posts.issubset(found.found_on)
    assert len(found.found_on) > 60


def test_no_link_is_broken_where_posts_have_parts_pictures_translations_and_corrections(
    client: Client, demo: None
) -> None:
    series = Series.objects.create(title="Sora", slug="sora")
    image = Image.objects.create(file=ContentFile(stills.jpeg("cover"), "cover.jpg"), alt="A still")
    first = Post.objects.create(
        title="One",
        slug="1부",
        body=f"# A\n\n## B\n\n{EMBED}\n\na[^1]\n\n[^1]: b\n\n![a]({image.file.url})\n\n```py\nx = 1\n```",
        status="published",
        series=series,
        image=image,
        show_corrections=True,
        lang="en",
    )
    first.body += "\n\nmore"
    first.save()
    first.tags.set(["영상", "sora"])
    Post.objects.create(
        title="하나", slug="하나", body="둘", status="published", series=series, translation_of=first, lang="ko"
    )
    Page.objects.create(title="Long", slug="long", body="\n\n".join(f"## Part {i}\n\ntext" for i in range(5)))
    found = crawl(client)
    assert found.broken == []
    assert {"/series/sora/", "/long/"} <= set(found.found_on)
    assert any(path == "/long/" for path, _fragment in found.fragments)


def test_the_crawl_sees_what_is_broken(client: Client, demo: None) -> None:
    Page.objects.create(title="Bad", slug="bad", body="[a](/nothing/) [b](#nowhere) [c](/posts/welcome/#nowhere)")
    broken = " ".join(crawl(client).broken)
    assert "/nothing/ is 404 (on /bad/)" in broken
    assert "/bad/#user-nowhere" in broken
    assert "/posts/welcome/#nowhere" in broken
