"""Feeds over HTTP to articles and states in a real Kafka, with kills and restarts."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from kafka import KafkaProducer

from contracts.deadletters import original_value
from contracts.records import Article, DeadLetter, Feed
from contracts.settings import ENV_PREFIX, StageSettings
from contracts.vocabulary import FeedState
from producers import app
from producers.errors import PublishError
from producers.feedstore import read_feeds
from producers.settings import ProducerSettings
from tallywire.kafka import admin, create_topics
from tallywire.samples import SampleServer, expectations
from tests.integration.topic_records import read

Record = TypeVar("Record")

DIES_BEFORE_ITS_STATES = """
import os, signal
from contracts.settings import load
from producers import app, publish
from producers.settings import ProducerSettings

async def die(publisher, feed, *, remembers):
    os.kill(os.getpid(), signal.SIGKILL)

publish.Publisher.send_state = die
app.main(load(ProducerSettings), once=True)
"""
RUNS_UNTIL_STOPPED = """
from contracts.settings import load
from producers import app
from producers.settings import ProducerSettings

app.main(load(ProducerSettings))
"""
PATIENCE_SECONDS = 30


@pytest.fixture
def settings(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> ProducerSettings:
    """Return settings of an installation of its own, its topics created."""
    made = ProducerSettings(
        kafka_servers=bootstrap_servers,
        topic_prefix=topic_prefix,
        topic_partitions=2,
        feed_list=tmp_path / "feeds.toml",
        fetch_connect_seconds=2,
        fetch_read_seconds=2,
        fetch_allow_private=True,
        fetch_host_delay_seconds=0,
        startup_wait_seconds=10,
        publish_in_flight=3,
    )
    create_topics(made)
    return made


@pytest.fixture
def samples(settings: ProducerSettings) -> Iterator[SampleServer]:
    """Serve the sample feeds, in their first stage, and list them."""
    with SampleServer() as server:
        server.write_feed_list(settings.feed_list)
        yield server


def poll_once(settings: ProducerSettings) -> None:
    """Run a producer that polls every feed once."""
    asyncio.run(app.run(settings, asyncio.Event(), once=True))


def articles(settings: StageSettings) -> list[Article]:
    """Return every article record, duplicates included."""
    return read(settings, settings.topics.articles, Article)


def states(settings: ProducerSettings) -> dict[str, Feed]:
    """Return the feeds' last states."""
    return read_feeds(settings, datetime.now(UTC)).states


def environment(settings: ProducerSettings) -> dict[str, str]:
    """Return the environment in which a process has these settings."""
    names = (
        "kafka_servers",
        "topic_prefix",
        "topic_partitions",
        "feed_list",
        "startup_wait_seconds",
        "fetch_allow_private",
        "fetch_host_delay_seconds",
    )
    return os.environ | {f"{ENV_PREFIX}{name.upper()}": str(getattr(settings, name)) for name in names}


