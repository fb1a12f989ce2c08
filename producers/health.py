"""What a feed's answers say of it: its habit, its silence, its oddities, and whether to believe "not modified".

Pure: the time is an argument.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from contracts.records import Article, Feed
from contracts.vocabulary import FeedFlag, FeedState
from producers.outcomes import Validators

NEWEST = 20
"""Entries that a habit is read from: what was months ago says little of now."""
LEAST_DATES = 3
"""Dated entries that make a habit."""
LEAST_SPAN = timedelta(hours=1)
"""Entries that appear at once are no rhythm of seconds."""
SILENT_GAPS = 10
"""A feed is silent when nothing has come for so many times its usual gap ..."""
LEAST_SILENCE = timedelta(days=3)
"""... and for at least so long: a long weekend is none."""
UNKNOWN_SILENCE = timedelta(days=30)
"""The same for a feed whose habit isn't known."""
BELIEVED_GAPS = 3
"""For so many usual gaps "not modified" is believed ..."""
LEAST_BELIEF = timedelta(hours=1)
"""... but at least so long,"""
MOST_BELIEF = timedelta(days=1)
"""and at most so long, when it was never found to be true;"""
MAX_BELIEF_DOUBLINGS = 3
"""each time that it was, twice as long, up to eight days."""
ALWAYS = 5
"""Documents in a row with changed entries that make a feed one that always changes."""
DAY = timedelta(days=1)


def habit(articles: Iterable[Article]) -> float | None:
    """Return how many entries a day a feed has, by the dates of its newest; None when too few have one."""
    dates = sorted((date for date in map(_date, articles) if date), reverse=True)[:NEWEST]
    if len(dates) < LEAST_DATES:
        return None
    return (len(dates) - 1) * DAY / max(dates[0] - dates[-1], LEAST_SPAN)


def state(feed: Feed, now: datetime) -> FeedState:
    """Return whether a feed that answers is well, or silent for far longer than is its habit."""
    return FeedState.SILENT if feed.last_new and now - feed.last_new > _silence(feed) else FeedState.OK


def validators(feed: Feed, now: datetime) -> Validators:
    """Return what to ask with: nothing where "not modified" has come for too long, or was a lie before."""
    return Validators() if is_doubted(feed, now) else Validators(etag=feed.etag, last_modified=feed.last_modified)


def is_doubted(feed: Feed, now: datetime) -> bool:
    """Return whether "not modified" isn't to be believed, and the whole document to be asked for."""
    if not (feed.etag or feed.last_modified):
        return False
    return feed.lies > 0 or (feed.last_body is not None and now - feed.last_body > _belief(feed))


def checked(feed: Feed, new: Sequence[Article], answer: Validators, now: datetime) -> Feed:
    """Return the state after the whole document was asked for out of doubt, and brought these new articles.

    "Not modified" was a lie when the document changed under the same validators, or when something new is older than
    the last poll; else the change may have come just now.
    """
    if not new:
        return replace(feed, doubts=feed.doubts + 1, last_body=now)
    held = Validators(etag=feed.etag, last_modified=feed.last_modified)
    old_news = any((date := _date(article)) and feed.last_poll and date < feed.last_poll for article in new)
    lied = answer == held or old_news
    return replace(feed, doubts=0, lies=feed.lies + lied, last_body=now)


def changing_polls(feed: Feed, new: Sequence[Article], there: Sequence[Article], known: frozenset[str]) -> int:
    """Return how many documents in a row have changed half or more of the entries that were known."""
    again = sum(article.id in known for article in there)
    revised = sum(article.id in known for article in new)
    return feed.changing_polls + 1 if again and 2 * revised >= again else 0


def flags(feed: Feed, there: Sequence[Article]) -> tuple[FeedFlag, ...]:
    """Return what is odd about a feed whose document has these articles; with none, as it was."""
    undated = 2 * sum(_date(article) is None for article in there) > len(there)
    odd = {
        FeedFlag.UNDATED: undated if there else FeedFlag.UNDATED in feed.flags,
        FeedFlag.ALWAYS_CHANGING: feed.changing_polls >= ALWAYS,
        FeedFlag.LYING_VALIDATORS: feed.lies > 0,
    }
    return tuple(flag for flag, is_so in odd.items() if is_so)


def _silence(feed: Feed) -> timedelta:
    return max(LEAST_SILENCE, SILENT_GAPS * DAY / feed.entries_per_day) if feed.entries_per_day else UNKNOWN_SILENCE


def _belief(feed: Feed) -> timedelta:
    usual = BELIEVED_GAPS * DAY / feed.entries_per_day if feed.entries_per_day else MOST_BELIEF
    return min(max(usual, LEAST_BELIEF), MOST_BELIEF) * (1 << min(feed.doubts, MAX_BELIEF_DOUBLINGS))


def _date(article: Article) -> datetime | None:
    return article.updated or article.published
