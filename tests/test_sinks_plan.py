"""From a record's bytes to what it asks of Elasticsearch."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import DecodeError, decode, encode
from contracts.records import Closing, Feed, Incident
from contracts.topics import topics
from contracts.vocabulary import EventType
from sinks.indices import Index
from sinks.operation_documents import FeedDocument
from sinks.plan import NOTHING, incident_plan, plan, planners
from sinks.writes import Create, Put, Remove, Write, latest

DATA = Path(__file__).parent / "data" / "sinks"
TOPICS = topics("t", 1, 1)
PLANNERS = planners(TOPICS)


def incident(name: str) -> Incident:
    """Return the incident in a data file."""
    return decode((DATA / f"{name}.json").read_bytes(), Incident)


@pytest.mark.parametrize("topic", sorted(PLANNERS))
def test_a_tombstone_asks_for_nothing(topic: str) -> None:
    """The end of the resolver's interest in an incident isn't the end of the incident."""
    if topic != TOPICS.feeds.name:
        assert plan(PLANNERS[topic], b"k", None, 1) == NOTHING


def test_a_feed_that_nobody_wants_any_more_goes() -> None:
    """The tombstone of a feed's state takes its document away; those of its other records don't."""
    planner, address = PLANNERS[TOPICS.feeds.name], b"https://outlet.example/feed"
    (put,) = plan(planner, address, encode(Feed(url=address.decode())), 6).writes
    (remove,) = plan(planner, address, None, 7).writes
    assert remove == Remove(index=Index.FEEDS, id=put.id, version=7)
    assert plan(planner, b"seen:" + address, None, 8) == NOTHING


@pytest.mark.parametrize("kind", ["seen:", "subscription:"])
def test_other_records_of_a_feed_are_not_indexed(kind: str) -> None:
    """What producers remember and what people want is theirs."""
    assert plan(PLANNERS[TOPICS.feeds.name], f"{kind}https://outlet.example/feed".encode(), b"{}", 1) == NOTHING


@pytest.mark.parametrize("topic", sorted(PLANNERS))
@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b'{"id": ', id="cut off"),
        pytest.param(b"[]", id="another shape"),
        pytest.param(b'{"id": 7, "revision": "x"}', id="another type"),
    ],
)
def test_what_is_not_the_record_is_said_to_be_so(topic: str, value: bytes) -> None:
    """Bytes of any other kind raise the one error that makes a dead letter."""
    with pytest.raises(DecodeError):
        plan(PLANNERS[topic], b"k", value, 1)


def test_the_topics_that_are_read() -> None:
    """What passes between the processors is their own business: incidents hold the reports."""
    assert PLANNERS.keys() == {"t.incidents", "t.closed-incidents", "t.articles", "t.feeds", "t.dead-letters"}


def test_what_is_left_of_a_closed_incident_asks_for_nothing() -> None:
    """It has no reports; the whole record stands in the closed incidents' topic."""
    left = Incident(id="i", revision=3, event_type=EventType.FLOOD, closed=Closing(offset=7))
    assert plan(PLANNERS["t.incidents"], b"i", encode(left), 1) == NOTHING
    whole = replace(left, closed=None)
    for topic in ("t.incidents", "t.closed-incidents"):
        assert plan(PLANNERS[topic], b"i", encode(whole), 1).writes


def test_an_incident_is_written_with_its_revision_as_version() -> None:
    """Every document of an incident carries the version that tells late from new."""
    asked = incident_plan(incident("armanaz-3-edited"))
    assert {write.version for write in asked.writes if isinstance(write, Put)} == {3}
    assert [write.index for write in asked.writes].count(Index.CLAIMS) == 6
    assert [write.index for write in asked.writes].count(Index.REVISIONS) == 3
    assert [write.index for write in asked.writes].count(Index.INCIDENTS) == 1


def test_a_merged_incident_keeps_its_redirect_and_history_and_loses_its_claims() -> None:
    """The claims are the other incident's now; what was known when stays."""
    before, after = incident_plan(incident("harem-1")), incident_plan(incident("harem-2-redirect"))
    claims = {write.id for write in before.writes if write.index is Index.CLAIMS}
    removed = {write.id for write in after.writes if isinstance(write, Remove)}
    assert claims == removed
    kept = [write.index for write in after.writes if isinstance(write, Put)]
    assert kept == [Index.REVISIONS, Index.REVISIONS, Index.INCIDENTS]


def test_a_feed_is_versioned_by_the_time_it_was_written() -> None:
    """The state that Kafka got last is the one that stays."""
    (put,) = plan(PLANNERS[TOPICS.feeds.name], b"k", (DATA / "feed.json").read_bytes(), 1_506_762_000_000).writes
    assert isinstance(put, Put)
    assert put.version == 1_506_762_000_000
    assert isinstance(put.document, FeedDocument)


def test_a_dead_letter_is_written_once() -> None:
    """The same failure on a replay doesn't change the first letter."""
    (create,) = plan(PLANNERS[TOPICS.dead_letters.name], b"k", (DATA / "dead-letter.json").read_bytes(), 1).writes
    assert isinstance(create, Create)


def stored(writes: Iterable[Write]) -> dict[tuple[str, str], object]:
    """Return what Elasticsearch holds after writes in this order: an oracle of external versions."""
    versions: dict[tuple[str, str], int] = {}
    documents: dict[tuple[str, str], object] = {}
    for write in writes:
        key = (write.index.value, write.id)
        version = -1 if isinstance(write, Create) else write.version
        if key in versions and (isinstance(write, Create) or version < versions[key]):
            continue
        versions[key] = version
        documents[key] = None if isinstance(write, Remove) else write.document
    return documents


def some_writes() -> st.SearchStrategy[list[Write]]:
    """Return lists of writes of few documents, so that they meet each other often."""
    put = incident_plan(incident("armanaz-1")).writes[-1]
    assert isinstance(put, Put)
    ids, versions = st.sampled_from(["1", "2"]), st.integers(1, 3)
    puts = st.builds(lambda i, v: replace(put, id=i, version=v), ids, versions)
    removes = st.builds(lambda i, v: Remove(index=Index.INCIDENTS, id=i, version=v), ids, versions)
    creates = st.builds(lambda i: Create(index=Index.FEEDS, id=i, document=put.document), ids)
    return st.lists(st.one_of(puts, removes, creates), max_size=8)


@given(some_writes())
def test_the_latest_writes_end_where_all_writes_end(writes: list[Write]) -> None:
    """Leaving out overtaken writes changes nothing, and no document is written twice."""
    kept = latest(writes)
    assert stored(kept) == stored(writes)
    assert len({(write.index, write.id) for write in kept}) == len(kept)
