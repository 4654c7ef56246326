"""Categories, tags and generators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from taggit.models import Tag

from blog import moves, revisions
from blog.admin.addresses import AddressAdmin
from blog.admin.labels import Labelled
from blog.admin.large import counts, number_of
from blog.models import Category, Generator, Post, PostTag


@admin.register(Category)
class CategoryAdmin(Labelled, AddressAdmin):
    """The tree. A category with another slug or parent takes all below along; their old addresses lead there."""

    list_display = ("__str__", "path", "posts_here")
    search_fields = ("name", "path")
    ordering = ("path",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("parent",)

    @admin.display(description=gettext_lazy("posts"), ordering=number_of(Post, "category"))
    def posts_here(self, category: Any) -> int:
        """Posts of this very category, drafts too."""
        return counts(Post, "category").get(category.pk, 0)


@admin.register(Generator)
class GeneratorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Models that make media."""

    list_display = ("name", "vendor", "status", "retired_on")
    list_filter = ("status",)
    search_fields = ("name", "vendor")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    prepopulated_fields = {"slug": ("name",)}


class MergeForm(forms.Form):
    """Which tag stays."""

    into = forms.ModelChoiceField(Tag.objects.order_by("name"), label=gettext_lazy("Tag that stays"), empty_label=None)

    def __init__(self, *args: Any, tags: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most_used = max(tags, key=lambda tag: (counts(PostTag, "tag").get(tag.pk, 0), -tag.pk))
        self.fields["into"].initial = most_used.pk


admin.site.unregister(Tag)  # taggit's own form lists tagged objects of a table that isn't used here


@admin.register(Tag)
class TagAdmin(AddressAdmin):
    """Tags. Another slug leaves a redirect; so does merging."""

    list_display = ("name", "slug", "posts")
    search_fields = ("name", "slug")
    ordering = ("name",)
    actions = ("merge",)

    @admin.display(description=gettext_lazy("posts"), ordering=number_of(PostTag, "tag"))
    def posts(self, tag: Any) -> int:
        """Posts with it, drafts too."""
        return counts(PostTag, "tag").get(tag.pk, 0)

    @admin.action(description=gettext_lazy("Merge into one…"), permissions=["change", "delete"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Ask into which, then let posts have that one instead of each of these."""
        tags = list(queryset)
        form = MergeForm(request.POST if "into" in request.POST else None, tags=tags)
        if form.is_valid():
            into: Tag = form.cleaned_data["into"]
            with transaction.atomic():
                changed = Post.objects.filter(pk__in=moves.merge_tags(tags, into))
                for post in changed:
                    revisions.record(post)
            count = len(changed)
            text = ngettext("“%(tag)s”: %(count)d post was changed.", "“%(tag)s”: %(count)d posts were changed.", count)
            self.message_user(request, text % {"tag": into.name, "count": count})
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge tags"),
            "opts": self.opts,
            "tags": tags,
            "form": form,
            "media": self.media,
        }
        return render(request, "admin/merge_tags.html", context)
