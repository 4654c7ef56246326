"""The text of an entry: whole or a summary, and plain."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from blog.feeds.plain import plain
from blog.models import SiteSettings
from tests.conftest import EMBED
from tests.feeds.helpers import ATOM, MakePost, data, tree

FEEDS = ["/feed.xml", "/rss.xml", "/feed.json"]
LONG = "The first paragraph is long enough to be the excerpt of this post, so it is.\n\nThe second paragraph."


def html_of(client: Client, address: str) -> str:
    if address.endswith("json"):
        return str(data(client, address)["items"][0]["content_html"])
    root = tree(client, address)
    found = root.findtext(f".//{ATOM}content") or root.findtext(".//{http://purl.org/rss/1.0/modules/content/}encoded")
    return found or ""


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_of_summaries_leads_to_the_whole(client: Client, make_post: MakePost, address: str) -> None:
    SiteSettings(pk=1, feed_content="summary", language="en").save()
    make_post(summary="Less & <more>", body=LONG)
    assert html_of(client, address) == (
        '<p>Less &amp; &lt;more&gt;</p>\n<p><a href="http://testserver/posts/post-1/">Read the whole</a></p>'
    )
    assert b"second paragraph" not in client.get(address).content


def test_prompts_are_shortened_as_well(client: Client, make_post: MakePost) -> None:
    SiteSettings(pk=1, feed_content="summary").save()
    make_post(body="> Prompt: " + "a long night " * 100)
    html = html_of(client, "/prompts/feed.xml")
    assert len(html) < 700
    assert "전체 읽기" in html


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_whole_unless_the_site_says_otherwise(client: Client, make_post: MakePost, address: str) -> None:
    make_post(body=LONG)
    assert "The second paragraph." in html_of(client, address)


@pytest.mark.parametrize("content", ["full", "summary"])
@pytest.mark.parametrize("address", FEEDS)
def test_a_text_from_the_right_says_so(client: Client, make_post: MakePost, address: str, content: str) -> None:
    SiteSettings(pk=1, feed_content=content).save()
    make_post(body="واحد واثنان.", lang="ar")
    html = html_of(client, address)
    assert html.startswith('<div dir="rtl"><p>')
    assert html.endswith(("</p></div>", "</p>\n</div>"))


def test_a_summary_is_text_in_atom_and_html_in_rss(client: Client, make_post: MakePost) -> None:
    make_post(summary="a < b & c")
    summary = tree(client, "/feed.xml").find(f".//{ATOM}summary")
    assert summary is not None
    assert (summary.text, summary.get("type")) == ("a < b & c", None)
    assert tree(client, "/rss.xml").findtext(".//item/description") == "a &lt; b &amp; c"


@pytest.mark.parametrize("address", FEEDS)
def test_a_text_has_nothing_that_only_pages_understand(client: Client, make_post: MakePost, address: str) -> None:
    make_post(
        body=f"## Night\n\n```python\nprint(1)  # a\n```\n\n| a |\n|--:|\n| 1 |\n\n{EMBED}\n\n> tip\n{{: .prompt-tip }}"
    )
    html = html_of(client, address)
    assert not re.search(r"<[^>]* (?:class|id|tabindex|data-|aria-|srcset|sizes|loading)", html)
    assert "<span" not in html
    assert "print(1)" in html
    assert re.search(r'<td style="text-align: ?right', html)


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ('<p class="a" id="b" lang="ko">x</p>', '<p lang="ko">x</p>'),
        (
            '<picture><source srcset="a 1w"><img src="a" srcset="a 1w" loading="lazy" alt="x > y"></picture>',
            '<img src="a" alt="x > y">',
        ),
        ("<span>a</span>", "a"),
        ('<span class="k">a <span lang="en">b</span></span>', 'a <span lang="en">b</span>'),
        ('<i style="color: red; background-color: gold">a</i>', '<i style="color: red">a</i>'),
        ('<i style="background: url(x)">a</i>', "<i>a</i>"),
        ('<a href="/?class=&quot;a&quot; id=3">class="x"</a>', '<a href="/?class=&quot;a&quot; id=3">class="x"</a>'),
        ('<p title=" class=a id=b">x</p>', '<p title=" class=a id=b">x</p>'),
        ('<input type="checkbox" checked disabled>', '<input type="checkbox" checked disabled>'),
        ("<td>1 < 2</td>", "<td>1 < 2</td>"),
    ],
)
def test_plain_html(page: str, feed: str) -> None:
    assert plain(page) == feed
