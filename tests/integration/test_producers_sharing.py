"""Producers that share the feeds: taken over when one dies, changed while they run, killed again and again."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from contracts.records import Article, Feed, Subscription
from contracts.settings import ENV_PREFIX
from contracts.vocabulary import FeedState
from producers import subscriptions
from producers.feedstore import read_feeds, write_subscriptions
from producers.settings import ProducerSettings
from tallywire.kafka import create_topics
from tests.integration.topic_records import read

PROGRAM = """
import sys
from contracts import logs
from contracts.settings import load
from producers import app
from producers.settings import ProducerSettings

logs.configure(load(ProducerSettings), "produce")
app.main(load(ProducerSettings), once="once" in sys.argv)
"""
TAKEOVER_SECONDS = 30.0
PATIENCE_SECONDS = 60.0
KILLS = 20
FEEDS = 300
WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima")


class ChangingFeeds:
    """Documents that change as soon as a reader claims, by its validator, to have read what they say."""

    def __init__(self, *, change: bool) -> None:
        self.asked: list[tuple[float, str]] = []
        """When each feed was asked for, and by which path."""
        self._change = change
        self._random = random.Random(7)  # noqa: S311 - no secret
        self._entries: dict[str, dict[int, int]] = {}
        self._lock = threading.Lock()
        self.revisions: set[tuple[str, str]] = set()
        """Title and text of every revision that there was."""

    def answer(self, path: str, etag: str | None) -> tuple[int, str, bytes]:
        """Return status, validator and body for one request."""
        with self._lock:
            self.asked.append((time.monotonic(), path))
            entries = self._entries.setdefault(path, {0: 0, 1: 0})
            if self._change and etag == self._etag(entries) and self._random.random() < 0.5:
                which = self._random.randrange(len(entries) + 1)
                entries[which] = entries.get(which, -1) + 1
            items = [self._entry(path, number, version) for number, version in entries.items()]
            self.revisions.update(items)
            current = self._etag(entries)
            return (304, current, b"") if etag == current else (200, current, self._body(items))

    @staticmethod
    def _etag(entries: dict[int, int]) -> str:
        return '"' + "-".join(f"{number}.{version}" for number, version in entries.items()) + '"'

    @staticmethod
    def _entry(path: str, number: int, version: int) -> tuple[str, str]:
        word = WORDS[version % len(WORDS)]
        return f"Entry {number} of {path}", f"The harbour master told the {word} newspaper about {word} ships."

    @staticmethod
    def _body(items: list[tuple[str, str]]) -> bytes:
        parts = [
            f"<item><title>{title}</title><link>https://outlet.example/{title.replace(' ', '-').replace('/', '-')}"
            f"</link><description>{text}</description></item>"
            for title, text in items
        ]
        return f'<rss version="2.0"><channel><title>Feed</title>{"".join(parts)}</channel></rss>'.encode()


@contextmanager
def serving(feeds: ChangingFeeds) -> Iterator[str]:
    """Serve feeds on loopback and yield the server's address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, etag, body = feeds.answer(self.path, self.headers.get("If-None-Match"))
            self.send_response(status)
            self.send_header("ETag", etag)
            if status == 200:
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def settings(bootstrap_servers: str, topic_prefix: str) -> ProducerSettings:
    """Return settings of an installation of its own, its topics created."""
    made = ProducerSettings(
        kafka_servers=bootstrap_servers,
        topic_prefix=topic_prefix,
        topic_partitions=4,
        fetch_allow_private=True,
        fetch_host_delay_seconds=0,
        fetch_host_concurrency=20,
        publish_timeout_seconds=30,
    )
    create_topics(made)
    return made


def start(settings: ProducerSettings, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
    """Start a producer in a process of its own."""
    given = settings.model_dump(exclude_unset=True)
    environment = os.environ | {f"{ENV_PREFIX}{name.upper()}": str(value) for name, value in given.items()}
    with log.open("ab") as output:
        return subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], env=environment, stderr=output)


