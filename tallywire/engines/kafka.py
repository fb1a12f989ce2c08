"""Apache Kafka as a local engine: one broker that is its own controller (KRaft), on loopback only."""

import base64
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tallywire.engines.account import Account, own_directory, own_file
from tallywire.engines.java import Java
from tallywire.engines.options import java_options, log4j_properties
from tallywire.engines.ports import LOOPBACK, accepts
from tallywire.engines.process import Launch
from tallywire.engines.programs import Programs

NAME = "Kafka"
ANSWER_MILLISECONDS = 5_000


@dataclass(frozen=True)
class KafkaPlan:
    """What a Kafka is to be: its ports, memory and place."""

    home: Path
    port: int
    controller_port: int
    heap_mb: int
    quick_start: bool

    @property
    def data(self) -> Path:
        """Return the directory of the topics' data."""
        return self.home / "data"

    @property
    def properties(self) -> Path:
        """Return the place of the server's configuration."""
        return self.home / "config" / "server.properties"


def server_properties(plan: KafkaPlan) -> str:
    """Return the server's configuration: topics are made by the project alone, and one copy of each is kept."""
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{LOOPBACK}:{plan.controller_port}
listeners=PLAINTEXT://{LOOPBACK}:{plan.port},CONTROLLER://{LOOPBACK}:{plan.controller_port}
advertised.listeners=PLAINTEXT://{LOOPBACK}:{plan.port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={plan.data}
auto.create.topics.enable=false
num.partitions=4
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
log.segment.bytes=134217728
"""


def install(plan: KafkaPlan, account: Account | None) -> None:
    """Make the directories and write the configuration.

    Raises:
        EngineError: A directory can't be made or used.
    """
    for name in ("", "config", "data", "logs", "tmp"):
        own_directory(plan.home / name, account)
    own_file(plan.properties, server_properties(plan), account)
    log_file = str(plan.home / "logs" / "kafka.log")
    own_file(plan.home / "config" / "log4j2.properties", log4j_properties(log_file), account)


def needs_format(plan: KafkaPlan) -> bool:
    """Return whether the data directory was never formatted."""
    return not (plan.data / "meta.properties").exists()


def format_launch(plan: KafkaPlan, java: Java, programs: Programs) -> Launch:
    """Return how to prepare an empty data directory for KRaft; it takes about a second."""
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    return _launch(
        plan,
        java,
        programs,
        ("kafka.tools.StorageTool", "format", "--cluster-id", cluster_id, "--config", str(plan.properties)),
        output="format.out",
    )


def server_launch(plan: KafkaPlan, java: Java, programs: Programs) -> Launch:
    """Return how to start the server."""
    return _launch(plan, java, programs, ("kafka.Kafka", str(plan.properties)), output="kafka.out")


def _launch(plan: KafkaPlan, java: Java, programs: Programs, main: tuple[str, ...], output: str) -> Launch:
    logs = plan.home / "logs"
    return Launch(
        name=NAME,
        version=programs.kafka_version,
        port=plan.port,
        command=(
            str(java.executable),
            *java_options(plan.heap_mb, quick_start=plan.quick_start),
            "-XX:+ExitOnOutOfMemoryError",
            f"-Djava.io.tmpdir={plan.home / 'tmp'}",
            f"-Dlog4j2.configurationFile={plan.home / 'config' / 'log4j2.properties'}",
            "-cp",
            os.pathsep.join(map(str, programs.kafka_jars)),
            *main,
        ),
        environment={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"},
        directory=plan.home,
        logs=(logs / output, logs / "kafka.log"),
    )


def answers(port: int) -> bool:
    """Return whether a Kafka on a port takes requests, with a broker that is ready for work."""
    if not accepts(port):
        return False
    try:
        client = KafkaAdminClient(
            bootstrap_servers=f"{LOOPBACK}:{port}",
            client_id="tallywire-engines",
            request_timeout_ms=ANSWER_MILLISECONDS,
            bootstrap_timeout_ms=ANSWER_MILLISECONDS,
        )
    except KafkaError:
        return False
    try:
        brokers = client.describe_cluster()["brokers"]
    except KafkaError:
        return False
    finally:
        client.close()
    return any(not broker.get("is_fenced", False) for broker in brokers)
