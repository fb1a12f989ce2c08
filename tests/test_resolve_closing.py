"""Closed incidents leave memory, are found again when a late report needs them, and lose nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from contracts import codec
from contracts.records import ArticleReports, Incident
from processors.resolve import Resolver
from processors.resolve.archive import AwayError
from processors.resolve.encoded import Written
from tests.test_resolve_decisions import MERGE, batch, standing, take_in

MARKET, LATE = batch(0, "Lowland Courier"), batch(0, "Radio Meridian", late=timedelta(days=39))
FORTY_DAYS_ON = batch(1, "Evening Signal", late=timedelta(days=40))


def put_away(resolver: Resolver) -> dict[int, bytes]:
    """Put all closed incidents away; return their records by offset, as the topic holds them."""
    topic: dict[int, bytes] = {}
    while quiet := resolver.quiet(1):
        offset = len(topic)
        topic[offset] = codec.encode(quiet[0])
        resolver.apply([resolver.left_of(quiet[0], offset)])
    resolver.give_back()
    return topic


def plan(resolver: Resolver, told: ArticleReports, topic: dict[int, bytes]) -> tuple[Incident, ...]:
    """Plan as the stage does: what is away is lent, and planned again."""
    while True:
        try:
            return resolver.plan(told)
        except AwayError as away:
            resolver.lend(codec.decode(topic[away.offset], Incident))


def test_a_late_report_finds_a_record_that_was_put_away() -> None:
    """It ends in the same incident, byte for byte, as where nothing was put away."""
    kept, freed = Resolver(), Resolver()
    for resolver in (kept, freed):
        take_in(resolver, MARKET, FORTY_DAYS_ON)
    topic = put_away(freed)
    assert len(topic) == 1
    with pytest.raises(AwayError):
        freed.plan(LATE)
    expected, found = kept.plan(LATE), plan(freed, LATE, topic)
    assert [codec.encode(each) for each in found] == [codec.encode(each) for each in expected]
    freed.apply(found)
    assert not freed.quiet(1)


def test_what_is_left_of_it_is_enough_after_a_restart() -> None:
    """A worker that begins with the topic's records finds the closed incident as the one before did."""
    resolver = Resolver()
    take_in(resolver, MARKET, FORTY_DAYS_ON)
    (quiet,) = resolver.quiet(10)
    left = resolver.left_of(quiet, 0)
    assert left.reports == ()
    opened = next(iter(standing(resolver, FORTY_DAYS_ON).values()))
    again = Resolver([Written(codec.encode(left)), Written(codec.encode(opened), resolver.index_of(opened))])
    (found,) = plan(again, LATE, {0: codec.encode(quiet)})
    assert found.id == quiet.id
    assert {report.id for report in found.reports} == {
        report.id for each in (MARKET, LATE) for report in each.reports
    }
    assert plan(again, MARKET, {0: codec.encode(quiet)}) == ()


def test_what_was_lent_is_given_back() -> None:
    """A record that was only looked at leaves memory again."""
    resolver = Resolver()
    take_in(resolver, MARKET, FORTY_DAYS_ON)
    topic = put_away(resolver)
    assert plan(resolver, MARKET, topic) == ()
    assert resolver.plan(MARKET) == ()
    resolver.give_back()
    with pytest.raises(AwayError):
        resolver.plan(MARKET)


def test_a_decision_reaches_a_closed_incident() -> None:
    """Its record is asked for, and both are one then."""
    resolver = Resolver()
    take_in(resolver, MARKET, FORTY_DAYS_ON)
    topic = put_away(resolver)
    others = tuple(
        replace(MERGE.others[0], article_id=report.article_id, report_id=report.id)
        for report in FORTY_DAYS_ON.reports
    )
    merge = replace(MERGE, others=others)
    with pytest.raises(AwayError) as away:
        resolver.decide(merge)
    resolver.lend(codec.decode(topic[away.value.offset], Incident))
    resolver.apply(resolver.decide(merge))
    (merged,) = standing(resolver, MARKET, FORTY_DAYS_ON).values()
    assert len(merged.reports) == 2
