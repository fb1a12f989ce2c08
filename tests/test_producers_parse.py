"""Feeds as files: each `tests/data/feeds/NAME.feed` is parsed into what `NAME.json` says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts import codec
from contracts.codec import JsonValue
from producers.parse import NotAFeedError, ParsedFeed, parse_feed
from producers.parse.html import clean_text, html_to_text

FEEDS = Path(__file__).parent / "data" / "feeds"
CASES = sorted(path.stem for path in FEEDS.glob("*.feed"))
ADDRESS = "https://feeds.example/here/feed.xml"
RSS = "<rss version='2.0'><channel><title>{}</title></channel></rss>"
RUSSIAN = "Взрыв на рынке в центре города: погибли трое, ранены двенадцать человек"


def declared(encoding: str, title: str) -> str:
    """Return a feed that says what it is written in."""
    return f"<?xml version='1.0' encoding='{encoding}'?>{RSS.format(title)}"


def parsed(name: str, content_type: str | None = None) -> dict[str, JsonValue]:
    """Return what a feed file is parsed into, as JSON would show it."""
    try:
        document = parse_feed((FEEDS / f"{name}.feed").read_bytes(), ADDRESS, content_type)
    except NotAFeedError as error:
        return {"error": str(error)}
    return without_defaults(msgspec.to_builtins(document))


def without_defaults(shown: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what a document shows, without the fields that few documents fill and this one doesn't."""
    rare = ("ttl", "update_interval", "skip_hours", "skip_days", "podcast")
    entries = [without_defaults(entry) for entry in shown.get("entries", ())]
    kept = {name: value for name, value in shown.items() if name not in rare or value}
    return kept | ({"entries": entries} if "entries" in shown else {})


def read_or_refused(body: bytes) -> None:
    """Check that a body is either read into what a record can hold, or refused in a sentence."""
    try:
        document = parse_feed(body, ADDRESS)
    except NotAFeedError as error:
        refusal = str(error)
    else:
        assert msgspec.json.decode(msgspec.json.encode(document), type=ParsedFeed) == document
        assert codec.encode(document.entries)
        return
    assert refusal.endswith(".")
    assert "breaks the feed parser" not in refusal


@pytest.mark.parametrize("name", CASES)
def test_feed_is_parsed_as_expected(name: str) -> None:
    """Every feed file gives exactly the document, or the error, beside it."""
    assert parsed(name) == msgspec.json.decode((FEEDS / f"{name}.json").read_bytes())


def test_cases_cover_every_format() -> None:
    """RSS 2.0, RSS 1.0, Atom, JSON Feed and each bad kind have a case."""
    kinds = {"rss20", "rss10", "atom", "json", "malformed", "encoding", "empty", "web", "hostile"}
    assert kinds <= {name.split("-")[0] for name in CASES}


@pytest.mark.parametrize(
    ("content_type", "title"),
    [
        pytest.param("text/xml", "Café du Nord", id="no charset: the document is believed"),
        pytest.param("application/rdf+xml; charset=iso-8859-1", "Café du Nord", id="right charset"),
        pytest.param("text/html", "Café du Nord", id="wrong type"),
    ],
)
def test_content_type_does_not_spoil_the_encoding(content_type: str, title: str) -> None:
    """A server's vague content type doesn't turn letters into others."""
    assert parsed("rss10-latin1", content_type)["title"] == title


