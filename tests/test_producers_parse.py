"""Feeds as files: each `tests/data/feeds/NAME.feed` is parsed into what `NAME.json` says."""

from datetime import UTC, datetime
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


def parsed(name: str, content_type: str | None = None) -> dict[str, JsonValue]:
    """Return what a feed file is parsed into, as JSON would show it."""
    try:
        document = parse_feed((FEEDS / f"{name}.feed").read_bytes(), ADDRESS, content_type)
    except NotAFeedError as error:
        return {"error": str(error)}
    shown = codec.to_builtins(document)
    assert isinstance(shown, dict)
    return shown


def read_or_refused(body: bytes) -> None:
    """Check that a body is either read into what a record can hold, or refused in a sentence."""
    try:
        document = parse_feed(body, ADDRESS)
    except NotAFeedError as error:
        refusal = str(error)
    else:
        assert codec.decode(codec.encode(document), ParsedFeed) == document
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
