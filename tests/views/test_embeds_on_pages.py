"""What readers and subscribers get of an embed, in every state and from every provider."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from blog import presentation
from blog.models import Embed, Image, Page, Post, SiteSettings
from tests.conftest import TOKYO
from tests.snapshots.helpers import MakePost, texts

CHECKED = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = "What was said."
LONG = "\n\n".join(f"Line {number} of what was said, and it goes on for a while." for number in range(8))
SAID = "a caption\n>Prompt: a prompt"
X = f"https://x.com/OpenAI/status/{TOKYO}"
# provider: (address, where its player loads from)
FRAMES = {
    "x": (X, "https://platform.twitter.com"),
    "youtube": ("https://www.youtube.com/watch?v=RoostDemo01", "https://www.youtube-nocookie.com"),
    "vimeo": ("https://vimeo.com/1000000101", "https://player.vimeo.com"),
    "bluesky": (
        "https://bsky.app/profile/did:plc:roostfake222222222222222/post/3mz3o3n3g4227",
        "https://embed.bsky.app",
    ),
    "mastodon": ("https://mastodon.social/@midnight_reel/117387244339200000", "https://mastodon.social"),
    "spotify": ("https://open.spotify.com/track/RoostDemoTrack00000001", "https://open.spotify.com"),
    "twitch": ("https://www.twitch.tv/videos/1000000001", "https://player.twitch.tv"),
    "bilibili": ("https://www.bilibili.com/video/BV1RoostDemo", "https://player.bilibili.com"),
}
FILES = {
    "video": ("https://media.example.com/reels/wet-street.mp4", "https://media.example.com"),
    "audio": ("https://sound.example.com/reels/hum.mp3", "https://sound.example.com"),
}
ALL = {**FRAMES, **FILES}


class _Requests(HTMLParser):
    """The addresses a browser loads by itself, and all elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        for name in ("src", "poster", "data", "background", "action", "formaction"):
            self.loaded += [given[name]] if name in given else []
        self.loaded += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]
        if tag == "link" and given.get("rel") not in ("canonical", "alternate", "prev", "next"):
            self.loaded.append(given.get("href", ""))


def page(client: Client) -> str:
    response = client.get("/posts/post-1/")
    assert response.status_code == 200
    return response.content.decode()


def figures(html: str) -> str:
    return "".join(re.findall(r"<figure.*?</figure>", html, re.DOTALL))


def feed(client: Client) -> str:
    return str(client.get("/feed.json").json()["items"][0]["content_html"])


def text() -> str:
    return str(presentation.body(Post.objects.get(), "text"))


