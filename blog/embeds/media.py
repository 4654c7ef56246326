"""Films and sounds that are files: uploads of this site, or files on another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from blog.embeds.base import Identity, Player, Provider, https

VIDEO_TYPES = {
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "ogg": "video/ogg",
    "mov": "video/quicktime",
}
AUDIO_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
}


# A name with a dot (no address of this network), no user, nothing that means something in a header or to the script.
_URL = re.compile(
    r"(?P<file>(?ai:https://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,61}(?::[0-9]{1,5})?)/[!-z|~]+)"
    r"(?P<rest>[^\x00-\x7f].*)?"
)
_PATH = re.compile(r"/(?!/)[^<>\"'\\`{}]*")
_LONGEST = 500  # of an address that is stored


class MediaFile(Provider):
    """A file by its address. One of this site is shown at once; one elsewhere is asked for by a click."""

    arguments = ("poster", "loop", "muted", "types")
    types: Mapping[str, str]

    def from_url(self, url: str) -> tuple[Identity, str] | None:
        """An https address whose path ends as files of this kind do, with a particle glued to it or not."""
        match = _URL.fullmatch(url)
        if match is None or not https(match["file"]) or not self._known(match["file"]):
            return None
        return Identity(self.name, match["file"], match["file"]), match["rest"] or ""

    def from_id(self, value: str) -> Identity | None:
        """An address, or a path on this site."""
        if _PATH.fullmatch(value) and value.isprintable() and self._known(value):
            return Identity(self.name, value, value)
        found = self.from_url(value)
        return found[0] if found and not found[1] else None

    def site(self, url: str) -> str:
        """The host of a file elsewhere."""
        return urlsplit(url).netloc

    def media_type(self, address: str) -> str | None:
        """The type of a file by its name's ending, None if it is of another kind."""
        return self.types.get(_ending(address))

    def player(self, provider_id: str, options: Mapping[str, str], details: Mapping[str, str]) -> Player | None:
        """Only for files elsewhere: those of this site need no script."""
        return Player(provider_id, kind="audio" if self.name == "audio" else "video") if "://" in provider_id else None

    def sources(self, address: str, options: Mapping[str, str]) -> list[tuple[str, str]]:
        """(address, type) of the file, and of those beside it that `types` names: "ogg|mov", as in Chirpy."""
        parts = urlsplit(address)
        stem = parts.path.rpartition(".")[0]
        endings = (ending.strip().lower() for ending in options.get("types", "").split("|"))
        others = [parts._replace(path=f"{stem}.{ending}").geturl() for ending in endings if ending in self.types]
        known = [(source, self.media_type(source)) for source in dict.fromkeys([address, *others])]
        return [(source, kind) for source, kind in known if kind]

    def _known(self, address: str) -> bool:
        return len(address) <= _LONGEST and self.media_type(address) is not None


class Video(MediaFile):
    """Films."""

    name = "video"
    label = "video"
    includes = ("video",)
    types = VIDEO_TYPES


class Audio(MediaFile):
    """Sounds. Chirpy lets `ogg` be either; here it is a sound."""

    name = "audio"
    label = "audio"
    includes = ("audio",)
    types = AUDIO_TYPES


def _ending(address: str) -> str:
    name = unquote(urlsplit(address).path).rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
