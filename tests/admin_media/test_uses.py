"""Where pictures are used: now, in what is being written, in earlier versions; and what may go."""

from __future__ import annotations

import os
from datetime import timedelta
from html import unescape
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import library
from blog.admin.desk.autosave import handle
from blog.models import Image, Mention, Page, Post, Profile, Revision, SiteSettings
from blog.rendering.named import files_named
from tests.admin_media.test_library import LIST, change, shown, stored
from tests.browser.stage import MakePost
from tests.conftest import make_category
from tests.test_admin import form

pytestmark = pytest.mark.django_db


def uses(image: Image) -> list[tuple[str, str, str]]:
    return [(use.kind, use.title, use.when) for use in library.uses_of([image]).get(image.pk, [])]


def write(post: Post, body: str) -> None:
    save(post, body=body)


def save(post: Post, **values: Any) -> None:
    """Later, in a transaction of its own."""
    later = Post.objects.get(pk=post.pk)
    for name, value in values.items():
        setattr(later, name, value)
    later.save()
    post.refresh_from_db()


def keep(client: Client, post: Post, **values: Any) -> None:
    """Let the server keep what is being written."""
    sent = form(title=post.title, slug=post.slug, opened_version=post.version, **values)
    assert client.post(f"/admin/blog/post/{post.pk}/autosave/", sent).status_code == 200


def listed(client: Client, query: str) -> set[int]:
    response = client.get(f"{LIST}?{query}")
    return {image.pk for image in response.context["cl"].result_list}


def test_a_picture_that_left_a_text_is_in_earlier_versions(admin_client: Client, make_post: MakePost) -> None:
    image, other = stored("lake"), stored("forest")
    post = make_post(title="At the lake", body=image.markdown)
    assert uses(image) == [("post", "At the lake", "now")]
    write(post, "Words.")
    assert uses(image) == [("post", "At the lake", "earlier")]
    assert f'In earlier versions: <a href="/admin/blog/post/{post.pk}/change/">' in shown(admin_client)
    assert listed(admin_client, "used=1") == set()
    assert listed(admin_client, "used=earlier") == {image.pk}
    assert listed(admin_client, "used=0") == {other.pk}


def test_a_picture_that_somebody_is_writing_about_is_used(admin_client: Client, make_post: MakePost) -> None:
    image, cover, old = stored("lake"), stored("cover"), stored("old")
    Image.objects.filter(pk=old.pk).update(path="/assets/img/cat.png", file="assets/img/cat.png")
    post = make_post(title="A draft", status="draft", publish_at=None)
    body = f"{image.markdown}\n\n![a cat](cat.png)"
    keep(admin_client, post, body=body, image=str(cover.pk), variables="img_path: /assets/img")
    for picture in Image.objects.all():
        assert uses(picture) == [("post", "A draft", "writing")]
        assert admin_client.get(f"{LIST}{picture.pk}/delete/").status_code == 403
    assert listed(admin_client, "used=1") == {image.pk, cover.pk, old.pk}
    assert "Being written:" in shown(admin_client, change(image))
    copy = post.revisions.copies().get()
    keep(admin_client, post, body="Other words.", copy=handle(copy))
    assert uses(image) == []
    copy.delete()
    assert not Mention.objects.filter(name__in=[cover.file.name, "assets/img/cat.png"]).exists()


def test_front_matter_that_is_half_written_is_no_obstacle(admin_client: Client, make_post: MakePost) -> None:
    image, post = stored("lake"), make_post(title="A draft", status="draft", publish_at=None)
    keep(admin_client, post, body=image.markdown, variables="img_path: [")
    assert uses(image) == [("post", "A draft", "writing")]


def test_an_earlier_cover_counts(make_post: MakePost) -> None:
    image, post = stored("lake"), make_post(title="At the lake")
    for cover in (image, None):
        save(post, image=cover)
    assert uses(image) == [("post", "At the lake", "earlier")]


def test_every_other_text_of_the_site_counts(admin_user: Any) -> None:
    names = ("page", "about", "portrait", "category", "site")
    images = {name: stored(name) for name in names}
    Page(title="A page", slug="page", body=images["page"].markdown).save()
    profile = Profile.objects.get(user=admin_user)
    profile.body, profile.picture = images["about"].markdown, images["portrait"]
    profile.save()
    category = make_category("AI")
    category.description = f"See {images['category'].file.url}"
    category.save()
    SiteSettings.objects.update(title="Ours", description=f"See {images['site'].file.url}")  # made with the page
    assert [uses(images[name]) for name in names] == [
        [("page", "A page", "now")],
        *[[("profile", "admin", "now")]] * 2,
        [("category", "AI", "now")],
        [("sitesettings", "Ours", "now")],
    ]
    assert Image.objects.filter(library.is_used()).count() == 5


def test_what_only_earlier_versions_show_is_deleted_by_itself_alone(admin_client: Client, make_post: MakePost) -> None:
    before, unused = stored("lake"), stored("forest")
    write(make_post(title="At the lake", body=before.markdown), "Words.")
    chosen = {"action": "delete_selected", "_selected_action": [before.pk, unused.pk]}
    asked = unescape(admin_client.post(LIST, chosen, headers={"Accept-Language": "en"}).content.decode())
    assert "1 of them is in earlier versions and stays" in asked
    admin_client.post(LIST, {**chosen, "post": "yes"})
    assert list(Image.objects.all()) == [before]
    assert "restored, they will lack it: “At the lake”" in shown(admin_client, f"{LIST}{before.pk}/delete/")
    admin_client.post(f"{LIST}{before.pk}/delete/", {"post": "yes"})
    assert not Image.objects.exists()


