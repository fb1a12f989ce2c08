"""What a batch or a decision would change, collected until the whole records are built."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from contracts.ids import content_id
from contracts.records import ArticleReports, Decision, Departure, Incident, Merge, Report, Ruling
from processors.resolve.articles import replaced_by
from processors.resolve.history import EARLIEST
from processors.resolve.record import Content, build, content_of, incident_id, own_incident_id, redirect

Item = TypeVar("Item")


class Draft:
    """Changes of incidents over records that stay as they are."""

    def __init__(self, records: Mapping[str, Incident]) -> None:
        self._records = records
        self._changed: dict[str, Content] = {}
        self._told: set[str] = set()
        self._redirects: dict[str, str] = {}
        self._merged_by: dict[str, Ruling] = {}

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
            rulings=_union(into.rulings, gone.rulings),
        )
        self._changed.pop(younger.id, None)
        self._redirects[younger.id] = older.id
        if isinstance(cause, Decision):
            self._rule(older.id, f"incident {younger.id} was merged in", cause)
            self._merged_by[younger.id] = merged_away(cause)

    def split(self, incident: Incident, leaving: Iterable[Report], part: str, chain: Sequence[Decision]) -> None:
        """Let reports leave an incident for another, which may have to be opened for them."""
        gone, decision = list(leaving), chain[-1]
        content, moved = self._reopened(part), {report.id for report in gone}
        origin = _ruling(f"split from incident {incident.id}", decision)
        self._changed[part] = replace(
            content,
            reports=_union(content.reports, gone),
            departures=tuple(left for left in content.departures if not _was_moved(left, moved, chain)),
            rulings=_union(content.rulings, [origin]),
        )
        self._move_out(incident.id, gone, [_moved(report, decision, part) for report in gone])
        self._rule(incident.id, f"reports were split off into incident {part}", decision)

    def part(
        self, older: Incident, younger: Incident, also: Collection[str], decision: Decision
    ) -> tuple[Report, ...]:
        """Take back a merge: the younger incident stands again with its reports as they are now, which are returned.

        Where no report of the one or of the other is left, there is nothing to part.

        Args:
            older: Where the reports are.
            younger: The record that was merged away.
            also: Ids of reports that belong together: all of them are the younger one's where one is.
            decision: What took the merge back.
        """
        content, former = self._content(older.id), content_of(younger)
        own = {report.id for report in former.reports}
        own.update(() if own.isdisjoint(also) else also)
        back, left = _halves(content.reports, lambda report: report.id in own)
        since = [gone for gone in content.departures if gone not in former.departures]
        gone_back, gone_left = _halves(
            since, lambda gone: gone.decision_id is not None and gone.report_id in own and _is_later(gone, younger)
        )
        elsewhere = {gone.report_id for gone in gone_left if gone.decision_id is not None}
        back_then, left_then = _halves(
            content.superseded,
            lambda report: report in former.superseded or (report.id in own and report.id not in elsewhere),
        )
        if not back or not (left or left_then):
            return ()
        self._changed[younger.id] = replace(
            former,
            reports=back,
            superseded=back_then,
            departures=(*former.departures, *gone_back),
            rulings=(*former.rulings, _ruling("the merge was undone", decision)),
        )
        self._changed[older.id] = replace(
            content,
            reports=left,
            superseded=left_then,
            departures=gone_left,
            merges=tuple(merge for merge in content.merges if merge not in former.merges),
            rulings=tuple(ruling for ruling in content.rulings if ruling not in former.rulings),
        )
        self._rule(older.id, f"the merge of incident {younger.id} was undone", decision)
        return back

    def rejoin(self, incident: Incident, part: Incident, back: Sequence[Report], chain: Sequence[Decision]) -> None:
        """Take back a split: reports that left are told of the incident again; an emptied part is merged into it."""
        content, gone = self._content(incident.id), self._content(part.id)
        own, decision = {report.id for report in back}, chain[-1]
        moved = {left.report_id for left in gone.departures if left.decision_id == decision.id}
        departures = (left for left in content.departures if not _was_moved(left, own, chain))
        whole = len(back) == len(gone.reports)
        former = tuple(report for report in gone.superseded if (whole and report.id not in moved) or report.id in own)
        self._changed[incident.id] = replace(
            content,
            reports=_union(content.reports, back),
            superseded=tuple(known for known in _union(content.superseded, former) if known not in back),
            departures=_union(
                tuple(departures), [left for left in gone.departures if whole and left.report_id not in moved]
            ),
            merges=_union(content.merges, gone.merges if whole else ()),
        )
        self._rule(incident.id, "the split was undone", decision)
        if whole:
            self._changed.pop(part.id, None)
            self._redirects[part.id] = incident.id
        else:
            self._move_out(part.id, list(back), [_moved(report, decision, incident.id) for report in back])
            self._rule(part.id, "the split was undone", decision)

    def lead(self, merged_away: str, to: str) -> None:
        """Let an incident that was merged away lead to another one than before."""
        is_led = self._records[merged_away].merged_into == to
        if merged_away != to and merged_away not in self._changed and not is_led:
            self._redirects[merged_away] = to

    def records(self) -> tuple[Incident, ...]:
        """Return the whole new records: those that gain first, redirects last.

        A worker that dies between two writes then repeats the batch, and finds nothing lost.
        """
        gaining = sorted(self._changed, key=lambda incident: (incident not in self._told, incident))
        built = [build(self._changed[incident], self._records.get(incident)) for incident in gaining]
        gone = [
            redirect(self._records[incident], into, self._merged_by.get(incident))
            for incident, into in sorted(self._redirects.items())
        ]
        return (*built, *gone)

    def _move_out(self, incident: str, gone: list[Report], departures: list[Departure]) -> None:
        content = self._content(incident)
        self._changed[incident] = replace(
            content,
            reports=tuple(known for known in content.reports if known not in gone),
            superseded=(*content.superseded, *gone),
            departures=(*content.departures, *departures),
        )

    def _rule(self, incident: str, what: str, decision: Decision) -> None:
        content, ruling = self._content(incident), _ruling(what, decision)
        self._changed[incident] = replace(content, rulings=_union(content.rulings, [ruling]))

    def _reopened(self, incident: str) -> Content:
        """Return what an incident rests on; one that was merged away, or isn't there yet, begins without reports."""
        if not self._is_taken(incident):
            return Content(id=incident, reports=())
        is_gone = incident not in self._changed and self._records[incident].merged_into is not None
        return replace(self._content(incident), reports=()) if is_gone else self._content(incident)

    def _content(self, incident: str) -> Content:
        return self._changed.get(incident) or content_of(self._records[incident])

    def _is_taken(self, incident: str) -> bool:
        return incident in self._records or incident in self._changed


