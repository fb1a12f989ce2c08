"""Looks after the feeds that this producer holds: each is polled when it is due, and follows its subscription.

Each feed has one task of its own, which polls it and writes all that is written of it, one thing after the other.
All methods run in the event loop.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts import logs
from contracts.records import DeadLetter, Feed, Subscription
from contracts.vocabulary import FeedState
from producers.feedstore import StoredFeeds
from producers.poller import Holding, HostRestsError, Poller, holding_of
from producers.publish import Publisher
from producers.subscriptions import is_polled, subscribed

Clock = Callable[[], datetime]

log = logs.get(__name__)

RELEASE_SECONDS = 3.0
"""How long a poll that has begun to write may take to finish when its feed goes to another producer."""


@dataclass(slots=True)
class _Kept:
    partition: int
    holding: Holding
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Its subscription has changed, or it is leaving."""
    rests_until: datetime | None = None
    leaving: bool = False
    task: asyncio.Task[None] | None = None

    @property
    def due(self) -> datetime | None:
        """Return when the feed is to be polled; None: not until its subscription changes."""
        feed = self.holding.feed
        if not is_polled(self.holding.subscription) or feed.state is FeedState.GONE:
            return None
        due = feed.next_poll or self.holding.held_since
        return max(due, self.rests_until) if self.rests_until else due


class Keeper:
    """Holds feeds, and has them polled.

    Args:
        poller: Polls one feed.
        publisher: Writes what changes without a poll.
        clock: Tells the time.
    """

    def __init__(self, poller: Poller, publisher: Publisher, clock: Clock) -> None:
        self._poller = poller
        self._publisher = publisher
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """Return the state of each feed that is held."""
        return tuple(kept.holding.feed for kept in self._kept.values())

    async def work(self, ended: asyncio.Event) -> None:
        """Have the feeds looked after until `ended` is set.

        Raises:
            ExceptionGroup: Of `PublishError`: Kafka didn't take what was to be published.
        """
        try:
            async with asyncio.TaskGroup() as self._tasks:
                await ended.wait()
                await self.release({kept.partition for kept in self._kept.values()})
        finally:
            self._tasks = None

    def take(self, partition: int, stored: StoredFeeds) -> None:
        """Hold the feeds of a partition from now on, and forget those that nobody is subscribed to any more."""
        for url, subscription in stored.subscriptions.items():
            if not subscription.removed:
                self._keep(partition, url, subscription, stored)
        for url in sorted({*stored.states, *stored.memories} - self._kept.keys()):
            self._begin(self._publisher.forget(url))
        self.report(stored.unreadable)
        log.info("feeds taken", partition=partition, feeds=len(stored.subscriptions))

    async def release(self, partitions: Collection[int]) -> None:
        """Hold the feeds of these partitions no longer: what isn't being written is dropped, the rest finished."""
        leaving = [kept for kept in self._kept.values() if kept.partition in partitions]
        for kept in leaving:
            kept.leaving = True
            kept.changed.set()
            del self._kept[kept.holding.url]
            if kept.task is not None and not kept.holding.publishing:
                kept.task.cancel()
        if tasks := {kept.task for kept in leaving if kept.task is not None}:
            _done, late = await asyncio.wait(tasks, timeout=RELEASE_SECONDS)
            for task in late:
                task.cancel()
        log.info("feeds released", partitions=sorted(partitions), feeds=len(leaving))

    def change(self, partition: int, url: str, subscription: Subscription | None) -> None:
        """Take up what is wanted of a feed from now on; None: it isn't subscribed any more."""
        wanted = None if subscription is None or subscription.removed else subscription
        kept = self._kept.get(url)
        if kept is not None:
            log.info("subscription changed", feed=url, removed=wanted is None, paused=bool(wanted and wanted.paused))
            kept.holding.subscription = wanted
            kept.changed.set()
        elif wanted is not None:
            log.info("feed subscribed", feed=url)
            self._keep(partition, url, wanted, StoredFeeds())

    def report(self, letters: Iterable[DeadLetter]) -> None:
        """Send dead letters."""
        if found := tuple(letters):
            log.error("records of the feeds topic can't be read", count=len(found))
            self._begin(self._publisher.send_dead_letters(found))

    def _keep(self, partition: int, url: str, subscription: Subscription, stored: StoredFeeds) -> None:
        holding = holding_of(subscription, stored, self._clock())
        kept = self._kept[url] = _Kept(partition, holding)
        kept.task = self._begin(self._look_after(kept))

    def _begin(self, work: Coroutine[object, object, None]) -> asyncio.Task[None] | None:
        if self._tasks is None:  # the stage is ending
            work.close()
            return None
        return self._tasks.create_task(work)

    async def _look_after(self, kept: _Kept) -> None:
        """Follow a feed's subscription and poll it when it is due, until it is unsubscribed or leaves."""
        while not kept.leaving:
            kept.changed.clear()
            if kept.holding.subscription is None:
                await self._publisher.forget(kept.holding.url)
                kept.holding.begin_anew()
                if not kept.changed.is_set():  # else subscribed again meanwhile
                    self._kept.pop(kept.holding.url, None)
                    return
                continue
            await self._settle(kept.holding)
            if await self._is_due(kept):
                await self._poll(kept)

    async def _settle(self, holding: Holding) -> None:
        """Write the state as the subscription wants it, where it isn't; the first poll does so for a new feed."""
        if holding.subscription is None:
            return
        feed = subscribed(holding.subscription, holding.feed)
        if feed != holding.feed and (feed.last_poll or not is_polled(holding.subscription)):
            await self._publisher.send_state(feed, remembers=False)
        holding.feed = feed

    async def _is_due(self, kept: _Kept) -> bool:
        """Return True once the feed is due, False as soon as something else is to be done."""
        due = kept.due
        seconds = (due - self._clock()).total_seconds() if due else None
        if seconds is None or seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(kept.changed.wait(), seconds)
        return not kept.changed.is_set()

    async def _poll(self, kept: _Kept) -> None:
        try:
            await self._poller.poll(kept.holding, kept.due)
        except HostRestsError as rest:
            kept.rests_until = self._clock() + timedelta(seconds=rest.seconds)
