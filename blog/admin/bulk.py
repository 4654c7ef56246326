"""What can be done to many posts at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from taggit.models import Tag
from taggit.utils import parse_tags

from blog import people
from blog.admin import desk
from blog.admin.desk.conflict import undecided
from blog.models import Category, Post
from blog.rendering import RenderError
from blog.sentences import translated

_Change = Callable[[Post], str]  # changes a post; what the log says of it, "" if nothing was to do


class CategoryForm(forms.Form):
    """Which category."""

    category = forms.ModelChoiceField(
        Category.objects.all(), required=False, label=gettext_lazy("Category"), empty_label=gettext_lazy("none")
    )


class NewTagsForm(forms.Form):
    """Which tags to add."""

    tags = forms.CharField(label=gettext_lazy("Tags"), help_text=gettext_lazy("Commas between them."), max_length=500)

    def clean_tags(self) -> list[str]:
        """Names of tags, at least one, none too long."""
        names: list[str] = parse_tags(self.cleaned_data["tags"])
        if not names or any(len(name) > 100 for name in names):
            raise forms.ValidationError(_("Write one or more tags of at most 100 characters."))
        return names


class OldTagForm(forms.Form):
    """Which tag to remove: one that the posts have."""

    tag = forms.ModelChoiceField(Tag.objects.all(), label=gettext_lazy("Tag"), empty_label=None)

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tag"]
        field.queryset = Tag.objects.filter(blog_posttag_items__content_object__in=posts).distinct().order_by("name")


class BulkActions(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Publish, unpublish, file and tag. Each post is asked about: what somebody may not change stays as it is."""

    actions = ("publish", "unpublish", "set_category", "add_tags", "remove_tag")

    @admin.action(description=gettext_lazy("Publish now"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        """Drafts and scheduled posts; those with a date in the past keep it."""

        def change(post: Post) -> str:
            if post.is_public:
                return ""
            if undecided(post.body):
                raise ValidationError(_("The text still has both versions of a merge. Choose, save, and come back."))
            if post.publish_at is None or post.publish_at > timezone.now():
                post.publish_at = timezone.now()
            post.status = Post.Status.PUBLISHED
            post.save()
            return _("Published")

        self._change_all(request, queryset, change)

    @admin.action(description=gettext_lazy("Back to draft"), permissions=["publish"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        """Readers see them no longer."""

        def change(post: Post) -> str:
            if post.status == Post.Status.DRAFT:
                return ""
            post.status = Post.Status.DRAFT
            post.save()
            return _("Back to draft")

        self._change_all(request, queryset, change)

    @admin.action(description=gettext_lazy("Set the category…"), permissions=["change"])
    def set_category(self, request: HttpRequest, queryset: QuerySet[Post]) -> HttpResponse | None:
        """Ask which, then file them there."""
        form = CategoryForm(request.POST if "_apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, "set_category", _("Set the category"))
        chosen: Category | None = form.cleaned_data["category"]

        def change(post: Post) -> str:
            if post.category_id == (chosen.pk if chosen else None):
                return ""
            post.category = chosen
            post.save()
            return _("Category: %(name)s") % {"name": chosen or "—"}

        self._change_all(request, queryset, change)
        return None

    @admin.action(description=gettext_lazy("Add tags…"), permissions=["change"])
    def add_tags(self, request: HttpRequest, queryset: QuerySet[Post]) -> HttpResponse | None:
        """Ask which, then add them."""
        form = NewTagsForm(request.POST if "_apply" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, "add_tags", _("Add tags"))
        names: list[str] = form.cleaned_data["tags"]

        def change(post: Post) -> str:
            have = {name.casefold() for name in post.tags.names()}
            new = [name for name in names if name.casefold() not in have]
            post.tags.add(*new)
            return _("Tags added: %(names)s") % {"names": ", ".join(new)} if new else ""

        self._change_all(request, queryset, change)
        return None

    @admin.action(description=gettext_lazy("Remove a tag…"), permissions=["change"])
    def remove_tag(self, request: HttpRequest, queryset: QuerySet[Post]) -> HttpResponse | None:
        """Ask which, then take it off."""
        form = OldTagForm(request.POST if "_apply" in request.POST else None, posts=queryset.order_by())
        if not form.is_valid():
            return self._ask(request, queryset, form, "remove_tag", _("Remove a tag"))
        tag: Tag = form.cleaned_data["tag"]

        def change(post: Post) -> str:
            if tag not in post.tags.all():
                return ""
            post.tags.remove(tag)
            return _("Tag removed: %(name)s") % {"name": tag.name}

        self._change_all(request, queryset, change)
        return None

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Post], form: forms.Form, action: str, title: str
    ) -> HttpResponse:
        """The page between choosing an action and doing it."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "form": form,
            "action": action,
            "posts": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/blog/post/bulk.html", context)

    def _change_all(self, request: HttpRequest, queryset: QuerySet[Post], change: _Change) -> None:
        """Change those that may be changed, note each in the log, and say how it went."""
        done, refused = 0, []
        for post in queryset:
            if not people.may_edit(request.user, post):
                refused.append(post.title)
                continue
            try:
                message = change(post)
            except RenderError as error:
                refused.append(f"{post.title} ({translated(str(error))})")
                continue
            except ValidationError as error:
                refused.append(f"{post.title} ({error.message})")
                continue
            if message:
                desk.log(request, post, message)
                done += 1
        text = ngettext("%(count)d post was changed.", "%(count)d posts were changed.", done) % {"count": done}
        self.message_user(request, text, messages.SUCCESS if done else messages.INFO)
        if refused:
            text = _("Left as they were: %(titles)s") % {"titles": ", ".join(refused)}
            self.message_user(request, text, messages.WARNING)
