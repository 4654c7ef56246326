"""Posts and pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from blog import people
from blog.admin import desk
from blog.admin.addresses import AddressAdmin
from blog.admin.bulk import BulkActions
from blog.admin.desk.frame import framed
from blog.admin.desk.words import words
from blog.admin.filters import LacksFilter, StateFilter
from blog.admin.forms import PageForm, PostForm
from blog.admin.labels import Labelled
from blog.admin.large import KnownFilter, Large, MomentFilter, number_of
from blog.admin.rules import PostRules
from blog.models import Page, Post, PostEmbed, SiteSettings
from blog.presentation import embeds_of
from blog.search.find import drafts_too
from blog.search.query import parse
from blog.sentences import translated
from blog.views.posts import render_post

_TEXTS = ("body", "body_html", "text", "toc", "variables", "related")
_HELD = ("opened_version", "merge_base", "copy")  # hidden: what the form knows of its own past


MOST_FOUND = 500  # posts that a search shows


class PublishedFilter(MomentFilter):
    """When readers get it."""

    column = "publish_at"


class _TextAdmin(Labelled, AddressAdmin):
    """What posts and pages have in common."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Say what in the text will not look as meant."""
        super().save_model(request, obj, form, change)
        for warning in obj.warnings:
            messages.warning(request, translated(warning))


