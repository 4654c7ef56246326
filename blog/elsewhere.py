"""What addresses elsewhere on the web are called, by their hosts: "GitHub", "Naver blog"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A host stands for those below it too: me.tistory.com.
_SITES: dict[str, str | Promise] = {
    "blog.naver.com": _("Naver blog"),
    "cafe.naver.com": _("Naver cafe"),
    "open.kakao.com": _("KakaoTalk open chat"),
    "pf.kakao.com": _("KakaoTalk channel"),
    "brunch.co.kr": "brunch",
    "bsky.app": "Bluesky",
    "civitai.com": "Civitai",
    "discord.com": "Discord",
    "discord.gg": "Discord",
    "facebook.com": "Facebook",
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "huggingface.co": "Hugging Face",
    "instagram.com": "Instagram",
    "ko-fi.com": "Ko-fi",
    "linkedin.com": "LinkedIn",
    "mastodon.social": "Mastodon",
    "medium.com": "Medium",
    "patreon.com": "Patreon",
    "reddit.com": "Reddit",
    "substack.com": "Substack",
    "t.me": "Telegram",
    "threads.com": "Threads",
    "threads.net": "Threads",
    "tiktok.com": "TikTok",
    "tistory.com": "Tistory",
    "twitch.tv": "Twitch",
    "twitter.com": "X",
    "velog.io": "velog",
    "vimeo.com": "Vimeo",
    "x.com": "X",
    "youtube.com": "YouTube",
}
_MASTODON = re.compile(r"/@[\w.-]+/?", re.ASCII)  # what its profiles look like on any of its servers


def named(addresses: Iterable[str]) -> list[tuple[str, str]]:
    """(address, name); the whole address without its scheme for a site that isn't known, or for two on the same."""
    found = [(address, _name(address)) for address in addresses]
    counts = Counter(name for _address, name in found)
    return [(address, name if name and counts[name] == 1 else _short(address)) for address, name in found]


def _name(address: str) -> str:
    parts = urlsplit(address)
    host = (parts.hostname or "").split(".")
    above = (".".join(host[start:]) for start in range(len(host)))
    known = next((_SITES[name] for name in above if name in _SITES), "")
    return str(known) or ("Mastodon" if _MASTODON.fullmatch(parts.path) else "")


def _short(address: str) -> str:
    return unquote(address).split("://", 1)[-1].removeprefix("www.").rstrip("/")
