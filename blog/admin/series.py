"""Series, each with its posts in order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, pgettext_lazy

from blog import people
from blog.admin.addresses import AddressAdmin
from blog.admin.posts import state_of
from blog.models import Post, Series


class PartForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The place of one post. Nothing else of it is written."""

    class Meta:
        model = Post
        fields = ("series_part",)

    def save(self, commit: bool = True) -> Any:
        """Columns that aren't in this form may have been changed by somebody else."""
        if commit:
            self.instance.save(update_fields=["series_part"])
        return self.instance


class PartsInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    """The posts of a series; they come and go in their own forms."""

    model = Post
    fk_name = "series"
    form = PartForm
    fields = ("post", "state", "publish_at", "series_part")
    readonly_fields = ("post", "state", "publish_at")
    verbose_name_plural = gettext_lazy("Parts, in order")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Those that somebody may see, as readers get them."""
        posts: Any = people.visible_posts(request.user, super().get_queryset(request))
        parts: QuerySet[Post] = posts.in_parts().defer("body", "body_html", "text")
        return parts

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A post says itself that it is a part."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever edits everybody's posts."""
        return people.may_publish(request.user)

    @admin.display(description=gettext_lazy("post"))
    def post(self, post: Post) -> SafeString:
        """Its title, and the way to its form."""
        return format_html('<a href="{}">{}</a>', reverse("admin:blog_post_change", args=[post.pk]), post)

    @admin.display(description=pgettext_lazy("of a post", "state"))
    def state(self, post: Post) -> str:
        """Draft, submitted, scheduled or published."""
        return state_of(post)


@admin.register(Series)
class SeriesAdmin(AddressAdmin):
    """Series. Another slug leaves a redirect."""

    list_display = ("title", "slug", "parts", "lang")
    ordering = ("title",)
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (PartsInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        """With the number of posts."""
        series: QuerySet[Series] = super().get_queryset(request)
        return series.annotate(total=Count("posts"))

    def get_inlines(self, request: HttpRequest, obj: Series | None) -> Any:
        """A new one has no parts."""
        return self.inlines if obj else ()

    @admin.display(description=gettext_lazy("posts"), ordering="total")
    def parts(self, series: Any) -> int:
        """Posts in it, drafts too."""
        return int(series.total)
