"""Django's admin, set up for authors."""

from blog.admin import embeds, images, posts, prompts, site, taxonomy

__all__ = ["embeds", "images", "posts", "prompts", "site", "taxonomy"]
