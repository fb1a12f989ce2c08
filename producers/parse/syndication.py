"""RSS and Atom in every version that feedparser reads: the one place that knows feedparser's dictionaries."""

import calendar
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from time import struct_time
from typing import Any

import feedparser

from producers.parse.fields import absolute_url, language_code
from producers.parse.html import clean_text, html_to_text, one_line
from producers.parse.model import NotAFeedError, ParsedEntry, ParsedFeed

Foreign = Mapping[str, Any]


def parse_syndication(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """Return the document in an RSS or Atom feed, as much of it as can be read.

    Raises:
        NotAFeedError: The body is something else, or broken before its first entry.
    """
    parsed = _parsed(body, content_type)
    problem = _problem(parsed)
    if not parsed["entries"] and not parsed.get("version"):
        raise NotAFeedError(_what_it_is(body))
    if not parsed["entries"] and problem:
        raise NotAFeedError(problem)
    feed = parsed["feed"]
    return ParsedFeed(
        title=_line(feed, "title") or None,
        url=absolute_url(url, feed.get("link")),
        language=language_code(feed.get("language")),
        entries=tuple(_entry(entry, url) for entry in parsed["entries"]),
        problem=problem,
    )


def _parsed(body: bytes, content_type: str | None) -> Foreign:
    try:
        parsed: Foreign = feedparser.parse(
            io.BytesIO(body),
            response_headers=_headers(content_type),
            resolve_relative_uris=False,  # of links inside the text only, which isn't kept
            sanitize_html=False,  # markup is turned into text, which is stricter
        )
    except Exception as error:
        raise NotAFeedError(f"The answer breaks the feed parser: {type(error).__name__}: {error}.") from error
    return parsed


def _headers(content_type: str | None) -> dict[str, str]:
    """Return the headers that feedparser may believe.

    A content type without a charset is kept from it: by RFC 3023 it would read such text/xml as US-ASCII, which
    no server means.  So is the document's address, against which it would resolve guids too.
    """
    return {"content-type": content_type} if content_type and "charset" in content_type.lower() else {}


def _problem(parsed: Foreign) -> str | None:
    error = parsed.get("bozo_exception")
    if not parsed.get("bozo") or isinstance(error, feedparser.NonXMLContentType):
        return None
    if isinstance(error, feedparser.CharacterEncodingOverride):
        return f"The feed's encoding is declared wrongly: {error}."
    if isinstance(error, feedparser.CharacterEncodingUnknown):
        return "The feed's encoding is declared wrongly, and no other that was tried fits."
    return f"The feed is malformed: {_place_and_reason(error)}."


def _place_and_reason(error: object) -> str:
    line = error.getLineNumber() if hasattr(error, "getLineNumber") else None
    reason = error.getMessage() if hasattr(error, "getMessage") else str(error)
    return f"{reason}, line {line}" if line else str(reason).rstrip(".")


def _what_it_is(body: bytes) -> str:
    start = body[:2048].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return "The answer is a web page, not a feed."
    return "The answer is not a feed that can be read."


def _entry(entry: Foreign, base: str) -> ParsedEntry:
    published, updated = _time(entry, "published_parsed"), _time(entry, "updated_parsed")
    return ParsedEntry(
        guid=_own(entry, "id") or None,
        url=absolute_url(base, _own(entry, "link")),
        title=_line(entry, "title"),
        text=max(_texts(entry), key=len, default=""),
        language=_entry_language(entry),
        published=published or updated,
        updated=updated,
    )


def _texts(entry: Foreign) -> Iterator[str]:
    """Yield every form of the body that the entry holds."""
    for content in entry.get("content", ()):
        yield _plain(content)
    if "summary_detail" in entry:
        yield _plain(entry["summary_detail"])
    elif "summary" in entry:
        yield html_to_text(entry["summary"] or "")


def _plain(detail: Foreign) -> str:
    value = detail.get("value") or ""
    return clean_text(value) if detail.get("type") == "text/plain" else html_to_text(value)


def _line(holder: Foreign, name: str) -> str:
    detail = holder.get(f"{name}_detail")
    return one_line(_plain(detail) if detail else html_to_text(_own(holder, name) or ""))


def _entry_language(entry: Foreign) -> str | None:
    details = (*entry.get("content", ()), entry.get("summary_detail") or {})
    return next((code for detail in details if (code := language_code(detail.get("language")))), None)


def _own(holder: Foreign, name: str) -> Any:  # noqa: ANN401 - feedparser's values have any type
    """Return a value without feedparser's stand-ins, which give `published` for a missing `updated`."""
    return dict.get(holder, name) if isinstance(holder, dict) else holder.get(name)


def _time(entry: Foreign, name: str) -> datetime | None:
    value: struct_time | None = _own(entry, name)
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
