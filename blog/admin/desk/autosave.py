"""Working copies: what somebody is typing, kept on the server every few seconds. No reader ever sees one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from blog import library, publishing
from blog.admin.desk.access import claim, may_edit, refusal
from blog.admin.desk.conflict import FIRST
from blog.diff import shortened, text_diff
from blog.models import Post, Revision
from blog.models.slug import free_slug
from blog.rendering import RenderError

if TYPE_CHECKING:
    from blog.admin.posts import PostAdmin

MOST_COPIES = 20  # of one post by one person; the oldest goes
_BEGUN = "begun"  # of a session: which forms have made which posts
_OUR_OWN = frozenset({"opened_version", "merge_base", "copy"})  # inputs that no author fills in


def urls(admin: PostAdmin) -> list[URLPattern]:
    """Where the form is kept, and where a copy is thrown away."""

    def keep_new(request: HttpRequest) -> HttpResponseBase:
        return _keep(admin, request, None)

    def keep(request: HttpRequest, pk: int) -> HttpResponseBase:
        return _keep(admin, request, get_object_or_404(Post, pk=pk))

    def discard(request: HttpRequest, pk: int, copy: int) -> HttpResponseBase:
        return _discard(admin, request, get_object_or_404(Post, pk=pk), copy)

    wrap = admin.admin_site.admin_view
    return [
        path("autosave/", wrap(keep_new), name="blog_post_autosave_new"),
        path("<int:pk>/autosave/", wrap(keep), name="blog_post_autosave"),
        path("<int:pk>/autosave/<int:copy>/discard/", wrap(discard), name="blog_post_discard"),
    ]


def _keep(admin: PostAdmin, request: HttpRequest, post: Post | None) -> HttpResponseBase:
    """POST keeps the form. GET gives the token that a form needs after its author has logged in again."""
    if not (admin.has_change_permission(request, post) if post else admin.has_add_permission(request)):
        return JsonResponse({"error": refusal(request, post)}, status=403)
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)}, headers={"Cache-Control": "no-store"})
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    with transaction.atomic():
        post = post or begun(request) or _sent_before(request)
        made = post is None
        post = post or _draft(request)
        copy = _store(admin, request, post)
    return JsonResponse(
        {
            "made": made,
            "saved": date_format(timezone.localtime(), "H:i"),
            "copy": handle(copy) if copy else None,
            "version": post.version,
            "form": reverse("admin:blog_post_change", args=[post.pk]),
            "autosave": reverse("admin:blog_post_autosave", args=[post.pk]),
        }
    )


def begun(request: HttpRequest) -> Post | None:
    """The post that this very form has made already, if it can still be changed."""
    pk = _begun(request).get(request.POST.get("page", ""))
    found = Post.objects.filter(pk=pk).first() if pk else None
    return found if found and may_edit(request, found) else None


def note_begun(request: HttpRequest, post: Post) -> None:
    """Remember which form has made it. Belongs into the transaction that makes it."""
    if page := request.POST.get("page", "")[:100]:
        known = [*_begun(request).items(), (page, post.pk)]
        request.session[_BEGUN] = dict(known[-MOST_COPIES:])
        request.session.save()


def _begun(request: HttpRequest) -> dict[str, int]:
    """As it is stored now: what this request has read may be older than the form's other request."""
    stored = type(request.session)(request.session.session_key)
    found: dict[str, int] = stored.get(_BEGUN, {})
    return found


def _sent_before(request: HttpRequest) -> Post | None:
    """The post with these very words that this person has begun, if no session remembers its form any more."""
    user: Any = request.user  # the admin lets nobody else in
    title, body = request.POST.get("title", "").strip(), request.POST.get("body", "").replace("\r\n", "\n").strip()
    if not title or not body:
        return None
    own = Post.objects.filter(title=title, body__in=(body, f"{body}\n"), revisions__number=1, revisions__user=user)
    found = own.order_by("-pk").first()
    return found if found and may_edit(request, found) else None


def _draft(request: HttpRequest) -> Post:
    """The row of a new post: from its first words on it is in the list of drafts, by whom the form says."""
    title = request.POST.get("title", "").strip()[:300] or _("Untitled")
    slug = free_slug(Post, request.POST.get("slug") or title, "draft")
    post = Post(title=title, slug=slug, body=request.POST.get("body", "").replace("\r\n", "\n"))
    post.author = _chosen_author(request)
    claim(request, post)
    try:
        publishing.rendered(post)
    except RenderError:
        post.body = ""  # the working copy has it
    post.save()
    note_begun(request, post)
    return post


def _chosen_author(request: HttpRequest) -> Any:
    """Whom the form names; nobody leaves it to the site's author, as a save does."""
    return get_user_model().objects.filter(pk=_number(request.POST.get("author", ""))).first()


