"""Polling: whether one producer process keeps thousands of feeds on time, and how fast entries are parsed."""

import asyncio
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import psutil
from aiohttp import web

from contracts.ids import content_id
from contracts.records import Feed, SeenEntry, Subscription
from contracts.settings import load
from contracts.vocabulary import FeedState
from producers import subscriptions
from producers.feedstore import write_subscriptions
from producers.parse import parse_feed
from producers.publish import Publisher
from producers.settings import ProducerSettings
from tallywire import engines, processes
from tallywire.bench.cases import Options
from tallywire.bench.figures import pair_ratios, repeated, seconds, significant, size, times
from tallywire.bench.tables import Table
from tallywire.engines import EngineSettings
from tallywire.installation import set_up
from tallywire.supervisor import Stage

FEEDS = 5_000
INTERVAL_SECONDS = 300
RUN_SECONDS = 120
LEAD_SECONDS = 40.0
"""From before the producer's start until the first feed is due: it starts, joins its group and reads the states."""
ENTRIES = 30
CHANGED = 0.05
"""Share of the polls that find something new."""
ROUNDS = 9
PARSES = 20
MISSING_LATENESS = float("inf")


@dataclass(slots=True)
class _Server:
    """Answers "not modified" to most, and counts who asks when."""

    asked: dict[str, float] = field(default_factory=dict)
    """When each feed was asked for first, in seconds since 1970."""
    bodies: int = 0
    port: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(5))  # noqa: S311 - no secret

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.setdefault(request.path, time.time())
        if self._chance.random() >= CHANGED:
            return web.Response(status=304)
        self.bodies += 1
        body = document(request.path, self.bodies)
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": f'"{self.bodies}"'})


def document(name: str, newest: int) -> bytes:
    """Return a feed of entries of which the first is new with each number."""
    numbers = [f"new-{newest}", *map(str, range(ENTRIES - 1))]
    items = "".join(
        f"<item><title>Report {number} of the harbour</title><link>https://outlet.example{name}/{number}</link>"
        f"<guid>{number}</guid><pubDate>Tue, 05 Mar 2024 12:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;Ships of the {number} line left the harbour.&lt;/p&gt; &lt;p&gt;The harbour"
        " master told reporters that the night had been calm, and that the rescuers had come back.&lt;/p&gt;"
        "</description></item>"
        for number in numbers
    )
    return f'<rss version="2.0"><channel><title>Harbour</title>{items}</channel></rss>'.encode()


def run(_options: Options) -> tuple[Table, ...]:
    """Return how late feeds are polled, at what cost, and how fast documents are parsed.

    Raises:
        EngineError: An engine can't be had or started.
    """
    return (_parsing(), _polling())


def _parsing() -> Table:
    body = document("/parse", 1)
    ours, plain = [], []
    for _ in range(ROUNDS):
        ours.append(PARSES * ENTRIES / _cpu(lambda: parse_feed(body, "https://outlet.example/", "text/xml")))
        plain.append(PARSES * ENTRIES / _cpu(lambda: feedparser.parse(body)))
    return Table(
        title="Parsing",
        columns=("entries a second", "feedparser.parse", "ours against it"),
        rows=(
            (
                significant(repeated(ours).median),
                significant(repeated(plain).median),
                times(pair_ratios(ours, plain)),
            ),
        ),
        note=f"Medians of {ROUNDS} rounds of {PARSES} RSS documents of {ENTRIES} entries, CPU time; taking turns.",
    )


def _cpu(parse: object) -> float:
    started = time.process_time()
    for _ in range(PARSES):
        parse()  # type: ignore[operator]  # a function without arguments
    return time.process_time() - started


def _polling() -> Table:
    before = dict(os.environ)
    folder = Path(tempfile.mkdtemp(prefix="tallywire-bench-"))
    folder.chmod(0o755)  # so that an unprivileged user, as whom engines run, can enter
    try:
        with engines.start(
            EngineSettings(data_dir=folder / "engines", kafka_port=0, elasticsearch_port=0)
        ) as running:
            os.environ.update(
                TALLYWIRE_KAFKA_SERVERS=running.bootstrap_servers,
                TALLYWIRE_ELASTICSEARCH_URL=running.elasticsearch_url,
                TALLYWIRE_TOPIC_PREFIX="bench-polling",
                TALLYWIRE_INDEX_PREFIX="bench-polling",
                TALLYWIRE_FETCH_ALLOW_PRIVATE="true",
                TALLYWIRE_FETCH_HOST_DELAY_SECONDS="0",
                TALLYWIRE_FETCH_HOST_CONCURRENCY="64",
                TALLYWIRE_LOG_LEVEL="warning",
            )
            set_up(lambda _: None)
            with _serving() as server:
                return _measure(load(ProducerSettings), server)
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder)


