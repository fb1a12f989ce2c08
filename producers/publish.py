"""Kafka's edge, outwards: a plan's articles are acknowledged by every replica before the feed's state is written."""

import asyncio
from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.producer.future import FutureRecordMetadata

from contracts import codec
from contracts.records import Article, DeadLetter, Feed
from contracts.topics import MAX_MESSAGE_BYTES, Topic
from producers.decide import Plan
from producers.errors import PublishError
from producers.settings import ProducerSettings

RECONNECT_MAX_MS = 1_000
"""A broker that comes back is found again within a second; the client's own 30 s would stall every feed."""
ENVELOPE_BYTES = 65_536
"""Room for keys and headers around the largest record in one request."""


class Publisher:
    """Writes plans to Kafka while its context is open; safe to use for many feeds at once."""

    def __init__(self, settings: ProducerSettings) -> None:
        self._settings = settings
        self._producer: KafkaProducer | None = None

    async def __aenter__(self) -> Self:
        self._producer = await asyncio.to_thread(_connect, self._settings)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._producer is not None:
            await asyncio.to_thread(self._producer.close, self._settings.publish_timeout_seconds)

    async def publish(self, plan: Plan) -> None:
        """Write the articles, wait until all are acknowledged, then write the feed's state and wait for that.

        A crash in between publishes the same articles again, with the same ids and revisions; it loses none.

        Raises:
            PublishError: Kafka didn't acknowledge something; the state isn't written then.
        """
        await self.send_articles(plan.articles)
        await self.send_state(plan.feed)

    async def send_articles(self, articles: Iterable[Article]) -> None:
        """Write articles and wait until all are acknowledged.

        Raises:
            PublishError: Kafka didn't acknowledge one.
        """
        records = [(article.id, codec.encode(article)) for article in articles]
        await self._send(self._settings.topics.articles, records)

    async def send_state(self, feed: Feed) -> None:
        """Write a feed's state and wait until it is acknowledged.

        Raises:
            PublishError: Kafka didn't acknowledge it.
        """
        await self._send(self._settings.topics.feeds, [(feed.url, codec.encode(feed))])

    async def send_dead_letters(self, letters: Iterable[DeadLetter]) -> None:
        """Write dead letters and wait until all are acknowledged.

        Raises:
            PublishError: Kafka didn't acknowledge one.
        """
        records = [(letter.id, codec.encode(letter)) for letter in letters]
        await self._send(self._settings.topics.dead_letters, records)

    async def _send(self, topic: Topic, records: list[tuple[str, bytes]]) -> None:
        if records:
            await asyncio.to_thread(self._send_all, topic, records)

    def _send_all(self, topic: Topic, records: list[tuple[str, bytes]]) -> None:
        if self._producer is None:
            raise RuntimeError("Publisher needs its context: `async with Publisher(settings) as publisher`.")
        timeout = self._settings.publish_timeout_seconds
        in_flight: deque[FutureRecordMetadata] = deque()
        try:
            for key, value in records:
                if len(in_flight) >= self._settings.publish_in_flight:
                    in_flight.popleft().get(timeout)
                in_flight.append(self._producer.send(topic.name, key=key.encode(), value=value))
            for future in in_flight:
                future.get(timeout)
        except KafkaError as error:
            raise PublishError(
                f"Kafka at {self._settings.kafka_servers} didn't take a record of {topic.name}: {error}."
            ) from error


def _connect(settings: ProducerSettings) -> KafkaProducer:
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
