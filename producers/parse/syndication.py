"""RSS and Atom in every version that feedparser reads: its dictionaries turned into our document."""

import calendar
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from time import struct_time
from typing import Any

from producers.parse.dates import read_date
from producers.parse.encoding import decode
from producers.parse.fields import absolute_url, language_code
from producers.parse.html import clean_text, html_to_text, one_line
from producers.parse.model import NotAFeedError, ParsedEntry, ParsedFeed
from producers.parse.reader import Reading, read_syndication

Foreign = Mapping[str, Any]

PROGRAMME_NOTES = 2_000
"""Characters below which the text beside a programme to listen to is its notes, not an article."""

PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
"""`sy:updatePeriod` of RSS 1.0's syndication module."""
LONGEST_TTL = timedelta(days=365)


def parse_syndication(body: bytes, url: str, content_type: str | None = None) -> ParsedFeed:
    """Return the document in an RSS or Atom feed, as much of it as can be read.

    Raises:
        NotAFeedError: The body is something else, or broken before its first entry.
    """
    decoded = decode(body, content_type)
    reading = read_syndication(decoded.text)
    if not reading.entries and not reading.version:
        raise NotAFeedError(_what_it_is(body))
    if not reading.entries and reading.problem:
        raise NotAFeedError(reading.problem)
    return _document(reading, url, reading.problem or decoded.problem)


def _document(reading: Reading, url: str, problem: str | None) -> ParsedFeed:
    feed = reading.feed
    return ParsedFeed(
        title=_line(feed, "title") or None,
        url=absolute_url(url, _own(feed, "link")),
        language=language_code(_own(feed, "language")),
        entries=tuple(_entry(entry, url) for entry in reading.entries),
        problem=problem,
        ttl=_ttl(_own(feed, "ttl")),
        update_interval=_update_interval(feed),
        skip_hours=reading.skip_hours,
        skip_days=reading.skip_days,
    )


def _what_it_is(body: bytes) -> str:
    start = body[:2048].lower()
    if b"<html" in start or b"<!doctype html" in start:
        return "The answer is a web page, not a feed."
    return "The answer is not a feed that can be read."


def _entry(entry: Foreign, base: str) -> ParsedEntry:
    published, updated = _time(entry, "published"), _time(entry, "updated")
    text = max(_texts(entry), key=len, default="")
    return ParsedEntry(
        guid=_own(entry, "id") or None,
        url=_address(entry, base),
        title=_line(entry, "title"),
        text=text,
        language=_entry_language(entry),
        published=published or updated or _time(entry, "created"),
        updated=updated,
        podcast=len(text) < PROGRAMME_NOTES and _is_podcast(entry, text),
    )


def _address(entry: Foreign, base: str) -> str | None:
    """Return where the article is: where a go-between says it came from, the link, or a guid that is an address."""
    own = absolute_url(base, _own(entry, "feedburner_origlink")) or absolute_url(base, _own(entry, "link"))
    if own:
        return own
    guid = _own(entry, "id")
    return guid if isinstance(guid, str) and absolute_url("", guid) else None


def _texts(entry: Foreign) -> Iterator[str]:
    """Yield every form of the body that the entry holds, each once."""
    contents = _own(entry, "content") or ()
    values = {_own(content, "value") for content in contents}
    yield from map(_plain, contents)
    detail = _own(entry, "summary_detail")
    if detail:
        if detail["value"] not in values:
            yield _plain(detail)
    elif _own(entry, "summary") not in values:
        yield html_to_text(_own(entry, "summary") or "")


def _plain(detail: Foreign) -> str:
    value = _own(detail, "value") or ""
    return clean_text(value) if _own(detail, "type") == "text/plain" else html_to_text(value)


def _line(holder: Foreign, name: str) -> str:
    """Return a title, by the kind that its detail says; the detail's own words may be those of another element."""
    words, detail = _own(holder, name) or "", _own(holder, f"{name}_detail") or {}
    return one_line(words if _own(detail, "type") == "text/plain" else html_to_text(words))


def _is_podcast(entry: Foreign, text: str) -> bool:
    """Return whether an entry is a programme: sound enclosed, and marked as an episode or without a text."""
    episode = not text or any(
        _own(entry, f"itunes_{mark}") for mark in ("duration", "episode", "episodetype", "season")
    )
    return episode and any(map(_is_sound, _own(entry, "links") or ()))


def _is_sound(link: Foreign) -> bool:
    return _own(link, "rel") == "enclosure" and str(_own(link, "type") or "").startswith("audio/")


def _entry_language(entry: Foreign) -> str | None:
    details = (*(_own(entry, "content") or ()), _own(entry, "summary_detail") or {})
    return next((code for detail in details if (code := language_code(_own(detail, "language")))), None)


def _own(holder: Foreign, name: str) -> Any:  # noqa: ANN401 - feedparser's values have any type
    """Return a value without feedparser's stand-ins, which give `published` for a missing `updated`."""
    return dict.get(holder, name) if isinstance(holder, dict) else holder.get(name)


def _time(entry: Foreign, name: str) -> datetime | None:
    """Return a time in UTC; one without a zone is taken as UTC."""
    value: struct_time | None = _own(entry, f"{name}_parsed")
    written = _own(entry, name)
    if value is None or (written and "/" in written):  # of which feedparser makes another day
        return read_date(written)
    try:
        return datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _ttl(value: object) -> timedelta | None:
    """Return RSS's time to live, which counts minutes."""
    if not isinstance(value, str) or not value.strip().isascii() or not value.strip().isdecimal():
        return None
    minutes = int(value.strip()[:9])
    return min(timedelta(minutes=minutes), LONGEST_TTL) if minutes else None


def _update_interval(feed: Foreign) -> timedelta | None:
    period = PERIODS.get(str(_own(feed, "sy_updateperiod") or "").strip().lower())
    times = str(_own(feed, "sy_updatefrequency") or "1").strip()
    if period is None or not times.isascii() or not times.isdecimal():
        return None
    return period / max(1, min(int(times[:9]), 10_000))
