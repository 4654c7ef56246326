"""Who may do what at the writing desk, and the record of what was done. Every view of the desk asks here."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest
from django.utils.translation import gettext as _

from blog import people
from blog.models import Post


def may_edit(request: HttpRequest, post: Post) -> bool:
    """Whether this person may change this very post; an unsaved one: whether they may add posts."""
    if post._state.adding:
        return request.user.has_perm("blog.add_post")
    return people.may_edit(request.user, post)


def refusal(request: HttpRequest, post: Post | None) -> str:
    """Why somebody may not change a post, in words; of posts that they may not see nothing is told."""
    if post is None:
        return _("You may not write posts.")
    if post.status == Post.Status.PUBLISHED and people.may_see(request.user, post):
        return _("An editor has published this post: only editors change it now.")
    return _("You may not change this post.")


def may_publish(request: HttpRequest) -> bool:
    """Whether this person decides what readers see."""
    return people.may_publish(request.user)


def claim(request: HttpRequest, post: Post) -> None:
    """A new post of somebody who can't publish is theirs: else they wouldn't see it again."""
    if not may_publish(request):
        post.author_id = request.user.pk


def log(request: HttpRequest, post: Post, message: str) -> None:
    """Note in the log what somebody did to a post."""
    assert request.user.pk is not None  # the admin lets nobody else in
    LogEntry.objects.log_actions(request.user.pk, [post], CHANGE, message, single_object=True)
