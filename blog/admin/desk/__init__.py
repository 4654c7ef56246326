"""The writing desk: what the form of a post can do besides saving. One module per concern, each with `urls(admin)`."""

from types import ModuleType

MODULES: tuple[ModuleType, ...] = ()

__all__ = ["MODULES"]
