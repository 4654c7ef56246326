"""The embed block: an address, an include or a tag, with the caption and the prompt that belong to it."""

from __future__ import annotations

from typing import Any

import pytest

from blog.rendering import EmbedRef, PromptRef, Rendered, pipeline, render
from blog.rendering.rendered import fill

ID = "1758192965703647443"
URL = f"https://x.com/OpenAI/status/{ID}"
OTHER = "1758192957386342435"
VARIABLES: dict[str, Any] = {
    "t_tokyo": ID,
    "t_number": int(ID),
    "t_path": f"i/status/{ID}",
    "t_url": URL,
    "t_other": OTHER,
    "t_wrong": "no id",
    "t_list": [1],
    "t_none": None,
    "forms": ID,
    "user-forms": OTHER,
}
INCLUDE = "{% include embed/twitter.html id=page.t_tokyo %}"


def made(source: str) -> Rendered:
    return render(source, variables=VARIABLES)


def embed(source: str) -> EmbedRef:
    rendered = made(source)
    assert len(rendered.embeds) == 1, rendered
    return rendered.embeds[0]


def prompts(source: str) -> list[str]:
    return [prompt.text for prompt in made(source).prompts]


# The three forms


@pytest.mark.parametrize(
    ("source", "handle", "key"),
    [
        (URL, "OpenAI", f"x-{ID}"),
        (f"<{URL}>", "OpenAI", f"x-{ID}"),
        (f"  {URL}  ", "OpenAI", f"x-{ID}"),
        (f"http://twitter.com/OpenAI/statuses/{ID}/photo/1?s=20#x", "OpenAI", f"x-{ID}"),
        (f"https://x.com/i/status/{ID}", "", f"x-{ID}"),
        (INCLUDE, "", "t_tokyo"),
        ("{% include embed/x.html id=page.t_tokyo %}", "", "t_tokyo"),
        ("{%- include embed/twitter.html id=page.t_tokyo -%}", "", "t_tokyo"),
        ("{%   include   embed/twitter.html   id = page.t_tokyo   %}", "", "t_tokyo"),
        ("{% include embed/twitter.html\n  id=page.t_tokyo\n%}", "", "t_tokyo"),
        ("{% include embed/twitter.html id=page.t_number %}", "", "t_number"),
        ("{% include embed/twitter.html id=page.t_path %}", "", "t_path"),
        ("{% include embed/twitter.html id=page.t_url %}", "OpenAI", "t_url"),
        ("{% include embed/twitter.html id=page['t_tokyo'] %}", "", "t_tokyo"),
        ('{% include embed/twitter.html id=page["t_tokyo"] %}', "", "t_tokyo"),
        (f'{{% include embed/twitter.html id="{ID}" %}}', "", f"x-{ID}"),
        (f"{{% include embed/twitter.html id='i/status/{ID}' %}}", "", f"x-{ID}"),
        (f"{{% include embed/twitter.html id={ID} %}}", "", f"x-{ID}"),
        ("{% embed t_tokyo %}", "", "t_tokyo"),
        ("{% embed page.t_tokyo %}", "", "t_tokyo"),
        ("{% embed id=t_tokyo %}", "", "t_tokyo"),
        (f"{{% embed {ID} %}}", "", f"x-{ID}"),
        (f'{{% embed "{ID}" %}}', "", f"x-{ID}"),
        (f"{{% embed {URL} %}}", "OpenAI", f"x-{ID}"),
        ("{% embed t_url %}", "OpenAI", "t_url"),
    ],
)
def test_an_address_an_include_and_a_tag_are_the_same_post(source: str, handle: str, key: str) -> None:
    rendered = made(source)
    assert rendered.html == "<!--embed:0-->"
    assert rendered.embeds == (
        EmbedRef("x", ID, f"https://x.com/i/status/{ID}", handle, "2024-02-15T18:14:03+00:00", key, ""),
    )
    assert rendered.warnings == ()


def test_an_old_id_has_no_date() -> None:
    assert embed("https://x.com/jack/status/20").posted_at == ""


