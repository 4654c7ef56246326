"""The app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from taggit.apps import TaggitAppConfig


class BlogConfig(AppConfig):
    """Connects saving with what follows from it (derived rows, redirects, files, search), and a user with a profile."""

    default = True
    name = "blog"
    verbose_name = _("Blog")

    def ready(self) -> None:
        """Importing the modules connects their receivers."""
        # The lists' and the search's come last: they read what publishing has brought in step.
        from blog import moves, pagecache, people, publishing, translations, uploads, version, websub  # noqa: F401
        from blog.lists import sync as _lists  # noqa: F401
        from blog.meta import cards, indexnow  # noqa: F401
        from blog.search import sqlite, sync  # noqa: F401

        # Here, after auth's own receiver: that makes the permissions which the groups get.
        post_migrate.connect(people.make_groups, sender=self)


class TagsConfig(TaggitAppConfig):  # type: ignore[misc]  # taggit has no types
    """The app of tags, by a name that people understand."""

    verbose_name = _("tags")
