"""What the text says of a prompt and what the admin says live together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from blog.models import FailureMode, Generator, Post, Prompt

MakePost = Callable[..., Post]
ALL = """Model: Sora 1.0
Negative prompt: text,
logos
Seed: 42
Settings: tiling=on
Failure: Physics, object duplication
Notes: take 4"""


def text(*settings: str, prompt: str = "A cat sleeps on a warm wall.") -> str:
    return "\n> ".join([f"> Prompt: {prompt}", *"\n".join(settings).split("\n")]).rstrip("> \n")


def rewrite(post: Post, body: str) -> Prompt:
    post.body = body
    post.save()
    return only(post)


def only(post: Post) -> Prompt:
    return Prompt.objects.current().get(post=post)


def failures(prompt: Prompt) -> list[str]:
    return list(prompt.failure_modes.values_list("name", flat=True))


def test_what_is_written_stands_in_its_columns(make_post: MakePost) -> None:
    sora = Generator.objects.create(name="Sora", slug="sora")
    prompt = only(make_post(body=text(ALL)))
    assert prompt.text == "A cat sleeps on a warm wall."
    assert (prompt.generator, prompt.model_version, prompt.model_name) == (sora, "1.0", "Sora 1.0")
    assert (prompt.negative_prompt, prompt.notes) == ("text,\nlogos", "take 4")
    assert prompt.ordered_parameters == {"seed": "42", "tiling": "on"}
    assert failures(prompt) == ["Physics", "object duplication"]


def test_what_is_no_longer_written_is_taken_back(make_post: MakePost) -> None:
    post = make_post(body=text(ALL))
    before = only(post).public_id
    prompt = rewrite(post, text())
    assert prompt.public_id == before
    assert (prompt.generator, prompt.model_version, prompt.negative_prompt, prompt.notes) == (None, "", "", "")
    assert (prompt.parameters, failures(prompt), prompt.written) == ({}, [], {})


def test_without_a_model_line_the_posts_generator_is_back(make_post: MakePost) -> None:
    veo = Generator.objects.create(name="Veo", slug="veo")
    post = make_post(body=text("Model: Sora"), generator=veo)
    assert only(post).model_name == "Sora"
    assert rewrite(post, text()).generator == veo


def test_what_is_written_otherwise_replaces_what_was(make_post: MakePost) -> None:
    post = make_post(body=text(ALL))
    prompt = rewrite(post, text("Model: Veo", "Seed: 43", "Failure: hands"))
    assert (prompt.model_name, prompt.parameters, failures(prompt)) == ("Veo", {"seed": "43"}, ["hands"])


def test_what_the_admin_says_survives_every_save_of_the_post(make_post: MakePost) -> None:
    post = make_post(body=text("Seed: 42", "Failure: physics"))
    prompt = only(post)
    prompt.parameters = {**prompt.parameters, "steps": "30"}
    prompt.notes, prompt.model_version = "mine", "2"
    prompt.save()
    prompt.failure_modes.add(FailureMode.objects.create(name="hands", slug="hands"))
    for body in (text("Seed: 43"), text(), text("Seed: 42", "Failure: physics"), text("Seed: 1")):
        prompt = rewrite(post, body)
    assert (prompt.parameters, prompt.notes, prompt.model_version) == ({"seed": "1", "steps": "30"}, "mine", "2")
    assert failures(prompt) == ["hands"]


def test_what_the_admin_changed_after_the_text_said_it_is_not_taken_back(make_post: MakePost) -> None:
    post = make_post(body=text("Notes: theirs", "Seed: 42"))
    Prompt.objects.update(notes="mine", parameters={"seed": "7"})
    prompt = rewrite(post, text())
    assert (prompt.notes, prompt.parameters) == ("mine", {"seed": "7"})


@pytest.mark.parametrize(
    ("written", "name", "version"),
    [
        ("Sora", "Sora", ""),
        ("sora 1.0", "Sora", "1.0"),
        ("SORA (turbo)", "Sora", "turbo"),
        ("Sora Turbo 2", "Sora Turbo", "2"),
        ("Sora, 1.0", "Sora", "1.0"),
        ("Sora2", "Sora2", ""),
        ("소라 2", "소라", "2"),
        ("Midjourney V6.1", "Midjourney", "V6.1"),
        ("Stable Diffusion XL", "Stable Diffusion XL", ""),
        ("4o", "4o", ""),
    ],
)
def test_a_model_is_found_by_the_longest_name(make_post: MakePost, written: str, name: str, version: str) -> None:
    Generator.objects.create(name="Sora", slug="sora")
    Generator.objects.create(name="Sora Turbo", slug="sora-turbo")
    prompt = only(make_post(body=text(f"Model: {written}")))
    assert prompt.generator is not None
    assert (prompt.generator.name, prompt.model_version) == (name, version)


def test_a_line_for_the_version_counts_more_than_the_models(make_post: MakePost) -> None:
    Generator.objects.create(name="Sora", slug="sora")
    assert only(make_post(body=text("Model: Sora 1", "Version: 2"))).model_name == "Sora 2"


def test_a_model_nobody_knows_is_made_once_with_an_address_of_its_own(make_post: MakePost) -> None:
    Generator.objects.create(name="Veo!", slug="veo")
    first, second = (only(make_post(body=text("Model: Veo"))) for _ in range(2))
    assert first.generator == second.generator
    assert first.generator is not None
    assert (first.generator.name, first.generator.slug) == ("Veo", "veo-2")
    assert only(make_post(body=text("Model: 🎬"))).generator.slug == "model"  # type: ignore[union-attr]
    assert len(only(make_post(body=text("Model: " + "x" * 200))).model_name) == 100


def test_failure_modes_are_shared_whatever_their_case(make_post: MakePost) -> None:
    for name in ("Physics", "physics", "PHYSICS"):
        make_post(body=text(f"Failure: {name}"))
    mode = FailureMode.objects.get()
    assert (str(mode), mode.slug, mode.prompts.count()) == ("Physics", "physics", 3)


# Variants


def test_a_variant_names_its_original_by_address_id_or_key(make_post: MakePost) -> None:
    original = only(make_post(body=text()))
    for value in (
        original.public_id,
        f"https://b.example/prompts/{original.public_id}/",
        f"#prompt-{original.public_id}",
    ):
        assert only(make_post(body=text(f"Variant of: {value}"))).variant_of == original
    post = make_post(
        body="{% include embed/x.html id=page.t_cat %}\nc\n> Prompt: A cat.\n\n" + text("Variant of: t_cat"),
        variables={"t_cat": "1758192965703647443"},
    )
    first, second = post.prompts.order_by("position")
    assert (second.variant_of, first.variant_of) == (first, None)


def test_a_variant_that_names_nothing_is_reported(make_post: MakePost) -> None:
    post = make_post(body=text("Variant of: abcdefghjk"))
    assert only(post).variant_of is None
    assert post.warnings == [
        "“Variant of: abcdefghjk” names no prompt. Write a prompt's address, or the key of an embed in this text."
    ]
    known = only(make_post(body=text())).public_id
    assert make_post(body=text(f"Variant of: {known}")).warnings == []


def test_no_prompt_becomes_a_variant_of_itself(make_post: MakePost) -> None:
    post = make_post(body=text())
    prompt = only(post)
    assert rewrite(post, text(f"Variant of: {prompt.public_id}")).variant_of is None
    child = only(make_post(body=text(f"Variant of: {prompt.public_id}")))
    assert child.variant_of == prompt
    assert rewrite(post, text(f"Variant of: {child.public_id}")).variant_of is None


def test_a_line_for_a_variant_is_taken_back_and_the_admins_choice_stays(make_post: MakePost) -> None:
    one, two = (only(make_post(body=text())) for _ in range(2))
    post = make_post(body=text(f"Variant of: {one.public_id}"))
    assert rewrite(post, text()).variant_of is None
    Prompt.objects.filter(pk=only(post).pk).update(variant_of=two)
    assert rewrite(post, text("Seed: 1")).variant_of == two
    assert rewrite(post, text(f"Variant of: {one.public_id}")).variant_of == one


def test_a_family_is_everything_that_hangs_together(make_post: MakePost) -> None:
    root = only(make_post(body=text()))
    child = only(make_post(body=text(f"Variant of: {root.public_id}")))
    grandchild = only(make_post(body=text(f"Variant of: {child.public_id}")))
    sibling = only(make_post(body=text(f"Variant of: {root.public_id}")))
    stranger = only(make_post(body=text()))
    for member in (root, child, grandchild, sibling):
        others = {root, child, grandchild, sibling} - {member}
        assert set(Prompt.objects.all().family(member)) == others
    assert not Prompt.objects.all().family(stranger).exists()
