"""Embeds and pictures."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from blog.models import Embed, Image, Post


class _Derived(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Records that come from texts: nobody adds one by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False


@admin.register(Embed)
class EmbedAdmin(_Derived):
    """Posts of other sites that ours show."""

    list_display = ("__str__", "captions", "author", "posted_at", "status", "takedown", "used_count")
    list_filter = ("status", "takedown", "provider")
    search_fields = (
        "provider_id",
        "author_name",
        "author_handle",
        "text",
        "post_embeds__caption",
        "post_embeds__post__title",
    )
    date_hierarchy = "posted_at"
    autocomplete_fields = ("poster",)
    readonly_fields = (
        *("provider", "provider_id", "address", "used_in"),
        *("status", "status_since", "fetched_at", "next_check", "failures"),
    )
    fieldsets = (
        (None, {"fields": ("provider", "provider_id", "address", "used_in")}),
        (
            gettext_lazy("What it says"),
            {"fields": ("author_name", "author_handle", "text", "text_lang", ("posted_at", "posted_at_source"))},
        ),
        (gettext_lazy("How it looks"), {"fields": ("poster", "poster_alt", "aspect", "duration")}),
        (gettext_lazy("State"), {"fields": ("status", "status_since", "fetched_at", "next_check", "failures")}),
        (gettext_lazy("Takedown"), {"fields": ("takedown", "takedown_note")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Embed]:
        """With the number of posts that use it."""
        embeds: QuerySet[Embed] = super().get_queryset(request)
        return embeds.prefetch_related("post_embeds").annotate(used=Count("post_embeds__post", distinct=True))

    def has_delete_permission(self, request: HttpRequest, obj: Embed | None = None) -> bool:
        """Not while a post shows it."""
        if obj is not None and obj.post_embeds.exists():
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("captions"))
    def captions(self, embed: Embed) -> str:
        """What authors call it."""
        return ", ".join(dict.fromkeys(row.caption for row in embed.post_embeds.all() if row.caption)) or "—"

    @admin.display(description=gettext_lazy("posts"), ordering="used")
    def used_count(self, embed: Any) -> int:
        """How many posts show it."""
        return int(embed.used)

    @admin.display(description=gettext_lazy("address"))
    def address(self, embed: Embed) -> SafeString:
        """A link to the original."""
        return format_html('<a href="{0}" rel="noopener noreferrer">{0}</a>', embed.url)

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, embed: Embed) -> SafeString | str:
        """The posts that show it."""
        posts = Post.objects.filter(post_embeds__embed=embed).distinct()
        rows = ((reverse("admin:blog_post_change", args=[post.pk]), post.title) for post in posts)
        return format_html_join("", '<div><a href="{}">{}</a></div>', rows) or "—"


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Pictures."""

    list_display = ("thumbnail", "__str__", "alt", "size", "created_at")
    list_display_links = ("thumbnail", "__str__")
    search_fields = ("path", "file", "alt")
    readonly_fields = ("thumbnail", "size", "markdown")
    fields = ("file", "alt", "path", "thumbnail", "size", "markdown")

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, image: Image) -> SafeString | str:
        """The picture, small."""
        if not image.pk:
            return "—"
        return format_html('<img class="thumbnail" src="{}" alt="{}" loading="lazy">', image.file.url, image.alt)

    @admin.display(description=gettext_lazy("size"))
    def size(self, image: Image) -> str:
        """In pixels."""
        return f"{image.width} × {image.height}" if image.pk else "—"

    @admin.display(description="Markdown")
    def markdown(self, image: Image) -> SafeString | str:
        """What to write in a text to show it."""
        if not image.pk:
            return "—"
        size = f'{{: w="{image.width}" h="{image.height}" }}'
        return format_html("<code>![{}]({}){}</code>", image.alt, image.file.url, size)
