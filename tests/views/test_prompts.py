"""The gallery of prompts and the page of each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from blog.models import FailureMode, Generator, Image, Page, Post, Prompt, PromptTranslation, SiteSettings
from tests.conftest import EMBED, TOKYO

MakePost = Callable[..., Post]
HOSTILE = '</script><b onmouseover="x">&\u2028 "'


def quote(text: str, *settings: str) -> str:
    return "\n> ".join([f"> Prompt: {text}", *settings])


def titles(client: Client, address: str) -> list[str]:
    html = client.get(address).content.decode()
    found = re.findall(r"<h2 lang[^>]*>(.*?)</h2>", html)
    return [unescape(re.sub("<[^>]+>", "", title)).removeprefix("프롬프트: ") for title in found]


def only() -> Prompt:
    return Prompt.objects.current().get()


# The gallery


def test_the_gallery_shows_still_caption_prompt_model_date_and_post(client: Client, make_post: MakePost) -> None:
    make_post(
        title="제목",
        slug="one",
        body=f"{EMBED.rstrip()}\n> Model: Sora 1.0",
        publish_at=datetime(2024, 2, 19, tzinfo=UTC),
    )
    prompt = only()
    html = client.get("/prompts/").content.decode()
    assert f'<h2 lang="ko"><a href="/prompts/{prompt.public_id}/">tokyo walk</a></h2>' in html
    assert "<p data-copy-text>A stylish woman walks down a Tokyo street.</p>" in html
    assert '<a href="/models/sora/">Sora 1.0</a>' in html
    assert ">2024.02.19</time>" in html
    assert f'href="/posts/one/#prompt-{prompt.public_id}"' in html
    assert f'<a class="still tone-0" href="/prompts/{prompt.public_id}/"' in html
    image = Image.objects.create(file="a.png", width=16, height=9)
    assert prompt.post_embed is not None
    prompt.post_embed.embed.poster = image
    prompt.post_embed.embed.save()
    assert '<img src="/media/a.png" width="16" height="9" alt=""' in client.get("/prompts/").content.decode()
    prompt.post_embed.embed.takedown = True
    prompt.post_embed.embed.save()
    assert "<img" not in client.get("/prompts/").content.decode()


def test_newest_posts_come_first_and_their_prompts_in_the_order_of_the_text(
    client: Client, make_post: MakePost
) -> None:
    make_post(body=f"{quote('one')}\n\n{quote('two')}")
    make_post(body=f"{quote('three')}\n\n{quote('four')}")
    assert titles(client, "/prompts/") == ["three", "four", "one", "two"]


def test_a_long_prompt_can_be_opened_and_a_short_one_needs_not(client: Client, make_post: MakePost) -> None:
    make_post(body=quote("short"))
    assert "<details" not in client.get("/prompts/").content.decode()
    make_post(body=quote("long " * 100))
    html = client.get("/prompts/").content.decode()
    assert html.count('<details class="unclamp"') == html.count('class="clamped"') == 1
    assert ("long " * 100).strip() in html


@pytest.fixture
def varied(make_post: MakePost) -> None:
    make_post(body=quote("a red cat", "Model: Sora 1.0", "Failure: physics"), tags=["film"], slug="a")
    make_post(body=quote("고양이가 잔다", "Model: Veo", "Negative prompt: blur"), tags=["film", "cat"], slug="b")
    make_post(body=f"https://x.com/a/status/{TOKYO}\nRed 자막\n{quote('a dog')}", tags=["dog"], slug="c")


def test_a_prompt_without_a_caption_is_not_said_twice(client: Client, make_post: MakePost) -> None:
    make_post(body=quote("A <red> room."))
    html = client.get("/prompts/").content.decode()
    prompt = Prompt.objects.get()
    title = '<span lang="ko">프롬프트</span><span class="visually-hidden">: A &lt;red&gt; room.</span>'
    assert f'<h2 lang="en"><a href="/prompts/{prompt.public_id}/">{title}</a></h2>' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Red 자막", "고양이가 잔다", "a red cat"]),
        ("model=sora", ["a red cat"]),
        ("lang=ko", ["고양이가 잔다"]),
        ("lang=en", ["Red 자막", "a red cat"]),
        ("tag=film", ["고양이가 잔다", "a red cat"]),
        ("failure=physics", ["a red cat"]),
        ("tag=film&lang=en&model=sora", ["a red cat"]),
        ("tag=dog&model=sora", []),
        ("q=RED", ["Red 자막", "a red cat"]),
        ("q=red+dog", ["Red 자막"]),
        ("q=blur", ["고양이가 잔다"]),
        ("q=%EA%B3%A0%EC%96%91", ["고양이가 잔다"]),
        ("q=%E1%84%80%E1%85%A9%E1%84%8B%E1%85%A3%E1%86%BC%E1%84%8B%E1%85%B5", ["고양이가 잔다"]),
        ("q=100%25", []),
        ("q=_", []),
        ("q=%00+red", ["Red 자막", "a red cat"]),
        ("model=&lang=&tag=&q=", ["Red 자막", "고양이가 잔다", "a red cat"]),
        ("unknown=1", ["Red 자막", "고양이가 잔다", "a red cat"]),
    ],
)
def test_prompts_are_filtered_and_searched(client: Client, varied: None, query: str, found: list[str]) -> None:
    assert titles(client, f"/prompts/?{query}") == found


def test_a_translation_is_searched_too(client: Client, varied: None) -> None:
    cat = Prompt.objects.get(text="a red cat")
    for lang, text in (("ko", "빨간 고양이"), ("ja", "赤い猫 고양이")):
        PromptTranslation.objects.create(prompt=cat, lang=lang, text=text)
    assert titles(client, "/prompts/?q=고양이") == ["고양이가 잔다", "a red cat"]


@pytest.mark.parametrize("query", ["model=none", "lang=xx", "tag=none", "failure=none", "page=0", "page=2", "page=x"])
def test_what_no_filter_offers_is_not_found(client: Client, varied: None, query: str) -> None:
    assert client.get(f"/prompts/?{query}", follow=True).status_code == 404


def test_the_words_that_were_searched_for_are_marked_and_nothing_else_becomes_html(
    client: Client, make_post: MakePost
) -> None:
    make_post(body=quote("a <b>Cat</b> & a cat"))
    html = client.get("/prompts/?q=cat+b").content.decode()
    assert "a &lt;<mark>b</mark>&gt;<mark>Cat</mark>&lt;/<mark>b</mark>&gt; &amp; a <mark>cat</mark></p>" in html
    assert 'value="cat b"' in html
    assert "<b>" not in client.get("/prompts/?q=%3Cb%3E").content.decode().split("<main")[1].split("found")[0]


def test_pages_keep_the_filters(client: Client, make_post: MakePost) -> None:
    for number in range(13):
        make_post(body=quote(f"prompt number {number}"), tags=["a&b"])
    html = client.get("/prompts/?tag=ab&q=prompt+number&unknown=1").content.decode()
    assert 'rel="next" href="/prompts/page/2/?tag=ab&amp;q=prompt+number"' in html
    second = client.get("/prompts/page/2/?tag=ab&q=prompt+number").content.decode()
    assert 'rel="prev" href="/prompts/?tag=ab&amp;q=prompt+number"' in second
    assert "프롬프트 13개" in second


def test_an_empty_gallery_says_so(client: Client, db: None) -> None:
    assert "아직 발행된 프롬프트가 없습니다" in client.get("/prompts/").content.decode()
    assert "그런 프롬프트는 없습니다" in client.get("/prompts/?q=x").content.decode()


def test_the_site_leads_to_the_gallery(client: Client, db: None) -> None:
    assert '<li><a href="/prompts/">프롬프트</a></li>' in client.get("/").content.decode()
    assert '<a href="/prompts/" aria-current="page">' in client.get("/prompts/").content.decode()


# The page of a prompt


@pytest.fixture
def shown(make_post: MakePost) -> Prompt:
    body = f"""# Streets

