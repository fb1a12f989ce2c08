"""What to do after a poll: which article revisions to publish, the feed's next state, when to poll again.

Pure: the time is an argument, and nothing is fetched, published or remembered here.  `harvest` says what a document
brings, `health` what the answers say of the feed, `moves` where it is fetched, `schedule` when.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from contracts.records import Article, Feed
from contracts.vocabulary import FeedState
from producers import health, moves
from producers.harvest import harvest
from producers.outcomes import Failed, Gone, NotModified, Outcome, Received, Same
from producers.parse.model import ParsedFeed
from producers.schedule import Policy, backoff, next_poll

__all__ = ["Plan", "Policy", "plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write after a poll: the articles first, then what is remembered of them, then the feed's state."""

    articles: tuple[Article, ...] = ()
    """Oldest first."""
    feed: Feed
    remembers: bool = False
    """Whether `feed.seen` is new; otherwise what was remembered before stays."""


def plan(feed: Feed, outcome: Outcome, now: datetime, policy: Policy, *, doubted: bool = False) -> Plan:
    """Return what to write after a poll of `feed` at `now` brought `outcome`.

    Args:
        feed: The feed's state, with what it has seen where `outcome` is a document.
        outcome: What the poll brought.
        now: When this is.
        policy: How often feeds are polled.
        doubted: The whole document was asked for because "not modified" wasn't believed (`health.is_doubted`).
    """
    match outcome:
        case Received():
            return _received(feed, outcome, now, policy, doubted=doubted)
        case Same():
            checked = health.checked(feed, (), outcome.validators, now) if doubted else replace(feed, last_body=now)
            return Plan(feed=_answered(checked, outcome, now, policy))
        case NotModified():
            return Plan(feed=_answered(feed, outcome, now, policy))
        case Failed():
            return Plan(feed=_failed(feed, outcome, now, policy))
        case Gone():
            return Plan(feed=_gone(feed, outcome, now))


def _received(feed: Feed, outcome: Received, now: datetime, policy: Policy, *, doubted: bool) -> Plan:
    brought = harvest(feed, outcome.feed, now)
    known = frozenset(entry.article_id for entry in feed.seen)
    checked = (
        health.checked(feed, brought.new, outcome.validators, now)
        if doubted
        else replace(feed, doubts=0, last_body=now)
    )
    told = replace(
        _told(checked, outcome.feed),
        error=outcome.feed.problem,
        etag=outcome.validators.etag,
        last_modified=outcome.validators.last_modified,
        digest=outcome.digest,
        entries_published=feed.entries_published + len(brought.new),
        entries_per_day=health.habit(brought.there) or feed.entries_per_day,
        last_new=now if brought.new or feed.last_new is None else feed.last_new,
        changing_polls=health.changing_polls(feed, brought.new, brought.there, known),
        seen=brought.seen,
    )
    flagged = replace(told, flags=health.flags(told, brought.there))
    state = _succeeded(moves.follow(flagged, outcome.moved_to), now, policy, outcome.fresh)
    return Plan(articles=brought.new, feed=state, remembers=brought.seen != feed.seen)


def _told(feed: Feed, document: ParsedFeed) -> Feed:
    """Return the state with what a document says of the feed itself."""
    waits = [wait for wait in (document.ttl, document.update_interval) if wait]
    return replace(
        feed,
        title=document.title or feed.title,
        ttl_seconds=int(max(waits).total_seconds()) if waits else None,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )


def _answered(feed: Feed, outcome: NotModified | Same, now: datetime, policy: Policy) -> Feed:
    """Return the state after an answer without news; what is wrong with the document is still wrong with it."""
    state = replace(
        feed,
        error=None if feed.consecutive_errors else feed.error,
        etag=outcome.validators.etag or feed.etag,
        last_modified=outcome.validators.last_modified or feed.last_modified,
        last_body=feed.last_body or now,
        changing_polls=0,
    )
    return _succeeded(moves.follow(state, outcome.moved_to), now, policy, outcome.fresh)


def _succeeded(feed: Feed, now: datetime, policy: Policy, fresh: timedelta | None) -> Feed:
    return replace(
        feed,
        state=health.state(feed, now),
        consecutive_errors=0,
        last_poll=now,
        last_success=now,
        next_poll=next_poll(feed, now, policy, fresh),
    )


def _failed(feed: Feed, outcome: Failed, now: datetime, policy: Policy) -> Feed:
    errors = feed.consecutive_errors + 1
    asked = max(outcome.retry_after or timedelta(0), outcome.host_rests or timedelta(0))
    wait = max(backoff(feed, errors, policy), min(asked, policy.backoff_max))
    state = replace(
        feed,
        state=FeedState.FAILING,
        error=outcome.reason,
        consecutive_errors=errors,
        moving_to=None,
        moving_answers=0,
        last_poll=now,
        next_poll=now + wait,
    )
    return moves.after_errors(state)


def _gone(feed: Feed, outcome: Gone, now: datetime) -> Feed:
    return replace(feed, state=FeedState.GONE, error=outcome.reason, last_poll=now, next_poll=None)
