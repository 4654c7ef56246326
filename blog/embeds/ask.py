"""Asking a provider about a post: one question, one answer in our own words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from blog.embeds.base import Provider, Snapshot, UnreadableError
from blog.embeds.http import (
    JSON_BYTES,
    JSON_TYPES,
    PICTURE_BYTES,
    PICTURE_TYPES,
    FailedError,
    Fetcher,
    RefusedError,
    Response,
)
from blog.embeds.registry import provider


class Kind(StrEnum):
    """What an answer means."""

    FOUND = "found"
    MISSING = "missing"  # the provider says that there is no such post
    PROTECTED = "protected"  # it is there, but not for everybody
    TROUBLE = "trouble"  # the provider answers, but with nothing to go by: too many questions, an error, garbage
    SILENCE = "silence"  # nobody answered


@dataclass(frozen=True, slots=True)
class Answer:
    """What asking about a post gave."""

    kind: Kind
    snapshot: Snapshot | None = None  # if it was found
    reason: str = ""  # for the site's own people, in English
    retry_after: float | None = None  # seconds, as the provider wishes


def can_ask(name: str) -> bool:
    """Whether the provider tells anything about its posts."""
    site = provider(name)
    return type(site).question is not Provider.question


def ask(name: str, url: str, fetcher: Fetcher) -> Answer:
    """Ask the provider `name` about its post at `url`."""
    site = provider(name)
    try:
        response = _get(site, url, fetcher)
    except RefusedError as error:
        return Answer(Kind.TROUBLE, reason=str(error))
    except FailedError as error:
        return Answer(Kind.TROUBLE if error.answered else Kind.SILENCE, reason=str(error))
    if response.status == 200:
        return _read(site, response.body)
    if response.status in site.missing:
        return Answer(Kind.MISSING, reason=f"{site.label} says {response.status}.")
    if response.status in (401, 403):
        return _forbidden(site, url, response.status, fetcher)
    return Answer(Kind.TROUBLE, reason=f"{site.label} says {response.status}.", retry_after=response.retry_after)


def picture(name: str, url: str, address: str, fetcher: Fetcher) -> bytes | None:
    """The still at `address` that a snapshot of the post at `url` named; None if it can't be had."""
    hosts = provider(name).hosts_of(url)
    try:
        response = fetcher.get(address, hosts=hosts, types=PICTURE_TYPES, limit=PICTURE_BYTES)
    except (RefusedError, FailedError):
        return None
    return response.body if response.status == 200 else None


def _get(site: Provider, url: str, fetcher: Fetcher) -> Response:
    return fetcher.get(site.question(url), hosts=site.hosts_of(url), types=JSON_TYPES, limit=JSON_BYTES)


def _read(site: Provider, body: bytes) -> Answer:
    try:
        answer: Any = json.loads(body)
        if not isinstance(answer, Mapping):
            raise UnreadableError("The answer is no object.")
        return Answer(Kind.FOUND, site.read(answer))
    except (ValueError, RecursionError) as error:  # UnreadableError and JSONDecodeError are ValueErrors
        return Answer(Kind.TROUBLE, reason=f"{site.label}'s answer can't be read: {error}")


def _forbidden(site: Provider, url: str, status: int, fetcher: Fetcher) -> Answer:
    """A provider may refuse one post, or everybody who asks: a post that is sure to be public tells which."""
    refused = f"{site.label} says {status}"
    if not site.known_public or site.known_public == url:
        return Answer(Kind.TROUBLE, reason=f"{refused}.")
    try:
        control = _get(site, site.known_public, fetcher)
    except (RefusedError, FailedError) as error:
        return Answer(Kind.TROUBLE, reason=f"{refused}, and a public post can't be had either: {error}")
    if control.status != 200 or _read(site, control.body).kind is not Kind.FOUND:
        reason = f"{refused}, and {control.status} for a post that is public."
        return Answer(Kind.TROUBLE, reason=reason, retry_after=control.retry_after)
    return Answer(Kind.PROTECTED, reason=f"{refused}, but shows a post that is public.")
