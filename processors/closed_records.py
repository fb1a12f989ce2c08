"""Reading the whole record of a closed incident where it was put away, when a late report may belong to it."""

import asyncio
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from contracts.topics import Topic
from processors.errors import ClosedRecordMissingError

POLL_MS = 1000
WAIT_POLLS = 30
FETCH_BYTES = 65_536
"""Kafka sends a record that is larger whole, and otherwise no more than this of what follows it."""


@dataclass(slots=True)
class ClosedRecords:
    """The closed incidents' topic.

    Args:
        servers: Kafka brokers.
        topic: Compacted, so that the newest record of an incident keeps its offset.
    """

    servers: list[str]
    topic: Topic
    _consumer: Any = None

    async def read(self, partition: int, key: bytes, offset: int) -> bytes:
        """Return the record of a key that stands at an offset; not to be called twice at once.

        Raises:
            ClosedRecordMissingError: It isn't there.
            KafkaError: The topic can't be read.
        """
        return await asyncio.to_thread(self._read, TopicPartition(self.topic.name, partition), key, offset)

    def _read(self, where: TopicPartition, key: bytes, offset: int) -> bytes:
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                bootstrap_servers=self.servers,
                enable_auto_commit=False,
                auto_offset_reset="none",
                max_partition_fetch_bytes=FETCH_BYTES,
            )
        self._consumer.assign([where])
        self._consumer.seek(where, offset)
        for _ in range(WAIT_POLLS):
            for record in self._consumer.poll(POLL_MS, max_records=1).get(where, ()):
                if record.offset == offset and record.key == key and record.value is not None:
                    value: bytes = record.value
                    return value
                raise ClosedRecordMissingError(_missing(where, key, offset))
        raise ClosedRecordMissingError(_missing(where, key, offset))


def _missing(where: TopicPartition, key: bytes, offset: int) -> str:
    return f"{where.topic} {where.partition}: incident {key.decode()} isn't at offset {offset}, where it was put away"
