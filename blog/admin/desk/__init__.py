"""The writing desk: what the form of a post can do besides saving. One module per concern, each with `urls(admin)`."""

from types import ModuleType
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from blog.admin.desk import autosave, embed, feed, pictures, preview, publish, revisions, share, slug, upload
from blog.admin.desk.access import claim, log, may_edit, may_publish
from blog.models import Post

MODULES: tuple[ModuleType, ...] = (preview, embed, feed, autosave, publish, revisions, share, slug, upload, pictures)
LAST_REVISIONS = 5


def context(request: HttpRequest, post: Post | None, form: Any) -> dict[str, Any]:
    """What the templates of the form need."""
    held = str(form.data.get("copy", "")) if form.is_bound else ""
    found: dict[str, Any] = {
        "desk": {**publish.context(request, post), **upload.context()},
        "conflict": getattr(form, "conflict", None),
    }
    if post is None:
        return {**found, "autosave_url": reverse("admin:blog_post_autosave_new"), "copies": []}
    return {
        **found,
        "autosave_url": reverse("admin:blog_post_autosave", args=[post.pk]),
        "opened_copy": autosave.asked_for(request, post),
        "copies": autosave.offers(request, post, held),
        "last_revisions": post.revisions.saves().select_related("user")[:LAST_REVISIONS],
    }


__all__ = ["MODULES", "autosave", "claim", "context", "log", "may_edit", "may_publish", "publish"]
