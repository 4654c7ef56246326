"""Django's admin, set up for authors."""

from blog.admin import account, addresses, embeds, images, login, people, posts, prompts, series, site, taxonomy

__all__ = [
    "account",
    "addresses",
    "embeds",
    "images",
    "login",
    "people",
    "posts",
    "prompts",
    "series",
    "site",
    "taxonomy",
]
