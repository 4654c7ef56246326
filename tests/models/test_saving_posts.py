"""What saving a post derives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.utils import timezone

from blog import publishing
from blog.models import Embed, Post, PostEntry, Prompt, PromptEntry
from blog.rendering import RENDERER_VERSION, RenderError, worker
from tests.conftest import EMBED, TOKYO, in_a_week
from tests.importers.helpers import everything

pytestmark = pytest.mark.django_db

TOO_DEEP = "> " * 5000 + "deep"
THEN = datetime(2024, 6, 1, tzinfo=UTC)


def test_a_saved_post_has_everything_its_text_gives(make_post: Callable[..., Post]) -> None:
    post = make_post(body=f"# One\n\nIt **rains** upwards.\n\n{EMBED}\n<script>alert(1)</script>\n")
    post = Post.objects.get(pk=post.pk)
    assert "<strong>rains</strong>" in post.body_html
    assert "<script" not in post.body_html
    assert [(entry["level"], entry["text"]) for entry in post.toc] == [(1, "One")]
    assert "tokyo walk" in post.text
    assert "A stylish woman" in post.text
    assert post.excerpt.startswith("It rains upwards.")
    assert post.reading_minutes == 1
    assert "<script> isn't allowed" in post.warnings[0]
    assert post.rendered_by == RENDERER_VERSION
    assert post.post_embeds.get().caption == "tokyo walk"
    assert post.prompts.get().text == "A stylish woman walks down a Tokyo street."


def test_a_text_that_cannot_be_rendered_is_not_saved(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED)
    before = everything()
    post.title, post.body = "Other", TOO_DEEP
    with pytest.raises(RenderError):
        post.save()
    assert everything() == before
    with pytest.raises(RenderError):
        make_post(body=TOO_DEEP)
    assert everything() == before


def test_a_post_is_saved_with_all_that_follows_or_not_at_all(
    make_post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    post = make_post()
    before = everything()

    def fail(*_: Any) -> None:
        assert Embed.objects.exists()
        raise RuntimeError("the cable was pulled")

    monkeypatch.setattr(publishing, "sync_prompts", fail)
    post.title, post.body = "Other", EMBED
    with pytest.raises(RuntimeError, match="cable"):
        post.save()
    assert everything() == before


@pytest.mark.parametrize("fields", [["body"], ["variables", "body"], {"body"}, ("body", "title")])
def test_saving_only_the_text_derives_too(make_post: Callable[..., Post], fields: Any) -> None:
    post = make_post()
    post.body = EMBED
    post.save(update_fields=fields)
    post.refresh_from_db()
    assert (post.body, post.version) == (EMBED, 2)
    assert "<!--embed:0-->" in post.body_html
    assert post.updated_at is not None
    assert post.prompts.count() == post.post_embeds.count() == 1


def test_saving_another_column_leaves_the_text_alone(make_post: Callable[..., Post]) -> None:
    post = make_post()
    html = post.body_html
    post.body, post.pinned = EMBED, True
    post.save(update_fields=["pinned"])
    post = Post.objects.get()
    assert post.pinned
    assert (post.body != EMBED, post.body_html) == (True, html)
    assert not post.post_embeds.exists()


def test_variables_name_embeds(make_post: Callable[..., Post]) -> None:
    post = make_post(body="{% embed t_walk %}", variables={"t_walk": f"i/status/{TOKYO}"})
    assert post.post_embeds.get().embed.provider_id == TOKYO


def test_a_variable_that_is_changed_in_place_counts(make_post: Callable[..., Post]) -> None:
    post = make_post(body="{% embed t_walk %}", variables={"t_walk": "i/status/1758397696745054665"})
    post.variables["t_walk"] = f"i/status/{TOKYO}"
    post.save()
    assert post.post_embeds.get().embed.provider_id == TOKYO


def test_publishing_without_a_date_is_publishing_now(make_post: Callable[..., Post]) -> None:
    before = timezone.now()
    post = make_post(publish_at=None)
    assert post.publish_at is not None
    assert before <= post.publish_at <= timezone.now()
    assert make_post(publish_at=None, status="draft").publish_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", "Other"), ("body", "Other."), ("summary", "Other."), ("variables", {"img_path": "/a/"})],
)
def test_a_change_for_readers_is_an_update(make_post: Callable[..., Post], field: str, value: Any) -> None:
    post = make_post()
    before = timezone.now()
    setattr(post, field, value)
    post.save()
    updated_at = Post.objects.values_list("updated_at", flat=True).get()
    assert updated_at is not None
    assert before <= updated_at <= timezone.now()


@pytest.mark.parametrize(
    ("field", "value"),
    [("pinned", True), ("slug", "other"), ("status", "draft"), ("lang", "en"), ("publish_at", THEN), ("title", None)],
)
def test_other_changes_are_no_update(make_post: Callable[..., Post], field: str, value: Any) -> None:
    post = make_post()
    if value is not None:
        setattr(post, field, value)
    post.save()
    assert Post.objects.get().updated_at is None


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"publish_at": in_a_week()}])
def test_what_nobody_has_read_is_not_updated(make_post: Callable[..., Post], hidden: dict[str, Any]) -> None:
    post = make_post(**hidden)
    post.body = "Other."
    post.save()
    assert Post.objects.get().updated_at is None


def test_a_draft_that_is_published_is_new_and_not_updated(make_post: Callable[..., Post]) -> None:
    post = make_post(status="draft")
    post.status, post.body = "published", "Other."
    post.save()
    assert Post.objects.get().updated_at is None


def test_an_author_may_say_when_it_was_updated(make_post: Callable[..., Post]) -> None:
    post = make_post()
    post.body, post.updated_at = "Other.", THEN
    post.save()
    assert Post.objects.get().updated_at == THEN
    post.body = "Other again."
    post.save()
    assert Post.objects.get().updated_at > THEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Other"),
        ("slug", "other"),
        ("body", "Other."),
        ("summary", "Other."),
        ("lang", "en"),
        ("status", "draft"),
        ("publish_at", THEN),
        ("updated_at", THEN),
        ("pinned", True),
        ("variables", {"a": 1}),
    ],
)
def test_each_change_is_a_version(make_post: Callable[..., Post], field: str, value: Any) -> None:
    post = make_post()
    assert post.version == 1
    setattr(post, field, value)
    post.save()
    assert Post.objects.get().version == 2


def test_saving_without_a_change_is_no_version(make_post: Callable[..., Post]) -> None:
    post = make_post()
    post.save()
    Post.objects.get().save()
    assert Post.objects.get().version == 1


def test_a_change_of_category_author_or_generator_is_a_version(make_post: Callable[..., Post], admin_user: Any) -> None:
    post = make_post()
    post.author = admin_user
    post.save()
    assert Post.objects.get().version == 2


def test_saving_one_authored_column_is_a_version_too(make_post: Callable[..., Post]) -> None:
    post = make_post()
    post.title = "Other"
    post.save(update_fields=["title"])
    post = Post.objects.get()
    assert (post.version, post.updated_at is not None) == (2, True)


def test_a_post_that_was_read_before_another_save_is_not_saved_over_it(make_post: Callable[..., Post]) -> None:
    make_post(title="One")
    stale, fresh = Post.objects.get(), Post.objects.get()
    fresh.title = "Two"
    fresh.save()
    stale.body = "mine"
    with pytest.raises(publishing.StaleSave):
        stale.save()
    assert (Post.objects.get().title, Post.objects.get().version) == ("Two", 2)


def test_what_others_derived_meanwhile_is_not_saved_over(make_post: Callable[..., Post]) -> None:
    other = make_post()
    post = make_post()
    Post.objects.filter(pk=post.pk).update(card="cards/a.jpg", related=[[other.pk, 1.5]])
    assert (post.card, post.related) == ("", [])
    post.title = "Another"
    post.save()
    stored = Post.objects.get(pk=post.pk)
    assert (stored.title, stored.card, stored.related) == ("Another", "cards/a.jpg", [[other.pk, 1.5]])
    assert (post.card, post.related) == (stored.card, stored.related)


def test_a_version_never_goes_back(make_post: Callable[..., Post]) -> None:
    make_post(title="One")
    stale, fresh = Post.objects.get(), Post.objects.get()
    fresh.title = "Two"
    fresh.save()
    stale.pinned = True
    stale.save(update_fields=["pinned"])  # one column takes nothing from anybody
    assert (Post.objects.get().title, Post.objects.get().version) == ("Two", 3)


def test_an_unchanged_text_is_not_rendered_again(
    make_post: Callable[..., Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_post(body=EMBED)
    post = Post.objects.get()
    monkeypatch.setattr(worker, "render", lambda *_, **__: pytest.fail("rendered again"))
    post.title = "Other"
    post.save()
    assert Post.objects.get().title == "Other"


def test_an_unchanged_text_of_an_older_renderer_is_rendered_again(make_post: Callable[..., Post]) -> None:
    make_post(body="It **rains**.")
    Post.objects.update(body_html="old", rendered_by=0)
    Post.objects.get().save()
    post = Post.objects.get()
    assert post.body_html == "<p>It <strong>rains</strong>.</p>"
    assert (post.updated_at, post.version) == (None, 1)


def test_a_form_that_asks_first_renders_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    render = worker.render
    monkeypatch.setattr(worker, "render", lambda *args, **kwargs: calls.append(args) or render(*args, **kwargs))
    post = Post(title="A", slug="a", body="It **rains**.")
    assert publishing.rendered_or_invalid(post).html == "<p>It <strong>rains</strong>.</p>"
    post.save()
    assert len(calls) == 1
    post.body = "It snows."
    post.save()
    assert (len(calls), Post.objects.get().body_html) == (2, "<p>It snows.</p>")


def test_a_form_is_told_what_is_wrong_with_the_text() -> None:
    with pytest.raises(ValidationError) as refusal:
        publishing.rendered_or_invalid(Post(body=TOO_DEEP))
    assert set(refusal.value.message_dict) == {"body"}
    assert "20단계보다 깊습니다" in refusal.value.message_dict["body"][0]


def test_pictures_are_served_from_media(settings: Any) -> None:
    settings.MEDIA_URL = "/files/"
    result = publishing.render("![cat](cat.png)", {"img_path": "/assets/"}, "en")
    assert 'src="/files/assets/cat.png"' in result.html
    assert result.files == ("/assets/cat.png",)


def test_a_fixture_is_stored_as_it_is(make_post: Callable[..., Post]) -> None:
    post = make_post()
    values = {"title": "F", "slug": "f", "body": EMBED, "body_html": "stored", "version": 7, "status": "draft"}
    fixture = [{"model": "blog.post", "pk": post.pk, "fields": values}]
    for loaded in serializers.deserialize("python", fixture):
        loaded.save()
    post = Post.objects.get()
    assert (post.body_html, post.version, post.updated_at, post.rendered_by) == ("stored", 7, None, 0)
    assert not Prompt.objects.exists()


def test_a_dump_that_is_loaded_again_is_the_same(make_post: Callable[..., Post]) -> None:
    post = make_post(body=EMBED, category="AI/News", tags=["film"])
    post.body = f"{EMBED}\nMore."
    post.save()
    rows: list[Any] = [*Embed.objects.all(), *Post.objects.all(), *post.post_embeds.all(), *post.prompts.all()]
    rows += [*PostEntry.objects.all(), *PromptEntry.objects.all(), *post.listings.all()]
    dump = serializers.serialize("json", rows)
    before = everything()
    post.delete()
    Embed.objects.all().delete()
    for loaded in serializers.deserialize("json", dump):
        loaded.save()
    Post.objects.get().tags.set(["film"])
    Post.objects.update(version=post.version)  # tags aren't in the dump; setting them again counts
    left = ("posttag", "blog.revision")
    after = [row for row in everything() if not any(name in row for name in left)]
    assert after == [row for row in before if not any(name in row for name in left)]


def test_a_post_with_a_key_of_its_own_choice_is_new(make_post: Callable[..., Post]) -> None:
    post = make_post(pk=4711)
    assert (post.pk, post.version, post.updated_at) == (4711, 1, None)


def test_a_long_text_takes_longer_to_read(make_post: Callable[..., Post]) -> None:
    assert make_post(body="rain " * 2000).reading_minutes > 5


def test_a_schedule_in_the_past_is_public(make_post: Callable[..., Post]) -> None:
    assert make_post(publish_at=timezone.now() - timedelta(seconds=1)).is_public
