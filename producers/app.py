"""Runs the producer stage.

Its flow, for each feed by itself::

    feed list ──► subscribe ──► wait until due ──► fetch ──► parse ──► plan ──► publish articles ──► write state ─┐
    states ──────────▲               ▲                                            (acknowledged)   (acknowledged) │
    (feeds topic)                    └────────────────────────────────────────────────────────────────────────────┘

Articles go out before the state that remembers them, so a crash at any moment loses nothing; what it publishes again
has the same id and revision, and every reader takes it as the same.  A feed that fails is a state, a bug is the end
of the stage.
"""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from contracts import logs
from contracts.records import Feed
from contracts.vocabulary import FeedState
from producers import decide
from producers.errors import PublishError
from producers.feedlist import read_feed_list
from producers.fetch import Fetcher
from producers.outcomes import Failed, Fetched, FetchResult, Outcome, Received, Validators
from producers.parse import NotAFeedError, parse_feed
from producers.publish import Publisher
from producers.settings import ProducerSettings
from producers.state import read_states

Clock = Callable[[], datetime]

log = logs.get(__name__)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def main(settings: ProducerSettings, *, once: bool = False) -> None:
    """Run the stage until SIGTERM or SIGINT, or with `once` until every feed has been polled once.

    The topics must exist.

    Raises:
        FeedListError: The feed list can't be read.
        PublishError: Kafka is away for longer than the settings allow.
    """
    asyncio.run(_run_until_signal(settings, once=once))


async def _run_until_signal(settings: ProducerSettings, *, once: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run(settings, stop, once=once)


async def run(settings: ProducerSettings, stop: asyncio.Event, *, once: bool = False, clock: Clock = utc_now) -> None:
    """Poll the listed feeds until `stop` is set, or with `once` each of them once, now.

    Raises:
        FeedListError: The feed list can't be read.
        PublishError: Kafka is away for longer than the settings allow.
    """
    subscriptions = read_feed_list(settings.feed_list)
    known = await asyncio.to_thread(read_states, settings, clock())
    feeds = [decide.subscribe(subscription, known.feeds.get(subscription.url)) for subscription in subscriptions]
    log.info("producer started", feeds=len(feeds), known=len(known.feeds), unreadable=len(known.unreadable))
    async with Publisher(settings) as publisher, Fetcher(settings) as fetcher:
        await publisher.send_dead_letters(known.unreadable)
        poller = Poller(settings, fetcher, publisher, stop, clock)
        try:
            async with asyncio.TaskGroup() as tasks:
                for feed in feeds:
                    tasks.create_task(poller.poll_once(feed) if once else poller.keep_polling(feed))
        except BaseExceptionGroup as group:
            unpublished, others = group.split(PublishError)
            if unpublished is None or others is not None:
                raise
            raise unpublished.exceptions[0] from None  # Kafka fails every feed alike: one sentence is enough
    log.info("producer stopped")


class Poller:
    """Polls feeds, a limited number at a time, until told to stop."""

    def __init__(
        self, settings: ProducerSettings, fetcher: Fetcher, publisher: Publisher, stop: asyncio.Event, clock: Clock
    ) -> None:
        self._fetcher = fetcher
        self._publisher = publisher
        self._stop = stop
        self._clock = clock
        self._slots = asyncio.Semaphore(settings.poll_concurrency)
        self._policy = decide.Policy(
            interval=timedelta(seconds=settings.poll_seconds),
            backoff_max=timedelta(seconds=settings.poll_backoff_max_seconds),
        )

    async def keep_polling(self, feed: Feed) -> None:
        """Poll a feed whenever it is due, until told to stop or the feed has ended.

        Raises:
            PublishError: Kafka didn't take what was to be published.
        """
        while feed.state is not FeedState.GONE and await self._until_due(feed):
            feed = await self.poll_once(feed)

    async def poll_once(self, feed: Feed) -> Feed:
        """Poll a feed now and return its new state, or the old one where a stop came first.

        Raises:
            PublishError: Kafka didn't take what was to be published.
        """
        async with self._slots:
            result = await self._fetch_unless_stopped(feed)
            if result is None:
                return feed
            outcome = await asyncio.to_thread(read_outcome, result)
            plan = decide.plan(feed, outcome, self._clock(), self._policy)
            await self._publisher.publish(plan)
        _report(plan)
        return plan.feed

    async def _until_due(self, feed: Feed) -> bool:
        """Return True once the feed is due, False as soon as the stage is to stop."""
        seconds = (feed.next_poll - self._clock()).total_seconds() if feed.next_poll else 0.0
        if seconds > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), seconds)
        return not self._stop.is_set()

    async def _fetch_unless_stopped(self, feed: Feed) -> FetchResult | None:
        """Return what the server answers, or None when the stage is to stop before it has."""
        validators = Validators(etag=feed.etag, last_modified=feed.last_modified)
        fetching = asyncio.create_task(self._fetcher.fetch(feed.url, validators))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else None
        finally:
            for task in (fetching, stopping):
                task.cancel()
            await asyncio.gather(fetching, stopping, return_exceptions=True)


def read_outcome(result: FetchResult) -> Outcome:
    """Return what a fetch comes to once its body is parsed."""
    if not isinstance(result, Fetched):
        return result
    try:
        feed = parse_feed(result.body, result.url, result.content_type)
    except NotAFeedError as error:
        return Failed(reason=str(error))
    return Received(feed=feed, validators=result.validators)


def _report(plan: decide.Plan) -> None:
    feed = plan.feed
    if feed.state is FeedState.OK:
        say = log.info if plan.articles else log.debug
        say("feed polled", feed=feed.url, published=len(plan.articles), problem=feed.error)
    else:
        log.warning(
            "feed failing", feed=feed.url, state=feed.state.value, reason=feed.error, next_poll=feed.next_poll
        )
