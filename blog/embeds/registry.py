"""The providers, and the ways an author can name one of their posts."""

from __future__ import annotations

from blog.embeds.base import Identity, Provider
from blog.embeds.x import X

PROVIDERS: tuple[Provider, ...] = (X(),)

_BY_NAME = {provider.name: provider for provider in PROVIDERS}
_BY_INCLUDE = {include: provider for provider in PROVIDERS for include in provider.includes}

# Chirpy's other includes: shown as a link to the clip until Roost has a player for it.
_LINKS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "twitch": "https://www.twitch.tv/videos/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "spotify": "https://open.spotify.com/track/{}",
}


def provider(name: str) -> Provider:
    """The provider stored under `name`. Raises KeyError if there is none."""
    return _BY_NAME[name]


def identify(url: str) -> tuple[Identity, str] | None:
    """Whose post this address is, and the text glued to its end; None if no provider knows it."""
    for candidate in PROVIDERS:
        if found := candidate.from_url(url):
            return found
    return None


def resolve_include(name: str, value: str) -> Identity | str | None:
    """What `{% include embed/<name>.html id=<value> %}` means: a post, else a plain URL, else None."""
    if name in _BY_INCLUDE:
        return _BY_INCLUDE[name].from_id(value)
    if name in _LINKS and value and all(c.isascii() and (c.isalnum() or c in "-_") for c in value):
        return _LINKS[name].format(value)
    return None
