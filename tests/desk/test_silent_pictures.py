"""One rule says whether a post lacks alt text: the findings, the check and the front page agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import translation

from blog.admin.desk import checks
from blog.models import Image, Post
from blog.people import conditions
from tests.desk.helpers import problems, rendered


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        ("![](/media/a.png)", True),
        ("![ ](/media/a.png)", True),
        ('<img src="/media/a.png">', True),
        ('<img src="/media/a.png" title="a > b" alt="">', True),
        ("![a lake](/media/a.png)", False),
        ("![](https://example.com/a.png)", False),  # becomes a link
        ('`<img src="a.png" alt="">` and <b title=\' alt=""\'>bold</b>', False),
        ('A text about alt="".', False),
    ],
)
def test_all_agree_about_pictures_in_the_text(
    admin_client: Client, make_post: Callable[..., Post], body: str, silent: bool
) -> None:
    post = make_post(body=body)
    assert Post.objects.filter(conditions()["alt"]).exists() == silent
    assert any("without words" in text for text in checks.warnings(post, "http://testserver")) == silent
    assert ((1, "alt") in problems(rendered(admin_client, body, post))) == silent


def test_all_agree_about_covers(admin_client: Client, make_post: Callable[..., Post]) -> None:
    cover = Image.objects.create(file="a.png", width=1, height=1)
    post = make_post(image=cover)
    for alt in ("", "A lake."):
        Image.objects.update(alt=alt)
        post.refresh_from_db()
        assert Post.objects.filter(conditions()["alt"]).exists() == (not alt)
        assert any("The cover" in text for text in checks.warnings(post, "http://testserver")) == (not alt)
        assert ((0, "cover") in problems(rendered(admin_client, post.body, post, image=cover.pk))) == (not alt)
