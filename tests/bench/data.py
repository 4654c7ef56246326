"""A large blog: `python -m tests.bench.data 100000` fills the database that is set with so many posts like the seed.

A few hundred are saved as authors save them. The others are copies of their rows, each with words, addresses, tags and
keys of its own, written in bulk: what saving them would have given, in minutes. The same number gives the same blog.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import Any
from unittest import mock

from tests.bench.search import Writer

SAVED = 240  # posts that are saved; the others are copies
BATCH = 500  # copies that are written together
FIRST, YEARS = datetime(2016, 11, 1, 3, tzinfo=UTC), 10
BUSY = datetime(2024, 2, 1, 3, tzinfo=UTC)  # whose month has a page full of posts among a thousand
LATER = datetime(2040, 1, 1, tzinfo=UTC)  # when scheduled posts appear
AUTHORS = ("ada", "bora", "chul", "dana", "eun")
SERIES, PARTS = 12, 12
COMMON_TAGS = (("ai", 96), ("video", 90), ("news", 60))  # of a hundred posts
RARE_TAGS = 600
CATEGORIES = ("AI/Tools", "AI/Research", "영화/장면", "영화/편집", "노트", "노트/작업")  # half are in AI/News
MODELS = ("Sora 1.0", "Sora 2", "Veo 3.1", "Kling 2.1", "Midjourney v6.1", "Runway Gen-4")
FAILURES = ("physics", "object duplication", "hands", "text", "continuity", "lip sync")

_X_EPOCH = 1288834974657  # see blog.embeds.x
_MEDIA = "images/bench"


# --- What one post has and no other ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """Words, tweets and a name of a file, of the same length for each post: a copy has its own in their places."""

    name: str  # in its title and address, and twice in its text
    word: str  # in its text and a caption; a few posts share it, so that there are rare words to find
    english: str  # in two prompts, and in the name of its picture
    tweets: tuple[str, ...]

    @classmethod
    def of(cls, number: int) -> Own:
        """Those of the post with this number."""
        milliseconds = int((_date(number) - timedelta(days=2)).timestamp() * 1000) - _X_EPOCH
        tweets = tuple(str(milliseconds << 22 | number * 6 + i) for i in range(6))
        return cls(_korean(number, 0xB0C0), _korean(number // 7, 0xC7A0), _latin(number), tweets)

    @property
    def values(self) -> tuple[str, ...]:
        """All of it."""
        return self.name, self.word, self.english, *self.tweets


class Exchange:
    """Puts one post's own words in the places of another's."""

    def __init__(self, old: Own, new: Own) -> None:
        self.words = dict(zip(old.values, new.values, strict=True))
        self.pattern = re.compile("|".join(self.words))

    def __call__(self, value: Any) -> Any:
        """In a text, or in data."""
        if isinstance(value, str):
            return self.pattern.sub(lambda found: self.words[found[0]], value)
        return json.loads(self(json.dumps(value, ensure_ascii=False))) if isinstance(value, dict) and value else value


def _korean(number: int, first: int) -> str:
    """Three of the 64 syllables from `first` on."""
    number = number * 7919 % 64**3
    return "".join(chr(first + number // 64**place % 64) for place in range(3))


def _latin(number: int) -> str:
    """Eight letters; a word that ends so is its own stem."""
    syllables = [onset + vowel for onset in "bcdfglmnprtv" for vowel in "aou"]
    number = number * 7919 % 36**4
    return "".join(syllables[number // 36**place % 36] for place in range(4))


def _date(number: int) -> datetime:
    """Posts come in the order of time, but each tenth was written down later; and one month was a busy one."""
    share = (number * 7919 % 100_003) / 100_003 if number % 10 == 9 else number / Plan.count
    first, days = (BUSY, 28.0) if number % 16 == 5 else (FIRST, 365.25 * YEARS)
    return first + timedelta(days=days) * share


# --- What a post is about -------------------------------------------------------------------------------------------


class Plan:
    """Everything about a post that isn't in its text, by its number."""

    count = 1

    def __init__(self, number: int) -> None:
        chance = random.Random(number)
        self.number = number
        self.is_draft = number % 50 == 7
        self.is_scheduled = number in (11, 23, 37, 41, 53)
        at = LATER + timedelta(days=number) if self.is_scheduled else _date(number)
        self.publish_at = None if self.is_draft else at
        self.status = "draft" if self.is_draft else "published"
        self.author = AUTHORS[number % 6] if number % 6 < len(AUTHORS) else None
        self.category = "AI/News" if chance.random() < 0.5 else chance.choice(CATEGORIES)
        self.tags = [name for name, percent in COMMON_TAGS if chance.random() * 100 < percent]
        self.tags += {f"{_tag(int(RARE_TAGS * chance.random() ** 2))}" for _ in range(chance.randint(2, 3))}
        series = number // 2 if number % 2 and number // 2 < SERIES * PARTS else None
        self.series = None if series is None else (series % SERIES, series // SERIES + 1)
        self.noindex = number % 100 == 13
        self.pinned = number in (1, 101)


@cache
def _nouns() -> list[str]:
    return Writer().nouns


def _tag(number: int) -> str:
    return f"{_nouns()[number * 31]}{number}"


def _text(number: int, writer: Writer) -> dict[str, Any]:
    """Title, text and variables: headings, six tweets with captions and prompts, a list, now and then a picture."""
    own, chance = Own.of(number), writer.chance

    def paragraph() -> str:
        return " ".join(writer.sentence() for _ in range(chance.randint(3, 6)))

    parts = ["**👋안녕하세요.**", f"# {writer.sentence()[:24]}", f"{own.name} {paragraph()}"]
    for i in range(6):
        parts += [f"## {writer.sentence()[:20]}"] if i in (0, 3, 5) else []
        parts += [paragraph(), "\n".join(_embed(i, own, writer)), f"{paragraph()} {own.word if i == 2 else ''}"]
    parts.append("\n".join(f"- {writer.sentence()}" for _ in range(4)))
    if number % 10 == 3:
        parts.insert(4, f"![{writer.sentence()[:20]}](/media/{_MEDIA}/{own.english}.png)")
    parts.append(f"{own.name} {paragraph()} [발표](https://openai.com/sora)")
    variables = {"img_path": "/assets/img/", **{f"t_{i}": f"i/status/{tweet}" for i, tweet in enumerate(own.tweets)}}
    title = f"{writer.sentence()[:18].strip()} {own.name} | Sora AI가 보여주는 {writer.sentence()[:8].strip()}"
    summary = writer.sentence() if number % 3 == 0 else ""
    return {"title": title, "body": "\n\n".join(parts), "variables": variables, "summary": summary}


def _embed(i: int, own: Own, writer: Writer) -> Iterator[str]:
    chance = writer.chance
    yield f"{{% include embed/twitter.html id=page.t_{i} %}}"
    yield f"{writer.sentence()[:16].strip()} {own.word if i == 1 else 'walk'}"
    yield f"> Prompt: {writer.prompt()}{f' {own.english}' if i in (0, 4) else ''}."
    if i % 2 == 0:
        yield f"> Model: {MODELS[min(int(chance.expovariate(0.7)), len(MODELS) - 1)]}"
        yield f"> Seed: {chance.randrange(10**6)}"
    if chance.random() < 0.2:
        yield f"> Failure: {FAILURES[min(int(chance.expovariate(0.7)), len(FAILURES) - 1)]}"
    if i == 3 and chance.random() < 0.2:
        yield "> Variant of: t_0"


# --- Saved posts ----------------------------------------------------------------------------------------------------


@dataclass
class Blog:
    """What all posts share, by name."""

    authors: dict[str | None, Any]
    categories: dict[str, Any]
    tags: dict[str, Any]
    series: list[Any]
    media: dict[int, tuple[Any, Any]] = field(default_factory=dict)


def _blog() -> Blog:
    from django.contrib.auth import get_user_model
    from taggit.models import Tag

    from blog.models import Category, Page, Series, SiteSettings

    site = SiteSettings.load()
    site.title, site.tagline, site.author_name = "큰 블로그", "글이 많은 곳", "주인"
    site.save()
    Page(title="소개", slug="about", body="이 블로그에는 글이 많습니다.").save()
    users = get_user_model().objects
    users.create_superuser("root")
    people = {name: users.create_user(name, first_name=name.title(), is_staff=True) for name in AUTHORS}
    categories: dict[str, Category] = {}
    for path in ("AI/News", *CATEGORIES):
        names = path.split("/")
        for end in range(1, len(names) + 1):
            place = "/".join(names[:end])
            if place not in categories:
                parent = categories.get("/".join(names[: end - 1]))
                categories[place] = Category(name=names[end - 1], slug=names[end - 1].lower(), parent=parent)
                categories[place].save()
    names = [*(name for name, _percent in COMMON_TAGS), *map(_tag, range(RARE_TAGS))]
    tags = {name: Tag.objects.create(name=name) for name in names}
    series = [Series.objects.create(title=f"연재 {i}", slug=f"series-{i}") for i in range(SERIES)]
    return Blog({None: None, **people}, categories, tags, series)


def _save(number: int, writer: Writer, blog: Blog) -> Any:
    """A post as an author saves it, in one transaction."""
    from django.db import transaction

    from blog.models import Image, Post
    from blog.models.slug import title_slug

    plan, own = Plan(number), Own.of(number)
    values = _text(number, writer)
    if number % 10 == 3:
        Image.objects.create(**_picture(own.english))
    cover = Image.objects.create(**_picture(f"cover-{own.english}")) if number % 48 == 5 else None
    series, part = plan.series or (None, None)
    post = Post(
        **values,
        slug=title_slug(values["title"])[:150],
        lang="en" if number % 40 == 17 else "ko",
        author=blog.authors[plan.author],
        category=blog.categories[plan.category],
        image=cover,
        status=plan.status,
        publish_at=plan.publish_at,
        pinned=plan.pinned,
        noindex=plan.noindex,
        series=None if series is None else blog.series[series],
        series_part=part,
    )
    with transaction.atomic():
        post.save()
        post.tags.set(plan.tags)
    assert all(own_value in post.body + post.title + str(post.variables) for own_value in own.values)
    return post


def _picture(name: str) -> dict[str, Any]:
    """A picture whose file isn't there: nothing here looks into it."""
    return {"file": f"{_MEDIA}/{name}.png", "width": 1280, "height": 720, "alt": "" if "ba" in name else f"그림 {name}"}


def _fetch_embeds() -> None:
    """What asking X would have brought: words for all, a still for some; a few are gone."""
    from blog.models import Embed

    writer = Writer()
    for embed in Embed.objects.order_by("pk"):
        embed.author_name, embed.author_handle = "OpenAI", "OpenAI"
        embed.text, embed.text_lang = writer.prompt()[:200], "en"
        embed.status = "gone" if embed.pk % 100 == 50 else "live"
        embed.fetched_at = embed.checked_at = embed.status_since = embed.added_at = embed.posted_at
        embed.next_check = LATER
        embed.save()


# --- Copies ---------------------------------------------------------------------------------------------------------


class Rows:
    """Rows of one table, written in bulk as the database's driver does it fastest."""

    def __init__(self, model: Any) -> None:
        from django.db import connection

        self.model, self.connection = model, connection
        self.fields = model._meta.concrete_fields
        self.rows: list[list[Any]] = []
        self.last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def key(self) -> int:
        """The next free one."""
        self.last += 1
        return self.last

    def add(self, like: Any = None, **values: Any) -> None:
        """A row like another one, but for these values."""
        row = []
        for one in self.fields:
            value = values[one.attname] if one.attname in values else getattr(like, one.attname)
            row.append(one.get_db_prep_save(value, self.connection))
        self.rows.append(row)

    def write(self) -> None:
        """Write what was added."""
        table, columns = self.model._meta.db_table, ", ".join(f'"{one.column}"' for one in self.fields)
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in self.rows:
                        copy.write_row(row)
            else:
                places = ", ".join(["%s"] * len(self.fields))
                cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', self.rows)
        self.rows = []


class Original:
    """A saved post, with all rows that it is made of."""

    def __init__(self, post: Any, number: int) -> None:
        from blog.models import Post, PromptEntry

        self.number, self.own = number, Own.of(number)
        self.post = Post.objects.select_related("image", "search_entry").get(pk=post.pk)
        self.embeds = list(self.post.post_embeds.select_related("embed").order_by("position"))
        self.prompts = list(self.post.prompts.prefetch_related("failure_modes").order_by("position"))
        self.entries = PromptEntry.objects.in_bulk([prompt.pk for prompt in self.prompts])
        self.revision = self.post.revisions.get()
        self.mentions = list(self.post.mentions.all())

    @cached_property
    def models(self) -> list[str]:
        """Names of the models that its search entry has, in their order."""
        from blog.models import Generator

        names = dict(Generator.objects.values_list("pk", "name"))
        found = [self.post.generator_id, *(prompt.generator_id for prompt in self.prompts)]
        return list(dict.fromkeys(names[key] for key in found if key))


class Copier:
    """Makes copies, and writes them a batch at a time."""

    def __init__(self, originals: list[Original], blog: Blog) -> None:
        from django.contrib.admin.models import LogEntry
        from django.contrib.contenttypes.models import ContentType
        from django.db import connection

        from blog import models
        from blog.models import Prompt

        self.connection = connection
        self.originals, self.blog = originals, blog
        self.first_key = originals[0].post.pk
        self.chance = random.Random(1)
        self.content_type = ContentType.objects.get_for_model(models.Post)
        names = "Image Embed Post PostTag PostEmbed Prompt PostEntry PromptEntry Listing Revision Mention"
        self.tables = {name: Rows(getattr(models, name)) for name in names.split()}
        self.tables["Failure"] = Rows(Prompt.failure_modes.through)
        self.tables["LogEntry"] = Rows(LogEntry)

    def copy(self, number: int) -> None:
        """The post with this number, like one of the originals."""
        from blog import models

        original, plan = self.originals[number % len(self.originals)], Plan(number)
        new = Exchange(original.own, Own.of(number))
        post, rows = original.post, self.tables
        key = self.first_key + number
        cover = self._image(post.image, new) if post.image else None
        values: dict[str, Any] = {
            name: new(getattr(post, name))
            for name in ("title", "slug", "body", "body_html", "text", "excerpt", "summary", "variables")
        }
        values["slug"] += f"-{number}"
        series, part = plan.series or (None, None)
        author, category = self.blog.authors[plan.author], self.blog.categories[plan.category]
        values |= {
            "author_id": author and author.pk,
            "category_id": category.pk,
            "image_id": cover,
            "status": plan.status,
            "publish_at": plan.publish_at,
            "pinned": plan.pinned,
            "noindex": plan.noindex,
            "series_id": None if series is None else self.blog.series[series].pk,
            "series_part": part,
        }
        rows["Post"].add(post, id=key, **values, feed_id=self._feed_id(values), related=self._related(number))
        for name in sorted(plan.tags):
            rows["PostTag"].add(id=rows["PostTag"].key(), tag_id=self.blog.tags[name].pk, content_object_id=key)
        placed = self._embeds(original, key, new)
        copy = models.Post(pk=key, **values)
        self._prompts(original, copy, plan, placed, new)
        self._entry(original, copy, plan, new)
        self._listings(original, copy, plan)
        self._history(original, key, values, plan, new)

    def _embeds(self, original: Original, post: int, new: Exchange) -> dict[int, int]:
        """Returns the keys of the places, by those of the original's."""
        rows, placed = self.tables, {}
        for place in original.embeds:
            embed, key = place.embed, rows["Embed"].key()
            tweet = new(embed.provider_id)
            posted = datetime.fromtimestamp(((int(tweet) >> 22) + _X_EPOCH) / 1000, UTC)
            moments = dict.fromkeys(("posted_at", "fetched_at", "checked_at", "status_since", "added_at"), posted)
            rows["Embed"].add(embed, id=key, provider_id=tweet, url=new(embed.url), **moments)
            placed[place.pk] = rows["PostEmbed"].key()
            caption = new(place.caption)
            rows["PostEmbed"].add(place, id=placed[place.pk], post_id=post, embed_id=key, caption=caption)
        return placed

    def _prompts(self, original: Original, post: Any, plan: Plan, placed: dict[int, int], new: Exchange) -> None:
        from blog.search import index

        rows = self.tables
        keys = {prompt.pk: rows["Prompt"].key() for prompt in original.prompts}
        for prompt in original.prompts:
            key, entry = keys[prompt.pk], original.entries[prompt.pk]
            variant = keys.get(prompt.variant_of_id)
            written = {**prompt.written, **({"variant_of_id": variant} if "variant_of_id" in prompt.written else {})}
            rows["Prompt"].add(
                prompt,
                id=key,
                public_id=_public_id(self.chance),
                post_id=post.pk,
                post_embed_id=placed[prompt.post_embed_id],
                text=new(prompt.text),
                variant_of_id=variant,
                written=written,
            )
            tags = [index.filed(index.Kind.PROMPTS_TAGGED, self.blog.tags[name].pk) for name in plan.tags]
            others = [word for word in entry.filed.split() if not word.startswith(f"{index.Kind.PROMPTS_TAGGED:d}x")]
            rows["PromptEntry"].add(
                entry,
                prompt_id=key,
                place=index.place(post, key),
                filed=" ".join(sorted([*tags, *others])),
                caption=new(entry.caption),
                text=new(entry.text),
            )
            for mode in prompt.failure_modes.all():
                rows["Failure"].add(id=rows["Failure"].key(), prompt_id=key, failuremode_id=mode.pk)

    def _entry(self, original: Original, post: Any, plan: Plan, new: Exchange) -> None:
        from blog.search import index
        from blog.search.words import fold_address, fold_all, initials

        entry = original.post.search_entry
        names = [*sorted(plan.tags), *self.blog.categories[plan.category].names, *original.models]
        filed = [index.written_by(post.author_id), index.filed(index.Kind.PROMPTED)]
        filed += [index.filed(index.Kind.TAG, self.blog.tags[name].pk) for name in plan.tags]
        filed += [index.filed(index.Kind.CATEGORY, branch) for branch in self._branch(plan)]
        values = {name: new(getattr(entry, name)) for name in ("title", "captions", "prompts", "text")}
        values["labels"] = fold_all(names)
        values["initials"] = " ".join(filter(None, map(initials, [post.title, *names])))
        values |= {"place": index.place(post, post.pk), "filed": " ".join(sorted(filed))}
        self.tables["PostEntry"].add(entry, post_id=post.pk, address=fold_address(post.slug), **values)

    def _listings(self, original: Original, post: Any, plan: Plan) -> None:
        if post.status != "published":
            return
        kinds = self.tables["Listing"].model.Kind
        tags = [self.blog.tags[name].pk for name in plan.tags]
        prompts = original.prompts
        places = {
            *((kinds.TAG, tag, 0) for tag in tags),
            *((kinds.CATEGORY, branch, 0) for branch in self._branch(plan)),
            *((kinds.MODEL, prompt.generator_id, 0) for prompt in prompts if prompt.generator_id),
            (kinds.PROMPTED, "", 0),
            *((kinds.PROMPTS, "", prompt.position) for prompt in prompts),
            *((kinds.PROMPTS_FOR, prompt.generator_id, prompt.position) for prompt in prompts if prompt.generator_id),
            *((kinds.PROMPTS_IN, prompt.lang, prompt.position) for prompt in prompts),
            *((kinds.PROMPTS_FAILING, m.pk, prompt.position) for prompt in prompts for m in prompt.failure_modes.all()),
            *((kinds.PROMPTS_TAGGED, tag, prompt.position) for prompt in prompts for tag in tags),
        }
        rows, at = self.tables["Listing"], post.publish_at
        for kind, key, position in sorted(places, key=str):
            rows.add(id=rows.key(), kind=int(kind), key=str(key), at=at, post_id=post.pk, position=position)

    def _branch(self, plan: Plan) -> list[int]:
        """The keys of a post's category and those above it."""
        names = plan.category.split("/")
        return [self.blog.categories["/".join(names[:end])].pk for end in range(1, len(names) + 1)]

    def _history(self, original: Original, post: int, values: dict[str, Any], plan: Plan, new: Exchange) -> None:
        rows, at = self.tables, plan.publish_at or _date(plan.number)
        authored = {name: values[name] for name in original.revision.data if name in values}
        authored["publish_at"] = plan.publish_at.isoformat() if plan.publish_at else None
        key = rows["Revision"].key()
        data = {**original.revision.data, **authored, "tags": sorted(plan.tags)}
        rows["Revision"].add(original.revision, id=key, post_id=post, at=at, data=data)
        for mention in original.mentions:
            name = new(mention.name)
            rows["Mention"].add(mention, id=rows["Mention"].key(), post_id=post, name=name)
            rows["Mention"].add(mention, id=rows["Mention"].key(), post_id=None, revision_id=key, name=name)
            if name.startswith(_MEDIA):
                self._image(None, new, name)
        if original.post.image:
            cover = new(original.post.image.file.name)
            rows["Mention"].add(None, id=rows["Mention"].key(), name=cover, revision_id=key, **_NOT_IN)
        author = self.blog.authors[plan.author or AUTHORS[0]]
        rows["LogEntry"].add(
            id=rows["LogEntry"].key(),
            action_time=at,
            user_id=author.pk,
            content_type_id=self.content_type.pk,
            object_id=str(post),
            object_repr=values["title"][:200],
            action_flag=1,
            change_message='[{"added": {}}]',
        )

    def _image(self, like: Any, new: Exchange, name: str = "") -> int:
        from blog.models import Image

        rows = self.tables["Image"]
        values = _picture((name or new(like.file.name)).removeprefix(f"{_MEDIA}/").removesuffix(".png"))
        key = rows.key()
        rows.add(Image(**values), id=key, created_at=FIRST)
        return key

    def _feed_id(self, values: dict[str, Any]) -> str:
        from django.conf import settings

        from blog.models import Post

        address = Post(slug=values["slug"]).get_absolute_url()
        return f"{settings.ROOST_URL}{address}" if values["status"] == "published" else ""

    def _related(self, number: int) -> list[list[float]]:
        """As its original's, but of the copies made along with it."""
        original = self.originals[number % len(self.originals)]
        offset = number - original.number
        pairs = [(int(key) + offset, score) for key, score in original.post.related]
        return [[key, score] for key, score in pairs if key < self.first_key + Plan.count]

    def write(self) -> None:
        """Write what was copied."""
        from django.db import transaction

        with transaction.atomic():
            for rows in self.tables.values():
                rows.write()

    def finish(self) -> None:
        """Tell the database which keys come next."""
        from django.core.management.color import no_style

        models = [rows.model for rows in self.tables.values()]
        with self.connection.cursor() as cursor:
            for statement in self.connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)


