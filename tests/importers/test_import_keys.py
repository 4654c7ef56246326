"""What front matter becomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from taggit.models import Tag

from blog.models import Category, Post
from tests.importers.helpers import run, write

pytestmark = pytest.mark.django_db


def imported(folder: Path, front: str, body: str = "A text.", name: str = "2024-02-19-a.md") -> Post:
    result = run(write(folder / "_posts" / name, front, body))
    assert (result.error, result.problems) == ("", [])
    return Post.objects.get(source_path=f"_posts/{name}")


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("title: Rain | 비", "Rain | 비"),
        ('title: "Rain: a film"', "Rain: a film"),
        ("title: >-\n  Rain\n  falls", "Rain falls"),
        ("title: 2049", "2049"),
        ("title: 0", "0"),
        ("title:", "the first film"),
        ("lang: en", "the first film"),
    ],
)
def test_a_title_is_one_line_or_else_the_file_name(tmp_path: Path, front: str, title: str) -> None:
    assert imported(tmp_path, front, name="2024-02-19-the-first-film.md").title == title


@pytest.mark.parametrize(
    ("front", "names"),
    [
        ("categories: [AI, News]", ["AI", "News"]),
        ("categories:\n  - AI\n  - News", ["AI", "News"]),
        ("categories: AI News", ["AI", "News"]),
        ("categories: AI, Film News", ["AI", "Film News"]),
        ("categories: AI", ["AI"]),
        ("category: Film News", ["Film News"]),
        ("category: [AI, News]", ["AI", "News"]),
        ("categories: [영상, 인공지능]", ["영상", "인공지능"]),
        ("categories: [A, B, C, D, E, F, G]", ["A", "B", "C", "D", "E", "F", "G"]),
        ("categories: [2024, AI]", ["2024", "AI"]),
        ("categories: [AI, '', null, News]", ["AI", "News"]),
        ("categories: [AI, AI]", ["AI"]),
    ],
)
def test_categories_make_a_path(tmp_path: Path, front: str, names: list[str]) -> None:
    category = imported(tmp_path, front).category
    assert category is not None
    assert category.names == names
    assert Category.objects.count() == len(names)


@pytest.mark.parametrize("front", ["title: A", "categories: []", "categories:", "category: ''"])
def test_a_post_may_be_in_no_category(tmp_path: Path, front: str) -> None:
    assert imported(tmp_path, front).category is None
    assert not Category.objects.exists()


def test_posts_share_categories_whatever_their_case(tmp_path: Path) -> None:
    first = imported(tmp_path, "categories: [AI, News]", name="2024-02-19-a.md")
    second = imported(tmp_path, "categories: [ai, news]", name="2024-02-20-b.md")
    assert first.category == second.category
    assert list(Category.objects.values_list("path", flat=True)) == ["ai", "ai/news"]


def test_a_category_without_letters_has_an_address(tmp_path: Path, client: Client) -> None:
    category = imported(tmp_path, "categories: [🎬]").category
    assert category is not None
    assert category.name == "🎬"
    assert client.get(category.get_absolute_url()).status_code == 200


def test_posts_share_a_category_whose_name_is_too_long(tmp_path: Path) -> None:
    name = "long " * 30
    first = imported(tmp_path, f"categories: [{name}]", name="2024-02-19-a.md")
    second = imported(tmp_path, f"categories: [{name}]", name="2024-02-20-b.md")
    assert first.category is not None
    assert first.category == second.category


@pytest.mark.parametrize(
    ("front", "names"),
    [
        ("tags: [film, 영상]", {"film", "영상"}),
        ("tags:\n  - film\n  - film noir", {"film", "film noir"}),
        ("tags: film sora", {"film", "sora"}),
        ("tags: film noir, sora", {"film noir", "sora"}),
        ("tag: film noir", {"film noir"}),
        ("tag: [film, noir]", {"film", "noir"}),
        ("tags: [2024, 1.5]", {"2024", "1.5"}),
        ("tags: [Film, film]", {"Film"}),
        ("tags: []", set()),
        ("tags:", set()),
    ],
)
def test_tags_are_a_list_or_words(tmp_path: Path, front: str, names: set[str]) -> None:
    assert set(imported(tmp_path, front).tags.names()) == names


def test_a_tag_without_letters_has_an_address(tmp_path: Path, client: Client) -> None:
    post = imported(tmp_path, "tags: [🎬]")
    response = client.get(post.get_absolute_url())
    assert response.status_code == 200
    assert "🎬" in response.content.decode()


def test_a_tag_that_is_too_long_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "2024-02-19-a.md", f"tags: [{'x' * 101}]")
    (problem,) = run(file).problems
    assert problem.startswith(f"{file}:")
    assert not Tag.objects.exists()


def test_a_description_is_one_line(tmp_path: Path) -> None:
    assert imported(tmp_path, "description: >-\n  Rain falls\n  upwards.").summary == "Rain falls upwards."


@pytest.mark.parametrize(("front", "pinned"), [("pin: true", True), ("pin: false", False), ("title: A", False)])
def test_a_pin_is_kept(tmp_path: Path, front: str, pinned: bool) -> None:
    assert imported(tmp_path, front).pinned is pinned


@pytest.mark.parametrize(
    ("config", "front", "body", "lang"),
    [
        ("", "title: A", "비가 옵니다.", "ko"),
        ("", "title: A", "It rains.", "en"),
        ("lang: ko-KR", "title: A", "", "ko"),
        ("lang: ko-KR", "title: A", "```\nif rain: stay()\n```", "ko"),
        ("lang: en", "title: A", "비가 옵니다.", "ko"),
        ("lang: de-AT", "title: A", "Es regnet.", "de"),
        ("lang: en", "lang: ja", "It rains.", "ja"),
        ("", "lang: zh-CN", "비가 옵니다.", "zh-CN"),
    ],
)
def test_the_language_is_what_the_post_says_else_what_its_script_and_site_say(
    tmp_path: Path, config: str, front: str, body: str, lang: str
) -> None:
    (tmp_path / "_config.yml").write_text(config)
    assert imported(tmp_path, front, body).lang == lang


def test_an_unpublished_post_is_a_draft(tmp_path: Path, client: Client) -> None:
    post = imported(tmp_path, "title: A\npublished: false")
    assert post.status == Post.Status.DRAFT
    assert client.get(post.get_absolute_url()).status_code == 404


def test_an_author_is_a_user_who_cannot_log_in(tmp_path: Path) -> None:
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data" / "authors.yml").write_text("kim:\n  name: 김하늘\n  url: https://example.com\nlist: [1]\n")
    (tmp_path / "_config.yml").write_text("")
    post = imported(tmp_path, "author: kim")
    assert post.author is not None
    assert (post.author.username, post.byline) == ("kim", "김하늘")
    assert not post.author.is_active
    assert not post.author.has_usable_password()


@pytest.mark.parametrize(
    ("front", "username"),
    [
        ("author: kim", "kim"),
        ("authors: [kim, lee]", "kim"),
        ("author: [lee]", "lee"),
        ("author: 김하늘", "김하늘"),
        ("author:\n  name: Kim Haneul\n  link: https://example.com", "Kim Haneul"),
    ],
)
def test_an_author_is_written_in_several_ways(tmp_path: Path, front: str, username: str) -> None:
    author = imported(tmp_path, front).author
    assert author is not None
    assert author.username == username


def test_an_author_who_is_here_already_stays_as_they_are(tmp_path: Path) -> None:
    user = get_user_model().objects.create_user("kim", password="secret", first_name="Kim")
    assert imported(tmp_path, "author: kim").author == user
    user.refresh_from_db()
    assert user.is_active
    assert user.check_password("secret")


def test_two_posts_share_an_author_in_full_width_letters(tmp_path: Path) -> None:
    first = imported(tmp_path, "author: Ｋｉｍ", name="2024-02-19-a.md")
    second = imported(tmp_path, "author: Ｋｉｍ", name="2024-02-20-b.md")
    assert first.author is not None
    assert first.author == second.author


@pytest.mark.parametrize("front", ["title: A", "author:", "authors: []"])
def test_a_post_may_name_no_author(tmp_path: Path, front: str) -> None:
    assert imported(tmp_path, front).author is None
    assert not get_user_model().objects.exists()


def test_unknown_keys_are_kept_as_variables(tmp_path: Path) -> None:
    front = """\
