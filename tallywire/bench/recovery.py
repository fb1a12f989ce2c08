"""Recovery: how long a resolver that starts takes to have its open incidents again, from a real Kafka.

::

    Kafka with a data directory of its own ─► the incidents topic, written ─► a process: topic read ─► resolver made
"""

import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kafka import KafkaProducer
from kafka.producer.future import FutureRecordMetadata

from contracts.settings import StageSettings
from contracts.topics import MAX_MESSAGE_BYTES
from processors.resolve_partition import INDEX_HEADER
from tallywire import engines, kafka
from tallywire.bench import synthetic
from tallywire.bench.cases import Options
from tallywire.bench.figures import repeated, seconds, size
from tallywire.bench.tables import Table
from tallywire.bench.workers import Worker
from tallywire.engines import EngineSettings

SIZES = (10_000, 100_000)
ROUNDS = 3
SEED = 1
IN_FLIGHT = 1_000
ACKNOWLEDGE_SECONDS = 60


def run(_options: Options) -> tuple[Table, ...]:
    """Return how long each number of open incidents takes to recover.

    Raises:
        EngineError: An engine can't be had or started.
        UserError: A measuring process ended without an answer.
    """
    folder = Path(tempfile.mkdtemp(prefix="tallywire-bench-"))
    folder.chmod(0o755)  # so that an unprivileged user, as whom engines run, can enter
    try:
        settings = EngineSettings(data_dir=folder / "engines", kafka_port=0, elasticsearch_port=0)
        with engines.start(settings) as running:
            return (_table({held: _measured(running.bootstrap_servers, held) for held in SIZES}),)
    finally:
        shutil.rmtree(folder)


def _measured(servers: str, held: int) -> list[Mapping[str, Any]]:
    """Return what each of several fresh processes took."""
    settings = StageSettings(kafka_servers=servers, topic_prefix=f"bench-recovery-{held}")
    kafka.create_topics(settings)
    _write(settings, held)
    found = []
    for _ in range(ROUNDS):
        with Worker([sys.executable, "-m", "tallywire.bench.recovery_worker"]) as worker:
            found.append(worker.ask([servers, settings.topic_prefix]))
    return found


def _write(settings: StageSettings, held: int) -> None:
    """Write so many open incidents to the resolver's topic."""
    source, chance = synthetic.world(SEED), synthetic.dice(SEED)
    producer = KafkaProducer(
        bootstrap_servers=settings.kafka_server_list, acks="all", linger_ms=20, max_request_size=MAX_MESSAGE_BYTES
    )
    sent: deque[FutureRecordMetadata] = deque()
    try:
        for number in range(held):
            incident = synthetic.incident(synthetic.report(source, chance, number))
            written = synthetic.written(incident)
            sent.append(
                producer.send(
                    settings.topics.incidents.name,
                    key=incident.id.encode(),
                    value=written.record,
                    headers=[(INDEX_HEADER, written.index)],
                    partition=0,
                )
            )
            if len(sent) > IN_FLIGHT:
                sent.popleft().get(ACKNOWLEDGE_SECONDS)
        for each in sent:
            each.get(ACKNOWLEDGE_SECONDS)
    finally:
        producer.close()


def _table(found: Mapping[int, list[Mapping[str, Any]]]) -> Table:
    rows = []
    for held, runs in found.items():
        whole = repeated([each["read"] + each["rebuild"] for each in runs])
        rows.append(
            (
                f"{held:,}",
                seconds(whole.median),
                f"{seconds(whole.low)} to {seconds(whole.high)}",
                seconds(repeated([each["read"] for each in runs]).median),
                seconds(repeated([each["rebuild"] for each in runs]).median),
                seconds(repeated([each["cpu"] for each in runs]).median),
                size(repeated([each["memory"] for each in runs]).median),
            )
        )
    return Table(
        title="A resolver that starts, by how many incidents are open",
        columns=(
            "open incidents",
            "until it is ready",
            "of all runs",
            "reading the topic",
            "making the resolver",
            "CPU time of both",
            "most memory",
        ),
        rows=tuple(rows),
        note=(
            f"{ROUNDS} fresh processes each, by the clock, beside Kafka on the same machine: what the resolve stage "
            "does between getting its partition and its first report. Incidents of one report each. Memory is the "
            "most that was resident."
        ),
    )
