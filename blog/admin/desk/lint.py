"""What an author may not have meant, in words: what `rendering.lint` finds, and what takes the database to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from taggit.models import Tag

from blog import moves
from blog.admin.desk.conflict import undecided
from blog.models import Category, Embed, FailureMode, Generator, Image, Page, Post, Profile, Prompt
from blog.presentation import PlacedEmbed
from blog.rendering import Rendered, lint
from blog.rendering.lint import Problem
from blog.sentences import translated
from blog.views.common import normalized

MOST_LINKS = 50  # of one text that are looked up


def problems(post: Post, result: Rendered, placed: list[PlacedEmbed], site: str) -> list[dict[str, Any]]:
    """Line, kind and words of each. `site` is the site's own address."""
    found = [
        *lint.problems(post.body, result, generator=post.generator_id is not None),
        *_embeds(post, result, placed),
        *_links(post, result, site),
        *_files(post, result),
        *([Problem(line, "merge")] if (line := undecided(post.body)) else []),
        *([Problem(0, "cover")] if post.image and not post.image.alt else []),
    ]
    found.sort(key=lambda problem: (problem.line == 0, problem.line))
    return [{"line": problem.line, "kind": problem.kind, "text": _words(problem)} for problem in found]


def _words(problem: Problem) -> str:
    if problem.kind == "renderer":
        return translated(problem.about)
    if problem.kind == "embed":
        return problem.about
    return _sentences()[problem.kind] % {"about": problem.about}


def _sentences() -> dict[str, str]:
    return {
        "merge": _("Both versions of a merge stand here: choose, and take the marks out."),
        "fence": _("This code block is never closed: %(about)s"),
        "alt": _("A picture without words for those who can't see it: %(about)s"),
        "heading": _("A heading skips a level: %(about)s"),
        "bold": _("These asterisks will be seen, not bold: %(about)s"),
        "underscores": _("These underscores will be seen, not bold; asterisks make it so: %(about)s"),
        "picture": _("A picture without an address: %(about)s"),
        "empty": _("A link without an address: %(about)s"),
        "blank": _("This stays a link: an embed needs a blank line above it. %(about)s"),
        "address": _("This doesn't become an embed: %(about)s"),
        "tag": _("This tag is never closed by %%}: %(about)s"),
        "section": _("The post is there, but nothing in it is called so: %(about)s"),
        "anchor": _("Nothing in this text is called %(about)s"),
        "model": _("A prompt without its model: %(about)s"),
        "link": _("This link leads nowhere: %(about)s"),
        "moved": _("This works, but its address is now %(about)s"),
        "cover": _("The cover has no description for those who can't see it."),
        "hidden": _("Readers can't see where this link leads yet: %(about)s"),
        "file": _("There is no such file: %(about)s"),
    }


def _embeds(post: Post, result: Rendered, placed: list[PlacedEmbed]) -> Iterator[Problem]:
    """Those that readers can't play any more."""
    said = {
        Embed.Status.GONE: _("%(site)s doesn't have this any more: %(title)s"),
        Embed.Status.PROTECTED: _("%(site)s doesn't show this to all any more: %(title)s"),
        Embed.Status.UNREACHABLE: _("%(site)s can't be asked about this at the moment: %(title)s"),
    }
    for line, one in zip(lint.embed_lines(post.body, result.embeds), placed, strict=False):  # rows may be older
        if one.embed.status in said:
            words = said[Embed.Status(one.embed.status)] % {"site": one.site, "title": one.title}
            yield Problem(line, "embed", words)


def _links(post: Post, result: Rendered, site: str) -> Iterator[Problem]:
    """Links to this site that lead nowhere."""
    own = [(link, path) for link in lint.links(post.body, result) if (path := _path(link.address, site, post))]
    for link, path in own[:MOST_LINKS]:
        state, about = _target(path, post)
        if not state and _lacks(path, link.address, post):
            state = "section"
        if state:
            yield Problem(link.line, state, about or unquote(link.address))


def _path(address: str, site: str, post: Post) -> str:
    """The path that an address leads to from the post's own page, "" if that is another site's."""
    try:
        found = urlsplit(urljoin(f"{site}/posts/{post.slug}/", address))
    except ValueError:  # no address at all
        return ""
    own = found.scheme in ("http", "https") and found.netloc == urlsplit(site).netloc
    return normalized(unquote(found.path)) if own else ""


def _lacks(path: str, address: str, post: Post) -> bool:
    """Whether another post is there, but not the section of it that the address names."""
    section = unquote(urlsplit(address).fragment)
    named = re.fullmatch(r"/posts/([^/]+)/?", path)
    if not section or not named or named[1] == post.slug or section == "top" or section.startswith("prompt-"):
        return False
    there = Post.objects.filter(slug=named[1]).first()
    if there is None:  # a file of one
        return False
    ids = {unescape(name) for name in re.findall(r' id="([^"]*)"', there.body_html)}
    return section not in ids | {embed.anchor for embed in there.post_embeds.all()}


def _target(path: str, post: Post) -> tuple[str, str]:
    """What is wrong with it, and what to say of it if not its address.

    "link": nothing is there; "moved": it is elsewhere now; "hidden": readers don't see it yet; "": all is well.
    """
    try:
        match = resolve(path if path.endswith("/") or "." in path.rsplit("/", 1)[-1] else f"{path}/")
    except Resolver404:
        return "link", ""
    named = match.url_name or ""
    if named in ("media", "moved_file"):
        return "" if _has_file(path) else "link", ""
    kind = re.sub(r"_(?:atom|rss|json|txt|md|prompts)$", "", named)  # a feed or file is there if its page is
    rows = _rows().get(kind)
    if rows is None:
        return "", ""
    given = next(value for name, value in match.kwargs.items() if name != "kind")
    if kind == "post" and given == post.slug:
        return "", ""
    column = {"category": "path", "prompt": "public_id"}.get(kind, "slug")
    here = rows.filter(**{column: given})
    if kind == "post" and not here.published().exists():
        return ("hidden", "") if here.exists() else _elsewhere(kind, given)
    return ("", "") if here.exists() else _elsewhere(kind, given)


def _elsewhere(kind: str, old: str) -> tuple[str, str]:
    """A link to an old address still works; its author may like to know the new one."""
    flat = Category.objects.filter(slug=old).first() if kind == "category" else None  # Chirpy's address
    target = flat or moves.found(kind, old)
    return ("moved", unquote(moves.address_of(target))) if target is not None else ("link", "")


def _rows() -> dict[str, Any]:
    """What must be there for an address to lead somewhere, by the names that addresses have."""
    return {
        "post": Post.objects.all(),
        "category": Category.objects.all(),
        "tag": Tag.objects.all(),
        "page": Page.objects.filter(published=True),
        "prompt": Prompt.objects.published(),
        "model": Generator.objects.all(),
        "failure": FailureMode.objects.all(),
        "author": Profile.objects.public(),
    }


def _files(post: Post, result: Rendered) -> Iterator[Problem]:
    for file in lint.files(post.body, result)[:MOST_LINKS]:
        if not _has_file(file.address):
            yield Problem(file.line, "file", file.address)


def _has_file(path: str) -> bool:
    """Whether an upload is at that address, or a picture of the old site had it."""
    name = path.removeprefix(default_storage.url("")).lstrip("/")
    try:
        return default_storage.exists(name) or Image.objects.filter(path=path).exists()
    except SuspiciousFileOperation:
        return False
