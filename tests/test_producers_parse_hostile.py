"""Feeds that are broken, or made to break their reader."""

import io

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.parse import parse_feed

ADDRESS = "https://feeds.example/here/feed.xml"

GOOD = "<item><title>good</title></item>"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("<item><title>a &#xD800; b</title></item>", id="half a surrogate pair"),
        pytest.param("<item><title>&#x1100000;</title></item>", id="a number beyond all characters"),
        pytest.param("<item><title>&undefined; & more</title></item>", id="undefined entity"),
        pytest.param("<item><title>cut off</item>", id="no end"),
        pytest.param("<item><media:player>", id="an element that never ends"),
        pytest.param("<item></media:player></item>", id="an end without a beginning"),
        pytest.param("<item><link href='http://[x'/></item>", id="an address that is none"),
        pytest.param("<item><pubDate>99</pubDate><width>x</width></item>", id="values that are none"),
        pytest.param("<item><title>a\x00\x01b</title></item>", id="control characters"),
        pytest.param("<item><description><![CDATA[ <b> ]]></description></item>", id="markup that never ends"),
    ],
)
def test_a_broken_entry_does_not_cost_the_others(broken: str) -> None:
    """What comes before and after a broken entry is read."""
    namespace = "xmlns:media='http://search.yahoo.com/mrss/'"
    body = f"<rss version='2.0' {namespace}><channel>{GOOD}{broken}{GOOD}</channel></rss>"
    titles = [entry.title for entry in parse_feed(body.encode(), ADDRESS).entries]
    assert (titles[0], titles[-1], len(titles)) == ("good", "good", 3)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
START = "<rss version='2.0'><channel>" + GOOD + "<item><title>bad</title>"
MANY = 20_000


@pytest.mark.parametrize(
    ("body", "entries"),
    [
        pytest.param(f"<!DOCTYPE r [<!ENTITY l0 'ha'>{LAUGHS}]><rss version='2.0'><channel>{GOOD}", 1, id="laughs"),
        pytest.param(
            f"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel>{GOOD}<item>&x;",
            2,
            id="file",
        ),
        pytest.param(START + "<a>" * MANY, 2, id="nested without end"),
        pytest.param(START + "<a>" * MANY + "</a>" * MANY, 2, id="nested deep"),
        pytest.param(START + "<" * MANY, 2, id="signs alone"),
        pytest.param(START + "&" * MANY, 2, id="ampersands alone"),
        pytest.param(START + f"<author>{'a.' * MANY}@{'a.' * MANY}</author>", 2, id="an author as long as a book"),
        pytest.param(START + "<category>c</category>" * MANY, 2, id="very many tags"),
        pytest.param(START + "<b " + "a='1' " * MANY + ">", 2, id="very many attributes"),
        pytest.param("\n" * 500_000 + START, 2, id="empty lines in front"),
        pytest.param("<?xml version='1.0' encoding='" + "'" * MANY + START, 2, id="a declaration without end"),
        pytest.param("<!--" + "\n" * MANY + "-->" + START, 2, id="a comment of empty lines"),
        pytest.param("<rss version='2.0'><channel>" + GOOD * 10_000, 5_000, id="ten thousand entries"),
    ],
)
def test_hostile_feeds_are_bounded(body: str, entries: int) -> None:
    """What is made to take for ever is cut short, and no entity is let grow or look outside."""
    document = parse_feed(body.encode(), ADDRESS)
    assert len(document.entries) == entries
    assert document.entries[0].title == "good"
    assert sum(len(entry.text) + len(entry.title) for entry in document.entries) < len(body)
    assert "root:" not in document.entries[-1].text


ELEMENTS = (
    *("item", "entry", "title", "link", "description", "guid", "updated", "source", "image", "textInput", "a"),
    *("content:encoded", "media:player", "media:rating", "georss:point", "itunes:duration"),
)
SIGNS = ("<![CDATA[", "]]>", "<!--", "-->", "&amp;", "&", "<", ">", "&#0;", "&#x1F600;", "<!DOCTYPE", "<?x")
pieces = st.one_of(
    st.sampled_from(ELEMENTS).map("<{}>".format),
    st.sampled_from(ELEMENTS).map("</{}>".format),
    st.sampled_from((*SIGNS, "word", "2024-03-05", "http://a.example/7")),
    st.text(max_size=5),
)


@given(st.lists(pieces, max_size=60).map("".join))
def test_entries_that_feedparser_finds_come_out(mixed: str) -> None:
    """However the elements are mixed, no entry of feedparser's is lost, where feedparser itself survives."""
    body = f"<rss version='2.0'><channel>{GOOD}{mixed}".encode("utf-8", "replace")
    try:
        found = len(feedparser.parse(io.BytesIO(body)).entries)
    except (LookupError, TypeError, ValueError, AttributeError):  # as it does over an end without a beginning
        found = 0
    assert len(parse_feed(body, ADDRESS).entries) >= found
