"""The stream on a real Kafka and the same logic with no Kafka give the same incidents, killed in between or not."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import orjson
import pytest

from contracts import codec
from contracts.ids import article_id
from contracts.records import ArticleReports, DecidedReport, Decision, Incident
from contracts.vocabulary import DecisionKind
from processors.extract.offline import read_row
from processors.resolve import Resolver, index
from processors.resolve.encoded import read
from processors.resolve.profile import Profiles
from processors.resolve_app import taken
from processors.settings import ProcessorSettings
from processors.state import read_partition
from producers.parse import parse_feed
from tallywire import decisions, samples
from tallywire.bench import synthetic
from tests.integration.processor_harness import REAL_WORKER, Installation, wait_until

REPORTS = 1500
KILLS = 4
HOUR = timedelta(hours=1)
CLOSE_DAYS = 2
"""Short, so that incidents close, are put away and open again in the middle of the stream."""


@pytest.fixture
def installation(bootstrap_servers: str, topic_prefix: str, tmp_path: Path) -> Installation:
    """Return fresh topics for workers with small batches, so that many lie open when they are killed."""
    settings = ProcessorSettings(
        kafka_servers=bootstrap_servers,
        topic_prefix=topic_prefix,
        processor_session_seconds=6,
        processor_batch_size=20,
        close_days=CLOSE_DAYS,
    )
    return Installation(settings, tmp_path)


def sample_rows() -> list[dict[str, Any]]:
    """Return the articles of the sample feeds as lines of a file, each revision once, edits weeks later."""
    folder = resources.files(samples) / "feeds"
    files = [sorted(stage.iterdir(), key=lambda file: file.name) for stage in (folder, folder / "later")]
    rows = [
        {
            "id": article_id(entry.url or ""),
            "url": entry.url,
            "outlet": file.name,
            "title": entry.title,
            "text": entry.text,
            "published": str((entry.published or datetime(2017, 10, 1, tzinfo=UTC)) + timedelta(days=40 * number)),
        }
        for number, stage in enumerate(files)
        for file in stage
        if file.is_file()
        for entry in parse_feed(file.read_bytes(), f"https://{file.name}.example/feed").entries
    ]
    return list({key_of(row): row for row in reversed(rows)}.values())[::-1]


def in_the_end(incidents: Iterable[Incident]) -> dict[str, bytes]:
    """Return the newest record of each incident."""
    return {incident.id: codec.encode(incident) for incident in incidents}


def undisturbed(told: Iterable[ArticleReports], decided: Iterable[Decision] = ()) -> dict[str, bytes]:
    """Return the incidents of the same resolver with no Kafka, no process and nothing put away."""
    resolver = Resolver(close_after=timedelta(days=CLOSE_DAYS))
    resolver.learn(decided)

    def written() -> Iterator[Incident]:
        for batch in told:
            planned = resolver.plan(batch)
            resolver.apply(planned)
            yield from planned
            for decision in resolver.due():
                planned = resolver.decide(decision)
                resolver.apply(planned)
                yield from planned

    return in_the_end(written())


def streamed(installation: Installation) -> dict[str, bytes]:
    """Return the whole record of each incident, those of closed ones from where they were put away."""
    away = installation.read(installation.settings.topics.closed_incidents)
    newest = installation.incidents()
    return {
        key: away[incident.closed.offset][2] if incident.closed else codec.encode(incident)
        for key, incident in newest.items()
    }


def test_both_stages_equal_the_offline_commands(installation: Installation) -> None:
    """The incidents are the offline resolver's, byte for byte, and `tallywire cluster` agrees."""
    rows = sample_rows()
    with installation.worker("extract", REAL_WORKER), installation.worker("resolve", REAL_WORKER):
        for start in range(0, len(rows), 5):
            installation.publish(read_row(row) for row in rows[start : start + 5])
        installation.wait_resolved(len(rows))
        told = installation.reports()
        found = streamed(installation)
        assert any(each.closed for each in installation.incidents().values())
    assert found == undisturbed(told)
    standing = [codec.decode(each, Incident) for each in found.values()]
    incident_of = {
        report.id: incident.id for incident in standing if incident.merged_into is None for report in incident.reports
    }
    order = {(each.article_id, each.article_revision): number for number, each in reversed(list(enumerate(told)))}
    arrived = sorted((row for row in rows if key_of(row) in order), key=lambda row: order[key_of(row)])
    assert len(arrived) > len({row["id"] for row in arrived}), "no article was edited"
    for row in clustered(arrived):
        current = [
            report
            for incident in standing
            if incident.merged_into is None
            for report in incident.reports
            if report.article_id == row["id"]
        ]
        by_position = [incident_of[each.id] for each in sorted(current, key=lambda each: (each.position, each.id))]
        assert row["incident_ids"] == list(dict.fromkeys(by_position)), row["id"]
    assert installation.dead_letters() == []


