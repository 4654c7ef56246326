"""Settings below a prompt, in the same quote."""

from __future__ import annotations

import random

import pytest

from blog.rendering import prompt_settings, render
from blog.rendering.prompt_settings import NAMES, failure_names, parameters, split


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in NAMES.items() for name in names])
@pytest.mark.parametrize(
    "line", ["{}: value", "{}：value", "{} :  value  ", "**{}:** value", "__{}__: value", "  {}: value"]
)
def test_every_name_is_known_however_it_is_written(key: str, name: str, line: str) -> None:
    for spelled in (name, name.upper(), name.lower()):
        assert split(f"A cat.\n{line.format(spelled)}") == ("A cat.", {key: "value"})


def test_settings_end_a_prompt_with_or_without_a_blank_line() -> None:
    lines = "Model: Sora 1.0\nSeed: 42"
    for between in ("\n", "\n\n", "\n \n"):
        assert split(f"A cat.{between}{lines}") == ("A cat.", {"model": "Sora 1.0", "seed": "42"})
    assert split("A cat.\nModel: Sora\n\nSeed: 42\n\n") == ("A cat.", {"model": "Sora", "seed": "42"})


@pytest.mark.parametrize(
    "prompt",
    [
        "Duration: 8 s\nA cat.",
        "A cat.\nDuration: 8 s\nIt sleeps.",
        "A cat.\nSeed: 42\nIt sleeps.\n\nAnd wakes.",
        "Seed: 42",
        "Model: a tall woman",
        "A cat.\nStyle: noir",
        "A cat.\nThe seed: 42",
        "A cat.\nSeed 42",
        "A cat.\nMood: Seed: 42",
        "A cat.\nNotes: take 4\n\nIt sleeps.",
        "A cat.\nSeed: 42\nsleeps",
    ],
)
def test_what_only_looks_like_settings_stays_in_the_prompt(prompt: str) -> None:
    assert split(prompt) == (prompt, {})


def test_a_line_in_the_middle_stays_while_those_at_the_end_are_taken() -> None:
    text = "Shot one.\nDuration: 8 s\nShot two.\nSeed: 42"
    assert split(text) == ("Shot one.\nDuration: 8 s\nShot two.", {"seed": "42"})


@pytest.mark.parametrize("name", ["Negative prompt", "Notes", "Settings"])
def test_a_long_setting_goes_on_below_its_line(name: str) -> None:
    prompt, settings = split(f"A cat.\nSeed: 1\n{name}: one,\n  two\nthree\nSteps: 9")
    assert prompt == "A cat."
    assert list(settings.values()) == ["1", "one,\ntwo\nthree", "9"]
    assert split(f"A cat.\n{name}:\none") == ("A cat.", {split(f"x\n{name}: y")[1].popitem()[0]: "one"})


def test_a_name_without_a_value_says_nothing() -> None:
    assert split("A cat.\nSeed:\nModel: Sora") == ("A cat.", {"model": "Sora"})


def test_a_setting_that_is_written_twice_says_both() -> None:
    assert split("A cat.\nFailure: physics\nFailure: hands")[1] == {"failures": "physics, hands"}
    assert split("A cat.\nNotes: one\nNotes: two")[1] == {"notes": "one\ntwo"}


@pytest.mark.parametrize("seed", range(40))
def test_a_prompt_and_its_settings_come_back_as_they_were(seed: int) -> None:
    chance = random.Random(seed)
    words = ["cat", "고양이", "Seed: 1", "a\tb", "  two", "--ar 16:9", "(red:1.2)", "", "8 s", "*x*", "Model: y"]
    lines = ["A shot.", *(chance.choice(words) for _ in range(chance.randrange(8))), "The end."]
    keys = chance.sample(list(NAMES), chance.randrange(len(NAMES)))
    settings = {key: f"value {chance.randrange(9)}" for key in keys}
    below = [f"{chance.choice(NAMES[key])}: {value}" for key, value in settings.items()]
    prompt = "\n".join(lines)
    assert split("\n".join([prompt, *below])) == (prompt, settings)


def test_blank_lines_around_a_prompt_go_and_its_own_spaces_stay() -> None:
    assert split("\n  \n   indented\n\n  two  spaces\tand a tab  \n\nSeed: 1\n") == (
        "   indented\n\n  two  spaces\tand a tab",
        {"seed": "1"},
    )


def test_parameters_are_the_known_ones_and_those_that_settings_lists() -> None:
    _, settings = split("A cat.\nSettings: tiling=on; 시드: 7, motion: 3\nSteps: 30\nSeed: 42\nModel: Sora")
    assert list(parameters(settings).items()) == [("seed", "42"), ("steps", "30"), ("tiling", "on"), ("motion", "3")]


@pytest.mark.parametrize("listed", ["--ar 16:9 --v 6", "fast, seed: 1", "high quality"])
def test_settings_that_are_no_list_are_one_parameter(listed: str) -> None:
    assert parameters({"settings": listed}) == {"settings": listed}


def test_failure_modes_are_told_apart_by_commas_whatever_their_case() -> None:
    assert failure_names({"failures": "physics, Object duplication;손，Physics, ,"}) == [
        "physics",
        "Object duplication",
        "손",
    ]
    assert failure_names({}) == []


def test_parameter_names_are_the_same_in_every_language() -> None:
    assert [prompt_settings.parameter_key(name) for name in ("Seed", " 시드 ", "화면비", "Model", "tiling")] == [
        *("seed", "seed", "aspect", "Model", "tiling")
    ]


# In a text


def test_a_text_gives_prompts_without_their_settings() -> None:
    rendered = render("> Prompt: A cat.\n>\n> Model: Sora 1.0\n> Seed: 42\n\nSeed: 1")
    assert [(p.text, p.settings) for p in rendered.prompts] == [("A cat.", {"model": "Sora 1.0", "seed": "42"})]
    assert "Sora" not in rendered.text
    assert "<p>Seed: 1</p>" in rendered.html


@pytest.mark.parametrize("quote", ["> Prompt:\n> Model: Sora", "> Prompt:\n>\n> Seed: 1\n> Notes: a"])
def test_settings_without_a_prompt_are_an_ordinary_quote(quote: str) -> None:
    rendered = render(quote)
    assert rendered.prompts == ()
    assert "Prompt:" in rendered.html
    assert "Model: Sora" in rendered.html or "Notes: a" in rendered.html


def test_a_prompt_keeps_every_space_and_tab() -> None:
    rendered = render(">\tPrompt: x\n\n> Prompt: one\ttwo  three\n>\t four\n>\n>    five\n> ```\n> \tsix\n> ```")
    assert [prompt.text for prompt in rendered.prompts] == ["one\ttwo  three\n\t four\n\n   five\n```\n\tsix\n```"]


def test_tabs_elsewhere_are_not_touched() -> None:
    assert "<code>&gt; Prompt: a\tb\n</code>" in render("```\n> Prompt: a\tb\n```").html
    assert "\x04" not in render("> Prompt: a\tb\n{: .prompt-tip }").html
