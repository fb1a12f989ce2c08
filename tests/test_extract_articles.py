"""Whole articles of our own against what they report; each case is a folder of `tests/data/articles`."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.geo import kilometres
from contracts.records import Report
from processors.extract import extract
from processors.extract.offline import read_row

CASES = sorted(path for path in (Path(__file__).parent / "data" / "articles").iterdir() if path.is_dir())


def _load(case: Path) -> tuple[tuple[Report, ...], list[dict[str, Any]]]:
    article = json.loads((case / "article.json").read_text("utf-8"))
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    return extract(read_row(article)), expected["incidents"]


def _claims(report: Report) -> list[list[object]]:
    return [[c.measure.value, c.low, c.high, c.subset, c.claimant] for c in report.claims]


def _check_place(report: Report, expected: dict[str, Any]) -> None:
    place = report.place
    for name in ("name", "admin1", "admin2", "country"):
        if name in expected:
            assert getattr(place, name) == expected[name]
    if "precision" in expected:
        assert place.precision.value == expected["precision"]
    if "as_written" in expected:
        assert sorted(place.as_written) == sorted(expected["as_written"])
    if "near" in expected:
        assert place.lat is not None
        assert place.lon is not None
        assert kilometres(place.lat, place.lon, *expected["near"]) <= expected.get("within_km", 5)


def _check_time(report: Report, expected: dict[str, Any]) -> None:
    when = report.when
    assert (when.start.isoformat() if when.start else None) == expected.get("start")
    assert (when.end.isoformat() if when.end else None) == expected.get("end")
    if "precision" in expected:
        assert when.precision.value == expected["precision"]


def _check_people(report: Report, expected: dict[str, Any]) -> None:
    if "claims" in expected:
        assert sorted(map(str, _claims(report))) == sorted(map(str, expected["claims"]))
    for measure, (low, high, best) in expected.get("tolls", {}).items():
        toll = report.tolls[measure]
        assert (toll.low, toll.high, toll.best) == (low, high, best)
    for measure in expected.get("no_toll", []):
        assert measure not in report.tolls


def _check_rest(report: Report, expected: dict[str, Any]) -> None:
    if "event_type" in expected:
        assert report.event_type.value == expected["event_type"]
    if "perpetrators" in expected:
        assert [[p.name, p.status.value, p.denies] for p in report.perpetrators] == expected["perpetrators"]
    found = [[figure.words, figure.reason.value] for figure in report.rejected]
    for figure in expected.get("rejected", []):
        assert figure in found


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_article(case: Path) -> None:
    """An article gives the incidents that its expected file tells of, and no others."""
    reports, expected = _load(case)
    assert len(reports) == len(expected)
    for report, incident in zip(reports, expected, strict=True):
        _check_rest(report, incident)
        _check_people(report, incident)
        if "place" in incident:
            _check_place(report, incident["place"])
        if "date" in incident:
            _check_time(report, incident["date"])
