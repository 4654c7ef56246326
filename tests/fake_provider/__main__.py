"""`python -m tests.fake_provider`: the fake sites by themselves, or with a blog that shows every state of an embed."""

from __future__ import annotations

import argparse
import signal
import sys
from threading import Event
from types import FrameType

from tests.fake_provider import SCENARIOS, FakeProvider, demo

_HOW_TO = """\
The sites that posts come from are on {address}. In another terminal:

    ROOST_EMBED_GATEWAY={address} .venv/bin/python manage.py refresh_embeds --all
    ROOST_EMBED_GATEWAY={address} .venv/bin/python manage.py serve

Every post is there, with words of its own. Ctrl+C stops it."""


def main() -> int:
    """Parse the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.fake_provider", description=__doc__)
    parser.add_argument("--port", type=int, help="where to listen (8900; with --demo 8000, for the blog)")
    parser.add_argument("--demo", action="store_true", help="serve a whole blog, made anew in data/demo-embeds")
    parser.add_argument(
        *("--set", "-s"),
        action="append",
        default=[],
        metavar="POST=SCENARIO",
        help=f"answer so about a post; scenarios: {', '.join(SCENARIOS)}",
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if options.demo:
            return demo.run(options.port or 8000)
        return _serve(options.port or 8900, dict(choice.split("=", 1) for choice in options.set))
    except KeyboardInterrupt:
        return 0


def _serve(port: int, scenarios: dict[str, str]) -> int:
    with FakeProvider(port) as fake:
        for post, scenario in scenarios.items():
            fake.set(post, scenario)
        print(_HOW_TO.format(address=fake.address), flush=True)
        Event().wait()
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Being told to end is the same as Ctrl+C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