@pytest.mark.parametrize(
    "source",
    [
        f"See {URL} now",
        f"Text before\n{URL}",
        f"{URL} and more",
        f"[a post]({URL})",
        f"{URL}/likes",
        f"{URL}abc",
        "https://x.com/OpenAI",
        "https://x.com/a/status/0",
        "https://x.com/a/status/99999999999999999999",
        "https://a.example/OpenAI/status/1",
        f"| a |\n|---|\n| {URL} |",
        f"## {URL}",
    ],
)
def test_an_address_that_does_not_stand_alone_is_a_link(source: str) -> None:
    rendered = made(source)
    assert rendered.embeds == ()
    assert '<a href="https://' in rendered.html


@pytest.mark.parametrize("before", ["Text ", "Text\n"])
@pytest.mark.parametrize("tag", [INCLUDE, "{% embed t_tokyo %}"])
def test_a_tag_that_does_not_stand_alone_stays_visible_with_a_warning(before: str, tag: str) -> None:
    rendered = made(f"{before}{tag} after")
    assert rendered.embeds == ()
    assert rendered.html == f"<p>{before}{tag} after</p>"
    assert rendered.warnings == (f"{tag} isn't understood here; it is shown as text.",)


@pytest.mark.parametrize("particle", ["입니다.", "을", "에서", "です。", "…"])
def test_an_id_ends_where_its_digits_end(particle: str) -> None:
    rendered = made(f"{URL}{particle}\n걷기")
    assert rendered.html == f"<!--embed:0-->\n<p>{particle}</p>"
    assert (rendered.embeds[0].provider_id, rendered.embeds[0].caption) == (ID, "걷기")


@pytest.mark.parametrize(
    ("source", "container"),
    [
        (f"- {URL}\n- b", "li"),
        (f"- a\n\n  {URL}", "li"),
        (f"> {URL}\n> caption", "blockquote"),
        (f"Term\n: {URL}", "dd"),
        (f'<div markdown="1">\n\n{URL}\n\n</div>', "div"),
    ],
)
def test_an_embed_stands_in_other_blocks_too(source: str, container: str) -> None:
    rendered = made(source)
    assert len(rendered.embeds) == 1
    assert "<!--embed:0-->" in rendered.html.partition(f"<{container}>")[2].partition(f"</{container}>")[0]
    assert "<p><!--" not in rendered.html


@pytest.mark.parametrize(
    "source",
    [
        "`{}`",
        "`\n{}\n`",
        "```\n{}\n```",
        "~~~\n{}\n~~~",
        "```liquid\n{}\ncaption\n> Prompt: x\n```",
        "    {}",
        "a\n\n    {}\n\n    {}",
        "- a\n\n  ```\n  {}\n  ```",
        "- a\n\n      {}",
        "> ```\n> {}\n> ```",
        "<pre>\n{}\n\n{}\n</pre>",
        "<code>{}</code>",
    ],
)
@pytest.mark.parametrize("block", [URL, INCLUDE, "{% embed t_tokyo %}"])
def test_nothing_inside_code_is_an_embed(source: str, block: str) -> None:
    rendered = made(source.replace("{}", block))
    assert rendered.embeds == ()
    assert rendered.prompts == ()
    assert "<!--" not in rendered.html
    assert block in rendered.text


@pytest.mark.parametrize(
    "source", ["```\n> Prompt: x\n```", "    > Prompt: x", "`> Prompt: x`", "- a\n\n      > Prompt: x"]
)
def test_nothing_inside_code_is_a_prompt(source: str) -> None:
    rendered = made(source)
    assert rendered.prompts == ()
    assert "> Prompt: x" in rendered.text


def test_nothing_inside_a_comment_is_an_embed() -> None:
    rendered = made(f"<!--\n{URL}\n-->\n\n<!-- {INCLUDE} -->")
    assert (rendered.embeds, rendered.html.strip()) == ((), "")


# Includes and tags that name nothing


