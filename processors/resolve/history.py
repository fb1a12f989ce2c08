"""An incident's history: its events in canonical order, and what each of them changed.

An event is a report revision, a report that left, a merge, or a decision that was obeyed.  The order is by time of
report and then by ids, never by arrival, so that the same events give the same history however they arrived.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from contracts.records import Change, Departure, Merge, Report, Ruling, Toll
from contracts.vocabulary import Agreement, Measure
from processors.resolve.tolls import Summary, summarise

Event = Report | Departure | Merge | Ruling

EARLIEST = datetime.min.replace(tzinfo=UTC)
"""Where events of unknown time stand: before all others."""

FIRST_KEPT = 50
LAST_KEPT = 150
"""Changes that a long history keeps; those between are left out, and the numbers show it."""

NOTHING = Summary(tolls={}, agreement=Agreement.SINGLE_SOURCE, claimants=())


def in_order(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return reports in canonical order: by `reported`, then by id; equal ones keep theirs."""
    return tuple(sorted(reports, key=lambda report: (report.reported or EARLIEST, report.id)))


def events(
    reports: Sequence[Report],
    superseded: Sequence[Report],
    departures: Sequence[Departure],
    merges: Sequence[Merge],
    rulings: Sequence[Ruling],
) -> list[Event]:
    """Return the events in canonical order; at equal times older revisions come first and decisions last."""
    ranked: list[tuple[datetime, int, str, Event]] = []
    ranked += [(report.reported or EARLIEST, 0, report.id, report) for report in superseded]
    ranked += [(report.reported or EARLIEST, 1, report.id, report) for report in reports]
    ranked += [(left.at or EARLIEST, 2, left.report_id, left) for left in departures]
    ranked += [(merge.at or EARLIEST, 3, merge.incident_id, merge) for merge in merges]
    ranked += [(ruling.at, 4, ruling.decision_id, ruling) for ruling in rulings]
    return [event for *_, event in sorted(ranked, key=lambda entry: entry[:3])]


def history(
    happened: Sequence[Event], known: Sequence[Change], now: Summary, copied: Mapping[str, str]
) -> tuple[Change, ...]:
    """Return the changes, one an event, that lead from nothing to `now`; of very many, the first and the last.

    Known changes are kept as far as their events come first, so that a new report costs no more than its own line.
    """
    count, kept = _still_true(happened, known)
    current: dict[str, Report] = {}
    for event in happened[:count]:
        _apply(event, current)
    changes = list(kept)
    before = Summary(kept[-1].tolls, kept[-1].agreement, ()) if kept else NOTHING
    for number, event in enumerate(happened[count:], start=count + 1):
        sentences = _apply(event, current)
        if not _is_kept(number, len(happened)):
            continue
        after = now if number == len(happened) else _summary(current, copied)
        sentences += _differences(before, after)
        changes.append(_change(number, event, tuple(sentences), after))
        before = after
    return tuple(change for change in changes if _is_kept(change.number, len(happened)))


def _is_kept(number: int, total: int) -> bool:
    return number <= FIRST_KEPT or number > total - LAST_KEPT


def _still_true(happened: Sequence[Event], known: Sequence[Change]) -> tuple[int, list[Change]]:
    """Return how many events are known to come first, and the changes kept of them.

    What a shortened history left out is taken to be as it was, as long as the change after the gap is.
    """
    kept: list[Change] = []
    for change in known:
        event = happened[change.number - 1] if change.number <= len(happened) else None
        seen = Summary(change.tolls, change.agreement, ())
        if event is None or _change(change.number, event, change.what, seen) != change:
            break
        kept.append(change)
    return (kept[-1].number if kept else 0), kept


def _summary(current: Mapping[str, Report], copied: Mapping[str, str]) -> Summary:
    told = in_order(current.values())
    return summarise(told, {copy: original for copy, original in copied.items() if original in current})


def _apply(event: Event, current: dict[str, Report]) -> list[str]:
    """Let an event change what is currently told; return what it says for people."""
    match event:
        case Departure():
            current.pop(event.report_id, None)
            return [event.why]
        case Merge():
            return [f"incident {event.incident_id} turned out to be the same"]
        case Ruling():
            return [event.what]
    before = current.get(event.id)
    current[event.id] = event
    teller = event.outlet or "an article"
    if before is None:
        return [f"reported by {teller}"]
    if before.article_revision == event.article_revision and before.extractor != event.extractor:
        return [f"the report by {teller} was read anew by {event.extractor}"]
    return [f"{teller} edited its report"]


def _change(number: int, event: Event, what: tuple[str, ...], after: Summary) -> Change:
    if isinstance(event, Ruling):
        return Change(
            number=number,
            at=event.at,
            report_id="",
            article_id="",
            article_revision="",
            outlet=None,
            what=what,
            tolls=after.tolls,
            agreement=after.agreement,
            decision_id=event.decision_id,
        )
    return Change(
        number=number,
        at=event.reported if isinstance(event, Report) else event.at,
        report_id=event.id if isinstance(event, Report) else event.report_id,
        article_id=event.article_id,
        article_revision=event.article_revision,
        outlet=event.outlet,
        what=what,
        tolls=after.tolls,
        agreement=after.agreement,
    )


def _differences(before: Summary, after: Summary) -> list[str]:
    """Return what became different in tolls and agreement, in short sentences."""
    lines = []
    for measure in Measure:
        was, now = before.tolls.get(measure), after.tolls.get(measure)
        if was != now:
            lines.append(f"{measure} {_words(now)}" if was is None else f"{measure} {_words(was)} → {_words(now)}")
    if before.tolls and before.agreement != after.agreement:
        lines.append(f"{_label(before.agreement)} → {_label(after.agreement)}")
    return lines


def _label(agreement: Agreement) -> str:
    return agreement.value.replace("_", " ")


def _words(toll: Toll | None) -> str:
    """Return a toll for people: "28", "28 or more", "28 to 40"."""
    if toll is None:
        return "unknown"
    if toll.high is None:
        return f"{toll.low} or more"
    return str(toll.low) if toll.low == toll.high else f"{toll.low} to {toll.high}"
