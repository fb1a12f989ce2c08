"""What must hold for any reports in any order: nothing twice, nothing lost, the same after a restart."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import codec
from contracts.ids import article_id, report_id
from contracts.records import ArticleReports, Claim, Incident, Place, Report, Span, Toll, When
from contracts.vocabulary import EventType, Measure, TimePrecision
from processors.resolve import Resolver
from processors.resolve.encoded import Written
from processors.resolve.offline import cluster
from processors.resolve.profile import profile_of, unpack
from processors.resolve.weights import default_weights
from processors.sketch import key_terms, sketch

WORLD: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "resolve" / "world.json").read_text(encoding="utf-8")
)
OUTLETS = ("Lowland Courier", "Evening Signal", "Radio Meridian", "The Harbour Post", "Daily Beacon")

few = settings(max_examples=30)
"""Each example resolves a dozen batches."""


def report(event: int, outlet: int, revision: int = 0, toll: int = 0) -> Report:
    """Return what an outlet's article tells of an event of the world; a revision tells one fact more."""
    what, teller = WORLD[event], OUTLETS[outlet]
    article = article_id(f"{what['name']}/{teller}")
    rotated = what["facts"][outlet:] + what["facts"][:outlet]
    text = ".\n".join(rotated[: 3 + revision])
    figure = what["killed"] + toll
    claim = Claim(
        measure=Measure.KILLED, low=figure, high=figure, words=str(figure), sentence=text, span=Span(start=0, end=2)
    )
    told = codec.from_builtins({**what["place"], "as_written": [what["place"]["name"]]}, Place)
    day = datetime.fromisoformat(what["day"]).replace(tzinfo=UTC)
    return Report(
        id=report_id(article, 0),
        article_id=article,
        article_revision=f"{revision}/{toll}",
        outlet=teller,
        title=rotated[0],
        reported=day + timedelta(hours=6 + outlet, minutes=30 * revision + toll),
        event_type=EventType(what["event_type"]),
        place=told,
        when=When(start=day.date(), end=day.date(), precision=TimePrecision.DAY),
        claims=(claim,),
        tolls={Measure.KILLED: Toll(low=figure, high=figure, best=figure)},
        text_sketch=sketch(rotated[0], text),
        key_terms=key_terms(rotated[0], text),
        extractor="test",
    )


def batch(told: Report) -> ArticleReports:
    """Return the batch that a report comes in."""
    return ArticleReports(
        article_id=told.article_id,
        article_revision=told.article_revision,
        country=told.place.country or "ZZ",
        reported=told.reported,
        reports=(told,),
    )


def emptied(told: Report) -> ArticleReports:
    """Return the batch of an edit that takes a report away."""
    at = (told.reported or datetime.now(UTC)) + timedelta(hours=12)
    return replace(batch(told), article_revision="gone", reported=at, reports=())


REPORTS = st.builds(
    report,
    event=st.integers(0, len(WORLD) - 1),
    outlet=st.integers(0, len(OUTLETS) - 1),
    revision=st.integers(0, 2),
    toll=st.integers(0, 2),
)


def streamed(batches: list[ArticleReports]) -> list[ArticleReports]:
    """Return what a stream can hold: an article tells nothing only after it told something."""
    told: set[str] = set()
    possible = []
    for each in batches:
        if each.reports:
            told.add(each.article_id)
        if each.article_id in told:
            possible.append(each)
    return possible


BATCHES = st.lists(st.one_of(REPORTS.map(batch), REPORTS.map(emptied)), min_size=1, max_size=12).map(streamed)


def take_in(resolver: Resolver, batches: Sequence[ArticleReports]) -> dict[str, Incident]:
    """Apply batches one by one; return the last record of each incident that changed."""
    records: dict[str, Incident] = {}
    for each in batches:
        planned = resolver.plan(each)
        resolver.apply(planned)
        records.update((incident.id, incident) for incident in planned)
    return records


@few
@given(BATCHES)
def test_batch_applied_twice_changes_nothing(batches: list[ArticleReports]) -> None:
    """A batch that was taken in plans no write when it comes again."""
    resolver = Resolver()
    for each in batches:
        resolver.apply(resolver.plan(each))
        assert resolver.plan(each) == ()


@few
@given(BATCHES)
def test_planning_changes_nothing(batches: list[ArticleReports]) -> None:
    """Planned twice without being applied, a batch gives the same records, byte for byte."""
    resolver = Resolver()
    for each in batches:
        planned = [codec.encode(incident) for incident in resolver.plan(each)]
        again = resolver.plan(each)
        assert [codec.encode(incident) for incident in again] == planned
        resolver.apply(again)


@few
@given(BATCHES)
def test_replay_changes_nothing(batches: list[ArticleReports]) -> None:
    """All batches again, in the same order, plan no write at all."""
    resolver = Resolver()
    take_in(resolver, batches)
    assert take_in(resolver, batches) == {}