@contextmanager
def process(settings: ProducerSettings, program: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python program in a process of its own, which doesn't outlive the test."""
    with subprocess.Popen([sys.executable, "-c", program], env=environment(settings)) as running:
        try:
            yield running
        finally:
            running.kill()


def wait_until(fulfilled: Callable[[], bool]) -> None:
    """Return once a condition holds; fail when it doesn't for long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fulfilled():
        assert time.monotonic() < deadline, "the condition didn't come true in time"
        time.sleep(0.1)


def test_samples_are_published_once(settings: ProducerSettings, samples: SampleServer) -> None:
    """A first run publishes all, a second nothing, and a third only what has changed meanwhile."""
    poll_once(settings)
    first = articles(settings)
    known = states(settings)
    poll_once(settings)
    assert len(articles(settings)) == len(first)
    samples.advance()
    poll_once(settings)
    after = articles(settings)
    assert sorted({article.url or "" for article in after}) == list(expectations().articles)
    assert len(after) == expectations().revisions
    assert len({(article.id, article.revision) for article in after}) == len(after)
    assert {feed.state for feed in states(settings).values()} == {FeedState.OK}
    assert sum(feed.entries_published for feed in known.values()) == len(first)


def test_state_survives_a_restart(settings: ProducerSettings, samples: SampleServer) -> None:
    """A second run starts from what the first one left: unchanged feeds answer 304 and stay as they are."""
    poll_once(settings)
    before = states(settings)
    poll_once(settings)
    after = states(settings)
    assert set(before) == set(samples.feed_urls) == set(read_feeds(settings, datetime.now(UTC)).memories)
    for url, feed in before.items():
        now = after[url]
        assert feed.etag == now.etag
        assert feed.last_poll is not None
        assert now.last_poll is not None
        assert now.last_poll > feed.last_poll
        times = {"last_poll": None, "last_success": None, "next_poll": None, "last_body": None}
        assert replace(feed, **times) == replace(now, **times)


def test_kill_between_articles_and_state_loses_nothing(settings: ProducerSettings, samples: SampleServer) -> None:
    """A producer that is killed before it writes a state leaves it to the next, which publishes the same again."""
    with process(settings, DIES_BEFORE_ITS_STATES) as killed:
        assert killed.wait(PATIENCE_SECONDS) == -signal.SIGKILL
    assert states(settings) == {}
    out_before = articles(settings)
    assert out_before
    poll_once(settings)
    found = articles(settings)
    first_stage = expectations().revisions - 2  # the edit and the late article come later
    assert len({(article.id, article.revision) for article in found}) == first_stage
    assert len(found) == first_stage + len(out_before)
    forms: dict[tuple[str, str], set[Article]] = {}
    for article in found:
        forms.setdefault((article.id, article.revision), set()).add(replace(article, fetched=None))
    assert all(len(same) == 1 for same in forms.values())
    poll_once(settings)
    assert len(articles(settings)) == len(found)
    assert set(states(settings)) == set(samples.feed_urls)


def test_running_producer_sees_edits_and_ends_when_told(settings: ProducerSettings) -> None:
    """A producer that keeps running publishes an edit when it comes, and SIGTERM ends it in order."""
    with SampleServer(advance_by_itself=True) as server:
        server.write_feed_list(settings.feed_list)
        with process(settings, RUNS_UNTIL_STOPPED) as running:
            wait_until(lambda: server.all_read and len(articles(settings)) == expectations().revisions)
            running.send_signal(signal.SIGTERM)
            assert running.wait(PATIENCE_SECONDS) == 0
    counted = Counter(article.id for article in articles(settings))
    assert sorted(counted.values(), reverse=True)[:2] == [2, 1]


def test_feeds_in_trouble_say_so_and_others_go_on(settings: ProducerSettings, samples: SampleServer) -> None:
    """A feed that is missing, down, or no feed is a state with a reason; the good ones are published."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        down = f"http://127.0.0.1:{nobody.getsockname()[1]}/feed"
        missing = f"{samples.address}/missing"
        text = samples.feed_list() + f'\n[[feeds]]\nurl = "{down}"\n\n[[feeds]]\nurl = "{missing}"\n'
        settings.feed_list.write_text(text, "utf-8")
        poll_once(settings)
        poll_once(settings)
    found = states(settings)
    assert (found[missing].state, found[missing].error) == (FeedState.FAILING, "The server answers 404 Not Found.")
    assert found[down].state is FeedState.FAILING
    assert (found[down].error or "").startswith("No connection to 127.0.0.1")
    assert found[down].consecutive_errors == 2
    assert found[down].next_poll is not None
    assert {found[url].state for url in samples.feed_urls} == {FeedState.OK}
    assert len(articles(settings)) == expectations().revisions - 2


def test_unreadable_state_is_a_dead_letter_and_the_feed_begins_anew(
    settings: ProducerSettings, samples: SampleServer
) -> None:
    """A state that can't be read is kept whole as a dead letter, and its feed is polled as if new."""
    url = samples.feed_urls[0]
    producer = KafkaProducer(bootstrap_servers=settings.kafka_server_list)
    producer.send(settings.topics.feeds.name, key=url.encode(), value=b'{"url": 7}').get(10)
    producer.close()
    poll_once(settings)
    (letter,) = read(settings, settings.topics.dead_letters, DeadLetter)
    assert (letter.stage, original_value(letter)) == ("produce", b'{"url": 7}')
    assert "expected" in letter.reason.lower()
    assert states(settings)[url].state is FeedState.OK


def test_tombstone_forgets_a_feed(settings: ProducerSettings, samples: SampleServer) -> None:
    """A feed whose state is deleted is new."""
    poll_once(settings)
    url = samples.feed_urls[0]
    producer = KafkaProducer(bootstrap_servers=settings.kafka_server_list)
    producer.send(settings.topics.feeds.name, key=url.encode(), value=None).get(10)
    producer.close()
    assert set(states(settings)) == set(samples.feed_urls) - {url}


def test_stop_ends_a_poll_that_hangs(settings: ProducerSettings) -> None:
    """A producer that waits for a silent server ends at once when told, and leaves the state as it was."""

    async def stop_while_fetching() -> float:
        stop = asyncio.Event()
        asked = asyncio.Event()
        release = asyncio.Event()

        async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked.set()
            await release.wait()
            writer.close()

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        settings.feed_list.write_text(f'[[feeds]]\nurl = "http://127.0.0.1:{port}/"\n', "utf-8")
        running = asyncio.create_task(app.run(slow, stop))
        await asyncio.wait_for(asked.wait(), PATIENCE_SECONDS)
        stop.set()
        began = time.monotonic()
        await asyncio.wait_for(running, PATIENCE_SECONDS)
        ended = time.monotonic()
        release.set()
        server.close()
        return ended - began

    slow = settings.model_copy(update={"fetch_read_seconds": 60.0, "fetch_total_seconds": 60.0})
    assert asyncio.run(stop_while_fetching()) < PATIENCE_SECONDS
    assert states(settings) == {}


def test_kafka_that_is_down_is_a_clear_error(tmp_path: Path) -> None:
    """Without a broker the producer gives up after its time, in one sentence.

    In a process of its own, because kafka-python leaves the sockets of refused connections to the garbage collector.
    """
    with socket.socket() as nobody, SampleServer() as server:
        nobody.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        server.write_feed_list(tmp_path / "feeds.toml")
        broker = f"127.0.0.1:{nobody.getsockname()[1]}"
        settings = ProducerSettings(kafka_servers=broker, feed_list=tmp_path / "feeds.toml", startup_wait_seconds=1)
        done = subprocess.run(
            [sys.executable, "-c", RUNS_UNTIL_STOPPED],
            env=environment(settings),
            capture_output=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )
    assert done.returncode == 1
    last_line = done.stderr.decode().splitlines()[-1]
    assert last_line.startswith(
        "producers.errors.PublishError: The feeds' states can't be read from Kafka at " + broker
    )


def test_missing_topics_are_a_clear_error(settings: ProducerSettings, samples: SampleServer) -> None:
    """Where nobody has set up the topics, the error says what to do; they aren't made in passing."""
    elsewhere = settings.model_copy(update={"topic_prefix": f"{settings.topic_prefix}-elsewhere"})
    assert samples.feed_urls
    with pytest.raises(PublishError, match="create it with `tallywire setup`"):
        poll_once(elsewhere)


def test_kafka_that_takes_no_articles_stops_the_stage(settings: ProducerSettings, samples: SampleServer) -> None:
    """When articles aren't acknowledged no state is written, and the stage ends with one sentence."""
    with admin(settings) as client:
        client.delete_topics([settings.topics.articles.name])
    impatient = settings.model_copy(update={"publish_timeout_seconds": 1.0})
    with pytest.raises(PublishError, match=rf"didn't take a record of {settings.topics.articles.name}"):
        poll_once(impatient)
    assert samples.feed_urls
    assert states(settings) == {}
