"""The resolver: which incident each report tells of, and the records that follow.

::

    batch ─► known already? ─► for each report: stays │ joins │ joins two, which merges them │ opens one
                               for each incident that the article told of and tells no more: departs
    decision ─► merge │ split │ undo, now and whenever an incident changes whose reports it names
          ─► whole new records (plan, decide) ─► acknowledged ─► working state (apply)

`plan` and `decide` never change the incidents; taking what they planned twice changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from operator import attrgetter

from contracts.records import ArticleReports, Decision, Incident, Report
from processors.resolve.articles import is_known, is_stale, last_told, told_beside
from processors.resolve.decisions import Decisions
from processors.resolve.draft import Draft
from processors.resolve.encoded import Written, without_collection
from processors.resolve.grouping import belonging, sameness
from processors.resolve.profile import Newcomer, Profile, unpack
from processors.resolve.record import redirect
from processors.resolve.rule import age, follow
from processors.resolve.state import State
from processors.resolve.weights import Weights, default_weights

CLOSE_AFTER = timedelta(days=30)

MAX_ROUNDS = 10
"""How often the decisions that are touched are looked at after a batch; two rounds are enough but for decisions that
contradict each other."""


FEW = 3
"""Reports that an incident has at most for being looked at again when a newcomer links it with another one."""


@dataclass(frozen=True, slots=True)
class _Match:
    incident_id: str
    score: float


class Resolver:
    """The incidents, and the decisions about new reports.

    Args:
        incidents: The records to begin with, each once; as the incidents topic holds them, only what is indexed of
            them is read.
        decisions: What people decided so far, in its order.
        close_after: Time without a report after which an incident leaves the comparisons.
        weights: Those that come with the package, if none are given.
    """

    def __init__(
        self,
        incidents: Iterable[Incident | Written] = (),
        *,
        decisions: Iterable[Decision] = (),
        close_after: timedelta = CLOSE_AFTER,
        weights: Weights | None = None,
    ) -> None:
        self._weights = weights or default_weights()
        self._decisions = Decisions()
        self._unsettled: set[str] = set()
        """Ids of the merges and splits that the incidents may not follow now."""
        self._state = State(close_after)
        self._half_merged = self._begin(incidents)
        self.learn(decisions)

    def plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        """Return the whole records to write so that a batch is taken in; none when nothing changes.

        Raises:
            AwayError: It needs the record of a closed incident that was put away: lend it and plan again.
        """
        return (*self._plan(batch), *self._missing_redirects())

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Know of decisions; `due` and `decide` then make the incidents follow them."""
        news = tuple(decisions)
        for decision in news:
            self._decisions.add(decision)
        for decision in news:
            if decision.id not in self._state.obeyed_by_closed:
                self._unsettled |= self._decisions.beside(decision.id)

    def due(self) -> Iterator[Decision]:
        """Yield the decisions that the incidents may not follow now, until they follow all.

        To be asked after decisions were learned and after a batch was applied, with what `decide` plans applied
        before the next one is taken.  What is void is taken back before the others are obeyed.  A decision may be
        older than the reports that it is about, as in a replay; and obeying one may let another one count that a
        third one stood against.
        """
        for _ in range(MAX_ROUNDS):
            unsettled, self._unsettled = self._unsettled, set()
            found = [rule for rule in self._decisions.rules if rule.decision.id in unsettled]
            yield from (rule.cause for rule in sorted(found, key=attrgetter("counts")))
            if not self._unsettled:
                return

    def decide(self, decision: Decision) -> tuple[Incident, ...]:
        """Return the whole records to write so that a decision is obeyed; none when it is already.

        Raises:
            AwayError: It needs the record of a closed incident that was put away: lend it and decide again.
        """
        self._decisions.add(decision)
        rule = self._decisions.rule(decision.id)
        return follow(rule, self._decisions, self._state) if rule else ()

    def apply(self, incidents: Iterable[Incident], encoded: Iterable[bytes] = ()) -> None:
        """Take records into the working state, in place of earlier ones of the same ids.

        `encoded` are the same records as they were written, where the caller has them: so none is encoded twice.
        """
        for incident, written in zip_longest(incidents, encoded):
            self._state.put(incident, written)
            self._unsettled |= self._decisions.naming(report.id for report in incident.reports)

    def index_of(self, incident: Incident) -> bytes:
        """Return what is to be written beside a planned record, so that whoever recovers needn't work it out."""
        return self._state.packed_index(incident)

    def quiet(self, limit: int) -> tuple[Incident, ...]:
        """Return some records of closed incidents that are still in memory; `left_of` and `apply` put them away."""
        return self._state.quiet(limit)

    def left_of(self, incident: Incident, offset: int) -> Incident:
        """Return what is left in the state of a closed incident whose record stands at an offset elsewhere."""
        return self._state.left_of(incident, offset)

    def lend(self, incident: Incident) -> None:
        """Have at hand the record of a closed incident that `plan` or `decide` found away (`AwayError`)."""
        self._state.records.lend(incident)

    def give_back(self) -> None:
        """Let go of the records that were lent and not changed."""
        self._state.records.give_back()

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

    def _begin(self, incidents: Iterable[Incident | Written]) -> dict[str, str]:
        """Take the records; return the merges that a dying worker left half written: only the older one's record."""
        merges: dict[str, str] = {}
        with without_collection():
            for known in incidents:
                if isinstance(known, Written):
                    merges |= self._state.restore(known)
                else:
                    self._state.put(known)
                    merges |= {merge.incident_id: known.id for merge in known.merges}
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
            if not self._decisions.bars(report.id, incident)
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
        matches = self._matches(draft, batch, report)
        if not matches:
            return None
        target = self._likeliest(report, matches)
        known = (*self._state.members(target.id), self._state.profiles.of(report))
        for match in matches:
            if match.incident_id == target.id or not self._is_same(match, target.id, known):
                continue
            other = self._state.records[match.incident_id]
            if self._may_be_one(target, other):
                older, younger = sorted((target, other), key=age)
                draft.merge(younger, older, report)
                target = older
        return target.id

    def _likeliest(self, report: Report, matches: Sequence[_Match]) -> Incident:
        """Return the likeliest incident from whose reports no split keeps a report; else the likeliest of all.

        In a replay a report that joined two incidents goes where the split of these left it.
        """
        likeliest = self._state.records[matches[0].incident_id]
        if not self._decisions.names(report.id):
            return likeliest
        found = (self._state.records[match.incident_id] for match in matches)
        return next((known for known in found if not self._decisions.apart((report,), known.reports)), likeliest)

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
        return not self._decisions.names(report.id) or not self._decisions.bars(
            report.id, self._state.records[incident_id]
        )

    def _may_be_one(self, one: Incident, other: Incident) -> bool:
        """Say whether neither an article nor a person parts two incidents."""
        if {report.article_id for report in one.reports} & {report.article_id for report in other.reports}:
            return False
        return not self._decisions.apart(one.reports, other.reports)

    def _is_same(self, match: _Match, target: str, known: Sequence[Profile]) -> bool:
        """Say whether another incident that a report may belong to is the one that it joins, by all that is known."""
        members, weights = self._state.members, self._weights
        other = members(match.incident_id)
        on_the_whole = match.score >= weights.merge and sameness(weights, members(target), other) >= weights.join
        return on_the_whole or self._are_parts(other, known)

    def _are_parts(self, members: Sequence[Profile], known: Sequence[Profile]) -> bool:
        """Say whether each of an incident's few reports, left apart when little was known, belongs to what is now."""
        if len(members) > min(FEW, len(known) - 1):
            return False
        weights = self._weights
        return all(belonging(weights, unpack(member), known, weights.merge) >= weights.merge for member in members)

    def _closest(self, report: Report, before: Sequence[Incident]) -> str | None:
        """Return the incident of an article that an outdated report of it is nearest to."""
        scored = [
            (self._likeness(report, former), incident.id)
            for incident in before
            for former in last_told(incident, report.article_id)
        ]
        return max(scored)[1] if scored else None
