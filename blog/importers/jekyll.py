"""Reading Jekyll posts, as the Chirpy theme's authors write them: files → plain dataclasses. No database.

https://jekyllrb.com/docs/posts/ and https://jekyllrb.com/docs/front-matter/
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from blog.models.slug import jekyll_slug
from blog.rendering import front_matter
from blog.rendering.front_matter import OWN_KEYS, FrontMatterError
from blog.rendering.text import guess_lang

_NAME = re.compile(r"(\d{2,4}-\d{1,2}-\d{1,2})-(.+)")
_SUFFIXES = (".md", ".markdown")
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?[ ]*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)


class ImportProblem(Exception):
    """A file that can't be imported, with the line to look at."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True, slots=True)
class Site:
    """What the posts of one Jekyll site share."""

    root: Path
    zone: tzinfo
    lang: str
    authors: dict[str, str] = field(default_factory=dict)  # id → name, from _data/authors.yml
    url: str = ""  # where it was on the web: `url` and `baseurl` of _config.yml


@dataclass(frozen=True, slots=True)
class JekyllPost:
    """One post, read and checked."""

    path: Path
    digest: str  # SHA-256 of the file
    slug: str
    title: str
    body: str
    publish_at: datetime | None
    updated_at: datetime | None
    draft: bool
    categories: list[str]
    tags: list[str]
    description: str
    pinned: bool
    lang: str
    author: str
    image: str
    image_alt: str
    series: str
    series_part: int | None
    variables: dict[str, object]
    notes: list[str]  # what was mended on the way


@dataclass(frozen=True, slots=True)
class JekyllTab:
    """A page of Chirpy's `_tabs` that has a text of its own (About)."""

    path: Path
    slug: str
    title: str
    body: str
    order: int


def find_posts(path: Path) -> list[Path]:
    """The posts in a file, a `_posts` folder or a site, by name; `_drafts` of a site too.

    In a folder that has no `_posts`, files whose names begin with a date are posts.
    """
    if path.is_file():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())
    files = [file for file in files if file.name[0] not in ".#~"]  # left by editors and systems; Jekyll skips them too
    # Jekyll looks into no folder that begins with "_" but its own.
    placed = [file for file in files if {"_posts", "_drafts"} & {*file.parts} and "_site" not in file.parts]
    return placed or [file for file in files if _NAME.match(file.stem)]


def find_tabs(path: Path) -> list[Path]:
    """Chirpy's tabs, if `path` is a whole site."""
    folder = path / "_tabs"
    return sorted(file for file in folder.glob("*") if file.suffix.lower() in _SUFFIXES) if folder.is_dir() else []


def read_site(path: Path, *, zone: tzinfo, lang: str) -> Site:
    """The site that `path` belongs to; `zone` and `lang` hold where its _config.yml says nothing."""
    folder = (path if path.is_dir() else path.parent).resolve()
    root = next((p for p in (folder, *folder.parents) if (p / "_config.yml").is_file()), None)
    if root is None:
        posts = next((p for p in (folder, *folder.parents) if p.name == "_posts"), None)
        root = posts.parent if posts else folder
    config = _yaml_file(root / "_config.yml")
    authors = _yaml_file(root / "_data" / "authors.yml")
    names = {str(key): str(value.get("name", key)) for key, value in authors.items() if isinstance(value, dict)}
    zone = _zone(config.get("timezone")) or zone
    return Site(root, zone, str(config.get("lang") or lang)[:2].lower(), names, _web_address(config))


def _web_address(config: dict[str, Any]) -> str:
    """What Jekyll puts before each path, as Chirpy's feed does for the ids of entries; "" if that is no web address."""
    url = (str(config.get("url") or "").rstrip("/") + str(config.get("baseurl") or "")).rstrip("/")
    public = re.fullmatch(r"https?://(?!localhost|127\.|0\.0\.0\.0)[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?", url)
    return url if public else ""


def read_post(path: Path, site: Site) -> JekyllPost:
    """Read one post. Raises ImportProblem."""
    raw = _read(path)
    text, notes = _decode(path, raw)
    values, lines, body = _front_matter(path, text)
    name = _NAME.fullmatch(unicodedata.normalize("NFC", path.stem))
    draft = values.get("published") is False or "_drafts" in path.resolve().parts
    if name is None and values.get("date") is None and not draft:
        raise ImportProblem(path, 1, "neither the file's name nor the front matter has a date (2024-02-19-title.md).")
    publish_at: datetime | None = None
    if values.get("date") is not None:
        publish_at = _date(path, lines.get("date", 2), values["date"], site.zone)
    elif name:
        publish_at = _date(path, 1, name[1], site.zone)
    stem = name[2] if name else unicodedata.normalize("NFC", path.stem)
    slug = jekyll_slug(str(values.get("slug") or stem))
    if not slug:
        raise ImportProblem(path, 1, "the file's name gives no slug: write letters or digits after the date.")
    modified = values.get("last_modified_at")
    image = values.get("image")
    return JekyllPost(
        path=path,
        digest=hashlib.sha256(raw).hexdigest(),
        slug=slug,
        title=_line(values.get("title")) or stem.replace("-", " "),
        body=body,
        publish_at=publish_at,
        updated_at=_date(path, lines.get("last_modified_at", 2), modified, site.zone) if modified else None,
        draft=draft,
        categories=_names(values.get("categories"), values.get("category")),
        tags=_names(values.get("tags"), values.get("tag")),
        description=_line(values.get("description")),
        pinned=values.get("pin") is True,
        lang=str(values.get("lang") or _lang(body, site))[:20],
        author=_first(values.get("author") or values.get("authors")),
        image=_line(image.get("path") if isinstance(image, dict) else image),
        image_alt=_line(image.get("alt")) if isinstance(image, dict) else "",
        series=_line(values.get("series")),
        series_part=_part(values.get("series_part")),
        variables={key: value for key, value in values.items() if key not in OWN_KEYS},
        notes=notes,
    )


