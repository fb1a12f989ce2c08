"""The whole flow on the local engines: articles a second, and the time to the first incident.

::

    engines with a data directory of their own ─► topics and indices ─► stages ─► one article, to wake all
        ─► rounds of articles: published … every stage has no lag and every article is searchable
        ─► the demo's feeds and stages, again and again: started … first incident found
"""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contracts import logs
from contracts.records import Article
from contracts.settings import StageSettings, load
from producers.publish import Publisher
from producers.settings import ProducerSettings
from sinks import search
from sinks.client import connect
from sinks.indices import Index
from sinks.operation_documents import DeadLetterDocument
from sinks.settings import SinkSettings
from tallywire import engines, kafka
from tallywire.bench import synthetic
from tallywire.bench.cases import Options
from tallywire.bench.figures import repeated, seconds, significant
from tallywire.bench.tables import Table
from tallywire.engines import EngineSettings, RunningEngines
from tallywire.errors import UserError
from tallywire.installation import set_up
from tallywire.samples import SampleServer
from tallywire.supervisor import STAGES, Stage, Supervisor

ROUNDS = 3
ARTICLES = 200
"""Of one round."""
STARTS = 3
SEED = 1
LOOK_EVERY_SECONDS = 0.2
LONGEST_SECONDS = 120.0
LOG_NAME = "stages.log"
LAST_LOG_LINES = 10
WITHOUT_FEEDS = tuple(stage for stage in STAGES if stage.name != "produce")


@dataclass(frozen=True, slots=True)
class Round:
    """One round of articles."""

    taken: float
    """Seconds from publishing the first to all being searchable."""
    incidents: int
    """Incidents that could be searched at its end."""


def run(_options: Options) -> tuple[Table, ...]:
    """Return how fast articles become searchable, and how soon after the start the first incident is.

    Raises:
        EngineError: An engine can't be had or started.
        UserError: A stage can't run, or takes far too long.
    """
    before = dict(os.environ)
    folder = Path(tempfile.mkdtemp(prefix="tallywire-bench-"))
    folder.chmod(0o755)  # so that an unprivileged user, as whom engines run, can enter
    try:
        settings = EngineSettings(data_dir=folder / "engines", kafka_port=0, elasticsearch_port=0)
        with engines.start(settings) as running:
            return (_throughput(running, folder), _first_incident(running, folder))
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder)


def _throughput(running: RunningEngines, folder: Path) -> Table:
    _use(running, "bench-flow", folder)
    source, chance = synthetic.world(SEED), synthetic.dice(SEED)
    articles = [synthetic.article(source, chance, number, "flow") for number in range(1 + ROUNDS * ARTICLES)]
    with _stages(WITHOUT_FEEDS, folder) as watch:
        _round(watch, articles[:1], 1)
        rounds = [
            _round(watch, articles[1 + start : 1 + start + ARTICLES], 1 + start + ARTICLES)
            for start in range(0, ROUNDS * ARTICLES, ARTICLES)
        ]
    speed = repeated([ARTICLES / each.taken for each in rounds])
    return Table(
        title="From the articles topic to searchable incidents",
        columns=("articles", "articles a second, median", "slowest round", "fastest round", "incidents in the end"),
        rows=(
            (
                f"{ROUNDS} rounds of {ARTICLES}",
                significant(speed.median),
                significant(speed.low),
                significant(speed.high),
                str(rounds[-1].incidents),
            ),
        ),
        note=(
            "Synthetic articles, each of an incident of its own, published at once; a round ends when no stage has "
            "any lag and every article can be searched. One process a stage, beside Kafka and Elasticsearch on the "
            "same machine."
        ),
    )


def _first_incident(running: RunningEngines, folder: Path) -> Table:
    starts = repeated([_start(running, folder, number) for number in range(STARTS)])
    return Table(
        title="From the start of the stages to the first incident",
        columns=("starts", "median", "fastest", "slowest"),
        rows=((str(STARTS), seconds(starts.median), seconds(starts.low), seconds(starts.high)),),
        note="The demo's feeds and stages on empty topics and indices; the engines run already.",
    )


def _start(running: RunningEngines, folder: Path, number: int) -> float:
    _use(running, f"bench-start-{number}", folder)
    settings = load(SinkSettings)
    with SampleServer(0, advance_by_itself=True) as server, connect(settings) as client:
        server.write_feed_list(folder / "feeds.toml")

        def found() -> bool:
            search.refresh(client, settings)
            return bool(search.search_incidents(client, settings, "", search.Filters(), 1))

        with _stages(STAGES, folder) as watch:
            started = time.monotonic()
            watch(found)
            return time.monotonic() - started


def _use(running: RunningEngines, prefix: str, folder: Path) -> None:
    """Have this process and its children use an installation, with its topics and indices made."""
    os.environ.update(
        TALLYWIRE_KAFKA_SERVERS=running.bootstrap_servers,
        TALLYWIRE_ELASTICSEARCH_URL=running.elasticsearch_url,
        TALLYWIRE_TOPIC_PREFIX=prefix,
        TALLYWIRE_INDEX_PREFIX=prefix,
        TALLYWIRE_FEED_LIST=str(folder / "feeds.toml"),
        TALLYWIRE_FETCH_ALLOW_PRIVATE="true",
        TALLYWIRE_FETCH_HOST_DELAY_SECONDS="0",
        TALLYWIRE_LOG_LEVEL="warning",
    )
    logs.configure(load(StageSettings), "bench")
    set_up(lambda _: None)


@contextmanager
def _stages(stages: Sequence[Stage], folder: Path) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Run stages; yield a function that waits until something holds while it looks after them."""
    log = folder / LOG_NAME
    with log.open("wb") as output:
        supervisor = Supervisor(stages, os.environ, output)

        def watch(until: Callable[[], bool]) -> None:
            deadline = time.monotonic() + LONGEST_SECONDS
            ended = supervisor.watch(until=lambda: until() or time.monotonic() > deadline)
            if ended or time.monotonic() > deadline:
                lines = log.read_text("utf-8", "replace").splitlines()[-LAST_LOG_LINES:]
                raise UserError("\n".join([f"The stages didn't finish within {LONGEST_SECONDS:.0f} s:", *lines]))

        supervisor.start()
        try:
            yield watch
        finally:
            supervisor.stop()


def _round(watch: Callable[[Callable[[], bool]], None], articles: Sequence[Article], in_all: int) -> Round:
    settings = load(SinkSettings)
    with connect(settings) as client:

        def settled() -> bool:
            time.sleep(LOOK_EVERY_SECONDS)
            if any(lag.behind for lag in kafka.lags(settings)):
                return False
            search.refresh(client, settings)
            return search.counts(client, settings)[Index.ARTICLES] >= in_all

        started = time.monotonic()
        asyncio.run(_publish(articles))
        watch(settled)
        taken = time.monotonic() - started
        counts = search.counts(client, settings)
        if counts[Index.DEAD_LETTERS]:
            letter = next(iter(search.read_all(client, settings, Index.DEAD_LETTERS, DeadLetterDocument)))
            raise UserError(
                f"{counts[Index.DEAD_LETTERS]} records became dead letters: {letter.stage}: {letter.reason}"
            )
        return Round(taken, counts[Index.INCIDENTS])


async def _publish(articles: Sequence[Article]) -> None:
    async with Publisher(load(ProducerSettings)) as publisher:
        await publisher.send_articles(articles)
