"""Finds the feeds of a site, from any of its pages: what the page names, then where sites usually have them."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from producers.outcomes import Fetched, FetchResult
from producers.parse import NotAFeedError, ParsedFeed, parse_feed
from producers.parse.fields import absolute_url

Fetch = Callable[[str], Awaitable[FetchResult]]
"""Gets an address, unconditionally."""

TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
"""What a page says its feeds are; plain XML and JSON may be anything."""
WELL_KNOWN = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feeds", "?feed=rss2", "feed.json")
"""Where sites of the usual makes have their feed, from the site's root."""
MOST_NAMED = 10
"""Addresses that a page names which are tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answers and can be read."""

    url: str
    document: ParsedFeed


class NoFeedError(Exception):
    """No feed was found; the message is a sentence that says why."""


async def discover(fetch: Fetch, url: str) -> tuple[FoundFeed, ...]:
    """Return the feed at an address, or the feeds of the site whose page is there, as the page lists them.

    Raises:
        NoFeedError: The address doesn't answer, or there is no feed to be found.
    """
    answer = await fetch(url)
    if not isinstance(answer, Fetched):
        raise NoFeedError(f"{url} can't be read: {getattr(answer, 'reason', 'it sends nothing.')}")
    try:
        return (FoundFeed(url=url, document=parse_feed(answer.body, answer.url, answer.content_type)),)
    except NotAFeedError:
        named = await _readable(fetch, feed_links(answer.body, answer.url)[:MOST_NAMED])
    if named:
        return named
    for guess in WELL_KNOWN:
        found = await _readable(fetch, [urljoin(answer.url, f"/{guess}")])
        if found:
            return found
    raise NoFeedError(f"{url} names no feed, and none was found where sites usually have theirs.")


def feed_links(page: bytes, url: str) -> tuple[str, ...]:
    """Return the feeds that a page names: those it declares, then those it links to by a feed's usual name."""
    try:
        root = etree.fromstring(page, etree.HTMLParser(no_network=True, remove_comments=True))
    except etree.XMLSyntaxError:
        return ()
    if root is None:
        return ()
    base = next((absolute_url(url, element.get("href")) for element in root.iter("base")), None) or url
    links = (absolute_url(base, href) for href in (*_declared(root), *_linked(root)))
    return tuple(dict.fromkeys(link for link in links if link))


def _declared(root: etree._Element) -> Iterator[str]:
    for link in root.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        href = link.get("href")
        if href and "alternate" in rel and kind in TYPES and "/comments/feed" not in href:
            yield href


def _linked(root: etree._Element) -> Iterator[str]:
    for anchor in root.iter("a"):
        href = anchor.get("href") or ""
        last = href.lower().partition("?")[0].rstrip("/").rpartition("/")[2]
        if last in {"feed", "rss", "atom", "rss.xml", "feed.xml", "atom.xml"} or last.endswith((".rss", ".atom")):
            yield href


async def _readable(fetch: Fetch, urls: Iterable[str]) -> tuple[FoundFeed, ...]:
    found = []
    for url in urls:
        answer = await fetch(url)
        if isinstance(answer, Fetched):
            try:
                document = parse_feed(answer.body, answer.url, answer.content_type)
            except NotAFeedError:
                continue
            found.append(FoundFeed(url=url, document=document))
    return tuple(found)
