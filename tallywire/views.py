"""How incidents look in a terminal."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.records import Decision
from contracts.vocabulary import Agreement, DecisionKind, Measure
from sinks.claim_documents import ClaimDocument
from sinks.fields import FlatTolls, in_words
from sinks.incident_documents import IncidentDocument, RevisionDocument
from tallywire.decisions import undone

AGREEMENT_STYLES = {
    Agreement.SINGLE_SOURCE: "yellow",
    Agreement.CORROBORATED: "green",
    Agreement.DISPUTED: "magenta",
}
NOTHING = "-"


def toll(tolls: FlatTolls, measure: Measure) -> str:
    """Return a toll for people: `28 to 40`, `24 or more`, `5`, or a dash where nobody says any."""
    low, high = getattr(tolls, f"{measure.value}_low"), getattr(tolls, f"{measure.value}_high")
    if low is None:
        return NOTHING
    return figure(low, high)


def figure(low: int, high: int | None) -> str:
    """Return a figure for people: `28 to 40`, `24 or more`, `5`."""
    if high is None:
        return f"{low} or more"
    return str(low) if low == high else f"{low} to {high}"


def days(start: date | None, end: date | None) -> str:
    """Return a span of days as an ISO 8601 interval, what both ends share said once: `2017-09-29/30`."""
    if start is None:
        return NOTHING
    if end is None or end == start:
        return start.isoformat()
    if (end.year, end.month) == (start.year, start.month):
        return f"{start.isoformat()}/{end.day:02}"
    return f"{start.isoformat()}/{end.isoformat() if end.year != start.year else end.strftime('%m-%d')}"


def moment(at: datetime | None) -> str:
    """Return a moment for people, in UTC to the minute."""
    return NOTHING if at is None else at.strftime("%Y-%m-%d %H:%M")


def place(incident: IncidentDocument) -> str:
    """Return where an incident was, from the town to the country."""
    parts = (incident.place_name, incident.admin1, incident.country)
    return ", ".join(dict.fromkeys(part for part in parts if part)) or NOTHING


def incident_table(incidents: Iterable[IncidentDocument]) -> Table:
    """Return incidents as a table, a row each."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("what")
    table.add_column("where", min_width=12, overflow="fold")
    table.add_column("when", no_wrap=True)
    table.add_column("killed", no_wrap=True)
    table.add_column("injured", no_wrap=True)
    table.add_column("agreement")
    table.add_column("outlets", justify="right", no_wrap=True)
    table.add_column("incident", no_wrap=True, style="dim", min_width=24)
    for incident in incidents:
        table.add_row(
            in_words(incident.event_type),
            escape(place(incident)),
            days(incident.start, incident.end),
            toll(incident, Measure.KILLED),
            toll(incident, Measure.INJURED),
            Text(in_words(incident.agreement), AGREEMENT_STYLES[incident.agreement]),
            str(len(incident.outlets)),
            incident.id,
        )
    return table


def incident_view(
    incident: IncidentDocument, claims: Sequence[ClaimDocument], revisions: Sequence[RevisionDocument]
) -> RenderableType:
    """Return one incident whole: what, where, when, who says how many, how that changed, and where it stands."""
    return Group(
        Text(incident.title or in_words(incident.event_type), style="bold"),
        Text(f"{in_words(incident.event_type)}, {place(incident)}, {days(incident.start, incident.end)}"),
        Text(_standing(incident), AGREEMENT_STYLES[incident.agreement]),
        *_section("Who says how many", _claims(claims)),
        *_section("Who did it", _perpetrators(incident)),
        *_section("Who took part", _actors(incident)),
        *_section("How it changed", _history(revisions)),
        *_section("Articles", _articles(incident)),
        *_section("Figures that don't count, and why", _rejected(incident)),
    )


def revision_view(revisions: Sequence[RevisionDocument], at: datetime) -> RenderableType:
    """Return an incident's toll as it was known at a time, and the changes up to then."""
    known = [revision for revision in revisions if revision.at is None or revision.at <= at]
    if not known:
        return Text(f"At {moment(at)} nobody had told of it yet.")
    last = known[-1]
    return Group(
        Text(last.title, style="bold"),
        Text(
            f"as known at {moment(at)}: {_tolls(last)} ({in_words(last.agreement)})", AGREEMENT_STYLES[last.agreement]
        ),
        *_section("How it had changed", _history(known)),
    )


