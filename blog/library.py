"""Where pictures are used: in texts, as covers, as posters; now, in what is being written, or in earlier versions.

What texts name is derived when they are saved, as `Mention` rows; so nothing here reads a text of a post.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple, TypeAlias

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from blog.models import Category, Embed, Image, Mention, Page, Post, Profile, Revision, SiteSettings
from blog.rendering import Rendered, front_matter
from blog.rendering.front_matter import FrontMatterError
from blog.rendering.named import files_named

Text: TypeAlias = Post | Page | Profile | Revision

NOW, WRITING, EARLIER = "now", "writing", "earlier"


class Use(NamedTuple):
    """What shows a picture: the name of a model, a key and what it is called."""

    kind: str
    pk: int
    title: str
    when: str = NOW


def note_text(text: Post | Page | Profile, result: Rendered) -> None:
    """Keep which files a text names that was just rendered."""
    options = " ".join(f'="{value}"' for embed in result.embeds for value in embed.options.values())
    variables = text.variables if isinstance(text, Post) else None
    names = files_named(f"{text.body}\n{result.html}\n{options}", settings.MEDIA_URL, variables)
    _note(text, names | {path[1:501] for path in result.files})


def note_save(revision: Revision, post: Post) -> None:
    """A save names what its post names, and its cover."""
    _note(revision, {*post.mentions.values_list("name", flat=True), *_cover(revision)})


def note_copy(revision: Revision) -> None:
    """A working copy is not rendered: what it may mean counts."""
    try:
        variables, _rest = front_matter.load(str(revision.value("variables")).replace("\r\n", "\n"))
    except FrontMatterError:
        variables = {}
    names = files_named(str(revision.value("body")), settings.MEDIA_URL, variables)
    _note(revision, {*names, *_cover(revision)})


def _cover(revision: Revision) -> list[str]:
    """The file of its cover, which a save and a form call by different names."""
    key = str(revision.value("image_id") or revision.value("image"))
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return []
    return [name for name in Image.objects.filter(pk=int(key)).values_list("file", flat=True) if name]


def _note(text: Text, names: set[str]) -> None:
    """Only what has changed is written: most saves change no picture."""
    rows = text.mentions
    have = set(rows.values_list("name", flat=True))
    if gone := have - names:
        rows.filter(name__in=gone).delete()
    field = text._meta.model_name
    new = [Mention(name=name, **{f"{field}_id": text.pk}) for name in sorted(names - have)]
    Mention.objects.bulk_create(new, ignore_conflicts=True)


def is_used() -> Q:
    """For pictures that something shows, or that somebody is just writing about."""
    named = _plain_names()
    texts = Mention.objects.filter(Q(revision=None) | Q(revision__kind=Revision.Kind.COPY))
    return (
        _mentioned(texts)
        | Q(Exists(Post.objects.filter(image=OuterRef("pk"))))
        | Q(Exists(Embed.objects.filter(poster=OuterRef("pk"))))
        | Q(Exists(Profile.objects.filter(picture=OuterRef("pk"))))
        | Q(file__in=named)
        | Q(path__in=[f"/{name}" for name in named])
    )


def was_used() -> Q:
    """For pictures that earlier versions of posts show."""
    return _mentioned(Mention.objects.filter(revision__kind=Revision.Kind.SAVE))


def _mentioned(rows: QuerySet[Mention]) -> Q:
    by_file, by_path = rows.filter(name=OuterRef("file")), rows.filter(name=Substr(OuterRef("path"), 2))
    return Q(Exists(by_file)) | Q(Exists(by_path))


def uses_of(images: Iterable[Image]) -> dict[int, list[Use]]:
    """Where each of these pictures is used, what is used now first. As many queries, however many pictures."""
    images = list(images)
    keys = [image.pk for image in images]
    owners: defaultdict[str, list[int]] = defaultdict(list)  # a file and an old path may be those of two rows
    for image in images:
        for name in {image.file.name or "", (image.path or "").lstrip("/")} - {""}:
            owners[name].append(image.pk)
    found: defaultdict[int, dict[tuple[str, int], Use]] = defaultdict(dict)  # each place once
    shown = chain(_as_files(keys), ((pk, use) for name, use in _in_texts(list(owners)) for pk in owners[name]))
    for pk, use in sorted(shown, key=lambda row: (NOW, WRITING, EARLIER).index(row[1].when)):
        found[pk].setdefault((use.kind, use.pk), use)
    return {pk: list(rows.values()) for pk, rows in found.items()}


def _in_texts(names: list[str]) -> Iterable[tuple[str, Use]]:
    rows = Mention.objects.filter(name__in=names)
    for kind in ("post", "page"):
        for name, pk, title in rows.exclude(**{kind: None}).values_list("name", kind, f"{kind}__title"):
            yield name, Use(kind, pk, title)
    for row in rows.exclude(profile=None).select_related("profile__user"):
        if row.profile:
            yield row.name, Use("profile", row.profile.pk, str(row.profile))
    columns = ("name", "revision__post", "revision__post__title", "revision__kind")
    for name, pk, title, kind in rows.exclude(revision=None).order_by().values_list(*columns).distinct():
        yield name, Use("post", pk, title, WRITING if kind == Revision.Kind.COPY else EARLIER)
    for name, use in _in_plain_texts():
        if name in names:
            yield name, use


def _as_files(keys: list[int]) -> Iterable[tuple[int, Use]]:
    for pk, title, image in Post.objects.filter(image__in=keys).values_list("pk", "title", "image"):
        yield image or 0, Use("post", pk, title)
    for embed in Embed.objects.filter(poster__in=keys).defer("details"):
        yield embed.poster_id or 0, Use("embed", embed.pk, str(embed))
    for profile in Profile.objects.filter(picture__in=keys).select_related("user"):
        yield profile.picture_id or 0, Use("profile", profile.pk, str(profile))


def _plain_names() -> list[str]:
    return sorted({name for name, _use in _in_plain_texts()})


def _in_plain_texts() -> Iterable[tuple[str, Use]]:
    """Lines about categories and the site: few and short, and hardly ever with an address in them."""
    root = settings.MEDIA_URL
    rows: list[tuple[Model, str]] = [
        (row, row.description) for row in Category.objects.filter(description__contains=root)
    ]
    rows += [(site, f"{site.description}\n{site.licence}") for site in SiteSettings.objects.all()]
    for row, text in rows:
        for name in files_named(text, root) if root in text else ():
            yield name, Use(str(row._meta.model_name), row.pk, str(row))
