"""How the installation is doing, read from Kafka and Elasticsearch."""

from dataclasses import dataclass

from contracts.settings import load
from contracts.vocabulary import FeedState
from sinks import search
from sinks.client import connect
from sinks.indices import Index
from sinks.operation_documents import DeadLetterDocument, FeedDocument
from sinks.settings import SinkSettings
from tallywire import kafka

IN_TROUBLE = frozenset({FeedState.FAILING, FeedState.SILENT, FeedState.GONE})
MOST_DEAD_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Status:
    """What an operator wants to know at a glance."""

    lags: tuple[kafka.Lag, ...]
    feeds: tuple[FeedDocument, ...]
    counts: dict[Index, int]
    dead_letters: tuple[DeadLetterDocument, ...]
    """The latest few."""

    @property
    def troubled_feeds(self) -> tuple[FeedDocument, ...]:
        """Return the feeds that somebody should look at."""
        return tuple(feed for feed in self.feeds if feed.state in IN_TROUBLE)


def read_status() -> Status:
    """Return how the installation that the environment names is doing.

    Raises:
        UserError: Kafka is down or has no topics of ours.
        SinkError: Elasticsearch is down or has no indices of ours.
    """
    settings = load(SinkSettings)
    lags = kafka.lags(settings)
    with connect(settings) as client:
        letters = search.read_all(client, settings, Index.DEAD_LETTERS, DeadLetterDocument)
        latest = sorted(letters, key=lambda letter: letter.at.timestamp() if letter.at else 0.0, reverse=True)
        return Status(
            lags=lags,
            feeds=tuple(search.read_all(client, settings, Index.FEEDS, FeedDocument)),
            counts=search.counts(client, settings),
            dead_letters=tuple(latest[:MOST_DEAD_LETTERS]),
        )
