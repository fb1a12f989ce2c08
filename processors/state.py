"""A stage's memory: the newest value of each key, partition by partition, as a compacted topic holds it.

Faust's tables would do the same, if they could be relied on.  Seen in faust-streaming 0.15.3: with a table, a
rebalance lets records flow before the positions are set back and then empties its queues, so that records of the
input and of the changelog are lost without a trace; nor does a table say whether its changelog arrived.

Here a partition is read whole when its first record arrives, by a consumer of its own, up to the end that the topic
had then; afterwards the stage sends each change through its `Outbox` and remembers it.  The worker that had the
partition before has finished by then: a rebalance waits for it, and a stalled one writes nothing more (`lease`).
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import NamedTuple

from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord

from contracts.topics import MAX_MESSAGE_BYTES, Topic

POLL_MS = 1000


class Stored(NamedTuple):
    """A raw value, and what stands beside it."""

    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()


Held = dict[bytes, Stored]
"""By raw key."""


@dataclass(slots=True)
class State:
    """What is remembered of the partitions that this worker has.

    Args:
        servers: Kafka brokers.
        changelog: Compacted, with as many partitions as the stage's input.
    """

    servers: list[str]
    changelog: Topic
    _held: dict[int, Held] = field(default_factory=dict)
    _generations: dict[int, int] = field(default_factory=dict)

    async def of_partition(self, partition: int, generation: int) -> Held:
        """Return what is remembered of a partition; another object after it may have been in other hands.

        Args:
            partition: Its number.
            generation: Number of the consumer group's assignment of partitions, which grows by one a rebalance.
        """
        last = self._generations.get(partition)
        self._generations[partition] = generation
        if last is None or generation - last not in {0, 1}:  # in between it may have been another worker's
            self._held[partition] = await asyncio.to_thread(read_partition, self.servers, self.changelog, partition)
        return self._held[partition]

    def remember(self, partition: int, key: bytes, value: bytes) -> None:
        """Take a change that was sent to the changelog's partition."""
        self._held[partition][key] = Stored(value)


def read_partition(servers: list[str], topic: Topic, partition: int) -> Held:
    """Return the newest value of each key of a partition, up to its end at this moment.

    Raises:
        KafkaError: It can't be read.
    """
    where = TopicPartition(topic.name, partition)
    held: Held = {}
    with closing(reader(servers, where)) as consumer:
        for record in up_to_end(consumer, where):
            if record.value is None:
                held.pop(record.key, None)
            else:
                held[record.key] = Stored(record.value, record.headers)
    return held


def reader(servers: list[str], where: TopicPartition, **options: int) -> KafkaConsumer:
    """Return a consumer of one partition from its beginning, without a group."""
    consumer = KafkaConsumer(
        bootstrap_servers=servers,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        **options,
    )
    consumer.assign([where])
    return consumer


def up_to_end(consumer: KafkaConsumer, where: TopicPartition) -> Iterator[ConsumerRecord]:
    """Yield a partition's records from where a consumer stands up to the end that it has now."""
    end = consumer.end_offsets([where])[where]
    while consumer.position(where) < end:
        yield from consumer.poll(POLL_MS).get(where, ())
