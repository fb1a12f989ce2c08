"""Dates that feedparser can't read: months in words, and years first, with whatever stands between."""

import re
from datetime import UTC, datetime, timedelta, timezone

from dateutil import parser

LONGEST = 64
"""Characters of a date; what is longer is none."""

_UNAMBIGUOUS = re.compile(r"[a-z]{3}|^\s*\d{4}[-/. ]\d", re.IGNORECASE)
"""A month in letters or a year in front: days and months can't be mistaken for each other."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""Hours from UTC of the zones that RFC 822 names."""


def read_date(text: object) -> datetime | None:
    """Return a date in UTC, or None where it can't be told for sure; without a zone it is taken as UTC."""
    if not isinstance(text, str) or len(text) > LONGEST or not _UNAMBIGUOUS.search(text) or not _YEAR.search(text):
        return None
    try:
        time = parser.parse(text, tzinfos=_zone, default=datetime(2000, 1, 1))  # noqa: DTZ001 - the zone comes next
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(name: str | None, seconds: int | None) -> timezone | None:
    """Return the zone that a name or a difference from UTC in seconds means, or None where it isn't known."""
    if seconds is None and name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    return None if seconds is None else timezone(timedelta(seconds=seconds))
