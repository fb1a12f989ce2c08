"""Whether a report belongs to an incident: its scores against the reports that the incident rests on, combined."""

from collections.abc import Iterable, Sequence
from math import inf

from processors.resolve.encoded import AnyIncident, AnyReport
from processors.resolve.profile import Newcomer, Profile, Profiles, unpack
from processors.resolve.weights import Weights

MAX_PROFILES = 8
"""Reports of an incident that newcomers are compared with: the first half and the last half of its originals."""

NEAREST = 3
"""Reports of an incident whose scores are averaged: those that a newcomer is most alike."""


def members_of(incident: AnyIncident, profiles: Profiles, known: Iterable[Profile] = ()) -> tuple[Profile, ...]:
    """Return the profiles by which an incident is found; by what was last said of it when nothing is current.

    `known` are those of its earlier record, which mostly stay.
    """
    told: Sequence[AnyReport] = incident.reports or incident.superseded
    originals = [report for report in told if report.id not in incident.copies]
    half = MAX_PROFILES // 2
    chosen = originals if len(originals) <= MAX_PROFILES else originals[:half] + originals[-half:]
    return tuple(profiles.of(report, known) for report in chosen)


def belonging(weights: Weights, newcomer: Newcomer, members: Sequence[Profile], floor: float = -inf) -> float:
    """Return the log-odds that a report belongs to an incident: the mean score with its `NEAREST` reports.

    The best alone chains one incident to the next through a round-up, and takes one resemblance of two incidents for
    proof; the mean of all parts a story from its own beginning, as it moves on.  Below the floor the figure is only
    an upper bound.
    """
    scores = [weights.score(newcomer, member, floor) for member in members]
    at_best = max(scores)
    if at_best < floor or len(members) == 1:
        return at_best
    exact = zip(scores, members, strict=True)
    scores = [score if score >= floor else weights.score(newcomer, member) for score, member in exact]
    nearest = sorted(scores, reverse=True)[:NEAREST]
    return sum(nearest) / len(nearest)


def sameness(weights: Weights, one: Sequence[Profile], other: Sequence[Profile]) -> float:
    """Return the log-odds that two incidents are the same: the mean of how well each report belongs across."""
    scores = [belonging(weights, unpack(member), other) for member in one]
    return sum(scores) / len(scores)
