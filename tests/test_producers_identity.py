"""Which addresses and entries are the same article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.canonical import canonical_url, clean_url
from producers.identity import article_ids
from producers.parse import ParsedEntry

FEED = "https://outlet.example/feed"
HOME = "https://outlet.example/"
PAGE = "https://outlet.example/news/7"


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param("http://outlet.example/news/7", id="http"),
        pytest.param("https://www.outlet.example/news/7", id="www"),
        pytest.param("https://m.outlet.example/news/7", id="mobile"),
        pytest.param("https://amp.outlet.example/news/7", id="AMP host"),
        pytest.param("https://outlet.example/news/7/amp", id="AMP path"),
        pytest.param("https://outlet.example/news/7?amp=1", id="AMP parameter"),
        pytest.param("https://OUTLET.example:443/news/7/", id="case, port and slash"),
        pytest.param("https://outlet.example/news/7#comments", id="fragment"),
        pytest.param("https://outlet.example/news/7#0", id="counting fragment"),
        pytest.param("https://outlet.example/news/7?utm_source=rss&utm_campaign=x&fbclid=abc", id="tracking"),
        pytest.param("https://outlet.example/news/7?at_medium=RSS&at_campaign=rss", id="tracking of a broadcaster"),
        pytest.param("https://outlet.example/news/7?ref=rss&source=twitter", id="vague names with telling values"),
        pytest.param("https://outlet.example/news/7#3", id="another counting fragment"),
        pytest.param("https://www.m.outlet.example/news/7", id="two variants at once"),
        pytest.param("https://outlet.example/amp/news/7", id="AMP in front"),
        pytest.param("https://outlet.example/news/7/amp/amp/", id="AMP twice"),
        pytest.param("https://www.google.com/amp/s/outlet.example/news/7", id="AMP viewer"),
        pytest.param("https://outlet-example.cdn.ampproject.org/c/s/outlet.example/news/7", id="AMP cache"),
        pytest.param("https://outlet.example/news/%37", id="needlessly escaped"),
        pytest.param("https://outlet.example/news/7;jsessionid=1A2B", id="session"),
        pytest.param("https://outlet.example/news/7/index.html", id="directory's page"),
        pytest.param("https://outlet.example./news/7", id="dot after the host"),
    ],
)
def test_variants_are_one_article(variant: str) -> None:
    """The ways to one page have one canonical address."""
    assert canonical_url(variant) == canonical_url(PAGE)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("https://outlet.example/news/8", id="path"),
        pytest.param("https://outlet.example/News/7", id="case of the path"),
        pytest.param("https://outlet.example/news/7?page=2", id="parameter"),
        pytest.param("https://outlet.example:8443/news/7", id="port"),
        pytest.param("https://sport.outlet.example/news/7", id="another host"),
        pytest.param("https://outlet.example/news/7#!/two", id="page in the fragment"),
        pytest.param("https://m.example/news/7", id="a host that is called m"),
        pytest.param("https://outlet.example/news/7?ref=42", id="a vague name with another value"),
        pytest.param("https://outlet.example/news/7%2F", id="an escape that means something"),
        pytest.param("https://outlet.example/news/7-amp", id="a word that ends in amp"),
    ],
)
def test_other_pages_are_other_articles(other: str) -> None:
    """What may be another page has another canonical address."""
    assert canonical_url(other) != canonical_url(PAGE)


def test_parameters_in_another_order_are_the_same() -> None:
    """The order of parameters doesn't count."""
    assert canonical_url(f"{PAGE}?b=2&a=1") == canonical_url(f"{PAGE}?a=1&b=2")


def test_clean_address_still_opens() -> None:
    """What a reader gets loses only tracking and fragment."""
    assert clean_url("http://www.outlet.example/a?id=3&utm_source=x&q=%C3%A9#top") == (
        "http://www.outlet.example/a?id=3&q=%C3%A9"
    )


def test_clean_address_keeps_a_query_as_written() -> None:
    """A query without tracking isn't written anew."""
    assert clean_url("https://outlet.example/a?x=a%20b&flag") == "https://outlet.example/a?x=a%20b&flag"


@given(
    path=st.text(st.characters(codec="utf-8", exclude_characters="?#[]"), max_size=20),
    query=st.dictionaries(st.text("abcx_", min_size=1, max_size=5), st.text(max_size=5), max_size=4),
)
def test_canonical_addresses_are_settled(path: str, query: dict[str, str]) -> None:
    """A canonical address of a clean address, and of a canonical one, is itself."""
    url = f"https://outlet.example/{path}?" + "&".join(f"{name}={value}" for name, value in query.items())
    assert canonical_url(clean_url(url)) == canonical_url(url)


@given(
    st.text(max_size=40)
    | st.from_regex(r"(www\.|m\.)*[a-z]{1,3}\.example(/(amp|index\.html|[a-z%7é]*)){0,3}", fullmatch=True)
)
def test_canonical_addresses_are_stable(rest: str) -> None:
    """The canonical form of a canonical address is itself, whatever the address looks like."""
    try:
        once = canonical_url(f"https://{rest}")
    except ValueError:
        return
    assert canonical_url(once) == once
    assert once.isascii()


def identities(*entries: ParsedEntry, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the ids of entries of one document."""
    return article_ids(FEED, HOME, entries, known)


def test_address_counts_more_than_guid() -> None:
    """The same address under a new guid is the same article."""
    assert identities(ParsedEntry(url=PAGE, guid="1")) == identities(ParsedEntry(url=PAGE, guid="2"))


def test_shared_address_is_told_apart_by_guid() -> None:
    """Entries that all link to one page are as many articles."""
    assert len(set(identities(ParsedEntry(url=PAGE, guid="1"), ParsedEntry(url=PAGE, guid="2")))) == 2


def test_home_page_is_no_articles_address() -> None:
    """An entry that links to the site's home page is known by its guid too."""
    first, second = identities(ParsedEntry(url=HOME, guid="1")), identities(ParsedEntry(url=HOME, guid="2"))
    assert first != second


def test_entry_keeps_its_id_when_its_neighbour_leaves() -> None:
    """An entry that was told apart by its guid stays the same article when alone."""
    both = identities(ParsedEntry(url=PAGE, guid="1"), ParsedEntry(url=PAGE, guid="2"))
    assert identities(ParsedEntry(url=PAGE, guid="2"), known=both) == both[1:]


@pytest.mark.parametrize(
    ("entry", "edited"),
    [
        pytest.param(ParsedEntry(guid="g", text="a"), ParsedEntry(guid="g", text="b"), id="guid"),
        pytest.param(ParsedEntry(title="t", text="a"), ParsedEntry(title="t", text="b"), id="title"),
    ],
)
def test_entry_without_link_keeps_its_id_when_edited(entry: ParsedEntry, edited: ParsedEntry) -> None:
    """Guid, else title, stands in for the address."""
    assert identities(entry) == identities(edited)


def test_entries_without_anything_but_text_differ() -> None:
    """Where there is only text, the text is the identity."""
    assert len(set(identities(ParsedEntry(text="a"), ParsedEntry(text="b")))) == 2


def test_guids_count_within_their_feed() -> None:
    """The guid `1` of two feeds is two articles."""
    entry = ParsedEntry(guid="1", text="a")
    assert article_ids("https://a.example/feed", None, [entry], ()) != article_ids(
        "https://b.example/feed", None, [entry], ()
    )