@admin.register(Post)
class PostAdmin(Large, BulkActions, PostRules, _TextAdmin):
    """Posts. Embeds and prompts are derived from the text and shown beside it."""

    form = PostForm
    list_display = ("title", "state", "see", "appears", "category", "embed_count")
    list_filter = (
        StateFilter,
        LacksFilter,
        PublishedFilter,
        ("lang", KnownFilter),
        "pinned",
        "category",
        "generator",
    )
    list_select_related = ("category",)
    list_per_page = 50
    search_fields = ("title", "slug", "text", "tags")  # by the search's own index: get_search_results
    ordering = ("-publish_at", "-pk")
    autocomplete_fields = ("category", "image", "generator", "series", "translation_of")
    readonly_fields = ("embeds", "prompts", "warnings_list", "state", "see")
    view_on_site = False  # drafts have no address; `see` leads to the preview instead
    fieldsets = (
        (None, {"fields": ("title", "body", *_HELD)}),  # the template of the form gives these their places
        (
            gettext_lazy("Publishing"),
            {"fields": ("slug", "publish_at", "pinned", "state", "see"), "classes": ["collapse"]},
        ),
        (
            gettext_lazy("About it"),
            {
                "fields": (
                    *("summary", "category", "tags", ("series", "series_part"), "image", ("lang", "author")),
                    *("translation_of", "updated_at", "show_corrections", "noindex"),
                ),
                "classes": ["collapse"],
            },
        ),
        (
            gettext_lazy("In the text"),
            {"fields": ("generator", "variables", "warnings_list", "embeds", "prompts"), "classes": ["collapse"]},
        ),
    )

    class Media:
        js = (Script("js/desk/slug.js", type="module"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """With the number of embeds."""
        posts: QuerySet[Post] = super().get_queryset(request)
        return posts.annotate(embeds_total=number_of(PostEmbed, "post"))

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Lists don't need the texts."""
        changelist: ChangeList = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.defer(*_TEXTS)
        return changelist

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Post], search_term: str
    ) -> tuple[QuerySet[Post], bool]:
        """What readers would find, and what they can't see yet."""
        query = parse(search_term)
        if not query:
            return queryset, False
        author = None if people.may_publish(request.user) else request.user.pk
        return queryset.filter(pk__in=drafts_too(query, MOST_FOUND, author)), False

    def get_urls(self) -> list[URLPattern]:
        """The preview beside the form, and what the writing desk adds."""
        preview = path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="blog_post_preview")
        return [preview, *(url for module in desk.MODULES for url in module.urls(self)), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A form that was opened empty, and kept meanwhile, is that of the draft which keeping it has made."""
        if request.method != "POST":
            return super().add_view(request, form_url, extra_context)
        with transaction.atomic():  # keeping and saving make one post, whichever comes first
            if begun := desk.autosave.begun(request):
                form_url = reverse("admin:blog_post_change", args=[begun.pk])
                return self.change_view(request, str(begun.pk), form_url, extra_context)
            return super().add_view(request, form_url, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form, with what its scripts say, and the right to show a frame of this site."""
        context = {**(extra_context or {}), "words": words()}
        response = super().changeform_view(request, object_id, form_url, context)
        response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # as csp_update would
        return response

    def get_form(self, request: HttpRequest, obj: Post | None = None, change: bool = False, **kwargs: Any) -> type[Any]:
        """With a working copy in it if the address names one."""
        form: type[Any] = super().get_form(request, obj, change, **kwargs)
        copy = desk.autosave.asked_for(request, obj)
        return desk.autosave.opened_with(form, copy) if copy else form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With what the writing desk shows around the form."""
        context.update(desk.context(request, kwargs.get("obj"), context["adminform"].form))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """With its tags: what follows from both is derived once."""
        obj.new_tags = form.cleaned_data.get("tags")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The last step of a save: the working copy has done its work."""
        super().save_related(request, form, formsets, change)
        desk.autosave.settle(request, form.instance, form)
        if not change:
            desk.autosave.note_begun(request, form.instance)

    def response_add(self, request: HttpRequest, obj: Post, post_url_continue: str | None = None) -> HttpResponse:
        """Where the button leads."""
        stock = super().response_add(request, obj, post_url_continue)
        return desk.publish.after_save(request, obj) or stock

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        """Where the button leads."""
        stock = super().response_change(request, obj)
        return desk.publish.after_save(request, obj) or stock

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The post as readers will get it, for those who may see it; the check before publishing frames it."""
        post = get_object_or_404(Post.objects.with_byline().select_related("generator"), pk=pk)
        if not self.has_view_permission(request, post):
            return HttpResponse(status=403)
        with translation.override(SiteSettings.load().language):
            response = framed(render_post(request, post))
            response["Content-Language"] = translation.get_language()
        return response

    @admin.display(description=pgettext_lazy("of a post", "state"), ordering="status")
    def state(self, post: Post) -> str:
        """Draft, submitted, scheduled or published."""
        return state_of(post)

    @admin.display(description=gettext_lazy("publish at"), ordering="publish_at", empty_value="—")
    def appears(self, post: Post) -> str:
        """When readers get it, in few characters."""
        return date_format(timezone.localtime(post.publish_at), "SHORT_DATETIME_FORMAT") if post.publish_at else ""

    @admin.display(description=gettext_lazy("embeds"), ordering="embeds_total")
    def embed_count(self, post: Any) -> int:
        """How many embeds it shows."""
        return int(post.embeds_total)

    @admin.display(description=gettext_lazy("see it"))
    def see(self, post: Post) -> SafeString | str:
        """On the site, or its preview."""
        if post._state.adding:
            return "—"
        if post.is_public:
            return format_html('<a href="{}">{}</a>', post.get_absolute_url(), _("View on site"))
        return format_html('<a href="{}">{}</a>', reverse("admin:blog_post_preview", args=[post.pk]), _("Preview"))

    @admin.display(description=gettext_lazy("warnings"))
    def warnings_list(self, post: Post) -> SafeString | str:
        """What will not look as meant."""
        return _list((translated(warning),) for warning in post.warnings) if post.warnings else "—"

    @admin.display(description=gettext_lazy("embeds"))
    def embeds(self, post: Post) -> SafeString | str:
        """The embeds, each with a link to its record."""
        rows = [
            format_html(
                "{} {} <small>({})</small>",
                _linked(post, "blog.view_embed", "admin:blog_embed_change", placed.embed),
                placed.caption,
                placed.embed.get_status_display(),
            )
            for placed in (embeds_of(post) if post.pk else [])
        ]
        return (
            _list((row,) for row in rows) if rows else _("None. Write the address of an X post on a line of its own.")
        )

    @admin.display(description=gettext_lazy("prompts"))
    def prompts(self, post: Post) -> SafeString | str:
        """The prompts, each with a link to its model, parameters and notes."""
        rows = [
            format_html(
                "{} <small>{}</small>",
                _linked(post, "blog.view_prompt", "admin:blog_prompt_change", prompt),
                prompt.generator or "",
            )
            for prompt in (post.prompts.current().select_related("generator") if post.pk else [])
        ]
        return _list((row,) for row in rows) if rows else _("None. Write “> Prompt: …” below an embed.")


def state_of(post: Post) -> str:
    """Draft, submitted, scheduled or published."""
    if post.submitted_at:
        return _("submitted")
    return _("scheduled") if post.is_scheduled else post.get_status_display()


def _linked(post: Any, permission: str, address: str, row: Any) -> SafeString | str:
    """The name of a row; a link for those who may see it."""
    viewer = getattr(post, "viewer", None)
    if viewer is not None and not viewer.has_perm(permission):
        return str(row)
    return format_html('<a href="{}">{}</a>', reverse(address, args=[row.pk]), row)


def _list(rows: Any) -> SafeString:
    return format_html('<ol class="derived">{}</ol>', format_html_join("", "<li>{}</li>", rows))


@admin.register(Page)
class PageAdmin(_TextAdmin):
    """Pages."""

    form = PageForm
    list_display = ("title", "slug", "published", "in_menu", "menu_order")
    list_editable = ("menu_order",)
    search_fields = ("title", "body")
    prepopulated_fields = {"slug": ("title",)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The list has a field without a label."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "menu_order":
            field.widget.attrs["aria-label"] = field.label
        return field
