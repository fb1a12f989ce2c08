"""What the headers of an answer say about asking again.  Pure: the time is an argument."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

MAX_SECONDS = 10**9
"""Longer than any wait that is kept; `timedelta` takes no arbitrary number."""


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """Return how long a `Retry-After` header asks to stay away (RFC 9110, 10.2.3), or None if it says nothing."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return _seconds(header)
    until = _date(header)
    return None if until is None else max(until - now, timedelta(0))


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer stays fresh (RFC 9111, 4.2), or None if it doesn't say.

    `max-age`, less the `Age` that the answer has already, comes before `Expires`.
    """
    control = headers.get("Cache-Control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return timedelta(0)
    age = re.search(r"(?<![\w-])max-age\s*=\s*\"?(\d+)", control)
    if age:
        held = headers.get("Age", "").strip()
        return max(_seconds(age[1]) - (_seconds(held) if held.isdecimal() else timedelta(0)), timedelta(0))
    expires = headers.get("Expires")
    if expires is None:
        return None
    until, since = _date(expires), _date(headers.get("Date", ""))
    return timedelta(0) if until is None else max(until - (since or now), timedelta(0))


def _seconds(digits: str) -> timedelta:
    digits = digits.strip()
    return timedelta(seconds=int(digits) if len(digits) < len(str(MAX_SECONDS)) else MAX_SECONDS)


def _date(header: str) -> datetime | None:
    """Return an HTTP date in UTC; what isn't one is None."""
    try:
        found = parsedate_to_datetime(header)
        return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
