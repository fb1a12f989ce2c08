"""Kafka's edge, outwards: a plan's articles are acknowledged before what remembers them is written."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.producer.future import FutureRecordMetadata

from contracts import codec
from contracts.feedkeys import FeedKey, FeedKeyKind
from contracts.records import Article, DeadLetter, Feed, FeedMemory
from contracts.topics import Topic
from producers import clients
from producers.decide import Plan
from producers.errors import PublishError
from producers.feedstore import partition_of
from producers.settings import ProducerSettings


@dataclass(frozen=True, slots=True)
class _Record:
    key: bytes
    value: bytes | None
    feed: str | None = None
    """Set: the record goes to the partition of this feed, whatever its key."""


class Publisher:
    """Writes plans to Kafka while its context is open; safe to use for many feeds at once."""

    def __init__(self, settings: ProducerSettings) -> None:
        self._settings = settings
        self._producer: KafkaProducer | None = None

    async def __aenter__(self) -> Self:
        self._producer = await asyncio.to_thread(clients.writer, self._settings)
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
        await self.send_state(plan.feed, remembers=plan.remembers)

    async def send_articles(self, articles: Iterable[Article]) -> None:
        """Write articles and wait until all are acknowledged.

        Raises:
            PublishError: Kafka didn't acknowledge one.
        """
        records = [_Record(article.id.encode(), codec.encode(article)) for article in articles]
        await self._send(self._settings.topics.articles, records)

    async def send_state(self, feed: Feed, *, remembers: bool) -> None:
        """Write a feed's state, and with `remembers` what it has seen, and wait until both are acknowledged.

        Raises:
            PublishError: Kafka didn't acknowledge one.
        """
        records = [_state(feed)]
        if remembers:
            records.insert(0, _memory(feed))
        await self._send(self._settings.topics.feeds, records)

    async def forget(self, url: str) -> None:
        """Delete a feed's state and what it has seen.

        Raises:
            PublishError: Kafka didn't acknowledge it.
        """
        kinds = (FeedKeyKind.STATE, FeedKeyKind.MEMORY)
        await self._send(self._settings.topics.feeds, [_Record(FeedKey(kind, url).data, None, url) for kind in kinds])

    async def send_dead_letters(self, letters: Iterable[DeadLetter]) -> None:
        """Write dead letters and wait until all are acknowledged.

        Raises:
            PublishError: Kafka didn't acknowledge one.
        """
        records = [_Record(letter.id.encode(), codec.encode(letter)) for letter in letters]
        await self._send(self._settings.topics.dead_letters, records)

    async def _send(self, topic: Topic, records: list[_Record]) -> None:
        if records:
            await asyncio.to_thread(self._send_all, topic, records)

    def _send_all(self, topic: Topic, records: list[_Record]) -> None:
        if self._producer is None:
            raise RuntimeError("Publisher needs its context: `async with Publisher(settings) as publisher`.")
        timeout = self._settings.publish_timeout_seconds
        in_flight: deque[FutureRecordMetadata] = deque()
        try:
            for record in records:
                if len(in_flight) >= self._settings.publish_in_flight:
                    in_flight.popleft().get(timeout)
                in_flight.append(_hand_over(self._producer, topic, record))
            for future in in_flight:
                future.get(timeout)
        except KafkaError as error:
            raise PublishError(
                f"Kafka at {self._settings.kafka_servers} didn't take a record of {topic.name}: {error}."
            ) from error


def _hand_over(producer: KafkaProducer, topic: Topic, record: _Record) -> FutureRecordMetadata:
    partition = None
    if record.feed is not None:
        partition = partition_of(record.feed, len(producer.partitions_for(topic.name)))
    return producer.send(topic.name, key=record.key, value=record.value, partition=partition)


def _state(feed: Feed) -> _Record:
    return _Record(FeedKey(FeedKeyKind.STATE, feed.url).data, codec.encode(replace(feed, seen=())), feed.url)


def _memory(feed: Feed) -> _Record:
    memory = FeedMemory(url=feed.url, seen=feed.seen)
    return _Record(FeedKey(FeedKeyKind.MEMORY, feed.url).data, codec.encode(memory), feed.url)
