"""Django's admin, set up for authors."""

from blog.admin import account, embeds, login, people, posts, prompts, site, taxonomy

__all__ = ["account", "embeds", "login", "people", "posts", "prompts", "site", "taxonomy"]
