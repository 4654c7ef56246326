"""One post in several languages: an original, and translations that point at it, never at each other."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from blog.models import Post


def group(post: Post) -> QuerySet[Post]:
    """The original and all its translations; `post` is one of them."""
    root = post.translation_of_id or post.pk
    return Post.objects.filter(Q(pk=root) | Q(translation_of=root)).order_by()


def published_group(post: Post) -> list[Post]:
    """What readers can choose from, the original first, one post a language; [] if there is nothing to choose."""
    # First who is there at all, by index; few posts have translations.
    others = [pk for pk in group(post).values_list("pk", flat=True) if pk != post.pk] if post.pk else []
    if not others:
        return []
    chosen = {post.lang: post}
    for one in Post.objects.published().filter(pk__in=others).order_by("pk").defer("body", "body_html", "text"):
        chosen.setdefault(one.lang, one)
    found = sorted(chosen.values(), key=lambda one: (one.translation_of_id is not None, one.pk))
    return found if len(found) > 1 else []


def problem(post: Post) -> str:
    """Why a post can't be a translation of what it says it is one of; "" if it can."""
    original = post.translation_of
    if original is not None and post.pk and post.pk in (original.pk, original.translation_of_id):
        return _("“%(title)s” is a translation of this post already.") % {"title": original}
    mine = [post, *(post.translations.all() if post.pk else ())]
    theirs = [one for one in group(original) if one not in mine] if original else []
    languages = {one.lang: one for one in (*mine[1:], *theirs)}
    taken = languages.get(post.lang) or next((one for one in theirs if one.lang in {two.lang for two in mine}), None)
    if taken is not None:
        return _("“%(title)s” says it in that language already (%(lang)s).") % {"title": taken, "lang": taken.lang}
    return ""


@receiver(pre_save, sender=Post)
def _point_at_the_original(sender: type[Post], instance: Post, raw: bool, **_: Any) -> None:
    """A translation of a translation is one of the original. Nothing is a translation of itself."""
    if raw or instance.translation_of is None:
        return
    root = instance.translation_of.translation_of or instance.translation_of
    instance.translation_of = None if root.pk == instance.pk else root


@receiver(post_save, sender=Post)
def _take_translations_along(sender: type[Post], instance: Post, raw: bool, **_: Any) -> None:
    """An original that becomes a translation takes its own ones with it."""
    if raw or instance.translation_of_id is None:
        return
    for translation in instance.translations.all():
        translation.translation_of = instance.translation_of
        translation.save(update_fields=["translation_of"])


@receiver(pre_delete, sender=Post)
def _leave_an_heir(sender: type[Post], instance: Post, **_: Any) -> None:
    """When an original goes, its oldest translation takes its place."""
    heir: Post | None = None
    for translation in instance.translations.order_by("pk"):
        translation.translation_of = heir
        translation.save(update_fields=["translation_of"])
        heir = heir or translation
