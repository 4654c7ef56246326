"""A post as its author wrote it: a Markdown file with front matter, which `manage.py import_jekyll` reads again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from blog.models import Image, Post
from blog.rendering.front_matter import OWN_KEYS, dump


def written(post: Post) -> str:
    """The file. What Jekyll has no key for (series, default model, translations) isn't in it."""
    return f"---\n{dump(_values(post))}---\n\n{post.body}"


def _values(post: Post) -> dict[str, Any]:
    values: dict[str, Any] = {
        "title": post.title,
        "slug": post.slug,
        "date": _moment(post.publish_at),
        "last_modified_at": _moment(post.updated_at),
        "categories": post.category.names if post.category else None,
        "tags": sorted(tag.name for tag in post.tags.all()) or None,
        "description": post.summary or None,
        "pin": post.pinned or None,
        "lang": post.lang,
        "author": post.byline or None,
        **{key: value for key, value in post.variables.items() if key not in OWN_KEYS},
    }
    if post.image and not _names(post.variables.get("image"), post.image):
        values["image"] = _cover(post.image)
    return {key: value for key, value in values.items() if value is not None or key in post.variables}


def _moment(at: Any) -> str | None:
    """On the site's clock, with its offset, as Jekyll writes it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S %z}" if at else None


def _names(value: Any, image: Image) -> bool:
    """Whether an `image:` of the author's own is this picture; its path may count from `img_path`."""
    path = str(value.get("path") if isinstance(value, dict) else value or "").lstrip("./")
    return bool(path) and (image.path or "").endswith(path)


def _cover(image: Image) -> dict[str, str] | str:
    path = image.path or image.file.url
    return {"path": path, "alt": image.alt} if image.alt else path
