"""When feeds are polled, where, with which validators, and what is said of their health."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Article, Feed
from contracts.vocabulary import FeedFlag, FeedState
from producers import health, moves
from producers.decide import Plan, plan
from producers.outcomes import Failed, NotModified, Received, Validators
from producers.parse import ParsedEntry, ParsedFeed
from producers.schedule import Policy, interval, next_poll

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)  # a Tuesday
POLICY = Policy(interval=timedelta(minutes=5), longest=timedelta(hours=1), backoff_max=timedelta(hours=6))
FEED = Feed(url="https://outlet.example/feed")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("feed", "fresh", "expected"),
    [
        pytest.param(FEED, None, 5 * MINUTE, id="nothing is known"),
        pytest.param(replace(FEED, interval_seconds=7), 2 * HOUR, timedelta(seconds=7), id="its own interval wins"),
        pytest.param(replace(FEED, entries_per_day=48.0), None, 15 * MINUTE, id="half the usual gap"),
        pytest.param(replace(FEED, entries_per_day=0.1), None, HOUR, id="never longer than the longest"),
        pytest.param(replace(FEED, entries_per_day=5_000.0), None, 5 * MINUTE, id="never shorter than the shortest"),
        pytest.param(replace(FEED, ttl_seconds=1_800), None, 30 * MINUTE, id="ttl"),
        pytest.param(replace(FEED, ttl_seconds=86_400), None, HOUR, id="ttl beyond the longest"),
        pytest.param(FEED, 20 * MINUTE, 20 * MINUTE, id="Cache-Control"),
        pytest.param(replace(FEED, last_new=NOW - 5 * HOUR), None, 30 * MINUTE, id="quiet for hours"),
    ],
)
def test_interval(feed: Feed, fresh: timedelta | None, expected: timedelta) -> None:
    """A feed's rhythm, its own wishes and its server's count, within the limits."""
    assert interval(feed, NOW, POLICY, fresh) == expected


@pytest.mark.parametrize(
    ("feed", "earliest"),
    [
        pytest.param(replace(FEED, skip_hours=(12, 13)), NOW + 2 * HOUR, id="hours"),
        pytest.param(replace(FEED, skip_days=(1,)), NOW + 12 * HOUR, id="day"),
        pytest.param(replace(FEED, skip_days=(1,), skip_hours=(0, 1)), NOW + 14 * HOUR, id="both"),
        pytest.param(replace(FEED, skip_hours=tuple(range(24))), NOW, id="all hours are none"),
        pytest.param(replace(FEED, skip_hours=(12,), interval_seconds=60), NOW, id="its own interval wins"),
    ],
)
def test_skipped_times_are_skipped(feed: Feed, earliest: datetime) -> None:
    """The next poll lies in the first hour that isn't skipped."""
    assert earliest <= next_poll(feed, NOW, POLICY) <= earliest + HOUR


@given(
    st.builds(
        Feed,
        url=st.text(max_size=5),
        ttl_seconds=st.none() | st.integers(0, 10**9),
        entries_per_day=st.none() | st.floats(1e-9, 1e9),
        last_new=st.none() | st.just(NOW - 900 * DAY),
        skip_hours=st.lists(st.integers(0, 23)).map(tuple),
        skip_days=st.lists(st.integers(0, 6)).map(tuple),
    )
)
def test_a_feed_is_never_left_for_longer_than_a_week(feed: Feed) -> None:
    """Whatever a feed says of itself, it is polled again."""
    assert NOW < next_poll(feed, NOW, POLICY) <= NOW + 8 * DAY


def test_moved_feed_is_fetched_elsewhere_after_several_answers() -> None:
    """Three permanent redirects in a row to one address move a feed; another answer in between begins anew."""
    new = "https://new.example/feed"
    twice = moves.follow(moves.follow(FEED, new), new)
    assert moves.address(twice) == FEED.url
    assert moves.address(moves.follow(twice, new)) == new
    interrupted = moves.follow(moves.follow(moves.follow(twice, None), new), new)
    assert moves.address(interrupted) == FEED.url
    other = moves.follow(twice, "https://other.example/feed")
    assert (moves.address(other), other.moving_answers) == (FEED.url, 1)


