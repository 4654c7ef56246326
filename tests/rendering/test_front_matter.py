"""Front matter: YAML in, plain data out, or an error that names the line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blog.rendering import front_matter
from blog.rendering.front_matter import FrontMatterError


def values(source: str) -> dict[str, Any]:
    return front_matter.load(source)[0]


@pytest.mark.parametrize("source", ["", "\n\n", "# only a comment"])
def test_no_front_matter_is_no_values(source: str) -> None:
    assert front_matter.load(source) == ({}, {})


def test_each_key_has_its_line() -> None:
    source = "title: A\n\ntags:\n  - x\n  - y\nimg_path: /a/\n"
    assert front_matter.load(source) == (
        {"title": "A", "tags": ["x", "y"], "img_path": "/a/"},
        {"title": 1, "tags": 3, "img_path": 6},
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a: 2024-02-19", "2024-02-19"),
        ("a: 2024-02-19 17:00:00 +0900", "2024-02-19 17:00:00 +0900"),
        ("a: 2024-13-45", "2024-13-45"),
        ("a: 1758192965703647443", 1758192965703647443),
        ("a: '1758'", "1758"),
        ("a: true", True),
        ("a: 1.5", 1.5),
        ("a: .inf", "inf"),
        ("a: .nan", "nan"),
        ("a: ~", None),
        ("a:", None),
        ("a: {b: [1, {c: 2}]}", {"b": [1, {"c": 2}]}),
        ("a: {1: x}", {"1": "x"}),
        ("a: 제목 | 부제", "제목 | 부제"),
        ("a: !!set {x}", ["x"]),
        ("a: &x [1]\nb: *x", [1]),
    ],
)
def test_a_value_is_what_jekyll_authors_mean_by_it(source: str, expected: object) -> None:
    result = values(source)["a"]
    assert result == expected
    assert type(result) is type(expected)


def test_keys_are_text() -> None:
    assert values("2024: a\ntrue: b") == {"2024": "a", "True": "b"}


def test_text_is_composed_and_without_nul() -> None:
    assert values('a: "e\u0301 \\0x"') == {"a": "é x"}


@pytest.mark.parametrize("source", ['a: "\\ud800x"', '"a\\ud800": x', '"a\\0": x', 'a: {"b\\0": "\\udfff"}'])
def test_what_is_read_can_be_stored(source: str) -> None:
    """Half of a surrogate pair is no text: a database refuses it, and NUL as well."""
    stored = json.dumps(values(source), ensure_ascii=False)
    assert "\\u0000" not in stored
    stored.encode()


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("title: A\ntags: [x", 2, "this isn't YAML"),
        ("title: A\nb: c: d", 2, "mapping values are not allowed"),
        ("title: A\n\tb: c", 2, "cannot start any token"),
        ("title: *nobody", 1, "undefined alias"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: !!python/object/apply:os.system [x]", 1, "could not determine a constructor"),
        ("a: !!python/name:os.system ''", 1, "could not determine a constructor"),
        ("? [a, b]\n: c", 1, "unhashable key"),
        ("a: \x07", 1, "this can't be read"),
        ("a: !!int x", 1, "this can't be read"),
        ("a: !!timestamp 2024-13-99", 1, "this can't be read"),
        ("[" * 5000, 1, "this can't be read"),
        ("just text", 1, "write lines of `key: value`"),
        ("- a\n- b", 1, "write lines of `key: value`"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_line(source: str, line: int, message: str) -> None:
    with pytest.raises(FrontMatterError, match=message) as caught:
        front_matter.load(source)
    assert caught.value.line == line


@pytest.mark.parametrize("source", ["null", "~", "false", "[]", "''", "0"])
def test_an_empty_value_that_is_no_mapping_is_no_crash(source: str) -> None:
    try:
        assert front_matter.load(source) == ({}, {})
    except FrontMatterError as error:
        assert "key: value" in str(error)  # either is a fair answer; anything else is not


def test_aliases_cannot_multiply_a_few_lines_into_millions() -> None:
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefg", "bcdefgh", strict=True)]
    with pytest.raises(FrontMatterError, match="more than 10,000 values"):
        front_matter.load("\n".join(lines))


def test_a_value_that_contains_itself_is_an_error() -> None:
    with pytest.raises(FrontMatterError, match="more than 10,000 values"):
        front_matter.load("a: &a [*a]")


@pytest.mark.parametrize(
    "data",
    [
        {"title": "제목: 부제", "t_tokyo": "i/status/1", "tags": ["a", "b"], "pin": True, "n": 1, "none": None},
        {"date": "2024-02-19", "yes": "yes", "number": "012", "colon": "a: b", "long": "word " * 300},
        {"nested": {"a": {"b": ["c", {"d": 1.5}]}}},
    ],
)
def test_what_is_dumped_is_read_back_as_it_was(data: dict[str, Any]) -> None:
    assert values(front_matter.dump(data)) == data


def test_no_values_are_no_text() -> None:
    assert front_matter.dump({}) == ""


def test_a_dump_is_readable_and_keeps_its_order() -> None:
    assert front_matter.dump({"b": "한글", "a": 1}) == "b: 한글\na: 1\n"
