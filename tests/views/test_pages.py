"""What readers get at each address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client, RequestFactory

from blog.models import Embed, Generator, Page, Post, Prompt, SiteSettings
from blog.views import authors, gallery, posts
from blog.views.files import server_error
from tests.conftest import EMBED, MakePosts, make_category

MakePost = Callable[..., Post]


def test_the_front_page_shows_pinned_posts_first_then_the_newest(client: Client, make_post: MakePost) -> None:
    make_post(title="Oldest, pinned", pinned=True)
    make_post(title="Middle")
    make_post(title="Newest")
    html = client.get("/").content.decode()
    assert [html.index(title) for title in ("Oldest, pinned", "Newest", "Middle")] == sorted(
        html.index(title) for title in ("Oldest, pinned", "Newest", "Middle")
    )


def test_the_front_page_has_ten_posts_and_the_next_page_the_rest(client: Client, make_posts: MakePosts) -> None:
    make_posts(11)
    first, second = client.get("/").content.decode(), client.get("/page/2/").content.decode()
    assert len(set(re.findall(r"/posts/(post-\d+)/", first))) == 10
    assert set(re.findall(r"/posts/(post-\d+)/", second)) == {"post-1"}
    assert 'href="/page/2/"' in first
    assert 'rel="prev" href="/"' in second


@pytest.mark.parametrize("address", ["/page/0/", "/page/3/", "/page/99999/"])
def test_a_page_of_the_front_page_that_is_not_there_is_not_found(
    client: Client, make_post: MakePost, address: str
) -> None:
    make_post()
    assert client.get(address).status_code == 404


def test_the_first_page_has_one_address_only(client: Client, make_post: MakePost) -> None:
    make_post()
    response = client.get("/page/1/")
    assert (response.status_code, response.headers["Location"]) == (301, "/")


def test_an_empty_blog_says_so_everywhere(client: Client, db: None) -> None:
    for address in ("/", "/categories/", "/tags/", "/archives/"):
        response = client.get(address)
        assert response.status_code == 200
        assert "아직 발행된 글이 없습니다" in response.content.decode()


def test_the_newest_post_leads_with_the_still_of_its_first_embed(client: Client, make_post: MakePost) -> None:
    make_post(body=EMBED)
    html = client.get("/").content.decode()
    assert re.search(r'class="still tone-0" href="/posts/post-1/"[^>]*><span class="subtitle">tokyo walk</span>', html)


def test_a_post_says_when_who_where_and_how_long(client: Client, make_post: MakePost, django_user_model: Any) -> None:
    author = django_user_model.objects.create_user("mina", first_name="Mina", last_name="Park")
    make_post(
        title="제목 | 부제",
        slug="SoraAI",
        category="AI/News",
        tags=["video", "openai"],
        author=author,
        publish_at=datetime(2024, 2, 19, 8, tzinfo=UTC),
        updated_at=datetime(2024, 3, 1, 8, tzinfo=UTC),
    )
    html = client.get("/posts/SoraAI/").content.decode()
    assert "<h1>제목\u00a0| 부제</h1>" in html
    assert '<time datetime="2024-02-19T17:00:00+0900">2024년 2월 19일</time>' in html
    assert '<time datetime="2024-03-01T17:00:00+0900">2024년 3월 1일</time>' in html
    assert "Mina Park" in html
    assert "읽는 데 1분" in html
    assert '<a href="/categories/ai/">AI</a>' in html
    assert '<a href="/categories/ai/news/">News</a>' in html
    assert '<a href="/tags/video/" rel="tag">#video</a>' in html


def test_a_post_that_names_no_author_is_signed_by_the_site(client: Client, make_post: MakePost) -> None:
    SiteSettings(pk=1, author_name="The projectionist").save()
    make_post()
    assert "The projectionist" in client.get("/posts/post-1/").content.decode()


def test_a_post_speaks_its_own_language_inside_a_frame_of_the_sites(client: Client, make_post: MakePost) -> None:
    make_post(lang="en")
    html = client.get("/posts/post-1/").content.decode()
    assert '<html lang="en">' in html
    assert '<header class="site-header" lang="ko">' in html


def test_the_interface_speaks_the_sites_language_whatever_the_browser_asks_for(client: Client, db: None) -> None:
    SiteSettings(pk=1, language="en").save()
    response = client.get("/archives/", headers={"Accept-Language": "ko"})
    assert "<h1>Archives</h1>" in response.content.decode()
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_dates_are_on_the_sites_clock(client: Client, make_post: MakePost) -> None:
    SiteSettings(pk=1, time_zone="America/New_York").save()
    make_post(publish_at=datetime(2024, 1, 1, 3, tzinfo=UTC))
    assert "2023.12.31" in client.get("/").content.decode()
    assert client.get("/archives/2023/12/").status_code == 200
    assert client.get("/archives/2024/").status_code == 404


def test_a_post_leads_to_the_older_and_the_newer_one(client: Client, make_post: MakePost) -> None:
    same = datetime(2024, 5, 5, tzinfo=UTC)
    for title in ("first", "second", "third"):
        make_post(title=title, publish_at=same)
    html = client.get("/posts/post-2/").content.decode()
    assert re.search(r'rel="prev" href="/posts/post-1/"', html)
    assert re.search(r'rel="next" class="newer" href="/posts/post-3/"', html)
    assert 'rel="prev"' not in client.get("/posts/post-1/").content.decode()
    assert 'rel="next"' not in client.get("/posts/post-3/").content.decode()


def test_the_contents_are_a_tree_of_the_headings(client: Client, make_post: MakePost) -> None:
    make_post(body="# One\n\n## 둘: 셋?\n\n### Deep\n\n# Two\n")
    html = client.get("/posts/post-1/").content.decode()
    toc = html[html.index('<details class="toc"') : html.index("</details>")]
    tree = re.sub(r"\s+|<nav.*?>|</nav>", "", toc[toc.index("<ol>") :])
    assert tree == (
        '<ol><li><ahref="#one">One</a><ol><li><ahref="#둘-셋">둘:셋?</a><ol><li><ahref="#deep">Deep</a></li></ol>'
        '</li></ol></li><li><ahref="#two">Two</a></li></ol>'
    )
    assert html.count("<h1") == 1


def test_a_post_without_headings_has_no_contents(client: Client, make_post: MakePost) -> None:
    make_post(body="Just text.")
    assert 'class="toc"' not in client.get("/posts/post-1/").content.decode()


def test_an_embed_is_one_figure_with_link_caption_and_prompt(client: Client, make_post: MakePost) -> None:
    make_post(body=EMBED)
    Generator.objects.create(name="Sora", slug="sora", status="retired")
    Prompt.objects.update(generator=Generator.objects.get())
    html = client.get("/posts/post-1/").content.decode()
    figure = html[html.index("<figure") : html.index("</figure>")]
    assert '<a class="play" href="https://x.com/i/status/1758192965703647443" data-player=' in figure
    assert '<a href="https://x.com/OpenAI">@OpenAI</a>' in figure
    assert '<time datetime="2024-02-15T18:14:03Z">2024년 2월 16일</time>' in figure
    assert '<p class="caption">tokyo walk</p>' in figure
    assert "A stylish woman walks down a Tokyo street." in figure
    assert "Sora (종료)" in figure
    assert "<iframe" not in html


def test_a_prompt_is_shown_to_the_letter(client: Client, make_post: MakePost) -> None:
    text = 'a *b* <lora:film:0.8> & "c"\n\n  --ar 16:9'
    make_post(body=EMBED.split(">")[0] + "> Prompt: " + text.replace("\n", "\n> "))
    html = client.get("/posts/post-1/").content.decode()
    shown = re.search(r"<p data-copy-text>(.*?)</p>", html, re.DOTALL)
    assert shown
    assert unescape(shown[1]) == text


def test_what_we_hold_of_a_gone_embed_stays(client: Client, make_post: MakePost) -> None:
    make_post(body=EMBED)
    Embed.objects.update(
        status="gone", text="It walks.\nIt talks.", text_lang="en", checked_at=datetime(2025, 1, 1, tzinfo=UTC)
    )
    html = client.get("/posts/post-1/").content.decode()
    assert '<p lang="en" dir="auto">It walks.<br>It talks.</p>' in html
    assert "X에서 사라진 게시물 (2025년 1월 1일 확인)" in html
    assert '<p class="caption">tokyo walk</p>' in html


def test_a_takedown_hides_what_was_quoted_and_keeps_what_the_author_wrote(client: Client, make_post: MakePost) -> None:
    make_post(body=EMBED)
    Embed.objects.update(text="quoted words", takedown=True)
    for address in ("/posts/post-1/", "/feed.xml"):
        html = client.get(address).content.decode()
        assert "quoted words" not in html
        assert "tokyo walk" in html
        assert "A stylish woman" in html


def test_colours_in_a_text_are_allowed_by_their_hash_alone(client: Client, make_post: MakePost) -> None:
    make_post(
        body='<span class="filepath" style="color:red">a</span> <b style="color:red">b</b> <i style="color:blue">c</i>'
    )
    response = client.get("/posts/post-1/")
    html = response.content.decode()
    assert "<style>.body .s-1{color:red}.body .s-2{color:blue}</style>" in html
    assert '<span class="s-1 filepath">a</span> <b class="s-1">b</b> <i class="s-2">c</i>' in html
    policy = response.headers["Content-Security-Policy"]
    assert re.search(r"style-src 'self' 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert "unsafe-inline" not in policy


def test_a_slug_in_decomposed_hangul_leads_to_the_composed_one(client: Client, make_post: MakePost) -> None:
    make_post(slug="한글-주소")
    assert client.get("/posts/한글-주소/").status_code == 200
    response = client.get(f"/posts/{unicodedata.normalize('NFD', '한글-주소')}/", follow=True)
    assert response.redirect_chain[0][1] == 301
    assert response.status_code == 200


def test_case_counts_in_the_address_of_a_post(client: Client, make_post: MakePost) -> None:
    make_post(slug="SoraAI")
    assert client.get("/posts/soraai/").status_code == 404


def test_the_categories_are_an_outline_with_the_posts_of_each_branch(client: Client, make_post: MakePost) -> None:
    make_post(category="AI/News")
    make_post(category="AI")
    make_post(category="노트/장면/밤")
    make_category("Empty/Branch")
    html = client.get("/categories/").content.decode()
    counts = re.findall(r'<a href="/categories/[^"]*">([^<]+)</a> <span class="count">(\d+)</span>', html)
    assert counts == [("AI", "2"), ("News", "1"), ("노트", "1"), ("장면", "1"), ("밤", "1")]


def test_a_category_lists_what_is_below_it_too(client: Client, make_post: MakePost) -> None:
    make_post(title="in the leaf", category="AI/News")
    make_post(title="in the branch", category="AI")
    make_post(title="elsewhere", category="AIR")
    html = client.get("/categories/ai/").content.decode()
    assert "in the leaf" in html
    assert "in the branch" in html
    assert "elsewhere" not in html
    assert '<a href="/categories/ai/news/">News</a>' in html
    assert "in the branch" not in client.get("/categories/ai/news/").content.decode()


def test_chirpys_flat_category_address_leads_to_the_whole_path(client: Client, make_post: MakePost) -> None:
    make_category("Attic/News")
    make_post(category="Ai/News")
    response = client.get("/categories/news/")
    assert (response.status_code, response.headers["Location"]) == (301, "/categories/ai/news/")


@pytest.mark.parametrize("address", ["/categories/attic/", "/categories/nothing/", "/categories/ai/nothing/"])
def test_a_category_without_posts_is_not_found(client: Client, make_post: MakePost, address: str) -> None:
    make_category("Attic")
    make_post(category="AI")
    assert client.get(address).status_code == 404


def test_tags_are_sorted_by_use(client: Client, make_post: MakePost) -> None:
    make_post(tags=["rare", "often"])
    make_post(tags=["often"])
    html = client.get("/tags/").content.decode()
    assert re.findall(r'">#(\w+)</a> <span class="count">(\d)</span>', html) == [("often", "2"), ("rare", "1")]


def test_a_tag_lists_its_posts(client: Client, make_post: MakePost) -> None:
    make_post(title="with it", tags=["비디오"])
    make_post(title="without it")
    html = client.get("/tags/비디오/").content.decode()
    assert "with it" in html
    assert "without it" not in html
    assert client.get("/tags/none/").status_code == 404


def test_titles_are_bound_where_they_are_read_and_stay_as_they_are_elsewhere(
    client: Client, make_post: MakePost
) -> None:
    make_post(title="One <b> | Two", tags=["a"], publish_at=datetime(2024, 4, 5, tzinfo=UTC))
    for address in ("/", "/posts/post-1/", "/tags/a/", "/archives/", "/search/?q=one"):
        head, _, main = client.get(address).content.decode().partition("<main")
        assert "&lt;b&gt;\u00a0| " in main, address
        assert "\u00a0|" not in head
    assert 'data-title="One &lt;b&gt; | Two"' in client.get("/posts/post-1/").content.decode()
    assert "One &lt;b&gt; | Two" in client.get("/feed.xml").content.decode()
    assert Post.objects.get().title == "One <b> | Two"


@pytest.mark.parametrize(
    "address", ["/", "/categories/ai/", "/archives/", "/archives/2024/", "/prompts/", "/models/sora/", "/authors/mina/"]
)
def test_each_page_of_a_list_has_a_title_of_its_own(
    client: Client, make_post: MakePost, django_user_model: Any, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for module in (posts, authors):
        monkeypatch.setattr(module, "LINES_A_PAGE", 1)
    monkeypatch.setattr(posts, "POSTS_A_PAGE", 1)
    monkeypatch.setattr(gallery, "PROMPTS_A_PAGE", 1)
    mina = django_user_model.objects.create_user("mina")
    for day in (1, 2):
        at = datetime(2024, 4, day, tzinfo=UTC)
        make_post(category="AI", author=mina, body="> Prompt: a\n> Model: Sora", publish_at=at)
    first, second = (
        re.findall(r"<title>(.*)</title>", client.get(where).content.decode())[0]
        for where in (address, f"{address}page/2/")
    )
    assert "쪽" not in first
    assert second == first.replace("Roost", "2쪽 — Roost") or second == "Roost — 2쪽"


def test_a_text_from_the_right_runs_from_the_right_and_the_interface_does_not(
    client: Client, make_post: MakePost
) -> None:
    make_post(title="Left", tags=["a"])
    make_post(title="يمين", lang="ar", tags=["a"], body="واحد\n\n> Prompt: Snow falls.")
    Page(title="عن", slug="about", lang="ar", body="واحد").save()
    html = client.get("/posts/post-2/").content.decode()
    assert '<html lang="ar">' in html
    assert '<article class="post" dir="rtl">' in html
    assert '<footer lang="ko" dir="ltr">' in html
    assert '<article class="post" dir="rtl">' in client.get("/about/").content.decode()
    assert 'lang="ar" dir="rtl">يمين</a>' in client.get("/tags/a/").content.decode()
    assert '<div dir="rtl">\n<p class="facts">' in client.get("/").content.decode()
    assert '<div dir="rtl">\n<h2>' in client.get("/search/?q=يمين").content.decode()
    left = client.get("/posts/post-1/").content.decode()
    assert left.count(" dir=") == left.count('lang="ar" dir="rtl">') > 0  # its neighbour's title


def test_the_archives_go_by_year_and_month(client: Client, make_post: MakePost) -> None:
    make_post(title="winter", publish_at=datetime(2023, 12, 5, tzinfo=UTC))
    make_post(title="spring", publish_at=datetime(2024, 4, 5, tzinfo=UTC))
    html = client.get("/archives/").content.decode()
    html = html.partition("<main")[2]
    assert html.index(">2024<") < html.index("4월") < html.index("spring") < html.index("12월") < html.index("winter")
    assert "winter" not in client.get("/archives/2024/").content.decode()
    assert "spring" in client.get("/archives/2024/4/").content.decode()
    assert client.get("/archives/2024/5/").status_code == 404


@pytest.mark.parametrize("years", ["0", "1", "1/1", "203", "9999", "10000/12", "2024/0", "2024/13", "9" * 30])
def test_a_year_or_month_that_no_calendar_has_is_not_found(client: Client, make_post: MakePost, years: str) -> None:
    make_post(publish_at=datetime(2024, 4, 5, tzinfo=UTC))
    assert client.get(f"/archives/{years}/").status_code == 404


@pytest.mark.parametrize("page", ["0", "x", "-1", "99", "１", "9" * 20])
def test_a_page_of_a_list_that_is_not_there_is_not_found(client: Client, make_post: MakePost, page: str) -> None:
    make_post(tags=["a"])
    for address in ("/tags/a/", "/archives/"):
        assert client.get(address, {"page": page}, follow=True).status_code == 404
        assert client.get(f"{address}page/{page}/").status_code == 404


def test_a_page_of_a_list_has_one_address(client: Client, make_posts: MakePosts) -> None:
    make_posts(51, tags=["a"])
    for other, address in {
        "/tags/a/?page=2": "/tags/a/page/2/",
        "/tags/a/?page=2&x=%20y": "/tags/a/page/2/?x=+y",
        "/tags/a/?page=1": "/tags/a/",
        "/tags/a/page/1/": "/tags/a/",
        "/tags/a/page/02/": "/tags/a/page/2/",
        "/tags/a/page/2/?page=1": "/tags/a/",
        "/prompts/?page=1&lang=en": "/prompts/?lang=en",
        "/page/1/": "/",
    }.items():
        answer = client.get(other)
        assert (answer.status_code, answer.headers["Location"]) == (301, address)


def test_long_lists_have_pages(client: Client, make_posts: MakePosts) -> None:
    make_posts(51, tags=["a"])
    assert 'rel="next" href="/tags/a/page/2/"' in client.get("/tags/a/").content.decode()
    second = client.get("/tags/a/page/2/").content.decode()
    assert re.findall(r"/posts/(post-\d+)/", second) == ["post-1"]
    assert "<title>#a — 2쪽 — Roost</title>" in second
    assert 'rel="prev" href="/tags/a/"' in second


def test_a_page_has_its_place_in_the_menu(client: Client, db: None) -> None:
    Page(title="소개", slug="about", body=f"안녕하세요.\n\n{EMBED}\n> Prompt: alone").save()
    html = client.get("/about/").content.decode()
    assert "<h1>소개</h1>" in html
    assert '<a href="/about/" aria-current="page">소개</a>' in html
    assert '<p class="caption">tokyo walk</p>' in html
    assert html.count('<section class="prompt" role="group"') == 2


def test_a_page_that_is_taken_back_is_gone_from_the_menu(client: Client, db: None) -> None:
    Page(title="Secret", slug="secret", published=False).save()
    assert client.get("/secret/").status_code == 404
    assert "Secret" not in client.get("/").content.decode()


def test_what_is_not_there_gets_a_helpful_404(client: Client, db: None) -> None:
    response = client.get("/no/such/thing/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "이 주소에는 아무것도 없습니다" in html
    assert 'href="/archives/"' in html
    assert 'rel="canonical"' not in html


def test_a_failure_is_answered_without_the_database(
    client: Client, make_post: MakePost, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_post()
    monkeypatch.setattr("blog.presentation.body", lambda *_: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/posts/post-1/")
    assert response.status_code == 500
    assert "잠시 멈췄습니다" in response.content.decode()


def test_robots_are_told_where_the_sitemap_is(client: Client, db: None) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_the_sites_own_address_stands_in_everything_absolute(
    client: Client, make_post: MakePost, settings: LazySettings
) -> None:
    settings.ROOST_URL = "https://blog.example.com"
    make_post()
    assert (
        '<link rel="canonical" href="https://blog.example.com/posts/post-1/">'
        in client.get("/posts/post-1/").content.decode()
    )
    for address in (
        "/sitemap.xml",
        "/sitemap-posts.xml",
        "/robots.txt",
        "/llms.txt",
        "/feed.xml",
        "/rss.xml",
        "/feed.json",
    ):
        text = client.get(address).content.decode()
        assert "https://blog.example.com/" in text
        assert "testserver" not in text


def test_health_is_one_word(client: Client, db: None) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_file_in_media_can_not_run_anything(client: Client, db: None, settings: LazySettings) -> None:
    folder: Path = settings.MEDIA_ROOT
    folder.mkdir()
    (folder / "a.png").write_bytes(b"\x89PNG")
    response = client.get("/media/a.png")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == b"\x89PNG"
    for close in response._resource_closers:  # response.close() would end the request, and with it the connection
        close()
    assert client.get("/media/../settings.py").status_code == 400
    assert client.get("/media/").status_code == 404


def test_the_icon_is_found_where_browsers_look_for_it(client: Client, db: None) -> None:
    assert client.get("/favicon.ico").headers["Location"].endswith("icon.svg")


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/posts/post-1/", "/posts/post-1.md", "/tags/", "/feed.xml", "/robots.txt", "/llms.txt"),
        *("/sitemap.xml", "/sitemap-posts.xml", "/healthz"),
    ],
)
def test_public_addresses_only_read(client: Client, make_post: MakePost, address: str) -> None:
    make_post()
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200


def test_the_seed_is_right_in_the_browser(client: Client, seed: Path, db: None) -> None:
    call_command("import_jekyll", seed, verbosity=0, stdout=StringIO())
    response = client.get("/posts/SoraAI/")
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="ko">' in html
    assert re.search(r"<h1>[^<]*\u00a0\| Sora AI[^<]*</h1>", html)
    figures = re.findall(r'<figure class="embed shape-16-9" id="(t_\w+)".*?</figure>', html, re.DOTALL)
    assert figures == ["t_tokyo", "t_puffball", "t_airplanes", "t_puppy", "t_ball", "t_corgi"]
    captions = re.findall(r'<p class="caption">([^<]*)</p>', html)
    assert captions == list(Post.objects.get().post_embeds.order_by("position").values_list("caption", flat=True))
    assert len(captions) == 6
    prompts = [unescape(text) for text in re.findall(r"<p data-copy-text>([^<]*)</p>", html)]
    assert [len(prompt) for prompt in prompts] == [382, 667, 113, 182, 38, 41]
    assert not re.search(
        r'<(?:script|img|iframe|link|source|video)[^>]*(?:src|href)="(?:https?:)?//(?!testserver)', html
    )


def test_the_page_for_a_broken_server_needs_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr("blog.views.files.static", missing)
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "<link" not in response.content.decode()
    assert "잠시 멈췄습니다" in response.content.decode()
