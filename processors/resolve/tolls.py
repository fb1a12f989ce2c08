"""An incident's tolls across independent claimants; `docs/resolution.md` states the rule in full.

Every outlet and every claimant that an outlet names is one voice; a copy speaks with its original's voice.  A voice
stands by the last figure that it gave: an older one is superseded, not in dispute.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.records import Claim, Report, Toll
from contracts.vocabulary import Agreement, Measure
from processors.resolve.claimants import Claimants, own_claims, sources

ATTACKERS = "attackers"

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one voice says last of one measure, for the whole incident."""

    claimant: str
    measure: Measure
    low: int
    high: int | None
    vague: bool
    """Said in words that name no number, such as "dozens"."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the current reports of an incident amount to."""

    tolls: dict[Measure, Toll]
    agreement: Agreement
    claimants: tuple[str, ...]


def summarise(reports: Sequence[Report], copies: Mapping[str, str]) -> Summary:
    """Return tolls, agreement and claimants of reports in canonical order."""
    told_by = sources(reports, copies)
    figures = standing_figures(reports, told_by)
    by_measure: dict[Measure, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_measure[figure.measure].append(figure)
    tolls = {measure: _toll(by_measure[measure]) for measure in Measure if measure in by_measure}
    claimants = tuple(dict.fromkeys(figure.claimant for figure in figures))
    return Summary(
        tolls=tolls,
        agreement=_agreement(by_measure.values(), set(told_by.values())),
        claimants=claimants or tuple(dict.fromkeys(told_by.values())),
    )


def standing_figures(reports: Sequence[Report], told_by: Mapping[str, str]) -> tuple[Figure, ...]:
    """Return the figure that each voice stands by, in the order in which they were given.

    `told_by` says in whose name each report is told, by its id: see `claimants.sources`.
    """
    names = Claimants()
    standing: dict[tuple[str, Measure], Figure] = {}
    for report in reports:
        for claimant, measure, claims in _voices(report, told_by[report.id], names):
            standing.pop((claimant, measure), None)
            standing[claimant, measure] = _figure(report, claimant, measure, claims)
    return tuple(standing.values())


def _voices(report: Report, source: str, names: Claimants) -> Iterator[tuple[str, Measure, Sequence[Claim]]]:
    """Yield each voice of a report with its claims about all of the incident, by measure."""
    if not report.claims:
        return
    grouped: dict[tuple[str, Measure], list[Claim]] = defaultdict(list)
    quoted = [claim for claim in report.claims if claim.claimant]
    for claim in (*own_claims(report), *quoted):
        if not claim.subset:
            grouped[names.name(claim.claimant or source), claim.measure].append(claim)
    for (claimant, measure), claims in grouped.items():
        victims = [claim for claim in claims if claim.whose != ATTACKERS]
        yield claimant, measure, victims or claims


def _figure(report: Report, claimant: str, measure: Measure, claims: Sequence[Claim]) -> Figure:
    """Return the one figure of a voice: the sum over groups of people, else the one the report settles on."""
    if len(claims) == 1:
        return Figure(claimant, measure, claims[0].low, claims[0].high, _vague(claims[0]))
    by_group = {claim.whose: claim for claim in sorted(claims, key=lambda claim: claim.low)}
    if len(by_group) > 1 and None not in by_group:
        low = sum(claim.low for claim in by_group.values())
        highs = [claim.high for claim in by_group.values()]
        high = None if None in highs else sum(value for value in highs if value is not None)
        return Figure(claimant, measure, low, high, any(_vague(claim) for claim in claims))
    settled = report.tolls.get(measure)
    chosen = max(claims, key=lambda claim: (settled is not None and claim.low == settled.best, claim.low))
    return Figure(claimant, measure, chosen.low, chosen.high, _vague(chosen))


def _vague(claim: Claim) -> bool:
    return claim.low != claim.high and claim.low >= 2 and not _DIGIT.search(claim.words)  # noqa: PLR2004 - "one or more" is exact enough


def _toll(figures: Sequence[Figure]) -> Toll:
    """Return least, greatest and best figure of independent voices for one measure.

    Exact figures go before vague ones.  `high` stays open only while every voice gives the same open figure.
    """
    if len(figures) == 1:
        return Toll(low=figures[0].low, high=figures[0].high, best=_point(figures[0]))
    exact = [figure for figure in figures if not figure.vague] or list(figures)
    tops = [figure.low if figure.high is None else figure.high for figure in exact]
    low = min(figure.low for figure in exact)
    single_and_open = len(set(tops)) == 1 and any(figure.high is None for figure in exact)
    votes = Counter(_point(figure) for figure in exact)
    last = {_point(figure): position for position, figure in enumerate(exact)}
    best = max(votes, key=lambda point: (votes[point], last[point]))
    return Toll(low=low, high=None if single_and_open else max(tops), best=best)


def _point(figure: Figure) -> int:
    """Return the figure's one number: "up to 30" (1 to 30) speaks of 30, "at least 30" (open) too."""
    return figure.low if figure.high is None else figure.high


def _agreement(measures: Iterable[Sequence[Figure]], told_by: set[str]) -> Agreement:
    """Return whether independent voices give different figures, or the same, or whether there is but one."""
    exact = [[figure for figure in figures if not figure.vague] for figures in measures]
    if any(len({_point(figure) for figure in figures}) > 1 for figures in exact):
        return Agreement.DISPUTED
    voices = {figure.claimant for figures in exact for figure in figures} or told_by
    shared = any(len(figures) > 1 for figures in exact) or (len(voices) > 1 and not any(exact))
    return Agreement.CORROBORATED if shared else Agreement.SINGLE_SOURCE
