"""What a batch or a decision would change, collected until the whole records are built."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from contracts.ids import content_id
from contracts.records import ArticleReports, Decision, Departure, Incident, Merge, Report, Ruling
from processors.resolve.articles import replaced_by
from processors.resolve.record import Content, build, content_of, incident_id, own_incident_id, redirect

Item = TypeVar("Item")


class Draft:
    """Changes of incidents over records that stay as they are."""

    def __init__(self, records: Mapping[str, Incident]) -> None:
        self._records = records
        self._changed: dict[str, Content] = {}
        self._told: set[str] = set()
        self._redirects: dict[str, str] = {}

    def is_told(self, incident: str) -> bool:
        """Say whether a report went to an incident here, or the incident was merged away."""
        return incident in self._told or incident in self._redirects

    def open(self, report: Report) -> str:
        """Begin an incident with a report; return its id."""
        chosen = incident_id(report)
        if self._is_taken(chosen):
            chosen = own_incident_id(report)
        while self._is_taken(chosen):
            chosen = content_id("incident", chosen, report.article_revision)
        self._changed[chosen] = Content(id=chosen, reports=())
        return chosen

    def tell(self, report: Report, incident: str) -> None:
        """Let a report be what its article says of an incident now."""
        self._told.add(incident)
        content = self._content(incident)
        if report in content.reports:
            return
        former = tuple(known for known in content.reports if known.article_id == report.article_id)
        kept = tuple(known for known in content.reports if known.article_id != report.article_id)
        self._changed[incident] = replace(content, reports=(*kept, report), superseded=(*content.superseded, *former))

    def remember(self, report: Report, incident: str) -> None:
        """Keep an outdated report that arrived late among what its article said of an incident."""
        content = self._content(incident)
        if report not in content.superseded:
            self._changed[incident] = replace(content, superseded=(*content.superseded, report))

    def depart(self, before: Incident, batch: ArticleReports) -> None:
        """Take what a batch's article said out of an incident, unless the batch tells of it again."""
        gone = replaced_by(batch, before)
        if before.id not in self._told and gone:
            self._move_out(before.id, gone, [_departure(report, batch) for report in gone])

    def merge(self, younger: Incident, older: Incident, cause: Report | Decision) -> None:
        """Let an incident take over all that another rests on."""
        into, gone = self._content(older.id), self._content(younger.id)
        self._changed[older.id] = replace(
            into,
            reports=_union(into.reports, gone.reports),
            superseded=_union(into.superseded, gone.superseded),
            departures=_union(into.departures, gone.departures),
            merges=_union(into.merges, (*gone.merges, *_merges(younger, cause))),
            rulings=_union(into.rulings, (*gone.rulings, *_rulings(younger, cause))),
        )
        self._changed.pop(younger.id, None)
        self._redirects[younger.id] = older.id

    def split(self, incident: Incident, leaving: Iterable[Report], decision: Decision) -> None:
        """Let reports leave an incident for one of their own."""
        gone = list(leaving)
        target = self.open(gone[0])
        origin = _ruling(f"split from incident {incident.id}", decision)
        self._changed[target] = Content(id=target, reports=tuple(gone), rulings=(origin,))
        why = f"moved to incident {target} by decision"
        self._move_out(incident.id, gone, [_moved(report, decision, why) for report in gone])
        content = self._content(incident.id)
        ruling = _ruling(f"{len(gone)} reports were split off", decision)
        self._changed[incident.id] = replace(content, rulings=(*content.rulings, ruling))

    def part(self, older: Incident, younger: Incident, decision: Decision) -> None:
        """Take back a merge: the younger incident stands again with its reports as they are now."""
        content, former = self._content(older.id), content_of(younger)
        own = {report.id for report in (*former.reports, *former.superseded)}
        self._changed[younger.id] = replace(
            former,
            reports=tuple(report for report in content.reports if report.id in own),
            superseded=tuple(report for report in content.superseded if report.id in own),
            rulings=(*former.rulings, _ruling("the merge was undone", decision)),
        )
        self._changed[older.id] = replace(
            content,
            reports=tuple(report for report in content.reports if report.id not in own),
            superseded=tuple(report for report in content.superseded if report.id not in own),
            departures=tuple(left for left in content.departures if left not in former.departures),
            merges=tuple(merge for merge in content.merges if merge not in former.merges),
            rulings=(
                *(ruling for ruling in content.rulings if ruling not in former.rulings),
                _ruling(f"the merge of incident {younger.id} was undone", decision),
            ),
        )

    def rejoin(self, incident: Incident, part: Incident, split: Decision, decision: Decision) -> None:
        """Take back a split: the reports that left are told of the incident again."""
        own = {report.id for report in part.reports}
        content = self._content(incident.id)
        left = tuple(gone for gone in content.departures if not (gone.report_id in own and gone.at == split.at))
        self._changed[incident.id] = replace(
            content,
            reports=(*content.reports, *part.reports),
            superseded=tuple(report for report in content.superseded if report not in part.reports),
            departures=left,
            rulings=(*content.rulings, _ruling("the split was undone", decision)),
        )
        self._redirects[part.id] = incident.id

    def records(self) -> tuple[Incident, ...]:
        """Return the whole new records: those that gain first, redirects last.

        A worker that dies between two writes then repeats the batch, and finds nothing lost.
        """
        gaining = sorted(self._changed, key=lambda incident: (incident not in self._told, incident))
        built = [build(self._changed[incident], self._records.get(incident)) for incident in gaining]
        gone = [redirect(self._records[incident], into) for incident, into in sorted(self._redirects.items())]
        return (*built, *gone)

    def _move_out(self, incident: str, gone: list[Report], departures: list[Departure]) -> None:
        content = self._content(incident)
        self._changed[incident] = replace(
            content,
            reports=tuple(known for known in content.reports if known not in gone),
            superseded=(*content.superseded, *gone),
            departures=(*content.departures, *departures),
        )

    def _content(self, incident: str) -> Content:
        return self._changed.get(incident) or content_of(self._records[incident])

    def _is_taken(self, incident: str) -> bool:
        return incident in self._records or incident in self._changed


def _ruling(what: str, decision: Decision) -> Ruling:
    by = f" by {decision.by}" if decision.by else ""
    return Ruling(decision_id=decision.id, at=decision.at, what=f"{what}{by}")


def _rulings(younger: Incident, cause: Report | Decision) -> tuple[Ruling, ...]:
    if isinstance(cause, Report):
        return ()
    return (_ruling(f"incident {younger.id} was merged in", cause),)


def _departure(report: Report, batch: ArticleReports) -> Departure:
    return Departure(
        at=batch.reported,
        report_id=report.id,
        article_id=report.article_id,
        article_revision=batch.article_revision,
        outlet=report.outlet,
        why=f"{report.outlet or 'an article'} tells of it no more",
    )


def _moved(report: Report, decision: Decision, why: str) -> Departure:
    return Departure(
        at=decision.at,
        report_id=report.id,
        article_id=report.article_id,
        article_revision=report.article_revision,
        outlet=report.outlet,
        why=why,
    )


def _union(one: tuple[Item, ...], other: tuple[Item, ...]) -> tuple[Item, ...]:
    return (*one, *(item for item in other if item not in one))


def _merges(younger: Incident, cause: Report | Decision) -> tuple[Merge, ...]:
    if isinstance(cause, Decision):
        return ()
    merge = Merge(
        incident_id=younger.id,
        at=cause.reported,
        report_id=cause.id,
        article_id=cause.article_id,
        article_revision=cause.article_revision,
        outlet=cause.outlet,
    )
    return (merge,)
