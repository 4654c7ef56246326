"""Posts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import TaggedItemBase

from blog import clock
from blog.models.slug import PostSlugField


def validate_variables(value: object) -> None:
    """Variables are a mapping of names to plain values."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValidationError(_("Write the variables as names with values."))


def is_published(prefix: str = "", now: datetime | None = None) -> Q:
    """The one rule for what readers may see. `prefix` leads to the post ("post__")."""
    return Q(**{f"{prefix}status": Post.Status.PUBLISHED, f"{prefix}publish_at__lte": now or clock.now()})


class PostQuerySet(models.QuerySet["Post"]):
    """The one place that says who sees what."""

    def published(self, now: datetime | None = None) -> PostQuerySet:
        """What readers may see: every page, feed, sitemap and count starts here."""
        return self.filter(is_published(now=now))

    def indexable(self) -> PostQuerySet:
        """What search engines may list: of what readers see, all that its authors don't keep out."""
        return self.published().filter(noindex=False)

    def newest_first(self) -> PostQuerySet:
        """In the order readers expect; the key makes it total."""
        return self.order_by("-publish_at", "-pk")

    def in_category(self, path: str) -> PostQuerySet:
        """Posts of a category and of everything below it."""
        return self.filter(Q(category__path=path) | Q(category__path__startswith=f"{path}/"))

    def in_parts(self) -> PostQuerySet:
        """Parts of a series in its order: numbered ones by number, then the others by date."""
        return self.order_by(F("series_part").asc(nulls_last=True), "publish_at", "pk")

    def with_byline(self) -> PostQuerySet:
        """Joined with what a line about a post names."""
        return self.select_related("category", "author", "image")


class PostTag(TaggedItemBase):  # type: ignore[misc]  # taggit is untyped
    """A tag on a post; a table of its own, because taggit's generic one can't be joined by an index."""

    content_object = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="post_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="posttag_unique")]