@pytest.mark.parametrize(
    "tag",
    [
        "{% include embed/twitter.html id=page.t_missing %}",
        "{% include embed/twitter.html id=page.t_wrong %}",
        "{% include embed/twitter.html id=page.t_list %}",
        "{% include embed/twitter.html id=page.t_none %}",
        '{% include embed/twitter.html id="" %}',
        "{% include embed/twitter.html other=1 %}",
        "{% include embed/vimeo.html id='1' %}",
        "{% include embed/youtube.html id='a&b' %}",
        "{% include embed/video.html src='javascript:1' %}",
        "{% include embed/audio.html src='data:audio/mp3,x' %}",
        "{% include embed/audio.html %}",
        "{% embed t_missing %}",
        "{% embed javascript://x.com/a/status/1 %}",
        "{% embed caption='nothing else' %}",
    ],
)
def test_a_tag_that_names_nothing_stays_visible_with_a_warning(tag: str) -> None:
    rendered = made(f"{tag}\nnext line")
    assert rendered.embeds == ()
    assert rendered.text == f"{tag}\nnext line"
    assert rendered.warnings == (f"{tag} names nothing that can be embedded; it is shown as text. Check its id.",)


@pytest.mark.parametrize(
    ("tag", "provider", "number", "caption", "options"),
    [
        ("youtube.html id='Balreaj8Yqs'", "youtube", "Balreaj8Yqs", "", {}),
        ("youtube.html id='Balreaj8Yqs' start='90'", "youtube", "Balreaj8Yqs", "", {"start": "90"}),
        ("twitch.html id='1634779211'", "twitch", "video/1634779211", "", {}),
        ("bilibili.html id='BV1Q44y1B7Wf'", "bilibili", "BV1Q44y1B7Wf", "", {}),
        (
            "spotify.html id='3OuMIIFP5TxM8tLXMWYPGV' compact=1",
            "spotify",
            "track/3OuMIIFP5TxM8tLXMWYPGV",
            "",
            {"compact": "1"},
        ),
        ("spotify.html id='3OuMIIFP5TxM8tLXMWYPGV' dark=0", "spotify", "track/3OuMIIFP5TxM8tLXMWYPGV", "", {}),
        ("video.html src='a.mp4' title='A clip'", "video", "/media/clips/a.mp4", "A clip", {}),
        (
            "video.html src='a.mp4' poster='b.png' loop=true muted=true types='webm|ogg'",
            *("video", "/media/clips/a.mp4", ""),
            {"poster": "/media/clips/b.png", "loop": "true", "muted": "true", "types": "webm|ogg"},
        ),
        ("audio.html src='https://a.example/a.mp3'", "audio", "https://a.example/a.mp3", "", {}),
    ],
)
def test_chirpys_includes_are_embeds_with_their_parameters(
    tag: str, provider: str, number: str, caption: str, options: dict[str, str]
) -> None:
    rendered = render(f"{{% include embed/{tag} %}}\n\nnext line", variables={"media_subpath": "/clips/"})
    (embed,) = rendered.embeds
    assert (embed.provider, embed.provider_id, embed.options) == (provider, number, options)
    assert (embed.caption, rendered.warnings) == (caption, ())
    assert rendered.text.endswith("next line")


def test_files_of_films_are_told_apart_from_those_elsewhere() -> None:
    sound = "{% include embed/audio.html src='https://a.example/a.mp3' %}"
    source = "{% include embed/video.html src='/v/a.mp4' poster='/v/a.png' %}\n\n" + sound
    assert render(source).files == ("/v/a.mp4", "/v/a.png")


def test_a_poster_elsewhere_isnt_shown_and_nothing_plays_by_itself() -> None:
    rendered = render("{% include embed/video.html src='/a.mp4' poster='https://a.example/p.png' autoplay=true %}")
    assert rendered.embeds[0].options == {}
    assert rendered.warnings == (
        "The poster https://a.example/p.png is on another host and isn't shown. Upload it.",
        "/media/a.mp4 won't play by itself: nothing here moves before it is asked to.",
    )


