"""Pictures lead to their files."""

from __future__ import annotations

import pytest

from blog.zoom import linked

PICTURE = '<img alt="Rain" height="600" src="/media/a.jpg" width="800">'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>{PICTURE}</p>", f'<p><a class="zoom" href="/media/a.jpg">{PICTURE}</a></p>'),
        (
            f'<picture><source srcset="/b 9w">\n{PICTURE}</picture>',
            f'<a class="zoom" href="/media/a.jpg"><picture><source srcset="/b 9w">\n{PICTURE}</picture></a>',
        ),
        (
            '<img alt="" src="/a.png">',
            '<a class="zoom" href="/a.png" aria-label="&lt;Big&gt;"><img alt="" src="/a.png"></a>',
        ),
        ('<img alt="a > b" src="/a.png">', '<a class="zoom" href="/a.png"><img alt="a > b" src="/a.png"></a>'),
    ],
)
def test_a_picture_becomes_a_link(html: str, expected: str) -> None:
    assert linked(html, "<Big>") == expected


@pytest.mark.parametrize(
    "html",
    [
        f'<a href="/elsewhere">{PICTURE}</a>',
        f'<a href="/elsewhere" title="a > b">see <b>{PICTURE}</b></a>',
        f'<figure class="embed shape-16-9" id="t_a"><div>{PICTURE}</div></figure>',
        '<img alt="sign" src="/sign.png" width="20">',
        "<p>&lt;img src=x&gt;</p>",
        '<p title="<img src=x>">No picture.</p>',
    ],
)
def test_what_is_a_link_a_still_or_a_sign_stays_as_it_is(html: str) -> None:
    assert linked(html, "Big") == html


def test_abbreviations_and_articles_are_no_links() -> None:
    html = f'<abbr title="x">A</abbr>{PICTURE}<a href="/b">b</a>{PICTURE}'
    assert linked(html, "Big").count('class="zoom"') == 2
