"""Building an incident's record: a pure function of the reports it rests on and of the events beside them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from contracts.ids import content_id
from contracts.records import Actor, Departure, Incident, Merge, Perpetrator, Place, Report, Ruling, When
from contracts.vocabulary import EventType, PlacePrecision, TimePrecision
from processors.resolve.copies import copies
from processors.resolve.families import FAMILY
from processors.resolve.history import EARLIEST, events, history, in_order
from processors.resolve.tolls import summarise

PLACE_ORDER = tuple(PlacePrecision)
TIME_ORDER = tuple(TimePrecision)
MAX_SPELLINGS = 50
MAX_PERPETRATORS = 30
MAX_ACTORS = 30
PARTY = "party"
"""The role of an actor of whom reports tell several roles."""
MAX_FULL_REPORTS = 150
"""Reports of one incident that are kept whole."""


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that an incident's record follows from."""

    id: str
    reports: tuple[Report, ...]
    superseded: tuple[Report, ...] = ()
    departures: tuple[Departure, ...] = ()
    merges: tuple[Merge, ...] = ()
    rulings: tuple[Ruling, ...] = ()


def content_of(incident: Incident) -> Content:
    """Return what a record was built from."""
    return Content(
        id=incident.id,
        reports=incident.reports,
        superseded=incident.superseded,
        departures=incident.departures,
        merges=incident.merges,
        rulings=incident.rulings,
    )


def build(content: Content, before: Incident | None = None) -> Incident:
    """Return the whole record; `before` is the one that it replaces.

    What the incident is called, where and when follows from the current reports, or from the last ones when edits
    took all of them away.  `revision` counts the events, and grows in any case.
    """
    reports, superseded = bounded(in_order(content.reports)), bounded(in_order(content.superseded))
    shown = reports or superseded
    copied = copies(reports, before.copies if before and len(reports) > MAX_FULL_REPORTS else None)
    summary = summarise(reports, copied)
    types = _by_votes(report.event_type for report in shown)
    happened = events(reports, superseded, content.departures, content.merges, content.rulings)
    known = [report.reported for report in shown if report.reported]
    return Incident(
        id=content.id,
        revision=max(len(happened), before.revision + 1 if before else 1),
        event_type=types[0],
        alternative_types=tuple(types[1:]),
        title=next((report.title for report in reversed(shown) if report.title), ""),
        place=_place(shown),
        when=_when(shown),
        tolls=summary.tolls,
        agreement=summary.agreement,
        perpetrators=_perpetrators(reports),
        actors=_actors(reports),
        spellings=_distinct(name for report in shown for name in report.place.as_written)[:MAX_SPELLINGS],
        outlets=_distinct(report.outlet for report in reports if report.outlet),
        independent_claimants=summary.claimants,
        first_reported=min(known, default=None),
        last_reported=max(known, default=None),
        reports=reports,
        superseded=superseded,
        copies=copied,
        history=history(happened, before.history if before else (), summary, copied),
        departures=content.departures,
        merges=content.merges,
        rulings=content.rulings,
    )


def bounded(reports: tuple[Report, ...]) -> tuple[Report, ...]:
    """Return reports so that a record of thousands stays far below the largest message.

    Of more than `MAX_FULL_REPORTS` those between the first and the last keep what they claim and lose the rest: the
    sentences stand in the articles.
    """
    if len(reports) <= MAX_FULL_REPORTS:
        return reports
    half = MAX_FULL_REPORTS // 2
    return (*reports[:half], *(_slim(report) for report in reports[half:-half]), *reports[-half:])


def _slim(report: Report) -> Report:
    claims = tuple(replace(claim, sentence="") for claim in report.claims)
    return replace(report, claims=claims, rejected=(), actors=(), text_sketch=(), key_terms={}, title="")