def key_of(row: dict[str, Any]) -> tuple[str, str]:
    """Return the article and the revision of a line."""
    article = read_row(row)
    return article.id, article.revision


def clustered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what `tallywire cluster` says of articles."""
    ran = subprocess.run(
        [sys.executable, "-m", "tallywire", "cluster"],
        input=b"".join(orjson.dumps(row) + b"\n" for row in rows),
        env={**os.environ, "TALLYWIRE_CLOSE_DAYS": str(CLOSE_DAYS)},
        capture_output=True,
        check=True,
    )
    return [orjson.loads(line) for line in ran.stdout.splitlines()]


def synthetic_stream() -> list[ArticleReports]:
    """Return reports of many incidents over some weeks, most told again, some edited."""
    source, chance = synthetic.world(5), synthetic.dice(5)
    first = [synthetic.report(source, chance, number) for number in range(REPORTS // 3)]
    again = [
        synthetic.retelling(source, chance, chance.choice(first), number)
        for number in range(REPORTS // 3, 2 * REPORTS // 3)
    ]
    edits = [
        replace(each, article_revision="edited", title=f"Update: {each.title}", reported=each.reported + HOUR)
        for each in chance.sample(first + again, REPORTS // 3)
        if each.reported is not None
    ]
    told = [*first, *again]
    chance.shuffle(told)
    return [synthetic.batch(each) for each in (*told, *edits)]


def some_decisions(told: list[ArticleReports]) -> list[Decision]:
    """Return decisions about reports of the stream: some to merge, some to split, one undone."""
    chance = random.Random(6)  # noqa: S311 - no secret
    named = [
        DecidedReport(article_id=report.article_id, report_id=report.id) for each in told for report in each.reports
    ]
    made = []
    for number, kind in enumerate([DecisionKind.MERGE, DecisionKind.SPLIT] * 5):
        one, other = chance.sample(named, 2)
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        made.append(Decision(id=f"d{number}", kind=kind, at=at, reports=(one,), others=(other,)))
    undo = Decision(id="u", kind=DecisionKind.UNDO, at=made[-1].at + timedelta(minutes=1), undoes="d0")
    return [*made, undo]


@pytest.mark.parametrize("seed", [1])
def test_a_killed_resolver_ends_as_one_that_nothing_disturbed(installation: Installation, seed: int) -> None:
    """The resolver that ships, killed in the middle of batches again and again: the same state, byte for byte."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    told = synthetic_stream()
    decided = some_decisions(told)
    for decision in decided:
        decisions.write(installation.settings, decision)
    topics = installation.settings.topics
    installation.write(topics.reports, [(each.country.encode(), codec.encode(each)) for each in told])
    for _ in range(KILLS):
        before = len(installation.read(topics.incidents))
        with installation.worker("resolve", REAL_WORKER) as worker:
            wait_until(lambda before=before: len(installation.read(topics.incidents)) > before + 20, "it goes on")
            time.sleep(chance.uniform(0, 0.3))
            worker.kill()
    assert installation.committed("resolve") < len(told)
    with installation.worker("resolve", REAL_WORKER) as worker:
        installation.wait_committed("resolve", len(told))
        assert worker.stop() == 0
    assert streamed(installation) == undisturbed(told, decided)
    assert any(incident.closed for incident in installation.incidents().values())
    for written in taken(read_partition(installation.settings.kafka_server_list, topics.incidents, 0)):
        found = read(written.record)
        assert index.unpack(written.index) == (None if found.closed else index.entry_of(found, Profiles())), found.id
    assert installation.dead_letters() == []
