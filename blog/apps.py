"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """Connects saving a text with deriving everything from it."""

    name = "blog"
    verbose_name = _("blog")

    def ready(self) -> None:
        """Importing the module connects its receivers."""
        from blog import publishing  # noqa: F401
