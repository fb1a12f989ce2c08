"""What parsing gives: a feed's document in our own shape."""

from dataclasses import dataclass
from datetime import datetime


class NotAFeedError(ValueError):
    """The bytes aren't a feed that can be read; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """One entry of a feed's document."""

    guid: str | None = None
    url: str | None = None
    """Absolute address, as the feed gives it."""
    title: str = ""
    text: str = ""
    """Plain text; paragraphs are separated by an empty line."""
    language: str | None = None
    """ISO 639-1 code."""
    published: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed's document."""

    title: str | None = None
    url: str | None = None
    """Address of the site that the feed belongs to."""
    language: str | None = None
    """ISO 639-1 code."""
    entries: tuple[ParsedEntry, ...] = ()
    """In the document's order."""
    problem: str | None = None
    """What is wrong with the document although it could be read, in one sentence."""
