"""Posts that were written for other software."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from blog.models import Category, Embed, Post, PostEmbed, Prompt
from tests.conftest import CHIRPY, PROJECT
from tests.importers.helpers import everything, run

pytestmark = pytest.mark.django_db

KEYS = ["t_tokyo", "t_puffball", "t_airplanes", "t_puppy", "t_ball", "t_corgi"]


def test_the_seed_gives_its_post(seed: Path) -> None:
    result = run(seed)
    assert (result.error, result.problems) == ("", [])
    post = Post.objects.get()
    assert (post.slug, post.get_absolute_url(), post.lang) == ("SoraAI", "/posts/SoraAI/", "ko")
    assert "|" in post.title
    assert post.publish_at is not None
    assert timezone.localtime(post.publish_at).isoformat() == "2024-02-19T17:00:00+09:00"
    assert post.status == Post.Status.PUBLISHED
    assert post.category is not None
    assert post.category.names == ["AI", "News"]
    assert Category.objects.count() == 2
    assert set(post.tags.names()) == {"ai", "news", "openai", "video"}
    assert set(post.variables) == {"img_path", *KEYS}


def test_the_seed_gives_six_embeds_in_order(seed: Path) -> None:
    run(seed)
    placed = list(PostEmbed.objects.order_by("position"))
    assert [embed.key for embed in placed] == KEYS
    captions = re.findall(r"^\{% include .*%\}\n(.+)", next(seed.glob("*.md")).read_text(), re.MULTILINE)
    assert len(captions) == 6
    assert [embed.caption for embed in placed] == captions
    assert Embed.objects.count() == 6
    tokyo = placed[0].embed
    assert (tokyo.provider, tokyo.provider_id) == ("x", "1758192965703647443")
    assert tokyo.posted_at is not None
    assert tokyo.posted_at.isoformat() == "2024-02-15T18:14:03+00:00"
    assert all(embed.posted_at_source == Embed.DateSource.SNOWFLAKE for embed in Embed.objects.all())


def test_the_seed_gives_six_prompts_each_with_its_embed(seed: Path) -> None:
    run(seed)
    prompts = list(Prompt.objects.order_by("position").select_related("post_embed"))
    assert [len(prompt.text) for prompt in prompts] == [382, 667, 113, 182, 38, 41]
    assert [prompt.post_embed.key if prompt.post_embed else None for prompt in prompts] == KEYS
    assert {prompt.lang for prompt in prompts} == {"en"}


def test_the_seed_shows_its_six_figures_to_readers(seed: Path, client: Client) -> None:
    run(seed)
    html = client.get("/posts/SoraAI/").content.decode()
    assert html.count("<figure") == 6
    places = [html.index(f'id="{key}"') for key in KEYS]
    assert places == sorted(places)


def test_importing_the_seed_twice_changes_nothing(seed: Path) -> None:
    run(seed)
    before = everything()
    result = run(seed)
    assert (result.error, everything()) == ("", before)
    assert "0 added, 0 changed, 1 unchanged" in result.out


@pytest.mark.skipif(not CHIRPY.is_dir(), reason="Chirpy's demo posts are not on this machine")
def test_chirpys_demo_posts_are_imported_without_problems(client: Client) -> None:
    result = run(CHIRPY / "_posts")
    assert (result.error, result.problems) == ("", [])
    assert set(Post.objects.values_list("slug", flat=True)) == {
        "getting-started",
        "text-and-typography",
        "write-a-new-post",
    }
    assert Post.objects.filter(pinned=True).count() == 2
    assert {post.category.names[-1] for post in Post.objects.select_related("category") if post.category} == {
        "Tutorial",
        "Demo",
    }
    for post in Post.objects.all():
        assert post.byline == "cotes"
        assert client.get(post.get_absolute_url()).status_code == 200


def test_roosts_own_demo_is_imported_without_problems() -> None:
    result = run(PROJECT / "blog/demo")
    assert (result.error, result.problems) == ("", [])
    assert "note" not in result.out
    assert Post.objects.filter(status="published").count() == 5
    assert all(post.warnings == [] for post in Post.objects.all())
