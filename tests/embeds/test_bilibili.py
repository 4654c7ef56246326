"""Videos on Bilibili: which addresses are one, and the player."""

from __future__ import annotations

import pytest

from blog.embeds import Identity, Player, identify, provider, resolve_include
from blog.embeds.base import UnreadableError

ID = "BV1Q44y1B7Wf"
CANONICAL = f"https://www.bilibili.com/video/{ID}"
IDENTITY = Identity("bilibili", ID, CANONICAL)


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        f"http://bilibili.com/video/{ID}",
        f"https://m.bilibili.com/video/{ID}/",
        f"https://www.BiliBili.com/video/{ID}",
        f"{CANONICAL}/?spm_id_from=333.1007.tianma.1-1-1.click&vd_source=0a1b",
        f"{CANONICAL}?p=1#reply1",
    ],
)
def test_every_spelling_of_an_address_is_the_same_video(url: str) -> None:
    assert identify(url) == (IDENTITY, "")


def test_a_part_of_a_video_is_shown_as_that_part() -> None:
    found = identify(f"{CANONICAL}/?p=3&vd_source=0a1b")
    assert found == (Identity("bilibili", ID, CANONICAL, options={"part": "3"}), "")


@pytest.mark.parametrize("part", ["0", "-1", "x", "99999", "", "３", "%3Cb%3E"])
def test_a_part_that_is_none_is_left_out(part: str) -> None:
    found = identify(f"{CANONICAL}?p={part}")
    assert found is not None
    assert found[0] == IDENTITY


@pytest.mark.parametrize("glued", ["입니다", "です。", "/를"])
def test_a_particle_is_not_part_of_the_address(glued: str) -> None:
    assert identify(CANONICAL + glued) == (IDENTITY, glued.removeprefix("/"))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bilibili.com/",
        "https://www.bilibili.com/video/",
        "https://www.bilibili.com/video/av170001",
        f"https://www.bilibili.com/video/{ID}x",
        f"https://www.bilibili.com/video/{ID[:-1]}",
        f"https://www.bilibili.com/video/{ID[:-1]}0",
        f"https://www.bilibili.com/video/{ID[:-1]}l",
        f"https://www.bilibili.com/video/{ID.lower()}",
        f"https://www.bilibili.com/video/{ID}/more",
        f"https://www.bilibili.com/bangumi/play/{ID}",
        f"https://www.bilibili.com/{ID}",
        f"https://live.bilibili.com/video/{ID}",
        f"https://player.bilibili.com/player.html?bvid={ID}",
        f"https://b23.tv/{ID}",
        f"https://www.bilibili.tv/video/{ID}",
        f"https://www.bilibili.com@evil.example/video/{ID}",
        f"https://www.bilibili.com.evil.example/video/{ID}",
        f"https://evilbilibili.com/video/{ID}",
        f"https://evil.example/www.bilibili.com/video/{ID}",
        f"https://www.bilibili.com:443/video/{ID}",
        f"https://www.bılıbılı.com/video/{ID}",
        f"{CANONICAL}.",
    ],
)
def test_another_address_is_not_a_video(url: str) -> None:
    assert identify(url) is None


@pytest.mark.parametrize("value", [ID, CANONICAL])
def test_an_include_takes_an_id_or_an_address(value: str) -> None:
    assert resolve_include("bilibili", value) == IDENTITY


@pytest.mark.parametrize("value", ["", "BV1", ID[2:], f"{ID}x", "av170001", "한글", '"><b>', f"../{ID}"])
def test_an_include_that_names_no_video_is_nothing(value: str) -> None:
    assert resolve_include("bilibili", value) is None


def test_bilibili_tells_nothing_about_its_videos() -> None:
    bilibili = provider("bilibili")
    assert (bilibili.endpoint, bilibili.question(CANONICAL), bilibili.hosts_of(CANONICAL)) == ("", "", ())
    with pytest.raises(UnreadableError):
        bilibili.read({"title": "视频"})


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ({}, ""),
        ({"part": "3"}, "&p=3"),
        ({"part": "3&autoplay=1"}, ""),
        ({"part": "<b>"}, ""),
        ({"autoplay": "1"}, ""),
    ],
)
def test_the_player_waits_for_a_click(options: dict[str, str], query: str) -> None:
    address = f"https://player.bilibili.com/player.html?isOutside=true&bvid={ID}&autoplay=0{query}"
    assert provider("bilibili").player(ID, options, {}) == Player(address, autoplay="autoplay=1")
