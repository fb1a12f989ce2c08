"""What people and feed lists want of feeds: neither loses what the other said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.feedkeys import FeedKey, FeedKeyKind, feed_key
from contracts.records import Feed, Subscription
from contracts.vocabulary import FeedState
from producers.subscriptions import add, is_polled, pause, remove, resume, subscribed, synchronise

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
URL = "https://outlet.example/feed"
ENTRY = Subscription(url=URL, outlet="The Outlet")
LISTED = replace(ENTRY, listed=True, changed=NOW)
BY_HAND = replace(ENTRY, changed=NOW)


@pytest.mark.parametrize(
    ("listed", "known", "expected"),
    [
        pytest.param(ENTRY, None, replace(LISTED, changed=LATER), id="new in the file"),
        pytest.param(
            replace(ENTRY, outlet="X"), LISTED, replace(LISTED, outlet="X", changed=LATER), id="changed there"
        ),
        pytest.param(
            replace(ENTRY, outlet="X"),
            replace(LISTED, paused=True),
            replace(LISTED, outlet="X", paused=True, changed=LATER),
            id="changed there, paused by a person",
        ),
    ],
)
def test_feed_list_is_followed(listed: Subscription, known: Subscription | None, expected: Subscription) -> None:
    """What the file names is added and kept in step."""
    (change,) = synchronise([listed], {URL: known} if known else {}, LATER)
    assert change.subscription == expected


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(LISTED, id="in step"),
        pytest.param(replace(LISTED, paused=True), id="paused by a person"),
        pytest.param(replace(LISTED, removed=True), id="removed by a person"),
        pytest.param(replace(BY_HAND, outlet="Mine"), id="added by a person, otherwise"),
    ],
)
def test_feed_list_leaves_what_people_said(known: Subscription) -> None:
    """Nothing is written where the file has nothing to say."""
    assert synchronise([ENTRY], {URL: known}, LATER) == ()


def test_feed_that_left_the_list_ends_and_others_stay() -> None:
    """Only what the file brought goes with the file."""
    (change,) = synchronise([], {URL: LISTED, "https://b.example/": BY_HAND}, LATER)
    assert (change.url, change.subscription) == (URL, None)


def test_people_pause_resume_remove_and_add_again() -> None:
    """Each wish counts, and a removed feed of the file stays removed until somebody adds it."""
    paused = pause(LISTED, LATER).subscription
    assert not is_polled(paused)
    assert paused is not None
    assert is_polled(resume(paused, LATER).subscription)
    removed = remove(LISTED, LATER).subscription
    assert removed is not None
    assert not is_polled(removed)
    assert remove(BY_HAND, LATER).subscription is None
    again = add(removed, LATER).subscription
    assert is_polled(again)
    assert again is not None
    assert not again.listed


def test_state_follows_its_subscription() -> None:
    """Names and interval are taken up; a new interval counts at once; what is known stays."""
    known = Feed(url=URL, etag='"1"', next_poll=LATER, last_poll=NOW, state=FeedState.OK)
    feed = subscribed(replace(BY_HAND, interval_seconds=60), known)
    assert (feed.outlet, feed.interval_seconds, feed.next_poll, feed.etag) == ("The Outlet", 60, None, '"1"')
    paused = subscribed(replace(BY_HAND, paused=True), known)
    assert (paused.state, paused.next_poll) == (FeedState.PAUSED, None)
    assert subscribed(BY_HAND, paused).state is FeedState.NEW


def test_ended_feed_begins_again_only_when_somebody_asks() -> None:
    """A subscription older than the end leaves it; a newer one revives it."""
    ended = Feed(url=URL, outlet="The Outlet", state=FeedState.GONE, last_poll=LATER)
    assert subscribed(BY_HAND, ended).state is FeedState.GONE
    assert subscribed(replace(BY_HAND, changed=LATER + timedelta(hours=1)), ended).state is FeedState.NEW


@pytest.mark.parametrize("kind", list(FeedKeyKind))
def test_keys_are_told_apart(kind: FeedKeyKind) -> None:
    """Each of a feed's three records has its key."""
    assert feed_key(FeedKey(kind, URL).data) == FeedKey(kind, URL)
