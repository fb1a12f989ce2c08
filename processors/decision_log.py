"""The decisions topic as a resolver reads it: all of it, by a consumer of its own, without a group.

Every resolver needs every decision, and needs them before its first report.  How far it has read is nowhere
committed: who starts reads all, and what is obeyed already changes nothing.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from contracts import codec
from contracts.deadletters import OriginalRecord
from contracts.records import Decision
from contracts.topics import MAX_MESSAGE_BYTES, Topic

POLL_MS = 1000
RECONNECT_MAX_MS = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the decisions topic: the decision, or why it can't be read."""

    original: OriginalRecord
    decision: Decision | None = None
    error: codec.DecodeError | None = None


@dataclass(slots=True)
class DecisionLog:
    """What was decided so far, in the topic's order.

    Args:
        servers: Kafka brokers.
        topic: Of one partition.
    """

    servers: list[str]
    topic: Topic
    entries: list[Entry] = field(default_factory=list)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _consumer: Any = None

    async def read(self) -> None:
        """Read up to the end that the topic has now.

        Raises:
            KafkaError: It can't be read.
        """
        async with self._reading:
            self.entries += [_entry(original) for original in await asyncio.to_thread(self._read)]

    def _read(self) -> list[OriginalRecord]:
        where = TopicPartition(self.topic.name, 0)
        if self._consumer is None:
            self._consumer = self._connect(where)
        end = self._consumer.end_offsets([where])[where]
        found: list[OriginalRecord] = []
        while self._consumer.position(where) < end:
            found += [_original(record) for record in self._consumer.poll(POLL_MS).get(where, ())]
        return found

    def _connect(self, where: TopicPartition) -> KafkaConsumer:
        consumer = KafkaConsumer(
            bootstrap_servers=self.servers,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
            reconnect_backoff_max_ms=RECONNECT_MAX_MS,
        )
        consumer.assign([where])
        return consumer


def _entry(original: OriginalRecord) -> Entry:
    try:
        return Entry(original, decision=codec.decode(original.value or b"", Decision))
    except codec.DecodeError as error:
        return Entry(original, error=error)


def _original(record: Any) -> OriginalRecord:  # noqa: ANN401 - kafka-python's own record has no types
    return OriginalRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=tuple((name, value or b"") for name, value in record.headers),
    )
