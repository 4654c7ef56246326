"""Which lists a post and its prompts stand in."""

from __future__ import annotations

from django.db import models


class Listing(models.Model):
    """A post, or one of its prompts, in a list that readers turn the pages of. Derived by `blog.lists.listings`.

    These rows hold the order of the list, so that a page of it is read from one index, however long the list is. A
    draft is in none; a scheduled post is in its own already, with its moment: `published()` decides what readers see.
    """

    class Kind(models.IntegerChoices):
        TAG = 1, "posts with a tag"
        CATEGORY = 2, "posts in a category or below it"
        MODEL = 3, "posts that name a model, or whose prompts do"
        PROMPTED = 4, "posts with prompts"
        PROMPTS = 5, "prompts"
        PROMPTS_FOR = 6, "prompts for a model"
        PROMPTS_IN = 7, "prompts in a language"
        PROMPTS_FAILING = 8, "prompts that fail in one way"
        PROMPTS_TAGGED = 9, "prompts of posts with a tag"

    kind = models.PositiveSmallIntegerField()  # a `Kind`
    key = models.CharField(max_length=20, blank=True)  # of the tag, category, model …, or the language
    at = models.DateTimeField()  # when readers get it
    post = models.ForeignKey("blog.Post", on_delete=models.CASCADE, db_index=False, related_name="listings")
    position = models.PositiveIntegerField(default=0)  # of a prompt in its post

    class Meta:
        verbose_name = "listing"
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "key", "-at", "-post", "position"], name="listing_order"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["post", "kind", "key", "position"], name="listing_once"),
        ]

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} {self.key}: {self.post_id}"
