"""Categories, tags and generators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet, URLField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from taggit.models import Tag

from blog.models import Category, Generator


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """The tree."""

    list_display = ("__str__", "path", "posts_here")
    search_fields = ("name", "path")
    ordering = ("path",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        """With the number of posts."""
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(total=Count("posts"))

    @admin.display(description=gettext_lazy("posts"), ordering="total")
    def posts_here(self, category: Any) -> int:
        """Posts of this very category, drafts too."""
        return int(category.total)


@admin.register(Generator)
class GeneratorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Models that make media."""

    list_display = ("name", "vendor", "status", "retired_on")
    list_filter = ("status",)
    search_fields = ("name", "vendor")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    prepopulated_fields = {"slug": ("name",)}


admin.site.unregister(Tag)  # taggit's own form lists tagged objects of a table that isn't used here


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Tags."""

    list_display = ("name", "slug", "posts")
    search_fields = ("name", "slug")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        """With the number of posts."""
        tags: QuerySet[Tag] = super().get_queryset(request)
        counted: QuerySet[Tag] = tags.annotate(total=Count("blog_posttag_items"))
        return counted

    @admin.display(description=gettext_lazy("posts"), ordering="total")
    def posts(self, tag: Any) -> int:
        """Posts with it, drafts too."""
        return int(tag.total)
