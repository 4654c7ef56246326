"""Django's admin, set up for authors."""

from blog.admin import embeds, posts, prompts, site, taxonomy

__all__ = ["embeds", "posts", "prompts", "site", "taxonomy"]
