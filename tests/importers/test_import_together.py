"""What follows from saving posts is done for several at once: nobody can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from blog import related
from blog.importers.store import Store
from blog.lists import listings
from blog.models import Listing, Post, PostEntry, Prompt, PromptEntry
from blog.search import index
from tests.conftest import TOKYO
from tests.importers.helpers import run, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """More posts than are imported in one transaction."""
    for number in range(45):
        front = f"title: Post {number}\ncategories: [AI, News]\ntags: [film, t{number % 7}]"
        film = f"https://x.com/a/status/{int(TOKYO) + number}\nwalk"
        prompt = f"> Prompt: take {number}\n> Model: Sora\n> Failure: hands"
        write(tmp_path / f"site/_posts/2024-01-{number % 28 + 1:02}-post-{number}.md", front, f"{film}\n{prompt}")
    return tmp_path / "site"


def test_entries_listings_and_likenesses_are_those_of_posts_saved_one_by_one(site: Path) -> None:
    assert run(site).error == ""
    posts = list(Post.objects.order_by("pk").values_list("pk", flat=True))
    prompts = list(Prompt.objects.values_list("pk", flat=True))
    assert (len(posts), PostEntry.objects.count(), PromptEntry.objects.count()) == (45, 45, 45)
    assert Listing.objects.filter(kind=Listing.Kind.PROMPTED).count() == 45
    assert index.posts(posts, add=True) == index.prompts(prompts, add=True) == 0
    assert listings.refresh(posts) == 0
    assert all(Post.objects.values_list("related", flat=True))
    for post in Post.objects.only(*related.NEEDED):
        assert related.derive(post) == post.related


def test_a_problem_with_one_post_is_no_problem_of_those_beside_it(site: Path) -> None:
    write(site / "_posts/2024-01-02-post-60.md", f"title: Post 60\ntags: [{'a' * 101}]")
    result = run(site)
    assert "1 of 46 files were not imported" in result.error
    assert (Post.objects.count(), PostEntry.objects.count()) == (45, 45)


@pytest.mark.django_db(transaction=True)
def test_whatever_stops_it_leaves_posts_with_all_that_follows(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = Store.post, 30

    def post(self: Store, source: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return real(self, source)

    monkeypatch.setattr(Store, "post", post)
    with pytest.raises(KeyboardInterrupt):
        run(site)
    assert Post.objects.count() == PostEntry.objects.count() == 20
    assert Listing.objects.filter(kind=Listing.Kind.PROMPTED).count() == 20
    monkeypatch.undo()
    assert "25 added, 0 changed, 20 unchanged, 0 problems." in run(site).out
