"""Two incidents that a report merged and people parted again, as an analyst finds them in a real Elasticsearch."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from elasticsearch import Elasticsearch

from contracts import codec
from contracts.deadletters import OriginalRecord
from contracts.records import Decision, Incident
from contracts.vocabulary import DecisionKind
from sinks import search
from sinks.apply import apply
from sinks.batch import Incoming, Planned
from sinks.client import connect
from sinks.plan import plan, planners
from sinks.settings import SinkSettings
from tests.integration.test_sinks import installation
from tests.test_resolve_decision_sequences import NOON, World
from tests.test_resolve_real_merge import merged_by_a_report, split_again


@pytest.fixture
def settings(elasticsearch_url: str, index_prefix: str) -> Iterator[SinkSettings]:
    """Return settings of an installation of its own, with its indices made."""
    with installation(elasticsearch_url, index_prefix) as made:
        yield made


def write(client: Elasticsearch, settings: SinkSettings, incidents: list[Incident]) -> None:
    """Write records as the sink does, one batch each."""
    topic = settings.topics.incidents.name
    for offset, incident in enumerate(incidents):
        key, value = incident.id.encode(), codec.encode(incident)
        original = OriginalRecord(topic=topic, partition=0, offset=offset, key=key, value=value)
        asked = plan(planners(settings.topics)[topic], key, value, offset)
        assert (
            apply(client, [Planned(incoming=Incoming(original=original, written=offset), plan=asked)], settings) == []
        )
    search.refresh(client, settings)


def found(client: Elasticsearch, settings: SinkSettings) -> dict[str, set[str]]:
    """Return the reports of each incident that a search without words finds."""
    hits = search.search_incidents(client, settings, "", search.Filters(), 10)
    return {hit.id: {report.id for report in hit.reports} for hit in hits}


def standing(world: World) -> dict[str, set[str]]:
    """Return the reports of each incident that stands."""
    return {incident.id: {report.id for report in incident.reports} for incident in world.standing}


def shown(settings: SinkSettings, incident_id: str) -> str:
    """Return what `tallywire show` says of an id."""
    environment = {
        **os.environ,
        "TALLYWIRE_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "TALLYWIRE_INDEX_PREFIX": settings.index_prefix,
        "COLUMNS": "200",
    }
    command = [sys.executable, "-m", "tallywire", "show", incident_id]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_old_id_leads_to_its_reports_at_every_step(settings: SinkSettings) -> None:
    """Merged by a report, split by a person, and the split undone: search and `show` say where its reports are."""
    world, older, younger, _ = merged_by_a_report()
    with connect(settings) as client:
        write(client, settings, world.written)
        assert found(client, settings) == standing(world) == {older.id: {report.id for report in older.reports}}
        assert f"{younger.id} turned out to be {older.id}." in shown(settings, younger.id)
        done = len(world.written)
        world.obey(split_again(older, younger))
        write(client, settings, world.written[done:])
        assert found(client, settings) == standing(world)
        view = search.get_incident(client, settings, younger.id)
        assert {report.id for report in view.incident.reports} == {report.id for report in younger.reports}
        assert f"{younger.id} turned out to be {view.incident.id}." in shown(settings, younger.id)
        left = search.get_incident(client, settings, older.id)
        assert left.redirected_from == ()
        assert "split off" in " ".join(left.revisions[-1].what)
        done = len(world.written)
        world.obey(Decision(id="u1", kind=DecisionKind.UNDO, at=NOON + timedelta(hours=1), undoes="s1"))
        write(client, settings, world.written[done:])
        assert found(client, settings) == standing(world) == {older.id: {report.id for report in older.reports}}
        assert search.get_incident(client, settings, younger.id).incident.id == older.id
