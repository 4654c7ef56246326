"""Writing in the admin."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from taggit.models import Tag

from blog.models import Category, Embed, Generator, Image, Page, Post, Prompt, SiteSettings
from tests.conftest import EMBED, TOKYO, in_a_week
from tests.desk.helpers import press

ADD = "/admin/blog/post/add/"


def form(**values: Any) -> dict[str, Any]:
    """What the browser sends for a post."""
    return {
        "title": "제목",
        "slug": "제목",
        "body": EMBED,
        "variables": "",
        "lang": "ko",
        "publish_at_0": "",
        "publish_at_1": "",
        "updated_at_0": "",
        "updated_at_1": "",
        "summary": "",
        "tags": "",
        **values,
    }


def errors(html: str) -> str:
    return unescape(" ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', html, re.DOTALL)))


def test_a_post_is_written_published_and_read(admin_client: Client) -> None:
    response = admin_client.post(ADD, form(tags="video, 영상"))
    assert response.status_code == 302
    press(admin_client, Post.objects.get(), "_publish")
    post = Post.objects.get()
    assert post.publish_at is not None
    assert set(post.tags.names()) == {"video", "영상"}
    assert post.prompts.get().text == "A stylish woman walks down a Tokyo street."
    assert "tokyo walk" in admin_client.get("/posts/제목/").content.decode()


def test_a_stranger_is_sent_to_the_login(client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post()
    for address in ("/admin/", ADD, f"/admin/blog/post/{post.pk}/preview/"):
        assert client.get(address).headers["Location"].startswith("/admin/login/")


def test_variables_are_written_as_in_front_matter(admin_client: Client) -> None:
    body = "{% include embed/twitter.html id=page.t_tokyo %}"
    admin_client.post(ADD, form(body=body, variables=f"t_tokyo: i/status/{TOKYO}\nimg_path: /a/\n"))
    post = Post.objects.get()
    assert post.variables == {"t_tokyo": f"i/status/{TOKYO}", "img_path": "/a/"}
    assert post.post_embeds.get().key == "t_tokyo"
    html = admin_client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
    assert f"t_tokyo: i/status/{TOKYO}\nimg_path: /a/" in html


@pytest.mark.parametrize(
    ("variables", "says"), [("a: [", "번째 줄"), ("just text", "key: value"), ("a: b: c", "1번째 줄")]
)
def test_variables_that_can_not_be_read_are_refused_with_the_line(
    admin_client: Client, variables: str, says: str
) -> None:
    html = admin_client.post(ADD, form(variables=variables), headers={"Accept-Language": "ko"}).content.decode()
    assert says in errors(html)
    assert "A stylish woman" in html
    assert not Post.objects.exists()


def test_a_text_that_can_not_be_rendered_is_refused_and_kept(admin_client: Client) -> None:
    body = ">" * 50 + " deep"
    html = admin_client.post(ADD, form(body=body)).content.decode()
    assert "20단계보다 깊습니다" in errors(html)
    assert ">" * 50 in unescape(html)
    assert not Post.objects.exists()


def test_a_stale_form_does_not_overwrite_a_newer_text(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="first")
    address = reverse("admin:blog_post_change", args=[post.pk])
    opened = form(title=post.title, slug=post.slug, body="mine", opened_version=str(post.version))
    post.body = "theirs"
    post.save()
    html = admin_client.post(address, opened, headers={"Accept-Language": "en"}).content.decode()
    assert "Somebody saved this post" in errors(html)
    assert ">\nmine</textarea>" in html
    assert Post.objects.get().body == "theirs"
    current = re.search(r'name="opened_version" value="(\d+)"', html)
    assert current
    assert admin_client.post(address, {**opened, "opened_version": current[1]}).status_code == 302
    assert Post.objects.get().body == "mine"


def test_what_will_not_look_as_meant_is_said_after_saving(admin_client: Client) -> None:
    response = admin_client.post(ADD, form(body="{% include embed/unknown.html id='1' %}"), follow=True)
    assert "임베드할 것을 찾을 수 없어" in response.content.decode()


@pytest.mark.parametrize("slug", ["a b", "a/b", "..", "a?b"])
def test_a_slug_that_makes_no_address_is_refused(admin_client: Client, slug: str) -> None:
    assert errors(admin_client.post(ADD, form(slug=slug)).content.decode())
    assert not Post.objects.exists()


def test_a_post_shows_its_embeds_and_prompts_with_links(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    html = admin_client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
    assert reverse("admin:blog_embed_change", args=[Embed.objects.get().pk]) in html
    assert reverse("admin:blog_prompt_change", args=[Prompt.objects.get().pk]) in html
    assert f'<a href="/posts/{post.slug}/">' in html
    assert "—" in admin_client.get(ADD).content.decode()


def test_an_unpublished_post_has_a_preview_for_those_who_may_see_it(
    admin_client: Client, client: Client, make_post: Callable[..., Post], django_user_model: Any
) -> None:
    post = make_post(body=EMBED, publish_at=in_a_week())
    address = reverse("admin:blog_post_preview", args=[post.pk])
    assert address in admin_client.get("/admin/blog/post/").content.decode()
    response = admin_client.get(address)
    html = response.content.decode()
    assert "tokyo walk" in html
    assert '<meta name="robots" content="noindex, nofollow">' in html
    assert "no-store" in response.headers["Cache-Control"]
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    assert client.get(address).status_code == 403
    draft = make_post(status="draft", publish_at=None)
    html = admin_client.get(reverse("admin:blog_post_preview", args=[draft.pk])).content.decode()
    assert 'class="draft-mark"' in html


def test_lists_search_filter_and_say_the_state(admin_client: Client, make_post: Callable[..., Post]) -> None:
    make_post(title="alpha", body=EMBED, tags=["needle"], category="AI")
    make_post(title="beta", status="draft")
    make_post(title="gamma", publish_at=in_a_week())
    html = admin_client.get("/admin/blog/post/", headers={"Accept-Language": "en"}).content.decode()
    assert re.findall(r"field-state[^>]*>(\w+)<", html) == ["scheduled", "draft", "published"]
    found = admin_client.get("/admin/blog/post/?q=needle").content.decode()
    assert "alpha" in found
    assert "beta" not in found
    drafts = admin_client.get("/admin/blog/post/?status__exact=draft").content.decode()
    assert "beta" in drafts
    assert "alpha" not in drafts
    assert admin_client.get("/admin/blog/post/?publish_at__year=2024").status_code == 200


def test_an_embed_says_where_it_is_used_and_stays_while_it_is(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(title="It uses it", body=EMBED)
    embed = Embed.objects.get()
    html = admin_client.get(reverse("admin:blog_embed_change", args=[embed.pk])).content.decode()
    assert reverse("admin:blog_post_change", args=[post.pk]) in html
    assert "It uses it" in html
    assert "tokyo walk" in admin_client.get("/admin/blog/embed/?q=tokyo").content.decode()
    delete = reverse("admin:blog_embed_delete", args=[embed.pk])
    assert admin_client.get(delete).status_code == 403
    assert admin_client.get("/admin/blog/embed/add/").status_code == 403
    post.delete()
    assert admin_client.get(delete).status_code == 200


def picture(kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Pillow.new("RGB", (32, 18), "navy").save(buffer, kind)
    return buffer.getvalue()


def test_a_picture_is_uploaded_and_its_markdown_offered(admin_client: Client) -> None:
    upload = SimpleUploadedFile("a.png", picture(), "image/png")
    response = admin_client.post("/admin/blog/image/add/", {"picture": upload, "alt": "night"})
    assert response.status_code == 302, errors(response.content.decode())
    image = Image.objects.get()
    assert (image.width, image.height) == (32, 18)
    html = unescape(admin_client.get(reverse("admin:blog_image_change", args=[image.pk])).content.decode())
    assert f'![night]({image.file.url}){{: w="32" h="18" }}' in html
    assert image.file.url in admin_client.get("/admin/blog/image/").content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"<script>"),
        ("a.html", b"<b>"),
        ("a.bmp", picture("BMP")),
    ],
)
def test_what_is_no_picture_for_the_web_is_refused(admin_client: Client, name: str, content: bytes) -> None:
    response = admin_client.post("/admin/blog/image/add/", {"picture": SimpleUploadedFile(name, content), "alt": ""})
    assert errors(response.content.decode())
    assert not Image.objects.exists()


def test_pages_are_rendered_and_checked_too(admin_client: Client) -> None:
    values = {"title": "소개", "slug": "about", "body": "**안녕**", "lang": "ko", "published": "on", "menu_order": "0"}
    assert admin_client.post("/admin/blog/page/add/", values).status_code == 302
    assert "<strong>안녕</strong>" in Page.objects.get().body_html
    refused = admin_client.post("/admin/blog/page/add/", {**values, "slug": "tags"}).content.decode()
    assert errors(refused)
    assert admin_client.get("/admin/blog/page/?q=소개").status_code == 200


def test_the_site_has_one_row_of_settings(admin_client: Client) -> None:
    response = admin_client.get("/admin/blog/sitesettings/", follow=True)
    assert response.redirect_chain[-1][0] == "/admin/blog/sitesettings/1/change/"
    assert admin_client.get("/admin/blog/sitesettings/add/").status_code == 403
    assert admin_client.get("/admin/blog/sitesettings/1/delete/").status_code == 403
    values = {"title": "Night", "language": "en", "time_zone": "Mars/Base", "feed_content": "full"}
    assert "Mars/Base" in errors(admin_client.post("/admin/blog/sitesettings/1/change/", values).content.decode())
    admin_client.post("/admin/blog/sitesettings/1/change/", {**values, "time_zone": "Europe/Paris"})
    assert str(SiteSettings.load()) == "Night"


def test_categories_tags_and_generators_say_how_much_they_are_used(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    make_post(category="AI", tags=["video"])
    Generator.objects.create(name="Sora", slug="sora")
    for model, shown in (("blog/category", "AI"), ("taggit/tag", "video"), ("blog/generator", "Sora")):
        assert shown in admin_client.get(f"/admin/{model}/?q={shown[:2]}").content.decode()
    category = Category.objects.get()
    loop = {"name": "AI", "slug": "ai", "parent": str(category.pk), "description": ""}
    assert errors(admin_client.post(f"/admin/blog/category/{category.pk}/change/", loop).content.decode())
    twin = {"name": "AI", "slug": "ai", "parent": "", "description": ""}
    assert errors(admin_client.post("/admin/blog/category/add/", twin).content.decode())
    assert Tag.objects.get().name == "video"


def test_the_admin_speaks_its_users_language(admin_client: Client) -> None:
    korean = admin_client.get("/admin/", headers={"Accept-Language": "ko-KR,ko;q=0.9"})
    english = admin_client.get("/admin/", headers={"Accept-Language": "en"})
    assert "글쓰기" in korean.content.decode()
    assert "Writing desk" in english.content.decode()
    assert english.headers["Content-Language"] == "en"


def test_dates_in_the_admin_are_on_the_sites_clock(admin_client: Client) -> None:
    values = form(publish_at_0="2024-02-19", publish_at_1="17:00:00")
    admin_client.post(ADD, values)
    assert Post.objects.get().publish_at == datetime(2024, 2, 19, 8, tzinfo=UTC)