@pytest.mark.parametrize(
    ("tag", "link", "text"),
    [
        ("{% embed https://a.example/clip %}", "https://a.example/clip", None),
        ('{% embed https://a.example/clip caption="A clip" %}', "https://a.example/clip", "A clip"),
        ("{% include embed/video.html src='http://a.example/a.mp4' %}", "http://a.example/a.mp4", None),
        ("{% include embed/youtube.html id='https://a.example/b' %}", "https://a.example/b", None),
    ],
)
def test_an_address_that_nobody_knows_becomes_a_link_with_a_warning(tag: str, link: str, text: str | None) -> None:
    rendered = made(f"{tag}\nnext line")
    assert rendered.html == f'<p><a href="{link}">{text or link}</a></p>\n<p>next line</p>'
    assert rendered.warnings == (f"{link} can't be embedded; it is shown as a link.",)


# Captions


@pytest.mark.parametrize("form", [URL, INCLUDE, "{% embed t_tokyo %}"])
@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("tokyo walk", "tokyo walk"),
        ("  도쿄 산책  ", "도쿄 산책"),
        ("_tokyo_", "tokyo"),
        ("**tokyo**", "tokyo"),
        ("*tokyo* walk", "*tokyo* walk"),
        ("a < b & c", "a < b & c"),
    ],
)
def test_the_line_after_an_embed_is_its_caption(form: str, line: str, caption: str) -> None:
    rendered = made(f"{form}\n{line}")
    assert rendered.embeds[0].caption == caption
    assert rendered.html == "<!--embed:0-->"
    assert rendered.text == caption


@pytest.mark.parametrize(
    ("argument", "caption"),
    [
        ('"tokyo walk"', "tokyo walk"),
        ("'it \"is\"'", 'it "is"'),
        ('"a &quot;b&quot;"', 'a "b"'),
        ('"100%} of it"', "100%} of it"),
        ('"a > b"', "a > b"),
        ("word", "word"),
    ],
)
@pytest.mark.parametrize("tag", ["embed t_tokyo", "include embed/twitter.html id=page.t_tokyo"])
def test_a_caption_stands_in_quotes_of_either_kind(tag: str, argument: str, caption: str) -> None:
    assert embed(f"{{% {tag} caption={argument} %}}").caption == caption


def test_markup_in_a_caption_is_text() -> None:
    rendered = made(f"{URL}\n<b>bold</b> <script>x</script>")
    assert rendered.embeds[0].caption == "<b>bold</b> <script>x</script>"
    assert rendered.html == "<!--embed:0-->"


@pytest.mark.parametrize("form", [URL, INCLUDE])
def test_more_than_one_line_after_an_embed_is_a_paragraph(form: str) -> None:
    rendered = made(f"{form}\none\n*two*\nthree")
    assert rendered.embeds[0].caption == ""
    assert rendered.html == "<!--embed:0-->\n<p>one\n<em>two</em>\nthree</p>"


def test_a_line_after_a_tag_with_a_caption_is_kept() -> None:
    rendered = made('{% embed t_tokyo caption="tokyo walk" %}\nanother line\n> Prompt: a walk')
    assert rendered.embeds[0].caption == "tokyo walk"
    assert rendered.html == "<!--embed:0-->\n<p>another line</p>"
    assert [(prompt.text, prompt.embed) for prompt in rendered.prompts] == [("a walk", 0)]


def test_an_embed_ends_at_a_blank_line() -> None:
    rendered = made(f"{URL}\n\ntext\n\n> Prompt: elsewhere")
    assert rendered.embeds[0].caption == ""
    assert rendered.html == "<!--embed:0-->\n<p>text</p>\n<!--prompt:0-->"
    assert rendered.prompts[0].embed is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("## Heading", '<h2 id="heading" '),
        ("![A](/a.png)", '<img alt="A" src="/media/a.png"'),
        ("- a\n- b", "<li>a</li>"),
        ("- a", "<li>a</li>"),
        ("1. a", "<li>a</li>"),
        ("<div>x</div>", "<div>x</div>"),
        ("```\nx = 1\n```", "<code>x = 1\n</code>"),
        ("---", "<hr>"),
        (f"https://x.com/OpenAI/status/{OTHER}", "<!--embed:1-->"),
        ("{% embed t_other %}", "<!--embed:1-->"),
    ],
)
def test_a_block_on_the_line_after_an_embed_is_no_caption(line: str, expected: str) -> None:
    rendered = made(f"{URL}\n{line}")
    assert rendered.embeds[0].caption == ""
    assert expected in rendered.html


