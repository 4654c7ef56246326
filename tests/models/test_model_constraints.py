"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.db.models import F, ProtectedError
from taggit.models import Tag

from blog.models import (
    Category,
    Embed,
    Generator,
    Image,
    Page,
    Post,
    PostEmbed,
    PostTag,
    Profile,
    Prompt,
    PromptTranslation,
    SiteSettings,
)
from tests.conftest import EMBED, make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(make_post: Callable[..., Post], admin_user: Any) -> dict[type[models.Model], Any]:
    """One good row of every model."""
    post = make_post(body=EMBED, category="AI", tags=["film"])
    return {
        Post: post,
        Category: post.category,
        Embed: Embed.objects.get(),
        Generator: Generator.objects.create(name="Sora", slug="sora"),
        Image: Image.objects.create(file="a.png", path="/a.png", width=4, height=3),
        Page: Page.objects.create(title="About", slug="about"),
        Profile: admin_user.profile,
        Prompt: Prompt.objects.get(),
        PromptTranslation: PromptTranslation.objects.create(prompt=Prompt.objects.get(), lang="ko", text="글"),
        SiteSettings: SiteSettings.objects.get(),
    }


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Post, {"status": "secret"}, "post_status_known"),
        (Post, {"publish_at": None}, "post_published_has_date"),
        (Post, {"title": ""}, "post_has_title_and_slug"),
        (Post, {"slug": ""}, "post_has_title_and_slug"),
        (Post, {"submitted_at": datetime(2024, 1, 1, tzinfo=UTC)}, "post_submitted_is_draft"),
        (Category, {"name": ""}, "category_has_name_and_slug"),
        (Category, {"slug": ""}, "category_has_name_and_slug"),
        (Category, {"parent": F("id")}, "category_not_own_parent"),
        (Embed, {"provider": ""}, "embed_has_identity"),
        (Embed, {"provider_id": ""}, "embed_has_identity"),
        (Embed, {"status": "lost"}, "embed_status_known"),
        (Embed, {"aspect": "wide"}, "embed_aspect_is_ratio"),
        (Embed, {"aspect": "16/9"}, "embed_aspect_is_ratio"),
        (Embed, {"aspect": "0:9"}, "embed_aspect_is_ratio"),
        (Embed, {"aspect": "x16:9"}, "embed_aspect_is_ratio"),
        (Embed, {"aspect": "16:90000"}, "embed_aspect_is_ratio"),
        (Generator, {"status": "asleep"}, "generator_status_known"),
        (Generator, {"retired_on": date(2025, 1, 1)}, "generator_active_has_no_end"),
        (Image, {"width": 0}, "image_has_size"),
        (Image, {"height": 0}, "image_has_size"),
        (Image, {"path": "a.png"}, "image_path_is_absolute"),
        (Page, {"title": ""}, "page_has_title_and_slug"),
        (Page, {"slug": ""}, "page_has_title_and_slug"),
        (Profile, {"slug": ""}, "profile_has_slug"),
        (Prompt, {"text": ""}, "prompt_has_text"),
        (PromptTranslation, {"text": ""}, "prompttranslation_has_text"),
        (PromptTranslation, {"lang": ""}, "prompttranslation_has_text"),
        (SiteSettings, {"title": ""}, "sitesettings_has_title"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(
    rows: dict[type[models.Model], Any], model: type[models.Model], values: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model._default_manager.filter(pk=rows[model].pk).update(**values)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Post, {"status": "draft", "publish_at": None}),
        (Post, {"status": "draft", "submitted_at": datetime(2024, 1, 1, tzinfo=UTC)}),
        (Embed, {"aspect": "16:9"}),
        (Embed, {"aspect": ""}),
        *((Embed, {"status": status}) for status in Embed.Status.values),
        (Generator, {"status": "retired", "retired_on": date(2025, 1, 1)}),
        (Image, {"path": None}),
    ],
)
def test_a_row_that_makes_sense_is_stored(
    rows: dict[type[models.Model], Any], model: type[models.Model], values: dict[str, Any]
) -> None:
    assert model._default_manager.filter(pk=rows[model].pk).update(**values) == 1


def refused(row: models.Model) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        row.save()


def test_an_address_belongs_to_one_post(make_post: Callable[..., Post]) -> None:
    make_post(slug="rain")
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        make_post(slug="rain")
    make_post(slug="Rain")
    assert Post.objects.count() == 2


def test_a_path_belongs_to_one_category() -> None:
    make_category("AI/News")
    refused(Category(name="Other", slug="ai"))
    refused(Category(name="Other", slug="news", parent=Category.objects.get(path="ai")))
    make_category("News")
    assert Category.objects.count() == 3


