"""The writing desk: what the form of a post can do besides saving. One module per concern, each with `urls(admin)`."""

from types import ModuleType

from blog.admin.desk import embed, preview
from blog.admin.desk.access import claim, log, may_edit, may_publish

MODULES: tuple[ModuleType, ...] = (preview, embed)

__all__ = ["MODULES", "claim", "log", "may_edit", "may_publish"]