@contextmanager
def producers(settings: ProducerSettings, count: int, log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run producers that don't outlive the test."""
    running = [start(settings, log=log) for _ in range(count)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def subscribe(settings: ProducerSettings, address: str, count: int, interval: int) -> list[str]:
    """Subscribe feeds as a person does."""
    urls = [f"{address}/{number}" for number in range(count)]
    now = datetime.now(UTC)
    wanted = (Subscription(url=url, interval_seconds=interval) for url in urls)
    write_subscriptions(settings, [subscriptions.add(subscription, now) for subscription in wanted])
    return urls


def wait_until(fulfilled: Callable[[], bool], log: Path, seconds: float = PATIENCE_SECONDS) -> None:
    """Return once a condition holds; fail with the producers' log when it doesn't for long."""
    deadline = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < deadline, log.read_text("utf-8")[-5000:]
        time.sleep(0.2)


def asked_since(feeds: ChangingFeeds, moment: float) -> set[str]:
    """Return the paths that were asked for after a moment."""
    return {path for when, path in list(feeds.asked) if when > moment}


def test_feeds_of_a_killed_producer_are_polled_again_within_30_s(settings: ProducerSettings, tmp_path: Path) -> None:
    """Two producers poll the feeds between them, each feed once an interval; one dies, the other takes over."""
    feeds, log, paths = ChangingFeeds(change=False), tmp_path / "log", {f"/{number}" for number in range(40)}
    with serving(feeds) as address:
        subscribe(settings, address, 40, interval=2)
        with producers(settings, 2, log) as running:
            wait_until(lambda: log.read_text("utf-8").count("feeds taken") >= settings.topic_partitions, log)
            wait_until(lambda: asked_since(feeds, 0) == paths, log)
            time.sleep(5)  # so that both have joined and the feeds are shared
            began = time.monotonic()
            time.sleep(6)
            polls = sum(began < when < began + 6 for when, _path in list(feeds.asked))
            assert polls <= 1.5 * 40 * 3
            killed = time.monotonic()
            running[0].send_signal(signal.SIGKILL)
            wait_until(lambda: asked_since(feeds, killed + 3) == paths, log, TAKEOVER_SECONDS)
            running[1].send_signal(signal.SIGTERM)
            assert running[1].wait(PATIENCE_SECONDS) == 0, log.read_text("utf-8")[-5000:]


def test_changes_are_taken_up_without_a_restart(settings: ProducerSettings, tmp_path: Path) -> None:
    """A running producer polls what is added, leaves what is paused, and forgets what is removed."""
    feeds, log = ChangingFeeds(change=False), tmp_path / "log"

    def states() -> dict[str, Feed]:
        return read_feeds(settings, datetime.now(UTC)).states

    with serving(feeds) as address, producers(settings, 1, log):
        first, second = subscribe(settings, address, 2, interval=1)
        wait_until(lambda: {f.state for f in states().values()} == {FeedState.OK} and len(states()) == 2, log)
        known = read_feeds(settings, datetime.now(UTC)).subscriptions
        now = datetime.now(UTC)
        write_subscriptions(
            settings, [subscriptions.pause(known[first], now), subscriptions.remove(known[second], now)]
        )
        wait_until(lambda: {url: feed.state for url, feed in states().items()} == {first: FeedState.PAUSED}, log)
        paused = time.monotonic()
        time.sleep(3)
        assert asked_since(feeds, paused) == set()
        write_subscriptions(settings, [subscriptions.resume(known[first], datetime.now(UTC))])
        wait_until(lambda: asked_since(feeds, paused) == {"/0"}, log)


def test_killed_again_and_again_nothing_is_lost(settings: ProducerSettings, tmp_path: Path) -> None:
    """Killed 20 times while 300 feeds change: every revision is published, and each only ever with one content.

    A feed changes only when the producer says, by its validator, that it has published what was there; so a state
    that ran ahead of the articles would lose a revision for good.
    """
    feeds, log, chance = ChangingFeeds(change=True), tmp_path / "log", random.Random(11)  # noqa: S311 - no secret
    with serving(feeds) as address:
        subscribe(settings, address, FEEDS, interval=1)
        for _ in range(KILLS):
            before = len(feeds.asked)
            with start(settings, "once", log=log) as process:
                wait_until(lambda before=before: len(feeds.asked) > before, log)
                time.sleep(chance.uniform(0, 1.2))
                process.kill()
        feeds._change = False
        for _ in range(2):
            with start(settings, "once", log=log) as process:
                assert process.wait(PATIENCE_SECONDS) == 0, log.read_text("utf-8")[-5000:]
    found = read(settings, settings.topics.articles, Article)
    assert {(article.title, article.text) for article in found} == feeds.revisions
    assert len(feeds.revisions) > 2 * FEEDS
    contents: dict[tuple[str, str], set[Article]] = {}
    for article in found:
        contents.setdefault((article.id, article.revision), set()).add(replace(article, fetched=None))
    assert {len(same) for same in contents.values()} == {1}
