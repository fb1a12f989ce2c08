"""What parsing gives: a feed's document in our own shape."""

from dataclasses import dataclass
from datetime import datetime, timedelta


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
    podcast: bool = False
    """Something to listen to: an audio enclosure, and no more than a programme's notes to read."""

    @property
    def readable(self) -> bool:
        """Return whether there is an article in it: words, and not those of a programme to listen to."""
        return bool(self.title or self.text) and not self.podcast


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
    ttl: timedelta | None = None
    """How long the document may be kept before it is fetched again (RSS `ttl`)."""
    update_interval: timedelta | None = None
    """Between two updates, by the feed's own account (`sy:updatePeriod` over `sy:updateFrequency`)."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, 0 to 23 in UTC, at which nothing new comes (RSS `skipHours`)."""
    skip_days: tuple[int, ...] = ()
    """Days of the week, 0 Monday to 6 Sunday, on which nothing new comes (RSS `skipDays`)."""
