"""The producer's Prometheus metrics, served over HTTP where the settings name a port."""

from collections import Counter as Count
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from contracts import logs
from contracts.vocabulary import FeedState
from producers.keeper import Keeper
from producers.observe import PollReport
from producers.settings import ProducerSettings

log = logs.get(__name__)

PREFIX = "tallywire_producer"
LATENESS_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800)


class Metrics:
    """What an operator watches: polls by outcome, articles, bytes, times, lateness, and feeds by state."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._polls = Counter(f"{PREFIX}_polls", "Polls by what they brought.", ["outcome"], registry=self.registry)
        self._articles = Counter(f"{PREFIX}_articles", "Article revisions published.", registry=self.registry)
        self._bytes = Counter(f"{PREFIX}_body_bytes", "Bytes of documents, decompressed.", registry=self.registry)
        self._seconds = Histogram(
            f"{PREFIX}_poll_seconds", "Time from a request's start to its acknowledged state.", registry=self.registry
        )
        self._late = Histogram(
            f"{PREFIX}_lateness_seconds",
            "Time from when a feed was due to its request's start.",
            buckets=LATENESS_SECONDS,
            registry=self.registry,
        )
        self._feeds = Gauge(f"{PREFIX}_feeds", "Feeds that are held, by state.", ["state"], registry=self.registry)

    def observe(self, report: PollReport) -> None:
        """Count a poll."""
        self._polls.labels(report.kind).inc()
        self._articles.inc(report.published)
        self._bytes.inc(report.body_bytes)
        self._seconds.observe(report.seconds)
        if report.late is not None:
            self._late.observe(max(0.0, report.late))

    def watch(self, keeper: Keeper) -> None:
        """Count the feeds of a keeper whenever somebody asks."""
        for state in FeedState:
            self._feeds.labels(state.value).set_function(partial(_count, keeper, state))

    @contextmanager
    def served(self, settings: ProducerSettings, keeper: Keeper) -> Iterator[None]:
        """Serve the metrics while the context is open.

        Raises:
            OSError: The port is in use.
        """
        self.watch(keeper)
        server, thread = start_http_server(settings.metrics_port, settings.metrics_host, self.registry)
        log.info("metrics served", address=f"http://{settings.metrics_host}:{server.server_port}/metrics")
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _count(keeper: Keeper, state: FeedState) -> float:
    return float(Count(feed.state for feed in keeper.feeds)[state])