def merged_away(decision: Decision) -> Ruling:
    """Return the line by which an incident's record says that a decision merged it into another one.

    It stays when the redirect leads elsewhere: so whoever takes the decision back finds what it did.
    """
    return _ruling("it was merged into another incident", decision)


def _ruling(what: str, decision: Decision) -> Ruling:
    by = f" by {decision.by}" if decision.by else ""
    return Ruling(decision_id=decision.id, at=decision.at, what=f"{what}{by}")


def _halves(items: Iterable[Item], is_own: Callable[[Item], bool]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return what is one's own, and the rest."""
    told = [(is_own(item), item) for item in items]
    return tuple(item for own, item in told if own), tuple(item for own, item in told if not own)


def _departure(report: Report, batch: ArticleReports) -> Departure:
    return Departure(
        at=batch.reported,
        report_id=report.id,
        article_id=report.article_id,
        article_revision=batch.article_revision,
        outlet=report.outlet,
        why=f"{report.outlet or 'an article'} tells of it no more",
        extractor=batch.extractor,
    )


def _moved(report: Report, decision: Decision, incident: str) -> Departure:
    return Departure(
        at=decision.at,
        report_id=report.id,
        article_id=report.article_id,
        article_revision=report.article_revision,
        outlet=report.outlet,
        why=f"moved to incident {incident} by decision",
        decision_id=decision.id,
    )


def _was_moved(left: Departure, reports: Collection[str], by: Iterable[Decision]) -> bool:
    """Say whether it was one of some decisions that moved a report, and one of these."""
    return left.report_id in reports and any(left.decision_id == decision.id for decision in by)


def _is_later(left: Departure, merged: Incident) -> bool:
    """Say whether a report left after a decision had merged an incident away, and not before."""
    return (left.at or EARLIEST) > merged.rulings[-1].at


def _union(one: tuple[Item, ...], other: Iterable[Item]) -> tuple[Item, ...]:
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