def policy(client: Client, address: str = "/posts/post-1/") -> dict[str, list[str]]:
    header = client.get(address).headers["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in header.split("; ")}


def hold(**values: Any) -> None:
    """What a check has found."""
    Embed.objects.update(**{"text": WORDS, "author_name": "Ada", "checked_at": CHECKED, **values})


# --- Players --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*ALL])
@pytest.mark.parametrize("status", ["pending", "live", "unreachable"])
def test_what_may_still_be_there_can_be_played(client: Client, make_post: MakePost, name: str, status: str) -> None:
    address, origin = ALL[name]
    make_post(body=f"{address}\n{SAID}")
    hold(status=status, text="" if status == "pending" else WORDS)
    html = page(client)
    link = next(given for tag, given in _Requests(html).elements if given.get("class") == "play")
    assert link["href"] == Embed.objects.get().url
    assert link["data-player"].startswith(origin)
    assert link["data-title"] == "a caption"
    directive = "media-src" if name in FILES else "frame-src"
    assert policy(client)[directive] == [*(["'self'"] if name in FILES else []), origin]
    assert all(words in texts(html) for words in ("a caption", "a prompt"))
    assert (WORDS in html) is (status != "pending")


@pytest.mark.parametrize("name", [*FRAMES])
@pytest.mark.parametrize(("status", "says"), [("gone", "No longer on"), ("protected", "No longer open to all on")])
def test_what_is_lost_says_so_with_the_date_and_has_no_player(
    client: Client, make_post: MakePost, name: str, status: str, says: str
) -> None:
    SiteSettings(pk=1, language="en").save()
    make_post(body=f"{FRAMES[name][0]}\n{SAID}")
    hold(status=status)
    html = figures(page(client))
    label = "mastodon.social" if name == "mastodon" else Embed.objects.get().provider_label
    assert re.search(rf'<a class="play lost" href="[^"]+">{says} {label} \(checked March 2, 2026\)</a>', html)
    assert "data-player" not in html
    assert "frame-src" not in policy(client)
    assert all(words in texts(html) for words in (WORDS, "Ada", "a caption", "a prompt"))
    entry = feed(client)
    assert re.search(rf'<a href="[^"]+">{says} {label}</a> \(checked March 2, 2026\)', entry)
    assert all(words in texts(entry) for words in (WORDS, "Ada", "a caption", "a prompt"))
    assert all(words in text() for words in (WORDS, "a caption", "a prompt", Embed.objects.get().url))


def test_the_date_of_a_check_is_on_the_sites_clock_and_in_its_language(client: Client, make_post: MakePost) -> None:
    make_post(body=X)
    hold(status="gone", checked_at=datetime(2026, 3, 2, 20, tzinfo=UTC))
    assert "X에서 사라진 게시물 (2026년 3월 3일 확인)" in page(client)


@pytest.mark.parametrize("name", [*ALL])
def test_a_feed_leads_to_every_provider_without_its_code(client: Client, make_post: MakePost, name: str) -> None:
    make_post(body=f"{ALL[name][0]}\n{SAID}")
    hold(status="live")
    entry = feed(client)
    elements = _Requests(entry).elements
    assert {tag for tag, _ in elements}.isdisjoint({"script", "iframe", "video", "audio", "button", "template"})
    assert not [name for _, given in elements for name in given if name.startswith(("data-", "on"))]
    assert f'<a href="{Embed.objects.get().url}">' in entry
    for address in ("/feed.xml", "/rss.xml"):
        assert "a caption" in client.get(address).content.decode()
    assert Embed.objects.get().url in text()


# --- What a page may load -------------------------------------------------------------------------------------------


def test_a_page_allows_the_hosts_of_its_own_players_alone(client: Client, make_post: MakePost) -> None:
    make_post(body="\n\n".join([FRAMES["youtube"][0], X, FRAMES["youtube"][0], FILES["audio"][0]]))
    make_post(body=FRAMES["vimeo"][0])
    make_post()
    allowed = policy(client)
    assert allowed["frame-src"] == [FRAMES["youtube"][1], FRAMES["x"][1]]
    assert allowed["media-src"] == ["'self'", FILES["audio"][1]]
    assert policy(client, "/posts/post-2/")["frame-src"] == [FRAMES["vimeo"][1]]
    for address in ("/posts/post-3/", "/", "/archives/", "/feed.xml"):
        assert "frame-src" not in policy(client, address)
        assert policy(client, address)["media-src"] == ["'self'"]
        assert policy(client, address)["default-src"] == ["'none'"]


def test_a_page_of_ones_own_allows_its_players_as_well(client: Client, db: None) -> None:
    Page.objects.create(title="About", slug="about", body=X, published=True)
    assert policy(client, "/about/")["frame-src"] == [FRAMES["x"][1]]
    Embed.objects.update(takedown=True)
    assert "frame-src" not in policy(client, "/about/")


def test_nothing_is_loaded_from_another_host(client: Client, make_post: MakePost) -> None:
    make_post(body="\n\n".join(f"{address}\n{SAID}" for address, _ in ALL.values()))
    poster = Image.objects.create(
        file="stills/a.jpg", width=1280, height=720, renditions=[["image/webp", 480, "stills/a-480.webp"]]
    )
    hold(status="live", details={"still": "https://i.ytimg.com/a.jpg"})
    Embed.objects.exclude(provider="x").update(poster=poster)
    for address in ("/posts/post-1/", "/"):
        loaded = _Requests(client.get(address).content.decode()).loaded
        assert "/media/stills/a.jpg" in loaded
        assert {urlsplit(url).netloc for url in loaded} == {""}
    assert {urlsplit(url).netloc for url in _Requests(feed(client)).loaded} == {"testserver"}


# --- Taken down -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*ALL])
@pytest.mark.parametrize("status", ["live", "gone"])
def test_what_was_taken_down_hides_words_poster_and_player_and_keeps_the_authors_own(
    client: Client, make_post: MakePost, name: str, status: str
) -> None:
    make_post(body=f"{ALL[name][0]}\n{SAID}")
    poster = Image.objects.create(file="stills/a.jpg", width=1280, height=720, alt="alt-of-picture")
    hold(status=status, takedown=True, takedown_note="Asked for.", poster=poster, poster_alt="alt-of-embed")
    for html in (page(client), feed(client), text(), client.get("/").content.decode()):
        for hidden in (WORDS, "stills/a", "alt-of", "data-player", "Asked for."):
            assert hidden not in html
    for html in (page(client), feed(client), text()):
        assert all(words in texts(html) for words in ("a caption", "a prompt"))
    assert "frame-src" not in policy(client)
    assert policy(client)["media-src"] == ["'self'"]


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_film_or_sound_of_ones_own_that_was_taken_down_says_so(
    client: Client, make_post: MakePost, kind: str
) -> None:
    src = "/media/clips/a.mp4" if kind == "video" else "/media/clips/a.mp3"
    make_post(body=f"{{% include embed/{kind}.html src='{src}' poster='/media/p.jpg' %}}\n{SAID}")
    hold(takedown=True)
    for html in (figures(page(client)), feed(client)):
        assert src not in html
        assert "p.jpg" not in html
        assert all(words in texts(html) for words in ("a caption", "a prompt"))
    assert "게시가 중단된" in texts(figures(page(client)))


# --- Films and sounds of one's own ----------------------------------------------------------------------------------


def test_a_film_of_ones_own_is_played_by_the_browser(client: Client, make_post: MakePost) -> None:
    make_post(
        body="{% include embed/video.html src='/media/clips/a.mp4' types='webm|ogg|exe' poster='/media/p.jpg' "
        f"loop=true muted=true %}}\n{SAID}"
    )
    Embed.objects.update(captions="captions/a.vtt", captions_lang="ko", aspect="9:16")
    html = figures(page(client))
    elements = _Requests(html).elements
    video = next(given for tag, given in elements if tag == "video")
    assert video.keys() >= {"controls", "playsinline", "loop", "muted"}
    assert "autoplay" not in video
    assert (video["poster"], video["preload"], video["aria-label"]) == ("/media/p.jpg", "none", "a caption")
    assert [(given["src"], given["type"]) for tag, given in elements if tag == "source"] == [
        ("/media/clips/a.mp4", "video/mp4"),
        ("/media/clips/a.webm", "video/webm"),
        ("/media/clips/a.ogg", "video/ogg"),
    ]
    track = next(given for tag, given in elements if tag == "track")
    assert (track["kind"], track["src"], track["srclang"]) == ("captions", "/media/captions/a.vtt", "ko")
    assert "shape-9-16" in html
    assert '<a href="/media/clips/a.mp4">' in html
    assert policy(client)["media-src"] == ["'self'"]
    entry = feed(client)
    assert '<a href="http://testserver/media/clips/a.mp4"><img src="http://testserver/media/p.jpg"' in entry


def test_a_poster_of_the_embed_goes_before_that_of_the_text(client: Client, make_post: MakePost) -> None:
    make_post(body="{% include embed/video.html src='/media/clips/a.mp4' poster='/media/p.jpg' %}")
    Embed.objects.update(poster=Image.objects.create(file="stills/a.jpg", width=4, height=3, alt="A street."))
    html = figures(page(client))
    assert 'poster="/media/stills/a.jpg"' in html
    assert "p.jpg" not in html
    assert 'alt="A street."' in feed(client)


def test_a_film_without_a_poster_shows_its_first_frame(client: Client, make_post: MakePost) -> None:
    make_post(body="{% include embed/video.html src='/media/clips/a.mp4' %}")
    html = figures(page(client))
    assert 'preload="metadata"' in html
    assert "poster=" not in html
    assert "loop" not in html
    assert "<track" not in html


def test_a_sound_of_ones_own_is_played_by_the_browser(client: Client, make_post: MakePost) -> None:
    make_post(body=f"{{% include embed/audio.html src='/media/clips/a.mp3' types='ogg|wav' %}}\n{SAID}")
    elements = _Requests(figures(page(client))).elements
    audio = next(given for tag, given in elements if tag == "audio")
    assert (audio["preload"], audio["aria-label"]) == ("none", "a caption")
    assert [(given["src"], given["type"]) for tag, given in elements if tag == "source"] == [
        ("/media/clips/a.mp3", "audio/mpeg"),
        ("/media/clips/a.ogg", "audio/ogg"),
        ("/media/clips/a.wav", "audio/wav"),
    ]
    assert '<a href="http://testserver/media/clips/a.mp3">' in feed(client)


@pytest.mark.parametrize("name", [*FILES])
def test_a_file_elsewhere_is_a_card_that_waits_for_a_click(client: Client, make_post: MakePost, name: str) -> None:
    address, origin = FILES[name]
    make_post(body=f"{{% include embed/{name}.html src='{address}' %}}\n{SAID}")
    html = figures(page(client))
    assert f'data-player="{address}" data-kind="{name}"' in html
    assert f"<{name} " not in html
    assert _Requests(html).loaded == []
    assert origin.partition("://")[2] in texts(html)


# --- Words ----------------------------------------------------------------------------------------------------------


def test_a_long_post_is_cut_on_its_still_and_whole_below_it(client: Client, make_post: MakePost) -> None:
    make_post(body=f"{X}\n{SAID}")
    hold(status="live", text=LONG, text_lang="en")
    html = page(client)
    still = html[html.index('<blockquote class="subtitle"') :].partition("</blockquote>")[0]
    assert "Line 0" in still
    assert "Line 7" not in still
    details = html[html.index('<details class="said"') :].partition("</details>")[0]
    assert all(f"Line {number} of what was said" in details for number in range(8))
    assert details.count("<br><br>") == 7
    assert '<p lang="en" dir="auto">' in details
    assert LONG.splitlines()[-1] in feed(client)
    assert LONG in text()


def test_a_short_post_is_said_once(client: Client, make_post: MakePost) -> None:
    make_post(body=X)
    hold(status="live", text="One.\nTwo.")
    html = figures(page(client))
    assert "<details" not in html
    assert html.count("One.<br>Two.") == 1


def test_the_title_of_a_film_is_no_quotation(client: Client, make_post: MakePost) -> None:
    make_post(body=FRAMES["youtube"][0])
    hold(status="live", text=LONG)
    html = figures(page(client))
    assert "<blockquote" not in html
    assert "<details" not in html
    assert "Line 7" in html


def test_an_embed_of_which_nothing_is_known_is_a_whole_figure(client: Client, make_post: MakePost) -> None:
    make_post(body="https://x.com/i/status/20")
    html = figures(page(client))
    assert html.count("<figure") == 1
    assert "<blockquote" not in html
    assert "<figcaption" not in html
    assert 'href="https://x.com/i/status/20"' in html
    assert 'data-title="X 20"' in html
