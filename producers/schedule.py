"""When to poll a feed again: by its own rhythm, by what it and its server ask for, and later each time that it fails.

Pure: the time is an argument.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts import ids
from contracts.records import Feed

MAX_DOUBLINGS = 20
"""Of the time between tries: a second becomes twelve days, so that the cap is always met first."""
POLLS_AN_ENTRY = 2
"""A feed is polled so often in the time that usually lies between two entries: half that time is the mean delay's
double, and twice as many polls would halve it at twice the cost."""
QUIET_SHARE = 10
"""A feed that has brought nothing for a time is polled at least once in this part of that time."""
SPREAD = 0.1
"""Width of the random part of an interval, so that feeds that were polled together drift apart."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often feeds are polled."""

    interval: timedelta
    """Shortest time between polls of a feed whose subscription says none."""
    longest: timedelta = HOUR
    """Longest such time."""
    backoff_max: timedelta
    """Longest time between tries of a feed that fails."""


def interval(feed: Feed, now: datetime, policy: Policy, fresh: timedelta | None = None) -> timedelta:
    """Return the time between polls of a feed that is well.

    A subscription's own interval comes before everything else.  Otherwise it follows the feed's habit, and is never
    shorter than the feed (`ttl`) and its server (`fresh`) ask for, within the policy's limits.
    """
    if feed.interval_seconds:
        return timedelta(seconds=feed.interval_seconds)
    waits = [policy.interval, timedelta(seconds=feed.ttl_seconds or 0), fresh or timedelta(0)]
    if feed.entries_per_day:
        waits.append(DAY / (feed.entries_per_day * POLLS_AN_ENTRY))
    if feed.last_new:
        waits.append((now - feed.last_new) / QUIET_SHARE)
    return min(max(waits), max(policy.longest, policy.interval))


def next_poll(feed: Feed, now: datetime, policy: Policy, fresh: timedelta | None = None) -> datetime:
    """Return when to poll a feed that is well, a little earlier or later than its interval says.

    Hours and days that the feed says to skip are skipped, unless its subscription has an interval of its own.
    """
    wait = interval(feed, now, policy, fresh) * (1 - SPREAD / 2 + SPREAD * _chance(feed, now.isoformat()))
    return now + wait if feed.interval_seconds else _after_skips(feed, now + wait)


def backoff(feed: Feed, errors: int, policy: Policy) -> timedelta:
    """Return the time until the next try after so many errors in a row: doubled each time, and capped.

    The cap is never below the feed's interval.  Up to a tenth is added, by the feed's address, so that feeds that
    failed together don't come back together.
    """
    usual = timedelta(seconds=feed.interval_seconds) if feed.interval_seconds else policy.interval
    cap = max(policy.backoff_max, usual)
    doubled = min(usual * (1 << min(errors - 1, MAX_DOUBLINGS)), cap)
    return doubled * (1 + SPREAD * _chance(feed, str(errors)))


def _after_skips(feed: Feed, due: datetime) -> datetime:
    """Return the first time from `due` on that the feed doesn't say to skip; a feed that skips all skips none."""
    hours, days = set(feed.skip_hours), set(feed.skip_days)
    if not (hours or days) or len(hours) >= 24 or len(days) >= 7:  # noqa: PLR2004 - of the day, of the week
        return due
    found = due
    while found.weekday() in days or found.hour in hours:
        found = found.replace(minute=0, second=0, microsecond=0) + HOUR
    return found + (timedelta(seconds=due.second, minutes=due.minute) if found > due else timedelta(0))


def _chance(feed: Feed, what: str) -> float:
    """Return a number from 0 to 1 that looks random, and is the same for the same feed and occasion."""
    return int(ids.content_id(feed.url, what)[:4], 16) / 0xFFFF
