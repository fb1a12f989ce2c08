"""Decisions of every kind between reports of every kind: obeyed once, recovered, taken back, and nothing is lost."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeAlias

from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts import codec
from contracts.records import ArticleReports, DecidedReport, Decision, Incident, Report
from contracts.vocabulary import DecisionKind
from processors.resolve import Resolver
from processors.resolve.encoded import Written
from processors.resolve.rule import age
from tests.test_resolve_properties import OUTLETS, WORLD, batch, emptied, report

NOON = datetime(2024, 3, 10, 12, tzinfo=UTC)
NOBODY = DecidedReport(article_id="no article", report_id="no report")
some = settings(max_examples=60)


@dataclass(frozen=True)
class Tell:
    """An outlet tells of an event of the world; a later revision tells more, and the last one nothing."""

    event: int
    outlet: int
    revision: int
    toll: int = 0


@dataclass(frozen=True)
class Merge:
    """Decide that two incidents of those that stand are one; their places in the list of all."""

    one: int
    other: int


@dataclass(frozen=True)
class Split:
    """Decide that some reports of an incident tell of another one."""

    incident: int
    leaving: int
    """A bit a report."""


@dataclass(frozen=True)
class Undo:
    """Decide that an earlier decision is void; one may have been undone before, or be an undo."""

    decision: int


@dataclass(frozen=True)
class Baseless:
    """Decide about reports that nobody knows, or undo what nobody decided."""

    kind: DecisionKind


Act: TypeAlias = Merge | Split | Undo | Baseless
Step: TypeAlias = Act | Tell

GONE = 3
"""The revision that tells nothing."""

NUMBER = st.integers(0, 7)
RULES = st.one_of(
    st.builds(Merge, NUMBER, NUMBER),
    st.builds(Split, NUMBER, st.integers(1, 15)),
    st.builds(Baseless, st.sampled_from(DecisionKind)),
)
ACTS = RULES | st.builds(Undo, NUMBER)
TELLS = st.builds(
    Tell,
    st.integers(0, len(WORLD) - 1),
    st.integers(0, len(OUTLETS) - 1),
    st.integers(0, GONE),
    st.integers(0, 1),
)
STEPS = st.lists(TELLS | ACTS, min_size=1, max_size=16)
MANY = st.lists(TELLS, min_size=1, max_size=12)
DECISIONS = st.lists(RULES, max_size=6)


@cache
def told(step: Tell) -> ArticleReports:
    """Return the batch of a step."""
    if step.revision == GONE:
        return emptied(report(step.event, step.outlet, GONE - 1, step.toll))
    return batch(report(step.event, step.outlet, step.revision, step.toll))


@dataclass
class World:
    """A resolver, what it wrote, and what was decided, as the stage and the command line see them."""

    resolver: Resolver = field(default_factory=Resolver)
    records: dict[str, Incident] = field(default_factory=dict)
    indices: dict[str, bytes] = field(default_factory=dict)
    """What stands beside each record."""
    decisions: list[Decision] = field(default_factory=list)
    told: list[ArticleReports] = field(default_factory=list)
    written: list[Incident] = field(default_factory=list)
    """Every record, in the order of the incidents topic."""

    def take(self, step: Step) -> None:
        """Take in a batch, or obey what a person decides now."""
        if isinstance(step, Tell):
            news = told(step)
            if news.reports or any(news.article_id == known.article_id for known in self.told):
                self.hear(news)
            return
        decision = self.decided(step)
        if decision is not None:
            self.obey(decision)

    def hear(self, news: ArticleReports) -> None:
        """Take in a batch and obey what is decided about it, as the stage does."""
        self.told.append(news)
        self.write(self.resolver.plan(news))
        self.settle()

    def obey(self, *decisions: Decision) -> None:
        """Obey new decisions, as the stage does."""
        self.decisions += decisions
        self.resolver.learn(decisions)
        self.settle()

    def settle(self) -> None:
        """Obey what the incidents don't follow now; in the end they follow everything."""
        for decision in self.resolver.due():
            self.write(self.resolver.decide(decision))
        assert list(self.resolver.due()) == [], "decisions that never come to rest"

    def write(self, planned: Iterable[Incident]) -> None:
        """Take what was planned, as once Kafka has it."""
        planned = tuple(planned)
        for incident in planned:
            assert incident.id not in self.records or incident.revision > self.records[incident.id].revision
            self.records[incident.id] = incident
            self.indices[incident.id] = self.resolver.index_of(incident)
            self.written.append(incident)
        self.resolver.apply(planned, encoded(planned))

    def kept(self, *, indexed: bool = True) -> list[Written]:
        """Return the newest records as Kafka has them, with what stands beside them or without."""
        return [
            Written(codec.encode(record), self.indices[known] if indexed else b"")
            for known, record in self.records.items()
        ]

    @property
    def standing(self) -> list[Incident]:
        """Return the incidents that stand and that any article tells of now, in the order of their ids."""
        standing = (self.records[known] for known in sorted(self.records))
        return [incident for incident in standing if incident.merged_into is None and incident.reports]

    def decided(self, act: Act) -> Decision | None:
        """Return what a person who looks at the incidents now decides; None where there is nothing to decide on."""
        number = len(self.decisions)
        fresh = Decision(id=f"d{number}", kind=DecisionKind.UNDO, at=NOON + timedelta(minutes=number))
        standing = self.standing
        match act:
            case Undo() if self.decisions:
                return replace(fresh, undoes=self.decisions[act.decision % len(self.decisions)].id)
            case Merge() if len(standing) > 1:
                pair = {place % len(standing) for place in (act.one, act.other)}
                if len(pair) > 1:
                    older, younger = sorted((standing[place] for place in pair), key=age)
                    return replace(
                        fresh, kind=DecisionKind.MERGE, reports=named(older.reports), others=named(younger.reports)
                    )
            case Split() if standing:
                incident = standing[act.incident % len(standing)]
                leaving = [report for place, report in enumerate(incident.reports) if act.leaving >> place & 1]
                staying = [report for report in incident.reports if report not in leaving]
                if leaving and staying:
                    return replace(fresh, kind=DecisionKind.SPLIT, reports=named(leaving), others=named(staying))
            case Baseless():
                return replace(fresh, kind=act.kind, reports=(NOBODY,), others=(NOBODY,), undoes="no decision")
        return None


