"""What a document brings to a feed that remembers: which articles are new, edited, or the same in another guise."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import codec
from contracts.records import Article, Feed, FeedMemory
from contracts.topics import MAX_MESSAGE_BYTES
from producers.harvest import REMEMBERED_ABSENT, Harvest, harvest
from producers.parse import ParsedEntry, ParsedFeed

NOW = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)
FEED = Feed(url="https://outlet.example/feed", outlet="The Outlet")
STORY = (
    "At least 28 miners were killed when a shaft collapsed near the village on Saturday, the union said. "
    "Rescuers dig for more."
)
OTHER = "Parliament passed the budget after a long debate about schools, bridges and the price of bread this winter."
ENTRY = ParsedEntry(guid="g7", url="https://outlet.example/news/7", title="Mine collapses near village", text=STORY)


def read(feed: Feed, *entries: ParsedEntry) -> Harvest:
    """Return what a document with these entries brings."""
    return harvest(feed, ParsedFeed(title="The Feed", entries=entries), NOW)


def after(*entries: ParsedEntry) -> Feed:
    """Return the feed after it has brought these entries."""
    return replace(FEED, seen=read(FEED, *entries).seen)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(replace(ENTRY, url="https://outlet.example/news/7?utm_source=rss#0"), id="tracking"),
        pytest.param(replace(ENTRY, guid="another"), id="new guid"),
        pytest.param(replace(ENTRY, url="https://outlet.example/2024/mine-collapses"), id="new address"),
        pytest.param(
            replace(ENTRY, url="https://new.example/x", guid="another"), id="new guid and address, same words"
        ),
        pytest.param(replace(ENTRY, text=STORY.replace(" ", "  ") + "\n\n"), id="white space"),
        pytest.param(replace(ENTRY, text=f"{STORY}\n\n5 min read"), id="reading time"),
        pytest.param(replace(ENTRY, text=f"Updated 3 minutes ago\n\n{STORY}"), id="how long ago"),
        pytest.param(replace(ENTRY, text=f"{STORY}\n\n12 comments | 1,204 views"), id="counters"),
        pytest.param(replace(ENTRY, text=f"{STORY}\n\nShare on Facebook"), id="share link"),
        pytest.param(replace(ENTRY, text=f"{STORY}\n\nRead more..."), id="read more"),
        pytest.param(replace(ENTRY, text=STORY.replace("village", "vil\u200blage").replace("\u200b", "")), id="same"),
        pytest.param(replace(ENTRY, title="Mine  collapses near village"), id="white space in the title"),
    ],
)
def test_cosmetic_change_and_new_guise_bring_nothing(again: ParsedEntry) -> None:
    """The same article isn't published again because of its address, its guid or what furnishes it."""
    assert read(after(ENTRY), again).new == ()


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param(replace(ENTRY, text=STORY.replace("28", "40")), id="toll"),
        pytest.param(replace(ENTRY, title="Mine collapses near village, 40 dead"), id="title"),
        pytest.param(
            replace(ENTRY, text=f"{STORY}\n\nUpdated: 40 dead, the union says."), id="a line that looks cosmetic"
        ),
        pytest.param(
            replace(ENTRY, url="https://outlet.example/2/40-dead", text=STORY.replace("28", "40")), id="moved"
        ),
    ],
)
def test_edit_is_a_new_revision(edited: ParsedEntry) -> None:
    """An edit keeps the article's id, also at a new address under the same guid."""
    first = read(FEED, ENTRY)
    (article,) = read(after(ENTRY), edited).new
    assert article.id == first.new[0].id
    assert article.revision != first.new[0].revision


