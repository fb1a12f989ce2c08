"""What is published after a poll, what a feed's state becomes, and when it is polled again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.records import Article, Feed
from contracts.topics import MAX_MESSAGE_BYTES
from contracts.vocabulary import FeedState
from producers import harvest
from producers.decide import Plan, plan
from producers.outcomes import Failed, Gone, NotModified, Outcome, Received, Validators
from producers.parse import ParsedEntry, ParsedFeed
from producers.schedule import Policy, backoff

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
POLICY = Policy(interval=timedelta(minutes=5), backoff_max=timedelta(hours=6))
FEED = Feed(url="https://outlet.example/feed", outlet="The Outlet")


def entry(name: str, text: str = "Text.", **fields: object) -> ParsedEntry:
    """Return an entry at an address of its own."""
    return replace(ParsedEntry(url=f"https://outlet.example/{name}", title=name, text=text), **fields)


def received(*entries: ParsedEntry, **fields: object) -> Received:
    """Return a document with these entries."""
    return Received(feed=replace(ParsedFeed(title="The Feed", entries=entries), **fields))


def poll(feed: Feed, outcome: Outcome, now: datetime = NOW) -> Plan:
    """Return what is decided after a poll."""
    return plan(feed, outcome, now, POLICY)


def test_first_document_is_published_whole_and_oldest_first() -> None:
    """Every entry becomes an article, by date; those without a date come from the document's end."""
    later, earlier = NOW - timedelta(hours=1), NOW - timedelta(hours=2)
    decided = poll(FEED, received(entry("a", published=later), entry("b", published=earlier), entry("c"), entry("d")))
    assert [article.title for article in decided.articles] == ["d", "c", "b", "a"]


def test_article_says_what_is_known() -> None:
    """An article carries outlet, feed, language, times and a clean address."""
    found = entry("a", url="https://outlet.example/a?utm_source=x#y", published=NOW - timedelta(hours=1))
    (article,) = poll(FEED, received(found, language="en")).articles
    assert article == Article(
        id=article.id,
        revision=article.revision,
        url="https://outlet.example/a",
        title="a",
        text="Text.",
        feed=FEED.url,
        outlet="The Outlet",
        language="en",
        published=NOW - timedelta(hours=1),
        fetched=NOW,
    )


def test_outlet_is_the_lists_else_the_feeds() -> None:
    """The feed's title stands in for an outlet that the list doesn't name."""
    (article,) = poll(replace(FEED, outlet=None), received(entry("a"))).articles
    assert article.outlet == "The Feed"


def test_same_document_again_publishes_nothing() -> None:
    """What is in the state isn't published again."""
    first = poll(FEED, received(entry("a"), entry("b")))
    again = poll(first.feed, received(entry("b"), entry("a")))
    assert again.articles == ()
    assert again.feed.entries_published == 2


def test_edit_is_a_new_revision_of_the_same_article() -> None:
    """An edited entry keeps its id, and says when the feed dates the edit."""
    first = poll(FEED, received(entry("a", "28 dead.", published=NOW, updated=NOW)))
    edited = entry("a", "40 dead.", published=NOW, updated=NOW + timedelta(hours=1))
    (article,) = poll(first.feed, received(edited)).articles
    assert article.id == first.articles[0].id
    assert article.revision != first.articles[0].revision
    assert (first.articles[0].updated, article.updated) == (None, NOW + timedelta(hours=1))


def test_edit_listed_as_a_second_entry_is_one_article() -> None:
    """Of an address listed twice the newest form counts, and the older isn't published by the next poll either."""
    old, new = entry("a", "28", published=NOW), entry("a", "40", published=NOW + timedelta(hours=1))
    first = poll(FEED, received(old, new))
    assert [article.text for article in first.articles] == ["40"]
    assert poll(first.feed, received(new, old)).articles == ()


def test_entry_that_leaves_and_comes_back_is_not_published_again() -> None:
    """What was there lately is remembered."""
    first = poll(FEED, received(entry("a"), entry("b")))
    without = poll(first.feed, received(entry("b")))
    assert poll(without.feed, received(entry("a"), entry("b"))).articles == ()


def test_memory_is_bounded() -> None:
    """Entries that are long gone are forgotten, those in the document never."""
    feed = FEED
    for number in range(20):
        feed = poll(feed, received(*(entry(f"{number}-{index}") for index in range(100)))).feed
    assert len(feed.seen) == 100 + harvest.REMEMBERED_ABSENT
    assert poll(feed, received(*(entry(f"19-{index}") for index in range(100)))).articles == ()


def test_a_huge_document_fits_a_kafka_record() -> None:
    """Twenty thousand entries, and the longest text, stay below the largest record."""
    state = poll(FEED, received(*(entry(str(number)) for number in range(25_000)))).feed
    assert len(codec.encode(state)) < MAX_MESSAGE_BYTES
    (article,) = poll(FEED, received(entry("t" * 10_000, '"\U0001f600' * 2_000_000))).articles
    assert len(codec.encode(article)) < MAX_MESSAGE_BYTES


def test_title_that_opens_the_text_is_taken_off() -> None:
    """The text is the body alone."""
    (article,) = poll(FEED, received(entry("Title", "Title\n\nBody."))).articles
    assert article.text == "Body."


def test_entries_that_say_nothing_are_left_out() -> None:
    """Without title and text there is no article."""
    assert poll(FEED, received(entry("a", "", title=""))).articles == ()


