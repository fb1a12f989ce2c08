"""What people and feed lists want of feeds, as the subscription records to write.

A feed list file and people write the same records, and each leaves the other's alone:

- What the file names and nobody wrote yet is added as `listed`; it changes with the file and ends with its entry.
- What a person adds isn't `listed`: the file never changes it, nor takes it away.
- What a person pauses or removes stays so, whatever the file says, until a person resumes or adds it again.

Pure: the time is an argument, and nothing is read or written here (`feedstore` does).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.records import Feed, Subscription
from contracts.vocabulary import FeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionChange:
    """One record to write: what is wanted of a feed from now on; None: it isn't subscribed any more."""

    url: str
    subscription: Subscription | None


def add(wanted: Subscription, now: datetime) -> SubscriptionChange:
    """Return what subscribes a feed by a person's wish; where it was paused, removed or ended, it begins again."""
    subscription = replace(wanted, paused=False, listed=False, removed=False, changed=now)
    return SubscriptionChange(url=wanted.url, subscription=subscription)


def pause(known: Subscription, now: datetime) -> SubscriptionChange:
    """Return what keeps a feed from being polled until somebody resumes it."""
    return SubscriptionChange(url=known.url, subscription=replace(known, paused=True, changed=now))


def resume(known: Subscription, now: datetime) -> SubscriptionChange:
    """Return what has a feed polled again: one that was paused, and one that its server had ended."""
    return SubscriptionChange(url=known.url, subscription=replace(known, paused=False, changed=now))


def remove(known: Subscription, now: datetime) -> SubscriptionChange:
    """Return what ends a subscription; where the feed list file names the feed, a record remains that says so."""
    remains = replace(known, paused=False, removed=True, changed=now) if known.listed else None
    return SubscriptionChange(url=known.url, subscription=remains)


def synchronise(
    listed: Iterable[Subscription], known: Mapping[str, Subscription], now: datetime
) -> tuple[SubscriptionChange, ...]:
    """Return what brings the subscriptions in step with a feed list file; nothing where they are.

    Args:
        listed: What the file says of each feed.
        known: The subscriptions as they are, by address.
        now: When this is.
    """
    entries = {entry.url: entry for entry in listed}
    gone = [url for url, subscription in known.items() if subscription.listed and url not in entries]
    changed = [_followed(entry, known.get(url), now) for url, entry in entries.items()]
    return (
        *(SubscriptionChange(url=url, subscription=None) for url in gone),
        *(SubscriptionChange(url=new.url, subscription=new) for new in changed if new is not None),
    )


def _followed(entry: Subscription, known: Subscription | None, now: datetime) -> Subscription | None:
    """Return the subscription that follows a file's entry, or None where nothing is to be written."""
    if known is None:
        return replace(entry, listed=True, changed=now)
    if not known.listed:
        return None
    followed = replace(entry, listed=True, paused=known.paused, removed=known.removed, changed=known.changed)
    return None if followed == known else replace(followed, changed=now)


def is_polled(subscription: Subscription | None) -> bool:
    """Return whether a feed is to be polled, by what is wanted of it."""
    return subscription is not None and not subscription.paused and not subscription.removed


def subscribed(subscription: Subscription, known: Feed | None) -> Feed:
    """Return a feed's state as its subscription wants it, from what is known of it."""
    feed = known or Feed(url=subscription.url)
    same_rhythm = feed.interval_seconds == subscription.interval_seconds
    wanted = replace(
        feed,
        outlet=subscription.outlet,
        group=subscription.group,
        language=subscription.language,
        interval_seconds=subscription.interval_seconds,
        full_text=subscription.full_text,
        next_poll=feed.next_poll if same_rhythm else None,
    )
    if subscription.paused:
        return replace(wanted, state=FeedState.PAUSED, next_poll=None)
    if feed.state is FeedState.PAUSED or (feed.state is FeedState.GONE and _is_revived(subscription, feed)):
        return replace(wanted, state=FeedState.NEW, next_poll=None, error=None, consecutive_errors=0)
    return wanted


def _is_revived(subscription: Subscription, feed: Feed) -> bool:
    """Return whether somebody asked for an ended feed after its end."""
    return subscription.changed is not None and feed.last_poll is not None and subscription.changed > feed.last_poll