def test_an_attribute_line_after_an_embed_is_no_caption() -> None:
    assert embed(f"{URL}\n{{: .left }}").caption == ""


# Prompts


@pytest.mark.parametrize(
    ("quote", "label", "text", "lang"),
    [
        (">Prompt: A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> Prompt: A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> PROMPT : A woman walks.", "PROMPT", "A woman walks.", "en"),
        ("> prompt:A woman walks.", "prompt", "A woman walks.", "en"),
        ("> **Prompt:** A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> **Prompt**: A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> _Prompt_: A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> Prompt:\n> A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> Prompt:\n>\n> A woman walks.", "Prompt", "A woman walks.", "en"),
        ("> 프롬프트: 한 여자가 걷는다.", "프롬프트", "한 여자가 걷는다.", "ko"),
        ("> 프롬프트：한 여자가 걷는다.", "프롬프트", "한 여자가 걷는다.", "ko"),
        ("> 프롬프트: A woman walks.", "프롬프트", "A woman walks.", "en"),
        ("> プロンプト：女性が歩く。", "プロンプト", "女性が歩く。", "ja"),
        ("> 提示词：一位女士走着。", "提示词", "一位女士走着。", "zh"),
        ("> 提示詞: 一位女士走著。", "提示詞", "一位女士走著。", "zh"),
    ],
)
@pytest.mark.parametrize("caption", ["", "tokyo walk\n"])
def test_a_quote_that_begins_with_a_label_is_the_prompt(
    caption: str, quote: str, label: str, text: str, lang: str
) -> None:
    rendered = made(f"{URL}\n{caption}{quote}")
    assert rendered.prompts == (PromptRef(label, text, lang, embed=0),)
    assert rendered.embeds[0].caption == caption.strip()
    assert rendered.html == "<!--embed:0-->"
    assert rendered.text == f"{caption}{text}"


def test_a_prompt_has_paragraphs_and_lines() -> None:
    source = f"{URL}\ncaption\n> Prompt: one\n> two\n>\n> three\n>\n> - four\n\nAfter."
    rendered = made(source)
    assert rendered.prompts[0].text == "one\ntwo\n\nthree\n\n- four"
    assert rendered.html == "<!--embed:0-->\n<p>After.</p>"
    assert prompts(source.replace("\n", "\r\n")) == ["one\ntwo\n\nthree\n\n- four"]


def test_a_second_quote_is_an_ordinary_one() -> None:
    rendered = made(f"{URL}\n> Prompt: one\n\n> two")
    assert [prompt.text for prompt in rendered.prompts] == ["one"]
    assert rendered.html.replace("\n", "") == "<!--embed:0--><blockquote><p>two</p></blockquote>"


@pytest.mark.parametrize(
    "text",
    [
        "a <b>bold</b> <lora:film:0.8> word",
        "*a* _b_ `c` ~~d~~ **e**",
        "(a:1.2), [b|c], {d}, <e>, \\*f",
        "[a](b) ![c](d) https://a.example/b",
        "a & b &lt;c&gt; &amp; d",
        "a <!-- b --> c",
        "<script>alert(1)</script>",
        "a[^1] {: .left } {% embed t_tokyo %} {{ x }}",
        "one\n<div>two</div>\n# three\n- four\n---\n| five |",
        "--ar 16:9 --v 6",
        "Prompt: twice",
        "two  \n  indented",
    ],
)
@pytest.mark.parametrize("before", ["", f"{URL}\n"])
def test_markup_in_a_prompt_is_text(before: str, text: str) -> None:
    quote = "\n".join(f"> {line}" for line in f"Prompt: {text}".split("\n"))
    rendered = made(f"{before}{quote}")
    assert [prompt.text for prompt in rendered.prompts] == [text]
    assert rendered.html == ("<!--embed:0-->" if before else "<!--prompt:0-->")
    assert len(rendered.embeds) == bool(before)


