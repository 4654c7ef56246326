"""Embeds, films and sounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy

from blog import pictures, snapshots
from blog.admin.fields import LinesField
from blog.admin.labels import Labelled, SilentInput
from blog.admin.large import KnownFilter, Large, MomentFilter, number_of
from blog.embeds.ask import can_ask
from blog.embeds.http import TOTAL_SECONDS
from blog.models import Clip, DeskVisit, Embed, Page, Post, PostEmbed
from blog.pictures import PictureError, Still
from blog.rendering.text import shorten
from blog.search.find import embedding
from blog.search.query import parse

MOST_FOUND = 500  # posts whose embeds a search shows
MOST_AT_ONCE = 50  # embeds that one press of a button asks about


class _Derived(Labelled):
    """Records that come from texts: nobody adds one by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class EmbedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """An embed. Its poster can be uploaded or pasted; a poster needs words for those who can't see it."""

    poster_file = forms.FileField(
        required=False,
        label=gettext_lazy("New poster"),
        help_text=gettext_lazy("Choose a picture, or copy one and paste it anywhere on this page."),
        widget=forms.FileInput(
            attrs={"accept": "image/png,image/jpeg,image/webp,image/avif,image/gif", "data-paste": ""}
        ),
    )

    class Meta:
        field_classes = {"text": LinesField, "takedown_note": LinesField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # the form says what it was opened with: see save_model
            field.show_hidden_initial = not isinstance(field, forms.FileField)
            if field.hidden_widget is forms.HiddenInput:
                field.hidden_widget = SilentInput

    def clean_poster_file(self) -> Still | None:
        """Open and write anew what was uploaded."""
        uploaded = self.cleaned_data.get("poster_file")
        if not uploaded:
            return None
        try:
            return pictures.prepare(uploaded.read(pictures.MAX_BYTES + 1))
        except PictureError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any] | None:
        """Ask what the poster shows."""
        cleaned = super().clean()
        if not {"poster_file", "poster"}.intersection(self.changed_data):
            return cleaned
        poster = self.cleaned_data.get("poster_file") or self.cleaned_data.get("poster")
        described = self.cleaned_data.get("poster_alt") or getattr(poster, "alt", "")
        if poster and not described and "poster_alt" not in self.errors:
            self.add_error("poster_alt", _("Say in a few words what the poster shows, for those who can't see it."))
        return cleaned


def _pages_with(embed: Embed) -> list[Page]:
    """Pages such as About that show it; there are few pages, and they hold their embeds in one column."""
    identity = (embed.provider, embed.provider_id)
    shown = ((page, page.refs.get("embeds", [])) for page in Page.objects.only("title", "slug", "refs"))
    return [page for page, refs in shown if any((ref["provider"], ref["provider_id"]) == identity for ref in refs)]


class PostedFilter(MomentFilter):
    """When it was posted."""

    column = "posted_at"


