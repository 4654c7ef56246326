"""Putting what an importer has read into the database. Doing it twice changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.text import slugify

from blog import publishing
from blog.importers.files import FileCopier
from blog.importers.jekyll import ImportProblem, JekyllPost, JekyllTab, Site
from blog.models import Category, Image, Page, Post, Redirect, Series
from blog.models.slug import free_slug
from blog.rendering import RenderError
from blog.rendering.pipeline import site_path
from blog.rendering.sanitize import is_remote

Outcome = Literal["added", "changed", "unchanged"]


@dataclass
class Store:
    """Where one import puts what it reads. It knows what is here already, so that it needn't ask for each post."""

    site: Site
    note: Callable[[str], None]
    dry_run: bool = False
    _categories: dict[tuple[str, ...], Category | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        imported = Post.objects.exclude(source_path="").values_list("source_path", "pk")
        self._by_file: dict[str, int] = dict(imported)
        self._by_slug: dict[str, int] = dict(Post.objects.values_list("slug", "pk"))
        moved = Redirect.objects.filter(kind=Redirect.Kind.POST, post_id__in=self._by_file.values())
        self._moved: dict[str, int] = dict(moved.values_list("old", "post_id"))

    def post(self, source: JekyllPost) -> Outcome:
        """Add or change one post with its categories, tags and pictures: all of it or nothing.

        What was edited here since the last import is never overwritten. Raises ImportProblem.
        """
        try:
            with _undoing_files() as written, transaction.atomic():
                post, outcome = self._store(source, written)
                transaction.set_rollback(self.dry_run)
        except IntegrityError as error:
            raise ImportProblem(source.path, 1, f"the database refuses it: {error}") from None
        if self.dry_run:
            self._categories.clear()  # they are gone again
        else:
            self._by_file[post.source_path] = self._by_slug[post.slug] = post.pk
        return outcome

    def _store(self, source: JekyllPost, written: list[str]) -> tuple[Post, Outcome]:
        if too_long := next((tag for tag in source.tags if len(tag) > 100), None):
            raise ImportProblem(source.path, 2, f"the tag {too_long[:40]}… is longer than 100 characters.")
        copy = FileCopier(source.path, self.site, self.note, written, self.dry_run)
        post = self._known(source) or Post()
        new = post._state.adding
        if not new and not post.source_path:
            raise ImportProblem(
                source.path, 1, f"there is a post /posts/{source.slug}/ that was written here. Rename one."
            )
        if post.source_digest == source.digest:
            cover = _store_files(post, source, copy)
            if cover and post.image is None:  # it was missing until now; that is no edit
                _add_cover(post, cover)
            return post, "unchanged"
        if not new and post.version != post.source_version:
            raise ImportProblem(
                source.path,
                1,
                f"both this file and /posts/{post.slug}/ have changed since the import. Merge them here.",
            )
        self._fill(post, source)
        post.image = _store_files(post, source, copy)
        _validate(post, source.path)
        post.save(tags=source.tags)
        Post.objects.filter(pk=post.pk).update(source_version=F("version"))
        return post, "added" if new else "changed"

    def _known(self, source: JekyllPost) -> Post | None:
        """The post that came of this file, whatever its address is here by now; else the one at the file's address."""
        keys = (self._by_file.get(_source_path(source, self.site)), self._by_slug.get(source.slug))
        key = next(filter(None, (*keys, self._moved.get(source.slug))), None)
        return Post.objects.filter(pk=key).first() if key else None

    def _fill(self, post: Post, source: JekyllPost) -> None:
        post.title, post.slug, post.body, post.summary = source.title, source.slug, source.body, source.description
        post.status = Post.Status.DRAFT if source.draft else Post.Status.PUBLISHED
        post.publish_at, post.pinned, post.lang = source.publish_at, source.pinned, source.lang
        if source.updated_at:
            post.updated_at = source.updated_at
        post.variables = source.variables
        post.category = self._category(source.categories)
        post.series = _series(source.series[:200], source.lang) if source.series else None
        post.series_part = source.series_part if source.series else None
        post.author_id = _author(source.author, self.site) if source.author else None
        post.source_path = _source_path(source, self.site)
        post.source_digest = source.digest
        if post._state.adding and self.site.url and not source.draft:
            post.feed_id = self.site.url + post.get_absolute_url()

    def _category(self, names: list[str]) -> Category | None:
        """The leaf of a path of categories, made where it is missing."""
        path = tuple(name[:100] for name in names)
        if path not in self._categories:
            leaf: Category | None = None
            for name in path:
                leaf = _child(leaf, name)
            self._categories[path] = leaf
        return self._categories[path]

    def tab(self, tab: JekyllTab) -> Outcome:
        """Add a page with its pictures, unless there is one at its address. Raises ImportProblem."""
        if Page.objects.filter(slug=tab.slug).exists():
            return "unchanged"
        page = Page(title=tab.title[:200], slug=tab.slug, body=tab.body, lang=self.site.lang, menu_order=tab.order)
        with _undoing_files() as written, transaction.atomic():
            copy = FileCopier(tab.path, self.site, self.note, written, self.dry_run)
            for path in _shown(page, tab.path):
                copy(path)
            _validate(page, tab.path)
            page.save()
            transaction.set_rollback(self.dry_run)
        return "added"


def _add_cover(post: Post, cover: Image) -> None:
    """Give a post the cover that wasn't there when it came. Its version is the file's still, unless it was edited."""
    edited = post.version != post.source_version
    post.image = cover
    post.save(update_fields=["image"])
    if not edited:
        Post.objects.filter(pk=post.pk).update(source_version=F("version"))


def _source_path(source: JekyllPost, site: Site) -> str:
    path = source.path.resolve()
    return str(path.relative_to(site.root) if path.is_relative_to(site.root) else path.name)


def _store_files(post: Post, source: JekyllPost, copy: FileCopier) -> Image | None:
    """Copy the files of the text that aren't here yet, and the cover, which is returned.

    Also for an unchanged text: a picture may have been missing the last time.
    """
    for path in _shown(post, source.path):
        copy(path)
    if not source.image:
        return None
    prefix = str(post.variables.get("media_subpath") or post.variables.get("img_path") or "")
    if is_remote(source.image) or is_remote(prefix):
        address = source.image if is_remote(source.image) else f"{prefix.rstrip('/')}/{source.image}"
        copy.note(f"{source.path}:1: note: the cover {address} is on another host; upload it to show it.")
        return None
    cover = site_path(source.image, prefix)
    if cover.startswith(settings.MEDIA_URL):  # the post was written here
        return Image.objects.filter(file=cover.removeprefix(settings.MEDIA_URL)).first()
    copy(cover, source.image_alt)
    return Image.objects.filter(path=cover).first()


def _shown(text: Post | Page, path: Path) -> tuple[str, ...]:
    """Paths of the files that a text shows. Raises ImportProblem if it can't be rendered."""
    try:
        return publishing.rendered(text).files
    except RenderError as error:
        raise ImportProblem(path, 1, str(error)) from None


def _series(title: str, lang: str) -> Series:
    """The series of that title; a new one if there is none."""
    found = Series.objects.filter(title=title).order_by("pk").first()
    return found or Series.objects.create(title=title, slug=free_slug(Series, title, "series"), lang=lang)


def _child(parent: Category | None, name: str) -> Category:
    """The category of that name there. "C++" and "C#" give one slug: the second gets a number."""
    slug = wanted = slugify(name, allow_unicode=True)[:90] or "category"
    number = 1
    while found := Category.objects.filter(slug=slug, parent=parent).first():
        renamed = slugify(found.name, allow_unicode=True) != wanted  # here, since the import: it is still the one
        if renamed or _spelling(found.name) == _spelling(name):
            return found
        number += 1
        slug = f"{wanted}-{number}"
    category = Category(name=name, slug=slug, parent=parent)
    category.save()
    return category


def _spelling(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).casefold()


def _author(name: str, site: Site) -> int:
    """The user of that name, or the only one who signs so; a new one can't log in without being given a password."""
    users = get_user_model().objects
    username = get_user_model().normalize_username(name)[:150]
    user = users.filter(username=username).first()
    if user is None and len(signing := [one for one in users.all() if one.get_full_name() == name]) == 1:
        user = signing[0]
    if user is None:
        user = users.create_user(username, first_name=site.authors.get(name, name)[:150], is_active=False)
    return int(user.pk)


def _validate(text: Post | Page, path: Path) -> None:
    try:
        # What the columns must be like among each other, the database says itself.
        text.full_clean(exclude=["source_path", "source_digest"], validate_constraints=False)
    except ValidationError as error:
        message = " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise ImportProblem(path, 1, message) from None


@contextmanager
def _undoing_files() -> Iterator[list[str]]:
    """A list for the names of files that are written; if something fails, they are deleted again."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
