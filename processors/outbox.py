"""Sends what a stage has to say and waits until Kafka has it.

`send` and `send_together` return as soon as the client has the record; nothing may be taken for delivered before
`acknowledged` returned.  A send that fails raises there, and the stage stops: the input isn't committed.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from faust.types import RecordMetadata

from contracts import codec
from contracts.deadletters import OriginalRecord, dead_letter
from contracts.topics import MAX_MESSAGE_BYTES, Topic
from processors.errors import OutputTooLargeError
from processors.faust_app import HeldEvent, StageApp

RECORD_OVERHEAD_BYTES = 100
"""No less than what Kafka's format adds to a record, and to a batch of records (69 and 61 bytes at most)."""

HEADER_OVERHEAD_BYTES = 10
"""No less than what it adds to a header: two lengths, of 5 bytes at most."""


@dataclass(frozen=True, slots=True)
class Output:
    """A record to write: raw key and value, and what stands beside it."""

    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()

    @property
    def size(self) -> int:
        """Return the bytes that it takes, no fewer than Kafka counts."""
        beside = sum(len(name) + len(value) + HEADER_OVERHEAD_BYTES for name, value in self.headers)
        return len(self.key) + len(self.value) + beside + RECORD_OVERHEAD_BYTES


def check_size(outputs: Iterable[Output]) -> None:
    """Check that Kafka takes these records in one batch.

    Raises:
        OutputTooLargeError: It doesn't.
    """
    size = RECORD_OVERHEAD_BYTES
    for output in outputs:
        size += output.size
    if size > MAX_MESSAGE_BYTES:
        raise OutputTooLargeError(f"the outputs take {size} bytes, and a topic takes {MAX_MESSAGE_BYTES}")


@dataclass(slots=True)
class Outbox:
    """The outputs of one stage that aren't acknowledged yet."""

    app: StageApp
    stage: str
    dead_letters: Topic
    _pending: list[asyncio.Future[RecordMetadata]] = field(default_factory=list)

    async def send(self, topic: Topic, output: Output, partition: int | None = None) -> None:
        """Send a record, to the partition of its key unless one is given."""
        self._pending.append(await self._sent(topic, output, partition))

    async def send_together(self, topic: Topic, partition: int, outputs: Iterable[Output]) -> None:
        """Send records to one partition so that Kafka keeps all of them or none.

        They go as one record batch, which is what a broker writes whole or not at all; `check_size` says whether
        they fit.
        """
        client = self._client()
        batch = client.create_batch()
        for output in outputs:
            if batch.append(timestamp=None, key=output.key, value=output.value, headers=list(output.headers)) is None:
                raise OutputTooLargeError("the outputs don't fit into one batch")
        batch.close()
        self._pending.append(await client.send_batch(batch, topic.name, partition=partition))

    async def send_for_offsets(self, topic: Topic, partition: int, outputs: Iterable[Output]) -> list[int]:
        """Send records to one partition and wait until Kafka has them; return where each of them stands.

        Raises:
            KafkaError: It didn't take a record, or not in time.
        """
        sent = [await self._sent(topic, output, partition) for output in outputs]
        return [metadata.offset for metadata in await asyncio.gather(*sent)]

    async def send_dead_letter(self, event: HeldEvent, error: Exception) -> None:
        """Send a record that the stage couldn't handle to the dead letters, with its bytes and the reason."""
        await self.send_letter(original_record(event), error)

    async def send_letter(self, original: OriginalRecord, error: Exception) -> None:
        """Send a record that came in any other way to the dead letters."""
        letter = dead_letter(self.stage, original, error, datetime.now(UTC))
        key = original.key if original.key is not None else letter.id.encode()
        await self.send(self.dead_letters, Output(key, codec.encode(letter)))

    async def acknowledged(self) -> None:
        """Return when Kafka has acknowledged everything that was sent.

        Raises:
            KafkaError: It didn't take a record, or not in time.
        """
        pending, self._pending = self._pending, []
        await asyncio.gather(*pending)

    async def _sent(self, topic: Topic, output: Output, partition: int | None) -> asyncio.Future[RecordMetadata]:
        """Hand a record to the client; return what tells when Kafka has it."""
        sent: asyncio.Future[RecordMetadata] = await self._client().send(
            topic.name, output.value, key=output.key, partition=partition, headers=list(output.headers)
        )
        return sent

    def _client(self) -> Any:  # noqa: ANN401 - an `AIOKafkaProducer`, which has no types
        """Return what sends, if this process may still write."""
        self.app.lease.check()
        # Faust's own interface knows no batches, and hides the client of its driver.
        return cast(Any, self.app.producer)._ensure_producer()  # noqa: SLF001


def original_record(event: HeldEvent) -> OriginalRecord:
    """Return a record as it arrived from Kafka."""
    message = event.message
    headers = message.headers or ()
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return OriginalRecord(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        value=message.value,
        headers=tuple((name, value or b"") for name, value in pairs),  # Kafka allows a header with no value
    )