def test_times_are_in_utc() -> None:
    """Dates with a zone are read as the moment they mean."""
    document = parse_feed((FEEDS / "rss20-plain.feed").read_bytes(), ADDRESS)
    assert document.entries[0].published == datetime(2024, 3, 5, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("plain", "plain", id="no markup"),
        pytest.param("a<br>b", "a\nb", id="line break"),
        pytest.param("a<br><br>b", "a\n\nb", id="two breaks are a paragraph"),
        pytest.param("<p>a</p><p>b</p>", "a\n\nb", id="paragraphs"),
        pytest.param("<p>a\n  b</p>", "a b", id="source lines are no lines"),
        pytest.param("<p>one <b>two</b>three</p>", "one twothree", id="inline elements don't part words"),
        pytest.param("<div>a<div>b</div>c</div>", "a\n\nb\n\nc", id="nested blocks"),
        pytest.param("x<script>y</script>z", "xz", id="script"),
        pytest.param("x<style>y</style><noscript>n</noscript>z", "xz", id="style and noscript"),
        pytest.param("x<script>y", "x", id="script that never ends"),
        pytest.param("x<svg><text>y</text></svg>z", "xz", id="drawing"),
        pytest.param("x<input value='v'>y<embed src='e'>z", "xyz", id="elements without an end"),
        pytest.param("5 &lt; 6 &amp; 7", "5 < 6 & 7", id="entities"),
        pytest.param("<!-- a -->b<?php c ?>", "b", id="comments and instructions"),
        pytest.param("", "", id="nothing"),
        pytest.param("<", "<", id="a lone sign"),
        pytest.param("a\x00b\ud800c", "abc", id="characters that no record may hold"),
        pytest.param("so\u00adft\u200b&shy;", "soft", id="invisible characters"),
        pytest.param("<div>" * 3000 + "deep", "deep", id="nested 3000 deep"),
    ],
)
def test_html_becomes_text(markup: str, text: str) -> None:
    """HTML's words stay, in paragraphs, and its machinery goes."""
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    ("body", "content_type", "title", "complains"),
    [
        pytest.param(RSS.format("é€“ж”").encode(), None, "é€“ж”", False, id="UTF-8, nothing declared"),
        pytest.param(RSS.format("é€“ж”").encode("utf-8-sig"), None, "é€“ж”", False, id="mark of UTF-8"),
        pytest.param(b"\n \n" + RSS.format("é").encode(), None, "é", False, id="white space in front"),
        pytest.param(
            declared("utf-8", "Ünruhe … drei Tote").encode("cp1252"),
            "text/xml",
            "Ünruhe … drei Tote",
            True,
            id="said UTF-8, is Windows 1252",
        ),
        pytest.param(
            declared("iso-8859-1", "“Trois morts” à Évry").encode(),
            None,
            "“Trois morts” à Évry",
            True,
            id="said Latin 1, is UTF-8",
        ),
        pytest.param(
            declared("utf-8", "“Tres muertos” en Cádiz").encode().replace(b"muertos", b"muertos\xe9"),
            None,
            "“Tres muertos\ufffd” en Cádiz",
            True,
            id="one stray byte doesn't spoil the rest",
        ),
        pytest.param(declared("utf-8", RUSSIAN).encode("cp1251"), None, RUSSIAN, True, id="said UTF-8, is Cyrillic"),
        pytest.param(
            declared("windows-1251", RUSSIAN).encode("cp1251"), None, RUSSIAN, False, id="Cyrillic, as declared"
        ),
        pytest.param(
            declared("utf-8", RUSSIAN).encode("cp1251"),
            "text/xml; charset=windows-1251",
            RUSSIAN,
            False,
            id="what the server declares comes first",
        ),
        pytest.param(declared("gb2312", "龙镕").encode("gbk"), None, "龙镕", False, id="wider than declared"),
        pytest.param(declared("utf-16", "é").encode("utf-16"), None, "é", False, id="UTF-16 with a mark"),
        pytest.param(declared("utf-16", "é").encode("utf-16-be"), None, "é", False, id="UTF-16 without one"),
        pytest.param(declared("utf-32", "é").encode("utf-32-le"), None, "é", False, id="UTF-32 without one"),
        pytest.param(declared("punycode", "Bücher").encode(), None, "Bücher", False, id="no encoding for documents"),
        pytest.param(declared("klingon", "Tag").encode(), None, "Tag", False, id="no encoding at all"),
    ],
)
def test_encodings(body: bytes, content_type: str | None, title: str, complains: bool) -> None:  # noqa: FBT001 - a case
    """Letters are read right whatever is declared, and a wrong declaration is told."""
    document = parse_feed(body, ADDRESS, content_type)
    assert document.title == title
    assert ("encoding" in (document.problem or "")) == complains


