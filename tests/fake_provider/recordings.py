"""What the posts of the fake sites say. Written for this project: no site's words are repeated here."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Recording:
    """A post in plain words."""

    text: str
    author_name: str = "Midnight Screening"
    author_handle: str = "midnight_reel"
    link: bool = False  # a shortened address stands in the text
    picture: bool = True  # a picture or film hangs on it
    upright: bool = False
    seconds: int = 62


def _openai(text: str, *, link: bool = False) -> Recording:
    return Recording(text, "OpenAI", "OpenAI", link=link)


RECORDINGS = {
    # X: the posts of the seed.
    "1758192965703647443": _openai(
        "One woman, one wet street, a whole city of lights in the puddles.\n\n"
        "A minute of Tokyo that no camera has seen, made from a paragraph.",
        link=True,
    ),
    "1758397696745054665": _openai("Small, blue and round: somebody in this forest is seeing it for the first time."),
    "1758207083441455272": _openai("What would paper do if it could migrate? It would fly in flocks, we think."),
    "1758243737778729301": _openai("Five pups on a gravel road.\n\nOr four? Count again: that is the hard part."),
    "1758569961595822332": _openai("The ball goes in. Physics doesn’t & we kept the clip for that."),
    "1758502908742570445": _openai("Hello from the beach! 🐕\n\nToday’s guide is short, and so are its legs."),
    "20": Recording("This is the first post of all, and it is still here.", "jack", "jack", picture=False),
    # X: the post of the demonstration.
    "2095618908345077764": Recording("Focus first. Then the film. #projection", link=True),
    "2105646985892605962": Recording("Third row, middle. I kept the seat for whoever stays until the credits."),
    "2112772185641734160": Recording("Fourth floor, the light is on. Draw your own conclusions, and the curtain."),
    "2117315875164938259": Recording("Take nine. The rain was late, so we waited for it in the prompt."),
    "2121876543210987654": Recording("This was said by somebody who would rather not have said it."),
    # YouTube
    "jNQXAC9IVRw": Recording("A short visit to the elephants", "jawed", "jawed", seconds=19),
    "RoostDemo01": Recording("How a clip is cut: five takes of one prompt", "The Cutting Room", "the-cutting-room"),
    "RoostShort1": Recording("A lighthouse, upright", "The Cutting Room", "the-cutting-room", upright=True),
    # Vimeo
    "76979871": Recording("The player, shown by itself", "Vimeo Staff", "staff"),
    "1000000101": Recording("Rain on a model city", "Ines Falk", "inesfalk", seconds=187),
    # Spotify
    "RoostDemoTrack00000001": Recording("Projector hum in C"),
    "RoostDemoAlbum00000001": Recording("Music for films that nobody shot"),
}

# For every other post. Which one is said depends on the post's id alone.
_WORDS = (
    "A room at dusk, and the light decides what the room is about.",
    "The same prompt, three days later. Only the weather has changed.",
    "We asked for silence and got snow.",
    "Nothing moves here but the reflection of a train.",
    "Every take is somebody’s favourite. This one is mine.",
)

LONG = "\n\n".join(
    f"Note {number}. The camera starts low and stays there for a while, so that the street has time to become a "
    "street: a wet curb, a bicycle without its front wheel, a sign that spells nothing in any language. Then it rises, "
    "and the people who were feet and umbrellas get their faces back, one after the other, as if somebody were "
    "remembering them. Nobody looks at us. The sentence that made this is shorter than what can be said about it."
    for number in range(1, 16)
)


def recording(post_id: str, *, long: bool = False) -> Recording:
    """What a post says; one that nobody has recorded says something general."""
    found = RECORDINGS.get(post_id) or Recording(_WORDS[crc32(post_id.encode()) % len(_WORDS)])
    return Recording(LONG, found.author_name, found.author_handle, picture=found.picture) if long else found
