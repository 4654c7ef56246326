"""The lines below a post that tell who wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from blog.models import Image, Post, Profile, SiteSettings


@dataclass(frozen=True, slots=True)
class Signature:
    """What there is to say of an author, beside the name above the post."""

    name: str
    picture: Image | None
    words: str
    lang: str
    links: list[tuple[str, str]]
    address: str = ""

    @property
    def says_more(self) -> bool:
        """Whether it is more than a name."""
        return bool(self.picture or self.words or self.links)


def signature_of(post: Post, site: SiteSettings) -> Signature | None:
    """The post's author; the site's, if the post names none, or names the same; None if only a name is known."""
    profile: Profile | None = getattr(post.author, "profile", None)
    if profile is not None:
        own = Signature(
            post.byline, profile.picture, profile.excerpt, profile.lang, profile.named_links, post.author_url
        )
        if own.says_more:
            return own
    if post.byline not in ("", site.author_name):
        return None
    name = site.author_name or site.title
    # The links are in the footer.
    found = Signature(name, site.avatar, site.author_bio, site.language, [], post.author_url)
    return found if found.says_more else None
