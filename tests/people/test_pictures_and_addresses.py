"""Who may do what with pictures, tags and old addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from taggit.models import Tag

from blog.models import Image, Post, Redirect
from tests.admin_media.test_library import LIST, change, stored
from tests.browser.stage import MakePost
from tests.people.conftest import Enter
from tests.test_pictures import encoded, plain

UPLOAD = "/admin/blog/post/upload/"
EDITORS = {"eve", "max", "root"}
WRITERS = {"ada", "ben", *EDITORS}
NAMES = ("ada", "ben", "eve", "max", "root", "guest", "")


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", encoded(plain(9, 9, "red")))


@pytest.mark.parametrize("name", NAMES)
def test_all_who_write_upload(enter: Enter, people: dict[str, Any], name: str) -> None:
    enter(name).post(UPLOAD, {"file": file()})
    enter(name).post(f"{LIST}add/", {"picture": file(), "alt": "", "path": ""})
    added = list(Image.objects.values_list("added_by", flat=True))
    assert added == ([people[name].pk] * 2 if name in WRITERS else [])


@pytest.mark.parametrize("name", NAMES)
def test_each_describes_what_their_role_says(enter: Enter, people: dict[str, Any], name: str) -> None:
    own, bare, others = stored("own", alt="A", by=people["ada"]), stored("bare"), stored("others", alt="A")
    client = enter(name)
    may = {own.pk: EDITORS | {"ada"}, bare.pk: WRITERS, others.pk: EDITORS}
    for image in (own, bare, others):
        for address, sent in ((change(image), {"alt": "form"}), (f"{UPLOAD}{image.pk}/", {"alt": "desk"})):
            client.post(address, {**sent, "path": ""})
            said = Image.objects.get(pk=image.pk).alt
            assert (said == sent["alt"]) == (name in may[image.pk]), (address, said)
            Image.objects.filter(pk=image.pk).update(alt=image.alt)


@pytest.mark.parametrize("name", NAMES)
def test_editors_alone_replace_and_delete_pictures(enter: Enter, people: dict[str, Any], name: str) -> None:
    image = stored("a", by=people["ada"])
    client = enter(name)
    client.post(change(image), {"picture": file(), "alt": "", "path": "/moved.png"})
    image.refresh_from_db()
    assert ((image.width, image.path) == (9, "/moved.png")) == (name in EDITORS)
    client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"})
    assert Image.objects.exists() == (name not in EDITORS)


@pytest.mark.parametrize("name", NAMES)
def test_editors_alone_merge_tags_and_give_up_redirects(enter: Enter, make_post: MakePost, name: str) -> None:
    make_post(tags=["video", "영상"])
    tags = list(Tag.objects.order_by("pk"))
    client = enter(name)
    chosen = {"action": "merge", "_selected_action": [tag.pk for tag in tags], "into": tags[0].pk}
    client.post("/admin/taggit/tag/", chosen)
    assert (Tag.objects.count() == 1) == (name in EDITORS)
    old = Redirect.objects.first() or Redirect.objects.create(kind="post", old="a", post=Post.objects.get())
    client.post(f"/admin/blog/redirect/{old.pk}/delete/", {"post": "yes"})
    assert Redirect.objects.exists() == (name not in EDITORS)


def test_nobody_writes_redirects(enter: Enter) -> None:
    assert enter("root").get("/admin/blog/redirect/add/").status_code == 403


def test_a_new_blog_has_all_groups_with_all_they_need(db: None) -> None:
    def may(group: str) -> set[str]:
        return set(Group.objects.get(name=group).permissions.values_list("codename", flat=True))

    assert {"add_image", "view_image"} <= may("authors")
    assert not {"change_image", "delete_image", "delete_redirect"} & may("authors")
    assert {"change_image", "delete_image", "delete_redirect", "view_redirect", "delete_tag"} <= may("editors")
    assert may("editors") <= may("admins")