@pytest.mark.parametrize(
    ("date", "time"),
    [
        pytest.param("Tue, 05 Mar 2024 09:30:00 +0200", datetime(2024, 3, 5, 7, 30, tzinfo=UTC), id="with a zone"),
        pytest.param("Tue, 05 Mar 2024 09:30:00 EST", datetime(2024, 3, 5, 14, 30, tzinfo=UTC), id="a zone's name"),
        pytest.param("Tue, 05 Mar 2024 09:30:00", datetime(2024, 3, 5, 9, 30, tzinfo=UTC), id="no zone is UTC"),
        pytest.param("2024-03-05T09:30:00Z", datetime(2024, 3, 5, 9, 30, tzinfo=UTC), id="RFC 3339 in RSS"),
        pytest.param("2024-03-05 09:30:00", datetime(2024, 3, 5, 9, 30, tzinfo=UTC), id="of a database"),
        pytest.param("March 5, 2024 9:30 pm", datetime(2024, 3, 5, 21, 30, tzinfo=UTC), id="in words"),
        pytest.param("5 March 2024 09:30 PST", datetime(2024, 3, 5, 17, 30, tzinfo=UTC), id="in words with a zone"),
        pytest.param("2024/03/05 09:30", datetime(2024, 3, 5, 9, 30, tzinfo=UTC), id="year first"),
        pytest.param("Thu, 01 Jan 1970 00:00:00 GMT", datetime(1970, 1, 1, tzinfo=UTC), id="a clock's zero"),
        pytest.param("Tue, 05 Mar 2124 09:30:00 GMT", datetime(2124, 3, 5, 9, 30, tzinfo=UTC), id="the future"),
        pytest.param("05/03/2024 09:30", None, id="day or month"),
        pytest.param("yesterday", None, id="a word"),
        pytest.param("Tue, 35 Mar 2024 99:99:99 GMT", None, id="impossible"),
        pytest.param("May 2024 " * 20, None, id="far too long"),
        pytest.param("", None, id="empty"),
    ],
)
def test_dates(date: str, time: datetime | None) -> None:
    """A date is read where it can be told for sure, in UTC, and is none otherwise."""
    body = f"<rss version='2.0'><channel><item><title>t</title><pubDate>{date}</pubDate></item></channel></rss>"
    assert parse_feed(body.encode(), ADDRESS).entries[0].published == time


@pytest.mark.parametrize(
    ("channel", "fields"),
    [
        pytest.param("<ttl>60</ttl>", {"ttl": timedelta(hours=1)}, id="time to live, in minutes"),
        pytest.param("<ttl>soon</ttl>", {}, id="time to live that is none"),
        pytest.param("<ttl>99999999999999</ttl>", {"ttl": timedelta(days=365)}, id="time to live without end"),
        pytest.param("<ttl>0</ttl>", {}, id="no time to live"),
        pytest.param(
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            {"update_interval": timedelta(minutes=30)},
            id="twice an hour",
        ),
        pytest.param("<sy:updatePeriod>daily</sy:updatePeriod>", {"update_interval": timedelta(days=1)}, id="daily"),
        pytest.param(
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            {"update_interval": timedelta(days=1)},
            id="daily, no times",
        ),
        pytest.param(
            "<skipHours><hour>0</hour><hour>3</hour><hour>24</hour><hour>77</hour></skipHours>",
            {"skip_hours": (0, 3)},
            id="hours, of which 24 is 0",
        ),
        pytest.param(
            "<skipDays><day>Sunday</day><day>monday</day><day>x</day></skipDays>", {"skip_days": (0, 6)}, id="days"
        ),
    ],
)
def test_rhythm_that_a_feed_asks_for(channel: str, fields: dict[str, object]) -> None:
    """What the feed says of its own rhythm is passed on, nonsense isn't."""
    namespace = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    body = f"<rss version='2.0' {namespace}><channel><title>T</title>{channel}</channel></rss>"
    assert parse_feed(body.encode(), ADDRESS) == ParsedFeed(title="T", **fields)


SOUND = "<enclosure url='http://a.example/1.mp3' type='audio/mpeg' length='1'/>"


