"""Killing the processors at any moment: the incidents are those of a run that nothing disturbed."""

import random
import threading
import time
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pytest

from contracts.records import Article, ArticleReports, Incident
from processors.article_marks import countries_told, messages
from processors.settings import ProcessorSettings
from tests.integration.processor_harness import PARTITIONS, Installation, wait_until
from tests.integration.processor_worker import WordResolver, extract

ARTICLES = 2000
KILLS = 3
COUNTRIES = ("SY", "TR", "UA", "SD", "YE", "ML")


@pytest.fixture
def installation(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> Installation:
    """Return fresh topics for workers with small batches, so that many lie open when they are killed."""
    settings = ProcessorSettings(
        kafka_servers=bootstrap_servers,
        topic_prefix=topic_prefix,
        topic_partitions=PARTITIONS,
        resolve_partitions=PARTITIONS,
        processor_session_seconds=6,
        processor_batch_size=20,
    )
    return Installation(settings, tmp_path)


def stream() -> list[Article]:
    """Return articles of two revisions: the second moves every other incident to another country."""
    first = [
        Article(id=f"article-{number}", revision="r1", text=f"{COUNTRIES[number % 6]}/g{number % 90}")
        for number in range(ARTICLES // 2)
    ]
    second = [
        Article(id=f"article-{number}", revision="r2", text=f"{COUNTRIES[(number + number % 2) % 6]}/g{number % 90}")
        for number in range(ARTICLES // 2)
    ]
    return first + second


def undisturbed(articles: Iterable[Article]) -> dict[str, Incident]:
    """Return the incidents of the same logic with no Kafka and no process."""
    told: dict[str, tuple[str, ...]] = {}
    resolver = WordResolver(())
    incidents: dict[str, Incident] = {}
    for article in articles:
        batches = messages(article, extract(article), told.get(article.id, ()))
        told[article.id] = countries_told(batches)
        for batch in batches:
            written = resolver.plan(batch)
            resolver.apply(written)
            incidents.update({incident.id: incident for incident in written})
    return incidents


def out_of_order(told: Iterable[ArticleReports]) -> list[tuple[str, str]]:
    """Return articles and countries for which an older revision stands after a newer one."""
    revisions: dict[tuple[str, str], list[str]] = {}
    for each in told:
        revisions.setdefault((each.article_id, each.country), []).append(each.article_revision)
    return [where for where, found in revisions.items() if [key for key, _ in groupby(found)] != sorted(set(found))]


@pytest.mark.parametrize("seed", [1])
def test_killed_processors_lose_nothing_and_double_nothing(installation: Installation, seed: int) -> None:
    """Both stages are killed again and again in the middle of a stream, and started again."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    articles = stream()

    def publish() -> None:
        for start in range(0, ARTICLES, 100):
            installation.publish(articles[start : start + 100])
            time.sleep(1)

    publisher = threading.Thread(target=publish)
    publisher.start()
    for _ in range(KILLS):
        before = len(installation.reports())
        with installation.worker("extract") as one, installation.worker("resolve") as other:
            wait_until(lambda before=before: len(installation.reports()) > before, "the workers go on")
            time.sleep(chance.uniform(0, 1.5))
            for worker in chance.sample([one, other], 2):
                worker.kill()
                time.sleep(chance.uniform(0, 0.2))
    with installation.worker("extract"), installation.worker("resolve"):
        publisher.join()
        installation.wait_resolved(ARTICLES)
    assert installation.incidents() == undisturbed(articles)
    assert out_of_order(installation.reports()) == []
    assert installation.dead_letters() == []
