"""`manage.py setup`: make a working blog of a fresh clone, and bring an older one up to date."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from blog import feed_ids, snapshots
from blog.models import Generator, Post, Prompt, SiteSettings

DEMO = Path(__file__).resolve().parent.parent.parent / "demo"


class Command(BaseCommand):
    """Migrate, collect static files; the first time also make an administrator and the demo posts."""

    help = "Bring the database and static files up to date; in a new database make an administrator and demo posts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run again and again."""
        self.stdout.write("Bringing the database and the static files up to date …")
        call_command("migrate", verbosity=0)
        feed_ids.complete()
        call_command("reindex", stale=True, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if get_user_model().objects.filter(is_superuser=True).exists():
            return
        with transaction.atomic():
            if not Post.objects.exists():
                self._add_demo()
            name, password = _make_administrator()
        snapshots.refresh(snapshots.due(), seconds=snapshots.SAVE_SECONDS)
        self.stdout.write(
            f"\n  Your administrator (shown this once; /admin/password_change/ changes it):\n"
            f"      name      {name}\n"
            f"      password  {password}\n"
        )

    def _add_demo(self) -> None:
        self.stdout.write("Adding demo posts; delete them whenever you like.")
        site = SiteSettings.load()
        site.title = "한밤의 시사실"
        site.tagline = "아무도 찍지 않은 영화에 대한 노트"
        site.description = "AI로 만든 영상과 그 뒤의 프롬프트를 읽는 블로그입니다."
        site.author_name = "시사실지기"
        site.save()
        sora = Generator.objects.create(
            name="Sora",
            slug="sora",
            vendor="OpenAI",
            url="https://openai.com/sora",
            description="글을 영상으로 옮기던 모델. 2024년 2월에 처음 공개되었습니다.",
            status=Generator.Status.RETIRED,
        )
        call_command("import_jekyll", DEMO, verbosity=0, stdout=self.stdout, fetch_seconds=0)
        for post in Post.objects.filter(post_embeds__isnull=False).distinct():
            post.generator = sora
            post.save()
        for prompt in Prompt.objects.filter(generator=None):
            prompt.generator = sora
            prompt.save()


def _make_administrator() -> tuple[str, str]:
    users = get_user_model().objects
    name = "admin" if not users.filter(username="admin").exists() else f"admin-{secrets.token_hex(2)}"
    password = secrets.token_urlsafe(12)
    users.create_superuser(name, password=password)
    return name, password
