"""The decisions topic as a resolver reads it: all of it, by a consumer of its own, without a group.

Every resolver needs every decision, and needs them before its first report.  How far it has read is nowhere
committed: who starts reads all, and what is obeyed already changes nothing.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from kafka import TopicPartition

from contracts import codec
from contracts.deadletters import OriginalRecord
from contracts.records import Decision
from contracts.topics import Topic
from processors.state import reader, up_to_end

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
            self._consumer = reader(self.servers, where, reconnect_backoff_max_ms=RECONNECT_MAX_MS)
        return [_original(record) for record in up_to_end(self._consumer, where)]


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
