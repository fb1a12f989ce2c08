"""The demo's check sees everything that can be wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.geo import kilometres
from contracts.records import Incident, Place, Report, Toll, When
from contracts.vocabulary import Agreement, EventType, Measure
from sinks.article_documents import ArticleDocument
from sinks.fields import GeoPoint
from sinks.incident_documents import IncidentDocument, incident_document
from tallywire.demo.check import problems
from tallywire.samples import Expectations, ExpectedIncident, expectations

EXPECTED = expectations()


@dataclass(frozen=True)
class Found:
    """What a demo found."""

    incidents: tuple[IncidentDocument, ...]
    articles: tuple[ArticleDocument, ...]


def right() -> Found:
    """Return what a demo finds when all is as it must be."""
    incidents = tuple(_incident(wanted) for wanted in EXPECTED.incidents)
    told = {url: incident.id for incident in incidents for url in _urls(incident)}
    articles = tuple(
        ArticleDocument(id=url, url=url, text="text", incident_ids=(told[url],) if url in told else ())
        for url in EXPECTED.articles
    )
    return Found(incidents, articles)


def _urls(incident: IncidentDocument) -> tuple[str, ...]:
    return tuple(report.url for report in incident.reports if report.url)


def _incident(wanted: ExpectedIncident) -> IncidentDocument:
    place = Place(
        name=wanted.place, as_written=wanted.spellings, country=wanted.country, lat=wanted.lat, lon=wanted.lon
    )
    reports = tuple(
        Report(
            id=url,
            article_id=url,
            article_revision="1",
            url=url,
            event_type=wanted.event_type,
            place=place,
            extractor="test",
        )
        for url in wanted.articles
    )
    tolls = {Measure.KILLED: wanted.killed, Measure.INJURED: wanted.injured}
    return incident_document(
        Incident(
            id=wanted.name,
            revision=1,
            event_type=wanted.event_type,
            place=place,
            when=When(start=wanted.start, end=wanted.end),
            tolls={
                measure: Toll(low=toll.low, high=toll.high, best=toll.low) for measure, toll in tolls.items() if toll
            },
            agreement=wanted.agreement,
            spellings=wanted.spellings,
            outlets=wanted.outlets,
            reports=reports,
            copies=dict.fromkeys(wanted.copies, wanted.articles[0]),
        )
    )


def _first(found: Found, **changes: object) -> Found:
    return replace(found, incidents=(replace(found.incidents[0], **changes), *found.incidents[1:]))


def _twice(found: Found) -> Found:
    return replace(found, incidents=(*found.incidents, replace(found.incidents[0], id="another")))


def _unknown(found: Found) -> Found:
    stranger = replace(found.incidents[0], id="stranger", reports=(), event_type=EventType.FLOOD)
    return replace(found, incidents=(*found.incidents, stranger))


def _taken_for_one(found: Found) -> Found:
    url = EXPECTED.not_incidents[0]
    articles = tuple(
        replace(article, incident_ids=("x",)) if article.url == url else article for article in found.articles
    )
    return replace(found, articles=articles)


WRONG: list[tuple[str, Callable[[Found], Found], str]] = [
    ("lost incident", lambda found: replace(found, incidents=found.incidents[1:]), "armanaz: not found"),
    ("incident twice", _twice, "armanaz: 2 incidents instead of one"),
    ("stranger", _unknown, "an incident that nobody told of: flood"),
    ("type", lambda found: _first(found, event_type=EventType.SHELLING), "event type is shelling, not air_strike"),
    ("country", lambda found: _first(found, country="TR"), "country is TR, not SY"),
    ("time", lambda found: _first(found, start=date(2017, 9, 19)), "time is 2017-09-19 to"),
    ("killed", lambda found: _first(found, killed_high=68), "killed is 28 to 68, not 28 to 40"),
    ("open", lambda found: _first(found, killed_high=None), "killed is 28 to open"),
    ("no injured", lambda found: _first(found, injured_low=None), "injured is none, not 70 to 70"),
    ("agreement", lambda found: _first(found, agreement=Agreement.CORROBORATED), "agreement is corroborated"),
    ("outlets", lambda found: _first(found, outlets=()), "outlets is []"),
    ("article lost", lambda found: _first(found, reports=found.incidents[0].reports[1:]), "articles is"),
    ("far away", lambda found: _first(found, point=GeoPoint(lat=33.5, lon=36.3)), "km from Armanaz"),
    ("no place", lambda found: _first(found, point=None), "no place, not Armanaz"),
    ("spelling lost", lambda found: _first(found, places=("Armanaz",)), "spelling Amanaz is lost"),
    ("article not indexed", lambda found: replace(found, articles=found.articles[1:]), "isn't indexed"),
    ("no incident", _taken_for_one, "tells of no incident, but belongs to x"),
]


def test_what_is_right_passes() -> None:
    """A demo that found exactly what it must has no problem."""
    assert problems(EXPECTED, right().incidents, right().articles) == ()


@pytest.mark.parametrize(("change", "says"), [pytest.param(change, says, id=name) for name, change, says in WRONG])
def test_what_is_wrong_is_said(change: Callable[[Found], Found], says: str) -> None:
    """Each deviation gives a sentence that names it."""
    found = change(right())
    assert any(says in line for line in problems(EXPECTED, found.incidents, found.articles))


def test_nothing_found_is_not_right() -> None:
    """An empty index doesn't pass for a good one."""
    said = problems(EXPECTED, (), ())
    assert len(said) == len(EXPECTED.articles) + len(EXPECTED.incidents)


def test_the_expectations_are_worth_checking() -> None:
    """The samples hold what the demo promises to show."""
    assert isinstance(EXPECTED, Expectations)
    assert len(EXPECTED.articles) >= 16
    assert len({outlet for incident in EXPECTED.incidents for outlet in incident.outlets}) >= 6
    assert len(EXPECTED.not_incidents) >= 4
    armanaz = EXPECTED.incidents[0]
    assert len(armanaz.outlets) == 4
    assert armanaz.copies
    assert armanaz.edited


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_distance_is_symmetric_and_bounded(one: tuple[float, float], other: tuple[float, float]) -> None:
    """No two points of the globe are further apart than half its girth."""
    assert kilometres(*one, *other) == pytest.approx(kilometres(*other, *one), abs=1e-6)
    assert 0 <= kilometres(*one, *other) <= 20_016


def test_distance_of_known_places() -> None:
    """Damascus to Aleppo is some 310 kilometres as the crow flies."""
    assert kilometres(33.5102, 36.2913, 36.2012, 37.1612) == pytest.approx(310, abs=2)
