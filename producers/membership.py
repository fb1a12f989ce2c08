"""Kafka's edge: which feeds are this producer's, and what other programs want of them, heard from the feeds topic.

Producers share the topic's partitions out through a consumer group.  Its way, for each partition::

    assigned ──► read from its beginning to its end ──► take ──► read on: each subscription written is a change
    revoked  ──► release (polls that write are finished first) ──► the group goes on

No offset is ever committed: a partition is always read from its beginning, since it is the state.

The consumer runs in a thread of its own, and its rebalance callbacks in another one of the client's.  A lock keeps
what they tell the event loop in order, so that nothing is taken after it was released.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import IllegalStateError, KafkaError, KafkaTimeoutError

from contracts import logs
from contracts.feedkeys import FeedKeyKind, feed_key
from contracts.records import DeadLetter, Subscription
from producers import clients
from producers.errors import PublishError
from producers.feedstore import StoredFeeds
from producers.settings import ProducerSettings

log = logs.get(__name__)

SESSION_SECONDS = 10.0
"""A producer that isn't heard of for so long has lost its feeds to others."""
HEARTBEAT_SECONDS = 2.0
MOST_BETWEEN_POLLS_SECONDS = 60.0
"""A producer whose consumer thread does nothing for so long has lost them too."""
POLL_MS = 500
RELEASE_WAIT_SECONDS = 5.0
"""Longer than the keeper takes to release feeds; less than a session, for no heartbeat is sent meanwhile."""


class Holder(Protocol):
    """Who is told which feeds are ours; all of it happens in the event loop."""

    def take(self, partition: int, stored: StoredFeeds) -> None:
        """Hold the feeds of a partition from now on."""

    async def release(self, partitions: Collection[int]) -> None:
        """Hold the feeds of these partitions no longer."""

    def change(self, partition: int, url: str, subscription: Subscription | None) -> None:
        """Take up what is wanted of a feed from now on; None: it isn't subscribed any more."""

    def report(self, letters: Collection[DeadLetter]) -> None:
        """Send dead letters."""


@dataclass(slots=True)
class _Partition:
    """A partition that is ours."""

    latest: dict[bytes, ConsumerRecord] = field(default_factory=dict)
    """While it is read for the first time: the last record of each key."""
    end: int | None = None
    """Where that reading ends; None: to be found out."""
    taken: bool = False


class Membership(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python publishes no types
    """Belongs to the group of producers while it runs."""

    def __init__(
        self,
        settings: ProducerSettings,
        holder: Holder,
        clock: Callable[[], datetime],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._settings = settings
        self._holder = holder
        self._clock = clock
        self._loop = loop
        self._lock = threading.Lock()
        self._partitions: dict[int, _Partition] = {}
        self._consumer: KafkaConsumer | None = None

    def run(self, ended: threading.Event) -> None:
        """Hold this producer's share of the feeds until `ended` is set; then release it and leave the group.

        Raises:
            PublishError: Kafka is away, or has no topic of feeds.
        """
        settings = self._settings
        topic = settings.topics.feeds.name
        try:
            with clients.reader(
                settings,
                group_id=f"{settings.topic_prefix}.produce",
                session_timeout_ms=int(SESSION_SECONDS * 1000),
                heartbeat_interval_ms=int(HEARTBEAT_SECONDS * 1000),
                max_poll_interval_ms=int(MOST_BETWEEN_POLLS_SECONDS * 1000),
            ) as consumer:
                self._consumer = consumer
                consumer.subscribe([topic], listener=self)
                while not ended.is_set():
                    self._hear(consumer.poll(timeout_ms=POLL_MS))
                    self._take_what_is_read(consumer, topic)
        except KafkaError as error:
            raise PublishError(f"The feeds can't be read from Kafka at {settings.kafka_servers}: {error}.") from error

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Begin to read what is ours from now on, from its beginning: the client goes on where it was otherwise."""
        if self._consumer is not None and assigned:
            self._consumer.seek_to_beginning(*assigned)
        with self._lock:
            self._partitions |= {partition.partition: _Partition() for partition in assigned}

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """Release what isn't ours any more, and wait until it is."""
        numbers = {partition.partition for partition in revoked}
        with self._lock:
            was_taken = {
                number for number in numbers if number in self._partitions and self._partitions[number].taken
            }
            for number in numbers:
                self._partitions.pop(number, None)
            if not was_taken:
                return
            released = asyncio.run_coroutine_threadsafe(self._holder.release(was_taken), self._loop)
        try:
            released.result(RELEASE_WAIT_SECONDS)
        except (TimeoutError, CancelledError):
            log.warning("feeds weren't released in time", partitions=sorted(was_taken))

    def on_partitions_lost(self, lost: Collection[TopicPartition]) -> None:
        """Release what others have by now."""
        log.warning("the group went on without this producer", partitions=[partition.partition for partition in lost])
        self.on_partitions_revoked(lost)

    def _hear(self, batches: Mapping[TopicPartition, Collection[ConsumerRecord]]) -> None:
        with self._lock:
            for where, records in batches.items():
                ours = self._partitions.get(where.partition)
                if ours is None:
                    continue
                if not ours.taken:
                    ours.latest.update((record.key, record) for record in records)
                    continue
                for record in records:
                    self._tell_change(record)

    def _tell_change(self, record: ConsumerRecord) -> None:
        """Tell the holder of a subscription; the other kinds of record are what it wrote itself."""
        key = feed_key(record.key)
        if key.kind is not FeedKeyKind.SUBSCRIPTION:
            return
        heard = StoredFeeds()
        heard.take(record, self._clock())
        if heard.unreadable:
            self._loop.call_soon_threadsafe(self._holder.report, heard.unreadable)
        else:
            wanted = heard.subscriptions.get(key.url)
            self._loop.call_soon_threadsafe(self._holder.change, record.partition, key.url, wanted)

    def _take_what_is_read(self, consumer: KafkaConsumer, topic: str) -> None:
        """Have the holder take the partitions that were read to where they ended."""
        with self._lock:
            loading = {number: ours for number, ours in self._partitions.items() if not ours.taken}
        unknown = [TopicPartition(topic, number) for number, ours in loading.items() if ours.end is None]
        for where, end in (consumer.end_offsets(unknown) if unknown else {}).items():
            loading[where.partition].end = end
        for number, ours in loading.items():
            if ours.end is not None and _position(consumer, TopicPartition(topic, number)) >= ours.end:
                self._take(number, ours)

    def _take(self, number: int, ours: _Partition) -> None:
        stored = StoredFeeds()
        for record in ours.latest.values():
            stored.take(record, self._clock())
        with self._lock:
            if self._partitions.get(number) is ours:  # and wasn't taken away meanwhile
                ours.taken, ours.latest = True, {}
                self._loop.call_soon_threadsafe(self._holder.take, number, stored)


def _position(consumer: KafkaConsumer, partition: TopicPartition) -> int:
    """Return the offset to be read next, or one before all others where it can't be told now."""
    try:
        position = consumer.position(partition, timeout_ms=POLL_MS)
    except (IllegalStateError, KafkaTimeoutError, KeyError):  # taken away meanwhile, or the broker is slow
        return -1
    return -1 if position is None else int(position)