@pytest.mark.parametrize(
    ("item", "podcast"),
    [
        pytest.param(
            f"<description>Words.</description>{SOUND}<itunes:duration>9</itunes:duration>", True, id="notes"
        ),
        pytest.param(SOUND, True, id="sound and a title"),
        pytest.param(f"<description>Words.</description>{SOUND}", False, id="an article read aloud"),
        pytest.param(
            f"<description>{'Words. ' * 400}</description>{SOUND}<itunes:duration>9</itunes:duration>",
            False,
            id="an article with an episode's mark",
        ),
        pytest.param("<enclosure url='http://a.example/1.jpg' type='image/jpeg'/>", False, id="a picture"),
        pytest.param("<description>Words.</description>", False, id="words alone"),
    ],
)
def test_podcasts_are_told(item: str, podcast: bool) -> None:  # noqa: FBT001 - a case
    """A programme to listen to isn't an article, an article with sound is."""
    namespace = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    body = f"<rss version='2.0' {namespace}><channel><item><title>T</title>{item}</item></channel></rss>"
    (entry,) = parse_feed(body.encode(), ADDRESS).entries
    assert entry.podcast is podcast
    assert entry.readable is not podcast


@pytest.mark.parametrize(
    ("item", "url"),
    [
        pytest.param("<link>/news/7</link>", "https://feeds.example/news/7", id="relative to the feed"),
        pytest.param("<link>http://a.example/7</link>", "http://a.example/7", id="absolute"),
        pytest.param("<guid>http://a.example/7</guid>", "http://a.example/7", id="a guid that is the link"),
        pytest.param(
            "<guid isPermaLink='false'>http://a.example/7</guid>",
            "http://a.example/7",
            id="a guid that looks like it",
        ),
        pytest.param("<guid isPermaLink='false'>7</guid>", None, id="a guid that is none"),
        pytest.param("<link>javascript:alert(1)</link>", None, id="no address"),
        pytest.param("<link>http://[bad/</link>", None, id="a broken address"),
        pytest.param(
            "<link>http://proxy.example/7</link><feedburner:origLink>http://a.example/7</feedburner:origLink>",
            "http://a.example/7",
            id="behind a go-between",
        ),
    ],
)
def test_addresses_of_entries(item: str, url: str | None) -> None:
    """An entry's address is absolute, and found where it stands."""
    namespace = "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
    body = f"<rss version='2.0' {namespace}><channel><item><title>T</title>{item}</item></channel></rss>"
    assert parse_feed(body.encode(), ADDRESS).entries[0].url == url


@pytest.mark.parametrize(
    ("base", "url"),
    [
        pytest.param("xml:base='http://b.example/x/'", "http://b.example/x/news/7", id="absolute"),
        pytest.param("xml:base='/y/'", "https://feeds.example/y/news/7", id="relative itself"),
        pytest.param("", "https://feeds.example/here/news/7", id="none"),
    ],
)
def test_base_of_relative_links(base: str, url: str) -> None:
    """`xml:base` counts, itself relative to where the feed was found."""
    body = f"<feed xmlns='http://www.w3.org/2005/Atom' {base}><entry><id>1</id><link href='news/7'/></entry></feed>"
    assert parse_feed(body.encode(), ADDRESS).entries[0].url == url


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_any_markup_becomes_clean_text(markup: str) -> None:
    """Whatever a feed holds becomes text that a record can carry and that is already clean."""
    text = html_to_text(markup)
    assert clean_text(text) == text
    assert codec.decode(codec.encode(text), str) == text


@given(st.binary(max_size=600))
def test_any_bytes_are_a_feed_or_an_error(body: bytes) -> None:
    """No body crashes the parser: it is read or it isn't."""
    read_or_refused(body)


@given(name=st.sampled_from(CASES), where=st.floats(0, 1), noise=st.binary(max_size=8))
@example(name="atom-kinds-of-content", where=0.5625, noise=b"\0")
def test_damaged_feeds_are_a_feed_or_an_error(name: str, where: float, noise: bytes) -> None:
    """A feed with some bytes overwritten is read as far as it goes, or refused."""
    body = (FEEDS / f"{name}.feed").read_bytes()
    at = int(len(body) * where)
    read_or_refused(body[:at] + noise + body[at + len(noise) :])
