"""Prompts keep their identity while the text around and inside them changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blog.models import Generator, Post, Prompt

pytestmark = pytest.mark.django_db

WOMAN = "A stylish woman walks down a wet street at night, neon all around her."
FLUFF = "A small round creature with big eyes explores a glowing forest."
PLANES = "Paper planes fly through a dense jungle like birds."
IDS = {"woman": "1758192965703647443", "fluff": "1758397696745054665", "planes": "1758207083441455272"}


def block(name: str, prompt: str = "", caption: str = "a caption") -> str:
    quote = f"\n>Prompt: {prompt}" if prompt else ""
    return f"https://x.com/i/status/{IDS[name]}\n{caption}{quote}"


def body(*blocks: str) -> str:
    return "\n\nSome words.\n\n".join(blocks)


def rewrite(post: Post, *blocks: str) -> None:
    post.body = body(*blocks)
    post.save()


def ids(post: Post) -> list[str]:
    return [prompt.public_id for prompt in post.prompts.current().order_by("position")]


def texts(post: Post) -> list[str]:
    return [prompt.text for prompt in post.prompts.current().order_by("position")]


@pytest.fixture
def post(make_post: Callable[..., Post]) -> Post:
    return make_post(body=body(block("woman", WOMAN), block("fluff", FLUFF), block("planes", PLANES)))


def test_prompts_stand_in_the_order_of_the_text_each_with_its_embed(post: Post) -> None:
    rows = list(post.prompts.order_by("position"))
    assert [row.text for row in rows] == [WOMAN, FLUFF, PLANES]
    assert [row.position for row in rows] == [0, 1, 2]
    assert [row.post_embed.embed.provider_id for row in rows if row.post_embed] == list(IDS.values())
    assert {(row.label, row.lang) for row in rows} == {("Prompt", "en")}
    assert len({row.public_id for row in rows}) == 3


def test_a_prompt_has_a_permalink_and_a_place_in_its_post(post: Post) -> None:
    prompt = post.prompts.get(position=1)
    assert prompt.get_absolute_url() == f"/prompts/{prompt.public_id}/"
    assert prompt.place_url == f"/posts/{post.slug}/#prompt-{prompt.public_id}"
    assert str(prompt) == FLUFF
    assert str(Prompt(text="x" * 100)) == "x" * 80


def test_an_edited_prompt_keeps_its_id(post: Post) -> None:
    before = ids(post)
    rewrite(post, block("woman", WOMAN), block("fluff", FLUFF.replace("small", "tiny")), block("planes", PLANES))
    assert ids(post) == before
    assert "tiny" in texts(post)[1]


def test_a_prompt_that_is_written_anew_under_its_embed_keeps_its_id(post: Post) -> None:
    before = ids(post)
    rewrite(post, block("woman", "눈 내리는 밤."), block("fluff", FLUFF), block("planes", PLANES))
    assert (ids(post), texts(post)[0]) == (before, "눈 내리는 밤.")
    assert post.prompts.get(position=0).lang == "ko"


def test_prompts_follow_their_blocks_when_these_change_places(post: Post) -> None:
    woman, fluff, planes = ids(post)
    rewrite(post, block("planes", PLANES), block("woman", WOMAN), block("fluff", FLUFF))
    assert ids(post) == [planes, woman, fluff]
    assert texts(post) == [PLANES, WOMAN, FLUFF]


def test_a_moved_and_edited_prompt_keeps_its_id(post: Post) -> None:
    woman, fluff, planes = ids(post)
    rewrite(post, block("planes", PLANES), block("fluff", FLUFF), block("woman", f"{WOMAN} It rains."))
    assert ids(post) == [planes, fluff, woman]


def test_a_prompt_that_goes_to_another_embed_keeps_its_id(post: Post) -> None:
    woman, fluff, planes = ids(post)
    rewrite(post, block("woman", FLUFF), block("fluff", WOMAN), block("planes", PLANES))
    assert ids(post) == [fluff, woman, planes]
    placed = post.prompts.get(public_id=fluff).post_embed
    assert placed is not None
    assert placed.embed.provider_id == IDS["woman"]


def test_an_edited_prompt_whose_embed_is_replaced_keeps_its_id(make_post: Callable[..., Post]) -> None:
    post = make_post(body=block("woman", WOMAN))
    before = ids(post)
    rewrite(post, block("planes", WOMAN.replace("wet", "dry")))
    assert ids(post) == before


def test_a_block_that_is_removed_and_put_back_has_its_old_prompt(post: Post) -> None:
    before = ids(post)
    post.prompts.filter(position=1).update(notes="kept", parameters={"seed": 7})
    rewrite(post, block("woman", WOMAN), block("planes", PLANES))
    assert ids(post) == [before[0], before[2]]
    waiting = post.prompts.get(position=None)
    assert (waiting.public_id, waiting.text) == (before[1], FLUFF)
    rewrite(post, block("woman", WOMAN), block("fluff", FLUFF), block("planes", PLANES))
    assert ids(post) == before
    back = post.prompts.get(public_id=before[1])
    assert (back.notes, back.parameters, back.position) == ("kept", {"seed": 7}, 1)
    assert back.post_embed is not None
    assert post.prompts.count() == 3


def test_a_prompt_that_is_put_back_edited_is_recognised(post: Post) -> None:
    before = ids(post)
    rewrite(post, block("woman", WOMAN), block("fluff"), block("planes", PLANES))
    rewrite(post, block("woman", WOMAN), block("fluff", f"{FLUFF} Slowly."), block("planes", PLANES))
    assert ids(post) == before


def test_all_prompts_may_go_and_come_back(post: Post) -> None:
    before, old = ids(post), post.body
    rewrite(post, "Nothing.")
    assert ids(post) == []
    post.body = old
    post.save()
    assert ids(post) == before


def test_a_new_prompt_has_a_new_id(make_post: Callable[..., Post]) -> None:
    post = make_post(body=block("woman", WOMAN))
    before = ids(post)
    rewrite(post, block("fluff", "완전히 다른 문장입니다."), block("woman", WOMAN))
    assert ids(post)[1] == before[0]
    assert ids(post)[0] not in before
    rewrite(post, block("planes", "12345 67890"))
    assert ids(post)[0] not in before
    assert post.prompts.count() == 3


def test_prompts_of_one_text_stay_with_their_embeds(make_post: Callable[..., Post]) -> None:
    post = make_post(body=body(block("woman", WOMAN), block("fluff", WOMAN)))
    first, second = ids(post)
    assert first != second
    rewrite(post, block("fluff", WOMAN), block("woman", WOMAN))
    assert ids(post) == [second, first]
    rewrite(post, block("fluff", WOMAN))
    assert ids(post) == [second]


def test_a_prompt_needs_no_embed(make_post: Callable[..., Post]) -> None:
    post = make_post(body=f"![cat](/cat.png)\n\n> 프롬프트: {WOMAN}")
    prompt = post.prompts.get()
    assert (prompt.label, prompt.text, prompt.post_embed) == ("프롬프트", WOMAN, None)
    rewrite(post, f"Words.\n\n> 프롬프트: {WOMAN} Slowly.")
    assert [p.public_id for p in post.prompts.all()] == [prompt.public_id]


def test_what_authors_add_to_a_prompt_survives_edits_of_its_text(post: Post) -> None:
    veo = Generator.objects.create(name="Veo", slug="veo")
    mine = {
        "generator": veo,
        "model_version": "3",
        "negative_prompt": "blur",
        "parameters": {"seed": 1},
        "notes": "take 4",
    }
    Prompt.objects.filter(position=0).update(**mine)
    rewrite(post, block("planes", PLANES), block("woman", WOMAN.replace("wet", "dry")))
    prompt = post.prompts.get(position=1)
    assert "dry" in prompt.text
    assert {name: getattr(prompt, name) for name in mine} == mine


def test_a_new_prompt_is_for_the_posts_generator(make_post: Callable[..., Post]) -> None:
    sora = Generator.objects.create(name="Sora", slug="sora")
    veo = Generator.objects.create(name="Veo", slug="veo")
    post = make_post(body=block("woman", WOMAN), generator=sora)
    post.generator = veo
    rewrite(post, block("woman", WOMAN), block("planes", PLANES))
    assert [prompt.generator for prompt in post.prompts.order_by("position")] == [sora, veo]
    assert str(sora) == "Sora"


def test_two_posts_do_not_share_prompts(make_post: Callable[..., Post]) -> None:
    first, second = make_post(body=block("woman", WOMAN)), make_post(body=block("woman", WOMAN))
    assert ids(first) != ids(second)
    rewrite(second, "Nothing.")
    assert texts(first) == [WOMAN]


def test_an_update_of_a_caption_keeps_the_prompt(post: Post) -> None:
    before = ids(post)
    rewrite(post, block("woman", WOMAN, "other"), block("fluff", FLUFF), block("planes", PLANES))
    assert ids(post) == before
    assert all(prompt.post_embed for prompt in post.prompts.all())
