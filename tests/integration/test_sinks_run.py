"""The sink as a process, between a real Kafka and a real Elasticsearch."""

import base64
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetSpec, TopicPartition
from kafka.errors import CoordinatorNotAvailableError
from kafka.producer.future import FutureRecordMetadata

from contracts.codec import decode, encode
from contracts.deadletters import original_value
from contracts.records import DeadLetter, Incident
from sinks import search
from sinks.client import connect
from sinks.incident_documents import IncidentDocument
from sinks.indices import Index
from sinks.operation_documents import DeadLetterDocument
from sinks.plan import planners
from sinks.settings import SinkSettings
from sinks.setup import set_up
from tallywire.kafka import create_topics

DATA = Path(__file__).parent.parent / "data" / "sinks"
RUN = (
    "from contracts.settings import load; from sinks.app import main; from sinks.settings import SinkSettings;"
    "main(load(SinkSettings))"
)
PATIENCE_SECONDS = 60
"""Until when something that must happen has happened, on a busy machine too."""

TOPIC_OF = {
    "article": "articles",
    "armanaz": "incidents",
    "harem": "incidents",
    "feed": "feeds",
    "dead": "dead_letters",
}
FLOW = (
    "article-a-1",
    "armanaz-1",
    "article-b",
    "armanaz-2",
    "harem-1",
    "article-c",
    "article-a-2-edited",
    "armanaz-3-edited",
    "armanaz-4-merged",
    "harem-2-redirect",
    "feed",
    "dead-letter",
)
"""Every sample record, in the order in which it happened."""

Snapshot = Callable[[str, str], dict[str, Any]]


@contextmanager
def installation(kafka_servers: str, elasticsearch_url: str) -> Iterator[SinkSettings]:
    """Make an installation of its own, topics and indices; its indices are removed in the end."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    made = SinkSettings(
        kafka_servers=kafka_servers,
        topic_prefix=prefix,
        topic_partitions=2,
        elasticsearch_url=elasticsearch_url,
        index_prefix=prefix,
        sink_retry_seconds=0.1,
        sink_retry_max_seconds=0.5,
        sink_session_seconds=6,
    )
    create_topics(made)
    with indices(made):
        yield made


@pytest.fixture
def settings(bootstrap_servers: str, elasticsearch_url: str) -> Iterator[SinkSettings]:
    """Return settings of an installation of its own."""
    with installation(bootstrap_servers, elasticsearch_url) as made:
        yield made


@contextmanager
def indices(settings: SinkSettings) -> Iterator[None]:
    """Make an installation's indices, and remove them in the end: a server takes only so many."""
    set_up(settings, lambda _: None)
    yield
    with connect(settings) as client:
        client.indices.delete(index=list(client.indices.get(index=f"{settings.index_prefix}-*")))
        client.indices.delete_index_template(name=f"{settings.index_prefix}-*")


@pytest.fixture(scope="module")
def producer(bootstrap_servers: str) -> Iterator[KafkaProducer]:
    """Return a producer whose sends are acknowledged."""
    made = KafkaProducer(bootstrap_servers=bootstrap_servers, acks="all", linger_ms=5)
    yield made
    made.close()


class Sink:
    """A running sink process, with its log in a file."""

    def __init__(self, settings: SinkSettings, log: Path) -> None:
        variables = {
            f"TALLYWIRE_{name.upper()}": str(value) for name, value in settings.model_dump(exclude_none=True).items()
        }
        self._log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUN], env={**os.environ, **variables}, stderr=output, stdout=output
            )

    @property
    def log(self) -> str:
        """Return all that was logged so far."""
        return self._log.read_text("utf-8")

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[SinkSettings], Sink]]:
    """Return a function that starts a sink; those still running at the end are killed."""
    running: list[Sink] = []

    def begin(settings: SinkSettings) -> Sink:
        running.append(Sink(settings, tmp_path / f"sink-{len(running)}.log"))
        return running[-1]

    yield begin
    for sink in running:
        sink.process.kill()
        sink.process.wait(PATIENCE_SECONDS)


