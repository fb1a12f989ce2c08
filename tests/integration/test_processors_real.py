"""The two processors as they ship, on a real Kafka."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts import codec
from contracts.ids import article_id, article_revision
from contracts.records import Article, Incident
from processors.article_marks import countries_told, messages
from processors.extract import extract
from processors.resolve import Resolver
from processors.settings import ProcessorSettings
from tests.integration.processor_harness import PARTITIONS, REAL_WORKER, Installation

FIRST = (
    "Blast at Lahore market kills nine",
    (
        "A bomb exploded at a market in Lahore, Pakistan, on Tuesday, killing at least nine people and wounding 21 "
        "others, police said.\n\nRescue workers were still searching the ruins of two shops."
    ),
)
OTHER_OUTLET = (
    "At least 12 dead in Lahore bombing",
    (
        "At least 12 people were killed and 25 were injured when a bomb went off in a market in Lahore on Tuesday, a "
        "hospital official said."
    ),
)
EDITED = (
    "Blast at Lahore market kills eleven",
    FIRST[1].replace("at least nine", "at least 11").replace("wounding 21", "wounding 24"),
)
NO_INCIDENT = ("Council votes on 300 new homes", "The council approved 300 homes by 12 votes to 9 on Tuesday.")


def article(url: str, content: tuple[str, str], hour: int) -> Article:
    """Return an article of Tuesday, 10 March 2026."""
    title, text = content
    return Article(
        id=article_id(url),
        revision=article_revision(title, text),
        url=url,
        outlet=url.split("/")[2],
        title=title,
        text=text,
        published=datetime(2026, 3, 10, 9, tzinfo=UTC),
        updated=datetime(2026, 3, 10, hour, tzinfo=UTC),
    )


@pytest.fixture
def installation(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> Installation:
    """Return fresh topics."""
    settings = ProcessorSettings(
        kafka_servers=bootstrap_servers,
        topic_prefix=topic_prefix,
        topic_partitions=PARTITIONS,
        resolve_partitions=PARTITIONS,
    )
    return Installation(settings, tmp_path)


def test_the_stages_write_what_the_pure_functions_decide(installation: Installation) -> None:
    """The incidents in Kafka are, byte for byte, those of the same functions with no Kafka."""
    articles = [
        article("https://one.example/lahore", FIRST, 9),
        article("https://two.example/market", OTHER_OUTLET, 10),
        article("https://one.example/homes", NO_INCIDENT, 10),
        article("https://one.example/lahore", EDITED, 12),
    ]
    reports = 0
    expected: dict[str, Incident] = {}
    told: dict[str, tuple[str, ...]] = {}
    resolver = Resolver()
    with (
        installation.worker("extract", REAL_WORKER) as extracting,
        installation.worker("resolve", REAL_WORKER) as resolving,
    ):
        for number, each in enumerate(articles, 1):
            batches = messages(each, extract(each), told.get(each.id, ()))
            told[each.id] = countries_told(batches)
            for batch in batches:
                written = resolver.plan(batch)
                resolver.apply(written)
                expected.update({incident.id: incident for incident in written})
            reports += len(batches)
            installation.publish([each])
            installation.wait_committed("extract", number)
            installation.wait_committed("resolve", reports)
        assert (extracting.stop(), resolving.stop()) == (0, 0)
    found = installation.incidents()
    assert {key: codec.encode(each) for key, each in found.items()} == {
        key: codec.encode(each) for key, each in expected.items()
    }
    (incident,) = found.values()
    assert incident.place.country == "PK"
    assert {report.article_id for report in incident.reports} == {articles[0].id, articles[1].id}
    assert installation.dead_letters() == []
