"""What saving a text means: render it, then bring everything derived from it in step, in the same transaction.

`Post.save()` and `Page.save()` set this off, whoever calls them; `rendered_or_invalid` lets a form ask first.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone
from taggit.models import Tag

from blog import announce, feed_ids, library, related, revisions, snapshots, tagging
from blog.models import Embed, Page, Post, PostEmbed, PostTag, Profile, SiteSettings
from blog.prompts.settings import unknown_variants
from blog.prompts.sync import sync_prompts
from blog.rendering import RENDERER_VERSION, EmbedRef, Rendered, RenderError, worker
from blog.rendering.lint import SILENT_PICTURE
from blog.sentences import translated
from blog.wording import words

# A change of one of these is a change for readers: it sets updated_at once the post is public.
_CONTENT_FIELDS = ("title", "body", "summary", "variables")
# A change of one of these may make other posts like it.
_LIKENESS_FIELDS = (
    *("body", "variables", "lang", "category_id", "generator_id", "series_id", "translation_of_id", "status"),
)


class StaleSave(Exception):
    """A post that was read before somebody else saved it can't be saved over theirs: read it again."""


def render(body: str, variables: dict[str, object] | None, lang: str) -> Rendered:
    """Render a text as saving it would. Raises RenderError."""
    site = SiteSettings.objects.only("mastodon_instances").filter(pk=1).first() or SiteSettings()
    return worker.render(
        body, variables=variables, media_url=settings.MEDIA_URL, instances=site.instances, words=words(lang)
    )


def rendered(text: Post | Page | Profile) -> Rendered:
    """What a text that is about to be saved gives; saving won't render it again. Raises RenderError."""
    source = (text.body, text.variables if isinstance(text, Post) else None, text.lang)
    ready: tuple[object, Rendered] | None = getattr(text, "_rendered", None)
    if ready is None or ready[0] != source:
        ready = (deepcopy(source), render(*source))  # variables may be changed in place
        text._rendered = ready  # type: ignore[union-attr]
    return ready[1]


def rendered_or_invalid(text: Post | Page | Profile) -> Rendered:
    """`rendered` for forms: raises ValidationError on the body."""
    try:
        return rendered(text)
    except RenderError as error:
        raise ValidationError({"body": translated(str(error))}) from error


