"""`/search/`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from blog.models import SiteSettings


@pytest.fixture(autouse=True)
def _english(db: None) -> None:
    SiteSettings(language="en", title="Roost").save()


def page(client: Client, **values: str) -> str:
    response = client.get("/search/", values)
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r'<h2><a href="/posts/([^/]*)/">', html)


def test_the_empty_page_explains_itself_and_offers_tags(client: Client, make_post: Any) -> None:
    make_post(tags=["film", "영상"])
    make_post(tags=["film"])
    html = page(client)
    assert 'name="q" value=""' in html
    assert re.findall(r">#(\w+)</a>", html) == ["film", "영상"]
    assert '<meta name="robots" content="noindex, follow">' in html
    assert "canonical" not in html
    assert "<title>Search — Roost</title>" in html


def test_hits_have_their_words_marked(client: Client, make_post: Any) -> None:
    make_post(slug="a", title="동영상 <1>", body="여기서 영상을 봅니다.")
    html = page(client, q="영상")
    assert "동<mark>영상</mark> &lt;1&gt;</a>" in html
    assert "여기서 <mark>영상</mark>을 봅니다." in html
    assert "1 post<" in html
    assert "<title>“영상” — Search — Roost</title>" in html


def test_a_hit_in_title_or_tags_alone_shows_the_summary(client: Client, make_post: Any) -> None:
    make_post(slug="a", summary="What it <i>is</i>.", tags=["영상"])
    assert '<p class="summary">What it &lt;i&gt;is&lt;/i&gt;.</p>' in page(client, q="영상")


def test_a_hit_in_tags_category_or_models_says_which(client: Client, make_post: Any) -> None:
    make_post(
        slug="a", title="하나", body="> Prompt: x\n> Model: Kling 2", tags=["영상 <1>", "film"], category="AI/News"
    )
    found = '<p class="hint" lang="en">Found in {}</p>'
    assert found.format("<mark>영상</mark> &lt;1&gt;") in page(client, q="영상")
    assert found.format("<mark>AI / News</mark>") in page(client, q="ai/news")
    assert found.format("<mark>Kling</mark>") in page(client, q="kling")
    assert found.format("<mark>영상</mark> &lt;1&gt; · <mark>Kling</mark>") in page(client, q="하나 영상 kling")
    assert "Found in" not in page(client, q="하나")
    assert "Found in" not in page(client, **{"q": "x", "in": "prompts"})


def test_a_model_of_a_prompt_that_has_left_the_text_is_not_named(client: Client, make_post: Any) -> None:
    post = make_post(slug="a", body="> Prompt: x\n> Model: Kling", tags=["Kling film"])
    post.body = "No prompt."
    post.save()
    assert "Found in <mark>Kling</mark> film</p>" in page(client, q="kling")


def test_initials_mark_the_syllables_they_stand_for(client: Client, make_post: Any) -> None:
    make_post(slug="title", title="긴 소라 영상", body="소라가 나옵니다.", publish_at=datetime(2025, 5, 1, tzinfo=UTC))
    make_post(slug="tag", title="x", body="소라가 나옵니다.", tags=["나의 소라"])
    html = page(client, q="ㅅㄹㅇ")
    assert "긴 <mark>소라 영</mark>상</a>" in html
    assert "Found in" not in html
    html = page(client, q="ㅅㄹ")
    assert titles(html) == ["title", "tag"]
    assert "Found in 나의 <mark>소라</mark></p>" in html
    assert "<mark>소라</mark>가" not in html  # texts aren't searched so


def test_what_is_typed_is_never_html(client: Client, make_post: Any) -> None:
    make_post(title="script")
    for typed in ('"><script>alert(1)</script>', "</title><script>", "' onfocus='x"):
        html = page(client, q=typed)
        assert typed not in html
        assert typed not in client.get("/search/", {"q": typed, "part": "results"}).content.decode()


def test_filters_narrow_and_can_be_taken_back(client: Client, make_post: Any) -> None:
    make_post(slug="a", title="고래", category="AI/News", tags=["film"], publish_at=datetime(2023, 5, 1, tzinfo=UTC))
    make_post(slug="b", title="고래", category="AI", publish_at=datetime(2024, 5, 1, tzinfo=UTC))
    make_post(slug="c", body="> Prompt: 고래", publish_at=datetime(2025, 5, 1, tzinfo=UTC))
    assert titles(page(client, q="고래")) == ["b", "a", "c"]
    assert titles(page(client, q="고래", category="ai")) == ["b", "a"]
    assert titles(page(client, q="고래", category="ai/news")) == ["a"]
    assert titles(page(client, q="고래", tag="film")) == ["a"]
    assert titles(page(client, q="고래", year="2024")) == ["b"]
    narrowed = client.get("/search/", {"q": "고래", "in": "prompts"}).content.decode()
    assert titles(narrowed) == ["c"]
    assert f'<a href="/search/?q={quote("고래")}">Search everywhere</a>' in narrowed
    assert 'name="in" value="prompts" checked' in narrowed
    assert titles(page(client, category="ai")) == ["b", "a"]
    assert titles(page(client, **{"in": "prompts"})) == ["c"]
    assert '<option value="ai/news">AI / News</option>' in narrowed
    assert re.findall(r'<option value="(\d+)">', narrowed) == ["2025", "2024", "2023"]


def test_in_prompts_the_passage_is_a_prompts(client: Client, make_post: Any) -> None:
    make_post(body="A whale in the text.\n\n> Prompt: one whale\n> Negative prompt: two whales")
    assert '<p class="summary">one <mark>whale</mark> two <mark>whales</mark></p>' in page(
        client, q="whale", **{"in": "prompts"}
    )


@pytest.mark.parametrize(
    "query",
    [
        *("tag=none", "category=none", "year=1999", "year=0000", "year=0001", "year=9999", "year=10000", "year=x"),
        *("year=２０２４", "tag=film&year=1999", "q=a&page=2", "page=0", "page=x", "q=x&page=999999"),
    ],
)
def test_what_is_not_there_is_not_found_on_the_page_or_alone(client: Client, make_post: Any, query: str) -> None:
    make_post(title="a", tags=["film"], category="AI")
    make_post(title="a", tags=["none"], category="None", publish_at=datetime(1999, 5, 1, tzinfo=UTC), status="draft")
    assert client.get(f"/search/?q=sora&{query}").status_code == 404
    assert client.get(f"/search/?q=sora&{query}&part=results").status_code == 404


def test_the_most_used_tags_can_be_chosen_and_one_that_is_in_the_address(client: Client, make_post: Any) -> None:
    make_post(slug="a", tags=[f"t{number:02}" for number in range(50)])
    make_post(tags=[f"t{number:02}" for number in range(50)])
    make_post(slug="rare", tags=["rare"])
    offered = re.compile(r'<option value="([a-z]+[0-9]*)"')
    assert offered.findall(page(client)) == [f"t{number:02}" for number in range(50)]
    html = page(client, tag="rare")
    assert offered.findall(html) == ["rare", *(f"t{number:02}" for number in range(50))]
    assert '<option value="rare" selected>' in html
    assert titles(html) == ["rare"]


def test_the_years_that_are_offered_are_those_with_posts(client: Client, make_post: Any) -> None:
    make_post(publish_at=datetime(2019, 12, 31, 23, tzinfo=UTC))  # 2020 in Seoul
    make_post(publish_at=datetime(2024, 5, 1, tzinfo=UTC))
    assert re.findall(r'<option value="(\d+)">', page(client)) == ["2024", "2020"]
    assert client.get("/search/?year=2022&part=results").status_code == 404
    assert client.get("/search/?year=2020&part=results").status_code == 200


def test_odd_values_are_no_errors(client: Client, make_post: Any) -> None:
    make_post(title="a")
    for query in ("q=%00", "q=%ff", "q=a&year=x", "q=a&in=x", "q=a&tag=%00", "q=" + "a" * 5000, "q=a&q=b"):
        assert client.get(f"/search/?{query}").status_code in (200, 404)


def test_pages_keep_words_and_filters(client: Client, make_post: Any) -> None:
    for _ in range(25):
        make_post(title="고래 & 바다", tags=["a&b"])
    first = page(client, q="고래 & 바다", tag="ab")
    words = quote("고래 & 바다", safe="").replace("%20", "+")
    assert f'rel="next" href="/search/?q={words}&amp;tag=ab&amp;page=2"' in first
    assert 'rel="prev"' not in first
    second = page(client, q="고래 & 바다", tag="ab", page="2")
    assert f'rel="prev" href="/search/?q={words}&amp;tag=ab"' in second
    assert "<title>“고래 &amp; 바다” — Search — page 2 — Roost</title>" in second
    last = page(client, q="고래 & 바다", tag="ab", page="3")
    assert len(titles(last)) == 5
    assert 'rel="next"' not in last


def test_where_nothing_is_found_near_titles_and_tags_are_offered(client: Client, make_post: Any) -> None:
    make_post(slug="near", title="프롬프트를 쓰는 법")
    make_post(slug="english", title="The prompts of spring", tags=["prompts"])
    make_post(slug="hidden", title="프롬프트를 쓰는 법", tags=["prompter"], status="draft")
    html = page(client, q="프럼프트")
    assert "Nothing has all of these words." in html
    assert re.findall(r'href="/posts/(\w+)/"', html) == ["near"]
    html = page(client, q="promtps")
    assert re.findall(r'href="/posts/(\w+)/"', html) == ["english"]
    assert re.findall(r">#(\w+)</a>", html) == ["prompts"]


def test_nothing_but_signs_finds_nothing(client: Client, make_post: Any) -> None:
    make_post()
    assert "0 posts" in page(client, q="?!")


def test_the_script_gets_the_results_alone(client: Client, make_post: Any) -> None:
    make_post(slug="a", title="고래")
    html = client.get("/search/", {"q": "고래", "part": "results"}).content.decode()
    assert "<html" not in html
    assert "<form" not in html
    assert titles(html) == ["a"]
    assert 'data-title="“고래” — Search — Roost"' in html


def test_every_page_has_a_field_and_the_search_has_one(client: Client, make_post: Any) -> None:
    make_post()
    for address, ids in (("/", 1), ("/posts/post-1/", 1), ("/search/", 1), ("/nothing/", 1)):
        html = client.get(address).content.decode()
        assert html.count("data-search>") == ids
    assert "js/search.js" in client.get("/search/").content.decode()
    assert "js/search.js" not in client.get("/").content.decode()


def test_it_can_only_be_read(client: Client) -> None:
    assert client.post("/search/").status_code == 405


def test_it_speaks_korean_too(client: Client, make_post: Any) -> None:
    SiteSettings.objects.update(language="ko")
    make_post(title="고래")
    assert "글 1개" in page(client, q="고래")
    assert "이 말이 모두 들어 있는 글이 없습니다." in page(client, q="없음")