@pytest.mark.parametrize(
    "published",
    [
        pytest.param(None, id="none"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), id="a clock's zero"),
        pytest.param(NOW + timedelta(days=400), id="far ahead"),
    ],
)
def test_impossible_date_is_no_date(published: datetime | None) -> None:
    """An article whose date can't be right has none."""
    (article,) = poll(FEED, received(entry("a", published=published))).articles
    assert article.published is None


def test_success_is_recorded() -> None:
    """A good answer sets state, times and validators."""
    outcome = replace(received(entry("a")), validators=Validators(etag='"1"', last_modified="then"))
    state = poll(replace(FEED, state=FeedState.FAILING, error="Down.", consecutive_errors=3), outcome).feed
    assert (state.state, state.error, state.consecutive_errors) == (FeedState.OK, None, 0)
    assert (state.etag, state.last_modified, state.title) == ('"1"', "then", "The Feed")
    assert (state.last_poll, state.last_success) == (NOW, NOW)
    assert state.next_poll is not None
    assert abs(state.next_poll - NOW - POLICY.interval) <= POLICY.interval / 20


def test_problem_with_a_readable_document_is_said() -> None:
    """A malformed feed that could be read is well, and says what is wrong with it, also when it's unchanged."""
    state = poll(FEED, received(entry("a"), problem="It is malformed.")).feed
    assert (state.state, state.error) == (FeedState.OK, "It is malformed.")
    assert poll(state, NotModified()).feed.error == "It is malformed."


def test_not_modified_keeps_what_is_known() -> None:
    """A 304 ends an outage and changes nothing else."""
    known = poll(FEED, replace(received(entry("a")), validators=Validators(etag='"1"'))).feed
    failing = poll(known, Failed(reason="Down.")).feed
    later = NOW + timedelta(hours=1)
    again = poll(failing, NotModified(), later).feed
    assert again == replace(known, last_poll=later, last_success=later, next_poll=again.next_poll)


def test_failure_is_said_and_tried_again() -> None:
    """A failed poll keeps all that is known, says why, and sets a next try."""
    known = poll(FEED, received(entry("a"))).feed
    state = poll(known, Failed(reason="Down.")).feed
    assert (state.state, state.error, state.consecutive_errors) == (FeedState.FAILING, "Down.", 1)
    assert (state.seen, state.last_success) == (known.seen, known.last_success)
    assert state.next_poll is not None


def test_server_that_asks_to_stay_away_is_obeyed() -> None:
    """Retry-After lengthens the wait, up to the longest wait there is."""
    state = poll(FEED, Failed(reason="Busy.", retry_after=timedelta(hours=2))).feed
    assert state.next_poll == NOW + timedelta(hours=2)
    state = poll(FEED, Failed(reason="Busy.", retry_after=timedelta(days=300))).feed
    assert state.next_poll == NOW + POLICY.backoff_max


def test_ended_feed_is_gone() -> None:
    """A feed that has ended says so and isn't due any more."""
    state = poll(FEED, Gone(reason="The server answers 410 Gone.")).feed
    assert (state.state, state.error, state.next_poll) == (FeedState.GONE, "The server answers 410 Gone.", None)


@given(
    errors=st.integers(1, 10_000),
    interval=st.integers(1, 604_800),
    cap=st.integers(1, 604_800),
    address=st.text(max_size=20),
)
def test_backoff_grows_to_a_cap_and_never_ends(errors: int, interval: int, cap: int, address: str) -> None:
    """The wait is never below the interval, nor a tenth above the cap, nor much shorter than the one before."""
    policy = Policy(interval=timedelta(seconds=interval), backoff_max=timedelta(seconds=cap))
    feed = Feed(url=address)
    waits = [backoff(feed, number, policy) for number in (errors, errors + 1)]
    longest = max(policy.backoff_max, policy.interval) * 1.1
    assert all(policy.interval <= wait <= longest for wait in waits)
    assert waits[1] >= waits[0] / 1.1


# A world: at each step the feed shows some of six articles, each in one of three versions, and the poll succeeds,
# fails, finds nothing new, or the producer dies when so many articles of the plan are out.
documents = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3), max_size=6)
steps = st.lists(st.tuples(documents, st.sampled_from(["ok", "ok", "crash", "fail", "unchanged"]), st.integers(0, 6)))


@given(steps)
def test_nothing_is_lost_and_nothing_published_twice(world: list[tuple[dict[str, int], str, int]]) -> None:
    """A poll publishes exactly what the last one that was carried through didn't, over any failures and crashes.

    So every version that such a poll saw is in the topic, and only a crash brings one twice.
    """
    feed, carried_through, published = FEED, dict[str, int](), set[tuple[str, str]]()
    for number, (document, event, died_after) in enumerate(world):
        now = NOW + timedelta(hours=number)
        if event in {"fail", "unchanged"}:
            decided = poll(feed, Failed(reason="Down.") if event == "fail" else NotModified(), now)
            assert decided.articles == ()
            feed = decided.feed
            continue
        decided = poll(feed, received(*(entry(name, f"v{version}") for name, version in document.items())), now)
        changed = {
            (name, f"v{version}") for name, version in document.items() if carried_through.get(name) != version
        }
        assert sorted((article.title, article.text) for article in decided.articles) == sorted(changed)
        out = decided.articles if event == "ok" else decided.articles[:died_after]
        published |= {(article.title, article.text) for article in out}
        if event == "ok":
            assert {(name, f"v{version}") for name, version in document.items()} <= published
            feed = codec.decode(codec.encode(decided.feed), Feed)
            carried_through |= document