def _measure(settings: ProducerSettings, server: _Server) -> Table:
    urls = [f"http://127.0.0.1:{server.port}/{number}" for number in range(FEEDS)]
    now = datetime.now(UTC)
    wanted = (Subscription(url=url, interval_seconds=INTERVAL_SECONDS) for url in urls)
    write_subscriptions(settings, [subscriptions.add(each, now) for each in wanted])
    first_due = time.time() + FEEDS / 150 + LEAD_SECONDS
    dues = [first_due + number * INTERVAL_SECONDS / FEEDS for number in range(FEEDS)]
    asyncio.run(_write_states(settings, urls, dues))
    child = processes.start(Stage("produce", ("produce",)).command, os.environ)
    try:
        watched = psutil.Process(child.pid)
        watched.cpu_affinity([max(watched.cpu_affinity())])
        time.sleep(max(0.0, first_due - time.time()))
        spent, most = _cpu_seconds(watched), 0
        while time.time() < first_due + RUN_SECONDS:
            most = max(most, watched.memory_info().rss)
            time.sleep(1)
        spent = _cpu_seconds(watched) - spent
    finally:
        processes.stop(child)
    return _table(_lateness(server, dues, first_due + RUN_SECONDS - 10), spent, most, server.bodies)


def _cpu_seconds(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _lateness(server: _Server, dues: Sequence[float], until: float) -> list[float]:
    """Return how late each feed was asked for that was due in time; one that wasn't asked for is for ever late."""
    asked = (server.asked.get(f"/{number}") for number in range(len(dues)))
    return sorted(
        max(0.0, when - due) if when else MISSING_LATENESS
        for when, due in zip(asked, dues, strict=True)
        if due < until
    )


def _table(late: Sequence[float], spent: float, most: int, bodies: int) -> Table:
    return Table(
        title=f"{FEEDS:,} feeds at a rhythm of {INTERVAL_SECONDS // 60} minutes, one process on one core",
        columns=("polls measured", "late, median", "late, 95th percentile", "most late", "memory", "core in use"),
        rows=(
            (
                f"{len(late):,}",
                seconds(late[len(late) // 2]),
                seconds(late[len(late) * 95 // 100]),
                seconds(late[-1]),
                size(most),
                f"{spent / RUN_SECONDS:.0%}",
            ),
        ),
        note=(
            f"A run of {RUN_SECONDS} s at the full rate of {FEEDS / INTERVAL_SECONDS:.1f} polls a second, so each "
            f"feed at most once; states of {ENTRIES} entries were written before. {bodies} answers brought a "
            "document with a new entry, the others were 304. Lateness is measured by the server, from when a feed "
            "was due to its request; a feed that wasn't polled would count as late for ever. One host, so without "
            "the delay a host."
        ),
    )


async def _write_states(settings: ProducerSettings, urls: Sequence[str], dues: Sequence[float]) -> None:
    now = datetime.now(UTC)
    async with Publisher(settings) as publisher:
        for start in range(0, len(urls), 200):
            await asyncio.gather(
                *(
                    publisher.send_state(_state(url, due, now), remembers=True)
                    for url, due in zip(urls[start : start + 200], dues[start : start + 200], strict=True)
                )
            )


def _state(url: str, due: float, now: datetime) -> Feed:
    seen = (
        SeenEntry(article_id=content_id(url, number), revision=content_id(number, url)) for number in range(ENTRIES)
    )
    return Feed(
        url=url,
        interval_seconds=INTERVAL_SECONDS,
        state=FeedState.OK,
        etag='"0"',
        last_poll=now,
        last_success=now,
        last_new=now,
        last_body=now,
        next_poll=datetime.fromtimestamp(0, UTC) + timedelta(seconds=due),
        seen=tuple(seen),
    )


@contextmanager
def _serving() -> Iterator[_Server]:
    """Serve in a thread of its own while the context is open."""
    server, loop, ready = _Server(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/{path:.*}", server.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=1_000).start()
        server.port = runner.addresses[0][1]
        return runner

    def work() -> None:
        runner = loop.run_until_complete(serve())
        ready.set()
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
