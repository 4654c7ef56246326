"""When entries are written: with every edit, in its transaction. If that is rolled back, so are they."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from taggit.models import Tag

from blog.models import Category, FailureMode, Generator, Post, PostTag, Prompt, PromptTranslation
from blog.search import index
from blog.tagging import changes_tags
from blog.together import Together

# What saving a post may change of its entry; a text that is saved brings its `text` along.
_FIELDS = frozenset({"title", "slug", "text", "status", "publish_at", "author_id", "category_id", "generator_id"})


def _index(keys: Collection[int]) -> None:
    index.posts(keys, add=True)
    index.prompts(Prompt.objects.filter(post__in=keys).values_list("pk", flat=True), add=True)


together = Together("search", _index)


@receiver(pre_save, sender=Post)
def _wait_with_prompts(sender: type[Post], instance: Post, raw: bool, **_: Any) -> None:
    """Prompts that are saved along with their post are indexed with it, not one by one."""
    if not raw:
        instance._indexes_prompts = True  # type: ignore[attr-defined]


# After publishing's, which has been connected before: embeds and prompts are in step by now.
@receiver(post_save, sender=Post)
def _index_post(sender: type[Post], instance: Post, raw: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    instance.__dict__.pop("_indexes_prompts", None)
    if raw or (update_fields is not None and _FIELDS.isdisjoint(update_fields)):
        return  # a fixture brings its entries along
    if not together.leave(instance.pk):
        _index([instance.pk])


@receiver(m2m_changed, sender=PostTag)
def _index_tags(sender: type[PostTag], instance: Post, action: str, pk_set: set[int] | None, **_: Any) -> None:
    if changes_tags(action, pk_set):
        index.tags(Post.objects.filter(pk=instance.pk))


@receiver(post_delete, sender=PostTag)
def _forget_tag(sender: type[PostTag], instance: PostTag, **_: Any) -> None:
    """A tag was deleted."""
    index.tags(Post.objects.filter(pk=instance.content_object_id))


@receiver(post_save, sender=Prompt)
def _index_prompt(sender: type[Prompt], instance: Prompt, raw: bool, **_: Any) -> None:
    if not raw and not _comes_with_post(instance):
        index.prompts([instance.pk], add=True)
        index.posts([instance.post_id])


@receiver(m2m_changed, sender=Prompt.failure_modes.through)
def _index_failures(
    sender: Any, instance: Prompt | FailureMode, action: str, pk_set: set[int] | None, **_: Any
) -> None:
    if not action.startswith("post_"):
        return
    if isinstance(instance, FailureMode):  # from its own side
        index.prompts(pk_set or ())
    elif not _comes_with_post(instance):
        index.prompts([instance.pk])


def _comes_with_post(prompt: Prompt) -> bool:
    post = prompt._state.fields_cache.get("post")
    return post is not None and "_indexes_prompts" in post.__dict__


@receiver(post_delete, sender=Prompt)
def _forget_prompt(sender: type[Prompt], instance: Prompt, **_: Any) -> None:
    index.posts([instance.post_id])


@receiver([post_save, post_delete], sender=PromptTranslation)
def _index_translation(sender: type[PromptTranslation], instance: PromptTranslation, **kwargs: Any) -> None:
    if not kwargs.get("raw"):
        index.prompts([instance.prompt_id])
        index.posts(Prompt.objects.filter(pk=instance.prompt_id).values_list("post", flat=True))


@receiver(post_save, sender=Category)
def _index_category(sender: type[Category], instance: Category, created: bool, raw: bool, **_: Any) -> None:
    """It may have another name, or other ancestors; those below it are saved too."""
    if not created and not raw:
        index.labels(Post.objects.filter(category=instance))


@receiver(post_save, sender=Tag)
def _index_tag(sender: type[Tag], instance: Tag, created: bool, raw: bool, **_: Any) -> None:
    if not created and not raw:
        index.labels(Post.objects.filter(post_tags__tag=instance))


@receiver(post_save, sender=Generator)
def _index_model(sender: type[Generator], instance: Generator, created: bool, raw: bool, **_: Any) -> None:
    if not created and not raw:
        index.labels(Post.objects.filter(generator=instance))
        index.labels(Post.objects.filter(prompts__generator=instance).distinct())
