"""The real engines: they start, answer, are found again, and leave nothing behind."""

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from tallywire.engines import EngineError, EngineSettings, RunningEngines, find, start


def test_kafka_keeps_what_is_sent(bootstrap_servers: str, topic_prefix: str) -> None:
    """A record sent to the real Kafka is read back."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    admin.create_topics([NewTopic(f"{topic_prefix}.t", 2, 1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=bootstrap_servers, acks="all")
    producer.send(f"{topic_prefix}.t", b"value", key=b"key").get(timeout=10)
    producer.close()
    consumer = KafkaConsumer(
        f"{topic_prefix}.t",
        bootstrap_servers=bootstrap_servers,
        group_id=topic_prefix,
        auto_offset_reset="earliest",
        consumer_timeout_ms=20_000,
    )
    record = next(consumer)
    consumer.close()
    assert (record.key, record.value) == (b"key", b"value")


def test_elasticsearch_is_the_locked_one(elasticsearch_url: str) -> None:
    """The real Elasticsearch answers as version 9.5.0, on a single node."""
    nodes = get_json(f"{elasticsearch_url}/_nodes/_all/version")["nodes"]
    assert [node["version"] for node in nodes.values()] == ["9.5.0"]


def test_running_engines_are_found_again(engines: RunningEngines) -> None:
    """Another command finds the engines by their data directory, and a second start reuses them."""
    found = find(engines.settings)
    assert found is not None
    assert (found.kafka_port, found.elasticsearch_port) == (engines.kafka_port, engines.elasticsearch_port)
    with start(engines.settings) as again:
        assert not again.owned
    assert find(engines.settings) is not None


START = """
import sys
from pathlib import Path
from typing import Any, cast
from tallywire.engines import EngineSettings, start

settings = EngineSettings(data_dir=Path(sys.argv[1]), kafka_port=0, elasticsearch_port=0, elasticsearch_heap_mb=512)
with start(settings, lambda event: print(event.phase, event.subject, event.done, flush=True)):
    print("ready", flush=True)
    sys.stdin.read()
"""
"""A program that starts engines of its own, tells how far it is, and keeps them until its input ends."""


@pytest.fixture
def own_directory(run_directory: Path, engines: RunningEngines) -> Path:  # noqa: ARG001 - downloads, once
    """Return a data directory that no engines ever used."""
    return run_directory / uuid.uuid4().hex


@contextmanager
def starting(directory: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run the program above; whatever becomes of the test, it ends."""
    command = [sys.executable, "-c", START, str(directory)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as program:
        try:
            yield program
        finally:
            program.kill()


def read_until(program: "subprocess.Popen[str]", line: str) -> None:
    """Read what a program says until it says this line."""
    assert program.stdout is not None
    for said in program.stdout:
        if said.strip() == line:
            return
    raise AssertionError(f"ended without saying {line!r}")


def processes_of(directory: Path) -> list[str]:
    """Return the living processes that have to do with a data directory, but for the program itself."""
    found = []
    for process in psutil.process_iter():
        try:
            told = [*process.cmdline(), *process.environ().values(), process.cwd()]
        except psutil.Error:
            continue
        if START not in told and any(str(directory) in text for text in told):
            found.append(" ".join(told)[:200])
    return found


def assert_nothing_is_left(directory: Path) -> None:
    """Check that no engine of a data directory lives on; after a kill the guards need a moment."""
    deadline = time.monotonic() + 60
    while left := processes_of(directory):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)
    assert find(EngineSettings(data_dir=directory)) is None


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        pytest.param("start Elasticsearch 0", signal.SIGINT, id="Ctrl-C before the first process"),
        pytest.param("start Kafka 0", signal.SIGINT, id="Ctrl-C before Kafka's format"),
        pytest.param("start Kafka 1", signal.SIGINT, id="Ctrl-C when Kafka is up and Elasticsearch isn't"),
        pytest.param("start Kafka 0", signal.SIGKILL, id="killed before Kafka's format"),
        pytest.param("start Kafka 1", signal.SIGKILL, id="killed when Kafka is up and Elasticsearch isn't"),
    ],
)
def test_a_start_that_is_broken_off_leaves_nothing(moment: str, number: int, own_directory: Path) -> None:
    """Whenever the program is interrupted or killed, no engine is left, nor a state that would mislead."""
    with starting(own_directory) as program:
        read_until(program, moment)
        program.send_signal(number)
        program.wait(60)
    assert_nothing_is_left(own_directory)


