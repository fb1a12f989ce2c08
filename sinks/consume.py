"""Reading the topics: the one place that knows Kafka's own records."""

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Protocol

from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from contracts import logs
from contracts.deadletters import OriginalRecord
from contracts.topics import DEAD_LETTER_BYTES
from sinks.batch import Incoming
from sinks.errors import SinkError, UnavailableError
from sinks.settings import SinkSettings

log = logs.get(__name__)

POLL_SECONDS = 0.5
"""Longest wait for records, and so for a request to stop to be seen."""

RECONNECT_MAX_MS = 2_000
"""A broker that was away is found again within two seconds."""

CLOSE_MS = 5_000


class Received(Protocol):
    """What we use of kafka-python's own record, which has no published types."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Source:
    """The sink's place in the consumer group; used by one thread."""

    def __init__(self, settings: SinkSettings, topics: Iterable[str], stop: threading.Event) -> None:
        self._settings = settings
        self._consumer = _connect(settings, stop)
        self._consumer.subscribe(topics=sorted(topics))

    def poll(self) -> list[Incoming]:
        """Return the next records, those of one partition in their order; empty when there are none."""
        polled = self._consumer.poll(timeout_ms=POLL_SECONDS * 1000, max_records=self._settings.sink_batch_records)
        return [_incoming(record) for records in polled.values() for record in records]

    def commit(self, batch: Iterable[Incoming]) -> None:
        """Tell Kafka that everything up to these records is done with.

        A failure is no loss: the records then come again, to this sink or another, and writing them again changes
        nothing.
        """
        offsets = {
            TopicPartition(record.original.topic, record.original.partition): OffsetAndMetadata(
                (record.original.offset or 0) + 1, "", -1
            )
            for record in batch
        }
        try:
            self._consumer.commit(offsets, timeout_ms=self._settings.sink_session_seconds * 1000)
        except KafkaError as error:
            log.warning("couldn't commit; the records will come again", error=repr(error))

    def close(self) -> None:
        """Leave the group, so that another sink takes over at once."""
        self._consumer.close(autocommit=False, timeout_ms=CLOSE_MS)


def wait_for_topics(source_settings: SinkSettings, topics: Iterable[str], stop: threading.Event) -> None:
    """Return when all topics are there, or when `stop` is set.

    Raises:
        SinkError: Kafka is away, or a topic isn't there, after `startup_wait_seconds`.
    """
    wanted = set(topics)
    deadline = time.monotonic() + source_settings.startup_wait_seconds
    consumer = _connect(source_settings, stop)
    try:
        while not stop.is_set():
            missing = sorted(wanted - set(consumer.topics()))
            if not missing:
                return
            if time.monotonic() >= deadline:
                raise SinkError(f"Kafka has no topic {', '.join(missing)}: create them with `tallywire setup`.")
            log.warning("waiting for topics", missing=missing)
            stop.wait(POLL_SECONDS)
    finally:
        consumer.close(autocommit=False, timeout_ms=CLOSE_MS)


def _connect(settings: SinkSettings, stop: threading.Event) -> KafkaConsumer:
    """Return a consumer that has found a broker.

    Raises:
        UnavailableError: None answers within `startup_wait_seconds`.
    """
    deadline = time.monotonic() + settings.startup_wait_seconds
    while True:
        try:
            return _consumer(settings)
        except KafkaError as error:
            if stop.is_set() or time.monotonic() >= deadline:
                raise UnavailableError(
                    f"No Kafka broker answers at {settings.kafka_servers}: start it with `tallywire up`, or set"
                    " TALLYWIRE_KAFKA_SERVERS."
                ) from error
            log.warning("waiting for Kafka", servers=settings.kafka_servers, error=repr(error))
            stop.wait(POLL_SECONDS)


def _consumer(settings: SinkSettings) -> KafkaConsumer:
    return KafkaConsumer(
        bootstrap_servers=settings.kafka_server_list,
        client_id=settings.consumer_group,
        group_id=settings.consumer_group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        allow_auto_create_topics=False,
        max_partition_fetch_bytes=DEAD_LETTER_BYTES,
        max_poll_records=settings.sink_batch_records,
        max_poll_interval_ms=settings.sink_max_poll_seconds * 1000,
        session_timeout_ms=settings.sink_session_seconds * 1000,
        reconnect_backoff_max_ms=RECONNECT_MAX_MS,
        bootstrap_timeout_ms=RECONNECT_MAX_MS,
    )


def _incoming(record: Received) -> Incoming:
    """Return a kafka-python record in our own terms."""
    headers = tuple((name, value or b"") for name, value in record.headers)
    original = OriginalRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value,
        headers=headers,
    )
    return Incoming(original=original, written=max(record.timestamp, 0))
