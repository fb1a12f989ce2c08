"""Documents for operators: the health of feeds, and dead letters."""

from dataclasses import dataclass
from datetime import datetime

from contracts.records import DeadLetter, Feed
from contracts.vocabulary import FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A subscription and how its polls go."""

    url: str
    outlet: str | None
    title: str | None
    language: str | None
    group: str | None
    state: FeedState
    error: str | None
    consecutive_errors: int
    interval_seconds: int | None
    last_poll: datetime | None
    last_success: datetime | None
    next_poll: datetime | None
    entries_published: int
    entries_per_day: float | None
    last_new: datetime | None
    location: str | None
    full_text: bool | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterDocument:
    """A record that a stage couldn't handle, whole, and why."""

    id: str
    stage: str
    reason: str
    traceback: str | None
    topic: str
    partition: int | None
    offset: int | None
    at: datetime | None
    key: str | None
    value: str | None
    headers: tuple[tuple[str, str], ...]


def feed_document(feed: Feed) -> FeedDocument:
    """Return a feed's health, without what only the producers need."""
    return FeedDocument(
        url=feed.url,
        outlet=feed.outlet,
        title=feed.title,
        language=feed.language,
        group=feed.group,
        state=feed.state,
        error=feed.error,
        consecutive_errors=feed.consecutive_errors,
        interval_seconds=feed.interval_seconds,
        last_poll=feed.last_poll,
        last_success=feed.last_success,
        next_poll=feed.next_poll,
        entries_published=feed.entries_published,
        entries_per_day=feed.entries_per_day,
        last_new=feed.last_new,
        location=feed.location,
        full_text=feed.full_text,
        flags=tuple(flag.value for flag in feed.flags),
    )


def dead_letter_document(letter: DeadLetter) -> DeadLetterDocument:
    """Return a dead letter as operators search it."""
    return DeadLetterDocument(
        id=letter.id,
        stage=letter.stage,
        reason=letter.reason,
        traceback=letter.traceback,
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        at=letter.at,
        key=letter.key,
        value=letter.value,
        headers=letter.headers,
    )
