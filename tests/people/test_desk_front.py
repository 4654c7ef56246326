"""The front page of the admin, and what is done to many posts at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Embed, Post
from tests.conftest import EMBED, in_a_week, make_category
from tests.people.conftest import Enter

MakePost = Callable[..., Post]
LIST = "/admin/blog/post/"


def shelf(html: str, name: str) -> str:
    found = re.search(rf'<section aria-labelledby="desk:{name}">(.*?)</section>', html, re.DOTALL)
    return found[1] if found else ""


def test_the_front_page_says_what_is_to_be_done(enter: Enter, people: dict[str, Any], make_post: MakePost) -> None:
    ada = people["ada"]
    make_post(title="A draft", status="draft", author=ada, summary="s")
    make_post(title="Handed in", status="draft", submitted_at=timezone.now(), author=ada, summary="s")
    make_post(title="For next week", publish_at=in_a_week(), summary="s")
    make_post(title="Read already", summary="")
    make_post(title="Blind", body="![](/a.png)", summary="s")
    make_post(title="Dead inside", body=EMBED, summary="s")
    Embed.objects.update(status="gone")
    html = enter("eve").get("/admin/").content.decode()
    for name, title in (
        ("draft", "A draft"),
        ("submitted", "Handed in"),
        ("scheduled", "For next week"),
        ("published", "Read already"),
        ("summary", "Read already"),
        ("alt", "Blind"),
    ):
        assert title in shelf(html, name), name
    assert "Handed in" not in shelf(html, "draft")
    assert "For next week" not in shelf(html, "published")
    assert "A draft" not in shelf(html, "summary")
    assert "Read already" not in shelf(html, "alt")
    assert "Embeds that died <small>1</small>" in html
    assert 'href="/admin/blog/post/add/">New post</a>' in html
    hers = enter("ada").get("/admin/").content.decode()
    assert "A draft" in shelf(hers, "draft")
    assert "Read already" not in hers
    assert "Embeds that died" not in hers


def test_an_empty_desk_says_so_and_offers_a_beginning(enter: Enter) -> None:
    html = enter("ada").get("/admin/").content.decode()
    assert "No drafts." in html
    assert "Nothing is scheduled." in html
    assert "New post" in html


def test_somebody_without_a_role_gets_an_empty_front_page(enter: Enter) -> None:
    response = enter("guest").get("/admin/")
    assert response.status_code == 200
    assert "desk:draft" not in response.content.decode()


def test_the_front_page_asks_little_whatever_there_is(
    enter: Enter, people: dict[str, Any], make_post: MakePost
) -> None:
    client = enter("eve")

    def add(number: int) -> None:
        for _ in range(number):
            make_post(status="draft", author=people["ada"], body="![](/a.png)")
            make_post(status="draft", author=people["ada"], submitted_at=timezone.now())
            make_post(publish_at=in_a_week(), author=people["ada"])
            make_post(author=people["ada"])

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/")
        return len(captured)

    add(1)
    few = count()
    add(8)
    assert count() == few
    assert few <= 23  # six of them count, once for a content version


def test_long_lists_lead_to_all_of_them(enter: Enter, make_post: MakePost) -> None:
    for _ in range(7):
        make_post(status="draft", publish_at=None)
    client = enter("eve")
    assert '<a href="/admin/blog/post/?state=draft">All 7: Drafts</a>' in client.get("/admin/").content.decode()
    for name, total in (("state=draft", 7), ("state=published", 0), ("lacks=summary", 7), ("lacks=alt", 0)):
        html = client.get(f"{LIST}?{name}").content.decode()
        assert len(re.findall(r'name="_selected_action"', html)) == total, name


def act(enter: Enter, name: str, action: str, *posts: Post, **values: Any) -> str:
    data = {"action": action, "_selected_action": [post.pk for post in posts], **values}
    html: str = enter(name).post(LIST, data, follow=True).content.decode()
    return html


def test_posts_are_published_and_withdrawn_together(enter: Enter, make_post: MakePost) -> None:
    draft, future = make_post(status="draft"), make_post(publish_at=in_a_week())
    public, dated = make_post(), draft.publish_at
    assert "2 posts were changed" in act(enter, "eve", "publish", draft, future, public)
    assert all(post.is_public for post in Post.objects.all())
    assert Post.objects.get(pk=draft.pk).publish_at == dated
    assert "3 posts were changed" in act(enter, "eve", "unpublish", draft, future, public)
    assert not Post.objects.published().exists()


def test_a_category_is_set_after_asking_which(enter: Enter, make_post: MakePost) -> None:
    category, one, other = make_category("AI"), make_post(), make_post()
    html = act(enter, "eve", "set_category", one, other)
    assert "Set the category" in html
    assert not Post.objects.filter(category=category).exists()
    act(enter, "eve", "set_category", one, other, _apply="1", category=str(category.pk))
    assert Post.objects.filter(category=category).count() == 2
    act(enter, "eve", "set_category", one, _apply="1", category="")
    assert Post.objects.filter(category=category).count() == 1


def test_tags_are_added_and_removed(enter: Enter, make_post: MakePost) -> None:
    one, other = make_post(tags=["film"]), make_post()
    assert "Commas between them" in act(enter, "eve", "add_tags", one, other)
    act(enter, "eve", "add_tags", one, other, _apply="1", tags="Film, 영상")
    assert set(one.tags.names()) == {"film", "영상"}
    assert set(other.tags.names()) == {"film", "영상"}
    html = act(enter, "eve", "remove_tag", one, other)
    assert "film</option>" in html
    tag = one.tags.get(name="film")
    act(enter, "eve", "remove_tag", one, other, _apply="1", tag=str(tag.pk))
    assert set(one.tags.names()) == set(other.tags.names()) == {"영상"}
    assert "at most 100 characters" in act(enter, "eve", "add_tags", one, _apply="1", tags="a" * 101)


@pytest.mark.parametrize("action", ["publish", "unpublish", "set_category", "add_tags", "delete_selected"])
def test_an_author_changes_only_own_drafts_together(
    enter: Enter, people: dict[str, Any], make_post: MakePost, action: str
) -> None:
    category = make_category("AI")
    public, foreign = make_post(author=people["ada"]), make_post(author=people["ben"], status="draft")
    versions = {post.pk: post.version for post in (public, foreign)}
    values = {"_apply": "1", "category": str(category.pk), "tags": "x", "post": "yes"}
    act(enter, "ada", action, public, foreign, **values)
    assert {post.pk: post.version for post in Post.objects.all()} == versions


def test_own_drafts_are_filed_together_and_deleted_after_asking(
    enter: Enter, people: dict[str, Any], make_post: MakePost
) -> None:
    draft, public = make_post(author=people["ada"], status="draft", body=EMBED), make_post(author=people["ada"])
    html = act(enter, "ada", "add_tags", draft, public, _apply="1", tags="x")
    assert "1 post was changed" in html
    assert "Left as they were: Post 2" in html
    assert "Are you sure" in act(enter, "ada", "delete_selected", draft)
    assert Post.objects.count() == 2
    act(enter, "ada", "delete_selected", draft, post="yes")
    assert list(Post.objects.all()) == [public]