def wait_for(condition: Callable[[], object], sink: Sink | None = None) -> None:
    """Return when a condition holds; fail after a while, or when the sink died meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if sink is not None and sink.process.poll() is not None:
            pytest.fail(f"the sink ended:\n{sink.log}")
        if time.monotonic() > deadline:
            pytest.fail(f"nothing happened for {PATIENCE_SECONDS} s:\n{sink.log if sink else ''}")
        time.sleep(0.1)


def behind(settings: SinkSettings) -> int:
    """Return how many records the sink has yet to commit."""
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_server_list)
    try:
        ends = admin.list_partition_offsets(
            {
                TopicPartition(topic.name, number): OffsetSpec.LATEST
                for topic in settings.topics.all
                if topic.name in planners(settings.topics)
                for number in range(topic.partitions)
            }
        )
        committed = admin.list_group_offsets(settings.consumer_group)[settings.consumer_group]
    except CoordinatorNotAvailableError:
        return sys.maxsize  # a fresh broker is still making the topic that it keeps offsets in
    finally:
        admin.close()
    done = {where: max(0, position.offset) for where, position in committed.items()}
    return sum(end.offset - done.get(where, 0) for where, end in ends.items())


def publish(producer: KafkaProducer, settings: SinkSettings, name: str, value: bytes, key: bytes = b"") -> None:
    """Send a record as the stage before the sink would, and wait for the acknowledgement."""
    send(producer, settings, name, value, key).get(PATIENCE_SECONDS)


def publish_many(producer: KafkaProducer, settings: SinkSettings, incidents: int) -> None:
    """Send the sample records as those of many incidents, and wait for all the acknowledgements."""
    sent = [
        send(producer, settings, name, many(name, number), str(number).encode())
        for number in range(incidents)
        for name in FLOW[:10]
    ]
    for future in sent:
        future.get(PATIENCE_SECONDS)


def send(
    producer: KafkaProducer, settings: SinkSettings, name: str, value: bytes, key: bytes = b""
) -> FutureRecordMetadata:
    """Send a record as the stage before the sink would."""
    topic = getattr(settings.topics, TOPIC_OF[name.split("-", maxsplit=1)[0]]).name
    return producer.send(topic, key=key or name.split("-", maxsplit=1)[0].encode(), value=value)


def publish_flow(producer: KafkaProducer, settings: SinkSettings) -> None:
    """Send every sample record."""
    for name in FLOW:
        publish(producer, settings, name, (DATA / f"{name}.json").read_bytes())


def sources(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the documents of a snapshot without their versions, index by index."""
    return [{key: source for key, (_, source) in found[name].items()} for name in sorted(found)]


def counts(settings: SinkSettings) -> dict[Index, int]:
    """Return how many documents each index has now."""
    with connect(settings) as client:
        search.refresh(client, settings)
        return search.counts(client, settings)


EVERYTHING = {
    Index.INCIDENTS: 2,
    Index.CLAIMS: 8,
    Index.REVISIONS: 6,
    Index.ARTICLES: 3,
    Index.FEEDS: 1,
    Index.DEAD_LETTERS: 1,
}


def test_records_become_documents_and_a_replay_changes_nothing(
    settings: SinkSettings, producer: KafkaProducer, start: Callable[[SinkSettings], Sink], snapshot: Snapshot
) -> None:
    """All topics are read from the beginning twice; SIGTERM ends the sink with 0, everything committed."""
    publish_flow(producer, settings)
    sink = start(settings)
    wait_for(lambda: behind(settings) == 0, sink)
    assert sink.end(signal.SIGTERM) == 0
    assert counts(settings) == EVERYTHING
    before = snapshot(settings.elasticsearch_url, settings.index_prefix)

    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_server_list)
    admin.delete_groups([settings.consumer_group])
    admin.close()
    assert behind(settings) == len(FLOW)
    again = start(settings)
    wait_for(lambda: behind(settings) == 0, again)
    assert again.end(signal.SIGINT) == 0
    assert snapshot(settings.elasticsearch_url, settings.index_prefix) == before


