"""Every feed keeps the rules of its format: no errors and no warnings."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from blog.models import Embed, Series, SiteSettings
from tests.conftest import CHIRPY, EMBED
from tests.feeds.conftest import SITE
from tests.feeds.helpers import MakePost, still
from tests.feeds.hub import FakeHub
from tests.feeds.rules import problems

LISTS = ["", "categories/ai/", "categories/ai/%EB%89%B4%EC%8A%A4/", "tags/%EB%B0%A4/", "authors/ada-co/"]
LISTS += ["series/%EB%B0%A4/", "prompts/", "models/sora/"]
DOCUMENTS = [f"/{name}{file}" for name in LISTS for file in ("feed.xml", "rss.xml")]
DOCUMENTS += [f"/{name}{kind}/archive/1.xml" for name in LISTS for kind in ("feed", "rss")]

EVERYTHING = f"""{EMBED.rstrip()}
> Model: Sora 1.0
> Seed: 42
> Negative prompt: blur & <noise>

## 제목 & [a link](../other/) and `code <b>`

```python
print("1 < 2")
```
{{: file="a.py" }}

| a | b |
|:--|--:|
| 1 | 2 |

- [x] done
- ~~not~~

Term
: what it means[^1]

> Careful.
{{: .prompt-warning }}

<span style="color:red; background-color: gold">coloured</span> H<sub>2</sub>O <kbd>A</kbd>

<details markdown="1"><summary>more</summary>

text

</details>

https://www.youtube.com/watch?v=aqz-KE-bpKQ
a film

{{% include embed/audio.html src='/assets/a.mp3' %}}

![cat](/assets/cat.png){{: w="640" h="360" }}
_a cat_

[^1]: a note
"""


@pytest.fixture
def blog(make_post: MakePost, hub: FakeHub, django_user_model: Any) -> None:
    """A blog with all there is, on the web."""
    SiteSettings.objects.filter(pk=1).update(licence="© 2024 <me>", description='Films & "prompts"')
    series = Series.objects.create(title="밤 & 낮", slug="밤")
    shared = {"category": "AI/뉴스", "tags": ["밤", "q&a"], "series": series, "lang": "ko"}
    ada = django_user_model.objects.create_user("ada", first_name="Ada & Co")
    for number in range(22):
        midnight = datetime(2024, 2, 1 + number // 2, tzinfo=UTC)
        body = EVERYTHING if number in (0, 21) else f"Short.\n\n> Prompt: {number}\n> Model: Sora"
        post = make_post(title=f"글 | {number} & more", body=body, author=ada, publish_at=midnight, **shared)
    Embed.objects.update(poster=still('A "night"'))
    post.slug, post.image = "moved", still("cover")
    post.save()


def test_every_feed_and_archive_keeps_the_rules(client: Client, blog: None) -> None:
    for address in DOCUMENTS:
        response = client.get(address, secure=True)
        assert response.status_code == 200, address
        assert problems(response.content, f"{SITE}{address}") == [], address


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml", "/prompts/feed.xml", "/prompts/rss.xml"])
def test_a_feed_of_summaries_keeps_them_too(client: Client, blog: None, address: str) -> None:
    SiteSettings.objects.update(feed_content="summary")
    assert problems(client.get(address, secure=True).content, f"{SITE}{address}") == []


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml"])
def test_an_empty_feed_keeps_them(client: Client, hub: FakeHub, address: str) -> None:
    assert problems(client.get(address, secure=True).content, f"{SITE}{address}") == []


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml", "/prompts/feed.xml", "/prompts/rss.xml"])
def test_the_real_post_keeps_them(client: Client, seed: Path, hub: FakeHub, address: str) -> None:
    call_command("import_jekyll", seed, verbosity=0, stdout=StringIO(), fetch_seconds=0)
    assert problems(client.get(address, secure=True).content, f"{SITE}{address}") == []


@pytest.mark.parametrize("address", ["/feed.xml", "/rss.xml"])
def test_the_themes_own_posts_keep_them(client: Client, hub: FakeHub, address: str) -> None:
    if not CHIRPY.is_dir():
        pytest.skip("the theme's demo posts are not on this machine")
    call_command("import_jekyll", CHIRPY, verbosity=0, stdout=StringIO(), fetch_seconds=0)
    assert problems(client.get(address, secure=True).content, f"{SITE}{address}") == []


def broken(document: bytes, old: bytes, new: bytes) -> list[str]:
    assert old in document
    return problems(document.replace(old, new), f"{SITE}/feed.xml")


def test_the_rules_find_what_is_wrong(client: Client, blog: None) -> None:
    document = client.get("/feed.xml", secure=True).content
    url = SITE.encode()
    assert "self isn't where it is" in broken(document, b'/feed.xml" rel="self"', b'/other.xml" rel="self"')
    assert any("the id" in p for p in broken(document, b"/posts/post-20/</id>", b"/posts/post-21/</id>"))
    assert any("relative" in p for p in broken(document, b'href="' + url + b"/posts/other/", b'href="../other/'))
    assert any("invalid HTML" in p for p in broken(document, b"&lt;/figcaption&gt;", b""))
    assert "<figure onclick>" in broken(document, b"&lt;figure&gt;", b'&lt;figure onclick="x"&gt;')
    assert any("bytes" in p for p in broken(document, b' length="', b' length="x'))
    assert any("date" in p for p in broken(document, b"<published>2024-02-11T", b"<published>2924-02-11T"))
