"""Bytes to a feed's document: RSS 0.9 to 2.0, Atom and JSON Feed.  Knows no network, no clock and no Kafka."""

from producers.parse.jsonfeed import parse_json_feed
from producers.parse.model import NotAFeedError, ParsedEntry, ParsedFeed
from producers.parse.syndication import parse_syndication

__all__ = ["NotAFeedError", "ParsedEntry", "ParsedFeed", "parse_feed"]

_SPACE_AND_MARKS = b"\xef\xbb\xbf \t\r\n"


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """Return the document in an answer's body; `url` is where it was found, for relative links.

    What the body looks like counts, not what the server calls it.

    Raises:
        NotAFeedError: The body is empty, something else, or broken beyond reading.
    """
    start = body.lstrip(_SPACE_AND_MARKS)[:1]
    if not start:
        raise NotAFeedError("The answer is empty.")
    if start == b"{":
        return parse_json_feed(body, url)
    return parse_syndication(body, url, content_type)
