"""A second installation from what the first one read and decided: how incidents are rebuilt by newer rules.

::

    articles, decisions (and at the end feeds) of one prefix ─► the same topics of another, partition by partition
        ─► stages of the new prefix build reports and incidents anew, while the old ones stay and go on

Nothing of the old installation changes, so nothing is lost when the new one is no better.  How far the copy came is
committed for a consumer group of the new prefix: run again, it brings what came since.  A copy that died half-way
brings some records twice, which changes nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.structs import OffsetAndMetadata
from pydantic import ValidationError

from contracts.settings import StageSettings
from contracts.topics import DEAD_LETTER_BYTES, MAX_MESSAGE_BYTES, Topic
from tallywire import kafka
from tallywire.errors import UserError

POLL_MS = 1000
MAX_RECORDS = 500
"""Most records that are on their way at a time."""
ACKNOWLEDGE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Copied:
    """How many records of a topic were brought over."""

    topic: str
    records: int


def replay(settings: StageSettings, prefix: str, *, feeds: bool) -> tuple[Copied, ...]:
    """Bring over what isn't yet under another prefix, whose topics are created; return how much that was.

    Args:
        settings: Of the installation that is copied.
        prefix: Of the new one.
        feeds: Bring the subscriptions and the state of the feeds, too: the new producers then poll.

    Raises:
        UserError: The prefix is the old one, or the old installation's topics aren't there.
        KafkaError: Kafka goes away in between.
    """
    if prefix == settings.topic_prefix:
        raise UserError(f"{prefix} is the installation itself: name another prefix for the new one.")
    if kafka.missing_topics(settings):
        raise UserError(
            f"Kafka has no topics named {settings.topic_prefix}.*: name the installation to copy with --prefix."
        )
    kafka.create_topics(settings)  # checks how they are split
    target = _under(settings, prefix)
    made = kafka.create_topics(target)
    old, new = settings.topics, target.topics
    pairs = [(old.articles, new.articles), (old.decisions, new.decisions)]
    pairs += [(old.feeds, new.feeds)] if feeds else []
    return tuple(_copy(target, source, to, anew=to.name in made) for source, to in pairs)


def _under(settings: StageSettings, prefix: str) -> StageSettings:
    """Return the settings of an installation under another prefix."""
    try:
        return StageSettings.model_validate({**settings.model_dump(), "topic_prefix": prefix})
    except ValidationError:
        raise UserError(
            f"{prefix} can't be the beginning of a topic's name: use letters, digits, full stops, dashes."
        ) from None


def _copy(settings: StageSettings, source: Topic, to: Topic, *, anew: bool) -> Copied:
    """Copy what isn't copied yet of a topic, up to its present end; all of it where the new topic was just made."""
    records = 0
    with _clients(settings) as (consumer, producer):
        partitions = [TopicPartition(source.name, number) for number in range(source.partitions)]
        consumer.assign(partitions)
        if anew:
            consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(where) < ends[where] for where in partitions):
            for where, found in consumer.poll(POLL_MS, max_records=MAX_RECORDS).items():
                _write(producer, to, found)
                consumer.commit({where: OffsetAndMetadata(found[-1].offset + 1, "", -1)})
                records += len(found)
    return Copied(to.name, records)


def _write(producer: KafkaProducer, to: Topic, records: Sequence[ConsumerRecord]) -> None:
    """Write records where they stood, with their own times, and return once Kafka has them."""
    sent = [
        producer.send(
            to.name,
            key=record.key,
            value=record.value,
            headers=list(record.headers),
            partition=record.partition,
            timestamp_ms=record.timestamp,
        )
        for record in records
    ]
    for each in sent:
        each.get(ACKNOWLEDGE_SECONDS)


@contextmanager
def _clients(settings: StageSettings) -> Iterator[tuple[Any, Any]]:
    """Connect a consumer of the new installation's own group, and a producer."""
    consumer = KafkaConsumer(
        bootstrap_servers=settings.kafka_server_list,
        group_id=f"{settings.topic_prefix}.replay",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=MAX_MESSAGE_BYTES,
    )
    producer = KafkaProducer(
        bootstrap_servers=settings.kafka_server_list, acks="all", linger_ms=5, max_request_size=DEAD_LETTER_BYTES
    )
    try:
        yield consumer, producer
    finally:
        producer.close()
        consumer.close()