def test_engines_are_shared_kept_and_started_again(own_directory: Path, topic_prefix: str) -> None:
    """A second start waits for the first and reuses its engines; what they held is there after a kill."""
    settings = EngineSettings(data_dir=own_directory, kafka_port=0, elasticsearch_port=0, elasticsearch_heap_mb=512)
    with starting(own_directory) as program:
        read_until(program, "start Kafka 0")
        with start(settings) as shared:
            assert not shared.owned
            with pytest.raises(EngineError, match="stop them"):
                start(settings, fresh=True)
            add_topic(shared, topic_prefix)
            put_index(shared, topic_prefix)
        program.kill()
    with start(settings) as again:  # while the guards of the killed one still stop their engines
        assert again.owned
        assert topic_prefix in topics(again)
        assert get_json(f"{again.elasticsearch_url}/{topic_prefix}/_count")["count"] == 0
    assert_nothing_is_left(own_directory)


def add_topic(engines: RunningEngines, name: str) -> None:
    """Make a topic of one partition."""
    admin = KafkaAdminClient(bootstrap_servers=engines.bootstrap_servers)
    admin.create_topics([NewTopic(name, 1, 1)])
    admin.close()


def topics(engines: RunningEngines) -> list[str]:
    """Return the names of all topics."""
    admin = KafkaAdminClient(bootstrap_servers=engines.bootstrap_servers)
    names = list(admin.list_topics())
    admin.close()
    return names


def put_index(engines: RunningEngines, name: str) -> None:
    """Make an index."""
    request = urllib.request.Request(f"{engines.elasticsearch_url}/{name}", method="PUT")  # noqa: S310 - loopback
    with urllib.request.urlopen(request):  # noqa: S310 - loopback
        pass


def get_json(address: str) -> dict[str, Any]:
    """Return what a loopback address answers."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
        return cast("dict[str, Any]", json.load(answer))


def test_a_port_in_use_gives_one_clear_line(engines: RunningEngines, own_directory: Path) -> None:
    """Starting where the port is taken names port, holder and setting, and starts nothing."""
    settings = EngineSettings(data_dir=own_directory, kafka_port=engines.kafka_port, elasticsearch_port=0)
    with pytest.raises(
        EngineError, match=rf"^Port {engines.kafka_port}, meant for Kafka, is in use by [^\n]*$"
    ) as told:
        start(settings)
    assert "TALLYWIRE_KAFKA_PORT" in str(told.value)
    assert_nothing_is_left(own_directory)


def test_a_changed_program_is_refused(engines: RunningEngines, own_directory: Path) -> None:
    """When a jar in the cache isn't the locked one, nothing of it is run and the error names the file."""
    cache = own_directory / "cache"
    shutil.copytree(engines.settings.cache_dir / "maven", cache / "maven", ignore=shutil.ignore_patterns(".aside-*"))
    (server,) = engines.settings.cache_dir.glob("elasticsearch-*")
    (cache / server.name).symlink_to(server)
    jar = next((cache / "maven").rglob("kafka-clients-*.jar"))
    jar.write_bytes(jar.read_bytes() + b"one byte more")
    settings = EngineSettings(data_dir=own_directory / "data", cache_dir=cache, kafka_port=0, elasticsearch_port=0)
    with pytest.raises(EngineError, match="is not the file that the lock names") as told:
        start(settings)
    assert str(jar) in str(told.value)
    assert_nothing_is_left(own_directory)
