"""The app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """Connects saving with what follows from it (derived rows, redirects, files, search), and a user with a profile."""

    name = "blog"
    verbose_name = _("blog")

    def ready(self) -> None:
        """Importing the modules connects their receivers."""
        # The search's come last: they read what publishing has brought in step.
        from blog import moves, people, publishing, uploads  # noqa: F401
        from blog.search import sqlite, sync  # noqa: F401

        # Here, after auth's own receiver: that makes the permissions which the groups get.
        post_migrate.connect(people.make_groups, sender=self)