def _store(admin: PostAdmin, request: HttpRequest, post: Post) -> Revision | None:
    """Keep what was sent as a copy: the one it has been in, else a new one. None: it says what is saved already."""
    form = admin.get_form(request, post, change=True)(request.POST, instance=post)
    own, sent = copies_of(request, post), _held(request, post)
    opened = request.POST.get("opened_version", "")
    since = max(FIRST, int(opened)) if opened.isascii() and opened.isdigit() and len(opened) < 9 else post.version
    if not set(form.changed_data) - _OUR_OWN or _was_saved(request, post, since):
        sent.delete()
        return None
    data = {name: request.POST[name] for name in (*_inputs(form), "page") if name in request.POST}
    values: dict[str, Any] = {"data": data, "version": since, "at": timezone.now()}
    copy = sent.first() or Revision(post=post, user_id=request.user.pk, kind=Revision.Kind.COPY)
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save()
    library.note_copy(copy)
    own.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_COPIES:])).delete()
    return copy


def handle(copy: Revision) -> str:
    """What a form calls the copy it is kept in: which, and of when. Two tabs that opened one don't share it."""
    return f"{copy.pk}@{copy.at.isoformat()}"


def _held(request: HttpRequest, post: Post) -> QuerySet[Revision]:
    """The copy that this page keeps its text in; or that it was opened with, if no other page has written there."""
    number, _at, stamp = request.POST.get("copy", "").partition("@")
    own = copies_of(request, post).filter(pk=_number(number))
    kept_here = Q(data__page=page) if (page := request.POST.get("page", "")) else Q(pk=None)
    return own.filter(kept_here | Q(at=_moment(stamp)))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if timezone.is_aware(at) else None


def _was_saved(request: HttpRequest, post: Post, since: int) -> bool:
    """Whether a save after that version has these very words: the form was sent while its copy was under way."""
    sent = _words(request.POST)
    return any(_words(save.data) == sent for save in post.revisions.saves().filter(version__gt=since))


def _words(data: Mapping[str, Any]) -> list[str]:
    """What an author would miss."""
    return [str(data.get(name) or "").replace("\r\n", "\n").strip() for name in ("title", "body", "summary")]


def _inputs(form: forms.BaseForm) -> list[str]:
    """The names of a form's inputs; a date and time are two."""
    found: list[str] = []
    for bound in form:
        widget = bound.field.widget
        names = getattr(widget, "widgets_names", None)
        found += [bound.html_name + suffix for suffix in names] if names else [bound.html_name]
    return found


def copies_of(request: HttpRequest, post: Post) -> QuerySet[Revision]:
    """The requesting person's working copies of a post, the newest first."""
    user: Any = request.user  # the admin lets nobody else in
    return post.revisions.copies().filter(user=user)


def _discard(admin: PostAdmin, request: HttpRequest, post: Post, copy: int) -> HttpResponseBase:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not admin.has_change_permission(request, post):
        raise PermissionDenied
    copies_of(request, post).filter(pk=copy).delete()
    return redirect("admin:blog_post_change", post.pk)


def asked_for(request: HttpRequest, post: Post | None) -> Revision | None:
    """The copy to open the form with: that of `?copy=…`, else the last, unless it began before the last save."""
    if post is None or request.method != "GET":
        return None
    copies = copies_of(request, post)
    if "copy" in request.GET:  # without a number: what is saved
        return copies.filter(pk=_number(request.GET["copy"].partition("@")[0])).first()
    last = copies.first()
    return last if last is not None and last.version == post.version else None


def opened_with(form: type[Any], copy: Revision) -> type[Any]:
    """A form that opens as the copy left it, with all that is wrong in it."""
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in copy.data.items()})
    data["copy"] = handle(copy)

    class Opened(form):  # type: ignore[misc]  # whatever the admin has made of it
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(data, *args, **kwargs)

    return Opened


def settle(request: HttpRequest, post: Post, form: Any) -> None:
    """The form was saved: its copy has done its work, and so have those with the very same words."""
    saved, held = _words(form.data), _held(request, post).first()
    own = copies_of(request, post)
    own.filter(pk__in=[copy.pk for copy in own if copy == held or _words(copy.data) == saved]).delete()


def offers(request: HttpRequest, post: Post, opened: str) -> list[dict[str, Any]]:
    """Copies that are not in the form, which is kept in `opened`; each with what it says otherwise."""
    found = []
    for copy in copies_of(request, post).exclude(pk=_number(opened.partition("@")[0]))[:MOST_COPIES]:
        words = str(copy.value("body")).replace("\r\n", "\n")
        title = str(copy.value("title"))
        other_title = title if title != post.title else ""
        found.append({"copy": copy, "title": other_title, "pieces": shortened(text_diff(post.body, words))})
    return found
