"""A report that joins two incidents merges them; people who know better part them again."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contracts.ids import article_id, report_id
from contracts.records import ArticleReports, Decision, Incident, Place, Report, When
from contracts.vocabulary import DecisionKind
from processors.resolve import Resolver
from processors.sketch import key_terms, sketch
from tests.test_resolve_decision_sequences import NOON, World, named
from tests.test_resolve_properties import WORLD, batch, report

STREAMS = 300
OUTLETS = 6
HALF = 0.5


def partial_report(number: int, facts: list[str], *, placed: bool, dated: bool) -> ArticleReports:
    """Return what one more outlet tells of the first event when it knows some of the facts only."""
    article, text = article_id(f"partial/{number}"), ".\n".join(facts)
    whole = report(0, 0)
    at = datetime.fromisoformat(f"{WORLD[0]['day']}T08:00:00+00:00") + timedelta(hours=number)
    told = replace(
        whole,
        id=report_id(article, 0),
        article_id=article,
        outlet=f"Outlet {number}",
        title=facts[0],
        reported=at,
        place=whole.place if placed else Place(country=whole.place.country),
        when=whole.when if dated else When(),
        claims=(),
        tolls={},
        text_sketch=sketch(facts[0], text),
        key_terms=key_terms(facts[0], text),
    )
    return batch(told)


def merged_by_a_report() -> tuple[World, Incident, Incident, list[ArticleReports]]:
    """Return a world in which a report has merged two incidents, the one that stays, and the other one.

    Outlets that know different facts report one by one, until one of them knows enough to join two incidents.
    """
    chance = random.Random(1)  # noqa: S311 - no secret, a fixed order
    for _ in range(STREAMS):
        world = World()
        for number in range(OUTLETS):
            known = range(5) if number > 3 else chance.sample(range(5), chance.choice([1, 2, 3]))
            facts = [WORLD[0]["facts"][fact] for fact in sorted(known)]
            placed, dated = chance.random() < HALF, chance.random() < HALF
            world.hear(partial_report(number, facts, placed=placed, dated=dated))
            merged = [incident for incident in world.records.values() if incident.merged_into is not None]
            if merged:
                return world, world.records[merged[0].merged_into or ""], merged[0], world.told
    pytest.fail("no stream in which a report joins two incidents: reports that know little are taken for the same")


def split_again(older: Incident, younger: Incident, decision_id: str = "s1") -> Decision:
    """Return the decision that what a merge brought tells of another incident."""
    brought = {told.id for told in younger.reports}
    return Decision(
        id=decision_id,
        kind=DecisionKind.SPLIT,
        at=NOON,
        by="an analyst",
        reports=named(told for told in older.reports if told.id in brought),
        others=named(told for told in older.reports if told.id not in brought),
    )


def test_the_younger_incident_leads_to_the_older_one() -> None:
    """The history names the merge and the report that showed it, and the redirect keeps its reports."""
    _, older, younger, told = merged_by_a_report()
    (joining,) = told[-1].reports
    assert {report.id for report in younger.reports} < {report.id for report in older.reports}
    assert older.first_reported is not None
    assert younger.first_reported is not None
    assert older.first_reported <= younger.first_reported
    (merge,) = older.merges
    assert (merge.incident_id, merge.report_id) == (younger.id, joining.id)
    (line,) = [change for change in older.history if "turned out to be the same" in " ".join(change.what)]
    assert line.report_id == joining.id


def test_a_split_of_what_a_merge_brought_takes_the_redirect_along() -> None:
    """Whoever asks for the younger incident's id is led to where its reports are now, also after an undo."""
    world, older, younger, _ = merged_by_a_report()
    split = split_again(older, younger)
    world.obey(split)
    now = world.records[younger.id]
    assert now.merged_into != older.id
    part = world.records[now.merged_into or ""]
    assert part.merged_into is None
    assert {told.id for told in part.reports} == {told.id for told in younger.reports}
    assert now.revision > younger.revision
    left = world.records[older.id]
    assert left.history[-1].decision_id == "s1"
    assert {gone.report_id for gone in left.departures} == {told.id for told in younger.reports}
    world.obey(Decision(id="u1", kind=DecisionKind.UNDO, at=NOON + timedelta(hours=1), undoes="s1"))
    assert world.resolver._state.final(younger.id) == older.id
    assert world.records[older.id].reports == older.reports


def test_a_replay_of_a_merge_and_its_split_ends_alike() -> None:
    """A resolver that knows the split from the start groups alike, and one that recovers writes nothing."""
    world, older, younger, told = merged_by_a_report()
    news = list(told)
    world.obey(split_again(older, younger))
    replayed = World(Resolver(decisions=world.decisions))
    for each in news:
        replayed.hear(each)
    assert groups_of(replayed) == groups_of(world)
    recovered = World(Resolver(world.kept()), dict(world.records))
    recovered.obey(*world.decisions)
    for each in news:
        recovered.hear(each)
    assert recovered.records == world.records


def test_what_was_split_off_stays_apart_when_it_is_edited() -> None:
    """An edit of either side's article stays with its own incident, and merges nothing again."""
    world, older, younger, told = merged_by_a_report()
    world.obey(split_again(older, younger))
    before = groups_of(world)
    for each in list(told):
        (first,) = each.reports
        later = replace(first, article_revision="edited", reported=NOON + timedelta(hours=3))
        world.hear(replace(each, article_revision="edited", reported=later.reported, reports=(later,)))
    assert groups_of(world) == before


def groups_of(world: World) -> set[frozenset[str]]:
    """Return the reports that tell of the same incident now."""
    return {frozenset(_ids(incident.reports)) for incident in world.standing}


def _ids(reports: tuple[Report, ...]) -> set[str]:
    return {told.id for told in reports}