def test_a_tombstone_deletes_nothing(
    settings: SinkSettings, producer: KafkaProducer, start: Callable[[SinkSettings], Sink]
) -> None:
    """The resolver's farewell to an incident leaves all its documents."""
    publish_flow(producer, settings)
    incident = decode((DATA / "armanaz-4-merged.json").read_bytes(), Incident)
    producer.send(settings.topics.incidents.name, key=incident.id.encode(), value=None).get(PATIENCE_SECONDS)
    sink = start(settings)
    wait_for(lambda: behind(settings) == 0, sink)
    assert counts(settings) == EVERYTHING


def off_the_map() -> bytes:
    """Return an incident's bytes with a latitude that no place on Earth has."""
    incident = decode((DATA / "harem-1.json").read_bytes(), Incident)
    return encode(replace(incident, place=replace(incident.place, lat=999.0)))


@dataclass(frozen=True)
class Bad:
    """A record that the sink can't handle, and how the reason begins."""

    topic: str
    value: bytes
    reason: str


BAD = {
    "cut off": Bad("incidents", b'{"id": "cut off', "DecodeError: not JSON"),
    "not text": Bad("articles", b"\xff\xfe\x00not text", "DecodeError: not JSON"),
    "another type": Bad("feeds", b'{"url": 7}', "DecodeError: not Feed"),
    "a dead letter that is none": Bad("dead_letters", b"[]", "DecodeError: not DeadLetter"),
    "refused by Elasticsearch": Bad("incidents", off_the_map(), "RefusedDocumentError"),
}


@dataclass(frozen=True)
class Aftermath:
    """What is there after good and bad records went through a sink."""

    settings: SinkSettings
    incidents: list[IncidentDocument]
    documents: list[DeadLetterDocument]
    letters: list[tuple[bytes | None, DeadLetter]]


@pytest.fixture(scope="module")
def aftermath(
    bootstrap_servers: str,
    elasticsearch_url: str,
    producer: KafkaProducer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Aftermath]:
    """Let a sink handle a good record, all the bad ones, and another good one."""
    with installation(bootstrap_servers, elasticsearch_url) as settings, connect(settings) as client:
        publish(producer, settings, "armanaz-1", (DATA / "armanaz-1.json").read_bytes())
        for name, bad in BAD.items():
            topic = getattr(settings.topics, bad.topic).name
            headers = [("source", b"test")]
            producer.send(topic, key=name.encode(), value=bad.value, headers=headers).get(PATIENCE_SECONDS)
        publish(producer, settings, "armanaz-2", (DATA / "armanaz-2.json").read_bytes())
        sink = Sink(settings, tmp_path_factory.mktemp("aftermath") / "sink.log")
        wait_for(lambda: counts(settings)[Index.DEAD_LETTERS] >= len(BAD) and behind(settings) == 0, sink)
        assert sink.end(signal.SIGTERM) == 0
        yield Aftermath(
            settings=settings,
            incidents=list(search.read_all(client, settings, Index.INCIDENTS, IncidentDocument)),
            documents=list(search.read_all(client, settings, Index.DEAD_LETTERS, DeadLetterDocument)),
            letters=letters(settings),
        )


@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_record_becomes_a_dead_letter_with_its_bytes(name: str, aftermath: Aftermath) -> None:
    """It's in the topic, under its key and with its headers, and in the index."""
    bad = BAD[name]
    topic = getattr(aftermath.settings.topics, bad.topic).name
    (letter,) = [letter for key, letter in aftermath.letters if key == name.encode()]
    assert original_value(letter) == bad.value
    assert (letter.stage, letter.topic, letter.headers) == ("sink", topic, (("source", "dGVzdA=="),))
    assert letter.reason.startswith(bad.reason)
    (document,) = [document for document in aftermath.documents if document.id == letter.id]
    assert base64.b64decode(document.value or "") == bad.value


def test_the_records_around_bad_ones_are_written(aftermath: Aftermath) -> None:
    """The stage goes on."""
    good = decode((DATA / "armanaz-2.json").read_bytes(), Incident).id
    assert [incident.revision for incident in aftermath.incidents if incident.id == good] == [2]


def letters(settings: SinkSettings) -> list[tuple[bytes | None, DeadLetter]]:
    """Return the dead letters in the topic, each with its key; what isn't one is left out."""
    consumer = KafkaConsumer(
        settings.topics.dead_letters.name,
        bootstrap_servers=settings.kafka_server_list,
        auto_offset_reset="earliest",
        consumer_timeout_ms=2_000,
    )
    found = [(record.key, decode(record.value, DeadLetter)) for record in consumer if record.value != b"[]"]
    consumer.close()
    return found


