"""Recordings and clips on Twitch: which addresses are one, and the player."""

from __future__ import annotations

import pytest

from blog.embeds import Identity, Player, identify, provider, resolve_include
from blog.embeds.base import UnreadableError

NUMBER = "1634779211"
CLIP = "AwkwardHelplessSalamanderSwiftRage-oNCm_1UCDInnfn-V"
VIDEO = Identity("twitch", f"video/{NUMBER}", f"https://www.twitch.tv/videos/{NUMBER}")
SHORT = Identity("twitch", f"clip/{CLIP}", f"https://clips.twitch.tv/{CLIP}")


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.twitch.tv/videos/{NUMBER}",
        f"http://twitch.tv/videos/{NUMBER}/",
        f"https://m.twitch.tv/videos/{NUMBER}",
        f"HTTPS://www.Twitch.tv/videos/{NUMBER}",
        f"https://www.twitch.tv/videos/{NUMBER}?filter=archives&sort=time",
        f"https://www.twitch.tv/videos/{NUMBER}?t=1h2m3s#x",
        f"https://www.twitch.tv/some_channel/video/{NUMBER}",
        f"https://www.twitch.tv/some_channel/v/{NUMBER}",
    ],
)
def test_every_spelling_of_an_address_is_the_same_recording(url: str) -> None:
    assert identify(url) == (VIDEO, "")


@pytest.mark.parametrize(
    "url",
    [
        f"https://clips.twitch.tv/{CLIP}",
        f"https://clips.twitch.tv/{CLIP}?tt_content=url",
        f"https://www.twitch.tv/some_channel/clip/{CLIP}",
        f"https://www.twitch.tv/some_channel/clip/{CLIP}?filter=clips&range=7d",
        f"https://m.twitch.tv/some_channel/clip/{CLIP}/",
        f"https://m.twitch.tv/clip/{CLIP}",
    ],
)
def test_every_spelling_of_an_address_is_the_same_clip(url: str) -> None:
    assert identify(url) == (SHORT, "")


@pytest.mark.parametrize("glued", ["입니다", "です。", "/를"])
def test_a_particle_is_not_part_of_the_address(glued: str) -> None:
    assert identify(VIDEO.url + glued) == (VIDEO, glued.removeprefix("/"))
    assert identify(SHORT.url + glued) == (SHORT, glued.removeprefix("/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.twitch.tv/",
        "https://www.twitch.tv/some_channel",
        "https://www.twitch.tv/some_channel/clips",
        "https://www.twitch.tv/some_channel/videos",
        "https://www.twitch.tv/videos/12345",
        "https://www.twitch.tv/videos/0634779211",
        "https://www.twitch.tv/videos/1234567890123",
        f"https://www.twitch.tv/videos/{NUMBER}a",
        f"https://www.twitch.tv/videos/{NUMBER}/more",
        f"https://www.twitch.tv/videos/{NUMBER}.",
        "https://www.twitch.tv/videos/١٦٣٤٧٧٩٢١١",
        "https://www.twitch.tv/collections/AbCdEfGhIjKl",
        f"https://www.twitch.tv/한글/clip/{CLIP}",
        f"https://www.twitch.tv/a/b/clip/{CLIP}",
        f"https://player.twitch.tv/?video={NUMBER}",
        "https://clips.twitch.tv/",
        "https://clips.twitch.tv/create",
        "https://clips.twitch.tv/my-clips",
        f"https://clips.twitch.tv/embed?clip={CLIP}",
        f"https://clips.twitch.tv/some_channel/{CLIP}",
        f"https://clips.twitch.tv/{'A' * 101}",
        f"https://clips.twitch.tv/{CLIP}%20",
        f"https://www.twitch.tv@evil.example/videos/{NUMBER}",
        f"https://www.twitch.tv.evil.example/videos/{NUMBER}",
        f"https://eviltwitch.tv/videos/{NUMBER}",
        f"https://evil.example/twitch.tv/videos/{NUMBER}",
        f"https://www.twitch.tv:443/videos/{NUMBER}",
        f"https://www.twıtch.tv/videos/{NUMBER}",
        f"https://dashboard.twitch.tv/videos/{NUMBER}",
    ],
)
def test_another_address_is_neither(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize(
    ("value", "identity"), [(NUMBER, VIDEO), (VIDEO.url, VIDEO), (SHORT.url, SHORT)], ids=["number", "video", "clip"]
)
def test_an_include_takes_a_number_or_an_address(value: str, identity: Identity) -> None:
    assert resolve_include("twitch", value) == identity


@pytest.mark.parametrize(
    "value", ["", "1", "0634779211", "9" * 13, CLIP, f"v{NUMBER}", "１６３４７７９２１１", '"><b>']
)
def test_an_include_that_names_no_recording_is_nothing(value: str) -> None:
    assert resolve_include("twitch", value) is None


def test_twitch_tells_nothing_about_its_posts() -> None:
    twitch = provider("twitch")
    assert (twitch.endpoint, twitch.question(VIDEO.url), twitch.hosts_of(VIDEO.url)) == ("", "", ())
    with pytest.raises(UnreadableError):
        twitch.read({"title": "A stream"})


@pytest.mark.parametrize(
    ("identity", "address"),
    [
        (VIDEO, f"https://player.twitch.tv/?video={NUMBER}&autoplay=false&parent={{host}}"),
        (SHORT, f"https://clips.twitch.tv/embed?clip={CLIP}&autoplay=false&parent={{host}}"),
    ],
    ids=["video", "clip"],
)
def test_the_player_is_told_which_page_it_stands_on(identity: Identity, address: str) -> None:
    player = provider("twitch").player(identity.id, {"autoplay": "true", "parent": "evil.example"}, {})
    assert player == Player(address, autoplay="autoplay=true")
