"""The Kafka topics: names, partitions, how long they keep what.

The project creates its topics itself (`tallywire setup`) and never leans on automatic creation.
"""

from dataclasses import dataclass
from datetime import timedelta

MAX_MESSAGE_BYTES = 5_242_880
"""Largest record of any topic, in bytes: room for a long article or an incident with hundreds of reports."""

DEAD_LETTER_BYTES = 2 * MAX_MESSAGE_BYTES
"""Largest dead letter, in bytes: the largest record in base64, which is a third longer, and why it failed."""

FEEDS_SEGMENT_BYTES = 16_777_216
"""Each poll writes a state, and a producer reads a partition whole before it polls: what is outdated must go soon."""

UNKNOWN_COUNTRY = "ZZ"
"""Key of reports whose country isn't known; ISO 3166-1 leaves it to users."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic is created with."""

    name: str
    partitions: int
    replication: int
    compacted: bool = False
    retention: timedelta | None = None
    """None: for ever."""
    max_message_bytes: int = MAX_MESSAGE_BYTES
    segment_bytes: int | None = None
    """Size of a log segment; only a full one is compacted. None: the broker's."""

    @property
    def config(self) -> dict[str, str]:
        """Return Kafka's topic configuration."""
        policy = "compact" if self.compacted else "delete"
        retention_ms = -1 if self.retention is None else int(self.retention.total_seconds() * 1000)
        segments = {} if self.segment_bytes is None else {"segment.bytes": str(self.segment_bytes)}
        return segments | {
            "cleanup.policy": policy,
            "retention.ms": str(retention_ms),
            "max.message.bytes": str(self.max_message_bytes),
            "message.timestamp.type": "CreateTime",
        }


@dataclass(frozen=True, slots=True)
class Topics:
    """Every topic of one installation."""

    feeds: Topic
    articles: Topic
    reports: Topic
    incidents: Topic
    dead_letters: Topic
    article_countries: Topic
    """What the extractor remembers of each article, as only it reads: see `processors.article_marks`."""
    decisions: Topic
    """What people decided about incidents."""
    closed_incidents: Topic
    """The whole records of incidents that closed, in the partition that they had."""

    @property
    def all(self) -> tuple[Topic, ...]:
        """Return the topics in the order of the flow."""
        return (
            self.feeds,
            self.articles,
            self.article_countries,
            self.reports,
            self.decisions,
            self.incidents,
            self.closed_incidents,
            self.dead_letters,
        )


def topics(prefix: str, partitions: int, replication: int, resolve_partitions: int = 1) -> Topics:
    """Return the topics of an installation.

    `reports`, `incidents` and `closed_incidents` have equal numbers of partitions, because an incident is written to
    the partition that its reports came from: the resolver's state and its source must be split alike.  So must
    `articles` and `article_countries`, for the extractor.  Every resolver reads all of `decisions`.
    """
    return Topics(
        feeds=Topic(f"{prefix}.feeds", partitions, replication, compacted=True, segment_bytes=FEEDS_SEGMENT_BYTES),
        articles=Topic(f"{prefix}.articles", partitions, replication, retention=timedelta(days=3650)),
        reports=Topic(f"{prefix}.reports", resolve_partitions, replication, retention=timedelta(days=14)),
        incidents=Topic(f"{prefix}.incidents", resolve_partitions, replication, compacted=True),
        dead_letters=Topic(
            f"{prefix}.dead-letters",
            1,
            replication,
            retention=timedelta(days=30),
            max_message_bytes=DEAD_LETTER_BYTES,
        ),
        article_countries=Topic(f"{prefix}.article-countries", partitions, replication, compacted=True),
        decisions=Topic(f"{prefix}.decisions", 1, replication, compacted=True),
        closed_incidents=Topic(f"{prefix}.closed-incidents", resolve_partitions, replication, compacted=True),
    )
