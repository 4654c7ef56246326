"""The writing desk: what the form of a post can do besides saving. One module per concern, each with `urls(admin)`."""

from types import ModuleType

from blog.admin.desk import slug, upload

MODULES: tuple[ModuleType, ...] = (slug, upload)

__all__ = ["MODULES"]
