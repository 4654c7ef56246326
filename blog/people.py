"""Who may do what with texts: three groups, and the rules that a permission of Django's can't say."""

from __future__ import annotations

from typing import Any, TypeAlias

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy

from blog.models import Image, Post, Profile
from blog.models.slug import free_slug

Person: TypeAlias = AbstractUser | AnonymousUser

PUBLISH = "blog.publish_post"  # whoever has it edits everybody's posts


def _all(model: str, app: str = "blog") -> tuple[str, ...]:
    return tuple(f"{app}.{verb}_{model}" for verb in ("add", "change", "delete", "view"))


_AUTHORS = (
    *_all("post"),
    *("blog.view_category", "blog.view_series", "blog.view_generator", "taggit.view_tag"),
    *("blog.add_image", "blog.view_image", "blog.add_clip", "blog.view_clip"),
    *("blog.view_profile", "blog.change_profile"),
)
_EDITORS = (
    *_AUTHORS,
    PUBLISH,
    *(
        name
        for model in ("category", "series", "generator", "failuremode", "page", "image", "clip")
        for name in _all(model)
    ),
    *_all("tag", "taggit"),
    *("blog.view_embed", "blog.change_embed", "blog.delete_embed"),
    *("blog.view_redirect", "blog.delete_redirect"),
    *("blog.view_prompt", "blog.change_prompt", "blog.delete_prompt", *_all("prompttranslation")),
)
_ADMINS = (
    *_EDITORS,
    *("blog.view_sitesettings", "blog.change_sitesettings"),
    *("auth.add_user", "auth.change_user", "auth.view_user", "auth.view_group", "admin.view_logentry"),
)
ROLES = {"authors": _AUTHORS, "editors": _EDITORS, "admins": _ADMINS}
_NAMES = {"authors": gettext_lazy("authors"), "editors": gettext_lazy("editors"), "admins": gettext_lazy("admins")}


def role_name(group: Group) -> str:
    """What a group is called, in the language of whoever reads it."""
    return str(_NAMES.get(group.name, group.name))


def may_publish(user: Person) -> bool:
    """Whether somebody decides what readers see; such a person edits everybody's posts."""
    return user.has_perm(PUBLISH)


def may_edit(user: Person, post: Post) -> bool:
    """An editor edits all posts, an author their own drafts."""
    return user.has_perm("blog.change_post") and (may_publish(user) or _is_own_draft(user, post))


def may_delete(user: Person, post: Post) -> bool:
    """As editing, with the permission for it."""
    return user.has_perm("blog.delete_post") and (may_publish(user) or _is_own_draft(user, post))


def may_see(user: Person, post: Post) -> bool:
    """An editor sees all posts in the admin, an author their own, published ones too."""
    sees_some = user.has_perm("blog.view_post") or user.has_perm("blog.change_post")
    return sees_some and (may_publish(user) or _is_own(user, post))


def may_name(user: Person, post: Post) -> bool:
    """Whether somebody may learn that there is such a post, and its title."""
    return post.is_public or may_see(user, post)


def may_describe(user: Person, image: Image) -> bool:
    """An editor says what any picture shows; an author of those they added, and of those that nobody has described."""
    if user.has_perm("blog.change_image"):
        return True
    return user.has_perm("blog.add_image") and (not image.alt or (user.pk is not None and image.added_by_id == user.pk))


def visible_posts(user: Person, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Those of `posts` that somebody may see in the admin."""
    return posts if may_publish(user) else posts.filter(author_id=user.pk)


def conditions() -> dict[str, Q]:
    """What can be said of posts at the writing desk: where they stand, and what would still do them good."""
    now = timezone.now()
    lacking, posts = Image.objects.filter(alt=""), Post.objects.order_by().values("pk")
    return {
        "draft": Q(status=Post.Status.DRAFT, submitted_at=None),
        "submitted": Q(status=Post.Status.DRAFT, submitted_at__isnull=False),
        "scheduled": Q(status=Post.Status.PUBLISHED, publish_at__gt=now),
        "published": Q(status=Post.Status.PUBLISHED, publish_at__lte=now),
        # A bare column (`=True`) is no condition that SQLite looks up in an index.
        "summary": Q(lacks_summary__in=[True]),
        # In the text, or before it. With OR, SQLite would look at every post, the newest first.
        "alt": Q(pk__in=posts.filter(lacks_alt__in=[True]).union(posts.filter(image__in=lacking))),
    }


def _is_own(user: Person, post: Post) -> bool:
    return user.pk is not None and post.author_id == user.pk


def _is_own_draft(user: Person, post: Post) -> bool:
    return _is_own(user, post) and post.status == Post.Status.DRAFT


def make_groups(using: str, **_: Any) -> None:
    """Make the groups that aren't there, once their permissions are. One that is there belongs to its administrator."""
    for name, wanted in ROLES.items():
        group, made = Group.objects.using(using).get_or_create(name=name)
        if made:
            group.permissions.set(_permissions(wanted, using))


def _permissions(names: tuple[str, ...], using: str) -> list[Permission]:
    stored = Permission.objects.using(using).select_related("content_type")
    return [found for found in stored if f"{found.content_type.app_label}.{found.codename}" in names]


@receiver(post_save, sender=settings.AUTH_USER_MODEL)
def _make_profile(sender: type[Model], instance: Any, created: bool, raw: bool, **_: Any) -> None:
    if created and not raw:
        name = instance.get_full_name() or instance.get_username()
        Profile.objects.create(user=instance, slug=free_slug(Profile, name, "author"))