@pytest.mark.parametrize("text", ['```json\n{"a": "<b>"}\n```', "```\nx = 1\n```", "a\n~~~\nb\n~~~\nc"])
@pytest.mark.parametrize("before", ["", f"{URL}\n"])
def test_a_fence_in_a_prompt_is_text(before: str, text: str) -> None:
    quote = "\n".join(f"> {line}" for line in f"Prompt:\n{text}".split("\n"))
    (prompt,) = prompts(f"{before}{quote}")
    assert "<pre" not in prompt
    assert "<code" not in prompt
    for line in text.split("\n"):
        assert line.startswith(("```", "~~~")) or line in prompt.split("\n")


def test_a_quoted_fence_in_a_prompt_keeps_its_own_marks() -> None:
    assert prompts("> Prompt:\n>\n> > ```\n> > a\n> > ```") == ["> ```\n> a\n> ```"]


@pytest.mark.parametrize("before", [f"{URL}\n", f"{URL}\ncaption\n"])
def test_an_attribute_line_is_no_part_of_a_prompt(before: str) -> None:
    assert prompts(f"{before}> Prompt: a lake\n{{: .left }}") == ["a lake"]


@pytest.mark.parametrize("quote", ["> A quote", "> Prompts: a", "> The prompt: a", "> Promptly: a", "> 프롬프트 없음"])
def test_a_quote_without_a_label_is_an_ordinary_one(quote: str) -> None:
    rendered = made(f"{URL}\ncaption\n{quote}")
    assert rendered.prompts == ()
    assert rendered.embeds[0].caption == "caption"
    assert rendered.html.replace("\n", "") == f"<!--embed:0--><blockquote><p>{quote[2:]}</p></blockquote>"


@pytest.mark.parametrize("quote", ["> Prompt:", "> Prompt:\n>", "> **Prompt:**  "])
@pytest.mark.parametrize("before", ["", f"{URL}\n"])
def test_a_label_with_nothing_after_it_is_an_ordinary_quote(before: str, quote: str) -> None:
    rendered = made(f"{before}{quote}")
    assert rendered.prompts == ()
    assert "<blockquote>" in rendered.html
    assert "Prompt:" in rendered.text


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("> Prompt: a lake", "<!--prompt:0-->"),
        ("- item\n\n  > Prompt: a lake", "<li><p>item</p><!--prompt:0--></li>"),
        ("![](/a.png)\n_caption_\n\n> Prompt: a lake", "</figure><!--prompt:0-->"),
        ("![](/a.png)\n> Prompt: a lake", "<!--prompt:0-->"),
        ("Text\n\n> Prompt: a lake\n\nText", "<p>Text</p><!--prompt:0--><p>Text</p>"),
    ],
)
def test_a_prompt_may_belong_to_no_embed(source: str, html: str) -> None:
    rendered = made(source)
    assert rendered.prompts == (PromptRef("Prompt", "a lake", "en", None),)
    assert html in rendered.html.replace("\n", "")


def test_prompts_are_in_the_order_of_the_text() -> None:
    source = f"> Prompt: one\n\n{URL}\n> Prompt: two\n\n{{% embed t_other %}}\n\n> Prompt: three"
    rendered = made(source)
    assert [(prompt.text, prompt.embed) for prompt in rendered.prompts] == [("one", None), ("two", 0), ("three", None)]
    assert rendered.html.split() == ["<!--prompt:0-->", "<!--embed:0-->", "<!--embed:1-->", "<!--prompt:2-->"]


# Keys


def test_the_same_post_may_stand_twice_in_a_text() -> None:
    rendered = made(f"{URL}\na\n\n{URL}\nb\n\n{INCLUDE}\n\n{{% embed t_tokyo %}}\n\n{INCLUDE}")
    assert [(e.provider_id, e.key) for e in rendered.embeds] == [
        (ID, f"x-{ID}"),
        (ID, f"x-{ID}-2"),
        (ID, "t_tokyo"),
        (ID, "t_tokyo-2"),
        (ID, "t_tokyo-3"),
    ]
    assert [e.caption for e in rendered.embeds] == ["a", "b", "", "", ""]