def read_tab(path: Path) -> JekyllTab | None:
    """Read one tab; None if it is only a place for one of Chirpy's own lists. Raises ImportProblem."""
    text, _ = _decode(path, _read(path))
    values, _, body = _front_matter(path, text)
    prose = re.sub(r"^> Add Markdown syntax content.*\n(?:\{:.*\}\n?)?", "", body.strip(), flags=re.MULTILINE)
    if not prose.strip():
        return None
    title = _line(values.get("title")) or path.stem.replace("-", " ").title()
    order = values.get("order")
    return JekyllTab(path, jekyll_slug(path.stem), title, body, order if isinstance(order, int) else 0)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportProblem(path, 1, f"it can't be read: {error.strerror}.") from None


def _decode(path: Path, raw: bytes) -> tuple[str, list[str]]:
    notes = []
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        notes.append(f"{path}:1: note: a byte order mark was left out.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ImportProblem(path, line, "this isn't UTF-8. Save the file as UTF-8.") from None
    if "\r" in text:
        notes.append(f"{path}:1: note: Windows line ends were changed to plain ones.")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        notes.append(f"{path}:1: note: zero characters were left out.")
        text = text.replace("\x00", "")
    return text, notes


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any], dict[str, int], str]:
    """(values, the line of each key, the text below)."""
    if not re.match(r"---[ \t]*\n", text):
        raise ImportProblem(path, 1, "there is no front matter: the first line must be ---.")
    start = text.index("\n") + 1
    end = _END.search(text, start)
    if end is None:
        raise ImportProblem(path, 1, "the front matter doesn't end: a line --- is missing.")
    try:
        values, lines = front_matter.load(text[start : end.start()])
    except FrontMatterError as error:
        raise ImportProblem(path, error.line + 1, f"the front matter can't be used: {error}.") from None
    return values, {key: line + 1 for key, line in lines.items()}, text[end.end() :].lstrip("\n")


def _date(path: Path, line: int, value: object, zone: tzinfo) -> datetime:
    match = _DATE.fullmatch(str(value).strip())
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_offset(match[7]) or zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ImportProblem(path, line, f"{str(value)!r} is no date: write 2024-02-19 17:00:00 +0900.") from None


def _offset(value: str | None) -> tzinfo | None:
    if value is None:
        return None
    if value in ("Z", "UTC", "GMT"):
        return UTC
    minutes = int(value[1:3]) * 60 + int(value[-2:])
    return timezone(timedelta(minutes=-minutes if value[0] == "-" else minutes))


def _names(plural: object, singular: object) -> list[str]:
    """Categories or tags: a list, or a string that Jekyll splits at spaces (here at commas, if it has any)."""
    if not isinstance(plural, list) and plural:
        found = _line(plural).split("," if "," in str(plural) else None)
    else:
        chosen = plural or singular
        found = [_line(item) for item in (chosen if isinstance(chosen, list) else [chosen])]
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def _lang(body: str, site: Site) -> str:
    """The language of a post that doesn't say: the script tells, but for those that share the Latin one."""
    prose = re.sub(r"^(```|~~~).*?^\1", "", body, flags=re.MULTILINE | re.DOTALL)
    guessed = guess_lang(prose) if prose.strip() else site.lang
    return site.lang if guessed == "en" and site.lang not in ("ko", "ja", "zh") else guessed


def _first(value: object) -> str:
    """An author's name or id: the value, the first of a list, or the name in a mapping."""
    if isinstance(value, list):
        value = value[0] if value else None
    return _line(value.get("name") if isinstance(value, dict) else value)


def _part(value: object) -> int | None:
    """A place in a series, if it is one."""
    text = _line(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _line(value: object) -> str:
    return " ".join(str(value).split()) if value is not None and value is not False else ""


def _yaml_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return front_matter.load(path.read_text(encoding="utf-8-sig"))[0]
    except FrontMatterError as error:
        raise ImportProblem(path, error.line, f"{error}.") from None
    except UnicodeDecodeError:
        raise ImportProblem(path, 1, "this isn't UTF-8. Save the file as UTF-8.") from None


def _zone(name: object) -> tzinfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "Asia" is a folder
        return None
