"""Finding a site's feeds, and saying what is wrong with one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from producers.checking import finding
from producers.discover import NoFeedError, discover, feed_links
from producers.outcomes import Failed, Fetched, FetchResult, Gone, NotModified

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)
HOME = "https://outlet.example/news/"
RSS = (
    b"<rss version='2.0'><channel><title>The Outlet</title>"
    b"<item><title>a</title><pubDate>Tue, 05 Mar 2024 09:00:00 GMT</pubDate></item></channel></rss>"
)
LINK = "<link rel='alternate' type='application/rss+xml' href='{}'>"


def found(pages: dict[str, bytes], url: str = HOME) -> list[str]:
    """Return the feeds that are found on a made-up web."""

    async def fetch(wanted: str) -> FetchResult:
        if wanted not in pages:
            return Failed(reason="The server answers 404 Not Found.", status=404)
        return Fetched(body=pages[wanted], url=wanted)

    return [feed.url for feed in asyncio.run(discover(fetch, url))]


@pytest.mark.parametrize(
    ("page", "links"),
    [
        pytest.param(LINK.format("/rss"), ["https://outlet.example/rss"], id="declared"),
        pytest.param(LINK.format("rss"), ["https://outlet.example/news/rss"], id="relative"),
        pytest.param(
            f"<base href='/b/'>{LINK.format('rss')}", ["https://outlet.example/b/rss"], id="relative to a base"
        ),
        pytest.param(LINK.format("/rss") * 2, ["https://outlet.example/rss"], id="declared twice"),
        pytest.param(LINK.format("/comments/feed/"), [], id="comments"),
        pytest.param(LINK.format("javascript:x()"), [], id="no address"),
        pytest.param("<link rel='stylesheet' href='/rss'>", [], id="another link"),
        pytest.param(
            "<link rel='home ALTERNATE' type='Application/Atom+XML; charset=utf-8' href='/atom'>",
            ["https://outlet.example/atom"],
            id="any case",
        ),
        pytest.param(
            "<a href='/world/rss.xml'>RSS</a>", ["https://outlet.example/world/rss.xml"], id="linked by name"
        ),
        pytest.param("<a href='/feedback'>Write to us</a>", [], id="another page"),
        pytest.param("", [], id="empty"),
        pytest.param("<!-- -->", [], id="nothing in it"),
    ],
)
def test_feeds_that_a_page_names(page: str, links: list[str]) -> None:
    """Declared feeds come first, then links by a feed's usual name."""
    assert list(feed_links(page.encode(), HOME)) == links


def test_an_address_that_is_a_feed_is_it() -> None:
    """Nothing else is asked for then."""
    assert found({HOME: RSS}) == [HOME]


def test_named_feeds_are_found_where_they_can_be_read() -> None:
    """A page's dead links are passed over."""
    page = "".join(map(LINK.format, ("/dead", "/html", "/one", "/two"))).encode()
    web = {HOME: page, "https://outlet.example/one": RSS, "https://outlet.example/two": RSS}
    assert found({**web, "https://outlet.example/html": b"<html>"}) == [
        "https://outlet.example/one",
        "https://outlet.example/two",
    ]


def test_usual_places_are_tried_last() -> None:
    """Where the page names none, the feed is looked for from the site's root."""
    assert found({HOME: b"<html>", "https://outlet.example/rss.xml": RSS}) == ["https://outlet.example/rss.xml"]


@pytest.mark.parametrize(
    ("web", "said"),
    [
        pytest.param({}, "can't be read: The server answers 404 Not Found.", id="no page"),
        pytest.param({HOME: b"<html>"}, "names no feed, and none was found", id="no feed"),
    ],
)
def test_nothing_to_be_found_is_said(web: dict[str, bytes], said: str) -> None:
    """One sentence says why."""
    with pytest.raises(NoFeedError, match=said):
        found(web)


@pytest.mark.parametrize(
    ("answer", "well", "said"),
    [
        pytest.param(Fetched(body=RSS, url=HOME), True, "1 entries, the newest of 2024-03-05.", id="well"),
        pytest.param(
            Fetched(body=RSS, url=HOME, moved_to="https://new.example/", fresh=timedelta(hours=1)),
            True,
            "It has moved to https://new.example/.",
            id="moved",
        ),
        pytest.param(Fetched(body=RSS + b"<", url=HOME), True, "The feed is malformed", id="malformed"),
        pytest.param(
            Fetched(body=b"<rss version='2.0'><channel></channel></rss>", url=HOME), True, "no entries", id="empty"
        ),
        pytest.param(Fetched(body=b"<html>", url=HOME), False, "The answer is a web page", id="a page"),
        pytest.param(NotModified(), False, "not modified", id="not modified at once"),
        pytest.param(Gone(reason="The server answers 410 Gone."), False, "The feed has ended.", id="ended"),
        pytest.param(Failed(reason="No connection within 10 s."), False, "No connection within 10 s.", id="down"),
    ],
)
def test_a_look_at_a_feed(answer: FetchResult, well: bool, said: str) -> None:  # noqa: FBT001 - a case
    """What is wrong with a feed is said in one line."""
    shown = finding(HOME, answer, NOW)
    assert shown.well is well
    assert said in shown.remark
    assert "\n" not in shown.remark
