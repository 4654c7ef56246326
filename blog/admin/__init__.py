"""Django's admin, set up for authors."""

from blog.admin import addresses, embeds, images, posts, prompts, site, taxonomy

__all__ = ["addresses", "embeds", "images", "posts", "prompts", "site", "taxonomy"]
