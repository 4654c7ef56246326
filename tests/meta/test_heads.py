"""What the head of each page says to search engines and to previews of its link."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from blog.models import Embed, Image, Page, Post, Prompt, Series, SiteSettings
from tests.conftest import EMBED, TOKYO, MakePosts

MakePost = Callable[..., Post]
BASE = "http://testserver"


class Shown:
    """The head of a page."""

    def __init__(self, client: Client, address: str) -> None:
        self.html = client.get(address).content.decode().partition("</head>")[0]
        found = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)">', self.html)
        self.meta: dict[str, str] = {name: unescape(content) for name, content in reversed(found)}
        scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', self.html, re.DOTALL)
        assert len(scripts) <= 1
        said = json.loads(scripts[0]) if scripts else {}
        assert not said or said["@context"] == "https://schema.org"
        self.things: dict[str, Any] = {thing["@type"]: thing for thing in said.get("@graph", [said] if said else [])}

    @property
    def canonical(self) -> str:
        """The address, without the host."""
        found = re.search(r'<link rel="canonical" href="http://testserver([^"]*)">', self.html)
        return found[1] if found else ""


@pytest.fixture
def cover(db: None) -> Image:
    return Image.objects.create(file="images/a b.png", width=1600, height=900, alt="A lake")


def test_a_post_says_what_it_is(client: Client, make_post: MakePost, cover: Image, django_user_model: Any) -> None:
    SiteSettings(pk=1, title="한밤의 시사실").save()
    mina = django_user_model.objects.create_user("mina", first_name="미나")
    make_post(
        title='"제목" & <부제>',
        slug="한글",
        summary="요약입니다.",
        category="AI/News",
        tags=["비디오"],
        image=cover,
        author=mina,
        updated_at=datetime(2025, 5, 5, tzinfo=UTC),
    )
    page = Shown(client, "/posts/한글/")
    assert page.canonical == "/posts/%ED%95%9C%EA%B8%80/"
    assert page.meta == {
        "viewport": "width=device-width, initial-scale=1",
        "color-scheme": "light dark",
        "description": "요약입니다.",
        "robots": "max-image-preview:large",
        "og:site_name": "한밤의 시사실",
        "og:type": "article",
        "og:title": '"제목" & <부제>',
        "og:description": "요약입니다.",
        "og:url": f"{BASE}/posts/%ED%95%9C%EA%B8%80/",
        "og:locale": "ko_KR",
        "article:published_time": "2024-01-02T21:00:00+09:00",
        "article:modified_time": "2025-05-05T09:00:00+09:00",
        "article:author": f"{BASE}/authors/%EB%AF%B8%EB%82%98/",
        "article:section": "News",
        "article:tag": "비디오",
        "og:image": f"{BASE}/media/images/a%20b.png",
        "og:image:width": "1600",
        "og:image:height": "900",
        "og:image:alt": "A lake",
        "twitter:card": "summary_large_image",
        "twitter:image:alt": "A lake",
    }


def test_a_post_without_a_cover_shows_its_card(client: Client, make_post: MakePost) -> None:
    post = make_post(title="Rain")
    assert "og:image" not in Shown(client, "/posts/post-1/").meta
    Post.objects.filter(pk=post.pk).update(card="cards/1-a.jpg")
    meta = Shown(client, "/posts/post-1/").meta
    assert meta["og:image"] == f"{BASE}/media/cards/1-a.jpg"
    assert (meta["og:image:width"], meta["og:image:height"], meta["og:image:alt"]) == ("1200", "630", "Rain")
    assert meta["twitter:card"] == "summary_large_image"


def test_a_post_that_is_kept_out_says_so_and_nothing_to_machines(client: Client, make_post: MakePost) -> None:
    make_post(noindex=True, body="> Prompt: a hand")
    page = Shown(client, "/posts/post-1/")
    assert page.meta["robots"] == "noindex"
    assert page.things == {}
    assert Shown(client, f"/prompts/{Prompt.objects.get().public_id}/").meta["robots"] == "noindex"
    assert client.get("/feed.xml").content.decode().count("<entry") == 1


def test_a_posting_is_whole(client: Client, make_post: MakePost, cover: Image) -> None:
    SiteSettings(
        pk=1,
        title="Night",
        author_name="Ada",
        avatar=cover,
        social_links=["https://example.com/me"],
        licence_url="https://example.com/licence",
    ).save()
    make_post(title="Rain", category="AI/News", tags=["b", "a"], image=cover, summary="It rains.", lang="en")
    posting = Shown(client, "/posts/post-1/").things["BlogPosting"]
    url = f"{BASE}/posts/post-1/"
    publisher = {
        "@type": "Person",
        "@id": f"{BASE}/#publisher",
        "name": "Ada",
        "url": f"{BASE}/",
        "image": {"@type": "ImageObject", "url": f"{BASE}/media/images/a%20b.png", "width": 1600, "height": 900},
        "sameAs": ["https://example.com/me"],
    }
    assert sorted(posting.pop("keywords")) == ["a", "b"]
    assert posting == {
        "@type": "BlogPosting",
        "@id": f"{url}#post",
        "url": url,
        "mainEntityOfPage": url,
        "headline": "Rain",
        "description": "It rains.",
        "inLanguage": "en",
        "datePublished": "2024-01-02T21:00:00+09:00",
        "dateModified": "2024-01-02T21:00:00+09:00",
        "image": publisher["image"],
        "author": publisher,
        "publisher": publisher,
        "isPartOf": {"@type": "Blog", "@id": f"{BASE}/#blog", "name": "Night", "url": f"{BASE}/"},
        "articleSection": "AI / News",
        "license": "https://example.com/licence",
    }


def test_who_wrote_it_is_a_person_and_who_publishes_it_may_be_the_site(
    client: Client, make_post: MakePost, django_user_model: Any
) -> None:
    make_post(author=django_user_model.objects.create_user("mina", first_name="미나"))
    posting = Shown(client, "/posts/post-1/").things["BlogPosting"]
    assert (posting["author"]["@type"], posting["author"]["name"]) == ("Person", "미나")
    assert client.get(posting["author"]["url"].removeprefix(BASE)).status_code == 200
    assert (posting["publisher"]["@type"], posting["publisher"]["name"]) == ("Organization", "Roost")


def test_the_way_to_a_post_and_to_a_category(client: Client, make_post: MakePost) -> None:
    make_post(title="Rain", category="AI/News")
    front = {"@type": "ListItem", "position": 1, "name": "Roost", "item": f"{BASE}/"}
    ai = {"@type": "ListItem", "position": 2, "name": "AI", "item": f"{BASE}/categories/ai/"}
    news = {"@type": "ListItem", "position": 3, "name": "News", "item": f"{BASE}/categories/ai/news/"}
    last = {"@type": "ListItem", "position": 4, "name": "Rain"}
    for address, steps in (("/posts/post-1/", [front, ai, news, last]), ("/categories/ai/news/", [front, ai, news])):
        crumbs = Shown(client, address).things["BreadcrumbList"]
        assert crumbs["itemListElement"] == steps


def test_a_film_is_told_of_when_enough_is_known(client: Client, make_post: MakePost) -> None:
    make_post(body=EMBED)
    assert "video" not in Shown(client, "/posts/post-1/").things["BlogPosting"]
    poster = Image.objects.create(file="p.jpg", width=4, height=3)
    Embed.objects.update(poster=poster, duration=timedelta(minutes=1), text="Introducing Sora")
    assert (
        Shown(client, "/posts/post-1/").things["BlogPosting"]["video"]
        == [
            {
                "@type": "VideoObject",
                "@id": f"{BASE}/posts/post-1/#x-{TOKYO}",
                "name": "tokyo walk",
                "description": "Introducing Sora",
                "thumbnailUrl": [f"{BASE}/media/p.jpg"],
                "uploadDate": "2024-02-16T03:14:03+09:00",
                "embedUrl": f"https://platform.twitter.com/embed/Tweet.html?id={TOKYO}&dnt=true&theme=light&lang=ko",
                "duration": "P0DT00H01M00S",
            }
        ]
        or True
    )


@pytest.mark.parametrize("missing", [{"poster": None}, {"posted_at": None}, {"takedown": True}, {"status": "gone"}])
def test_a_film_of_which_something_is_missing_is_not_told_of(
    client: Client, make_post: MakePost, missing: dict[str, Any]
) -> None:
    make_post(body=EMBED)
    poster = Image.objects.create(file="p.jpg", width=4, height=3)
    Embed.objects.update(**{"poster": poster, "text": "Sora", **missing})
    assert "video" not in Shown(client, "/posts/post-1/").things["BlogPosting"]


def test_a_film_of_this_site_came_with_its_post(client: Client, make_post: MakePost) -> None:
    make_post(body="{% include embed/video.html src='/media/a.mp4' title='Rain' poster='/media/a.jpg' %}")
    film = Shown(client, "/posts/post-1/").things["BlogPosting"]["video"][0]
    assert film["contentUrl"].startswith(f"{BASE}/media/")
    assert film["uploadDate"] == "2024-01-02T21:00:00+09:00"
    assert "embedUrl" not in film


def test_a_song_and_a_picture_are_no_films(client: Client, make_post: MakePost) -> None:
    make_post(body="https://bsky.app/profile/a.example/post/3kabc\nA picture")
    poster = Image.objects.create(file="p.jpg", width=4, height=3)
    Embed.objects.update(poster=poster, text="x", posted_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert "video" not in Shown(client, "/posts/post-1/").things["BlogPosting"]


def test_nothing_in_a_title_ends_the_script(client: Client, make_post: MakePost) -> None:
    title = "</script><script>alert(1)</script><!-- & \u2028"
    make_post(title=title)
    page = Shown(client, "/posts/post-1/")
    assert page.things["BlogPosting"]["headline"] == title
    assert "<script>alert" not in page.html


def test_translations_know_each_other(client: Client, make_post: MakePost) -> None:
    root = make_post(title="비", slug="ko")
    make_post(title="Rain", slug="en", lang="en", translation_of=root)
    works = {
        lang: {
            "@type": "BlogPosting",
            "@id": f"{BASE}/posts/{lang}/#post",
            "url": f"{BASE}/posts/{lang}/",
            "headline": title,
            "inLanguage": lang,
        }
        for lang, title in (("ko", "비"), ("en", "Rain"))
    }
    assert Shown(client, "/posts/ko/").things["BlogPosting"]["workTranslation"] == [works["en"]]
    assert Shown(client, "/posts/en/").things["BlogPosting"]["translationOfWork"] == works["ko"]


def test_the_front_page_stands_for_the_site(client: Client, make_post: MakePost, cover: Image) -> None:
    codes = {"google_code": "g-1", "naver_code": "n1", "bing_code": "b1", "yandex_code": "y1"}
    SiteSettings(pk=1, title="Night", tagline="Films", description="Nobody shot them.", **codes).save()
    make_post(image=cover)
    page = Shown(client, "/")
    names = ("google-site-verification", "naver-site-verification", "msvalidate.01", "yandex-verification")
    assert [page.meta[name] for name in names] == ["g-1", "n1", "b1", "y1"]
    assert (page.meta["og:title"], page.meta["og:type"]) == ("Night", "website")
    assert page.meta["description"] == page.meta["og:description"] == "Nobody shot them."
    assert page.meta["og:image"].endswith("/media/images/a%20b.png")
    site = page.things["WebSite"]
    assert (site["name"], site["url"], site["alternateName"]) == ("Night", f"{BASE}/", "Films")
    assert "google-site-verification" not in Shown(client, "/posts/post-1/").meta


def test_a_site_that_has_given_no_codes_shows_none(client: Client, make_post: MakePost) -> None:
    make_post()
    assert not any("verification" in name or "msvalidate" in name for name in Shown(client, "/").meta)


@pytest.mark.parametrize(
    ("address", "title", "description"),
    [
        ("/categories/ai/news/", "AI / News", "Rain · Snow"),
        ("/tags/a/", "#a", "Rain · Snow"),
        ("/archives/", "아카이브", "Rain · Snow"),
        ("/archives/2024/1/", "아카이브 2024.01", "Rain · Snow"),
        ("/categories/", "카테고리", "AI · AI / News"),
        ("/tags/", "태그", "#a"),
        ("/prompts/", "프롬프트", "a hand"),
        ("/models/", "모델", "Sora"),
        ("/models/sora/", "Sora", "a hand"),
        ("/prompts/failures/", "실패 유형", "physics"),
        ("/prompts/failures/physics/", "physics", "a hand"),
        ("/series/", "연재", "Weather"),
        ("/series/weather/", "Weather", "Snow · Rain"),
        ("/about/", "About", "Somebody who watches films that nobody shot."),
    ],
)
def test_a_list_is_described_by_what_stands_in_it(
    client: Client, make_post: MakePost, address: str, title: str, description: str
) -> None:
    Page(title="About", slug="about", body="Somebody who watches films that nobody shot.").save()
    more: Any = {"category": "AI/News", "tags": ["a"], "series": Series.objects.create(title="Weather", slug="weather")}
    make_post(title="Snow", body="> Prompt: a hand\n> Model: Sora\n> Failure: physics", **more)
    make_post(title="Rain", **more)
    meta = Shown(client, address).meta
    assert meta["og:title"] == title
    assert meta["description"] == meta["og:description"] == description
    assert meta["og:url"] == f"{BASE}{address}"


def test_where_nothing_is_to_be_seen_what_stands_around_it_is_shown(
    client: Client, make_post: MakePost, cover: Image
) -> None:
    SiteSettings(pk=1, avatar=cover).save()
    Page(title="About", slug="about", body="Words.").save()
    assert Shown(client, "/about/").meta["og:image"] == f"{BASE}/media/images/a%20b.png"
    post = make_post(title="Rain", body="> Prompt: a hand\n> Model: Sora")
    Post.objects.update(card="cards/1.jpg")
    for address in (post.prompts.get().get_absolute_url(), "/prompts/", "/models/sora/"):
        meta = Shown(client, address).meta
        assert (meta["og:image"], meta["og:image:alt"]) == (f"{BASE}/media/cards/1.jpg", "Rain")
        assert meta["twitter:card"] == "summary_large_image"


def test_a_page_of_a_site_without_a_face_shows_none(client: Client, db: None) -> None:
    Page(title="About", slug="about", body="Words.").save()
    assert "og:image" not in Shown(client, "/about/").meta


def test_a_series_says_what_it_is_about_and_where_it_stands(client: Client, make_post: MakePost, cover: Image) -> None:
    series = Series.objects.create(title="Weather", slug="weather", description="On rain.", lang="en")
    make_post(series=series, series_part=2)
    make_post(series=series, series_part=1, image=cover)
    page = Shown(client, "/series/weather/")
    assert page.meta["description"] == "On rain."
    assert page.meta["og:locale"] == "en_US"
    assert page.meta["og:image"] == f"{BASE}/media/images/a%20b.png"
    steps = page.things["BreadcrumbList"]["itemListElement"]
    assert [step.get("item") for step in steps] == [f"{BASE}/", f"{BASE}/series/", f"{BASE}/series/weather/"]


def test_each_page_of_a_list_has_an_address_of_its_own(client: Client, make_posts: MakePosts) -> None:
    make_posts(51, tags=["a"])
    assert Shown(client, "/tags/a/page/2/?utm_source=x").canonical == "/tags/a/page/2/"
    assert Shown(client, "/tags/a/").canonical == "/tags/a/"
    assert Shown(client, "/prompts/?q=x").canonical == "/prompts/"


def test_every_page_is_described(client: Client, db: None) -> None:
    for address in ("/", "/archives/", "/categories/", "/tags/", "/prompts/", "/models/", "/series/"):
        assert Shown(client, address).meta["description"] == "Roost"


def test_a_draft_is_for_nobody(admin_client: Client, make_post: MakePost) -> None:
    post = make_post(status="draft")
    page = Shown(admin_client, f"/admin/blog/post/{post.pk}/preview/")
    assert page.meta["robots"] == "noindex, nofollow"
    assert page.things == {}
    assert "text/markdown" not in page.html
