"""Addresses that change: posts, pages, categories, tags and series leave a redirect where readers knew them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from blog.lists import listings
from blog.models import Category, Page, Post, PostTag, Redirect, Series
from blog.models.redirect import Addressed
from blog.search import index

_KINDS: dict[type[Any], Redirect.Kind] = {
    Post: Redirect.Kind.POST,
    Page: Redirect.Kind.PAGE,
    Category: Redirect.Kind.CATEGORY,
    Tag: Redirect.Kind.TAG,
    Series: Redirect.Kind.SERIES,
}


def kind_of(model: type[Any]) -> Redirect.Kind:
    """Which kind of redirect leads to a model's rows."""
    return _KINDS[model]


def address_field(model: type[Any]) -> str:
    """Which column a model's addresses are made of."""
    return "path" if model is Category else "slug"


def address_of(thing: Addressed) -> str:
    """Where readers find it."""
    return reverse("tag", args=[thing.slug]) if isinstance(thing, Tag) else thing.get_absolute_url()


def taken_over(thing: Addressed, address: str) -> Addressed | None:
    """What else an address led to until now, if `thing` takes it."""
    found = Redirect.objects.filter(kind=kind_of(type(thing)), old=address).first()
    return found.target if found and found.target != thing else None


def found(kind: str, old: str) -> Addressed | None:
    """What had an address and is elsewhere now, if readers can see it there: a draft's is nobody's business."""
    redirects = Redirect.objects.select_related("post", "page", "category", "tag", "series").filter(kind=kind)
    redirect = redirects.filter(old=old).first()
    if redirect is None and kind == Redirect.Kind.CATEGORY and "/" not in old:  # Chirpy's flat address
        redirect = redirects.filter(old__endswith=f"/{old}").first()
    return redirect.target if redirect is not None and _has_readers(redirect.target) else None


def _has_readers(thing: Addressed) -> bool:
    posts = Post.objects.published()
    if isinstance(thing, Category):
        return posts.in_category(thing.path).exists()
    if isinstance(thing, Tag):
        return posts.filter(post_tags__tag=thing).exists()
    if isinstance(thing, Series):
        return posts.filter(series=thing).exists()
    return _is_visible(thing)


@receiver(pre_save)
def _remember_address(sender: type[Any], instance: Any, raw: bool, **_: Any) -> None:
    if sender in _KINDS and not raw and instance.pk is not None:
        rows = _seen_by_readers(sender).filter(pk=instance.pk)
        instance._had_address = rows.values_list(address_field(sender), flat=True).first()


def _seen_by_readers(model: type[Any]) -> Any:
    """A post whose time had come has been read, even if it is a draft again by now."""
    if model is Post:
        return Post.objects.filter(publish_at__lte=timezone.now())
    return Page.objects.filter(published=True) if model is Page else model._default_manager.all()


@receiver(post_save)
def _leave_redirect(
    sender: type[Any], instance: Any, raw: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    field = address_field(sender)
    if sender not in _KINDS or raw or (update_fields is not None and field not in update_fields):
        return
    leave(instance, instance.__dict__.pop("_had_address", None), getattr(instance, field))


def leave(thing: Addressed, old: str | None, new: str) -> None:
    """`thing` is at `new` from now on, and `old`, if it had one, leads to it.

    What led from `new` elsewhere leads there until readers can see `thing`: a draft takes nobody's way.
    """
    kind = kind_of(type(thing))
    there = Redirect.objects.filter(kind=kind, old=new)
    (there if _is_visible(thing) else there.filter(**{kind.value: thing})).delete()
    if old and old != new:
        Redirect.objects.update_or_create(kind=kind, old=old, defaults=_leading_to(thing))


def _leading_to(thing: Addressed) -> dict[str, Addressed | None]:
    """The columns of a redirect that led elsewhere before, perhaps."""
    return {kind.value: thing if isinstance(thing, model) else None for model, kind in _KINDS.items()}


def _is_visible(thing: Addressed) -> bool:
    return thing.is_public if isinstance(thing, Post) else not isinstance(thing, Page) or thing.published


def merge_tags(merged: Iterable[Tag], into: Tag) -> set[int]:
    """Let posts have `into` instead of each of `merged`, whose addresses lead there. Returns the posts that changed."""
    changed: set[int] = set()
    with transaction.atomic():
        for tag in merged:
            if tag.pk == into.pk:
                continue
            rows = PostTag.objects.filter(tag=tag)
            changed.update(rows.values_list("content_object_id", flat=True))
            have = PostTag.objects.filter(tag=into).values("content_object_id")
            rows.filter(content_object_id__in=have).delete()
            rows.update(tag=into)
            Redirect.objects.filter(tag=tag).update(tag=into)
            old = tag.slug
            tag.delete()
            leave(into, old, into.slug)
        Post.objects.filter(pk__in=changed).update(version=F("version") + 1)  # forms that are open hold the old tags
        index.tags(Post.objects.filter(pk__in=changed))
        listings.refresh(changed)
    return changed