def named(reports: Iterable[Report]) -> tuple[DecidedReport, ...]:
    """Return reports as a decision names them."""
    return tuple(DecidedReport(article_id=report.article_id, report_id=report.id) for report in reports)


def lived(steps: Sequence[Step]) -> World:
    """Return a world after some steps."""
    world = World()
    for step in steps:
        world.take(step)
    return world


def content(incident: Incident) -> tuple[object, ...]:
    """Return what an incident rests on, without the decisions."""
    return incident.reports, incident.superseded, incident.departures, incident.merges


def groups(incidents: Iterable[Incident]) -> set[frozenset[str]]:
    """Return the reports that tell of the same incident now."""
    return {frozenset(report.id for report in incident.reports) for incident in incidents}


def encoded(incidents: Iterable[Incident]) -> list[bytes]:
    """Return records as they are encoded."""
    return [codec.encode(incident) for incident in incidents]


@some
@given(STEPS)
def test_what_was_obeyed_is_obeyed_once(steps: list[Step]) -> None:
    """Whoever starts looks at all decisions again, and at any batch that comes again: nothing is written."""
    world = lived(steps)
    before = dict(world.records)
    assert list(world.resolver.due()) == []
    world.obey(*world.decisions)
    assert world.records == before
    for news in list(world.told):
        world.hear(news)
        assert world.records == before


@some
@given(before=STEPS, after=STEPS, indexed=st.booleans())
def test_who_recovers_goes_on_alike(before: list[Step], after: list[Step], *, indexed: bool) -> None:
    """A resolver made of the records and the decisions writes what the undisturbed one writes, byte for byte."""
    undisturbed = lived(before)
    recovered = World(
        Resolver(undisturbed.kept(indexed=indexed)),
        dict(undisturbed.records),
        told=list(undisturbed.told),
    )
    recovered.obey(*undisturbed.decisions)
    assert recovered.records == undisturbed.records
    for step in after:
        undisturbed.take(step)
        recovered.take(step)
    assert encoded(recovered.records.values()) == encoded(undisturbed.records.values())


