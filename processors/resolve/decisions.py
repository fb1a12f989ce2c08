"""What people decided, in its order: what counts now, and what it means for a report and an incident.

A decision names reports.  A merge binds two groups of reports together, a split keeps two groups apart, and an undo
makes an earlier one void; an undo can be undone as well.  Where two decisions contradict each other, the later one
counts.  `rule` makes the incidents follow.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import attrgetter

from contracts.ids import content_id
from contracts.records import DecidedReport, Decision, Incident, Report
from contracts.vocabulary import DecisionKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A merge or a split, and what became of it."""

    decision: Decision
    counts: bool
    """It isn't void."""
    chain: tuple[Decision, ...]
    """The decision itself, then those that undid it, and those that undid these, in their order."""

    @property
    def cause(self) -> Decision:
        """Return the decision by which it counts, or is void."""
        return self.chain[-1]

    @property
    def ones(self) -> frozenset[str]:
        """Return the ids of the reports of the first group."""
        return ids_of(self.decision.reports)

    @property
    def others(self) -> frozenset[str]:
        """Return the ids of the reports of the second group."""
        return ids_of(self.decision.others)

    @property
    def articles(self) -> list[str]:
        """Return the ids of the articles of both groups, ascending."""
        return sorted({named.article_id for named in (*self.decision.reports, *self.decision.others)})

    @property
    def part_id(self) -> str:
        """Return the id of the incident that a split makes: the same in every replay."""
        return content_id("incident", self.decision.id)


class Decisions:
    """The decisions so far."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._all = {decision.id: decision for decision in decisions}
        self._rules: dict[str, Rule] | None = None
        self._naming: dict[str, list[Rule]] = {}
        self._parts: set[str] = set()
        """Ids of the incidents that splits make."""

    def add(self, decision: Decision) -> None:
        """Take a decision; again has no effect."""
        if decision.id not in self._all:
            self._all[decision.id] = decision
            self._rules = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the merges and splits in the order of what they were decided by last."""
        return tuple(self._known().values())

    def rule(self, decision_id: str) -> Rule | None:
        """Return what became of a merge or a split, given its id or that of one in its chain."""
        root = self._root(decision_id)
        return None if root is None else self._known().get(root)

    def naming(self, report_ids: Iterable[str]) -> set[str]:
        """Return the ids of the merges and splits that name any of these reports."""
        if not self._known():
            return set()
        return {rule.decision.id for report in report_ids for rule in self._naming.get(report, ())}

    def beside(self, decision_id: str) -> set[str]:
        """Return the ids of the merges and splits that may count otherwise once a decision is known: its own too."""
        rule = self.rule(decision_id)
        return self.naming(rule.ones | rule.others) if rule else set()

    def names(self, report_id: str) -> bool:
        """Say whether any decision is about a report."""
        self._known()
        return report_id in self._naming

    def bars(self, report_id: str, incident: Incident) -> bool:
        """Say whether a split that counts keeps a report from joining an incident again."""
        self._known()
        splits = [rule for rule in self._naming.get(report_id, ()) if rule.decision.kind is DecisionKind.SPLIT]
        return any(_bars(rule, report_id, incident, self._parts) for rule in splits if rule.counts)

    def apart(self, reports: Iterable[Report], others: Iterable[Report]) -> bool:
        """Say whether a split that counts keeps any of these reports from any of those."""
        return _are_apart(self._counting(DecisionKind.SPLIT), _ids(reports), _ids(others))

    def apart_since(self, merge: Rule, reports: Iterable[Report], others: Iterable[Report]) -> bool:
        """Say whether a later split, or undo of a merge, keeps any of these reports from any of those."""
        return _are_apart(self._parting_since(merge), _ids(reports), _ids(others))

    def bound_since(self, split: Rule, report_ids: Iterable[str]) -> set[str]:
        """Return the ids of reports that merges later than a split bind to any of these, and their own."""
        place = _place(split)
        merges = [rule for rule in self._counting(DecisionKind.MERGE) if _place(rule) > place]
        bound, before = set(report_ids), -1
        while len(bound) != before:
            before = len(bound)
            for group in (merge.ones | merge.others for merge in merges):
                bound |= group if group & bound else set()
        return bound

    def _counting(self, kind: DecisionKind) -> Iterator[Rule]:
        return (rule for rule in self._known().values() if rule.decision.kind is kind and rule.counts)

    def _parting_since(self, merge: Rule) -> Iterator[Rule]:
        """Yield what is later than a merge and parts reports: splits that count, and merges that are void."""
        place = _place(merge)
        return (
            rule
            for rule in self._known().values()
            if rule.counts is (rule.decision.kind is DecisionKind.SPLIT) and _place(rule) > place
        )

    def _known(self) -> dict[str, Rule]:
        if self._rules is None:
            self._rules = self._made()
            self._parts = {rule.part_id for rule in self._rules.values() if rule.decision.kind is DecisionKind.SPLIT}
            self._naming = defaultdict(list)
            for rule in self._rules.values():
                for report in rule.ones | rule.others:
                    self._naming[report].append(rule)
        return self._rules

    def _made(self) -> dict[str, Rule]:
        """Return each merge and split by its id, in the order of what it was decided by last."""
        ordered = sorted(self._all.values(), key=attrgetter("at", "id"))
        void: set[str] = set()
        for decision in reversed(ordered):
            if decision.undoes is not None and decision.id not in void:
                void.add(decision.undoes)
        chains: dict[str, list[Decision]] = defaultdict(list)
        for decision in ordered:
            root = self._root(decision.id)
            if root is not None:
                chains[root].append(decision)
        rules = [Rule(self._all[root], root not in void, tuple(chain)) for root, chain in chains.items()]
        return {rule.decision.id: rule for rule in sorted(rules, key=_place)}

    def _root(self, decision_id: str) -> str | None:
        """Return the merge or split that a decision is about in the end; None for an undo of what isn't known."""
        met: set[str] = set()
        known = self._all.get(decision_id)
        while known is not None and known.undoes is not None and known.id not in met:
            met.add(known.id)
            known = self._all.get(known.undoes)
        return None if known is None or known.kind is DecisionKind.UNDO else known.id


def ids_of(reports: Iterable[DecidedReport]) -> frozenset[str]:
    """Return the ids of reports that a decision names."""
    return frozenset(report.report_id for report in reports)


def _ids(reports: Iterable[Report]) -> set[str]:
    return {report.id for report in reports}


def _place(rule: Rule) -> tuple[object, str]:
    return (rule.cause.at, rule.cause.id)


def _are_apart(splits: Iterable[Rule], one: set[str], other: set[str]) -> bool:
    return any(
        (split.ones & one and split.others & other) or (split.ones & other and split.others & one) for split in splits
    )


def _bars(split: Rule, report_id: str, incident: Incident, parts: AbstractSet[str]) -> bool:
    """Say whether a report that stays would join the part that left, or one that left would come back.

    A report that was never in the incident isn't barred: a replay lets it join first, as it did, and then leave.
    But where people sent reports away, with this split or another one, none joins that is to be kept from them: the
    two splits would move those reports to and fro.
    """
    told = {known.id for known in incident.reports}
    if report_id in told:
        return False
    if report_id in split.others:
        held = {incident.id, *(merge.incident_id for merge in incident.merges)}
        return split.part_id in held or (not parts.isdisjoint(held) and not split.ones.isdisjoint(told))
    was_told = any(known.id == report_id for known in incident.superseded)
    return was_told and not split.others.isdisjoint(told)
