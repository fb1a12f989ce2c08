"""What people decide: merges, splits and undoing them, obeyed at once and in every replay."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.codec import from_builtins
from contracts.ids import article_id, report_id
from contracts.records import ArticleReports, DecidedReport, Decision, Incident, Place, Report, When
from contracts.vocabulary import DecisionKind, EventType, TimePrecision
from processors.resolve import Resolver
from processors.sketch import key_terms, sketch

WORLD = json.loads((Path(__file__).parent / "data" / "resolve" / "world.json").read_text(encoding="utf-8"))
NOON = datetime(2024, 3, 7, 12, tzinfo=UTC)


def batch(event: int, outlet: str, *, late: timedelta = timedelta()) -> ArticleReports:
    """Return what an outlet tells of an event of the world, some time after the event."""
    what = WORLD[event]
    article = article_id(f"{what['name']}/{outlet}")
    text = ".\n".join(what["facts"])
    day = datetime.fromisoformat(what["day"]).replace(tzinfo=UTC)
    report = Report(
        id=report_id(article, 0),
        article_id=article,
        article_revision="a",
        outlet=outlet,
        title=what["facts"][0],
        reported=day + timedelta(hours=8) + late,
        event_type=EventType(what["event_type"]),
        place=from_builtins(what["place"], Place),
        when=When(start=day.date(), end=day.date(), precision=TimePrecision.DAY),
        text_sketch=sketch(what["facts"][0], text),
        key_terms=key_terms(what["facts"][0], text),
        extractor="test",
    )
    return ArticleReports(
        article_id=article,
        article_revision="a",
        country=what["place"]["country"],
        reported=report.reported,
        reports=(report,),
    )


def decided(*batches: ArticleReports) -> tuple[DecidedReport, ...]:
    """Return the batches' reports as a decision names them."""
    return tuple(
        DecidedReport(article_id=report.article_id, report_id=report.id)
        for each in batches
        for report in each.reports
    )


def standing(resolver: Resolver, *batches: ArticleReports) -> dict[str, Incident]:
    """Return the incidents that stand and hold any of the batches' articles."""
    found = [incident for each in batches for incident in resolver._state.of_article(each.article_id)]
    return {incident.id: incident for incident in found}


def take_in(resolver: Resolver, *batches: ArticleReports) -> None:
    """Apply batches one by one, and obey what is decided about them, as the stage does."""
    for each in batches:
        resolver.apply(resolver.plan(each))
        for decision in resolver.due():
            resolver.apply(resolver.decide(decision))


MARKET, FERRY = batch(0, "Lowland Courier"), batch(1, "Evening Signal")
OTHER_MARKET = batch(0, "Radio Meridian")
MERGE = Decision(
    id="m1", kind=DecisionKind.MERGE, at=NOON, by="an analyst", reports=decided(MARKET), others=decided(FERRY)
)
SPLIT = Decision(
    id="s1", kind=DecisionKind.SPLIT, at=NOON, by="an analyst", reports=decided(OTHER_MARKET), others=decided(MARKET)
)


def undo(decision: Decision) -> Decision:
    """Return the decision that makes one void, an hour later."""
    return Decision(id=f"u-{decision.id}", kind=DecisionKind.UNDO, at=NOON + timedelta(hours=1), undoes=decision.id)


def told(incidents: dict[str, Incident]) -> set[frozenset[str]]:
    """Return the groups of report ids that incidents hold."""
    return {frozenset(report.id for report in incident.reports) for incident in incidents.values()}


def test_merge_then_undo_gives_back_what_was() -> None:
    """Two incidents merged and parted again hold what they held, with the decisions in their histories."""
    resolver = Resolver()
    take_in(resolver, MARKET, FERRY)
    before = standing(resolver, MARKET, FERRY)
    resolver.apply(resolver.decide(MERGE))
    (merged,) = standing(resolver, MARKET, FERRY).values()
    assert len(merged.reports) == 2
    resolver.apply(resolver.decide(undo(MERGE)))
    after = standing(resolver, MARKET, FERRY)
    assert after.keys() == before.keys()
    for incident_id, was in before.items():
        now = after[incident_id]
        assert now.history[-1].decision_id == "u-m1"
        assert now.revision > was.revision
        same = replace(now, history=was.history, revision=was.revision, rulings=was.rulings)
        assert same == was


def test_split_then_undo_gives_back_what_was() -> None:
    """A report split off stands alone, and returns when the split is undone."""
    resolver = Resolver()
    take_in(resolver, MARKET, OTHER_MARKET)
    (before,) = standing(resolver, MARKET).values()
    assert len(before.reports) == 2
    resolver.apply(resolver.decide(SPLIT))
    assert told(standing(resolver, MARKET, OTHER_MARKET)) == {
        frozenset(report.id for report in MARKET.reports),
        frozenset(report.id for report in OTHER_MARKET.reports),
    }
    resolver.apply(resolver.decide(undo(SPLIT)))
    (after,) = standing(resolver, MARKET, OTHER_MARKET).values()
    assert after.reports == before.reports
    assert after.id == before.id