class Post(models.Model):  # type: ignore[django-manager-missing]  # post_tags: taggit is untyped
    """A post. Its Markdown body is the truth; saving it derives HTML, embeds and prompts in one transaction."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    title = models.CharField(_("title"), max_length=300)
    slug = PostSlugField(verbose_name=_("slug"), max_length=200, unique=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("For lists, feeds and search results; without it, the text's beginning.")
    )
    lang = models.CharField(_("language"), max_length=20, default="ko")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    category = models.ForeignKey(
        "blog.Category",
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
    )
    tags = TaggableManager(verbose_name=_("tags"), through=PostTag, blank=True, help_text=_("Commas between them."))
    image = models.ForeignKey(
        "blog.Image", verbose_name=_("cover"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.DRAFT)
    publish_at = models.DateTimeField(
        _("publish at"), null=True, blank=True, help_text=_("In the future: it appears by itself at that minute.")
    )
    updated_at = models.DateTimeField(
        _("updated at"), null=True, blank=True, help_text=_("Set by itself when a published post changes.")
    )
    pinned = models.BooleanField(_("pinned"), default=False)
    variables = models.JSONField(
        _("variables"),
        default=dict,
        blank=True,
        validators=[validate_variables],
        help_text=_("Front-matter keys that the text uses: img_path, t_tokyo, …"),
    )
    generator = models.ForeignKey(
        "blog.Generator",
        verbose_name=_("generator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="posts",
        help_text=_("The model that new prompts in this post were written for."),
    )
    series = models.ForeignKey(
        "blog.Series",
        verbose_name=_("series"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
    )
    series_part = models.PositiveSmallIntegerField(
        _("part"), null=True, blank=True, help_text=_("Its place in the series; without one, its date says it.")
    )
    translation_of = models.ForeignKey(
        "self",
        verbose_name=_("translation of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="translations",
        db_index=False,  # see "post_translations"
        help_text=_("The post that this one says in another language."),
    )
    noindex = models.BooleanField(
        _("keep out of search engines"), default=False, help_text=_("Readers and subscribers get it all the same.")
    )
    show_corrections = models.BooleanField(
        _("show corrections"), default=False, help_text=_("Readers can see what was changed after publication.")
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)  # to the editors
    version = models.PositiveIntegerField(default=0, editable=False)  # counts changes; a stale form is refused by it
    # Where an importer took it from, what the file was then (SHA-256), and which version that made.
    source_path = models.CharField(max_length=500, editable=False, blank=True)
    source_digest = models.CharField(max_length=64, editable=False, blank=True)
    source_version = models.PositiveIntegerField(default=0, editable=False)
    # What feeds call it, for ever: the address it was published or imported under. Kept by blog.feed_ids.
    feed_id = models.CharField(max_length=2200, editable=False, blank=True)
    # Derived by blog.publishing when the post is saved.
    body_html = models.TextField(editable=False, blank=True)
    toc = models.JSONField(default=list, editable=False)
    text = models.TextField(editable=False, blank=True)
    excerpt = models.TextField(editable=False, blank=True)
    reading_minutes = models.PositiveIntegerField(default=1, editable=False)
    warnings = models.JSONField(default=list, editable=False)
    # What would still do it good, for lists at the writing desk; that of the cover is the picture's.
    lacks_alt = models.BooleanField(default=False, editable=False)
    lacks_summary = models.BooleanField(default=False, editable=False)
    rendered_by = models.PositiveIntegerField(default=0, editable=False)
    # Derived by blog.related: [[post, likeness], …], the likest first, more than are shown.
    related = models.JSONField(default=list, editable=False)
    # The picture that stands for its link.
    card = models.CharField(max_length=200, editable=False, blank=True)

    objects = PostQuerySet.as_manager()

    # What a text is rendered from, and what that gives: saving one of the first always saves the second.
    SOURCE_FIELDS = frozenset({"body", "variables", "lang"})
    DERIVED_FIELDS = frozenset(
        {"body_html", "toc", "text", "excerpt", "reading_minutes", "warnings", "lacks_alt", "rendered_by"}
    )
    # Derived once a post is saved, by others' code: what this copy of it holds may be older than the row.
    LATER_FIELDS = ("related", "card")
    AUTHORED_FIELDS = (
        *("title", "slug", "body", "summary", "lang", "author_id", "category_id", "image_id", "status", "publish_at"),
        *("updated_at", "pinned", "variables", "generator_id", "series_id", "series_part", "translation_of_id"),
        *("noindex", "show_corrections"),
    )

    new_tags: list[str] | None = None  # the names of all its tags, to be saved along with it

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["-publish_at", "-pk"]
        indexes = [
            # Each holds all that a list asks for; docs/architecture.md, "Long lists".
            models.Index(fields=["status", "-pinned", "-publish_at", "-id"], name="post_home"),
            models.Index(fields=["status", "-publish_at", "-id"], name="post_newest"),
            models.Index(fields=["author", "status", "-publish_at", "-id"], name="post_author_newest"),
            models.Index(
                fields=["status", "noindex", "id", "publish_at", "updated_at", "author", "series"],
                name="post_indexable",
            ),
            models.Index(fields=["-publish_at", "-id"], name="post_latest"),
            models.Index(fields=["lang", "-publish_at", "-id"], name="post_lang_latest"),
            models.Index(fields=["lacks_alt", "image", "-publish_at", "-id"], name="post_lacks_alt"),
            models.Index(fields=["lacks_summary", "-publish_at", "-id"], name="post_lacks_summary"),
            models.Index(fields=["status", "submitted_at"], name="post_submitted"),
            models.Index(fields=["category", "-publish_at", "-id"], name="post_category_newest"),
            models.Index(fields=["series", "status", "-publish_at", "-id"], name="post_series_newest"),
            models.Index(fields=["title", "-publish_at", "-id"], name="post_title"),
            models.Index(fields=["-publish_at", "-id"], condition=Q(pinned=True), name="post_pinned"),
            # Of those that have one: SQLite takes it that what nearly all posts lack is in nearly all of them.
            models.Index(
                fields=["translation_of"], condition=Q(translation_of__isnull=False), name="post_translations"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["draft", "published"]), name="post_status_known"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(publish_at__isnull=False), name="post_published_has_date"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(slug=""), name="post_has_title_and_slug"),
            models.CheckConstraint(condition=Q(status="draft") | Q(submitted_at=None), name="post_submitted_is_draft"),
            models.UniqueConstraint(fields=["feed_id"], condition=~Q(feed_id=""), name="post_unique_feed_id"),
            models.CheckConstraint(
                condition=Q(translation_of=None) | ~Q(translation_of=F("id")), name="post_not_own_translation"
            ),
        ]
        permissions = [("publish_post", "Can publish posts, and edit everybody's")]

    def __str__(self) -> str:
        return self.title

    def save(self, *, tags: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save with everything that follows from the text, or nothing.

        `tags`, or `new_tags` before: the names of all its tags. `tags.set()` after a save does the same, but much is
        derived twice then.
        """
        self._new_tags = self.new_tags if tags is None else list(tags)
        self.new_tags = None
        fields = kwargs.get("update_fields")
        if fields is not None:
            fields = {getattr(self._meta.get_field(name), "attname", name) for name in fields}
            if not self.SOURCE_FIELDS.isdisjoint(fields):
                fields |= self.DERIVED_FIELDS
            kwargs["update_fields"] = fields | {"updated_at", "version", "submitted_at", "feed_id", "lacks_summary"}
        with transaction.atomic():
            super().save(**kwargs)

    def get_absolute_url(self) -> str:
        """Chirpy's address."""
        return reverse("post", args=[self.slug])

    def clean(self) -> None:
        """Publishing without a date means now."""
        if self.status == self.Status.PUBLISHED and self.publish_at is None:
            self.publish_at = timezone.now()

    @property
    def is_public(self) -> bool:
        """What `published()` says, for this one post."""
        return self.status == self.Status.PUBLISHED and self.publish_at is not None and self.publish_at <= clock.now()

    @property
    def is_scheduled(self) -> bool:
        """Published, but not yet."""
        return self.status == self.Status.PUBLISHED and not self.is_public

    @property
    def modified_at(self) -> datetime | None:
        """When readers got what they see: the last change, else the publication."""
        if self.updated_at and self.publish_at:
            return max(self.updated_at, self.publish_at)
        return self.updated_at or self.publish_at

    @property
    def description(self) -> str:
        """The author's summary, else the text's first words."""
        return self.summary or self.excerpt

    @property
    def author_url(self) -> str:
        """The page of a public post's author; "" if it names none."""
        profile = getattr(self.author, "profile", None) if self.author and self.is_public else None
        return profile.get_absolute_url() if profile else ""

    @cached_property
    def byline(self) -> str:
        """The author's name, "" if the post names none."""
        return (self.author.get_full_name() or self.author.get_username()) if self.author else ""
