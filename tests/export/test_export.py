"""The site as files: the server's bytes at the server's addresses, kept in step, and nothing else touched."""

from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import brotli
import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings

from blog.export.folder import JOURNAL, Folder
from blog.export.site import Export
from blog.models import Image, Page, Post, SiteSettings
from blog.pagecache import PageCache
from tests.conftest import EMBED, MakePosts
from tests.fake_provider import stills
from tests.pages.conftest import Reader
from tests.server import get

pytestmark = pytest.mark.whole

BASE = "https://blog.example.com"
MakePost = Callable[..., Post]


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=str(folder)):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


@pytest.fixture
def site(
    transactional_db: None,
    settings: LazySettings,
    collected: Path,
    tmp_path: Path,
    make_post: MakePost,
    make_posts: MakePosts,
) -> Iterator[Path]:
    """A site with something of everything; the folder that it goes to."""
    settings.ROOST_URL, settings.ALLOWED_HOSTS, settings.STATIC_ROOT = BASE, ["blog.example.com"], str(collected)
    settings.SECURE_SSL_REDIRECT = True
    SiteSettings(language="en", author_name="Ada").save()
    Page(title="소개", slug="소개", body="Words.", published=True, in_menu=False).save()
    file = ContentFile(stills.jpeg("night"), name="night.jpg")
    picture = Image.objects.create(file=file, width=1200, height=675, alt="A night")
    make_post(slug="film", body=f"{EMBED}\n\n![]({picture.file.url})", category="AI/News", tags=["film"])
    make_post(
        slug="밤의-도시", title="밤의 도시", body="## 하나\n\n[위로](#하나)와 [다른 글](/posts/film/).", tags=["밤"]
    )
    make_posts(52, tags=["film"])
    yield tmp_path / "out"
    connections.close_all()


def export(folder: Path) -> str:
    out, errors = StringIO(), StringIO()
    call_command("export_site", folder, stdout=out, stderr=errors, verbosity=0)
    return errors.getvalue() + out.getvalue()


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


# --- What is there --------------------------------------------------------------------------------------------------


def test_each_file_has_the_bytes_that_the_server_sends(site: Path) -> None:
    said = export(site)
    assert said.endswith("0 broken links.\n")
    reader = Reader(PageCache(get_wsgi_application(), 0), [])
    reader.cache.warm = lambda: None  # type: ignore[method-assign]
    addresses = [
        *(
            "/",
            "/page/2/",
            "/page/6/",
            "/posts/film/",
            "/posts/밤의-도시/",
            "/posts/film.md",
        ),
        *("/categories/", "/categories/ai/", "/categories/ai/news/", "/tags/", "/tags/film/", "/tags/film/page/2/"),
        *(
            "/tags/밤/",
            "/archives/",
            "/archives/page/2/",
            "/archives/2024/",
            "/prompts/",
            "/models/",
            "/series/",
            "/소개/",
        ),
        *("/search/", "/feed.xml", "/feed/archive/1.xml", "/rss.xml", "/feed.json", "/categories/ai/feed.xml"),
        *("/sitemap.xml", "/sitemap-posts.xml", "/robots.txt", "/llms.txt"),
    ]
    for address in addresses:
        path = site / (address.lstrip("/") + ("index.html" if address.endswith("/") else ""))
        host = {"HTTP_HOST": "blog.example.com", "wsgi.url_scheme": "https"}
        sent = reader.get(quote(address), **host)
        assert sent.status == 200, address
        assert path.read_bytes() == sent.body, address
        for encoding, ending, decode in (("gzip", ".gz", gzip.decompress), ("br", ".br", brotli.decompress)):
            small = reader.get(quote(address), HTTP_ACCEPT_ENCODING=encoding, **host)
            if "Content-Encoding" in small.headers:
                assert path.with_name(path.name + ending).read_bytes() == small.body
                assert decode(small.body) == sent.body


def test_a_plain_file_server_serves_it_at_the_same_addresses(site: Path) -> None:
    export(site)
    handler = partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            address = f"http://127.0.0.1:{server.server_address[1]}"
            for path in ("/", "/posts/film/", "/posts/밤의-도시/", "/tags/밤/", "/소개/", "/feed.xml", "/page/2/"):
                assert get(address + quote(path))[0] == 200
            html = get(f"{address}/posts/film/")[2].decode()
            for part in html.split('"'):
                if part.startswith(("/static/", "/media/")):
                    assert get(address + part.split()[0])[0] == 200
        finally:
            server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def test_hosts_of_files_find_what_they_want(site: Path) -> None:
    export(site)
    assert (site / ".nojekyll").read_bytes() == b""
    assert 'role="search"' in (site / "404.html").read_text()


def test_nothing_that_readers_may_not_see_is_there(site: Path, make_post: MakePost) -> None:
    make_post(slug="draft", status=Post.Status.DRAFT, title="SECRET", body="SECRET", tags=["SECRET"])
    export(site)
    assert not any("SECRET" in path.read_text() for path in site.rglob("*.html"))
    assert not any(name.startswith(("admin", "preview", "healthz", "posts/draft")) for name in names(site))


def test_what_has_moved_leads_on(site: Path) -> None:
    post = Post.objects.get(slug="film")
    post.slug = "the-film"
    post.save()
    export(site)
    for old, new in (("posts/film", "posts/the-film/"), ("categories/news", "categories/ai/news/")):
        html = (site / old / "index.html").read_text()
        assert f'<meta http-equiv="refresh" content="0; url={BASE}/{new}">' in html
        assert f'<link rel="canonical" href="{BASE}/{new}">' in html


# --- Again ----------------------------------------------------------------------------------------------------------


