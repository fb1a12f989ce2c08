"""Feed lists in TOML and OPML: read, written, and refused in one sentence."""

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.canonical import canonical_url
from producers.feedlist import FeedListError, Subscription, parse_feed_list, read_feed_list, to_opml, to_toml

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Africa">
  <outline type="rss" text="Lake Post" xmlUrl="https://lake.example/feed" language="en"/>
  <outline type="rss" text="short" title="Coast Post" xmlUrl=" https://coast.example/feed "/>
</outline>
<outline text="Alone" xmlUrl="http://alone.example/rss"/>
<outline text="A page, not a feed" htmlUrl="http://page.example/"/>
</body></opml>"""

# Any text that XML and TOML can both hold.
words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=20
).filter(lambda text: text == text.strip())
subscriptions = st.lists(
    st.builds(
        Subscription,
        url=st.integers(0, 10**6).map("https://outlet.example/{}?a=1&b=2".format),
        outlet=words,
        group=st.none() | words,
        language=st.none() | st.sampled_from(["en", "ar"]),
        interval_seconds=st.none() | st.integers(1, 86_400),
        full_text=st.none() | st.booleans(),
    ),
    min_size=1,
    unique_by=lambda subscription: subscription.url,
).map(tuple)


def test_toml_is_read() -> None:
    """Every field of a TOML table is taken, and only the address is needed."""
    data = b"""
[[feeds]]
url = "https://a.example/feed"
outlet = "A"
group = "Europe"
language = "en"
interval_seconds = 60

[[feeds]]
url = "http://b.example/feed"
"""
    first = Subscription(url="https://a.example/feed", outlet="A", group="Europe", language="en", interval_seconds=60)
    assert parse_feed_list(data, "feeds.toml") == (first, Subscription(url="http://b.example/feed"))


def test_opml_is_read() -> None:
    """Feeds are the outlines with an address, named by title, grouped by the outline around them."""
    assert parse_feed_list(OPML, "feeds.opml") == (
        Subscription(url="https://lake.example/feed", outlet="Lake Post", group="Africa", language="en"),
        Subscription(url="https://coast.example/feed", outlet="Coast Post", group="Africa"),
        Subscription(url="http://alone.example/rss", outlet="Alone"),
    )


def test_feed_listed_twice_is_one() -> None:
    """The first mention of an address counts."""
    data = '[[feeds]]\nurl = "http://a.example/"\noutlet = "first"\n[[feeds]]\nurl = "http://a.example/"\n'
    assert parse_feed_list(data.encode(), "f") == (Subscription(url="http://a.example/", outlet="first"),)


@given(subscriptions)
def test_toml_round_trip(listed: tuple[Subscription, ...]) -> None:
    """What is written as TOML is read back the same."""
    assert parse_feed_list(to_toml(listed).encode(), "f") == listed


@given(subscriptions)
def test_opml_round_trip(listed: tuple[Subscription, ...]) -> None:
    """What is written as OPML is read back the same, but for intervals and the order of groups."""
    without_intervals = {replace(one, interval_seconds=None) for one in listed}
    assert set(parse_feed_list(to_opml(listed), "f")) == without_intervals


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "Feed list f names no feed.", id="empty"),
        pytest.param(b"[[feeds]\n", "Feed list f is not valid TOML: ", id="broken TOML"),
        pytest.param(b"a = 1\nb = \n", "line 2", id="broken TOML names the line"),
        pytest.param(b"feeds = 3", "write each feed as a table", id="feeds is no list"),
        pytest.param(
            b'[[feeds]]\nurl="http://a.example/"\n\n[[feeds]]\noutlet="B"\n',
            "Feed list f, feed 2, line 4: Object missing required field `url`.",
            id="no address",
        ),
        pytest.param(
            b'[[feeds]]\nurl="http://a.example/"\nlang="en"', "line 1: there is no field 'lang'", id="unknown field"
        ),
        pytest.param(b"[[feeds]]\nurl=1", "line 1: Expected `str`, got `int` - at `$.url`.", id="wrong type"),
        pytest.param(b'[[feeds]]\nurl="ftp://a.example/"', "'ftp://a.example/' is not an http or https", id="scheme"),
        pytest.param(b'[[feeds]]\nurl="http:///a"', "is not an http or https address", id="no host"),
        pytest.param(b'[[feeds]]\nurl="http://a:b/"', "is not an http or https address", id="bad port"),
        pytest.param(b'[[feeds]]\nurl="http://a.example"\ninterval_seconds=0', "must be 1 or more", id="no interval"),
        pytest.param(b"\xff\xfe\x00", "is not UTF-8 at byte 0", id="not text"),
        pytest.param(b"<opml><body>", "is not valid OPML: ", id="broken OPML"),
        pytest.param(b"<rss/>", "is XML but not OPML: its first element is <rss>", id="another XML"),
        pytest.param(
            b'<opml><body>\n<outline xmlUrl="feed.xml"/></body></opml>', "Feed list f, line 2: url", id="OPML line"
        ),
    ],
)
def test_bad_list_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    """What is wrong, and where, is said in one sentence."""
    with pytest.raises(FeedListError) as caught:
        parse_feed_list(data, "f")
    assert message in str(caught.value)
    assert str(caught.value).startswith("Feed list f")
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_shipped_list_is_sound() -> None:
    """A hundred feeds or more, each once, over https where possible, in groups that span the regions."""
    listed = read_feed_list(Path(str(resources.files("producers") / "feeds.opml")))
    addresses = [one.url for one in listed]
    assert len(addresses) >= 100
    assert len({canonical_url(address) for address in addresses}) == len(addresses)
    assert sum(address.startswith("https://") for address in addresses) >= 0.95 * len(addresses)
    assert all(one.outlet and one.group and one.language for one in listed)
    regions = {"Africa", "Middle East", "South Asia", "Europe", "Latin America and the Caribbean", "Oceania"}
    assert regions <= {one.group for one in listed}
    assert b"none of them could be tried" in (resources.files("producers") / "feeds.opml").read_bytes()


def test_missing_file_is_said(tmp_path: Path) -> None:
    """A list that isn't there is an error that names it."""
    with pytest.raises(FeedListError, match=r"none\.toml can't be read: No such file"):
        read_feed_list(tmp_path / "none.toml")
