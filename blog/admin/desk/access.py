"""Who may do what at the writing desk, and the record of what was done. Every view of the desk asks here."""

from __future__ import annotations

from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest

from blog import people
from blog.models import Post


def may_edit(request: HttpRequest, post: Post) -> bool:
    """Whether this person may change this very post; an unsaved one: whether they may add posts."""
    if post._state.adding:
        return request.user.has_perm("blog.add_post")
    return people.may_edit(request.user, post)


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
