"""When listings are written: with every edit, in its transaction. If that is rolled back, so are they."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver

from blog.lists.listings import refresh
from blog.models import Category, FailureMode, Listing, Post, PostTag, Prompt
from blog.tagging import changes_tags
from blog.together import Together

_Kind = Listing.Kind
# What saving a post may change of its listings. Its prompts come with its text.
_FIELDS = frozenset({"status", "publish_at", "category_id", "generator_id", "text"})


together = Together("lists", refresh)


@receiver(pre_save, sender=Post)
def _wait_for_all(sender: type[Post], instance: Post, raw: bool, **_: Any) -> None:
    """Prompts that are saved along with their post are listed with it, not one by one."""
    if not raw:
        instance._lists_prompts = True  # type: ignore[attr-defined]


# After publishing's, which has been connected before: prompts are in step by now.
@receiver(post_save, sender=Post)
def _list_post(sender: type[Post], instance: Post, raw: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    instance.__dict__.pop("_lists_prompts", None)
    if raw or (update_fields is not None and _FIELDS.isdisjoint(update_fields)):
        return
    if not together.leave(instance.pk):
        refresh([instance.pk])


@receiver(m2m_changed, sender=PostTag)
def _list_tags(sender: type[PostTag], instance: Post, action: str, pk_set: set[int] | None, **_: Any) -> None:
    if changes_tags(action, pk_set):
        refresh([instance.pk])


@receiver(post_delete, sender=PostTag)
def _forget_tag(sender: type[PostTag], instance: PostTag, **_: Any) -> None:
    """A tag was deleted."""
    listed = Listing.objects.filter(post=instance.content_object_id, key=str(instance.tag_id))
    listed.filter(kind__in=[_Kind.TAG, _Kind.PROMPTS_TAGGED]).delete()


@receiver(post_save, sender=Prompt)
def _list_prompt(sender: type[Prompt], instance: Prompt, raw: bool, **_: Any) -> None:
    if not raw and not _comes_with_post(instance):
        refresh([instance.post_id])


@receiver(post_delete, sender=Prompt)
def _forget_prompt(sender: type[Prompt], instance: Prompt, **_: Any) -> None:
    refresh([instance.post_id], add=False)


@receiver(m2m_changed, sender=Prompt.failure_modes.through)
def _list_failures(sender: Any, instance: Prompt | FailureMode, action: str, pk_set: set[int] | None, **_: Any) -> None:
    if not action.startswith("post_"):
        return
    if isinstance(instance, FailureMode):  # from its own side
        listed = Listing.objects.filter(kind=_Kind.PROMPTS_FAILING, key=str(instance.pk)).values_list("post", flat=True)
        refresh([*listed, *Prompt.objects.filter(pk__in=pk_set or ()).values_list("post", flat=True)])
    elif not _comes_with_post(instance):
        refresh([instance.post_id])


@receiver(post_delete, sender=FailureMode)
def _forget_failure(sender: type[FailureMode], instance: FailureMode, **_: Any) -> None:
    Listing.objects.filter(kind=_Kind.PROMPTS_FAILING, key=str(instance.pk)).delete()


def _comes_with_post(prompt: Prompt) -> bool:
    post = prompt._state.fields_cache.get("post")
    return post is not None and "_lists_prompts" in post.__dict__


@receiver(pre_save, sender=Category)
def _note_move(sender: type[Category], instance: Category, raw: bool, **_: Any) -> None:
    """Those below are saved along with it; the categories above are others for them too."""
    if instance.pk is None or raw:
        return
    before = Category.objects.filter(pk=instance.pk).values_list("parent", flat=True).first()
    moved = instance.parent is not None and getattr(instance.parent, "_moved", False)
    instance._moved = moved or before != instance.parent_id  # type: ignore[attr-defined]


@receiver(post_save, sender=Category)
def _list_category(sender: type[Category], instance: Category, created: bool, raw: bool, **_: Any) -> None:
    if not raw and not created and getattr(instance, "_moved", False):
        refresh(Post.objects.filter(category=instance).values_list("pk", flat=True))
