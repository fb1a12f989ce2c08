"""Making the incidents follow a decision, and taking it back when it is void.

Following is safe to repeat: an incident that follows already is left as it is, so that a worker that died half-way
needs no memory of how far it came.
"""

from collections.abc import Sequence

from contracts.records import DecidedReport, Incident, Report
from contracts.vocabulary import DecisionKind
from processors.resolve.decisions import Decisions, Rule
from processors.resolve.draft import Draft, merged_away
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
    """Merge the incidents of both groups into the first of them that no later decision keeps apart from them."""
    ones, others = holders(rule.decision.reports, state), holders(rule.decision.others, state)
    if not ones or not others:
        return
    held: dict[str, list[Report]] = {}
    for incident in {known.id: known for known in (*ones, *others)}.values():
        into = next(
            (key for key, told in held.items() if not decisions.apart_since(rule, told, incident.reports)), None
        )
        if into is None:
            held[incident.id] = list(incident.reports)
        else:
            held[into] += incident.reports
            draft.merge(incident, state.records[into], rule.cause)


def _part(rule: Rule, draft: Draft, state: State) -> None:
    """Let the incidents that a merge took in stand again, wherever their reports are now."""
    for gone in _merged_by(rule, state):
        into = state.records[state.final(gone.id)]
        back = draft.part(into, gone, rule.others, rule.cause)
        _lead(into, back, gone.id, draft, state)


def _merged_by(rule: Rule, state: State) -> list[Incident]:
    """Return the records of the incidents that a decision merged into another, as they themselves say."""
    lines = [merged_away(decision) for decision in rule.chain]
    found = {
        known.id: known
        for article in rule.articles
        for known in state.merged_away(article)
        if known.rulings and known.rulings[-1] in lines
    }
    return [known for known in found.values() if known.merged_into not in found]


def _split(rule: Rule, decisions: Decisions, draft: Draft, state: State) -> None:
    """Let the first group leave every incident that holds reports of both, with what was merged with it since."""
    for incident in holders(rule.decision.reports, state):
        told = {report.id for report in incident.reports}
        leaving = decisions.bound_since(rule, rule.ones & told)
        if told & rule.others and leaving.isdisjoint(rule.others):
            gone = [report for report in incident.reports if report.id in leaving]
            part = _part_of(rule, incident, state)
            draft.split(incident, gone, part, rule.chain)
            _lead(incident, gone, part, draft, state)


def _lead(incident: Incident, gone: Sequence[Report], to: str, draft: Draft, state: State) -> None:
    """Let what was merged into an incident lead to where all of its reports went that the incident had."""
    leaving = {report.id for report in gone}
    staying = {report.id for report in incident.reports} - leaving
    found = {known.id: known for report in gone for known in state.merged_away(report.article_id)}
    for known in found.values():
        told = {report.id for report in known.reports}
        if state.final(known.id) == incident.id and told & leaving and not told & staying:
            draft.lead(known.id, to)


def _part_of(split: Rule, incident: Incident, state: State) -> str:
    """Return the incident that those who leave go to: that of the split, or what it turned out to be."""
    if split.part_id not in state.records:
        return split.part_id
    final = state.final(split.part_id)
    return split.part_id if final == incident.id else final


def _rejoin(rule: Rule, draft: Draft, state: State) -> None:
    """Let the reports that a split sent away come back to where each of them left."""
    for part in holders(rule.decision.reports, state):
        homes = _homes(rule, part, state)
        if part.id == rule.part_id and homes:  # what joined the part since goes along
            first = next(iter(homes.values()))
            homes = {report.id: homes.get(report.id, first) for report in part.reports}
        for home in dict.fromkeys(homes.values()):
            back = [report for report in part.reports if homes.get(report.id) == home]
            draft.rejoin(state.records[home], part, back, rule.chain)
            _lead(part, back, home, draft, state)


def _homes(rule: Rule, part: Incident, state: State) -> dict[str, str]:
    """Return which incident each of a part's reports left because of a split: ids of reports and of incidents."""
    obeyed = {decision.id for decision in rule.chain} - {rule.cause.id}
    told = {report.id for report in part.reports}
    return {
        left.report_id: home.id
        for article in rule.articles
        for home in state.of_article(article)
        if home.id != part.id
        for left in home.departures
        if left.report_id in told and left.decision_id in obeyed
    }
