"""Compares what the demo found with what its sample feeds must end in."""

from collections.abc import Iterable, Iterator, Sequence

from contracts.geo import kilometres
from contracts.vocabulary import Measure
from sinks.article_documents import ArticleDocument
from sinks.incident_documents import IncidentDocument
from tallywire.samples import Expectations, ExpectedIncident, ExpectedToll

NEAR_KM = 25.0


def problems(
    expected: Expectations, incidents: Iterable[IncidentDocument], articles: Iterable[ArticleDocument]
) -> tuple[str, ...]:
    """Return what differs from the expectations, a sentence each; nothing when all is as it must be."""
    standing = [incident for incident in incidents if incident.merged_into is None]
    return (
        *_article_problems(expected, tuple(articles)),
        *(line for wanted in expected.incidents for line in _incident_problems(wanted, standing)),
        *_extra_incidents(expected, standing),
    )


def _article_problems(expected: Expectations, articles: Sequence[ArticleDocument]) -> Iterator[str]:
    incidents_of = {article.url: article.incident_ids for article in articles if article.text is not None}
    for url in expected.articles:
        if url not in incidents_of:
            yield f"the article {url} isn't indexed"
    for url in expected.not_incidents:
        if incidents_of.get(url):
            yield f"the article {url} tells of no incident, but belongs to {', '.join(incidents_of[url])}"


def _incident_problems(wanted: ExpectedIncident, incidents: Sequence[IncidentDocument]) -> Iterator[str]:
    theirs = [incident for incident in incidents if _urls(incident) & set(wanted.articles)]
    if not theirs:
        yield f"{wanted.name}: not found"
        return
    if len(theirs) > 1:
        yield f"{wanted.name}: {len(theirs)} incidents instead of one"
    found = max(theirs, key=lambda incident: len(_urls(incident) & set(wanted.articles)))
    for what, is_so, should_be in _facts(wanted, found):
        if is_so != should_be:
            yield f"{wanted.name}: {what} is {is_so}, not {should_be}"
    yield from _place_problems(wanted, found)


def _facts(wanted: ExpectedIncident, found: IncidentDocument) -> Iterator[tuple[str, object, object]]:
    """Return each fact's name, what it is and what it should be."""
    yield "event type", found.event_type.value, wanted.event_type.value
    yield "country", found.country, wanted.country
    yield "time", f"{found.start} to {found.end}", f"{wanted.start} to {wanted.end}"
    yield "killed", _toll(found, Measure.KILLED), _expected_toll(wanted.killed)
    yield "injured", _toll(found, Measure.INJURED), _expected_toll(wanted.injured)
    yield "agreement", found.agreement.value, wanted.agreement.value
    yield "outlets", sorted(found.outlets), sorted(wanted.outlets)
    yield "articles", sorted(_urls(found)), sorted(wanted.articles)
    copies = {report.url for report in found.reports if report.copy_of and report.url}
    yield "copies", sorted(copies), sorted(wanted.copies)


def _place_problems(wanted: ExpectedIncident, found: IncidentDocument) -> Iterator[str]:
    if found.point is None:
        yield f"{wanted.name}: no place, not {wanted.place}"
        return
    km = kilometres(found.point.lat, found.point.lon, wanted.lat, wanted.lon)
    if km > NEAR_KM:
        yield f"{wanted.name}: place is {found.place_name}, {km:.0f} km from {wanted.place}"
    missing = sorted(set(wanted.spellings) - set(found.places))
    if missing:
        yield f"{wanted.name}: the spelling {', '.join(missing)} is lost"


def _extra_incidents(expected: Expectations, incidents: Sequence[IncidentDocument]) -> Iterator[str]:
    known = {url for wanted in expected.incidents for url in wanted.articles}
    for incident in incidents:
        if not _urls(incident) & known:
            yield f"an incident that nobody told of: {incident.event_type.value} in {incident.place_name}"


def _urls(incident: IncidentDocument) -> set[str]:
    return {report.url for report in incident.reports if report.url is not None}


def _toll(found: IncidentDocument, measure: Measure) -> str:
    low, high = getattr(found, f"{measure.value}_low"), getattr(found, f"{measure.value}_high")
    return "none" if low is None else f"{low} to {'open' if high is None else high}"


def _expected_toll(toll: ExpectedToll | None) -> str:
    return "none" if toll is None else f"{toll.low} to {toll.high}"