def test_only_what_has_changed_is_written_again(site: Path) -> None:
    export(site)
    before = {name: (site / name).stat().st_mtime_ns for name in names(site)}
    assert ": 0 files written, 0 removed" in export(site)
    post = Post.objects.get(slug="post-6")
    post.summary = "Another summary"
    post.save()
    assert ": 0 files written" not in export(site)
    changed = {name for name in names(site) - {JOURNAL} if (site / name).stat().st_mtime_ns != before.get(name)}
    assert "posts/post-6/index.html" in changed
    assert "posts/post-33/index.html" not in changed
    assert not any(name.startswith(("static/", "media/")) for name in changed)


def test_what_is_no_more_is_removed_and_what_is_not_ours_stays(site: Path) -> None:
    site.mkdir()
    (site / "CNAME").write_text("blog.example.com\n")
    (site / ".git").mkdir()
    (site / ".git" / "config").write_text("[core]")
    export(site)
    (site / "google123.html").write_text("put here later")
    Post.objects.filter(slug__startswith="post-").delete()
    Post.objects.get(slug="밤의-도시").delete()
    export(site)
    left = names(site)
    assert {"CNAME", ".git/config", "google123.html", "posts/film/index.html"} <= left
    assert not any(name.startswith(("posts/post-", "posts/밤", "tags/밤", "page/2", "tags/film/page")) for name in left)
    assert not (site / "tags" / "film" / "page").exists()


def test_a_picture_that_was_replaced_is_copied_again(site: Path) -> None:
    export(site)
    image = Image.objects.get()
    name = str(image.file.name)
    path = Path(image.file.path)
    path.write_bytes(stills.jpeg("another", (64, 36)))
    export(site)
    assert (site / "media" / name).read_bytes() == path.read_bytes()


def test_an_interrupted_export_leaves_whole_files_and_the_next_one_ends_it(site: Path) -> None:
    class Interrupted(Exception):
        pass

    def stop(done: int, known: int) -> None:
        if done == 30:
            raise Interrupted

    with pytest.raises(Interrupted), Folder(site) as target:
        Export(target, stop).run()
    half = names(site)
    assert len(half) > 20
    Post.objects.get(slug="film").delete()
    export(site)
    whole = names(site)
    assert not any(name.startswith("posts/film") for name in whole)
    other = site.with_name("other")
    export(other)
    assert whole == names(other)
    assert all((site / name).read_bytes() == (other / name).read_bytes() for name in whole)


def test_a_file_that_is_being_written_is_not_seen_half(tmp_path: Path) -> None:
    class Interrupted(Exception):
        pass

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise Interrupted

    with Folder(tmp_path / "out") as folder:
        folder.write("a/b.txt", b"old")
    with pytest.raises(Interrupted), Folder(tmp_path / "out") as folder:
        folder.copy("a/b.txt", chunks(), 8, 1.0)
    assert (tmp_path / "out/a/b.txt").read_bytes() == b"old"
    with Folder(tmp_path / "out") as folder:
        folder.write("c.txt", b"new")
        folder.remove_others()
    assert names(tmp_path / "out") == {"c.txt", JOURNAL}


# --- Links ----------------------------------------------------------------------------------------------------------


def test_broken_links_are_named_with_the_page_that_has_them(site: Path) -> None:
    post = Post.objects.get(slug="film")
    post.body = (
        "[a](/posts/nowhere/) [b](/posts/밤의-도시/#둘) [c](#x) ![d](/media/none.png) [e](/posts/밤의-도시/#하나)"
    )
    post.save()
    said = export(site)
    page = "broken: /posts/film/ → "
    assert f"{page}/posts/nowhere/: 404 Not Found\n" in said
    assert f"{page}{quote('/posts/밤의-도시/')}#둘: there is no such place\n" in said
    assert f"{page}#user-x: there is no such place\n" in said
    assert "/media/none.png: there is no such file\n" in said
    assert "하나" not in said
    assert said.endswith("4 broken links.\n")


# --- Refusals -------------------------------------------------------------------------------------------------------


def test_a_folder_with_something_else_in_it_is_left_alone(site: Path) -> None:
    site.mkdir()
    (site / "thesis.txt").write_text("years of work")
    with pytest.raises(CommandError, match=r"isn't empty \(thesis.txt, …\) and no export"):
        export(site)
    assert names(site) == {"thesis.txt"}


def test_without_an_address_there_is_nothing_to_export(site: Path, settings: LazySettings) -> None:
    settings.ROOST_URL = ""
    with pytest.raises(CommandError, match="Set ROOST_URL"):
        export(site)
    assert not site.exists()


def test_two_exports_do_not_write_to_one_folder(site: Path) -> None:
    with Folder(site), pytest.raises(CommandError, match="Another export"):
        export(site)


def test_a_file_where_the_folder_should_be_is_said(site: Path) -> None:
    site.write_text("a file")
    with pytest.raises(CommandError, match="can't be written to"):
        export(site)


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/x", "a//b", ".", "a/\0", JOURNAL])
def test_no_address_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with Folder(tmp_path / "out") as folder, pytest.raises(Exception, match="There can be no file"):
        folder.write(name, b"x")
    assert names(tmp_path) == {f"out/{JOURNAL}"}


def test_pages_that_fit_each_other_are_written_if_somebody_publishes_meanwhile(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, times = Export.run, []

    def run(self: Export) -> None:
        real(self)
        if not times:
            Post.objects.filter(slug="post-54").update(title="Meanwhile")
        times.append(1)

    monkeypatch.setattr(Export, "run", run)
    assert "once more" in export(site)
    assert len(times) == 2
    for name in ("index.html", "archives/index.html", "posts/post-54/index.html", "posts/post-53/index.html"):
        assert "Meanwhile" in (site / name).read_text()