Before it.

https://x.com/OpenAI/status/{TOKYO}
tokyo walk
> Prompt: A woman walks  down a wet street.
> Model: Sora 1.0
> Negative prompt: text & logos
> Aspect: 16:9
> Seed: 42
> Settings: tiling=on
> Failure: object duplication
> Notes: Take <4>.

After it."""
    make_post(title="제목", slug="one", body=body, publish_at=datetime(2024, 2, 19, 8, tzinfo=UTC))
    return only()


def test_the_page_of_a_prompt_says_all_that_is_known(client: Client, shown: Prompt) -> None:
    html = client.get(f"/prompts/{shown.public_id}/").content.decode()
    main = html[html.index("<main") :]
    assert '<h1 lang="ko">tokyo walk</h1>' in main
    assert "<p data-copy-text>A woman walks  down a wet street.</p>" in main
    assert 'data-provider="x" data-id="1758192965703647443"' in main
    rows = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", main)
    assert rows == [
        ("모델", "Sora 1.0"),
        ("네거티브 프롬프트", "text &amp; logos"),
        ("시드", "42"),
        ("화면비", "16:9"),
        ("tiling", "on"),
    ]
    assert '<a href="/prompts/failures/object-duplication/">object duplication</a>' in main
    assert "<p>Take &lt;4&gt;.</p>" in main
    assert "<b>제목</b> · Streets</p>\n<p>Before it.</p>\n<p>After it.</p>" in main
    assert f'<a href="/posts/one/#prompt-{shown.public_id}">글에서 이어 읽기</a>' in main
    assert main.count('id="prompt:') == len(set(re.findall(r'id="(prompt:[^"]*)"', main)))


def test_a_prompt_without_anything_else_has_a_page(client: Client, make_post: MakePost) -> None:
    make_post(body=quote("a cat"))
    html = client.get(f"/prompts/{only().public_id}/").content.decode()
    assert '<h1 lang="en">a cat</h1>' in html
    for absent in ("<figure", "<dl", "번역</h2>", "변형</h2>", "메모</h2>", 'rel="prev"', 'rel="next"'):
        assert absent not in html


def test_what_can_be_copied_stands_in_the_page(client: Client, shown: Prompt) -> None:
    html = client.get(f"/prompts/{shown.public_id}/").content.decode()
    found = {
        key: unescape(text) for key, text in re.findall(r'<template id="([^"]+)">(.*?)</template>', html, re.DOTALL)
    }
    assert found["prompt:with-settings"].startswith(
        "A woman walks  down a wet street.\n\nModel: Sora 1.0\nNegative prompt:"
    )
    assert found["prompt:markdown"] == client.get(f"/prompts/{shown.public_id}.md").content.decode()


def test_translations_stand_under_the_original(client: Client, shown: Prompt) -> None:
    PromptTranslation.objects.create(prompt=shown, lang="ko", text="여자가  걷는다.")
    PromptTranslation.objects.create(prompt=shown, lang="tlh", text="be' yIt.")
    html = client.get(f"/prompts/{shown.public_id}/").content.decode()
    assert '<blockquote lang="ko" translate="no"><p data-copy-text>여자가  걷는다.</p></blockquote>' in html
    assert '<span lang="ko">한국어</span>' in html
    assert '<span lang="tlh">tlh</span>' in html
    assert html.index("A woman walks") < html.index("여자가")


def test_variants_show_what_they_say_otherwise(client: Client, shown: Prompt, make_post: MakePost) -> None:
    make_post(body=quote("A woman runs down a wet street.", f"Variant of: {shown.public_id}"))
    make_post(body=quote("x " * 2000 + "y", f"Variant of: {shown.public_id}"))
    variant, long = Prompt.objects.filter(variant_of=shown).order_by("pk")
    html = client.get(f"/prompts/{shown.public_id}/").content.decode()
    assert "<p>A woman <del>walks</del><ins>runs</ins> down a wet street.</p>" in html
    assert f'<a href="/prompts/{variant.public_id}/"' in html
    assert f"<p>{long.text}</p>" in html
    back = client.get(f"/prompts/{variant.public_id}/").content.decode()
    assert "<del>runs</del><ins>walks</ins>" in back


def test_prompts_lead_to_the_earlier_and_the_later_one(client: Client, make_post: MakePost) -> None:
    same = datetime(2024, 5, 5, tzinfo=UTC)
    for word in ("one", "two"):
        make_post(body=f"{quote(word)}\n\n{quote(word + ' again')}", publish_at=same)
    ids = dict(Prompt.objects.values_list("text", "public_id"))
    order = ["one", "one again", "two", "two again"]
    for i, text in enumerate(order):
        html = client.get(f"/prompts/{ids[text]}/").content.decode()
        sides = re.findall(r'rel="(prev|next)"(?: class="newer")? href="/prompts/(\w+)/"', html)
        wanted = [("prev", ids[order[i - 1]])] if i else []
        assert sides == wanted + ([("next", ids[order[i + 1]])] if i < 3 else [])


def test_linked_data_says_what_it_is_and_ends_no_script(client: Client, make_post: MakePost) -> None:
    SiteSettings(pk=1, author_name="Mina", licence="CC BY 4.0").save()
    make_post(
        title=HOSTILE, slug="one", body=f"https://x.com/a/status/{TOKYO}\n{HOSTILE.strip()}\n{quote(HOSTILE.strip())}"
    )
    html = client.get(f"/prompts/{only().public_id}/").content.decode()
    source = html.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert not re.search("[<>&\u2028]", source)
    data: dict[str, Any] = json.loads(source)
    assert data["@type"] == "CreativeWork"
    assert (data["name"], data["text"]) == (only().caption, only().text)
    assert "</script>" in data["text"]
    assert data["isPartOf"] == {"@type": "BlogPosting", "headline": HOSTILE, "url": "http://testserver/posts/one/"}
    assert data["author"] == {"@type": "Person", "name": "Mina"}
    assert data["license"] == {"@type": "CreativeWork", "name": "CC BY 4.0"}
    assert data["associatedMedia"] == {"@type": "MediaObject", "url": f"https://x.com/i/status/{TOKYO}"}
    assert data["datePublished"].startswith("2024-01-02T")
    assert data["inLanguage"] == "en"


# Files


def test_the_text_file_is_the_prompt_to_the_byte(client: Client, make_post: MakePost) -> None:
    make_post(body="> Prompt: one  two\n>\n> \tthree é 한글 <b> &\n>    four\n> Seed: 1")
    response = client.get(f"/prompts/{only().public_id}.txt")
    assert response.content == "one  two\n\n\tthree é 한글 <b> &\n   four".encode()
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_markdown_and_json_are_offered(client: Client, shown: Prompt, make_post: MakePost) -> None:
    markdown = client.get(f"/prompts/{shown.public_id}.md")
    assert markdown.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert f"[tokyo walk](http://testserver/prompts/{shown.public_id}/)" in markdown.content.decode()
    make_post(body=quote("A variant", f"Variant of: {shown.public_id}"))
    PromptTranslation.objects.create(prompt=shown, lang="ko", text="여자가 걷는다.")
    response = client.get(f"/prompts/{shown.public_id}.json")
    assert response.headers["Content-Type"] == "application/json"
    data = response.json()
    assert data["url"] == f"http://testserver/prompts/{shown.public_id}/"
    assert (data["id"], data["text"], data["lang"]) == (shown.public_id, shown.text, "en")
    assert (data["caption"], data["post_title"], data["notes"]) == ("tokyo walk", "제목", "Take <4>.")
    assert (data["model"], data["model_version"], data["model_status"]) == ("Sora", "1.0", "active")
    assert data["parameters"] == {"seed": "42", "aspect": "16:9", "tiling": "on"}
    assert data["translations"] == {"ko": "여자가 걷는다."}
    assert data["variants"] == [Prompt.objects.get(text="A variant").public_id]
    assert data["date_published"] == "2024-02-19T08:00:00+00:00"


def test_all_prompts_of_a_post_are_one_file(client: Client, make_post: MakePost) -> None:
    make_post(title="둘", slug="둘", body=f"{EMBED}\n{quote('second', 'Seed: 1')}")
    response = client.get("/posts/둘/prompts.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = response.content.decode()
    assert text.startswith("둘\nhttp://testserver/posts/")
    assert text.endswith("tokyo walk\n\nA stylish woman walks down a Tokyo street.\n\n---\n\nsecond\n\nSeed: 1\n")
    make_post(slug="none", body="No prompt.")
    assert client.get("/posts/none/prompts.txt").status_code == 404


@pytest.mark.parametrize("suffix", ["/", ".txt", ".md", ".json"])
def test_a_prompt_that_was_taken_out_is_gone_and_one_that_never_was_is_not_found(
    client: Client, make_post: MakePost, suffix: str
) -> None:
    post = make_post(body=EMBED)
    address = f"/prompts/{only().public_id}{suffix}"
    assert client.get(address).status_code == 200
    post.body = "Nothing."
    post.save()
    response = client.get(address)
    assert response.status_code == 410
    assert "A stylish woman" not in response.content.decode()
    assert client.get(f"/prompts/abcdefghjk{suffix}").status_code == 404
    post.status = "draft"
    post.save()
    assert client.get(address).status_code == 404


# On the page of the post


def test_prompts_in_a_post_lead_to_their_pages_and_files(client: Client, shown: Prompt) -> None:
    html = client.get("/posts/one/").content.decode()
    assert f'<section class="prompt" role="group" id="prompt-{shown.public_id}"' in html
    assert (
        f'<a href="/prompts/{shown.public_id}/">프롬프트</a> · <a class="model" href="/models/sora/">Sora 1.0</a>'
        in html
    )
    assert f'<a class="quiet no-script" href="/prompts/{shown.public_id}.txt">.txt</a>' in html
    assert '<span>시드 <b translate="no">42</b></span>' in html
    assert "text &amp; logos" in html
    assert "prompts.txt" not in html


def test_a_post_with_several_prompts_offers_them_all(client: Client, make_post: MakePost) -> None:
    make_post(slug="two", body=f"{quote('one')}\n\n{quote('two')}")
    html = client.get("/posts/two/").content.decode()
    found = re.search(r'<template id="prompt:all">(.*?)</template>', html, re.DOTALL)
    assert found
    assert unescape(found[1]) == client.get("/posts/two/prompts.txt").content.decode()
    assert '<a href="/posts/two/prompts.txt">prompts.txt</a>' in html


def test_the_prompts_of_a_page_keep_what_is_written(client: Client, db: None) -> None:
    Page(title="About", slug="about", body=quote("a cat", "Model: Sora 1.0", "Seed: 42")).save()
    html = client.get("/about/").content.decode()
    assert "Sora 1.0" in html
    assert "42</b>" in html
    assert "/prompts/1" not in html
    assert not Generator.objects.exists()


# Failure modes


def test_failure_modes_are_listed_by_how_often_they_are_named(client: Client, make_post: MakePost) -> None:
    make_post(body=f"{quote('one', 'Failure: hands, physics')}\n\n{quote('two', 'Failure: physics')}")
    FailureMode.objects.filter(name="physics").update(description="Things fall up.")
    FailureMode.objects.create(name="unused", slug="unused")
    html = client.get("/prompts/failures/").content.decode()
    assert re.findall(r'<li><a href="/prompts/failures/(\w+)/">\w+</a> <span class="count">(\d)', html) == [
        ("physics", "2"),
        ("hands", "1"),
    ]
    assert "Things fall up." in html
    assert titles(client, "/prompts/failures/hands/") == ["one"]
    assert "Things fall up." in client.get("/prompts/failures/physics/").content.decode()
    for nothing in ("unused", "none"):
        assert client.get(f"/prompts/failures/{nothing}/").status_code == 404


def test_without_failures_the_list_says_so(client: Client, db: None) -> None:
    assert "아직 실패 유형을 적은 프롬프트가 없습니다" in client.get("/prompts/failures/").content.decode()


# Models


def test_a_model_has_a_page_with_its_prompts_and_posts(client: Client, make_post: MakePost) -> None:
    sora = Generator.objects.create(
        name="Sora", slug="sora", vendor="OpenAI", url="https://openai.com/sora", description="One.\n\nTwo."
    )
    make_post(title="by line", body=quote("a cat", "Model: Sora"))
    make_post(title="by post", generator=sora)
    make_post(title="neither", body=quote("a dog", "Model: Veo"))
    html = client.get("/models/sora/").content.decode()
    assert titles(client, "/models/sora/") == ["a cat"]
    assert "by line" in html
    assert "by post" in html
    assert "neither" not in html
    assert "<p>One.</p>\n\n<p>Two.</p>" in html
    assert 'href="https://openai.com/sora"' in html
    assert "종료" not in html
    assert '<a href="/models/sora/">Sora</a> <span class="count">1</span>' in client.get("/models/").content.decode()


def test_a_model_that_nobody_names_has_no_page(client: Client, make_post: MakePost) -> None:
    Generator.objects.create(name="Sora", slug="sora")
    assert client.get("/models/sora/").status_code == 404
    assert client.get("/models/none/").status_code == 404
    assert "아직 모델을 적은 글이 없습니다" in client.get("/models/").content.decode()


def test_a_retired_model_says_so_everywhere(client: Client, make_post: MakePost) -> None:
    make_post(slug="one", body=f"{quote('a cat', 'Model: Sora 1.0')}\n\n{quote('a dog', 'Model: Veo')}")
    notice = "Sora: 서비스 종료(2026년 4월 1일)."
    cat = Prompt.objects.get(text="a cat")
    addresses = ("/posts/one/", f"/prompts/{cat.public_id}/")
    for address in addresses:
        assert notice not in client.get(address).content.decode()
    Generator.objects.filter(slug="sora").update(status="retired", retired_on=date(2026, 4, 1))
    for address in addresses:
        html = client.get(address).content.decode()
        assert html.count(f'<a href="/models/sora/">{notice}</a>') == 1
        assert "Veo: 서비스 종료" not in html
    assert "Sora 1.0 (종료)" in client.get("/prompts/").content.decode()
    assert "2026년 4월 1일" in client.get("/models/").content.decode()
    assert "실행해 볼 수 없습니다" in client.get("/models/sora/").content.decode()
    assert "Sora 1.0 (종료)" in json.loads(client.get("/feed.json").content)["items"][0]["content_html"]


def test_a_posts_own_model_may_be_retired_without_a_date(client: Client, make_post: MakePost) -> None:
    sora = Generator.objects.create(name="Sora", slug="sora", status="retired")
    make_post(slug="one", generator=sora)
    assert "Sora: 서비스 종료.</a>" in client.get("/posts/one/").content.decode()
