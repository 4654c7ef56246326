"""What the search reads: the words of posts and prompts, folded (`blog.search.words`) and apart by where they stand.

`place` puts entries into the order of time, so that the newest that have a word can be found without the others; what
readers can't see comes after everything that they can. `filed` says in which lists (`Listing`) it stands.

Derived by `blog.search.index`. The database itself keeps an index of tokens in step with these rows: on SQLite by
triggers, which a migration that remakes one of these tables has to make again (0019_marked_tokens has them).
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PostEntry(models.Model):
    """A post's words."""

    post = models.OneToOneField("blog.Post", primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    indexed_by = models.PositiveIntegerField(default=0)  # the version of `blog.search.index` that wrote it
    place = models.BigIntegerField(unique=True)
    filed = models.TextField(blank=True)
    address = models.TextField(blank=True)  # its slug; words in pairs of letters, so that any part of one is found
    title = models.TextField(blank=True)
    labels = models.TextField(blank=True)  # tags, category, models
    initials = models.TextField(blank=True)  # ㅅㄹ for 소라, of title and labels
    captions = models.TextField(blank=True)
    prompts = models.TextField(blank=True)
    text = models.TextField(blank=True)  # all of the text, captions and prompts too

    FIELDS = ("title", "labels", "initials", "captions", "prompts", "text")  # what readers search in
    OTHERS = ("filed", "address")

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        default_permissions = ()  # nobody edits it

    def __str__(self) -> str:
        return self.title


class PromptEntry(models.Model):
    """A prompt's words."""

    prompt = models.OneToOneField(
        "blog.Prompt", primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    indexed_by = models.PositiveIntegerField(default=0)
    place = models.BigIntegerField(unique=True)
    filed = models.TextField(blank=True)
    caption = models.TextField(blank=True)
    text = models.TextField(blank=True)  # its words, what it should not show, its translations

    FIELDS = ("caption", "text")
    OTHERS = ("filed",)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:80]