@receiver(pre_save, sender=Post)
def _derive_post(sender: type[Post], instance: Post, raw: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    """Render, and set what the row itself holds. Columns that aren't being saved don't count."""
    if raw:  # a fixture is stored as it is
        return
    old = _stored(instance, whole=update_fields is None)
    if instance.status == Post.Status.PUBLISHED and instance.publish_at is None:
        instance.publish_at = timezone.now()
    if instance.status == Post.Status.PUBLISHED:
        instance.submitted_at = None  # the editors have decided
    instance.lacks_summary = not instance.summary
    saved = Post.AUTHORED_FIELDS if update_fields is None else update_fields.intersection(Post.AUTHORED_FIELDS)
    changed = {name for name in saved if old and getattr(old, name) != getattr(instance, name)}
    tags = tagging.prepare(instance)
    instance.version = old.version + bool(changed or tags) if old else 1
    if old is None or tags or changed.intersection(_LIKENESS_FIELDS) or old.rendered_by != RENDERER_VERSION:
        instance._to_relate = True  # type: ignore[attr-defined]
    instance._is_news = old is None or not old.is_public or bool(changed)  # type: ignore[attr-defined]
    feed_ids.keep(instance, old, saved)
    if old and old.is_public and changed.intersection(_CONTENT_FIELDS) and old.updated_at == instance.updated_at:
        instance.updated_at = timezone.now()  # unless the caller has said when
    rendered_before = old is not None and old.rendered_by == RENDERER_VERSION
    if rendered_before and not changed.intersection(Post.SOURCE_FIELDS):
        return
    if update_fields is not None and Post.SOURCE_FIELDS.isdisjoint(update_fields):
        return
    result = rendered(instance)
    set_derived(instance, result)
    instance._to_sync = result  # type: ignore[attr-defined]


def _stored(post: Post, *, whole: bool) -> Post | None:
    """The row as it is now. A save of all columns must have seen it, and leaves those alone that others derive."""
    # The lock makes a second writer wait, and see what the first has written. SQLite has one writer anyway.
    old = Post.objects.select_for_update().filter(pk=post.pk).first() if post.pk else None
    if old and whole:
        if old.version != post.version:
            raise StaleSave(post.pk, post.version, old.version)
        for name in Post.LATER_FIELDS:
            setattr(post, name, getattr(old, name))
    return old


def set_derived(post: Post, result: Rendered) -> None:
    """Set the columns that follow from the text."""
    post.body_html = result.html
    post.toc = [asdict(heading) for heading in result.toc]
    post.text = result.text
    post.excerpt = result.excerpt
    post.reading_minutes = result.reading_minutes
    post.warnings = [*result.warnings, *unknown_variants(result)]
    post.lacks_alt = bool(re.search(SILENT_PICTURE, result.html))
    post.rendered_by = RENDERER_VERSION


@receiver(post_save, sender=Post)
def _sync_post(sender: type[Post], instance: Post, created: bool, raw: bool, **_: Any) -> None:
    """Bring embeds and prompts in step with the text; keep what was saved."""
    tagging.settle(instance)
    result: Rendered | None = instance.__dict__.pop("_to_sync", None)
    if result is not None:
        before = [] if created else list(instance.prompts.select_related("post_embed__embed"))
        placed = _sync_embeds(
            instance, result.embeds, [] if created else list(instance.post_embeds.order_by("position"))
        )
        snapshots.after_save(row.embed_id for row in placed)
        sync_prompts(instance, result.prompts, placed, before)
        library.note_text(instance, result)
    if not raw:
        revisions.record(instance, is_new=created)
    if instance.__dict__.pop("_to_relate", False):
        related.refresh(instance)
    if instance.__dict__.pop("_is_news", False) and instance.is_public:
        announce.news.send(sender, post=instance)


def _sync_embeds(post: Post, refs: tuple[EmbedRef, ...], stored: list[PostEmbed]) -> list[PostEmbed]:
    """The post's embeds in the order of the text. Rows are replaced as a whole, and only if something changed."""
    embeds = {(embed.provider, embed.provider_id): embed for embed in _stored_embeds(refs)}
    wanted = [
        PostEmbed(
            post=post,
            embed=embeds[ref.provider, ref.provider_id],
            key=ref.key,
            caption=ref.caption,
            options=ref.options,
            position=i,
        )
        for i, ref in enumerate(refs)
    ]
    if [_placing(row) for row in stored] == [_placing(row) for row in wanted]:
        return stored
    if stored:
        post.post_embeds.all().delete()
    return PostEmbed.objects.bulk_create(wanted)


def _placing(row: PostEmbed) -> tuple[object, ...]:
    return row.embed_id, row.key, row.caption, row.options, row.position


def _stored_embeds(refs: tuple[EmbedRef, ...]) -> list[Embed]:
    known = {ref.provider_id for ref in refs}
    stored = list(Embed.objects.filter(provider_id__in=known)) if known else []
    have = {(embed.provider, embed.provider_id) for embed in stored}
    new = {(ref.provider, ref.provider_id): Embed.named_by(ref) for ref in reversed(refs)}
    missing = [embed for identity, embed in new.items() if identity not in have]
    # Somebody else may be saving the same embed at this moment: then it is theirs, and this learns its key.
    identity_fields = ["provider", "provider_id"]
    Embed.objects.bulk_create(
        missing, update_conflicts=True, unique_fields=identity_fields, update_fields=identity_fields[:1]
    )
    return [*stored, *missing]


@receiver(m2m_changed, sender=PostTag)
def _count_tags(sender: type[PostTag], instance: Post, action: str, pk_set: set[int] | None, **_: Any) -> None:
    """Other tags are another version of the post."""
    if tagging.changes_tags(action, pk_set):
        Post.objects.filter(pk=instance.pk).update(version=F("version") + 1)
        instance.refresh_from_db(fields=["version"])
        revisions.record(instance)
        related.refresh(instance)


@receiver(pre_save, sender=Tag)
def _give_tag_an_address(sender: type[Tag], instance: Tag, **_: Any) -> None:
    """A tag of nothing but signs ("🎬") has no slug of its own: its code points serve."""
    if not instance.slug:
        instance.slug = "-".join(f"u{ord(character):x}" for character in instance.name)[:100]


@receiver(pre_save, sender=Page)
def _derive_page(sender: type[Page], instance: Page, raw: bool, **_: Any) -> None:
    if raw:
        return
    old = Page.objects.filter(pk=instance.pk).first() if instance.pk else None
    if old and (old.title, old.body) != (instance.title, instance.body):
        instance.updated_at = timezone.now()
    _fill(instance)


@receiver(pre_save, sender=Profile)
def _derive_profile(sender: type[Profile], instance: Profile, raw: bool, **_: Any) -> None:
    if not raw:
        _fill(instance)


def _fill(text: Page | Profile) -> None:
    result = rendered(text)
    text.body_html = result.html
    text.excerpt = result.excerpt
    text.warnings = list(result.warnings)
    data = result.to_json()
    text.refs = {"embeds": data["embeds"], "prompts": data["prompts"], "toc": data["toc"]}


@receiver(post_save, sender=Profile)
@receiver(post_save, sender=Page)
def _sync_page(sender: type[Page | Profile], instance: Page | Profile, raw: bool, **_: Any) -> None:
    """A page has no rows of its own for its embeds, but these are kept as a post's are."""
    if not raw:
        refs = tuple(EmbedRef(**ref) for ref in instance.refs.get("embeds", []))
        snapshots.after_save(embed.pk for embed in _stored_embeds(refs))
        library.note_text(instance, rendered(instance))


@receiver(pre_save, sender=SiteSettings)
def _compare_instances(sender: type[SiteSettings], instance: SiteSettings, **_: Any) -> None:
    instance._other_instances = SiteSettings.load().instances ^ instance.instances  # type: ignore[attr-defined]


@receiver(post_save, sender=SiteSettings)
def _render_for_instances(sender: type[SiteSettings], instance: SiteSettings, **_: Any) -> None:
    """Texts that name an instance which is allowed now, or no longer, give other HTML."""
    hosts = instance.__dict__.pop("_other_instances", ())
    with snapshots.postponed():  # one wait for all of them
        for host in hosts:
            named = Q(body__icontains=f"{host}/@") | Q(variables__icontains=f"{host}/@")
            Post.objects.filter(named).update(rendered_by=0)
            for text in (*Post.objects.filter(rendered_by=0), *Page.objects.filter(body__icontains=f"{host}/@")):
                text.save()
    if hosts:
        snapshots.after_save(Embed.objects.filter(provider="mastodon", checked_at=None).values_list("pk", flat=True))


@receiver([post_save, post_delete], sender=Page)
def _rebuild_menu(sender: type[Page], **_: Any) -> None:
    site, _created = SiteSettings.objects.get_or_create(pk=1)
    site.save(update_fields=["menu"])


@receiver(pre_save, sender=SiteSettings)
def _derive_menu(sender: type[SiteSettings], instance: SiteSettings, raw: bool, **_: Any) -> None:
    """What is built in and the pages in one order; where two have the same place, the pages come last, by title."""
    if raw:
        return
    pages = Page.objects.filter(published=True, in_menu=True)
    entries = [(place, "", section) for section, place in instance.menu_places.items()]
    entries += [(page.menu_order, page.title, page.get_absolute_url()) for page in pages]
    instance.menu = [[title, where] for _place, title, where in sorted(entries)]
