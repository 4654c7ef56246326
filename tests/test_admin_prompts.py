"""Prompts, failure modes and models in the admin."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from blog.models import FailureMode, Generator, Post, Prompt, PromptTranslation
from tests.conftest import EMBED

MakePost = Callable[..., Post]
ENGLISH = {"Accept-Language": "en"}


def change(prompt: Prompt) -> str:
    return reverse("admin:blog_prompt_change", args=[prompt.pk])


def form(**values: Any) -> dict[str, Any]:
    """What the browser sends for a prompt."""
    management = {"translations-TOTAL_FORMS": "1", "translations-INITIAL_FORMS": "0"}
    empty = {
        "generator": "",
        "model_version": "",
        "negative_prompt": "",
        "parameters": "",
        "variant_of": "",
        "notes": "",
    }
    row = {"translations-0-id": "", "translations-0-lang": "", "translations-0-text": ""}
    return {**management, **empty, **row, **values}


def errors(html: str) -> str:
    return unescape(" ".join(re.findall(r'<ul class="errorlist[^"]*"[^>]*>(.*?)</ul>', html, re.DOTALL)))


def test_a_prompts_words_are_edited_in_its_post_and_the_rest_here(admin_client: Client, make_post: MakePost) -> None:
    post = make_post(body=EMBED)
    prompt = Prompt.objects.get()
    sora = Generator.objects.create(name="Sora", slug="sora")
    physics = FailureMode.objects.create(name="physics", slug="physics")
    html = admin_client.get(change(prompt)).content.decode()
    assert reverse("admin:blog_post_change", args=[post.pk]) in html
    assert 'name="text"' not in html
    values = {
        "generator": str(sora.pk),
        "model_version": "1.0",
        "parameters": "시드: 7\r\n\r\nmotion： high: very\r\n",
        "failure_modes": [str(physics.pk)],
        "translations-0-lang": "ko",
        "translations-0-text": "여자가 걷는다.",
        "text": "forged",
    }
    response = admin_client.post(change(prompt), form(**values))
    assert response.status_code == 302, errors(response.content.decode())
    prompt.refresh_from_db()
    assert prompt.text == "A stylish woman walks down a Tokyo street."
    assert (prompt.model_name, prompt.parameters) == ("Sora 1.0", {"seed": "7", "motion": "high: very"})
    assert list(prompt.failure_modes.all()) == [physics]
    assert str(prompt.translations.get()) == "ko: 여자가 걷는다."
    assert "seed: 7\nmotion: high: very" in admin_client.get(change(prompt)).content.decode()
    post.body = EMBED.replace("stylish", "elegant")
    post.save()
    prompt.refresh_from_db()
    assert (prompt.model_name, prompt.parameters["seed"]) == ("Sora 1.0", "7")
    assert prompt.failure_modes.count() == prompt.translations.count() == 1


@pytest.mark.parametrize("line", ["seed", "seed:", ": 42", "a: b\nseed 42"])
def test_parameters_that_are_no_lines_of_names_and_values_are_refused(
    admin_client: Client, make_post: MakePost, line: str
) -> None:
    make_post(body=EMBED)
    response = admin_client.post(change(Prompt.objects.get()), form(parameters=line), headers=ENGLISH)
    assert "write it as “seed: 42”" in errors(response.content.decode())
    assert Prompt.objects.get().parameters == {}


WRITTEN = f"{EMBED.rstrip()}\n> Model: Sora 1.0\n> Seed: 42\n> Failure: physics\n> Notes: theirs"


def test_what_the_text_writes_can_not_be_changed_here(admin_client: Client, make_post: MakePost) -> None:
    post = make_post(body=WRITTEN)
    prompt = Prompt.objects.get()
    veo = Generator.objects.create(name="Veo", slug="veo")
    html = admin_client.get(change(prompt), headers=ENGLISH).content.decode()
    assert html.count("Written in the text; change it there.") == 3  # generator, version, notes
    assert "Written in the text; change it there: seed: 42" in html
    assert "Written in the text; change it there: physics" in html
    sent = form(generator=str(veo.pk), model_version="9", notes="mine", negative_prompt="blur", parameters="steps: 30")
    assert admin_client.post(change(prompt), sent).status_code == 302
    prompt.refresh_from_db()
    assert (prompt.model_name, prompt.notes, prompt.negative_prompt) == ("Sora 1.0", "theirs", "blur")
    assert prompt.ordered_parameters == {"seed": "42", "steps": "30"}
    assert [mode.name for mode in prompt.failure_modes.all()] == ["physics"]
    refused = admin_client.post(change(prompt), form(parameters="seed: 7"), headers=ENGLISH).content.decode()
    assert "Written in the text; change it there: seed" in errors(refused)
    post.body = EMBED
    post.save()
    prompt.refresh_from_db()
    assert (prompt.model_name, prompt.notes, prompt.parameters) == ("", "", {"steps": "30"})


def test_a_variant_is_chosen_and_a_circle_refused(admin_client: Client, make_post: MakePost) -> None:
    one, two = (make_post(body=EMBED).prompts.get() for _ in range(2))
    assert admin_client.post(change(two), form(variant_of=str(one.pk))).status_code == 302
    for prompt, value in ((one, two), (one, one)):
        html = admin_client.post(change(prompt), form(variant_of=str(value.pk)), headers=ENGLISH).content.decode()
        assert "can't be a variant of itself" in errors(html)
    assert list(Prompt.objects.values_list("variant_of", flat=True).order_by("pk")) == [None, one.pk]


def test_two_translations_into_one_language_are_refused(admin_client: Client, make_post: MakePost) -> None:
    make_post(body=EMBED)
    prompt = Prompt.objects.get()
    PromptTranslation.objects.create(prompt=prompt, lang="ko", text="하나")
    twice = {"translations-0-lang": "ko", "translations-0-text": "둘"}
    assert errors(admin_client.post(change(prompt), form(**twice)).content.decode())
    assert prompt.translations.count() == 1


def test_a_prompt_is_deleted_only_when_no_text_has_it(admin_client: Client, make_post: MakePost) -> None:
    post = make_post(body=EMBED)
    prompt = Prompt.objects.get()
    delete = reverse("admin:blog_prompt_delete", args=[prompt.pk])
    assert admin_client.get(delete).status_code == 403
    assert admin_client.get("/admin/blog/prompt/add/").status_code == 403
    assert f'href="/prompts/{prompt.public_id}/"' in admin_client.get(change(prompt)).content.decode()
    post.body = "no prompt any more"
    post.save()
    assert admin_client.get(delete).status_code == 200
    html = admin_client.get(change(prompt), headers=ENGLISH).content.decode()
    assert "taken out" in html
    assert f'href="/prompts/{prompt.public_id}/"' not in html


def test_prompts_are_listed_by_model_failure_and_whether_they_are_in_the_text(
    admin_client: Client, make_post: MakePost
) -> None:
    post = make_post(body="> Prompt: alpha cat\n> Model: Sora\n> Failure: physics\n\n> Prompt: beta dog")
    post.body = "> Prompt: alpha cat\n> Model: Sora\n> Failure: physics"
    post.save()
    sora, physics = Generator.objects.get(), FailureMode.objects.get()
    PromptTranslation.objects.create(prompt=Prompt.objects.get(text="alpha cat"), lang="ko", text="고양이")
    for query, found in (
        ("", {"alpha cat", "beta dog"}),
        (f"generator__id__exact={sora.pk}", {"alpha cat"}),
        (f"failure_modes__id__exact={physics.pk}", {"alpha cat"}),
        ("in_text=1", {"alpha cat"}),
        ("in_text=0", {"beta dog"}),
        ("q=고양이", {"alpha cat"}),
    ):
        html = admin_client.get(f"/admin/blog/prompt/?{query}").content.decode()
        assert set(re.findall(r'field-__str__"><a[^>]*>([^<]*)<', html)) == found, query


def test_failure_modes_and_models_are_described(admin_client: Client, make_post: MakePost) -> None:
    values = {"name": "물체 복제", "slug": "물체-복제", "description": "하나가 둘이 된다."}
    assert admin_client.post("/admin/blog/failuremode/add/", values).status_code == 302
    assert FailureMode.objects.get().description == "하나가 둘이 된다."
    assert "물체 복제" in admin_client.get("/admin/blog/failuremode/?q=물체").content.decode()
    model = {
        "name": "Sora",
        "slug": "sora",
        "vendor": "",
        "url": "",
        "status": "active",
        "description": "It made films.",
    }
    assert admin_client.post("/admin/blog/generator/add/", model).status_code == 302
    assert Generator.objects.get().description == "It made films."