_NOT_IN = {"post_id": None, "page_id": None, "profile_id": None}


def _public_id(chance: random.Random) -> str:
    return "".join(chance.choices("23456789abcdefghjkmnpqrstuvwxyz", k=10))


# --- All of it ------------------------------------------------------------------------------------------------------


def fill(count: int, saved: int = SAVED) -> None:
    """Make a blog of so many posts in an empty database, of which so many are saved and the others copied."""
    from blog import announce, snapshots

    Plan.count = max(count, 1)
    ids = random.Random(0)
    with ExitStack() as stack:
        stack.enter_context(snapshots.postponed())
        stack.enter_context(announce.silence())
        stack.enter_context(mock.patch("blog.models.prompt.secrets.choice", ids.choice))
        stack.enter_context(mock.patch("blog.meta.cards.bring_in_step", lambda posts: 0))
        writer, blog = Writer(), _blog()
        posts = [_save(number, writer, blog) for number in range(min(count, saved))]
        _fetch_embeds()
    originals = [Original(post, number) for number, post in enumerate(posts)]
    copier = Copier(originals, blog)
    with _hastily():
        for start in range(len(originals), count, BATCH):
            for number in range(start, min(start + BATCH, count)):
                copier.copy(number)
            copier.write()
    copier.finish()


@contextmanager
def _hastily() -> Iterator[None]:
    """Without the care for a power cut; the indexes of words are made at the end."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -500000")
            yield
            return
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%'")
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)


def main() -> None:
    """Fill the database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=int)
    count = parser.parse_args().posts
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from blog.models import Post
    from blog.rendering import worker

    call_command("migrate", verbosity=0)
    if Post.objects.exists():
        raise SystemExit("There are posts already: set ROOST_DATA_DIR (or ROOST_DATABASE_URL) to an empty place.")
    begun = time.perf_counter()
    fill(count)
    worker.stop()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{count:,} posts on {connection.vendor} in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
