"""What each person may do in the list and the form of posts; the rules themselves are in `blog.people`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from blog import people
from blog.admin import desk
from blog.models import Post

# What somebody who can't publish doesn't decide.
_EDITORS_FIELDS = ("publish_at", "pinned", "author", "updated_at")


class PostRules(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Authors see their own posts, change and delete their own drafts, and submit them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Nobody finds what they may not see."""
        return people.visible_posts(request.user, super().get_queryset(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Post | None:
        """The post, knowing who looks at it."""
        post: Post | None = super().get_object(request, object_id, from_field)
        if post is not None:
            post.viewer = request.user  # type: ignore[attr-defined]
        return post

    def has_view_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Own posts, or all."""
        return super().has_view_permission(request, obj) and (obj is None or people.may_see(request.user, obj))

    def has_change_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Own drafts, or all."""
        return super().has_change_permission(request, obj) and (obj is None or people.may_edit(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Post | None = None) -> bool:
        """Own drafts, or all."""
        return super().has_delete_permission(request, obj) and (obj is None or people.may_delete(request.user, obj))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """For actions."""
        return people.may_publish(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """An author sees what an editor decides."""
        fields = super().get_readonly_fields(request, obj)
        return fields if people.may_publish(request.user) else (*fields, *_EDITORS_FIELDS)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Somebody with a name signs what they write; others leave it to the site's author."""
        user: Any = request.user
        signed: dict[str, Any] = {"author": user.pk} if user.get_full_name() else {}
        return {**signed, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """Save; submit, give back or hide if that button was pressed."""
        if not change:
            desk.claim(request, obj)
        if _hides(request):
            obj.status = Post.Status.DRAFT
        if obj.status == Post.Status.DRAFT and "_submit" in request.POST:
            obj.submitted_at = timezone.now()
        if "_withdraw" in request.POST:
            obj.submitted_at = None
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The log says also that a post was submitted or hidden, or is no longer submitted."""
        super().save_related(request, form, formsets, change)
        if _hides(request):
            desk.log(request, form.instance, _("Back to draft"))
        if "_submit" in request.POST:
            desk.log(request, form.instance, _("Submitted to the editors"))
        if "_withdraw" in request.POST:
            desk.log(request, form.instance, _("No longer submitted"))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Prompts and the like belong to their post: whoever may delete it needs no leave for them."""
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        own = str(Post._meta.verbose_name)
        return found, counts, {name for name in map(str, needed) if name == own}, protected


def _hides(request: HttpRequest) -> bool:
    return "_to_draft" in request.POST and people.may_publish(request.user)