title: A
date: 2024-02-19
categories: [AI]
tags: [film]
description: D
pin: true
lang: en
author: kim
published: true
last_modified_at: 2024-02-20
slug: b
img_path: /assets/
t_walk: i/status/1758192965703647443
math: true
released: 2024-02-19
rating: 4.5
cast:
  lead: [a, b]
"""
    assert imported(tmp_path, front).variables == {
        "img_path": "/assets/",
        "t_walk": "i/status/1758192965703647443",
        "math": True,
        "released": "2024-02-19",
        "rating": 4.5,
        "cast": {"lead": ["a", "b"]},
    }


def test_variables_name_embeds_in_the_text(tmp_path: Path) -> None:
    body = "{% include embed/twitter.html id=page.t_walk %}\na walk\n>Prompt: Somebody walks."
    post = imported(tmp_path, "t_walk: i/status/1758192965703647443", body)
    placed = post.post_embeds.get()
    assert (placed.key, placed.caption, placed.embed.provider_id) == ("t_walk", "a walk", "1758192965703647443")
    assert post.prompts.get().text == "Somebody walks."


def test_the_body_is_kept_as_it_was_written(tmp_path: Path) -> None:
    body = "# One\n\ntext  \nwith | bars\n\n---\n\n```\n---\n```"
    assert imported(tmp_path, "title: A", body).body == f"{body}\n"


def test_front_matter_may_be_empty(tmp_path: Path) -> None:
    file = tmp_path / "2024-02-19-rain.md"
    file.write_text("---\n---\nRain.\n")
    result = run(file)
    post = Post.objects.get()
    assert (result.error, post.title, post.body) == ("", "rain", "Rain.\n")


def test_front_matter_may_end_with_dots(tmp_path: Path) -> None:
    file = tmp_path / "2024-02-19-rain.md"
    file.write_text("---\ntitle: Wet\n...\nRain.\n")
    run(file)
    post = Post.objects.get()
    assert (post.title, post.body) == ("Wet", "Rain.\n")


def test_categories_that_give_one_slug_stay_two(tmp_path: Path) -> None:
    for number, name in enumerate(("C++", "C#", "c++", "C", "AI News", "ai-news"), start=1):
        write(tmp_path / f"_posts/2024-02-1{number}-{number}.md", f"categories: ['{name}']")
    run(tmp_path)
    stored = {post.slug: (post.category.name, post.category.path) for post in Post.objects.all() if post.category}
    assert stored["1"] == stored["3"] == ("C++", "c")
    assert stored["2"] == ("C#", "c-2")
    assert stored["4"] == ("C", "c-3")
    assert stored["5"] == stored["6"] == ("AI News", "ai-news")
