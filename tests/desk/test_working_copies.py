"""What is being typed is kept on the server, apart from what readers see."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import Post, Revision
from tests.desk.helpers import press, problems, rendered
from tests.test_admin import ADD, form

NEW = "/admin/blog/post/autosave/"


def keep(client: Client, post: Post, **values: Any) -> Any:
    sent = form(**{"title": post.title, "slug": post.slug, "opened_version": str(post.version), **values})
    return client.post(reverse("admin:blog_post_autosave", args=[post.pk]), sent)


def page(client: Client, post: Post, query: str = "") -> str:
    address = reverse("admin:blog_post_change", args=[post.pk]) + query
    return client.get(address, headers={"Accept-Language": "en"}).content.decode()


def test_a_published_post_stays_as_it_is_while_somebody_types(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body="public")
    answer = keep(admin_client, post, body="half a sen").json()
    assert Post.objects.get().body == "public"
    assert Revision.objects.copies().get().data["body"] == "half a sen"
    again = keep(admin_client, post, body="half a sentence", copy=str(answer["copy"])).json()
    assert again["copy"] != answer["copy"]  # it has been changed
    assert Revision.objects.copies().get().data["body"] == "half a sentence"


def test_the_first_words_of_a_new_post_make_a_draft(admin_client: Client) -> None:
    answer = admin_client.post(NEW, form(title="", slug="", body="안녕")).json()
    post = Post.objects.get()
    assert (post.status, post.body) == ("draft", "안녕")
    assert answer["form"] == reverse("admin:blog_post_change", args=[post.pk])
    assert answer["made"] is True


@pytest.mark.parametrize("name", ["", "Ada"])
def test_autosave_and_save_agree_on_whose_post_it_is(admin_client: Client, admin_user: Any, name: str) -> None:
    admin_user.first_name = name
    admin_user.save()
    author = str(admin_user.pk) if name else ""  # what the empty form has chosen
    html = admin_client.get(ADD).content.decode()
    assert (f'<option value="{admin_user.pk}" selected>' in html) == bool(name)
    admin_client.post(ADD, form(slug="saved", author=author))
    admin_client.post(NEW, form(slug="kept", title="Kept", author=author))
    kept = Post.objects.get(slug="kept")
    before = kept.author
    values = form(slug="kept", title="Kept", author=author, opened_version=str(kept.version))
    assert admin_client.post(reverse("admin:blog_post_change", args=[kept.pk]), values).status_code == 302
    assert Post.objects.get(slug="kept").author == before == Post.objects.get(slug="saved").author
    assert before == (admin_user if name else None)


def test_autosave_keeps_the_author_that_an_editor_chose(admin_client: Client, django_user_model: Any) -> None:
    guest = django_user_model.objects.create_user("guest")
    admin_client.post(NEW, form(author=str(guest.pk)))
    assert Post.objects.get().author == guest
    admin_client.post(NEW, form(title="Another", slug="another", author="9" * 30))
    assert Post.objects.get(slug="another").author is None


def test_a_text_that_can_not_be_rendered_is_kept_too(admin_client: Client) -> None:
    admin_client.post(NEW, form(body=">" * 50 + " deep"))
    assert Revision.objects.copies().get().data["body"] == ">" * 50 + " deep"


def test_a_new_post_that_was_saved_is_not_made_twice(admin_client: Client) -> None:
    admin_client.post(ADD, form())
    answer = admin_client.post(NEW, form()).json()
    assert (answer["made"], answer["copy"]) == (False, None)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("late", ["save", "autosave"])
def test_a_form_that_is_kept_and_saved_at_once_makes_one_post(admin_client: Client, late: str) -> None:
    kept, saved = form(page="a", body="half a sen", slug=""), form(page="a", body="half a sentence", slug="")
    kept["opened_version"] = saved["opened_version"] = "0"
    for address, sent in ((NEW, kept), (ADD, saved)) if late == "save" else ((ADD, saved), (NEW, kept)):
        assert admin_client.post(address, sent).status_code in (200, 302)
    assert Post.objects.get().body == "half a sentence"


def test_a_form_that_is_saved_twice_makes_one_post(admin_client: Client) -> None:
    for _ in range(2):
        admin_client.post(ADD, form(page="a", opened_version="0"))
    admin_client.post(ADD, form(page="b", opened_version="0", slug="another"))
    assert [post.version for post in Post.objects.all()] == [1, 1]


def test_a_save_that_meets_its_own_draft_in_other_words_by_somebody_else_is_refused(admin_client: Client) -> None:
    admin_client.post(NEW, form(page="a", body="mine", opened_version="0"))
    theirs = Post.objects.get()
    theirs.body = "theirs"
    theirs.save()
    html = admin_client.post(ADD, form(page="a", body="mine, longer", opened_version="0")).content.decode()
    assert "desk:conflict" in html
    assert Post.objects.get().body == "theirs"


def test_a_copy_is_offered_with_what_it_says_otherwise_and_opens_in_the_form(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body="one two")
    keep(admin_client, post, body="one three", tags="film")
    copy = Revision.objects.copies().get().pk
    html = page(admin_client, post, "?copy=")
    assert f"?copy={copy}" in html
    assert "<ins>three</ins>" in html
    assert ">\none two</textarea>" in html
    html = page(admin_client, post, f"?copy={copy}")
    assert ">\none three</textarea>" in html
    assert 'value="film"' in html
    assert "was not saved" not in html


def test_the_form_opens_with_what_was_written_last(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="one two")
    keep(admin_client, post, body="one three")
    html = page(admin_client, post)
    assert ">\none three</textarea>" in html
    assert "isn't saved yet." in unescape(html)
    assert "was not saved" not in html


def test_two_tabs_that_opened_one_copy_do_not_share_it(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="one")
    opened = keep(admin_client, post, body="two", page="crashed").json()["copy"]
    keep(admin_client, post, body="two, left", copy=opened, page="left")
    keep(admin_client, post, body="two, right", copy=opened, page="right")
    keep(admin_client, post, body="two, left, more", copy=opened, page="left")  # its browser missed the answer
    kept = {copy.data["body"] for copy in Revision.objects.copies()}
    assert kept == {"two, left, more", "two, right"}


def test_a_save_ends_its_copy_and_no_other(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="one")
    mine = keep(admin_client, post, body="two").json()["copy"]
    keep(admin_client, post, body="from another tab")
    values = form(title=post.title, slug=post.slug, body="two, done", opened_version=str(post.version), copy=mine)
    assert admin_client.post(reverse("admin:blog_post_change", args=[post.pk]), values).status_code == 302
    assert [copy.data["body"] for copy in Revision.objects.copies()] == ["from another tab"]


def test_words_that_are_saved_already_leave_no_copy(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="one", status="draft")
    old = post.version
    post.body = "two"
    post.save()
    values = {"publish_at_0": "2024-01-02", "publish_at_1": "21:00:00"}
    assert keep(admin_client, post, body="two", **values).json()["copy"] is None
    post = Post.objects.get()
    post.body = "three"
    post.save()
    assert keep(admin_client, post, body="two", opened_version=str(old)).json()["copy"] is None
    assert not Revision.objects.copies().exists()


def test_copies_of_others_are_not_shown_opened_or_discarded(
    admin_client: Client, client: Client, make_post: Callable[..., Post], django_user_model: Any
) -> None:
    post = make_post(body="one")
    handle = keep(admin_client, post, body="secret plan", page="mine").json()["copy"]
    copy = Revision.objects.copies().get().pk
    client.force_login(django_user_model.objects.create_superuser("second"))
    assert "secret plan" not in page(client, post)
    assert "secret plan" not in page(client, post, f"?copy={copy}")
    client.post(reverse("admin:blog_post_discard", args=[post.pk, copy]))
    keep(client, post, body="mine", copy=handle, page="mine")
    assert Revision.objects.copies().get(pk=copy).data["body"] == "secret plan"


def test_a_copy_opens_by_the_name_that_its_form_has_for_it(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body="one")
    handle = keep(admin_client, post, body="two").json()["copy"]
    assert ">\ntwo</textarea>" in page(admin_client, post, f"?copy={quote(handle)}")
    assert ">\none</textarea>" in page(admin_client, post, "?copy=")


def test_a_copy_can_be_discarded(admin_client: Client, make_post: Callable[..., Post]) -> None:
    post = make_post(body="one")
    keep(admin_client, post, body="two")
    copy = Revision.objects.copies().get().pk
    address = reverse("admin:blog_post_discard", args=[post.pk, copy])
    assert admin_client.get(address).status_code == 405
    assert admin_client.post(address).status_code == 302
    assert not Revision.objects.copies().exists()


def test_a_stale_copy_meets_the_newer_save_when_it_is_opened(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body="one\ntwo\nthree\n")
    keep(admin_client, post, body="ONE\ntwo\nthree\n")
    copy = Revision.objects.copies().get().pk
    post.body = "one\ntwo\nTHREE\n"
    post.save()
    html = page(admin_client, post, f"?copy={copy}")
    assert "Two versions of this post" in html


def test_a_stale_save_is_refused_and_its_merge_can_be_saved(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body="one\ntwo\nthree\n", title="Old")
    address = reverse("admin:blog_post_change", args=[post.pk])
    opened = form(title="Old", slug=post.slug, body="ONE\r\ntwo\r\nthree\r\n", opened_version=str(post.version))
    post = Post.objects.get()
    post.body, post.title = "one\ntwo\nTHREE\n", "Theirs"
    post.save()
    html = admin_client.post(address, opened, headers={"Accept-Language": "en"}).content.decode()
    assert "Put the merge into the form" in html
    assert "THREE" in html
    assert Post.objects.get().body == "one\ntwo\nTHREE\n"
    hidden = {name: hidden_value(html, name) for name in ("opened_version", "merge_base")}
    html = admin_client.post(
        address, {**opened, **hidden, "_merge": "1"}, headers={"Accept-Language": "en"}
    ).content.decode()
    assert ">\nONE\ntwo\nTHREE\n</textarea>" in unescape(html)
    assert 'value="Theirs"' in html
    assert Post.objects.get().body == "one\ntwo\nTHREE\n"
    assert hidden_value(html, "merge_base") == ""
    values = {**opened, **hidden, "title": "Theirs", "body": "ONE\ntwo\nTHREE\n", "merge_base": ""}
    assert admin_client.post(address, values).status_code == 302
    assert Post.objects.get().body.strip() == "ONE\ntwo\nTHREE"


def hidden_value(html: str, name: str) -> str:
    tag = re.search(rf'<input[^>]* name="{name}"[^>]*>', html)
    assert tag
    value = re.search(r'value="(\d*)"', tag[0])
    return value[1] if value else ""


UNDECIDED = "one\n<<<<<<< mine\ntwo\n=======\nTWO\n>>>>>>> theirs\nthree\n"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("field", ["body", "summary"])
def test_a_merge_that_is_not_decided_is_not_saved(
    admin_client: Client, make_post: Callable[..., Post], language: str, field: str
) -> None:
    post = make_post(body="public")
    sent = form(**{"title": post.title, "slug": post.slug, "opened_version": "1", field: UNDECIDED})
    address = reverse("admin:blog_post_change", args=[post.pk])
    html = unescape(admin_client.post(address, sent, headers={"Accept-Language": language}).content.decode())
    assert "<<<<<<<" in " ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', html, re.DOTALL))
    assert Post.objects.get().body == "public"
    assert admin_client.post(address, {**sent, field: UNDECIDED.replace("=======\n", "")}).status_code == 302


def test_a_draft_with_both_versions_of_a_merge_can_not_be_published(
    admin_client: Client, make_post: Callable[..., Post]
) -> None:
    post = make_post(body=UNDECIDED, status="draft", publish_at=None)
    answer = press(admin_client, post, "_publish")
    together = {"action": "publish", "_selected_action": str(post.pk)}
    listed = admin_client.post("/admin/blog/post/", together, headers={"Accept-Language": "en"}, follow=True)
    for page_ in (answer, listed):
        assert "both versions of a merge" in page_.content.decode()
    assert Post.objects.get().status == "draft"
    assert (2, "merge") in problems(rendered(admin_client, UNDECIDED, post))
