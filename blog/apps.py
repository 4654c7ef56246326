"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """Connects saving with what follows from it: derived rows, redirects, files."""

    name = "blog"
    verbose_name = _("blog")

    def ready(self) -> None:
        """Importing the modules connects their receivers."""
        from blog import moves, publishing, uploads  # noqa: F401
