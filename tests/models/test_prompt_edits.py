"""The table in docs/prompts.md, row by row: what survives which edit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from blog.models import Post, Prompt, PromptTranslation

WOMAN = "A stylish woman walks down a wet street at night, neon all around her."
FLUFF = "A small round creature with big eyes explores a glowing forest."
PLANES = "Paper planes fly through a dense jungle like birds."
IDS = {"woman": "1758192965703647443", "fluff": "1758397696745054665", "planes": "1758207083441455272"}
MakePost = Callable[..., Post]


def block(name: str, prompt: str) -> str:
    return f"https://x.com/i/status/{IDS[name]}\n{name}\n> Prompt: {prompt}"


def bare(prompt: str) -> str:
    return f"> Prompt: {prompt}"


def rewrite(post: Post, *blocks: str) -> list[str]:
    """The ids of the prompts in the order of the new text."""
    post.body = "\n\nSome words.\n\n".join(blocks)
    post.save()
    return ids(post)


def ids(post: Post) -> list[str]:
    return [prompt.public_id for prompt in post.prompts.current().order_by("position")]


@pytest.fixture
def post(make_post: MakePost) -> Post:
    return make_post(body="\n\nSome words.\n\n".join([block("woman", WOMAN), block("fluff", FLUFF)]))


@pytest.fixture
def alone(make_post: MakePost) -> Post:
    """Prompts without embeds: only words tell them apart."""
    return make_post(body="\n\nSome words.\n\n".join([bare(WOMAN), bare(FLUFF)]))


def test_one_word_is_edited(post: Post, client: Client) -> None:
    woman, fluff = ids(post)
    Prompt.objects.filter(public_id=woman).update(notes="mine", parameters={"seed": "1"})
    PromptTranslation.objects.create(prompt=Prompt.objects.get(public_id=woman), lang="ko", text="여자가 걷는다.")
    assert rewrite(post, block("woman", WOMAN.replace("wet", "dry")), block("fluff", FLUFF)) == [woman, fluff]
    row = Prompt.objects.get(public_id=woman)
    assert (row.notes, row.parameters, row.translations.count()) == ("mine", {"seed": "1"}, 1)
    assert "dry" in client.get(f"/prompts/{woman}.txt").content.decode()


def test_all_words_are_replaced_under_the_same_embed(post: Post) -> None:
    woman, fluff = ids(post)
    assert rewrite(post, block("woman", "눈 내리는 밤."), block("fluff", FLUFF)) == [woman, fluff]


def test_all_words_are_replaced_and_there_is_no_embed(alone: Post) -> None:
    woman, fluff = ids(alone)
    new, second = rewrite(alone, bare("눈 내리는 밤."), bare(FLUFF))
    assert second == fluff
    assert new not in (woman, fluff)


def test_two_blocks_change_places(post: Post, alone: Post) -> None:
    woman, fluff = ids(post)
    assert rewrite(post, block("fluff", FLUFF), block("woman", WOMAN)) == [fluff, woman]
    woman, fluff = ids(alone)
    assert rewrite(alone, bare(FLUFF), bare(WOMAN)) == [fluff, woman]


def test_two_blocks_change_places_and_a_word_in_each_is_edited(post: Post, alone: Post) -> None:
    edited = FLUFF.replace("small", "tiny"), WOMAN.replace("wet", "dry")
    woman, fluff = ids(post)
    assert rewrite(post, block("fluff", edited[0]), block("woman", edited[1])) == [fluff, woman]
    woman, fluff = ids(alone)
    assert rewrite(alone, bare(edited[0]), bare(edited[1])) == [fluff, woman]


def test_two_prompts_change_embeds_and_a_word_in_each_is_edited(post: Post) -> None:
    woman, fluff = ids(post)
    changed = block("woman", FLUFF.replace("small", "tiny")), block("fluff", WOMAN.replace("wet", "dry"))
    assert rewrite(post, *changed) == [fluff, woman]


def test_a_block_is_deleted_and_put_back(post: Post, client: Client) -> None:
    woman, fluff = ids(post)
    Prompt.objects.filter(public_id=fluff).update(notes="mine")
    address = f"/prompts/{fluff}/"
    assert rewrite(post, block("woman", WOMAN)) == [woman]
    gone = client.get(address)
    assert gone.status_code == 410
    assert "글에서 빠진 프롬프트입니다" in gone.content.decode()
    assert rewrite(post, block("woman", WOMAN), block("fluff", FLUFF)) == [woman, fluff]
    assert client.get(address).status_code == 200
    assert Prompt.objects.get(public_id=fluff).notes == "mine"


def test_a_block_is_deleted_and_put_back_with_other_words(post: Post) -> None:
    woman, fluff = ids(post)
    rewrite(post, block("woman", WOMAN))
    assert rewrite(post, block("woman", WOMAN), block("fluff", f"{FLUFF} Slowly.")) == [woman, fluff]


def test_a_prompt_is_copied_to_a_second_block(post: Post) -> None:
    woman, fluff = ids(post)
    for blocks in ([("planes", WOMAN), ("woman", WOMAN)], [("woman", WOMAN), ("planes", WOMAN)]):
        new = rewrite(post, *(block(*each) for each in blocks), block("fluff", FLUFF))
        assert dict(zip([name for name, _ in blocks], new, strict=False))["woman"] == woman
        assert len(set(new)) == 3
        assert new[2] == fluff


def test_two_prompts_say_the_same_and_one_is_deleted(post: Post) -> None:
    woman, second = rewrite(post, block("woman", WOMAN), block("planes", WOMAN))
    assert rewrite(post, block("planes", WOMAN)) == [second]
    assert rewrite(post, block("woman", WOMAN), block("planes", WOMAN)) == [woman, second]


def test_a_prompt_moves_to_another_embed(post: Post) -> None:
    woman, fluff = ids(post)
    assert rewrite(post, block("planes", WOMAN), block("fluff", FLUFF)) == [woman, fluff]


def test_a_similar_prompt_is_written_above_an_old_one(post: Post, alone: Post) -> None:
    similar = WOMAN.replace("wet", "dry")
    woman, fluff = ids(post)
    assert rewrite(post, block("planes", similar), block("woman", WOMAN), block("fluff", FLUFF))[1:] == [woman, fluff]
    woman, fluff = ids(alone)
    assert rewrite(alone, bare(similar), bare(WOMAN), bare(FLUFF))[1:] == [woman, fluff]


def test_a_similar_prompt_is_written_above_one_that_is_edited_too(post: Post) -> None:
    woman, fluff = ids(post)
    similar, edited = WOMAN.replace("wet", "dry"), WOMAN.replace("all around", "behind")
    new = rewrite(post, block("planes", similar), block("woman", edited), block("fluff", FLUFF))
    assert new[1:] == [woman, fluff]
    assert new[0] not in (woman, fluff)


def test_a_prompt_is_edited_while_a_similar_one_waits_out_of_the_text(alone: Post) -> None:
    woman, variant, fluff = rewrite(alone, bare(WOMAN), bare(WOMAN.replace("night", "noon")), bare(FLUFF))
    rewrite(alone, bare(WOMAN), bare(FLUFF))
    assert rewrite(alone, bare(WOMAN.replace("night", "dawn")), bare(FLUFF)) == [woman, fluff]
    assert Prompt.objects.get(public_id=variant).position is None


def test_settings_are_written_below_a_prompt(post: Post) -> None:
    woman, fluff = ids(post)
    assert rewrite(post, block("woman", f"{WOMAN}\n> Seed: 42"), block("fluff", FLUFF)) == [woman, fluff]
    row = Prompt.objects.get(public_id=woman)
    assert (row.text, row.parameters) == (WOMAN, {"seed": "42"})


def test_a_prompt_moves_to_another_post(post: Post, make_post: MakePost) -> None:
    woman, fluff = ids(post)
    other = make_post(body=block("woman", WOMAN))
    assert rewrite(post, block("fluff", FLUFF)) == [fluff]
    assert ids(other)[0] not in (woman, fluff)


def test_the_slug_of_the_post_changes(post: Post, client: Client) -> None:
    woman, fluff = ids(post)
    post.slug = "renamed"
    post.save()
    assert ids(post) == [woman, fluff]
    assert 'href="/posts/renamed/#prompt-' in client.get(f"/prompts/{woman}/").content.decode()


def test_the_post_is_withdrawn_and_published_again(post: Post, client: Client) -> None:
    address = f"/prompts/{ids(post)[0]}/"
    for status, code in (("draft", 404), ("published", 200)):
        post.status = status
        post.save()
        assert client.get(address).status_code == code


def test_long_prompts_are_recognised_too(make_post: MakePost) -> None:
    long = " ".join(f"shot {i} of a slow film," for i in range(400))
    post = make_post(body=bare(long))
    before = ids(post)
    assert rewrite(post, bare("다른 것"), bare(f"{long} and the end"))[1:] == before


def test_a_very_long_prompt_of_few_words_is_recognised_without_comparing_them_all(make_post: MakePost) -> None:
    words = ["rain", "street", "slow", "light"] * 1000
    post = make_post(body=bare(" ".join(words)))
    before = ids(post)
    assert rewrite(post, bare(" ".join(["snow", *words[1:]]))) == before
    other = " ".join(["안개", "바다", "파도", "배"] * 1000)
    assert rewrite(post, bare(other)) != before