def test_move_away_from_https_is_never_for_good() -> None:
    """An answer on its way may have been tampered with."""
    feed = FEED
    for _ in range(10):
        feed = moves.follow(feed, "http://outlet.example/feed")
    assert moves.address(feed) == FEED.url


def test_dead_end_leads_back() -> None:
    """A new address that fails for long is given up for the old one."""
    feed = replace(FEED, location="https://new.example/feed")
    for _ in range(moves.RETURN_AFTER_ERRORS):
        assert moves.address(feed) == "https://new.example/feed"
        feed = plan(feed, Failed(reason="Down."), NOW, POLICY).feed
    assert moves.address(feed) == FEED.url


def document(*texts: str, date: datetime | None = None) -> ParsedFeed:
    """Return a document with an entry a text."""
    entries = (
        ParsedEntry(url=f"https://outlet.example/{number}", title=f"Title {number}", text=text, published=date)
        for number, text in enumerate(texts)
    )
    return ParsedFeed(entries=tuple(entries))


def poll(feed: Feed, found: ParsedFeed, now: datetime, *, doubted: bool = False) -> Plan:
    """Return what is decided after a document came."""
    return plan(feed, Received(feed=found, validators=Validators(etag='"1"')), now, POLICY, doubted=doubted)


def test_validator_that_lies_is_found_out() -> None:
    """When "not modified" has come for longer than the feed's habit, it is asked whole; a lie ends belief."""
    feed = replace(poll(FEED, document("One."), NOW).feed, entries_per_day=24.0)
    later = NOW + 4 * HOUR
    assert health.validators(feed, NOW + HOUR) == Validators(etag='"1"')
    feed = replace(plan(feed, NotModified(), NOW + HOUR, POLICY).feed, seen=feed.seen)
    assert health.validators(feed, later) == Validators()
    caught = poll(feed, document("One.", "Two ships collided."), later, doubted=True)
    assert [article.title for article in caught.articles] == ["Title 1"]
    assert FeedFlag.LYING_VALIDATORS in caught.feed.flags
    assert health.validators(caught.feed, later + MINUTE) == Validators()


def test_validator_that_tells_the_truth_is_believed_for_longer_each_time() -> None:
    """A whole document that brings nothing new doubles the time until the next doubt."""
    feed = replace(poll(FEED, document("One."), NOW).feed, entries_per_day=24.0)
    checked = poll(feed, document("One."), NOW + 4 * HOUR, doubted=True).feed
    assert checked.flags == (FeedFlag.UNDATED,)
    assert not health.is_doubted(checked, NOW + 9 * HOUR)
    assert health.is_doubted(checked, NOW + 11 * HOUR)


def test_silent_feed_says_so_and_wakes() -> None:
    """Nothing for ten times the usual gap, and three days, is silence; something new ends it."""
    feed = replace(poll(FEED, document("One."), NOW).feed, entries_per_day=1.0)
    usual = plan(feed, NotModified(), NOW + 9 * DAY, POLICY).feed
    assert usual.state is FeedState.OK
    silent = replace(plan(feed, NotModified(), NOW + 11 * DAY, POLICY).feed, seen=feed.seen)
    assert silent.state is FeedState.SILENT
    assert poll(silent, document("One.", "Two."), NOW + 12 * DAY).feed.state is FeedState.OK


def test_feed_that_always_changes_is_flagged() -> None:
    """Known entries that read otherwise in five documents in a row are odd; one that stays ends it."""
    feed = FEED
    for word in ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot"):
        feed = poll(feed, document(f"The {word} ship sailed to the {word} harbour.", date=NOW), NOW).feed
    assert feed.flags == (FeedFlag.ALWAYS_CHANGING,)
    same = document("The foxtrot ship sailed to the foxtrot harbour.", date=NOW)
    assert poll(feed, same, NOW).feed.flags == ()


def test_habit_is_read_from_dates() -> None:
    """Entries a day by the newest; undated ones and too few say nothing."""
    article = Article(id="a", revision="r", title="", text="", feed=FEED.url, fetched=NOW)
    dated = [replace(article, published=NOW - number * 6 * HOUR) for number in range(9)]
    assert health.habit(dated) == pytest.approx(4.0)
    assert health.habit([*dated[:2], article]) is None
