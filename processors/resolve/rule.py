"""Making the incidents follow a decision, and taking it back when it is void.

Following is safe to repeat: an incident that follows already is left as it is, so that a worker that died half-way
needs no memory of how far it came.
"""

from collections.abc import Sequence

from contracts.records import DecidedReport, Incident
from contracts.vocabulary import DecisionKind
from processors.resolve.decisions import Decisions, Rule
from processors.resolve.draft import Draft
from processors.resolve.history import EARLIEST
from processors.resolve.state import State


def follow(rule: Rule, decisions: Decisions, state: State) -> tuple[Incident, ...]:
    """Return the records to write so that the incidents follow a rule; none where they do already."""
    draft = Draft(state.records)
    if rule.decision.kind is DecisionKind.MERGE:
        if rule.counts:
            _merge(rule, decisions, draft, state)
        else:
            _part(rule, draft, state)
    elif rule.counts:
        _split(rule, decisions, draft, state)
    else:
        _rejoin(rule, draft, state)
    return draft.records()


def holders(reports: Sequence[DecidedReport], state: State) -> list[Incident]:
    """Return the standing incidents that hold any of the reports now, each once, the oldest first."""
    found = {
        incident.id: incident
        for wanted in reports
        for incident in state.of_article(wanted.article_id)
        if any(report.id == wanted.report_id for report in incident.reports)
    }
    return sorted(found.values(), key=age)


def age(incident: Incident) -> tuple[object, ...]:
    """Return what incidents are ordered by, the oldest first."""
    return (incident.first_reported or EARLIEST, incident.id)


def _merge(rule: Rule, decisions: Decisions, draft: Draft, state: State) -> None:
    """Merge the incidents of the second group, and pieces of the first, into that of the first."""
    ones, others = holders(rule.decision.reports, state), holders(rule.decision.others, state)
    if not ones or not others:
        return
    into, held = ones[0], list(ones[0].reports)
    for other in {incident.id: incident for incident in (*ones, *others) if incident.id != into.id}.values():
        if not decisions.apart_since(rule, held, other.reports):
            draft.merge(other, into, rule.cause)
            held += other.reports


def _part(rule: Rule, draft: Draft, state: State) -> None:
    """Let the incidents that a merge took in stand again."""
    for incident in holders(rule.decision.reports, state):
        if _is_to_follow(rule, incident):
            for gone in _merged_away(rule, incident, state):
                draft.part(incident, gone, rule.others, rule.cause)


def _merged_away(rule: Rule, into: Incident, state: State) -> list[Incident]:
    """Return the records of the incidents that a decision merged into another."""
    named = sorted({wanted.article_id for wanted in rule.decision.others})
    found = {
        known.id: known
        for article in named
        for known in state.merged_away(article)
        if state.final(known.id) == into.id and not rule.others.isdisjoint(report.id for report in known.reports)
    }
    return [known for known in found.values() if known.merged_into not in found]


def _split(rule: Rule, decisions: Decisions, draft: Draft, state: State) -> None:
    """Let the first group leave every incident that holds reports of both."""
    for incident in holders(rule.decision.reports, state):
        leaving = [report for report in incident.reports if report.id in rule.ones]
        staying = [report for report in incident.reports if report.id not in rule.ones]
        if rule.others.isdisjoint(report.id for report in staying):
            continue
        if not decisions.bound_since(rule, leaving, staying):
            draft.split(incident, leaving, _part_of(rule, incident, state), rule.cause)


def _part_of(split: Rule, incident: Incident, state: State) -> str:
    """Return the incident that those who leave go to: that of the split, or what it turned out to be."""
    if split.part_id not in state.records:
        return split.part_id
    final = state.final(split.part_id)
    return split.part_id if final == incident.id else final


def _rejoin(rule: Rule, draft: Draft, state: State) -> None:
    """Let the reports that a split sent away come back."""
    stayed = [incident for incident in holders(rule.decision.others, state) if _is_to_follow(rule, incident)]
    for part in holders(rule.decision.reports, state):
        back = next((incident for incident in stayed if incident.id != part.id), None)
        if back is not None and _is_to_follow(rule, part):
            named = [report for report in part.reports if part.id == rule.part_id or report.id in rule.ones]
            draft.rejoin(back, part, named, rule.cause)


def _is_to_follow(rule: Rule, incident: Incident) -> bool:
    """Say whether an incident followed an earlier state of the rule, and not the present one."""
    chain = {decision.id for decision in rule.chain}
    obeyed = [ruling.decision_id for ruling in incident.rulings if ruling.decision_id in chain]
    return bool(obeyed) and obeyed[-1] != rule.cause.id
