"""People's decisions and closing on a real Kafka, with the resolver that ships, killed in between."""

from dataclasses import replace
from pathlib import Path

import pytest

from contracts import codec
from contracts.records import ArticleReports, Decision
from processors.settings import ProcessorSettings
from tallywire import decisions
from tests.integration.processor_harness import REAL_WORKER, Installation, wait_until
from tests.test_resolve_closing import FORTY_DAYS_ON, LATE
from tests.test_resolve_decisions import FERRY, MARKET, MERGE, OTHER_MARKET, SPLIT, undo

EVERYTHING = (MARKET, FERRY, OTHER_MARKET)


@pytest.fixture
def installation(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> Installation:
    """Return fresh topics."""
    settings = ProcessorSettings(
        kafka_servers=bootstrap_servers, topic_prefix=topic_prefix, processor_session_seconds=6
    )
    return Installation(settings, tmp_path)


def tell(installation: Installation, *batches: ArticleReports) -> None:
    """Write reports as the extractor does."""
    topic = installation.settings.topics.reports
    installation.write(topic, [(each.country.encode(), codec.encode(each)) for each in batches])


def groups(installation: Installation) -> set[frozenset[str]]:
    """Return the article ids of each incident that stands."""
    standing = [
        each for each in installation.incidents().values() if each.merged_into is None and each.closed is None
    ]
    return {frozenset(report.article_id for report in each.reports) for each in standing}


def together(*groups_of: tuple[ArticleReports, ...]) -> set[frozenset[str]]:
    """Return groups of batches by their article ids."""
    return {frozenset(each.article_id for each in group) for group in groups_of}


def test_decisions_are_obeyed_at_once_and_after_kills(installation: Installation) -> None:
    """A running resolver needs no report for it, one that was killed obeys what was decided meanwhile."""
    tell(installation, *EVERYTHING)
    with installation.worker("resolve", REAL_WORKER) as first:
        installation.wait_committed("resolve", 3)
        assert groups(installation) == together((MARKET, OTHER_MARKET), (FERRY,))
        decisions.write(installation.settings, MERGE)
        wait_until(lambda: groups(installation) == together(EVERYTHING), "the merge is obeyed")
        decisions.write(installation.settings, undo(MERGE))
        first.kill()
    decisions.write(installation.settings, SPLIT)
    with installation.worker("resolve", REAL_WORKER) as second:
        apart = together((MARKET,), (OTHER_MARKET,), (FERRY,))
        wait_until(lambda: groups(installation) == apart, "the undo and the split are obeyed")
        second.kill()
    before = installation.read(installation.settings.topics.incidents)
    with installation.worker("resolve", REAL_WORKER) as third:
        again = replace(undo(SPLIT), id="u2")
        decisions.write(installation.settings, again)
        wait_until(lambda: len(groups(installation)) == 2, "the split is undone")
        assert third.stop() == 0
    assert installation.read(installation.settings.topics.incidents)[: len(before)] == before
    assert installation.dead_letters() == []


def test_a_replay_from_nothing_obeys_the_decisions(installation: Installation) -> None:
    """They are known before the first report, and what can't be read is a dead letter."""
    installation.write(installation.settings.topics.decisions, [(b"bad", b"{")])
    for decision in (MERGE, SPLIT):
        decisions.write(installation.settings, decision)
    tell(installation, *EVERYTHING)
    with installation.worker("resolve", REAL_WORKER):
        installation.wait_committed("resolve", 3)
    assert groups(installation) == together((MARKET, FERRY), (OTHER_MARKET,))
    (letter,) = installation.dead_letters()
    assert letter.topic == installation.settings.topics.decisions.name


def test_a_closed_incident_opens_again_after_a_kill(installation: Installation) -> None:
    """What is left of it leads the next worker to its whole record."""
    topics = installation.settings.topics
    tell(installation, MARKET, FORTY_DAYS_ON)
    with installation.worker("resolve", REAL_WORKER) as first:
        wait_until(lambda: any(each.closed for each in installation.incidents().values()), "the incident is put away")
        first.kill()
    assert len(installation.read(topics.closed_incidents)) == 1
    tell(installation, LATE)
    with installation.worker("resolve", REAL_WORKER):
        wait_until(lambda: together((MARKET, LATE)) <= groups(installation), "it opens again")
    assert installation.dead_letters() == []


def test_decisions_are_read_as_they_were_written(installation: Installation) -> None:
    """In the order in which they count."""
    for decision in (undo(MERGE), MERGE):
        decisions.write(installation.settings, decision)
    read: tuple[Decision, ...] = decisions.read(installation.settings)
    assert read == (MERGE, undo(MERGE))
