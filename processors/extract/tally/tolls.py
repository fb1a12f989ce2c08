"""What an incident's claims amount to, a measure.

Parts of other claims don't count, nor do attackers who died with their attack where others died.
A source that counts several groups apart in one statement is taken by their sum.
`low` is the lowest figure of any source.  `high` is the highest figure; it is open (None) only where all that is
said is one open figure.  `best` is the figure that leads the article; `casualties` raises it by people told of
one by one.
"""

from collections.abc import Iterable

from contracts.records import Claim, Span, Toll
from contracts.vocabulary import Measure
from processors.extract.harm.mentions import Mention
from processors.extract.tally.casualties import tally

ATTACKERS = "attackers"


def derive_tolls(claims: Iterable[Claim], mentions: Iterable[Mention]) -> dict[Measure, Toll]:
    """Return the toll of each measure; the claims come in order of their weight."""
    told = [*mentions]
    hit = _spans(m for m in told if m.measure is None) - _spans(m for m in told if m.measure is not None)
    by_measure: dict[Measure, list[Claim]] = {}
    for claim in claims:
        if not claim.subset:
            by_measure.setdefault(claim.measure, []).append(claim)
    for measure, list_of in by_measure.items():
        figures = [c for c in list_of if c.span not in hit]  # who was hit in a limb is counted by `casualties`
        by_measure[measure] = [c for c in figures if c.whose != ATTACKERS] or figures
    tolls = {measure: _toll(list_of) for measure, list_of in by_measure.items() if list_of}
    killed, injured = tolls.get(Measure.KILLED), tolls.get(Measure.INJURED)
    counted = tally(told, killed.best if killed else None, injured.best if injured else None)
    for measure, best in ((Measure.KILLED, counted.killed), (Measure.INJURED, counted.injured)):
        if best is not None:
            tolls[measure] = _with_best(tolls.get(measure), best)
    return tolls


def _spans(mentions: Iterable[Mention]) -> set[Span]:
    return {m.sentence.span(m.group.first, m.group.last) for m in mentions}


def _with_best(toll: Toll | None, best: int) -> Toll:
    if toll is None:
        return Toll(low=best, high=best, best=best)
    high = None if toll.high is None else max(toll.high, best)
    return Toll(low=min(toll.low, best), high=high, best=best)


def _toll(claims: list[Claim]) -> Toll:
    totals = _totals(claims)
    low = min(low for low, _ in totals)
    highest = max(low if high is None else high for low, high in totals)
    opened = any(high is None for _, high in totals)
    distinct = {(low, high) for low, high in totals}
    best_low, best_high = totals[0]
    best = best_low if best_high is None or best_low > 1 else best_high
    return Toll(low=low, high=None if opened and len(distinct) == 1 else highest, best=best)


def _totals(claims: list[Claim]) -> list[tuple[int, int | None]]:
    """Return each source's figure, groups that a sentence counts apart summed, in order of the claims."""
    groups: dict[tuple[str | None, str], list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.claimant, claim.sentence), []).append(claim)
    totals = []
    for group in groups.values():
        if len(group) > 1 and len({claim.whose for claim in group}) == len(group):
            highs = [claim.high for claim in group]
            high = None if None in highs else sum(h for h in highs if h is not None)
            totals.append((sum(claim.low for claim in group), high))
        else:
            totals.extend((claim.low, claim.high) for claim in group)
    return totals
