"""The seed case as four outlets tell it: two tolls, two spellings, a syndicated copy and an edit."""

import itertools
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.codec import from_builtins
from contracts.ids import article_id, report_id
from contracts.records import ArticleReports, Incident, Report, Toll
from contracts.vocabulary import Agreement, Measure
from processors.resolve import Resolver
from processors.sketch import key_terms, sketch

CASES = Path(__file__).parent / "data" / "resolve"


def batch_of(row: dict[str, Any]) -> ArticleReports:
    """Return the batch that a row of a case's file describes."""
    article = article_id(row["article"])
    claims = [{"sentence": claim["words"], "span": {"start": 0, "end": 1}, **claim} for claim in row["claims"]]
    report = {
        "id": report_id(article, 0),
        "article_id": article,
        "article_revision": row["revision"],
        "outlet": row["outlet"],
        "title": row["title"],
        "reported": row["reported"],
        "event_type": row["event_type"],
        "place": row["place"],
        "when": row["when"],
        "claims": claims,
        "perpetrators": row.get("perpetrators", []),
        "text_sketch": sketch(row["title"], row["text"]),
        "key_terms": key_terms(row["title"], row["text"]),
        "extractor": "test",
    }
    return ArticleReports(
        article_id=article,
        article_revision=row["revision"],
        country=row["country"],
        reported=datetime.fromisoformat(row["reported"]),
        reports=(from_builtins(report, Report),),
    )


@pytest.fixture
def batches() -> list[ArticleReports]:
    """Return the case's batches in order of report."""
    return [batch_of(row) for row in json.loads((CASES / "armanaz.json").read_text(encoding="utf-8"))]


def resolve(batches: list[ArticleReports], resolver: Resolver | None = None) -> dict[str, Incident]:
    """Return the records that batches end in, by id."""
    resolver = resolver or Resolver()
    records: dict[str, Incident] = {}
    for batch in batches:
        planned = resolver.plan(batch)
        resolver.apply(planned)
        records.update({incident.id: incident for incident in planned})
    return records


def test_four_outlets_are_one_disputed_incident(batches: list[ArticleReports]) -> None:
    """Different tolls and spellings, a copy and an edit end in one incident that says who differs."""
    (incident,) = resolve(batches).values()
    assert len(incident.reports) == 4
    assert incident.tolls[Measure.KILLED] == Toll(low=28, high=40, best=40)
    assert incident.tolls[Measure.INJURED] == Toll(low=70, high=70, best=70)
    assert incident.agreement is Agreement.DISPUTED
    assert set(incident.spellings) == {"Armanaz", "Amanaz"}
    assert incident.independent_claimants == (
        "Gulf Courier",
        "Syrian Observatory for Human Rights",
        "Anadolu",
        "Meridian Post",
    )


def test_copy_is_recognised(batches: list[ArticleReports]) -> None:
    """The syndicated copy is named as one, and counts as its original's source."""
    (incident,) = resolve(batches).values()
    assert incident.copies == {batches[1].reports[0].id: batches[0].reports[0].id}


def test_history_tells_how_the_toll_rose(batches: list[ArticleReports]) -> None:
    """Every report and the edit are a revision; what was known at each can be read back."""
    (incident,) = resolve(batches).values()
    assert incident.revision == len(incident.history) == 5
    assert [change.number for change in incident.history] == [1, 2, 3, 4, 5]
    assert incident.history[0].tolls[Measure.KILLED] == Toll(low=28, high=None, best=28)
    assert incident.history[2].what == (
        "reported by Northern Desk",
        "killed 28 or more → 28 to 40",
        "injured 70",
        "single source → disputed",
    )
    assert incident.history[4].what[0] == "Meridian Post edited its report"


def test_edit_replaces_only_its_own_article(batches: list[ArticleReports]) -> None:
    """The outlet's older figure is kept as superseded, and the others' reports stand as they were."""
    before = next(iter(resolve(batches[:4]).values()))
    (after,) = resolve(batches).values()
    assert after.superseded == tuple(report for report in before.reports if report.outlet == "Meridian Post")
    others = [report for report in after.reports if report.outlet != "Meridian Post"]
    assert others == [report for report in before.reports if report.outlet != "Meridian Post"]


def test_order_of_arrival_does_not_matter(batches: list[ArticleReports]) -> None:
    """Any order of the four outlets ends in the same record, id, revision and history included."""
    edit = batches[4]
    expected = resolve(batches)
    for order in itertools.permutations(batches[:4]):
        assert resolve([*order, edit]) == expected


def test_running_it_all_again_changes_nothing(batches: list[ArticleReports]) -> None:
    """Every batch taken in a second time, in the same order, plans no write."""
    resolver = Resolver()
    resolve(batches, resolver)
    assert resolve(batches, resolver) == {}


def test_older_revision_after_the_edit_is_only_remembered(batches: list[ArticleReports]) -> None:
    """A revision that arrives after a later one doesn't speak for its article any more."""
    late = [*batches[:3], batches[4], batches[3]]
    assert resolve(late) == resolve(batches)