@pytest.mark.parametrize("decision", [pytest.param(MERGE, id="merge"), pytest.param(SPLIT, id="split")])
def test_decision_obeyed_twice_changes_nothing(decision: Decision) -> None:
    """A decision that comes again, as it does after a restart, plans no write."""
    resolver = Resolver()
    take_in(resolver, MARKET, OTHER_MARKET, FERRY)
    resolver.apply(resolver.decide(decision))
    assert resolver.decide(decision) == ()


@pytest.mark.parametrize("decision", [pytest.param(MERGE, id="merge"), pytest.param(SPLIT, id="split")])
def test_replay_obeys_decisions(decision: Decision) -> None:
    """All reports again, with the decisions known from the start, fall into the same groups."""
    obeyed = Resolver()
    take_in(obeyed, MARKET, FERRY, OTHER_MARKET)
    obeyed.apply(obeyed.decide(decision))
    replayed = Resolver(decisions=[decision])
    take_in(replayed, MARKET, FERRY, OTHER_MARKET)
    everything = (MARKET, FERRY, OTHER_MARKET)
    assert told(standing(replayed, *everything)) == told(standing(obeyed, *everything))


def test_quiet_incident_closes_and_a_late_report_opens_it() -> None:
    """After 30 days without a report an incident leaves the comparisons; a report that plainly belongs returns it."""
    resolver = Resolver()
    take_in(resolver, MARKET, batch(1, "Evening Signal", late=timedelta(days=40)))
    (market,) = standing(resolver, MARKET).values()
    assert resolver._state.is_closed(market.id)
    late = batch(0, "Radio Meridian", late=timedelta(days=39))
    take_in(resolver, late)
    assert standing(resolver, late).keys() == {market.id}
    assert not resolver._state.is_closed(market.id)


def test_an_undo_that_is_undone_makes_the_decision_count_again() -> None:
    """Merged, parted, and merged again."""
    resolver = Resolver()
    take_in(resolver, MARKET, FERRY)
    again = Decision(id="again", kind=DecisionKind.UNDO, at=NOON + timedelta(hours=2), undoes="u-m1")
    for decision, incidents in ((MERGE, 1), (undo(MERGE), 2), (again, 1)):
        resolver.apply(resolver.decide(decision))
        assert len(standing(resolver, MARKET, FERRY)) == incidents
        assert resolver.decide(decision) == ()


@pytest.mark.parametrize("decision", [pytest.param(MERGE, id="merge"), pytest.param(SPLIT, id="split")])
def test_a_replay_that_knows_the_decision_ends_alike(decision: Decision) -> None:
    """Byte for byte, whether it came after the reports or before them; and it can be undone then."""
    after, before = Resolver(), Resolver(decisions=[decision])
    take_in(after, MARKET, OTHER_MARKET, FERRY)
    after.apply(after.decide(decision))
    take_in(before, MARKET, OTHER_MARKET, FERRY)
    everything = (MARKET, OTHER_MARKET, FERRY)
    for _ in range(2):
        assert standing(before, *everything) == standing(after, *everything)
        for resolver in (after, before):
            resolver.apply(resolver.decide(undo(decision)))


def test_a_person_can_undo_an_automatic_merge_with_a_split() -> None:
    """What was merged in leaves again, and stays away when its article is edited."""
    resolver = Resolver()
    take_in(resolver, MARKET, OTHER_MARKET)
    resolver.apply(resolver.decide(SPLIT))
    (report,) = OTHER_MARKET.reports
    later = replace(report, article_revision="b", reported=NOON + timedelta(days=1))
    edit = replace(OTHER_MARKET, article_revision="b", reported=later.reported, reports=(later,))
    take_in(resolver, edit)
    assert len(standing(resolver, MARKET)) == 1
    assert {len(incident.reports) for incident in standing(resolver, OTHER_MARKET).values()} == {1}


def test_a_newer_extractor_replaces_what_the_older_one_read() -> None:
    """The same revision read anew stands in its place, and the older reading that comes again changes nothing."""
    resolver = Resolver()
    old = [replace(report, extractor="rules/1.9") for report in MARKET.reports]
    new = [replace(report, extractor="rules/1.10", title="Read anew") for report in MARKET.reports]
    first, second = (replace(MARKET, reports=tuple(reports)) for reports in (old, new))
    take_in(resolver, first, second)
    (incident,) = standing(resolver, MARKET).values()
    assert (incident.reports, incident.superseded) == (tuple(new), tuple(old))
    assert resolver.plan(first) == resolver.plan(second) == ()
    late = Resolver()
    take_in(late, second, first)
    (incident,) = standing(late, MARKET).values()
    assert (incident.reports, incident.superseded) == (tuple(new), tuple(old))