def decision_table(decisions: Sequence[Decision]) -> Table:
    """Return decisions as a table, a row each."""
    void = undone(decisions)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("when", "by", "what", "state", "decision"):
        table.add_column(column, no_wrap=column != "what", overflow="fold")
    for decision in decisions:
        reason = f": {decision.reason}" if decision.reason else ""
        table.add_row(
            moment(decision.at),
            escape(decision.by or NOTHING),
            escape(f"{_decided(decision)}{reason}"),
            f"undone by {void[decision.id]}" if decision.id in void else "counts",
            decision.id,
        )
    return table


def _decided(decision: Decision) -> str:
    if decision.undoes is not None:
        return f"undo {decision.undoes}"
    left, right = len(decision.reports), len(decision.others)
    if decision.kind is DecisionKind.MERGE:
        return f"merge: {_reports(left)} of the one incident, {_reports(right)} of the other"
    return f"split: {_reports(left)} from {_reports(right)}"


def _reports(count: int) -> str:
    return "1 report" if count == 1 else f"{count} reports"


def _section(heading: str, body: Table) -> tuple[RenderableType, ...]:
    if not body.row_count:
        return ()
    return (Text(f"\n{heading}", style="bold"), Padding(body, (0, 0, 0, 2)))


def _standing(incident: IncidentDocument) -> str:
    spelled = f"; also spelled {', '.join(incident.places[1:])}" if len(incident.places) > 1 else ""
    return f"{_tolls(incident)} ({in_words(incident.agreement)}{spelled})"


def _tolls(tolls: FlatTolls) -> str:
    given = [measure for measure in Measure if getattr(tolls, f"{measure.value}_low") is not None]
    return ", ".join(f"{measure.value} {toll(tolls, measure)}" for measure in given) or "no toll"


def plain_table(*columns: str) -> Table:
    """Return a table without lines or headings, with a column for each style."""
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for style in columns:
        table.add_column(style=style or None, overflow="fold")
    return table


def _claims(claims: Sequence[ClaimDocument]) -> Table:
    """Return a row for each figure that somebody says, with every outlet that tells it so."""
    told: dict[tuple[object, ...], list[ClaimDocument]] = {}
    for claim in claims:
        same = (claim.current, claim.said_by, claim.measure, claim.low, claim.high, claim.whose, claim.subset)
        told.setdefault(same, []).append(claim)
    table = plain_table("", "", "bold", "dim", "", "dim")
    for alike in told.values():
        claim = alike[0]
        whose = f" {claim.whose}" if claim.whose else ""
        part = " (a part)" if claim.subset else ""
        outlets = dict.fromkeys(one.outlet for one in alike if one.outlet and one.outlet != claim.said_by)
        table.add_row(
            escape(claim.said_by or NOTHING),
            claim.measure.value,
            f"{figure(claim.low, claim.high)}{escape(whose)}{part}",
            "now" if claim.current else "before",
            escape(f"“{claim.sentence}”"),
            escape(f"in {', '.join(outlets)}" if outlets else ""),
        )
    return table


def _perpetrators(incident: IncidentDocument) -> Table:
    table = plain_table("", "", "dim")
    for perpetrator in incident.perpetrators:
        by = f"by {perpetrator.alleged_by}" if perpetrator.alleged_by else ""
        denies = "denies it" if perpetrator.denies else ""
        note = ", ".join(part for part in (by, denies) if part)
        table.add_row(escape(perpetrator.name), perpetrator.status.value, escape(note))
    return table


def _actors(incident: IncidentDocument) -> Table:
    table = plain_table("", "")
    for actor in incident.actors:
        table.add_row(escape(actor.name), escape(actor.role))
    return table


def _history(revisions: Sequence[RevisionDocument]) -> Table:
    table = plain_table("dim", "", "")
    for revision in revisions:
        table.add_row(moment(revision.at), escape(revision.outlet or NOTHING), escape("; ".join(revision.what)))
    return table


def _articles(incident: IncidentDocument) -> Table:
    table = plain_table("dim", "", "", "dim", "dim")
    for report in incident.reports:
        copy = "copy" if report.copy_of else ""
        outlet = escape(report.outlet or NOTHING)
        table.add_row(
            moment(report.published), outlet, escape(report.url or report.title), copy, f"report {report.id}"
        )
    return table


def _rejected(incident: IncidentDocument) -> Table:
    table = plain_table("bold", "", "dim")
    figures = dict.fromkeys((line.words, line.reason, line.sentence) for line in incident.rejected)
    for words, reason, sentence in figures:
        table.add_row(escape(words), in_words(reason), escape(f"“{sentence}”"))
    return table
