"""Kafka as the operator's program needs it: wait for it, create the topics, measure how far the stages are."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import (
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
)
from kafka.structs import OffsetAndMetadata

from contracts.settings import StageSettings
from contracts.topics import Topic
from tallywire.errors import EngineDownError, UserError

CONNECT_MS = 3000
ADMIN_TIMEOUT_MS = 15_000
COORDINATOR_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Lag:
    """How many records of a topic a consumer group has yet to handle."""

    stage: str
    topic: str
    records: int
    behind: int


@contextmanager
def admin(settings: StageSettings) -> Iterator[KafkaAdminClient]:
    """Connect to Kafka for administration.

    Raises:
        EngineDownError: No broker answers.
    """
    client_log = logging.getLogger("kafka")
    level = client_log.level
    client_log.setLevel(logging.CRITICAL)  # a refused connection is said in our own sentence
    try:
        client = KafkaAdminClient(
            bootstrap_servers=settings.kafka_server_list,
            bootstrap_timeout_ms=CONNECT_MS,
            request_timeout_ms=ADMIN_TIMEOUT_MS,
            reconnect_backoff_max_ms=1000,
        )
    except KafkaError as error:
        raise EngineDownError(
            f"No Kafka broker answers at {settings.kafka_servers} ({type(error).__name__}): "
            "start one with `tallywire up`, or name yours in TALLYWIRE_KAFKA_SERVERS."
        ) from None
    finally:
        client_log.setLevel(level)
    try:
        yield client
    except KafkaError as error:
        raise EngineDownError(f"Kafka at {settings.kafka_servers} can't answer now: {error}.") from error
    finally:
        client.close()


def wait_for_kafka(settings: StageSettings, seconds: float, waiting: Callable[[str], object]) -> None:
    """Return once a broker answers, calling `waiting` with a message when it doesn't at once.

    Raises:
        EngineDownError: None answered in time.
    """
    deadline = time.monotonic() + seconds
    told = False
    while True:
        try:
            with admin(settings):
                return
        except EngineDownError:
            if time.monotonic() >= deadline:
                raise
        if not told:
            waiting(f"Waiting up to {seconds:.0f} s for Kafka at {settings.kafka_servers} ...")
            told = True
        time.sleep(0.5)


def create_topics(settings: StageSettings) -> tuple[str, ...]:
    """Create the topics that aren't there yet and return their names.

    Raises:
        UserError: A topic is there with fewer partitions than another that must be split alike.
    """
    with admin(settings) as client:
        there = {name: _partitions(client, name) for name in _existing(client, settings)}
        made = tuple(topic for topic in settings.topics.all if topic.name not in there)
        for topic in made:
            _create(client, topic)
        if made:
            client.wait_for_topics([topic.name for topic in made])
        _check_partitions(settings, there)
        return tuple(topic.name for topic in made)


def missing_topics(settings: StageSettings) -> tuple[str, ...]:
    """Return the names of our topics that Kafka doesn't have."""
    with admin(settings) as client:
        there = _existing(client, settings)
        return tuple(topic.name for topic in settings.topics.all if topic.name not in there)


def delete_topics(settings: StageSettings) -> None:
    """Delete our topics and the consumers' positions in them, if they are there."""
    with admin(settings) as client:
        names = sorted(_existing(client, settings))
        if names:
            client.delete_topics(names)
        groups = [group["group_id"] for group in client.list_groups()]
        ours = [group for group in groups if group.startswith(f"{settings.topic_prefix}.")]
        if ours:
            client.delete_groups(ours)
        while _existing(client, settings):
            time.sleep(0.1)


def lags(settings: StageSettings) -> tuple[Lag, ...]:
    """Return the lag of every stage that reads a topic.

    Raises:
        UserError: The topics aren't there, or no broker answers.
    """
    topics = settings.topics
    readers = {
        "extract": (topics.articles,),
        "resolve": (topics.reports,),
        "sink": (topics.articles, topics.incidents, topics.closed_incidents, topics.feeds, topics.dead_letters),
    }
    with admin(settings) as client:
        ends = _ends(client, settings)
        found = []
        for stage, read in readers.items():
            committed = _committed(client, f"{settings.topic_prefix}.{stage}")
            found += [_lag(stage, topic, ends, committed) for topic in read]
        return tuple(found)


def _lag(stage: str, topic: Topic, ends: dict[TopicPartition, int], committed: dict[TopicPartition, int]) -> Lag:
    partitions = [partition for partition in ends if partition.topic == topic.name]
    behind = sum(max(0, ends[partition] - committed.get(partition, 0)) for partition in partitions)
    return Lag(stage, topic.name, sum(ends[partition] for partition in partitions), behind)


def _ends(client: KafkaAdminClient, settings: StageSettings) -> dict[TopicPartition, int]:
    wanted = {
        TopicPartition(topic.name, partition): OffsetSpec.LATEST
        for topic in settings.topics.all
        for partition in range(_partitions(client, topic.name))
    }
    try:
        return {where: found.offset for where, found in client.list_partition_offsets(wanted).items()}
    except UnknownTopicOrPartitionError:
        raise UserError(
            f"Kafka has no topics named {settings.topic_prefix}.*: create them with `tallywire setup`."
        ) from None


def _committed(client: KafkaAdminClient, group: str) -> dict[TopicPartition, int]:
    offsets = _group_offsets(client, group)
    return {where: max(0, position.offset) for where, position in offsets.items()}


def _group_offsets(client: KafkaAdminClient, group: str) -> dict[TopicPartition, OffsetAndMetadata]:
    """Return a group's committed offsets; a new broker first makes the topic that it keeps them in."""
    deadline = time.monotonic() + COORDINATOR_SECONDS
    while True:
        try:
            offsets: dict[TopicPartition, OffsetAndMetadata] = client.list_group_offsets(group).get(group, {})
        except (CoordinatorNotAvailableError, NotCoordinatorError):
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.2)
        else:
            return offsets


def _existing(client: KafkaAdminClient, settings: StageSettings) -> set[str]:
    ours = {topic.name for topic in settings.topics.all}
    return ours & set(client.list_topics())


def _partitions(client: KafkaAdminClient, name: str) -> int:
    (described,) = client.describe_topics([name])
    return len(described["partitions"])


def _create(client: KafkaAdminClient, topic: Topic) -> None:
    options = {
        "num_partitions": topic.partitions,
        "replication_factor": topic.replication,
        "configs": topic.config,
    }
    try:
        client.create_topics({topic.name: options})
    except TopicAlreadyExistsError:
        return  # another set-up was faster


def _check_partitions(settings: StageSettings, there: dict[str, int]) -> None:
    topics = settings.topics
    of_resolver = {topics.reports, topics.incidents, topics.closed_incidents}
    for topic in topics.all:
        found = there.get(topic.name, topic.partitions)
        if found != topic.partitions:
            variable = "TALLYWIRE_RESOLVE_PARTITIONS" if topic in of_resolver else "TALLYWIRE_TOPIC_PARTITIONS"
            raise UserError(
                f"Topic {topic.name} has {found} partitions and {variable} says {topic.partitions}: "
                f"set it to {found}, or choose another TALLYWIRE_TOPIC_PREFIX."
            )