@some
@given(STEPS)
def test_no_claim_is_lost_by_a_decision(steps: list[Step]) -> None:
    """Every claim of every batch can be found from an incident that stands."""
    world = lived(steps)
    kept = {
        (report.id, report.article_revision, claim)
        for incident in world.records.values()
        if incident.merged_into is None
        for report in (*incident.reports, *incident.superseded)
        for claim in report.claims
    }
    claimed = {
        (report.id, report.article_revision, claim)
        for news in world.told
        for report in news.reports
        for claim in report.claims
    }
    assert claimed <= kept


@some
@given(STEPS)
def test_a_report_is_told_in_one_place(steps: list[Step]) -> None:
    """No decision lets two standing incidents rest on the same report, or lead nowhere."""
    world = lived(steps)
    current = [report.id for incident in world.standing for report in incident.reports]
    assert len(current) == len(set(current))
    for incident in world.records.values():
        met, into = {incident.id}, incident.merged_into
        while into is not None:
            assert into not in met
            met.add(into)
            into = world.records[into].merged_into


@some
@given(MANY, DECISIONS)
def test_undoing_gives_back_what_was(tells: list[Tell], acts: list[Act]) -> None:
    """Merges and splits undone, the last first: each time the incidents hold what they held before it was decided."""
    world = lived(tells)
    before: list[dict[str, Incident]] = []
    for act in acts:
        was = {incident.id: incident for incident in world.standing}
        world.take(act)
        before += [was] * (len(world.decisions) - len(before))
    for number in reversed(range(len(before))):
        world.take(Undo(number))
        after = {incident.id: incident for incident in world.standing}
        assert after.keys() == before[number].keys()
        for incident_id, was_there in before[number].items():
            now = after[incident_id]
            assert (now.reports, now.tolls, now.place) == (was_there.reports, was_there.tolls, was_there.place)


@some
@given(MANY, DECISIONS)
def test_undoing_everything_leaves_no_trace_but_history(tells: list[Tell], acts: list[Act]) -> None:
    """All decisions undone, the last first: also what was said earlier, and what left, is as it was."""
    world = lived(tells)
    before = {incident.id: incident for incident in world.standing}
    for act in acts:
        world.take(act)
    for number in reversed(range(len(world.decisions))):
        world.take(Undo(number))
    assert {incident.id: content(incident) for incident in world.standing} == {
        incident_id: content(was) for incident_id, was in before.items()
    }


@some
@given(STEPS)
def test_a_redirect_leads_to_its_reports(steps: list[Step]) -> None:
    """Whoever asks for an incident that was merged away finds some report of it, whatever was decided since."""
    world = lived(steps)
    for incident in world.records.values():
        final = incident
        while final.merged_into is not None:
            final = world.records[final.merged_into]
        told = {report.id for report in (*final.reports, *final.superseded)}
        assert not incident.reports or any(report.id in told for report in incident.reports)


TWICE_PARTED = [Tell(event, outlet, 0) for event, outlet in ((0, 0), (0, 1), (1, 0), (4, 0), (4, 1), (4, 2), (5, 0))]
"""Reports of which a person parts two from the rest, and then those two."""


@some
@example(TWICE_PARTED, [Merge(1, 3), Split(1, 9), Split(2, 2)])
@given(MANY, DECISIONS)
def test_a_replay_that_knows_the_decisions_groups_alike(tells: list[Tell], acts: list[Act]) -> None:
    """All reports again, with what people decided known from the start, fall into the same groups."""
    world = lived([*tells, *acts])
    replayed = World(Resolver(decisions=world.decisions))
    for news in world.told:
        replayed.hear(news)
    assert groups(replayed.standing) == groups(world.standing)


@some
@given(MANY, DECISIONS)
def test_decisions_learned_at_once_are_obeyed_alike(tells: list[Tell], acts: list[Act]) -> None:
    """A resolver that was away while people decided groups as one that obeyed each at once."""
    world, away = lived([*tells, *acts]), lived(tells)
    away.obey(*world.decisions)
    assert groups(away.standing) == groups(world.standing)


@some
@given(MANY, RULES, RULES)
def test_of_two_decisions_the_later_counts_whichever_comes_first(tells: list[Tell], one: Act, other: Act) -> None:
    """When each was taken counts, and not when the resolver hears of it."""
    world, swapped = lived([*tells, one, other]), lived(tells)
    for decision in reversed(world.decisions):
        swapped.obey(decision)
    assert groups(swapped.standing) == groups(world.standing)
