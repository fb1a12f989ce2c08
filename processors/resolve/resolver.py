"""The resolver: which incident each report tells of, and the records that follow.

::

    batch ─► known already? ─► for each report: stays │ joins │ joins two, which merges them │ opens one
                               for each incident that the article told of and tells no more: departs
    decision ─► merge │ split │ undo
          ─► whole new records (plan, decide) ─► acknowledged ─► working state (apply)

`plan` and `decide` never change the incidents; taking what they planned twice changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts.records import ArticleReports, Decision, Incident, Report
from processors.resolve.articles import is_known, is_stale, last_told, told_beside
from processors.resolve.decisions import Decisions, age, holders, obey
from processors.resolve.draft import Draft
from processors.resolve.grouping import belonging, sameness
from processors.resolve.profile import Newcomer, unpack
from processors.resolve.record import redirect
from processors.resolve.state import State
from processors.resolve.weights import Weights, default_weights

CLOSE_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Match:
    incident_id: str
    score: float


class Resolver:
    """The incidents, and the decisions about new reports.

    Args:
        incidents: The records to begin with, as the incidents topic holds them.
        decisions: What people decided so far, in its order.
        close_after: Time without a report after which an incident leaves the comparisons.
        weights: Those that come with the package, if none are given.
    """

    def __init__(
        self,
        incidents: Iterable[Incident] = (),
        *,
        decisions: Iterable[Decision] = (),
        close_after: timedelta = CLOSE_AFTER,
        weights: Weights | None = None,
    ) -> None:
        self._weights = weights or default_weights()
        self._decisions = Decisions(decisions)
        self._state = State(close_after)
        self.apply(incidents)
        self._half_merged = self._merges_without_redirect()

    def plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        """Return the whole records to write so that a batch is taken in; none when nothing changes."""
        return (*self._plan(batch), *self._missing_redirects())

    def decide(self, decision: Decision) -> tuple[Incident, ...]:
        """Return the whole records to write so that a decision is obeyed; later batches obey it as well."""
        self._decisions.add(decision)
        undone = self._decisions.get(decision.undoes) if decision.undoes else None
        return obey(decision, undone, self._state)

    def apply(self, incidents: Iterable[Incident]) -> None:
        """Take records into the working state, in place of earlier ones of the same ids."""
        for incident in incidents:
            self._state.put(incident)

    def _plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        before = list(self._state.of_article(batch.article_id))
        if is_known(batch, before):
            return ()
        draft = Draft(self._state.records)
        if is_stale(batch, before):
            for report in batch.reports:
                draft.remember(report, self._closest(report, before) or draft.open(report))
            return draft.records()
        staying = self._staying(batch, before)
        for report in batch.reports:
            target = staying.get(report.id) or self._join(draft, batch, report) or draft.open(report)
            draft.tell(report, target)
        for incident in before:
            draft.depart(incident, batch)
        return draft.records()

    def _merges_without_redirect(self) -> dict[str, str]:
        """Return merges that a dying worker left half written: the older record written, the younger not."""
        records = self._state.records.values()
        merges = {merge.incident_id: known.id for known in records for merge in known.merges}
        return {gone: into for gone, into in merges.items() if self._state.stands(gone)}

    def _missing_redirects(self) -> list[Incident]:
        half_merged = self._half_merged.items()
        return [redirect(self._state.records[gone], into) for gone, into in half_merged if self._state.stands(gone)]

    def _staying(self, batch: ArticleReports, before: Sequence[Incident]) -> dict[str, str]:
        """Return which reports of an article stay with which incident: those known there, then the surest first."""
        staying = {report.id: known.id for report in batch.reports for known in before if report in known.reports}
        free = [incident for incident in before if not told_beside(batch, incident)]
        scored = sorted(
            (-self._likeness(report, former), report.position, incident.id, report.id)
            for report in batch.reports
            for incident in free
            if not self._is_apart(report, incident)
            for former in last_told(incident, batch.article_id)
        )
        for negative, _, incident_id, report_id in scored:
            is_free = report_id not in staying and incident_id not in staying.values()
            if is_free and -negative >= self._weights.stay:
                staying[report_id] = incident_id
        return staying

    def _likeness(self, report: Report, other: Report) -> float:
        profiles = self._state.profiles
        return self._weights.score(unpack(profiles.of(report)), profiles.of(other))

    def _join(self, draft: Draft, batch: ArticleReports, report: Report) -> str | None:
        """Return the incident that a report joins, if any, after merging those that it shows to be one."""
        bound = holders(tuple(self._decisions.bound(report.id)), self._state)
        held = {incident.id for incident in bound}
        matches = [match for match in self._matches(draft, batch, report) if match.incident_id not in held]
        ordered = [*bound, *(self._state.records[match.incident_id] for match in matches)]
        if not ordered:
            return None
        sure = {match.incident_id for match in matches if match.score >= self._weights.merge}
        target = ordered[0]
        for other in ordered[1:]:
            if other.id in held or (other.id in sure and self._are_one(target, other)):
                older, younger = sorted((target, other), key=age)
                draft.merge(younger, older, report)
                target = older
        return target.id

    def _matches(self, draft: Draft, batch: ArticleReports, report: Report) -> list[_Match]:
        """Return the incidents that a report may belong to, the likeliest first; a closed one only if it's plain."""
        newcomer = unpack(self._state.profiles.of(report))
        for search, threshold in (
            (self._state.candidates, self._weights.join),
            (self._state.late_candidates, self._weights.reopen),
        ):
            found = search(newcomer.profile)
            open_to = [known for known in found if self._may_join(draft, batch, report, known)]
            matches = self._scored(newcomer, open_to, threshold)
            if matches:
                return sorted(matches, key=lambda match: (-match.score, match.incident_id))
        return []

    def _scored(self, newcomer: Newcomer, incident_ids: Iterable[str], threshold: float) -> list[_Match]:
        scored = (
            _Match(known, belonging(self._weights, newcomer, self._state.members(known), threshold))
            for known in incident_ids
        )
        return [match for match in scored if match.score >= threshold]

    def _may_join(self, draft: Draft, batch: ArticleReports, report: Report, incident_id: str) -> bool:
        """Say whether nothing forbids it: one revision tells an incident once, and decisions are obeyed."""
        if draft.is_told(incident_id):
            return False
        tells = self._state.tells(report.article_id, incident_id)
        if tells and told_beside(batch, self._state.records[incident_id]):
            return False
        return not self._decisions.any_split or not self._is_apart(report, self._state.records[incident_id])

    def _is_apart(self, report: Report, incident: Incident) -> bool:
        return self._decisions.apart([report.id], [known.id for known in incident.reports])

    def _are_one(self, one: Incident, other: Incident) -> bool:
        """Say whether two incidents may be merged: alike enough, and neither an article nor a person parts them."""
        if {report.article_id for report in one.reports} & {report.article_id for report in other.reports}:
            return False
        if self._decisions.apart([report.id for report in one.reports], [report.id for report in other.reports]):
            return False
        members = self._state.members
        return sameness(self._weights, members(one.id), members(other.id)) >= self._weights.join

    def _closest(self, report: Report, before: Sequence[Incident]) -> str | None:
        """Return the incident of an article that an outdated report of it is nearest to."""
        scored = [
            (self._likeness(report, former), incident.id)
            for incident in before
            for former in last_told(incident, report.article_id)
        ]
        return max(scored)[1] if scored else None