@dataclass(frozen=True)
class Identified:
    """What every sample record of an article or an incident has."""

    id: str


def many(name: str, number: int) -> bytes:
    """Return a sample record as one of another incident, whose ids end in a number."""
    value = (DATA / f"{name}.json").read_bytes()
    for sample in ("armanaz-1", "harem-1", "article-a-1", "article-b", "article-c"):
        known = decode((DATA / f"{sample}.json").read_bytes(), Identified).id
        value = value.replace(known.encode(), f"{known}-{number}".encode())
    return value


def test_killed_at_any_moment_it_ends_with_the_same_documents(
    settings: SinkSettings,
    producer: KafkaProducer,
    start: Callable[[SinkSettings], Sink],
    snapshot: Snapshot,
) -> None:
    """Three sinks are killed at work; what the fourth leaves is what one undisturbed sink would."""
    publish_many(producer, settings, 40)
    small = settings.model_copy(update={"sink_batch_records": 10})
    for share in (0.8, 0.6, 0.4):
        sink = start(small)
        wait_for(lambda share=share: behind(settings) < 400 * share, sink)
        sink.end(signal.SIGKILL)
        assert behind(settings) > 0
    last = start(small)
    wait_for(lambda: behind(settings) == 0, last)
    assert last.end(signal.SIGTERM) == 0

    undisturbed = settings.model_copy(update={"index_prefix": f"{settings.index_prefix}-calm"})
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_server_list)
    admin.delete_groups([settings.consumer_group])
    admin.close()
    with indices(undisturbed):
        sink = start(undisturbed)
        wait_for(lambda: behind(settings) == 0, sink)
        assert sink.end(signal.SIGTERM) == 0
        url = settings.elasticsearch_url
        calm = snapshot(url, undisturbed.index_prefix)
    killed = snapshot(url, settings.index_prefix)
    assert sources(killed) == sources(calm)
    assert len(killed[Index.INCIDENTS.versioned(settings.index_prefix)]) == 80


class Weather:
    """What lies between the sink and Elasticsearch."""

    def __init__(self) -> None:
        self.mode = "fair"
        self.spoiled = 0
        """Requests that didn't go well."""


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, or doesn't, or loses the answer."""

    protocol_version = "HTTP/1.1"
    weather: Weather
    target: str

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mode = self.weather.mode
        if mode != "fair":
            self.weather.spoiled += 1
        if mode in ("unavailable", "busy"):
            self._answer(503 if mode == "unavailable" else 429, {}, b'{"error": "not now", "status": 503}')
            return
        if mode == "silent":
            self.close_connection = True
            return
        connection = http.client.HTTPConnection(self.target, timeout=PATIENCE_SECONDS)
        connection.request(self.command, self.path, body or None, dict(self.headers))
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if mode == "lossy":
            self.close_connection = True
            return
        self._answer(response.status, dict(response.getheaders()), answer)

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        kept = {"x-elastic-product": "Elasticsearch", "content-type": "application/json"}
        kept |= {name.lower(): value for name, value in headers.items() if name.lower() in kept}
        for name, value in kept.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _pass  # noqa: N815 - the base class asks for these names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing on standard error."""