@pytest.mark.parametrize(
    ("before", "now"),
    [
        pytest.param(
            [ENTRY], [replace(ENTRY, url="https://outlet.example/8", title="Budget", text=OTHER)], id="recycled guid"
        ),
        pytest.param([ENTRY], [ENTRY, replace(ENTRY, url="https://outlet.example/8", guid="8")], id="both are there"),
        pytest.param(
            [replace(ENTRY, guid=None, text="Short.")],
            [replace(ENTRY, guid=None, text="Short.", url="https://outlet.example/8", title="T")],
            id="few words",
        ),
        pytest.param(
            [ENTRY],
            [
                replace(ENTRY, url="https://outlet.example/8", text=STORY + " More."),
                replace(ENTRY, url="https://outlet.example/9", text=STORY + " Less."),
            ],
            id="a guid that two entries have",
        ),
    ],
)
def test_when_unsure_it_is_another_article(before: list[ParsedEntry], now: list[ParsedEntry]) -> None:
    """Nothing is taken for the edit of another article without guid and content, or all the words, agreeing."""
    known = {entry.article_id for entry in after(*before).seen}
    brought = read(after(*before), *now).new
    assert brought
    assert not known & {article.id for article in brought}


def test_moved_article_stays_itself() -> None:
    """An article at a new address is the same at every later poll too."""
    moved = replace(ENTRY, url="https://outlet.example/8", text=STORY.replace("28", "40"))
    second = read(after(ENTRY), moved)
    assert read(replace(FEED, seen=second.seen), moved).new == ()


def test_two_feeds_of_one_outlet_bring_one_article() -> None:
    """The canonical address gives the same id and revision in any feed; each record names its own."""
    (one,) = read(FEED, ENTRY).new
    front = Feed(url="https://outlet.example/front", outlet="The Outlet")
    (other,) = read(front, replace(ENTRY, url="http://m.outlet.example/news/7?utm_source=front", guid="f-7")).new
    assert (one.id, one.revision) == (other.id, other.revision)
    assert (one.feed, other.feed) == (FEED.url, front.url)


def test_podcasts_and_empty_entries_are_left_out() -> None:
    """What is to be listened to, and what says nothing, is no article."""
    assert read(FEED, replace(ENTRY, podcast=True), ParsedEntry(url="https://outlet.example/8")).there == ()


def test_memory_is_bounded() -> None:
    """Entries that are long gone are forgotten, those in the document never."""
    feed = FEED
    for number in range(20):
        entries = [ParsedEntry(url=f"https://outlet.example/{number}-{index}", title="t") for index in range(100)]
        feed = replace(feed, seen=read(feed, *entries).seen)
    assert len(feed.seen) == 100 + REMEMBERED_ABSENT


def test_a_huge_document_fits_a_kafka_record() -> None:
    """What is remembered of twenty thousand entries, and the longest text, stay below the largest record."""
    entries = [
        ParsedEntry(guid=str(number), url=f"https://outlet.example/{number}", title=STORY) for number in range(20_000)
    ]
    assert len(codec.encode(FeedMemory(url=FEED.url, seen=read(FEED, *entries).seen))) < MAX_MESSAGE_BYTES
    (article,) = read(FEED, ParsedEntry(url="https://outlet.example/a", text='"\U0001f600' * 2_000_000)).new
    assert len(codec.encode(article)) < MAX_MESSAGE_BYTES


entries = st.builds(
    ParsedEntry,
    guid=st.none() | st.sampled_from("123"),
    url=st.none()
    | st.sampled_from(["https://outlet.example/a", "https://outlet.example/b", "http://m.outlet.example/b"]),
    title=st.sampled_from(["", "One", "Two"]),
    text=st.sampled_from(["", STORY, OTHER, f"{STORY} More."]),
)


@given(st.lists(st.lists(entries, max_size=5), min_size=1, max_size=4))
def test_the_same_document_again_brings_nothing(documents: list[list[ParsedEntry]]) -> None:
    """Identity is idempotent: after any history, a document read twice brings nothing the second time."""
    feed = FEED
    for document in documents:
        feed = replace(feed, seen=read(feed, *document).seen)
        again: tuple[Article, ...] = read(feed, *document).new
        assert again == ()