def test_an_author_learns_nothing_of_others_drafts_here(
    client: Client, django_user_model: Any, make_post: MakePost
) -> None:
    from django.contrib.auth.models import Group

    ada = django_user_model.objects.create_user("ada", is_staff=True)
    ada.groups.add(Group.objects.get(name="authors"))
    client.force_login(ada, "django.contrib.auth.backends.ModelBackend")
    image = stored("lake")
    make_post(title="Secret", body=image.markdown, status="draft", publish_at=None)
    make_post(title="Hers", body=image.markdown, status="draft", publish_at=None, author=ada)
    for address in (LIST, change(image)):
        html = shown(client, address)
        assert "Secret" not in html
        assert "Hers" in html
        assert "something that you may not see" in html


def test_where_pictures_are_used_takes_as_many_queries_for_many(make_post: MakePost) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = library.uses_of(Image.objects.all())
        assert len(found) == Image.objects.count()
        return len(captured)

    make_post(body=stored("a").markdown)
    few = count()
    for name in "bcdef":
        make_post(body=stored(name, 20).markdown)
    assert count() == few


def test_saving_a_text_again_writes_no_mentions(make_post: MakePost) -> None:
    post = make_post(body=stored("a").markdown)
    with CaptureQueriesContext(connection) as captured:
        write(post, f"{post.body}\n\nMore words.")
    written = [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "DELETE", "UPDATE"))]
    assert not [sql for sql in written if "blog_mention" in sql and "revision_id" not in sql]


def test_an_older_blog_gets_its_mentions_by_the_migration(admin_client: Client, make_post: MakePost) -> None:
    image, film = stored("lake"), stored("film")
    include = f'{{% include embed/video.html src="/media/a.mp4" poster="{film.file.url}" %}}'
    write(make_post(title="At the lake", body=image.markdown), include)
    Page(title="A page", slug="page", body=image.markdown).save()
    keep(admin_client, Post.objects.get(), body=image.markdown)
    columns = ("name", "post", "page", "profile", "revision")
    names = [image.file.name, film.file.name]
    before = set(Mention.objects.filter(name__in=names).values_list(*columns))
    Mention.objects.all().delete()
    import_module("blog.migrations.0007_mentions").note_what_there_is(apps, None)
    assert set(Mention.objects.filter(name__in=names).values_list(*columns)) == before
    assert len(before) == 5


def test_a_mention_stands_in_one_text(make_post: MakePost) -> None:
    post = make_post()
    for wrong in ({}, {"post": post, "revision": Revision.objects.get()}):
        with pytest.raises(IntegrityError, match="mention_in_one_text"), transaction.atomic():
            Mention.objects.create(name="a.png", **wrong)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("![a](/media/images/a.png)", {"images/a.png"}),
        ("![a](</media/in page/b.png> 'title')", {"in page/b.png"}),
        ("![a](cat(1).png)", {"old/cat(1).png"}),
        ('<img src="/media/%EB%8F%84%EC%BF%84.png">', {"도쿄.png"}),
        ("https://example.com/a.png and https://ours.example/media/b.png?x", {"b.png"}),
        ("/media/", set()),
        ("/media/%00.png", set()),
        (f"/media/{'x' * 600}.png", set()),
    ],
)
def test_the_files_that_a_text_names(text: str, names: set[str]) -> None:
    found = files_named(text, "/media/", {"img_path": "old"})
    assert names <= found  # more may be found: too much kept is no harm
    assert bool(names) == bool(found)


# --- Tidying --------------------------------------------------------------------------------------------------------


def tidied(settings: LazySettings, *options: str) -> str:
    """What `tidy_media` says, when all files are two days old."""
    moment = (timezone.now() - timedelta(days=2)).timestamp()
    for path in Path(settings.MEDIA_ROOT).rglob("*.*"):
        os.utime(path, (moment, moment))
    out = StringIO()
    call_command("tidy_media", *options, stdout=out)
    return out.getvalue()


def test_tidying_spares_what_a_version_or_a_working_copy_names(
    admin_client: Client, make_post: MakePost, settings: LazySettings
) -> None:
    folder = Path(settings.MEDIA_ROOT) / "images"
    folder.mkdir(parents=True)
    for name in ("now", "earlier", "written", "page", "about", "category", "left"):
        (folder / f"{name}.png").write_bytes(b"x")
    post = make_post(body="![a](/media/images/earlier.png)")
    write(post, "![a](/media/images/now.png)")
    keep(admin_client, post, body="![a](/media/images/written.png)")
    Page(title="A page", slug="page", body="![a](/media/images/page.png)").save()
    profile = Profile.objects.get()
    profile.body = "![a](/media/images/about.png)"
    profile.save()
    category = make_category("AI")
    category.description = "See /media/images/category.png"
    category.save()
    assert tidied(settings) == "images/left.png\n1 files removed.\n"
    assert tidied(settings) == "0 files removed.\n"
    assert tidied(settings, "--forget-earlier-versions") == "images/earlier.png\n1 files removed.\n"
    assert len(list(folder.iterdir())) == 5


def test_tidying_trusts_texts_more_than_what_was_derived(make_post: MakePost, settings: LazySettings) -> None:
    folder = Path(settings.MEDIA_ROOT) / "images"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(b"x")
    make_post(body="![a](/media/images/a.png)")
    Mention.objects.all().delete()
    assert tidied(settings) == "0 files removed.\n"
