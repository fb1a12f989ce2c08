"""An incident's document, and one document a line of its history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from contracts.records import Actor, Change, Incident, Perpetrator, Report, Toll
from contracts.vocabulary import (
    Agreement,
    EventType,
    Measure,
    PlacePrecision,
    RejectionReason,
    TimePrecision,
)
from sinks.fields import FlatTolls, GeoPoint, flat_tolls, geo_point, in_words, occurred, unique


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """What an incident's document says of one of its reports."""

    id: str
    article_id: str
    article_revision: str
    outlet: str | None
    url: str | None
    title: str
    published: datetime | None
    reported: datetime | None
    tolls: dict[Measure, Toll]
    copy_of: str | None
    """Id of the report that this one is a syndicated copy of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """What an incident's document says of one change; `incident-revisions` has them in full."""

    number: int
    at: datetime | None
    outlet: str | None
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedLine:
    """A figure that was read and counts towards no toll, and why."""

    words: str
    reason: RejectionReason
    measure: Measure | None
    sentence: str
    outlet: str | None
    report_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDocument(FlatTolls):
    """One incident as analysts search it."""

    id: str
    revision: int
    event_type: EventType
    alternative_types: tuple[EventType, ...]
    event_words: tuple[str, ...]
    title: str
    place_name: str | None
    places: tuple[str, ...]
    """Every name and spelling."""
    admin1: str | None
    admin2: str | None
    country: str | None
    gazetteer_id: str | None
    place_precision: PlacePrecision
    point: GeoPoint | None
    occurred: date | None
    start: date | None
    end: date | None
    time_precision: TimePrecision
    agreement: Agreement
    perpetrators: tuple[Perpetrator, ...]
    actors: tuple[Actor, ...] = ()
    outlets: tuple[str, ...]
    claimants: tuple[str, ...]
    """Independent of each other."""
    first_reported: datetime | None
    last_reported: datetime | None
    report_count: int
    reports: tuple[ReportLine, ...]
    rejected: tuple[RejectedLine, ...]
    sentences: tuple[str, ...]
    """The sentences that the claims stand in."""
    history: tuple[HistoryLine, ...]
    merged_into: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionDocument(FlatTolls):
    """The tolls as they were known after one change of an incident."""

    incident_id: str
    number: int
    at: datetime | None
    outlet: str | None
    report_id: str
    article_id: str
    article_revision: str
    what: tuple[str, ...]
    agreement: Agreement
    event_type: EventType
    title: str
    place_name: str | None
    country: str | None
    point: GeoPoint | None
    occurred: date | None
    merged_into: str | None
    """Where the incident went since; its history stays."""


def incident_document(incident: Incident) -> IncidentDocument:
    """Return an incident as analysts search it."""
    place, types = incident.place, (incident.event_type, *incident.alternative_types)
    return IncidentDocument(
        id=incident.id,
        revision=incident.revision,
        event_type=incident.event_type,
        alternative_types=incident.alternative_types,
        event_words=unique(*(in_words(event_type) for event_type in types)),
        title=incident.title,
        place_name=place.name,
        places=unique(place.name, *place.as_written, *incident.spellings),
        admin1=place.admin1,
        admin2=place.admin2,
        country=place.country,
        gazetteer_id=place.gazetteer_id,
        place_precision=place.precision,
        point=geo_point(place),
        occurred=occurred(incident),
        start=incident.when.start,
        end=incident.when.end,
        time_precision=incident.when.precision,
        agreement=incident.agreement,
        perpetrators=incident.perpetrators,
        actors=incident.actors,
        outlets=incident.outlets,
        claimants=incident.independent_claimants,
        first_reported=incident.first_reported,
        last_reported=incident.last_reported,
        report_count=len(incident.reports),
        reports=tuple(_report_line(report, incident.copies.get(report.id)) for report in incident.reports),
        rejected=tuple(_rejected_lines(incident)),
        sentences=unique(*(claim.sentence for report in incident.reports for claim in report.claims)),
        history=tuple(_history_line(change) for change in incident.history),
        merged_into=incident.merged_into,
        **flat_tolls(incident.tolls),
    )


def revision_documents(incident: Incident) -> Iterator[tuple[str, RevisionDocument]]:
    """Return each line of an incident's history with its document's id."""
    for change in incident.history:
        yield f"{incident.id}:{change.number}", _revision_document(incident, change)


def _revision_document(incident: Incident, change: Change) -> RevisionDocument:
    return RevisionDocument(
        incident_id=incident.id,
        number=change.number,
        at=change.at,
        outlet=change.outlet,
        report_id=change.report_id,
        article_id=change.article_id,
        article_revision=change.article_revision,
        what=change.what,
        agreement=change.agreement,
        event_type=incident.event_type,
        title=incident.title,
        place_name=incident.place.name,
        country=incident.place.country,
        point=geo_point(incident.place),
        occurred=occurred(incident),
        merged_into=incident.merged_into,
        **flat_tolls(change.tolls),
    )


def _report_line(report: Report, copy_of: str | None) -> ReportLine:
    return ReportLine(
        id=report.id,
        article_id=report.article_id,
        article_revision=report.article_revision,
        outlet=report.outlet,
        url=report.url,
        title=report.title,
        published=report.published,
        reported=report.reported,
        tolls=report.tolls,
        copy_of=copy_of,
    )


def _rejected_lines(incident: Incident) -> Iterator[RejectedLine]:
    for report in incident.reports:
        for figure in report.rejected:
            yield RejectedLine(
                words=figure.words,
                reason=figure.reason,
                measure=figure.measure,
                sentence=figure.sentence,
                outlet=report.outlet,
                report_id=report.id,
            )


def _history_line(change: Change) -> HistoryLine:
    return HistoryLine(number=change.number, at=change.at, outlet=change.outlet, what=change.what)
