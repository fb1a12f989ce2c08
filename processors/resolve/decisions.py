"""What people decided, and what follows from it for the incidents.

A decision names reports.  A merge binds two groups of reports together, a split keeps two groups apart, and an undo
makes an earlier one void.  The resolver asks here before it joins or merges anything, so that a replay obeys too.
"""

from collections.abc import Iterable, Iterator, Sequence

from contracts.records import DecidedReport, Decision, Incident
from contracts.vocabulary import DecisionKind
from processors.resolve.draft import Draft
from processors.resolve.history import EARLIEST
from processors.resolve.state import State


class Decisions:
    """The decisions so far, in the order in which they were taken."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._all: dict[str, Decision] = {}
        self._void: set[str] = set()
        for decision in decisions:
            self.add(decision)

    def add(self, decision: Decision) -> None:
        """Take a decision; again has no effect."""
        self._all[decision.id] = decision
        if decision.undoes is not None:
            self._void.add(decision.undoes)

    def get(self, decision_id: str) -> Decision | None:
        """Return a decision by its id."""
        return self._all.get(decision_id)

    @property
    def any_split(self) -> bool:
        """Say whether any valid split is to be obeyed."""
        return next(self._valid(DecisionKind.SPLIT), None) is not None

    def apart(self, report_ids: Iterable[str], other_ids: Iterable[str]) -> bool:
        """Say whether a valid split keeps any of these reports from any of those."""
        one, other = set(report_ids), set(other_ids)
        for decision in self._valid(DecisionKind.SPLIT):
            left, stayed = _ids(decision.reports), _ids(decision.others)
            if (left & one and stayed & other) or (left & other and stayed & one):
                return True
        return False

    def bound(self, report_id: str) -> Iterator[DecidedReport]:
        """Yield the reports that a valid merge binds a report to."""
        for decision in self._valid(DecisionKind.MERGE):
            if report_id in _ids(decision.reports):
                yield from decision.others
            elif report_id in _ids(decision.others):
                yield from decision.reports

    def _valid(self, kind: DecisionKind) -> Iterator[Decision]:
        return (known for known in self._all.values() if known.kind is kind and known.id not in self._void)


def obey(decision: Decision, undone: Decision | None, state: State) -> tuple[Incident, ...]:
    """Return the records to write so that the incidents follow a decision; none where they do already.

    Args:
        decision: What was decided now.
        undone: For an undo, the decision that it makes void.
        state: The incidents.
    """
    draft = Draft(state.records)
    if decision.kind is DecisionKind.UNDO and undone is not None:
        _undo(decision, undone, draft, state)
        return draft.records()
    ones, others = holders(decision.reports, state), holders(decision.others, state)
    if decision.kind is DecisionKind.MERGE and ones and others and ones[0].id != others[0].id:
        older, younger = sorted((ones[0], others[0]), key=age)
        draft.merge(younger, older, decision)
    if decision.kind is DecisionKind.SPLIT:
        _split(decision, draft, ones)
    return draft.records()


def holders(reports: Sequence[DecidedReport], state: State) -> list[Incident]:
    """Return the standing incidents that hold any of the reports now, each once."""
    found = {
        incident.id: incident
        for wanted in reports
        for incident in state.of_article(wanted.article_id)
        if any(report.id == wanted.report_id for report in incident.reports)
    }
    return list(found.values())


def age(incident: Incident) -> tuple[object, ...]:
    """Return what incidents are ordered by, the oldest first."""
    return (incident.first_reported or EARLIEST, incident.id)


def _split(decision: Decision, draft: Draft, incidents: Iterable[Incident]) -> None:
    """Split every incident that holds reports of both groups."""
    left, stayed = _ids(decision.reports), _ids(decision.others)
    for incident in incidents:
        leaving = [report for report in incident.reports if report.id in left]
        if any(report.id in stayed for report in incident.reports):
            draft.split(incident, leaving, decision)


def _undo(decision: Decision, undone: Decision, draft: Draft, state: State) -> None:
    ones, others = holders(undone.reports, state), holders(undone.others, state)
    if not ones or not others:
        return
    if undone.kind is DecisionKind.SPLIT and ones[0].id != others[0].id:
        draft.rejoin(others[0], ones[0], undone, decision)
    if undone.kind is DecisionKind.MERGE and ones[0].id == others[0].id:
        younger = _merged_away(undone, ones[0], state)
        if younger is not None:
            draft.part(ones[0], younger, decision)


def _merged_away(merge: Decision, into: Incident, state: State) -> Incident | None:
    """Return the record of the incident that a decision merged into another."""
    named = {wanted.article_id for wanted in (*merge.reports, *merge.others)}
    gone = (
        known for article in sorted(named) for known in state.merged_away(article) if known.merged_into == into.id
    )
    return next(gone, None)


def _ids(reports: Iterable[DecidedReport]) -> set[str]:
    return {report.report_id for report in reports}
