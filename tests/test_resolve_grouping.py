"""Which reports of an incident a newcomer is held against, and when a lone report is looked at again."""

from dataclasses import dataclass, field
from itertools import combinations
from math import inf

import pytest

from contracts.records import Incident
from processors.resolve import Resolver
from processors.resolve.grouping import belonging
from processors.resolve.profile import Newcomer, Profile, profile_of, unpack
from processors.resolve.weights import Weights, default_weights
from tests.test_resolve_properties import batch, report

STRANGER = -5.0


@dataclass(frozen=True)
class Told(Weights):
    """Weights under which two reports of the world's first event have the score that is told."""

    scores: dict[frozenset[str], float] = field(default_factory=dict)

    def score(self, a: Newcomer, b: Profile, floor: float = -inf) -> float:  # noqa: ARG002 - all are told whole
        """Return what was told of the two, whatever they say."""
        return self.scores.get(frozenset((a.profile.report_id, b.report_id)), STRANGER)


def told(scores: dict[tuple[int, int], float]) -> Told:
    """Return weights that give the reports of two outlets a score."""
    usual = default_weights()
    return Told(
        prior=usual.prior,
        levels=usual.levels,
        join=usual.join,
        merge=usual.merge,
        reopen=usual.reopen,
        stay=usual.stay,
        scores={frozenset(report(0, outlet).id for outlet in pair): score for pair, score in scores.items()},
    )


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param([2.0], 2.0, id="one report"),
        pytest.param([2.0, -1.0], 0.5, id="two reports"),
        pytest.param([2.0, -6.0, 1.0, 3.0], 2.0, id="a story that moved on: its farthest report doesn't count"),
        pytest.param([5.0, -2.0, -4.0, -3.0], 0.0, id="one resemblance is no proof"),
    ],
)
def test_newcomer_is_held_against_the_nearest_reports(scores: list[float], expected: float) -> None:
    """The three that are most alike speak for an incident, so that neither its past nor one chance link decides."""
    pairs = {(0, 1 + number): score for number, score in enumerate(scores)}
    members = [profile_of(report(0, outlet)) for _, outlet in pairs]
    assert belonging(told(pairs), unpack(profile_of(report(0, 0))), members) == pytest.approx(expected)


def standing(scores: dict[tuple[int, int], float], order: tuple[int, ...]) -> list[Incident]:
    """Return the incidents that stand after some outlets' reports, in an order."""
    resolver = Resolver(weights=told(scores))
    records: dict[str, Incident] = {}
    for outlet in order:
        planned = resolver.plan(batch(report(0, outlet)))
        resolver.apply(planned)
        records |= {incident.id: incident for incident in planned}
    return [incident for incident in records.values() if incident.merged_into is None]


LINKS = {(0, 1): 0.7, (0, 2): 1.8, (1, 2): 2.0}
"""Two first reports that know too little to be taken for the same, and a third one that tells of both."""


def test_report_left_alone_is_looked_at_again() -> None:
    """Once a later report says more, a lone one joins the incident that it belongs to; the record says why."""
    (incident,) = standing(LINKS, (0, 1, 2))
    assert {told.id for told in incident.reports} == {report(0, outlet).id for outlet in range(3)}
    assert [merge.report_id for merge in incident.merges] == [report(0, 2).id]


def test_report_left_alone_stays_so_without_a_link() -> None:
    """A newcomer that may not tell of a lone report gives no cause to look at it."""
    incidents = standing({**LINKS, (0, 2): -0.5, (0, 1): 0.5}, (0, 1, 2))
    assert sorted(len(incident.reports) for incident in incidents) == [1, 2]


def test_few_reports_are_looked_at_one_by_one() -> None:
    """An incident of few reports is merged when each of them belongs to what is known now, and not on the whole."""
    scores = dict.fromkeys(combinations(range(5), 2), 0.6) | {(0, 1): 2.0, (2, 3): 2.0, (0, 4): 2.6, (1, 4): 2.6}
    (incident,) = standing(scores | {(2, 4): 2.5, (3, 4): 2.5}, (0, 1, 2, 3, 4))
    assert len(incident.reports) == len(incident.outlets) == 5
    parted = standing(scores | {(2, 4): 2.5, (3, 4): 1.8}, (0, 1, 2, 3, 4))
    assert sorted(len(incident.reports) for incident in parted) == [2, 3]
