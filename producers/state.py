"""Kafka's edge, inwards: the feeds' states, read back from their compacted topic at start."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError

from contracts import codec
from contracts.deadletters import OriginalRecord, dead_letter
from contracts.records import DeadLetter, Feed
from contracts.topics import MAX_MESSAGE_BYTES
from producers.errors import PublishError
from producers.settings import ProducerSettings

STAGE = "produce"
POLL_MS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFeeds:
    """What the feeds topic says."""

    feeds: dict[str, Feed]
    """By address."""
    unreadable: tuple[DeadLetter, ...] = ()
    """States that can't be read; their feeds begin anew."""


def read_states(settings: ProducerSettings, now: datetime) -> KnownFeeds:
    """Return the last state of every feed, as the topic stands when the reading begins.

    Raises:
        PublishError: No broker answers, or the topic isn't there.
    """
    feeds: dict[str, Feed] = {}
    unreadable: list[DeadLetter] = []
    try:
        with _consumer(settings) as consumer:
            for record in _records(consumer, settings.topics.feeds.name):
                _take(record, feeds, unreadable, now)
    except KafkaError as error:
        raise PublishError(
            f"The feeds' states can't be read from Kafka at {settings.kafka_servers}: {error}."
        ) from error
    return KnownFeeds(feeds=feeds, unreadable=tuple(unreadable))


def _take(record: ConsumerRecord, feeds: dict[str, Feed], unreadable: list[DeadLetter], now: datetime) -> None:
    address = (record.key or b"").decode("utf-8", "replace")
    feeds.pop(address, None)
    if record.value is None:
        return
    try:
        feeds[address] = codec.decode(record.value, Feed)
    except codec.DecodeError as error:
        unreadable.append(dead_letter(STAGE, _original(record), error, now))


def _original(record: ConsumerRecord) -> OriginalRecord:
    return OriginalRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
    )


def _records(consumer: KafkaConsumer, topic: str) -> Iterator[ConsumerRecord]:
    """Yield the records of every partition up to where each ends now."""
    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    if not partitions:
        raise PublishError(f"Kafka has no topic {topic}: create it with `tallywire setup`.")
    consumer.assign(partitions)
    consumer.seek_to_beginning(*partitions)
    ends = consumer.end_offsets(partitions)
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        for records in consumer.poll(timeout_ms=POLL_MS).values():
            yield from records


@contextmanager
def _consumer(settings: ProducerSettings) -> Iterator[KafkaConsumer]:
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka_server_list,
        bootstrap_timeout_ms=int(settings.startup_wait_seconds * 1000),
        client_id="tallywire-producer-state",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        reconnect_backoff_max_ms=1_000,
        allow_auto_create_topics=False,
    )
    try:
        yield consumer
    finally:
        consumer.close()
