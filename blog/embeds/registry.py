"""The providers, and the ways an author can name one of their posts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from blog.embeds.base import Identity, Provider
from blog.embeds.bilibili import Bilibili
from blog.embeds.bluesky import Bluesky
from blog.embeds.mastodon import Mastodon
from blog.embeds.media import Audio, Video
from blog.embeds.spotify import Spotify
from blog.embeds.twitch import Twitch
from blog.embeds.vimeo import Vimeo
from blog.embeds.x import X
from blog.embeds.youtube import YouTube

PROVIDERS: tuple[Provider, ...] = (
    *(X(), YouTube(), Vimeo(), Bluesky(), Mastodon(), Spotify(), Twitch(), Bilibili()),
    *(Audio(), Video()),  # by the ending of any address: after those that know their own
)

_BY_NAME = {provider.name: provider for provider in PROVIDERS}
_BY_INCLUDE = {include: provider for provider in PROVIDERS for include in provider.includes}


def provider(name: str) -> Provider:
    """The provider stored under `name`. Raises KeyError if there is none."""
    return _BY_NAME[name]


def identify(url: str, instances: Collection[str] = ()) -> tuple[Identity, str] | None:
    """Whose post this address is, and the text glued to its end; None if no provider knows it.

    `instances` are the hosts of Mastodon that the site allows.
    """
    for candidate in PROVIDERS:
        if (found := candidate.from_url(url)) and _allowed(found[0], instances):
            return found
    return None


def resolve_include(
    name: str, value: str, arguments: Mapping[str, str] | None = None, instances: Collection[str] = ()
) -> Identity | None:
    """What `{% include embed/<name>.html id=<value> … %}` means; None if it names nothing."""
    site = _BY_INCLUDE.get(name)
    identity = site.from_id(value) if site else None
    if site is None or identity is None or not _allowed(identity, instances):
        return None
    options = {key: given for key in site.arguments if (given := (arguments or {}).get(key, ""))}
    return Identity(
        identity.provider,
        identity.id,
        identity.url,
        identity.author_handle,
        identity.posted_at,
        {**identity.options, **{key: given for key, given in options.items() if given.lower() not in ("0", "false")}},
    )


def _allowed(identity: Identity, instances: Collection[str]) -> bool:
    return identity.provider != "mastodon" or identity.id.partition("/")[0] in instances
