"""What to do after a poll: which article revisions to publish, the feed's next state, when to poll again.

Pure: the time is an argument, and nothing is fetched, published or remembered here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from contracts import ids
from contracts.records import Article, Feed, SeenEntry
from contracts.vocabulary import FeedState
from producers.feedlist import Subscription
from producers.identity import article_ids, clean_url
from producers.outcomes import Failed, Gone, NotModified, Outcome, Received
from producers.parse.model import ParsedEntry, ParsedFeed

MAX_TEXT = 500_000
"""Characters of an article's text that are kept: a long book; what is longer is no news."""
MAX_TITLE = 2_000
MAX_SEEN = 20_000
"""Entries that a feed's state remembers at most: with 80 bytes each it stays well below a Kafka record's limit."""
REMEMBERED_ABSENT = 500
"""Entries no longer in the document that are remembered all the same, for feeds whose entries come and go."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Dates before this are a clock's zero, not a publication."""
LATEST_AHEAD = timedelta(days=1)
"""A date further in the future is wrong; one day is a matter of zones."""

MAX_DOUBLINGS = 20
"""Of the time between tries: a second becomes twelve days, so that the cap is always met first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How often feeds are polled."""

    interval: timedelta
    backoff_max: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write after a poll: the articles first, the feed's state once they are acknowledged."""

    articles: tuple[Article, ...]
    """Oldest first."""
    feed: Feed


def subscribe(subscription: Subscription, known: Feed | None) -> Feed:
    """Return a feed's state as the list wants it, from what is known of it."""
    feed = known or Feed(url=subscription.url)
    next_poll = feed.next_poll if feed.interval_seconds == subscription.interval_seconds else None
    return replace(
        feed,
        outlet=subscription.outlet,
        group=subscription.group,
        language=subscription.language,
        interval_seconds=subscription.interval_seconds,
        next_poll=next_poll,
    )


def plan(feed: Feed, outcome: Outcome, now: datetime, policy: Policy) -> Plan:
    """Return what to write after a poll of `feed` at `now` brought `outcome`."""
    match outcome:
        case Received():
            return _received(feed, outcome, now, policy)
        case NotModified():
            return Plan(articles=(), feed=_unchanged(feed, now, policy))
        case Failed():
            return Plan(articles=(), feed=_failed(feed, outcome, now, policy))
        case Gone():
            return Plan(articles=(), feed=_gone(feed, outcome, now))


def _received(feed: Feed, outcome: Received, now: datetime, policy: Policy) -> Plan:
    document = outcome.feed
    known = {entry.article_id: entry.revision for entry in feed.seen}
    there = _articles(feed, document, known, now)
    new = [article for article in there if known.get(article.id) != article.revision]
    state = replace(
        _succeeded(feed, now, policy),
        title=document.title or feed.title,
        error=document.problem,
        etag=outcome.validators.etag,
        last_modified=outcome.validators.last_modified,
        entries_published=feed.entries_published + len(new),
        seen=_seen(there, feed.seen),
    )
    return Plan(articles=_oldest_first(new), feed=state)


def _unchanged(feed: Feed, now: datetime, policy: Policy) -> Feed:
    """Return the state after "not modified"; what is wrong with the document is still wrong with it."""
    return replace(_succeeded(feed, now, policy), error=None if feed.consecutive_errors else feed.error)


def _succeeded(feed: Feed, now: datetime, policy: Policy) -> Feed:
    return replace(
        feed,
        state=FeedState.OK,
        consecutive_errors=0,
        last_poll=now,
        last_success=now,
        next_poll=now + interval(feed, policy),
    )


def _failed(feed: Feed, outcome: Failed, now: datetime, policy: Policy) -> Feed:
    errors = feed.consecutive_errors + 1
    wait = max(backoff(feed, errors, policy), min(outcome.retry_after or timedelta(0), policy.backoff_max))
    return replace(
        feed,
        state=FeedState.FAILING,
        error=outcome.reason,
        consecutive_errors=errors,
        last_poll=now,
        next_poll=now + wait,
    )


def _gone(feed: Feed, outcome: Gone, now: datetime) -> Feed:
    return replace(feed, state=FeedState.GONE, error=outcome.reason, last_poll=now, next_poll=None)


def interval(feed: Feed, policy: Policy) -> timedelta:
    """Return the time between polls of a feed that is well."""
    return timedelta(seconds=feed.interval_seconds) if feed.interval_seconds else policy.interval


def backoff(feed: Feed, errors: int, policy: Policy) -> timedelta:
    """Return the time until the next try after so many errors in a row: doubled each time, and capped.

    The cap is never below the feed's interval.  Up to a tenth is added, by the feed's address, so that feeds that
    failed together don't come back together.
    """
    usual = interval(feed, policy)
    cap = max(policy.backoff_max, usual)
    doubled = min(usual * (1 << min(errors - 1, MAX_DOUBLINGS)), cap)
    spread = int(ids.content_id(feed.url, errors)[:4], 16) / 0xFFFF
    return doubled * (1 + spread / 10)


def _articles(feed: Feed, document: ParsedFeed, known: dict[str, str], now: datetime) -> list[Article]:
    """Return the document's articles in its order, each once in its newest form; what says nothing is left out."""
    entries = [entry for entry in document.entries if entry.title or entry.text]
    identities = article_ids(feed.url, document.url, entries, known)
    newest: dict[str, Article] = {}
    for identity, entry in zip(identities, entries, strict=True):
        article = _article(feed, document, entry, identity, now)
        if identity not in newest or _age(article) > _age(newest[identity]):
            newest[identity] = article
    return list(newest.values())


def _article(feed: Feed, document: ParsedFeed, entry: ParsedEntry, identity: str, now: datetime) -> Article:
    title = entry.title[:MAX_TITLE]
    text = entry.text.removeprefix(f"{entry.title}\n\n")[:MAX_TEXT] if entry.title else entry.text[:MAX_TEXT]
    published, updated = _plausible(entry.published, now), _plausible(entry.updated, now)
    return Article(
        id=identity,
        revision=ids.article_revision(title, text),
        url=clean_url(entry.url) if entry.url else None,
        title=title,
        text=text,
        feed=feed.url,
        outlet=feed.outlet or document.title,
        language=feed.language or entry.language or document.language,
        published=published,
        updated=updated if updated and published and updated > published else None,
        fetched=now,
    )


def _plausible(time: datetime | None, now: datetime) -> datetime | None:
    return time if time and EARLIEST <= time <= now + LATEST_AHEAD else None


def _oldest_first(articles: list[Article]) -> tuple[Article, ...]:
    """Return a document's articles by date; those without, and of equal date, from the document's end."""
    from_the_end = list(reversed(articles))
    return tuple(sorted(from_the_end, key=_age))


def _age(article: Article) -> datetime:
    return article.updated or article.published or EARLIEST


def _seen(there: Iterable[Article], before: Iterable[SeenEntry]) -> tuple[SeenEntry, ...]:
    """Return what to remember: all that is there, then what was there lately."""
    present = {article.id: SeenEntry(article_id=article.id, revision=article.revision) for article in there}
    absent = [entry for entry in before if entry.article_id not in present]
    return (*present.values(), *absent[:REMEMBERED_ABSENT])[: max(MAX_SEEN, len(present))]
