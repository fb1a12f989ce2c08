"""Kafka's clients as the producers need them, all from the same settings."""

from collections.abc import Iterator
from contextlib import contextmanager

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError

from contracts.topics import MAX_MESSAGE_BYTES
from producers.errors import PublishError
from producers.settings import ProducerSettings

RECONNECT_MAX_MS = 1_000
"""A broker that comes back is found again within a second; the client's own 30 s would stall every feed."""
ENVELOPE_BYTES = 65_536
"""Room for keys and headers around the largest record in one request."""


def writer(settings: ProducerSettings) -> KafkaProducer:
    """Return a connected client that writes, each record once and to every replica.

    Raises:
        PublishError: No broker answers.
    """
    timeout_ms = int(settings.publish_timeout_seconds * 1000)
    try:
        return KafkaProducer(
            bootstrap_servers=settings.kafka_server_list,
            bootstrap_timeout_ms=int(settings.startup_wait_seconds * 1000),
            client_id="tallywire-producer",
            acks="all",
            enable_idempotence=True,
            compression_type="gzip",
            linger_ms=5,
            max_request_size=MAX_MESSAGE_BYTES + ENVELOPE_BYTES,
            max_block_ms=timeout_ms,
            delivery_timeout_ms=timeout_ms,
            request_timeout_ms=min(30_000, timeout_ms // 2),
            reconnect_backoff_max_ms=RECONNECT_MAX_MS,
            allow_auto_create_topics=False,
        )
    except KafkaError as error:
        raise PublishError(f"No Kafka broker answers at {settings.kafka_servers}: {error}.") from error


@contextmanager
def reader(settings: ProducerSettings, **options: object) -> Iterator[KafkaConsumer]:
    """Connect a client that reads from the beginning and remembers no offsets.

    Raises:
        KafkaError: No broker answers.
    """
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka_server_list,
        bootstrap_timeout_ms=int(settings.startup_wait_seconds * 1000),
        client_id="tallywire-producer-state",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
        reconnect_backoff_max_ms=RECONNECT_MAX_MS,
        allow_auto_create_topics=False,
        **options,
    )
    try:
        yield consumer
    finally:
        consumer.close()
