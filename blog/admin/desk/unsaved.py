"""A post as it would be once it is saved, without saving it: what a preview shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import construct_instance
from taggit.models import Tag

from blog import publishing
from blog.admin.fields import VariablesField
from blog.models import Embed, Post, PostEmbed, Prompt
from blog.models.slug import validate_slug
from blog.prompts import settings
from blog.prompts.sync import matched
from blog.rendering import Rendered


class UnsavedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What readers would see of a form. A field that can't be read, or that it is `without`, changes nothing."""

    variables = VariablesField(required=False)

    class Meta:
        model = Post
        fields = (
            *("title", "slug", "body", "summary", "lang", "author", "category", "image", "generator", "variables"),
            *("series", "series_part", "show_corrections"),
        )

    def __init__(self, *args: Any, without: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(without):
            del self.fields[name]

    def clean_slug(self) -> str:
        """An address; half of one while it is typed."""
        slug = str(self.cleaned_data["slug"])
        validate_slug(slug)
        return slug

    def _post_clean(self) -> None:
        """Fill the instance. Whether it may be saved is asked when it is saved."""
        options: Any = self._meta
        self.instance = construct_instance(self, self.instance, options.fields, options.exclude)


class TagsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The tags of a form."""

    class Meta:
        model = Post
        fields = ("tags",)


def tags_of(data: Any) -> list[Tag]:
    """The tags that a form names: stored ones, else ones that aren't stored yet."""
    form = TagsForm({"tags": data.get("tags", "")})
    names: list[str] = (form.cleaned_data.get("tags") or []) if form.is_valid() else []
    stored = {tag.name.casefold(): tag for tag in Tag.objects.filter(name__in=names)} if names else {}
    tags = [stored.get(name.casefold()) or Tag(name=name) for name in names]
    for tag in tags:
        tag.slug = tag.slug or tag.slugify(tag.name) or "-"
    return sorted(tags, key=lambda tag: tag.name)


def as_saved(post: Post, result: Rendered, tags: list[Tag]) -> Post:
    """Give a post the columns and rows that saving it would give. Keys below 0 stand for rows that aren't there yet."""
    publishing.set_derived(post, result)
    before = list(post.prompts.select_related("generator", "post_embed__embed")) if post.pk else []
    post.pk = post.pk or -1
    rows = _embeds(post, result)
    _keep(post, "post_embeds", PostEmbed.objects.none(), rows)
    _keep(post, "prompts", Prompt.objects.none(), _prompts(post, result, rows, before))
    _keep(post, "tags", Tag.objects.none(), tags)
    return post


def _embeds(post: Post, result: Rendered) -> list[PostEmbed]:
    known = Embed.objects.filter(provider_id__in=[ref.provider_id for ref in result.embeds]).select_related("poster")
    stored = {(embed.provider, embed.provider_id): embed for embed in (known if result.embeds else [])}
    return [
        PostEmbed(
            pk=-1 - number,
            post=post,
            embed=stored.get((ref.provider, ref.provider_id)) or Embed.named_by(ref),
            key=ref.key,
            caption=ref.caption,
            options=ref.options,
            position=number,
        )
        for number, ref in enumerate(result.embeds)
    ]


def _prompts(post: Post, result: Rendered, placed: list[PostEmbed], before: list[Prompt]) -> list[Prompt]:
    """The prompts, with the permalinks that they would keep."""
    refs = result.prompts
    found = matched(refs, [placed[ref.embed].embed.pk if ref.embed is not None else None for ref in refs], before)
    prompts = []
    for number, ref in enumerate(refs):
        prompt = found.get(number) or Prompt(pk=-1 - number, generator=post.generator)
        prompt.post, prompt.position = post, number
        prompt.post_embed = placed[ref.embed] if ref.embed is not None else None
        prompt.label, prompt.text, prompt.lang = ref.label, ref.text, ref.lang
        settings.take(prompt, ref.settings, make=False)
        prompts.append(prompt)
    return prompts


def _keep(post: Post, name: str, empty: QuerySet[Any], rows: list[Any]) -> None:
    """Put rows where `prefetch_related` would put them, so that nothing asks the database for them."""
    rows_of: Any = empty
    rows_of._result_cache, rows_of._prefetch_done = rows, True
    cache: dict[str, Any] = post.__dict__.setdefault("_prefetched_objects_cache", {})
    cache[name] = rows_of