@few
@given(BATCHES)
def test_nothing_claimed_is_lost(batches: list[ArticleReports]) -> None:
    """Every claim of every batch stands in an incident, as what its article says now or said before."""
    records = take_in(Resolver(), batches)
    kept = {
        (told.id, told.article_revision, claim.words)
        for incident in records.values()
        if incident.merged_into is None
        for told in (*incident.reports, *incident.superseded)
        for claim in told.claims
    }
    claimed = {
        (told.id, told.article_revision, claim.words)
        for each in batches
        for told in each.reports
        for claim in told.claims
    }
    assert claimed <= kept


@few
@given(BATCHES)
def test_revision_grows_with_each_change(batches: list[ArticleReports]) -> None:
    """No record is written without a greater revision, and its history has a line for each."""
    resolver = Resolver()
    known: dict[str, int] = {}
    for each in batches:
        planned = resolver.plan(each)
        resolver.apply(planned)
        for incident in planned:
            assert incident.revision > known.get(incident.id, 0)
            known[incident.id] = incident.revision


@few
@given(BATCHES, BATCHES)
def test_recovered_resolver_plans_the_same(before: list[ArticleReports], after: list[ArticleReports]) -> None:
    """A worker that died and read its records again plans what the undisturbed one plans, byte for byte."""
    undisturbed = Resolver()
    written = [codec.encode(record) for record in take_in(undisturbed, before).values()]
    from_bytes = Resolver(map(Written, written))
    from_records = Resolver([codec.decode(record, Incident) for record in written])
    expected = [codec.encode(record) for record in take_in(undisturbed, after).values()]
    for recovered in (from_bytes, from_records):
        assert [codec.encode(record) for record in take_in(recovered, after).values()] == expected


@few
@given(BATCHES)
def test_record_kept_packed_is_the_record(batches: list[ArticleReports]) -> None:
    """What recovery keeps without reading it comes back whole when it is looked at."""
    records = take_in(Resolver(), batches)
    recovered = Resolver(Written(codec.encode(record)) for record in records.values())
    assert dict(recovered._state.records) == records


def test_encoded_record_that_is_none_is_refused() -> None:
    """A broken record stops recovery with the reason, and isn't passed over."""
    with pytest.raises(codec.DecodeError, match="not an incident's record"):
        Resolver([Written(b'{"id": 7}')])


@few
@given(BATCHES)
def test_offline_equals_stream(batches: list[ArticleReports]) -> None:
    """The offline command puts each article where the stream puts it, for the same order."""
    rows = [(f"{number}", (each,)) for number, each in enumerate(batches)]
    records = take_in(Resolver(), batches)
    streamed = {
        told.id: incident.id
        for incident in records.values()
        if incident.merged_into is None
        for told in incident.reports
    }
    for (_, (each,)), assignment in zip(rows, cluster(rows), strict=True):
        expected = [streamed[told.id] for told in each.reports if told.id in streamed]
        assert list(assignment.incident_ids) == expected


@few
@given(st.permutations([(event, outlet) for event in range(len(WORLD)) for outlet in range(3)]))
def test_arrival_order_gives_the_same_incidents(order: list[tuple[int, int]]) -> None:
    """Different outlets' first reports end in the same incidents and toll, whichever comes first."""
    records = take_in(Resolver(), [batch(report(event, outlet)) for event, outlet in order])
    standing = [incident for incident in records.values() if incident.merged_into is None]
    assert sorted(len(incident.reports) for incident in standing) == [3] * len(WORLD)
    assert {incident.tolls[Measure.KILLED].best for incident in standing} == {event["killed"] for event in WORLD}


def test_clusters_are_the_connected_components() -> None:
    """Where reports are clearly alike or clearly not, incidents are the components of the graph of likeness."""
    told = [report(event, outlet) for event in range(len(WORLD)) for outlet in range(len(OUTLETS))]
    random.Random(7).shuffle(told)  # noqa: S311 - no secret, a fixed order
    weights = default_weights()
    graph = nx.Graph()
    graph.add_nodes_from(each.id for each in told)
    for one, other in combinations(told, 2):
        if weights.score(unpack(profile_of(one)), profile_of(other)) >= weights.join:
            graph.add_edge(one.id, other.id)
    records = take_in(Resolver(), [batch(each) for each in told])
    found = {
        frozenset(each.id for each in incident.reports)
        for incident in records.values()
        if incident.merged_into is None
    }
    assert found == {frozenset(component) for component in nx.connected_components(graph)}


@pytest.mark.parametrize("seed", range(5))
def test_permuted_day_keeps_its_clusters(seed: int) -> None:
    """One day's reports in another order fall into the same clusters, for at least 98 of 100 articles."""
    told = [batch(report(event, outlet)) for event in range(len(WORLD)) for outlet in range(len(OUTLETS))]
    shuffled = list(told)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - as above
    first, second = _mates(take_in(Resolver(), told)), _mates(take_in(Resolver(), shuffled))
    same = sum(first[article] == second[article] for article in first)
    assert same >= 0.98 * len(first)


def _mates(records: dict[str, Incident]) -> dict[str, frozenset[str]]:
    """Return the articles that share an incident with each article."""
    standing = [incident for incident in records.values() if incident.merged_into is None]
    groups = [frozenset(each.article_id for each in incident.reports) for incident in standing]
    return {article: group for group in groups for article in group}
