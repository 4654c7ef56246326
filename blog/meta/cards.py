"""The picture of each post for previews of its link: drawn when something in it has changed, after the commit.

The author's own cover goes before it. Its file's name says what it was drawn from, so what is out of date can be told:
by a save, and by `manage.py draw_cards` after the site has got another title, or a still another picture in its place.
"""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from PIL import Image as Pillow

from blog import pictures, snapshots
from blog.meta import drawing
from blog.models import Embed, Image, Post, PostEmbed, SiteSettings
from blog.presentation import still_of

logger = logging.getLogger(__name__)

FOLDER = "cards"
TOGETHER = 20  # posts that get their cards in one transaction
# What Facebook, X and KakaoTalk show; AVIF isn't among it.
SHARED_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def own_cover(post: Post) -> Image | None:
    """The cover, if previews can show it."""
    image = post.image
    return image if image and (image.file.name or "").lower().endswith(SHARED_ENDINGS) else None


def bring_in_step(posts: QuerySet[Post]) -> int:
    """Draw the cards that these posts lack, remove those they don't need. Returns how many were drawn."""
    site = SiteSettings.load().title
    embeds = Prefetch("post_embeds", PostEmbed.objects.select_related("embed__poster"))
    columns = ("title", "status", "card", "image")
    drawn = 0
    ready: list[tuple[Post, str]] = []
    for post in posts.select_related("image").prefetch_related(embeds).only(*columns).iterator(chunk_size=100):
        picture = _picture(post)
        stem = _stem(post, site, picture) if _needs_card(post) else ""
        if post.card.rpartition("/")[2].startswith(stem) and bool(post.card) == bool(stem):
            continue
        ready.append((post, _draw(post.title, site, picture, stem) if stem else ""))
        if len(ready) == TOGETHER:
            drawn += _exchange(ready)
            ready = []
    return drawn + _exchange(ready)


def preview(post: Post) -> bytes:
    """The card that a post would get, as a JPEG, whether it has one yet or not."""
    picture = _picture(post)
    return drawing.draw(post.title, SiteSettings.load().title, _opened(picture) if picture else None)


def _needs_card(post: Post) -> bool:
    return post.status == Post.Status.PUBLISHED and own_cover(post) is None


def _picture(post: Post) -> Image | None:
    """What the card shows behind its title: a cover that previews can't show themselves, else the post's still."""
    still = still_of(post)
    return post.image or (still.poster if still else None)


def _stem(post: Post, site: str, picture: Image | None) -> str:
    """The beginning of the file's name: all that the card is drawn from."""
    # A picture that is replaced keeps its name, but gets other renditions.
    drawn_from = [drawing.DESIGN, post.title, site, picture and [picture.file.name, picture.renditions]]
    return f"{post.pk}-{hashlib.sha256(json.dumps(drawn_from).encode()).hexdigest()[:16]}"


def _draw(title: str, site: str, picture: Image | None, stem: str) -> str:
    content = drawing.draw(title, site, _opened(picture) if picture else None)
    return default_storage.save(f"{FOLDER}/{stem}.jpg", ContentFile(content))


def _opened(picture: Image) -> Pillow.Image | None:
    """None if it can't be read: the card then does without."""
    try:
        with picture.file.open("rb") as file:
            return pictures.opened(file.read(pictures.MAX_BYTES + 1))
    except (pictures.PictureError, OSError) as error:
        logger.info("%s can't be drawn on a card: %s", picture, error)
        return None


def _exchange(ready: list[tuple[Post, str]]) -> int:
    """Let posts name their new cards; how many have one. Whoever comes second keeps out of the way."""
    unused = []
    with transaction.atomic():
        for post, name in ready:
            won = Post.objects.filter(pk=post.pk, card=post.card).update(card=name)
            unused.append(post.card if won else name)
    for name in filter(None, unused):
        default_storage.delete(name)
    return sum(bool(name) for _post, name in ready)


def _later(posts: QuerySet[Post]) -> None:
    if not snapshots.is_postponed():
        transaction.on_commit(lambda: bring_in_step(posts), robust=True)


@receiver(post_save, sender=Post)
def _after_save(sender: type[Post], instance: Post, raw: bool, **_: Any) -> None:
    if not raw:
        _later(Post.objects.filter(pk=instance.pk))


@receiver(post_save, sender=Embed)
def _after_embed(
    sender: type[Embed], instance: Embed, raw: bool, created: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    """Its still may be another, or not to be shown any more."""
    if not raw and not created and (update_fields is None or {"poster", "takedown"} & set(update_fields)):
        shown_in = Post.objects.filter(status=Post.Status.PUBLISHED, pk__in=instance.post_embeds.values("post"))
        _later(shown_in)


@receiver(post_delete, sender=Post)
def _after_delete(sender: type[Post], instance: Post, **_: Any) -> None:
    if name := instance.card:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)