@admin.register(Embed)
class EmbedAdmin(Large, _Derived):
    """Posts of other sites that ours show, and how they are."""

    form = EmbedForm
    list_display = ("what", "state", "checked", "used_count")
    list_filter = ("status", "takedown", ("provider", KnownFilter), PostedFilter)
    list_per_page = 50
    search_fields = ("provider_id", "author_name", "author_handle", "text")
    actions = ("refresh_now", "take_down", "restore")
    autocomplete_fields = ("poster",)
    readonly_fields = (
        *("provider", "provider_id", "address", "used_in", "still"),
        *("status", "status_since", "fetched_at", "checked_at", "next_check", "failures", "history"),
    )
    fieldsets = (
        (None, {"fields": ("provider", "provider_id", "address", "used_in")}),
        (
            gettext_lazy("How it looks"),
            {"fields": ("still", "poster_file", "poster_alt", "poster", "aspect", "duration")},
        ),
        (gettext_lazy("Captions"), {"fields": ("captions", "captions_lang")}),
        (
            gettext_lazy("What it says"),
            {
                "fields": (
                    *("author_name", "author_handle", "text", "text_lang"),
                    *(("posted_at", "posted_at_source"), "keep_words"),
                )
            },
        ),
        (
            gettext_lazy("State"),
            {"fields": ("status", "status_since", "fetched_at", "checked_at", "next_check", "failures", "history")},
        ),
        (gettext_lazy("Takedown"), {"fields": ("takedown", "takedown_note")}),
    )

    class Media:
        js = ("js/paste-picture.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Embed]:
        """With its places in posts."""
        embeds: QuerySet[Embed] = super().get_queryset(request)
        return embeds.prefetch_related("post_embeds")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Embed], search_term: str
    ) -> tuple[QuerySet[Embed], bool]:
        """By its own words; by captions, and the titles of posts, which the search's index has."""
        found, _many = super().get_search_results(request, queryset, search_term)
        posts = embedding(parse(search_term), MOST_FOUND)
        shown = PostEmbed.objects.filter(post__in=posts).values("embed")
        return (found | queryset.filter(pk__in=shown), False) if posts else (found, False)

    def get_urls(self) -> list[URLPattern]:
        """Where the desk's note is put away."""
        seen = path("seen/", self.admin_site.admin_view(self.seen), name="blog_embed_seen")
        return [seen, *super().get_urls()]

    def seen(self, request: HttpRequest) -> HttpResponseBase:
        """Somebody has read the note about lost embeds."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        user: Any = request.user  # the admin lets nobody else in
        try:
            until = datetime.fromisoformat(request.POST.get("until", ""))
        except ValueError:
            until = timezone.now()
        seen_at = until if timezone.is_aware(until) else timezone.now()
        DeskVisit.objects.update_or_create(user=user, defaults={"embeds_seen_at": min(seen_at, timezone.now())})
        return redirect("admin:index")

    def has_delete_permission(self, request: HttpRequest, obj: Embed | None = None) -> bool:
        """Not while a post shows it."""
        if obj is not None and (obj.post_embeds.exists() or _pages_with(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Embed, form: Any, change: bool) -> None:
        """Store what was changed here, and nothing else: a check may have written since the form was opened."""
        changed = set(form.changed_data) - {"poster_file"}
        still = form.cleaned_data.get("poster_file")
        if still:
            obj.poster = pictures.store(still, obj.poster_alt)
            changed.add("poster")
        elif obj.poster:
            pictures.complete(obj.poster)
        removed = "poster" in changed and obj.poster is None
        if removed or changed & {"author_name", "author_handle", "text", "text_lang", "posted_at"}:
            obj.keep_words = True
            changed.add("keep_words")
        if "posted_at" in changed:
            obj.posted_at_source = Embed.DateSource.AUTHOR
            changed.add("posted_at_source")
        obj.save(update_fields=changed)

    @admin.action(description=gettext_lazy("Ask now whether they are still there"), permissions=["change"])
    def refresh_now(self, request: HttpRequest, queryset: QuerySet[Embed]) -> None:
        """Ask the providers, for a few seconds."""
        embeds = list(queryset[:MOST_AT_ONCE])
        answered = snapshots.refresh(embeds, seconds=TOTAL_SECONDS)
        silent = len(embeds) - answered
        self.message_user(
            request,
            ngettext("%(count)d embed was asked about.", "%(count)d embeds were asked about.", answered)
            % {"count": answered},
        )
        if silent:
            self.message_user(
                request,
                _("%(count)d gave no answer in time, can't be asked about or were taken down.") % {"count": silent},
                messages.WARNING,
            )

    @admin.action(description=gettext_lazy("Take down: hide text and picture"), permissions=["change"])
    def take_down(self, request: HttpRequest, queryset: QuerySet[Embed]) -> None:
        """Hide what we hold of them. A note says who did it; the form has room for why."""
        note = _("Taken down by %(user)s on %(day)s.") % {
            "user": request.user.get_username(),
            "day": date_format(timezone.localdate()),
        }
        count = queryset.filter(takedown=False, takedown_note="").update(takedown=True, takedown_note=note)
        count += queryset.filter(takedown=False).update(takedown=True)
        self.message_user(
            request,
            ngettext("%(count)d embed was taken down.", "%(count)d embeds were taken down.", count) % {"count": count},
        )

    @admin.action(description=gettext_lazy("Restore what was taken down"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Embed]) -> None:
        """Show them again."""
        count = queryset.filter(takedown=True).update(takedown=False, takedown_note="")
        self.message_user(
            request,
            ngettext("%(count)d embed was restored.", "%(count)d embeds were restored.", count) % {"count": count},
        )

    @admin.display(description=gettext_lazy("embed"), ordering="pk")
    def what(self, embed: Embed) -> SafeString:
        """What authors call it, else what it says, and whose it is."""
        captions = dict.fromkeys(row.caption for row in embed.post_embeds.all() if row.caption)
        name = ", ".join(captions) or shorten(embed.text, 80) or embed.provider_id
        return format_html("{}<br><small>{} {}</small>", name, embed.provider_label, embed.author)

    @admin.display(description=pgettext_lazy("of an embed", "state"), ordering="status")
    def state(self, embed: Embed) -> SafeString:
        """How it is, and since when."""
        if embed.takedown:
            name, text = "takedown", _("taken down")
        elif not can_ask(embed.provider):
            name, text = "unasked", _("not checked")
        else:
            name, text = embed.status, embed.get_status_display()
        since = "" if name == "unasked" else date_format(timezone.localtime(embed.status_since), "SHORT_DATE_FORMAT")
        return format_html('<span class="embed-state {}">{}</span> <small>{}</small>', name, text, since)

    @admin.display(description=gettext_lazy("last check"), ordering="checked_at")
    def checked(self, embed: Embed) -> str:
        """When somebody last answered or didn't."""
        return date_format(timezone.localtime(embed.checked_at), "SHORT_DATETIME_FORMAT") if embed.checked_at else "—"

    @admin.display(description=gettext_lazy("posts"), ordering=number_of(PostEmbed, "embed", "post"))
    def used_count(self, embed: Any) -> int:
        """How many posts show it."""
        return len({row.post_id for row in embed.post_embeds.all()})

    @admin.display(description=gettext_lazy("address"))
    def address(self, embed: Embed) -> SafeString:
        """A link to the original."""
        return format_html('<a href="{0}" rel="noopener noreferrer">{0}</a>', embed.url)

    @admin.display(description=gettext_lazy("poster now"))
    def still(self, embed: Embed) -> SafeString | str:
        """The poster, small."""
        if not embed.poster:
            return "—"
        return format_html('<img class="thumbnail" src="{}" alt="{}">', embed.poster.file.url, embed.poster_alt)

    @admin.display(description=gettext_lazy("history"))
    def history(self, embed: Embed) -> SafeString | str:
        """Its states, the newest first."""
        rows = (
            (date_format(timezone.localtime(row.at), "SHORT_DATETIME_FORMAT"), row.get_status_display(), row.reason)
            for row in embed.changes.all()[:20]
        )
        return format_html_join("", "<div>{} <b>{}</b> {}</div>", rows) or "—"

    @admin.display(description=gettext_lazy("used in"))
    def used_in(self, embed: Embed) -> SafeString | str:
        """The posts that show it."""
        posts = Post.objects.filter(post_embeds__embed=embed).distinct()
        rows = [(reverse("admin:blog_post_change", args=[post.pk]), post.title) for post in posts]
        rows += [(reverse("admin:blog_page_change", args=[page.pk]), page.title) for page in _pages_with(embed)]
        return format_html_join("", '<div><a href="{}">{}</a></div>', rows) or "—"


@admin.register(Clip)
class ClipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Films and sounds. Their posters and captions belong to the embed that a text makes of them."""

    list_display = ("__str__", "created_at")
    search_fields = ("path", "file")
    readonly_fields = ("markdown",)
    fields = ("file", "path", "markdown")

    @admin.display(description="Markdown")
    def markdown(self, clip: Clip) -> SafeString | str:
        """What to write in a text to play it."""
        if not clip.pk:
            return "—"
        return format_html(
            "<code>{{% include embed/{}.html src='{}' %}}</code>", "audio" if clip.is_sound else "video", clip.file.url
        )