def test_a_post_elsewhere_is_one_embed() -> None:
    Embed.objects.create(provider="x", provider_id="1", url="https://x.com/i/status/1")
    refused(Embed(provider="x", provider_id="1", url="https://x.com/i/status/1"))
    Embed(provider="y", provider_id="1", url="https://example.com/1").save()
    assert Embed.objects.count() == 2


def test_a_place_in_a_post_holds_one_embed(make_post: Callable[..., Post]) -> None:
    placed = make_post(body=EMBED).post_embeds.get()
    refused(PostEmbed(post=placed.post, embed=placed.embed, key="other", position=placed.position))
    refused(PostEmbed(post=placed.post, embed=placed.embed, key=placed.key, position=7))
    PostEmbed(post=placed.post, embed=placed.embed, key="other", position=7).save()
    assert PostEmbed.objects.count() == 2


def test_a_place_in_a_post_holds_one_prompt_but_many_may_wait(make_post: Callable[..., Post]) -> None:
    prompt = make_post(body=EMBED).prompts.get()
    refused(Prompt(post=prompt.post, position=prompt.position, text="a"))
    for text in ("a", "b"):
        Prompt(post=prompt.post, position=None, text=text).save()
    assert Prompt.objects.count() == 3


def test_a_public_id_belongs_to_one_prompt(make_post: Callable[..., Post]) -> None:
    prompt = make_post(body=EMBED).prompts.get()
    refused(Prompt(post=prompt.post, text="a", public_id=prompt.public_id))


def test_a_post_has_a_tag_once(make_post: Callable[..., Post]) -> None:
    post = make_post(tags=["film"])
    refused(PostTag(content_object=post, tag=Tag.objects.get()))


@pytest.mark.parametrize("values", [{"name": "Sora", "slug": "other"}, {"name": "Other", "slug": "sora"}])
def test_a_generator_has_a_name_and_slug_of_its_own(values: dict[str, str]) -> None:
    Generator.objects.create(name="Sora", slug="sora")
    refused(Generator(**values))


def test_a_page_and_an_old_path_are_unique() -> None:
    Page.objects.create(title="About", slug="about")
    refused(Page(title="Other", slug="about"))
    Image.objects.create(file="a.png", path="/a.png", width=1, height=1)
    with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
        Image.objects.create(file="b.png", path="/a.png", width=1, height=1)


def test_images_without_an_old_path_are_many() -> None:
    for name in ("a.png", "b.png"):
        Image.objects.create(file=name, width=1, height=1)
    assert Image.objects.filter(path=None).count() == 2


def test_there_is_one_row_of_site_settings() -> None:
    SiteSettings(pk=1).save()
    with pytest.raises(IntegrityError, match="sitesettings_one_row"), transaction.atomic():
        SiteSettings(pk=2).save()


def test_what_others_need_is_not_deleted(make_post: Callable[..., Post]) -> None:
    sora = Generator.objects.create(name="Sora", slug="sora")
    post = make_post(body=EMBED, category="AI/News", generator=sora)
    for needed in (Embed.objects.get(), post.category, Category.objects.get(path="ai"), sora):
        assert needed is not None
        with pytest.raises(ProtectedError):
            needed.delete()


def test_deleting_a_post_takes_what_is_only_its_own(make_post: Callable[..., Post]) -> None:
    make_post(body=EMBED, category="AI", tags=["film"]).delete()
    assert [model.objects.count() for model in (Post, PostEmbed, Prompt, PostTag)] == [0, 0, 0, 0]
    assert [model.objects.count() for model in (Embed, Category, Tag)] == [1, 1, 1]


def test_deleting_an_author_or_a_picture_leaves_the_post(make_post: Callable[..., Post], admin_user: Any) -> None:
    image = Image.objects.create(file="a.png", width=1, height=1)
    post = make_post(author=admin_user, image=image, publish_at=datetime(2024, 1, 1, tzinfo=UTC))
    admin_user.delete()
    image.delete()
    post.refresh_from_db()
    assert (post.author, post.image) == (None, None)


def test_a_prompt_has_one_translation_in_a_language(make_post: Callable[..., Post]) -> None:
    prompt = make_post(body=EMBED).prompts.get()
    PromptTranslation.objects.create(prompt=prompt, lang="ko", text="글")
    refused(PromptTranslation(prompt=prompt, lang="ko", text="다른 글"))
    PromptTranslation(prompt=prompt, lang="ja", text="文").save()
