"""The pictures of a text as pages and feeds show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from PIL import Image as Pillow

from blog import pictures, presentation, uploads
from blog.models import Image, Page, Post

pytestmark = pytest.mark.django_db
MakePost = Callable[..., Post]


def encoded(width: int, height: int, colour: Any = "teal", mode: str = "RGB", kind: str = "PNG", **more: Any) -> bytes:
    buffer = BytesIO()
    Pillow.new(mode, (width, height), colour).save(buffer, kind, **more)
    return buffer.getvalue()


def moving() -> bytes:
    return encoded(60, 40, kind="GIF", save_all=True, append_images=[Pillow.new("RGB", (60, 40), "red")])


def uploaded(width: int = 1200, height: int = 600, colour: Any = "teal") -> Image:
    return uploads.store(uploads.receive(encoded(width, height, colour)), "A lake", "lake.png")


def imported(data: bytes, path: str = "/assets/a.png") -> Image:
    name = default_storage.save(path[1:], ContentFile(data))
    with Pillow.open(BytesIO(data)) as opened:
        return Image.objects.create(file=name, path=path, width=opened.width, height=opened.height)


def body(post: Post, client: Client) -> str:
    page = client.get(post.get_absolute_url()).content.decode()
    return page[page.index('<div class="body">') : page.index("<footer lang")]


def image_of(html: str) -> dict[str, str]:
    tag = re.search(r"<img[^>]*>", html)
    assert tag
    return dict(re.findall(r' ([a-z-]+)="([^"]*)"', tag[0]))


def test_a_picture_comes_in_the_sizes_and_formats_that_there_are(make_post: MakePost, client: Client) -> None:
    picture = uploaded()
    html = body(make_post(body=f"![A lake]({picture.file.url})"), client)
    assert re.findall(r'<source type="([^"]*)"', html) == ["image/avif", "image/webp"]
    assert 'sizes="(min-width: 46rem) 40rem, 92vw"' in html
    assert " 480w, " in html
    assert html.count("<picture>") == html.count("</picture>") == 1
    assert (image_of(html)["width"], image_of(html)["height"]) == ("1200", "600")


def test_copies_that_are_made_later_show_without_saving_the_post(make_post: MakePost, client: Client) -> None:
    picture = imported(encoded(1000, 500))
    post = make_post(body="![](/assets/a.png)")
    assert "<picture>" not in body(post, client)
    pictures.complete(picture)
    assert "<picture>" in body(post, client)


@pytest.mark.parametrize(
    ("attributes", "width", "height"),
    [
        ("", "1200", "600"),
        ('{: w="400" }', "400", "200"),
        ('{: h="150" }', "300", "150"),
        ('{: w="400" h="400" }', "400", "200"),
    ],
)
def test_room_is_kept_in_the_shape_of_the_picture(
    make_post: MakePost, client: Client, attributes: str, width: str, height: str
) -> None:
    shown = image_of(body(make_post(body=f"![]({uploaded().file.url}){attributes}"), client))
    assert (shown["width"], shown["height"]) == (width, height)


@pytest.mark.parametrize(
    ("attributes", "sizes"),
    [
        ("{: .w-50 .left }", "(min-width: 46rem) 20rem, 92vw"),
        ("{: .w-75 }", "(min-width: 46rem) 30rem, 92vw"),
        ('{: w="320" }', "(min-width: 46rem) 20rem, min(320px, 92vw)"),
    ],
)
def test_a_picture_is_fetched_as_large_as_it_is_shown(
    make_post: MakePost, client: Client, attributes: str, sizes: str
) -> None:
    assert f'sizes="{sizes}"' in body(make_post(body=f"![]({uploaded().file.url}){attributes}"), client)


def test_only_a_picture_at_the_top_is_not_waited_with(make_post: MakePost, client: Client) -> None:
    url = uploaded().file.url
    html = body(make_post(body=f"![]({url})\n\n![]({url})"), client)
    assert html.count('loading="lazy"') == 1
    assert html.count('decoding="async"') == 2
    assert "loading" not in image_of(html)


@pytest.mark.parametrize("above", ["https://x.com/a/status/20", "cover", "long text " * 200])
def test_below_a_cover_an_embed_or_a_long_text_all_are(make_post: MakePost, client: Client, above: str) -> None:
    picture = uploaded()
    text = f"{above}\n\n![]({picture.file.url})"
    post = make_post(body=text)
    if above == "cover":
        post.image = picture
        post.save()
    html = body(post, client)
    assert 'loading="lazy"' in html[html.rindex("<img") :]


def test_a_cover_comes_first_in_the_sizes_that_there_are_over_its_colour(make_post: MakePost, client: Client) -> None:
    cover = uploaded(colour="#336699")
    make_post(image=cover, body=f"![]({uploaded(colour='#993366').file.url})")
    for address, sizes in (("/posts/post-1/", "40rem, 92vw"), ("/", "37rem, 100vw")):
        response = client.get(address)
        main = response.content.decode().partition("<main")[2]
        assert re.findall(r'<source type="([^"]*)"', main)[:2] == ["image/avif", "image/webp"]
        assert f'{sizes}">' in main.partition("<img")[0]
        assert image_of(main)["src"] == cover.file.url
        assert image_of(main)["fetchpriority"] == "high"
        assert main.count("fetchpriority") == 1
        assert " style=" not in main
    page = client.get("/posts/post-1/").content.decode()
    assert "<style>.body .s-1{background-color:#993366}.cover{background-color:#336699}</style>" in page


def test_a_cover_without_copies_or_colour_is_shown_as_it_is(make_post: MakePost, client: Client) -> None:
    make_post(image=imported(encoded(1000, 500)))
    page = client.get("/posts/post-1/").content.decode()
    assert "<style>" not in page
    assert "<picture>" not in page
    assert image_of(page.partition("<main")[2])["class"] == "cover"


def test_its_colour_stands_for_it_until_it_comes_and_no_style_attribute_is_needed(
    make_post: MakePost, client: Client
) -> None:
    post = make_post(body=f"![]({uploaded(colour='#336699').file.url})")
    response = client.get(post.get_absolute_url())
    page = response.content.decode()
    assert "<style>.body .s-1{background-color:#336699}</style>" in page
    assert " style=" not in page
    assert image_of(body(post, client))["class"] == "s-1"
    assert "'sha256-" in response["Content-Security-Policy"]


def test_an_authors_colour_stays_beside_it(make_post: MakePost, client: Client) -> None:
    picture = uploaded(colour="#336699")
    post = make_post(body=f'<img src="{picture.file.url}" alt="" style="font-size:120%">')
    assert "{background-color:#336699;font-size:120%}" in client.get(post.get_absolute_url()).content.decode()


def test_all_pictures_of_a_text_cost_one_query(
    make_post: MakePost, client: Client, django_assert_max_num_queries: Any
) -> None:
    one = make_post(body=f"![]({uploaded().file.url})")
    many = make_post(body="\n\n".join(f"![]({uploaded(600 + n, 300).file.url})" for n in range(5)))
    none = make_post(body="nothing")
    counts = []
    for post in (none, one, many):
        with django_assert_max_num_queries(30) as queries:
            presentation.body(Post.objects.get(pk=post.pk), "page")
        counts.append(len(queries))
    assert counts[1] == counts[2] == counts[0] + 1


def test_pages_show_pictures_alike(client: Client) -> None:
    Page.objects.create(title="About", slug="about", body=f"![]({uploaded().file.url})", published=True)
    assert "<picture>" in client.get("/about/").content.decode()


def test_a_file_that_no_picture_is_stored_for_stays_a_plain_picture(make_post: MakePost, client: Client) -> None:
    html = body(make_post(body="![a](/nowhere.png)"), client)
    assert "<picture>" not in html
    assert image_of(html)["src"] == "/media/nowhere.png"


def test_feeds_get_plain_pictures_and_nothing_that_only_a_page_needs(make_post: MakePost) -> None:
    picture = uploaded()
    source = f"## Title\n\n![A lake]({picture.file.url})\n\n```python\na\nb\n```\n\n| a |\n|---|\n| b |"
    html = presentation.body(make_post(body=source), "feed", "https://blog.example/posts/a/")
    assert f'<img alt="A lake" src="https://blog.example{picture.file.url}">' in html
    for mark in ("<picture", "srcset", "anchor", "loading", "decoding", "tabindex", "data-lines", "h:title"):
        assert mark not in html
    assert '<h2 id="title">Title</h2>' in html


# Colours


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (encoded(50, 50, "#336699"), "#336699"),
        (encoded(50, 50, (0, 0, 0, 255), "RGBA"), "#000000"),
        (encoded(50, 50, (10, 20, 30, 128), "RGBA"), "#0000"),
        (encoded(1, 1, "white"), "#ffffff"),
        (encoded(50, 50, 128, "L"), "#808080"),
    ],
)
def test_the_colour_is_that_of_most_of_it(data: bytes, colour: str) -> None:
    assert pictures.colour_of(pictures.opened(data)) == colour
    assert uploads.receive(data).colour == colour
    assert pictures.prepare(data).colour == colour


def test_a_replaced_picture_has_the_colour_of_the_new_one() -> None:
    picture = uploaded(colour="#336699")
    uploads.replace(picture, uploads.receive(encoded(900, 300, "#ff0000"), uploads.ending_of(picture)))
    picture.refresh_from_db()
    assert picture.colour == "#ff0000"


def test_what_is_transparent_shows_the_page(make_post: MakePost, client: Client) -> None:
    picture = uploads.store(uploads.receive(encoded(50, 50, (1, 2, 3, 100), "RGBA")))
    assert "<style>" not in client.get(make_post(body=f"![]({picture.file.url})").get_absolute_url()).content.decode()


def test_rerender_gives_old_pictures_what_new_ones_have() -> None:
    old, moves = imported(encoded(1000, 500, "#336699")), imported(moving(), "/assets/m.gif")
    broken, lost = imported(encoded(9, 9), "/assets/b.png"), imported(encoded(9, 9), "/assets/l.png")
    default_storage.delete(broken.file.name or "")
    default_storage.save(broken.file.name or "", ContentFile(b"nonsense"))
    default_storage.delete(lost.file.name or "")
    call_command("rerender")
    rows = {row.pk: row for row in Image.objects.only("colour", "renditions")}
    assert (rows[old.pk].colour, len(rows[old.pk].renditions)) == ("#336699", 6)
    assert (rows[moves.pk].colour, rows[moves.pk].renditions) == ("#008080", [])
    assert (rows[broken.pk].colour, rows[broken.pk].renditions) == ("#0000", [])
    assert rows[lost.pk].colour == ""
    call_command("rerender")
    assert Image.objects.get(pk=old.pk).renditions == rows[old.pk].renditions


def test_the_words_for_copying_code_are_on_pages_with_code_alone(make_post: MakePost, client: Client) -> None:
    def page(body: str) -> str:
        return client.get(make_post(body=body).get_absolute_url()).content.decode()

    assert "data-copied=" in page("```python\nx\n```")
    assert "data-copied=" not in page("`x`")
