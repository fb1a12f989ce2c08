"""The producer's metrics, as Prometheus reads them."""

import socket
from datetime import UTC, datetime
from http import HTTPStatus
from typing import cast
from urllib.request import urlopen

from contracts.records import Feed
from contracts.vocabulary import FeedState
from producers.keeper import Keeper
from producers.metrics import Metrics
from producers.observe import PollReport
from producers.outcomes import NotModified
from producers.settings import ProducerSettings

FEED = Feed(url="https://outlet.example/feed", state=FeedState.OK, last_poll=datetime(2024, 3, 5, tzinfo=UTC))


class OneFeed:
    """Stands for a keeper."""

    feeds = (FEED,)


def test_polls_are_counted_and_served() -> None:
    """What was observed and what is held can be read over HTTP."""
    metrics = Metrics()
    metrics.observe(
        PollReport(before=FEED, after=FEED, outcome=NotModified(), published=2, body_bytes=7, seconds=0.25, late=1.5)
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    address = f"http://127.0.0.1:{port}/metrics"
    with (
        metrics.served(ProducerSettings(metrics_port=port), cast("Keeper", OneFeed())),
        urlopen(address, timeout=5) as answer,
    ):
        assert answer.status == HTTPStatus.OK
        lines = answer.read().decode().splitlines()
    assert 'tallywire_producer_polls_total{outcome="not_modified"} 1.0' in lines
    assert "tallywire_producer_articles_total 2.0" in lines
    assert 'tallywire_producer_feeds{state="ok"} 1.0' in lines
    assert 'tallywire_producer_lateness_seconds_bucket{le="2.0"} 1.0' in lines
