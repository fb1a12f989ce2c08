"""Rebuilding incidents under another prefix, with what people decided, while the old ones stay."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts import codec
from contracts.records import DecidedReport, Decision
from contracts.vocabulary import DecisionKind
from processors.settings import ProcessorSettings
from tallywire import decisions, kafka
from tallywire.errors import UserError
from tallywire.replay import replay
from tests.integration.processor_harness import REAL_WORKER, Installation, wait_until
from tests.integration.test_processors_real import EDITED, FIRST, NO_INCIDENT, OTHER_OUTLET, article
from tests.test_resolve_decisions import NOON

BLAST = article("https://one.example/lahore", FIRST, 9)
SAME_BLAST = article("https://two.example/market", OTHER_OUTLET, 10)
HOMES = article("https://one.example/homes", NO_INCIDENT, 10)
EDIT = article("https://one.example/lahore", EDITED, 12)


@pytest.fixture
def old(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> Installation:
    """Return an installation with articles of one partition, so that a replay reads them in the same order."""
    settings = ProcessorSettings(kafka_servers=bootstrap_servers, topic_prefix=topic_prefix, topic_partitions=1)
    return Installation(settings, tmp_path)


@pytest.fixture
def new(old: Installation, tmp_path: Path) -> Installation:
    """Return the installation that the replay makes."""
    settings = old.settings.model_copy(update={"topic_prefix": f"{old.settings.topic_prefix}-next"})
    said = replay_command(old, settings.topic_prefix)
    assert f"tallywire --prefix {settings.topic_prefix} run" in said
    folder = tmp_path / "next"
    folder.mkdir()
    return Installation(settings, folder)


def replay_command(old: Installation, prefix: str) -> str:
    """Run `tallywire replay`; return what it says."""
    environment = {
        **os.environ,
        "TALLYWIRE_KAFKA_SERVERS": old.settings.kafka_servers,
        "TALLYWIRE_TOPIC_PREFIX": old.settings.topic_prefix,
        "TALLYWIRE_TOPIC_PARTITIONS": str(old.settings.topic_partitions),
    }
    command = [sys.executable, "-m", "tallywire", "replay", prefix]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def resolved(installation: Installation, articles: int, incidents: int) -> dict[str, bytes]:
    """Run both stages until so many articles are done and there are so many incidents; return these."""
    with installation.worker("extract", REAL_WORKER), installation.worker("resolve", REAL_WORKER):
        installation.wait_resolved(articles)
        wait_until(lambda: len(installation.incidents()) == incidents, f"there are {incidents} incidents")
    return {key: codec.encode(incident) for key, incident in installation.incidents().items()}


def split_of(installation: Installation) -> Decision:
    """Return the decision that the two outlets tell of different incidents."""
    named = {
        report.article_id: DecidedReport(article_id=report.article_id, report_id=report.id)
        for batch in installation.reports()
        for report in batch.reports
    }
    return Decision(
        id="s1",
        kind=DecisionKind.SPLIT,
        at=NOON,
        by="an analyst",
        reports=(named[SAME_BLAST.id],),
        others=(named[BLAST.id],),
    )


def test_a_replay_rebuilds_the_incidents_and_keeps_the_decisions(
    old: Installation, request: pytest.FixtureRequest
) -> None:
    """The same rules give the same incidents, byte for byte; what came since follows, and the old ones stay."""
    old.publish([BLAST, SAME_BLAST, HOMES])
    resolved(old, 3, 1)
    decisions.write(old.settings, split_of(old))
    before = resolved(old, 3, 2)
    new: Installation = request.getfixturevalue("new")
    assert resolved(new, 3, 2) == before
    assert decisions.read(new.settings) == decisions.read(old.settings)
    old.publish([EDIT])
    old.write(old.settings.topics.feeds, [(b"https://one.example/feed", b"{}")])
    brought = replay(old.settings, new.settings.topic_prefix, feeds=True)
    assert [each.records for each in brought] == [1, 0, 1]
    assert resolved(new, 4, 2) == resolved(old, 4, 2) != before
    assert new.dead_letters() == old.dead_letters() == []


def test_records_are_copied_as_they_stood(old: Installation, request: pytest.FixtureRequest) -> None:
    """Key, value and partition stay, also of what no stage can read."""
    old.publish([BLAST, HOMES])
    old.write(old.settings.topics.articles, [(b"bad", b"{"), (b"gone", None)])
    new: Installation = request.getfixturevalue("new")
    assert new.read(new.settings.topics.articles) == old.read(old.settings.topics.articles)


def test_a_new_installation_that_was_deleted_begins_anew(old: Installation, request: pytest.FixtureRequest) -> None:
    """What was copied to topics that are gone is copied again."""
    old.publish([BLAST])
    new: Installation = request.getfixturevalue("new")
    kafka.delete_topics(new.settings)
    assert [each.records for each in replay(old.settings, new.settings.topic_prefix, feeds=False)] == [1, 0]


def test_what_cant_be_replayed_is_said(old: Installation, bootstrap_servers: str) -> None:
    """One sentence: the same prefix, or no such installation."""
    with pytest.raises(UserError, match="name another prefix"):
        replay(old.settings, old.settings.topic_prefix, feeds=False)
    with pytest.raises(UserError, match="can't be the beginning of a topic's name"):
        replay(old.settings, "no good", feeds=False)
    nothing = ProcessorSettings(kafka_servers=bootstrap_servers, topic_prefix="no-such-installation")
    with pytest.raises(UserError, match="no topics named no-such-installation"):
        replay(nothing, "next", feeds=False)
