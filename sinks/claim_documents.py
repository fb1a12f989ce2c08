"""One flat document a claim, with what an analyst filters by, because Kibana does badly with nested ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from contracts.records import Claim, Incident, Report
from contracts.vocabulary import Agreement, EventType, Measure
from sinks.fields import GeoPoint, geo_point, occurred


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDocument:
    """Who says how many, of which incident, where and when."""

    incident_id: str
    report_id: str
    article_id: str
    article_revision: str
    current: bool
    """False once the article was edited: what an earlier revision said."""
    copy_of: str | None
    """Id of the report that this claim's report is a syndicated copy of."""
    outlet: str | None
    url: str | None
    headline: str
    reported: datetime | None
    claimant: str | None
    """Who says so, as the text names them; null: the outlet itself."""
    said_by: str | None
    """The claimant, or else the outlet."""
    measure: Measure
    low: int
    high: int | None
    words: str
    whose: str | None
    subset: bool
    sentence: str
    event_type: EventType
    title: str
    agreement: Agreement
    place_name: str | None
    admin1: str | None
    country: str | None
    point: GeoPoint | None
    occurred: date | None


def claim_documents(incident: Incident) -> dict[str, ClaimDocument]:
    """Return every claim that was ever made of an incident, by its document's id.

    An edit that was taken back leaves the same revision among the superseded reports and the present ones: what
    the article says now counts.
    """
    documents = dict(_documents(incident, incident.superseded, current=False))
    documents.update(_documents(incident, incident.reports, current=True))
    return documents


def _documents(
    incident: Incident, reports: tuple[Report, ...], *, current: bool
) -> Iterator[tuple[str, ClaimDocument]]:
    for report in reports:
        for number, claim in enumerate(report.claims):
            document_id = f"{incident.id}:{report.id}:{report.article_revision}:{number}"
            yield document_id, _document(incident, report, claim, current=current)


def _document(incident: Incident, report: Report, claim: Claim, *, current: bool) -> ClaimDocument:
    return ClaimDocument(
        incident_id=incident.id,
        report_id=report.id,
        article_id=report.article_id,
        article_revision=report.article_revision,
        current=current,
        copy_of=incident.copies.get(report.id),
        outlet=report.outlet,
        url=report.url,
        headline=report.title,
        reported=report.reported,
        claimant=claim.claimant,
        said_by=claim.claimant or report.outlet,
        measure=claim.measure,
        low=claim.low,
        high=claim.high,
        words=claim.words,
        whose=claim.whose,
        subset=claim.subset,
        sentence=claim.sentence,
        event_type=incident.event_type,
        title=incident.title,
        agreement=incident.agreement,
        place_name=incident.place.name,
        admin1=incident.place.admin1,
        country=incident.place.country,
        point=geo_point(incident.place),
        occurred=occurred(incident),
    )
