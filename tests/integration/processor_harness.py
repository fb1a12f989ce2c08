"""Running processors as processes on a real Kafka, and reading what they wrote."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import CoordinatorNotAvailableError

from contracts import codec
from contracts.records import Article, ArticleReports, DeadLetter, Incident
from contracts.topics import Topic
from processors.settings import ProcessorSettings
from tallywire.kafka import create_topics

WORKER = (str(Path(__file__).with_name("processor_worker.py")),)
"""A processor with small logic of its own."""
REAL_WORKER = (
    "-c",
    (
        "import importlib, sys\n"
        "from contracts.settings import load\n"
        "from processors.settings import ProcessorSettings\n"
        "importlib.import_module(f'processors.{sys.argv[1]}_app').main(load(ProcessorSettings))"
    ),
)
"""The processor that ships."""

PARTITIONS = 4
PATIENCE_SECONDS = 120


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Return once something is so; fail when it isn't in a time that is ample on a busy machine."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_SECONDS} s: {what}")
        time.sleep(0.2)


@dataclass(slots=True)
class Worker:
    """A processor's process."""

    stage: str
    settings: ProcessorSettings
    log: Path
    program: tuple[str, ...] = WORKER
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        environment = {
            **os.environ,
            "TALLYWIRE_KAFKA_SERVERS": self.settings.kafka_servers,
            "TALLYWIRE_TOPIC_PREFIX": self.settings.topic_prefix,
            "TALLYWIRE_TOPIC_PARTITIONS": str(self.settings.topic_partitions),
            "TALLYWIRE_RESOLVE_PARTITIONS": str(self.settings.resolve_partitions),
            "TALLYWIRE_CLOSE_DAYS": str(self.settings.close_days),
            "TALLYWIRE_PROCESSOR_SESSION_SECONDS": str(self.settings.processor_session_seconds),
            "TALLYWIRE_PROCESSOR_BATCH_SIZE": str(self.settings.processor_batch_size),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.program, self.stage], env=environment, stdout=log, stderr=log
            )

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    def wait(self) -> int:
        """Return the exit code of a process that is about to end."""
        return self.process.wait(PATIENCE_SECONDS)

    def stop(self) -> int:
        """Stop the process as an operator does and return its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """End the process without any chance to finish."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()


@dataclass(slots=True)
class Installation:
    """The topics of one test."""

    settings: ProcessorSettings
    folder: Path

    def __post_init__(self) -> None:
        create_topics(self.settings)

    def worker(self, stage: str, program: tuple[str, ...] = WORKER) -> Worker:
        """Start a processor."""
        return Worker(stage, self.settings, self.folder / f"{stage}.log", program)

    def publish(self, articles: Iterable[Article]) -> None:
        """Write articles as the producer does."""
        self.write(self.settings.topics.articles, [(each.id.encode(), codec.encode(each)) for each in articles])

    def write(self, topic: Topic, records: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write records."""
        producer = KafkaProducer(
            bootstrap_servers=self.settings.kafka_server_list, acks="all", max_request_size=6_000_000, linger_ms=5
        )
        try:
            for sent in [producer.send(topic.name, key=key, value=value) for key, value in records]:
                sent.get(20)
        finally:
            producer.close()

    def read(self, topic: Topic) -> list[tuple[int, bytes, bytes]]:
        """Return partition, key and value of every record of a topic, in the order of each partition."""
        consumer = KafkaConsumer(
            bootstrap_servers=self.settings.kafka_server_list,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        try:
            partitions = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            records: list[tuple[int, bytes, bytes]] = []
            while any(consumer.position(each) < ends[each] for each in partitions):
                for batch in consumer.poll(500).values():
                    records.extend((record.partition, record.key, record.value) for record in batch)
            return records
        finally:
            consumer.close()

    def reports(self) -> list[ArticleReports]:
        """Return the reports topic."""
        return [codec.decode(value, ArticleReports) for _, _, value in self.read(self.settings.topics.reports)]

    def incidents(self) -> dict[str, Incident]:
        """Return the newest record of each incident."""
        return {
            key.decode(): codec.decode(value, Incident) for _, key, value in self.read(self.settings.topics.incidents)
        }

    def dead_letters(self) -> list[DeadLetter]:
        """Return the dead letters."""
        return [codec.decode(value, DeadLetter) for _, _, value in self.read(self.settings.topics.dead_letters)]

    def committed(self, stage: str) -> int:
        """Return how many records a stage has committed, over all partitions."""
        admin = self._admin()
        try:
            offsets = admin.list_group_offsets(f"{self.settings.topic_prefix}.{stage}")
        except CoordinatorNotAvailableError:
            return 0  # a new Kafka has no committed offsets until the first group asks for them
        finally:
            admin.close()
        return sum(max(0, each.offset) for group in offsets.values() for each in group.values())

    def wait_committed(self, stage: str, records: int) -> None:
        """Return once a stage has committed so many records."""
        wait_until(lambda: self.committed(stage) >= records, f"{stage} commits {records} records")

    def wait_resolved(self, articles: int) -> None:
        """Return once both stages are done with so many articles, whose reports may have been sent twice."""
        self.wait_committed("extract", articles)
        self.wait_committed("resolve", len(self.reports()))

    def members(self, stage: str) -> int:
        """Return how many workers have partitions of a stage."""
        group = f"{self.settings.topic_prefix}.{stage}"
        admin = self._admin()
        try:
            described = admin.describe_groups([group])[group]
        finally:
            admin.close()
        return len(described["members"]) if described["group_state"] == "Stable" else 0

    def limit(self, topic: Topic, largest: int) -> None:
        """Have Kafka refuse batches of records that are larger."""
        self._configure(topic, {"max.message.bytes": str(largest)})

    def compact_soon(self, topic: Topic) -> None:
        """Have Kafka compact a topic as often as it can."""
        self._configure(
            topic, {"segment.ms": "500", "min.cleanable.dirty.ratio": "0.001", "delete.retention.ms": "0"}
        )

    def _configure(self, topic: Topic, config: dict[str, str]) -> None:
        admin = self._admin()
        try:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, config)])
        finally:
            admin.close()

    def forget_progress(self, stage: str) -> None:
        """Have a stage whose workers have stopped begin with its first record again."""
        admin = self._admin()
        try:
            admin.delete_groups([f"{self.settings.topic_prefix}.{stage}"])
        finally:
            admin.close()
        assert self.committed(stage) == 0

    def _admin(self) -> KafkaAdminClient:
        return KafkaAdminClient(bootstrap_servers=self.settings.kafka_server_list)