@contextmanager
def weather_before(url: str) -> Iterator[tuple[str, Weather]]:
    """Put a proxy before Elasticsearch; yield its address and what it does."""
    weather = Weather()
    handler = type("Handler", (_Handler,), {"weather": weather, "target": url.removeprefix("http://")})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", weather
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_outages_in_the_middle_lose_nothing(
    settings: SinkSettings, producer: KafkaProducer, start: Callable[[SinkSettings], Sink]
) -> None:
    """The sink says that it waits, commits nothing meanwhile, and writes everything in the end."""
    with weather_before(settings.elasticsearch_url) as (url, weather):
        sink = start(settings.model_copy(update={"elasticsearch_url": url, "sink_retries": 1}))
        for number, mode in enumerate(("unavailable", "busy", "silent", "lossy"), start=1):
            wait_for(lambda: behind(settings) == 0 and "sink runs" in sink.log, sink)
            weather.spoiled, weather.mode = 0, mode
            for name in FLOW[:10]:
                publish(producer, settings, name, many(name, number))
            told = sink.log.count("waiting, nothing is lost")
            wait_for(lambda: weather.spoiled >= 4, sink)
            wait_for(lambda told=told: sink.log.count("waiting, nothing is lost") > told, sink)
            assert behind(settings) == 10, mode
            weather.mode = "fair"
        wait_for(lambda: behind(settings) == 0, sink)
        assert sink.end(signal.SIGTERM) == 0
    found = counts(settings)
    assert [found[index] for index in (Index.INCIDENTS, Index.CLAIMS, Index.REVISIONS, Index.ARTICLES)] == [
        8,
        32,
        24,
        12,
    ]


def test_it_can_be_stopped_during_an_outage(
    settings: SinkSettings, producer: KafkaProducer, start: Callable[[SinkSettings], Sink]
) -> None:
    """SIGTERM isn't kept waiting, and what wasn't written isn't committed."""
    with weather_before(settings.elasticsearch_url) as (url, weather):
        sink = start(settings.model_copy(update={"elasticsearch_url": url, "sink_retry_max_seconds": 600.0}))
        wait_for(lambda: "sink runs" in sink.log, sink)
        weather.mode = "silent"
        publish_flow(producer, settings)
        wait_for(lambda: "waiting, nothing is lost" in sink.log, sink)
        assert sink.end(signal.SIGTERM) == 0
    assert behind(settings) == len(FLOW)


def test_it_waits_for_an_elasticsearch_that_comes_late(
    settings: SinkSettings, producer: KafkaProducer, start: Callable[[SinkSettings], Sink]
) -> None:
    """Started before its engine, the sink waits with a message and then works."""
    publish_flow(producer, settings)
    with weather_before(settings.elasticsearch_url) as (url, weather):
        weather.mode = "silent"
        sink = start(settings.model_copy(update={"elasticsearch_url": url}))
        wait_for(lambda: "waiting for Elasticsearch" in sink.log, sink)
        weather.mode = "fair"
        wait_for(lambda: behind(settings) == 0, sink)
    assert counts(settings) == EVERYTHING


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        pytest.param(
            {"elasticsearch_url": "http://127.0.0.1:9"}, "Elasticsearch at http://127.0.0.1:9", id="no server"
        ),
        pytest.param({"kafka_servers": "127.0.0.1:9"}, "No Kafka broker answers at 127.0.0.1:9", id="no broker"),
        pytest.param({"topic_prefix": "nowhere"}, "Kafka has no topic nowhere.articles", id="no topics"),
    ],
)
def test_engines_that_never_come_end_in_one_sentence(
    wrong: dict[str, str],
    sentence: str,
    bootstrap_servers: str,
    elasticsearch_url: str,
    start: Callable[[SinkSettings], Sink],
) -> None:
    """After the wait there's an error that says what to do."""
    right = SinkSettings(
        kafka_servers=bootstrap_servers, elasticsearch_url=elasticsearch_url, startup_wait_seconds=1.0
    )
    sink = start(right.model_copy(update=wrong))
    assert sink.process.wait(PATIENCE_SECONDS) != 0
    assert sentence in sink.log


def test_two_sinks_share_the_work(
    settings: SinkSettings, producer: KafkaProducer, start: Callable[[SinkSettings], Sink], snapshot: Snapshot
) -> None:
    """Partitions go to either, articles and incidents to different ones, and everything is written once."""
    first, second = start(settings), start(settings)
    for sink in (first, second):
        wait_for(lambda sink=sink: "sink runs" in sink.log, sink)
    publish_many(producer, settings, 10)
    wait_for(lambda: behind(settings) == 0, first)
    found = snapshot(settings.elasticsearch_url, settings.index_prefix)
    articles = found[Index.ARTICLES.versioned(settings.index_prefix)].values()
    assert len(articles) == 30
    assert [source for _, source in articles if not source["text"] or len(source["incident_ids"]) != 1] == []
