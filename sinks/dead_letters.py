"""Sending dead letters, each awaited, so that a record is never committed before its letter is kept."""

from collections.abc import Sequence

from kafka import KafkaProducer
from kafka.errors import KafkaError

from contracts.codec import encode
from contracts.topics import DEAD_LETTER_BYTES
from sinks.batch import Letter
from sinks.errors import UnavailableError
from sinks.settings import SinkSettings

SEND_SECONDS = 30
"""How long the brokers may take to acknowledge a letter."""


class DeadLetters:
    """The way to the dead-letters topic; the producer is made when the first letter is sent."""

    def __init__(self, settings: SinkSettings) -> None:
        self._settings = settings
        self._producer: KafkaProducer | None = None

    def send(self, letters: Sequence[Letter]) -> None:
        """Send letters under their original keys and return when all brokers have them.

        Raises:
            UnavailableError: A letter wasn't acknowledged.
        """
        if not letters:
            return
        try:
            producer = self._producer = self._producer or _producer(self._settings)
            topic = self._settings.topics.dead_letters.name
            futures = [producer.send(topic, key=item.key, value=encode(item.letter)) for item in letters]
            for future in futures:
                future.get(timeout=SEND_SECONDS)
        except KafkaError as error:
            raise UnavailableError(f"Kafka doesn't take dead letters now ({error!r}).") from error

    def close(self) -> None:
        """Close the producer, if there is one."""
        if self._producer is not None:
            self._producer.close(timeout=SEND_SECONDS)


def _producer(settings: SinkSettings) -> KafkaProducer:
    return KafkaProducer(
        bootstrap_servers=settings.kafka_server_list,
        client_id=f"{settings.consumer_group}.dead-letters",
        acks="all",
        enable_idempotence=True,
        max_request_size=DEAD_LETTER_BYTES,
        allow_auto_create_topics=False,
    )
