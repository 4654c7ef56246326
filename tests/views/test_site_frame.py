"""What every page says of its site and its author: the menu, the footer, the lines below a post."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.translation import override

from blog import elsewhere
from blog.models import Image, Page, Post, Profile, SiteSettings
from tests.conftest import make_category
from tests.fake_provider import stills

MakePost = Callable[..., Post]


def save_site(**values: Any) -> SiteSettings:
    site = SiteSettings(**values)
    site.save()
    return site


def picture() -> Image:
    return Image.objects.create(file=ContentFile(stills.jpeg("me", stills.SQUARE), "me.jpg"), alt="Me")


def menu(html: str) -> list[str]:
    header = html.split('<header class="site-header"')[1].split("</header>")[0]
    return re.findall(r"<li><a[^>]*>([^<]+)</a>", header)


def footer(html: str) -> str:
    return html.split('<footer class="site-footer"')[1].split("</footer>")[0]


def signature(html: str) -> str:
    return html.split('<section class="signature"')[1].split("</section>")[0] if "signature" in html else ""


def test_the_menu_of_a_new_blog_has_what_is_built_in(client: Client, db: None) -> None:
    assert menu(client.get("/").content.decode()) == ["아카이브", "카테고리", "프롬프트", "태그"]


def test_the_menu_is_in_the_order_that_the_admin_sets(client: Client, db: None) -> None:
    save_site(menu_places={"tags": 5, "archives": 1}, language="en")
    Page(title="Between", slug="between", menu_order=3).save()
    Page(title="First", slug="first", menu_order=-1).save()
    Page(title="Draft", slug="draft", published=False).save()
    assert menu(client.get("/").content.decode()) == ["First", "Archives", "Between", "Tags"]


def test_the_menu_marks_where_the_reader_is(client: Client, make_post: MakePost) -> None:
    make_post(tags=["a"], category="AI")
    Page(title="About", slug="about").save()
    marked = {
        "/": [],
        "/tags/": [("/tags/", "page")],
        "/tags/a/": [("/tags/", "true")],
        "/categories/ai/": [("/categories/", "true")],
        "/about/": [("/about/", "page")],
        "/posts/post-1/": [],
    }
    for path, expected in marked.items():
        html = client.get(path).content.decode().split("</header>")[0]
        assert re.findall(r'<a href="([^"]+)" aria-current="(\w+)">', html) == expected


@pytest.mark.parametrize(("pages", "folds"), [(2, False), (3, True)])
def test_a_long_menu_folds_and_a_short_one_does_not(client: Client, db: None, pages: int, folds: bool) -> None:
    for i in range(pages):
        Page(title=f"Page {i}", slug=f"page-{i}").save()
    html = client.get("/").content.decode()
    assert ('<details class="menu">' in html) == folds
    assert len(menu(html)) == 4 + pages


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://x.com/roost", "X"),
        ("https://twitter.com/roost", "X"),
        ("https://github.com/roost", "GitHub"),
        ("https://www.youtube.com/@roost", "YouTube"),
        ("https://www.instagram.com/roost", "Instagram"),
        ("https://www.threads.net/@roost", "Threads"),
        ("https://bsky.app/profile/roost.example", "Bluesky"),
        ("https://fosstodon.org/@roost", "Mastodon"),
        ("https://pf.kakao.com/_abc", "KakaoTalk channel"),
        ("https://blog.naver.com/roost", "Naver blog"),
        ("https://roost.tistory.com/", "Tistory"),
        ("https://notgithub.com/roost", "notgithub.com/roost"),
        ("https://www.example.com/", "example.com"),
        ("https://example.com/%EB%82%98", "example.com/나"),
    ],
)
def test_an_address_is_called_by_its_site(address: str, name: str) -> None:
    with override("en"):
        assert elsewhere.named([address]) == [(address, name)]


def test_two_addresses_on_one_site_are_told_apart() -> None:
    links = elsewhere.named(["https://github.com/a", "https://github.com/b", "https://x.com/a"])
    assert [name for _address, name in links] == ["github.com/a", "github.com/b", "X"]


def test_the_footer_says_licence_links_and_a_line(client: Client, db: None) -> None:
    save_site(
        tagline="Films that nobody shot",
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        footer="No ads & no tracking",
        social_links=["https://pf.kakao.com/_abc"],
    )
    html = footer(client.get("/").content.decode())
    assert "Films that nobody shot" in html
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC BY 4.0</a>' in html
    assert "No ads &amp; no tracking" in html
    assert '<a href="https://pf.kakao.com/_abc" rel="me noopener">카카오톡 채널</a>' in html


def test_an_empty_footer_has_no_empty_parts(client: Client, db: None) -> None:
    html = footer(client.get("/").content.decode())
    assert "<p></p>" not in html
    assert "<ul" not in html
    assert "Roost" in html


def test_a_licence_without_an_address_is_a_line_and_one_without_a_name_is_its_address(client: Client, db: None) -> None:
    site = save_site(licence="All rights reserved")
    assert "· All rights reserved" in footer(client.get("/").content.decode())
    site.licence, site.licence_url = "", "https://example.com/licence"
    site.save()
    assert 'rel="license">https://example.com/licence</a>' in footer(client.get("/").content.decode())


def test_a_post_without_an_author_is_signed_by_the_sites(client: Client, make_post: MakePost) -> None:
    save_site(author_name="Mina", author_bio="Watches <films>.\nLives in Seoul.", avatar=picture())
    html = signature(client.get(make_post(lang="en").get_absolute_url()).content.decode())
    for part in (">Mina</p>", "Watches &lt;films&gt;.<br>Lives in Seoul.", 'lang="ko"', 'alt=""', "me"):
        assert part in html


def test_a_posts_own_author_comes_before_the_sites(client: Client, make_post: MakePost, django_user_model: Any) -> None:
    save_site(author_name="Mina", author_bio="Of the site.")
    ada = django_user_model.objects.create_user("ada", first_name="Ada")
    profile = Profile.objects.get(user=ada)
    profile.body, profile.lang = "I write **notes** on film.", "en"
    profile.links = ["https://github.com/ada"]
    profile.save()
    html = signature(client.get(make_post(author=ada).get_absolute_url()).content.decode())
    assert '<a rel="author" href="/authors/ada/">Ada</a>' in html
    assert '<p lang="en">I write notes on film.</p>' in html
    assert '<a href="https://github.com/ada" rel="me noopener">GitHub</a>' in html
    assert "The site's" not in html


def test_nobody_is_signed_with_the_words_of_another(
    client: Client, make_post: MakePost, django_user_model: Any
) -> None:
    save_site(author_name="Mina", author_bio="Of the site.")
    ben = django_user_model.objects.create_user("ben", first_name="Ben")
    mina = django_user_model.objects.create_user("mina", first_name="Mina")
    assert signature(client.get(make_post(author=ben).get_absolute_url()).content.decode()) == ""
    assert "Of the site." in signature(client.get(make_post(author=mina).get_absolute_url()).content.decode())


def test_a_name_alone_makes_no_signature(client: Client, make_post: MakePost) -> None:
    save_site(author_name="Mina")
    assert "signature" not in client.get(make_post().get_absolute_url()).content.decode()


def test_the_signature_costs_no_query_more(
    client: Client, make_post: MakePost, django_user_model: Any, django_assert_max_num_queries: Any
) -> None:
    save_site(author_name="Mina", author_bio="a", avatar=picture())
    ada = django_user_model.objects.create_user("ada")
    Profile.objects.filter(user=ada).update(picture=picture(), excerpt="b")
    post = make_post(author=ada, category=make_category("AI"))
    with django_assert_max_num_queries(10):
        assert "signature" in client.get(post.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("headings", "shown"), [(3, False), (4, True)])
def test_a_long_page_has_contents(client: Client, db: None, headings: int, shown: bool) -> None:
    Page(title="Guide", slug="guide", body="\n\n".join(f"## Part {i}\n\nText." for i in range(headings))).save()
    html = client.get("/guide/").content.decode()
    assert ('class="toc"' in html) == shown
    assert ('href="#part-0"' in html.split('class="body"')[0]) == shown


def test_a_pages_old_address_leads_to_the_new_one_and_the_menu_follows(client: Client, db: None) -> None:
    page = Page(title="About", slug="about", body="https://x.com/OpenAI/status/1758192965703647443\nwalk\n")
    page.save()
    page.slug = "us"
    page.save()
    moved = client.get("/about/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/us/")
    html = client.get("/us/").content.decode()
    assert 'class="embed' in html
    assert '<a href="/us/" aria-current="page">About</a>' in html
