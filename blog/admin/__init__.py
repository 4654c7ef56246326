"""Django's admin, set up for authors."""

from blog.admin import embeds, posts, site, taxonomy

__all__ = ["embeds", "posts", "site", "taxonomy"]
