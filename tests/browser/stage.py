"""A tab on a post with embeds, and stand-ins for the sites that its players come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Frame, Locator, Page as Tab, Request, Route
from pytest_django.live_server_helper import LiveServer

from tests.conftest import EMBED, TOKYO

TWEET = f"https://platform.twitter.com/embed/Tweet.html?id={TOKYO}&dnt=true&theme=light&lang=en"
OTHER = "1758192957386342435"
OTHER_TWEET = TWEET.replace(TOKYO, OTHER)
ANOTHER = f"https://x.com/OpenAI/status/{OTHER}\nsnow\n"
YOUTUBE = "https://www.youtube.com/watch?v=jNQXAC9IVRw\nat the zoo\n"
YOUTUBE_PLAYER = "https://www.youtube-nocookie.com/embed/jNQXAC9IVRw?rel=0"
BLUESKY = f"https://bsky.app/profile/did:plc:{'a' * 24}/post/3l6oveex3ii2l\na sky post\n"
MASTODON = "https://mastodon.social/@Gargron/112233445566\na toot\n"
FAR = "Words.\n\n" * 200

MakePost = Callable[..., Any]

# What stands in for a provider's frame. It says only what a test makes it say, and Mastodon's when it is asked.
FRAME = """<!doctype html><html lang="en"><title>A frame</title><body><button>Inside</button><script>
addEventListener("message", ({data}) => data.type === "setHeight" && parent.postMessage({...data, height: 701}, "*"));
document.querySelector("button").onclick = (event) => (event.target.textContent = "Pressed");
</script>"""


class Stage:
    """A tab on a post, with stand-ins for all other hosts."""

    def __init__(self, tab: Tab, live_server: LiveServer, make_post: MakePost) -> None:
        self.tab, self.server, self.make_post = tab, live_server.url, make_post
        self.asked: list[Request] = []  # of other hosts
        tab.context.route(lambda url: not url.startswith(self.server), self._serve)
        tab.context.add_init_script(
            "window.heard = 0; addEventListener('message', () => heard++); window.blocked = [];"
            "addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));"
        )

    def _serve(self, route: Route) -> None:
        self.asked.append(route.request)
        route.fulfill(content_type="text/html; charset=utf-8", body=FRAME)

    def open(self, body: str = EMBED) -> None:
        """Read a new post."""
        post = self.make_post(body=body, lang="en")
        self.tab.goto(f"{self.server}/posts/{post.slug}/")

    def button(self, title: str = "tokyo walk", site: str = "X") -> Locator:
        return self.tab.get_by_role("button", name=f"Load from {site}: {title}", exact=True)

    def load(self, title: str = "tokyo walk", site: str = "X") -> Locator:
        """Press the button, and wait for the frame."""
        self.button(title, site).click()
        return self.loaded(title, site)

    def loaded(self, title: str = "tokyo walk", site: str = "X") -> Locator:
        """Wait for a frame."""
        frame = self.tab.get_by_title(f"{title} — {site}", exact=True)
        frame.content_frame.get_by_role("button").wait_for()
        return frame

    def frame(self, address: str) -> Frame:
        return next(frame for frame in self.tab.frames if frame.url.startswith(address))

    def say(self, message: Any, address: str = TWEET) -> None:
        """Let a frame tell the page something, and wait until it was heard."""
        before = self.tab.evaluate("heard")
        self.frame(address).evaluate("(message) => void parent.postMessage(message, '*')", message)
        self.tab.wait_for_function("(before) => heard > before", arg=before)


def resize(height: Any) -> dict[str, Any]:
    params = [{"width": 550, "height": height, "data-tweet-id": TOKYO}]
    return {"twttr.embed": {"method": "twttr.private.resize", "params": params, "id": TOKYO, "jsonrpc": "2.0"}}


def no_results() -> dict[str, Any]:
    return {"twttr.embed": {"method": "twttr.private.no_results", "params": [], "id": TOKYO, "jsonrpc": "2.0"}}


def height(frame: Locator) -> float:
    box = frame.bounding_box()
    assert box
    return box["height"]


def is_focused(locator: Locator) -> bool:
    return bool(locator.evaluate("element => element === document.activeElement"))