def as_of(incident: Incident, at: datetime) -> Incident | None:
    """Return an incident as it was known at a time; None before its first report.

    An article's revision counts from when it was reported.  What never was dated was always known.
    """
    told: dict[str, Report] = {}
    older: list[Report] = []
    for report in in_order((*incident.superseded, *incident.reports)):
        if (report.reported or EARLIEST) <= at:
            if report.id in told:
                older.append(told[report.id])
            told[report.id] = report
    departures = tuple(left for left in incident.departures if (left.at or EARLIEST) <= at)
    gone = {left.report_id for left in departures if _has_left(left, told.get(left.report_id))}
    if not told:
        return None
    return build(
        Content(
            id=incident.id,
            reports=tuple(report for report in told.values() if report.id not in gone),
            superseded=(*older, *(told[report_id] for report_id in sorted(gone))),
            departures=departures,
            merges=tuple(merge for merge in incident.merges if (merge.at or EARLIEST) <= at),
            rulings=tuple(ruling for ruling in incident.rulings if ruling.at <= at),
        )
    )


def _has_left(left: Departure, report: Report | None) -> bool:
    """Say whether a report hadn't come back after it left."""
    return report is not None and (report.reported or EARLIEST) <= (left.at or EARLIEST)


def redirect(incident: Incident, target: str, by: Ruling | None = None) -> Incident:
    """Return the record of an incident that turned out to be another: it keeps its reports and its history.

    Where people decided so, `by` is the last line of that.
    """
    if by is None:
        return replace(incident, merged_into=target, revision=incident.revision + 1)
    content = content_of(incident)
    return replace(build(replace(content, rulings=(*content.rulings, by)), incident), merged_into=target)


def incident_id(report: Report) -> str:
    """Return the id of the incident that a report opens: the same whichever outlet's report comes first.

    The last day counts, since "overnight" and the morning's date end on the same one.
    """
    place, day = report.place, report.when.end or report.when.start
    key = place.gazetteer_id or (place.name or "").casefold()
    if not key or day is None:
        return content_id("incident", report.id)
    return content_id("incident", place.country, key, day.isoformat(), FAMILY[report.event_type])


def own_incident_id(report: Report) -> str:
    """Return another id for a report whose incident's id is taken by a different incident."""
    return content_id("incident", incident_id(report), report.id)


def _by_votes(types: Iterable[EventType]) -> list[EventType]:
    """Return event types, the most reported first; of equal ones the first reported, `other` last."""
    votes = Counter(types)
    return sorted(votes, key=lambda kind: (kind is EventType.OTHER, -votes[kind]))


def _place(reports: Sequence[Report]) -> Place:
    """Return the most precise place; of equally precise ones the most reported, then the first."""
    known = [report.place for report in reports]
    if len(known) == 1 and len(known[0].as_written) <= 1:
        return known[0]
    precision = min((place.precision for place in known), key=PLACE_ORDER.index)
    precise = [place for place in known if place.precision is precision]
    votes = Counter(place.gazetteer_id for place in precise)
    chosen = max(precise, key=lambda place: votes[place.gazetteer_id])
    written = _distinct(name for place in known for name in place.as_written)
    return replace(chosen, as_written=written[:MAX_SPELLINGS])


def _when(reports: Sequence[Report]) -> When:
    """Return the most precise time; of equally precise ones the most reported, then the first."""
    known = [report.when for report in reports]
    if len(known) == 1:
        return known[0]
    precision = min((when.precision for when in known), key=TIME_ORDER.index)
    precise = [when for when in known if when.precision is precision]
    votes: Counter[tuple[date | None, date | None]] = Counter((when.start, when.end) for when in precise)
    return max(precise, key=lambda when: votes[when.start, when.end])


def _perpetrators(reports: Sequence[Report]) -> tuple[Perpetrator, ...]:
    """Return every distinct statement about who did it, in the order in which they were made."""
    return _distinct(who for report in reports for who in report.perpetrators)[:MAX_PERPETRATORS]


def _actors(reports: Sequence[Report]) -> tuple[Actor, ...]:
    """Return every actor that a report names, in that order, once a name whatever its capitals."""
    actors: dict[str, Actor] = {}
    for actor in (one for report in reports for one in report.actors):
        known = actors.setdefault(actor.name.casefold(), actor)
        if known.role != actor.role:
            actors[actor.name.casefold()] = replace(known, role=PARTY)
    return tuple(actors.values())[:MAX_ACTORS]


def _distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
