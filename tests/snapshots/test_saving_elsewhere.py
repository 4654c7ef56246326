"""Saves that leave asking to others, imports, pages, and the instances of Mastodon."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from blog import snapshots
from blog.models import Embed, Page, Post, SiteSettings
from tests.conftest import EMBED
from tests.fake_provider import FakeProvider
from tests.snapshots.helpers import SIX, Commit, MakePost, statuses

pytestmark = pytest.mark.django_db

TOOT = "https://mastodon.social/@midnight_reel/117387244339200000"


def test_asking_can_be_postponed(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with commit(), snapshots.postponed():
        with snapshots.postponed():
            make_post(body=EMBED)
        make_post(body=EMBED)
    assert fake.requests == []
    assert statuses() == ["pending"]
    with commit():
        Post.objects.order_by("pk")[0].save()  # nothing of the text has changed
        make_post(body=EMBED)
    assert statuses() == ["live"]


def test_postponing_ends_with_an_error_too(fake: FakeProvider, make_post: MakePost, commit: Commit) -> None:
    with pytest.raises(RuntimeError), snapshots.postponed():
        raise RuntimeError
    with commit():
        make_post(body=EMBED)
    assert statuses() == ["live"]


def site_of_two(root: Path) -> Path:
    for day in (1, 2):
        file = root / "_posts" / f"2024-01-0{day}-post.md"
        file = file.with_name(f"2024-01-0{day}-post-{day}.md")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\ntitle: Post {day}\n---\n\nhttps://x.com/i/status/{SIX[day]}\n", encoding="utf-8")
    return root


@pytest.mark.parametrize("value", ["0", "0.0"])
def test_an_import_can_leave_fetching_for_later(fake: FakeProvider, tmp_path: Path, commit: Commit, value: str) -> None:
    out = StringIO()
    with commit():
        call_command("import_jekyll", site_of_two(tmp_path), f"--fetch-seconds={value}", stdout=out)
    assert "2 added" in out.getvalue()
    assert fake.requests == []
    assert statuses() == ["pending"] * 2


@pytest.mark.parametrize("value", ["-1", "inf", "nan", "1e12", "soon", ""])
def test_a_wait_that_cannot_be_meant_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(CommandError, match="is no number of seconds from 0 to 9999"):
        call_command("import_jekyll", site_of_two(tmp_path), f"--fetch-seconds={value}", stdout=StringIO())
    assert not Embed.objects.exists()


def test_an_import_says_how_many_are_still_to_be_fetched(fake: FakeProvider, tmp_path: Path, impatient: None) -> None:
    fake.set(SIX[1], "silent")
    out = StringIO()
    call_command("import_jekyll", site_of_two(tmp_path), stdout=out)
    assert "embeds: 1 of 2 fetched; manage.py refresh_embeds will ask again for 1." in out.getvalue()
    assert sorted(statuses()) == ["live", "pending"]


def test_an_import_waits_no_longer_than_it_was_told(fake: FakeProvider, tmp_path: Path) -> None:
    fake.all("silent")
    call_command("import_jekyll", site_of_two(tmp_path), "--fetch-seconds=0.3", stdout=StringIO())
    assert [(e.status, e.failures) for e in Embed.objects.all()] == [("pending", 0)] * 2


def test_a_dry_run_asks_nobody(fake: FakeProvider, tmp_path: Path) -> None:
    call_command("import_jekyll", site_of_two(tmp_path), "--dry-run", stdout=StringIO())
    assert fake.requests == []
    assert not Embed.objects.exists()


# --- Pages, and the instances of Mastodon ---------------------------------------------------------------------------


def test_what_a_page_embeds_is_kept_as_well(fake: FakeProvider, commit: Commit, client: Client) -> None:
    with commit():
        Page.objects.create(title="About", slug="about", body=EMBED, published=True)
    assert statuses() == ["live"]
    html = client.get("/about/").content.decode()
    assert "One woman, one wet street" in html
    assert "A stylish woman walks" in html


def test_an_instance_that_is_allowed_later_turns_its_addresses_into_embeds(
    fake: FakeProvider, make_post: MakePost, commit: Commit, client: Client
) -> None:
    SiteSettings.objects.create(pk=1, mastodon_instances="")
    with commit():
        post = make_post(body=f"Look:\n\n{TOOT}\na toot", updated_at=None)
        Page.objects.create(title="About", slug="about", body=TOOT, published=True)
    assert not Embed.objects.exists()
    assert f'href="{TOOT}"' in client.get("/posts/post-1/").content.decode()
    site = SiteSettings.load()
    site.mastodon_instances = "mastodon.social\nfediverse.example"
    with commit():
        site.save()
    assert statuses() == ["live"]
    for address in ("/posts/post-1/", "/about/"):
        assert 'data-provider="mastodon"' in client.get(address).content.decode()
    post.refresh_from_db()
    assert post.updated_at is None  # nobody has written anything


def test_an_instance_that_is_no_longer_allowed_leaves_links(
    make_post: MakePost, commit: Commit, client: Client
) -> None:
    make_post(body=TOOT)
    site = SiteSettings.load()
    site.mastodon_instances = ""
    site.save()
    html = client.get("/posts/post-1/").content.decode()
    assert "data-provider" not in html
    assert f'href="{TOOT}"' in html
    assert Embed.objects.exists()  # it may be allowed again


def test_other_texts_are_left_alone_when_instances_change(make_post: MakePost) -> None:
    post = make_post(body=EMBED)
    Post.objects.update(body_html="<p>as it was</p>")
    site = SiteSettings.load()
    site.mastodon_instances = "fediverse.example"
    site.save()
    post.refresh_from_db()
    assert post.body_html == "<p>as it was</p>"


def test_an_address_among_the_variables_of_a_text_becomes_an_embed_as_well(make_post: MakePost) -> None:
    SiteSettings.objects.create(pk=1, mastodon_instances="")
    make_post(body="{% include embed/mastodon.html id=page.toot %}", variables={"toot": TOOT})
    site = SiteSettings.load()
    site.mastodon_instances = "mastodon.social"
    site.save()
    assert Embed.objects.count() == 1


def test_texts_that_are_saved_together_wait_together(
    make_post: MakePost, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(snapshots, "refresh", lambda embeds, *, seconds: waited.append(seconds))
    SiteSettings.objects.create(pk=1, mastodon_instances="")
    for number in range(3):
        make_post(body=f"{TOOT[:-1]}{number}")
    site = SiteSettings.load()
    site.mastodon_instances = "mastodon.social"
    with commit():
        site.save()
    assert Embed.objects.count() == 3
    assert sum(waited) <= snapshots.SAVE_SECONDS
