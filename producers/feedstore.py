"""Kafka's edge: what the feeds topic says of every feed, and writing what is wanted of one.

The command line and the producers use it alike.  A running producer hears of what is written here by itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError
from kafka.partitioner.default import murmur2

from contracts import codec
from contracts.deadletters import OriginalRecord, dead_letter
from contracts.feedkeys import FeedKey, FeedKeyKind, feed_key
from contracts.records import DeadLetter, Feed, FeedMemory, Subscription
from producers import clients
from producers.errors import PublishError
from producers.settings import ProducerSettings
from producers.subscriptions import SubscriptionChange, subscribed

STAGE = "produce"
POLL_MS = 500


@dataclass(slots=True)
class StoredFeeds:
    """What the feeds topic says, each part by the feed's address."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    states: dict[str, Feed] = field(default_factory=dict)
    memories: dict[str, bytes] = field(default_factory=dict)
    """Each a `FeedMemory` as it was written: few are needed at a time, and all of them take much room."""
    unreadable: list[DeadLetter] = field(default_factory=list)
    """Records that can't be read; they count as if they weren't there."""

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Return every subscribed feed as its subscription wants it, in order of address, without what was seen."""
        return tuple(
            subscribed(subscription, self.states.get(url))
            for url, subscription in sorted(self.subscriptions.items())
            if not subscription.removed
        )

    def apply(self, change: SubscriptionChange) -> None:
        """Put what was just written in the place of what was read."""
        self.subscriptions.pop(change.url, None)
        if change.subscription is not None:
            self.subscriptions[change.url] = change.subscription

    def take(self, record: ConsumerRecord, now: datetime) -> FeedKey:
        """Put what a record of the topic says in the place of what an earlier one said, and return its key."""
        key = feed_key(record.key)
        self._forget(key)
        if record.value is not None:
            try:
                self._keep(key, record.value)
            except codec.DecodeError as error:
                self.unreadable.append(dead_letter(STAGE, _original(record), error, now))
        return key

    def _forget(self, key: FeedKey) -> None:
        match key.kind:
            case FeedKeyKind.STATE:
                self.states.pop(key.url, None)
            case FeedKeyKind.MEMORY:
                self.memories.pop(key.url, None)
            case FeedKeyKind.SUBSCRIPTION:
                self.subscriptions.pop(key.url, None)

    def _keep(self, key: FeedKey, value: bytes) -> None:
        match key.kind:
            case FeedKeyKind.STATE:
                self.states[key.url] = codec.decode(value, Feed)
            case FeedKeyKind.MEMORY:
                codec.decode(value, FeedMemory)  # that it can be read must show now
                self.memories[key.url] = value
            case FeedKeyKind.SUBSCRIPTION:
                self.subscriptions[key.url] = codec.decode(value, Subscription)


def partition_of(url: str, partitions: int) -> int:
    """Return the partition of a feed's records: the one in which Kafka's clients put the key `url`."""
    return int(murmur2(url.encode()) & 0x7FFFFFFF) % partitions


def read_feeds(settings: ProducerSettings, now: datetime) -> StoredFeeds:
    """Return what the feeds topic says as it stands when the reading begins.

    Raises:
        PublishError: No broker answers, or the topic isn't there.
    """
    try:
        with clients.reader(settings) as consumer:
            latest = {record.key: record for record in _records(consumer, settings.topics.feeds.name)}
    except KafkaError as error:
        raise PublishError(
            f"The feeds' states can't be read from Kafka at {settings.kafka_servers}: {error}."
        ) from error
    stored = StoredFeeds()
    for record in latest.values():
        stored.take(record, now)
    return stored


def write_subscriptions(settings: ProducerSettings, changes: Iterable[SubscriptionChange]) -> None:
    """Write what is wanted of feeds, and return once every replica has it.

    Raises:
        PublishError: Kafka didn't take it.
    """
    timeout = settings.publish_timeout_seconds
    name = settings.topics.feeds.name
    producer = clients.writer(settings)
    try:
        count = len(producer.partitions_for(name))
        sent = [
            producer.send(
                name,
                key=FeedKey(FeedKeyKind.SUBSCRIPTION, change.url).data,
                value=None if change.subscription is None else codec.encode(change.subscription),
                partition=partition_of(change.url, count),
            )
            for change in changes
        ]
        for future in sent:
            future.get(timeout)
    except KafkaError as error:
        raise PublishError(f"Kafka at {settings.kafka_servers} didn't take a record of {name}: {error}.") from error
    finally:
        producer.close(timeout)


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