def test_a_numbered_key_differs_from_one_that_is_written() -> None:
    variables = {"t": ID, "t-2": OTHER}
    rendered = render("{% embed t %}\n\n{% embed t-2 %}\n\n{% embed t %}", variables=variables)
    assert [e.key for e in rendered.embeds] == ["t", "t-2", "t-3"]


def test_two_keys_give_two_ids_on_the_page() -> None:
    """`forms` is prefixed on the page, so that it can't stand for `document.forms`; `user-forms` is written so."""
    rendered = made("{% embed forms %}\n\n{% embed user-forms %}")
    assert {e.key for e in rendered.embeds} != {"forms", "user-forms"}
    assert len({e.key for e in rendered.embeds}) == 2


def test_a_key_that_cannot_be_an_id_is_replaced() -> None:
    rendered = render('{% embed page["a b"] %}', variables={"a b": ID})
    assert [e.key for e in rendered.embeds] == [f"x-{ID}"]


def test_no_other_id_in_the_text_is_that_of_an_embed() -> None:
    rendered = made('## t_tokyo\n\n<p id="t_tokyo">x</p>\n\ntext\n{: #t_tokyo }\n\n{% embed t_tokyo %}')
    assert rendered.embeds[0].key == "t_tokyo"
    assert 'id="t_tokyo"' not in rendered.html
    assert '<h2 id="t_tokyo-1" ' in rendered.html


# Placeholders


def test_placeholders_are_filled_by_kind_and_number() -> None:
    rendered = made(f"{URL}\n\n> Prompt: a\n\n{INCLUDE}")
    assert fill(rendered.html, lambda kind, number: f"[{kind} {number}]").split("\n") == [
        "[embed 0]",
        "[prompt 0]",
        "[embed 1]",
    ]


@pytest.mark.parametrize(
    "forged",
    [
        "<!--embed:0-->",
        "<p><!--embed:0--></p>",
        "<!--prompt:0-->",
        "<div>\n<!--embed:0-->\n</div>",
        "&lt;!--embed:0--&gt;",
        "\\<!--embed:0-->",
        "`<!--embed:0-->`",
        "```\n<!--embed:0-->\n```",
        "    <!--embed:0-->",
        "<!-- <!--embed:0--> -->",
        "<!<!-- x -->--embed:0-->",
        "<!--x--!><!--embed:0-->",
        "<![CDATA[<!--embed:0-->]]>",
        "<?php <!--embed:0--> ?>",
        '<p title="<!--embed:0-->">x</p>',
        "![<!--embed:0-->](/a.png)",
        '[a](/b "<!--embed:0-->")',
        "<textarea><!--embed:0--></textarea>",
        "<noscript><!--embed:0--></noscript>",
        "<style><!--embed:0--></style>",
        "<script><!--embed:0--></script>",
        "<xmp><!--embed:0--></xmp>",
        "## <!--embed:0-->",
        "[^1]\n\n[^1]: <!--embed:0-->",
        "x0embed0end",
        "\x02wzxhzdk:0\x03",
        "\x02klzzwxh:0000\x03",
    ],
)
def test_a_placeholder_cannot_be_forged(forged: str) -> None:
    rendered = made(f"{URL}\n\n{forged}")
    places: list[tuple[str, int]] = []
    fill(rendered.html, lambda kind, number: places.append((kind, number)) or "")
    assert places == [("embed", 0)]
    assert rendered.html.startswith("<!--embed:0-->")


def test_a_prompt_or_a_caption_cannot_hold_another_placeholder() -> None:
    rendered = made(f"{URL}\na \x02wzxhzdk:0\x03\n> Prompt: <!--embed:0--> \x02wzxhzdk:0\x03")
    assert rendered.html == "<!--embed:0-->"
    assert rendered.embeds[0].caption == "a wzxhzdk:0"
    assert rendered.prompts[0].text == "<!--embed:0--> wzxhzdk:0"


def test_a_token_is_no_word_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    words = iter(["guessed", "other"])
    monkeypatch.setattr(pipeline.secrets, "token_hex", lambda _size: next(words))
    rendered = made(f"xguessedembed0end\n\n{URL}")
    assert rendered.html == "<p>xguessedembed0end</p>\n<!--embed:0-->"
