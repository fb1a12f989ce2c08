"""Runs the producer stage.

Its flow, for each feed by itself::

    feed list ──► subscriptions ──► membership: which feeds are ours (feeds topic, consumer group)
                  (feeds topic)          │
                                         ▼
      ┌─► wait until due ──► host's turn ──► fetch ──► parse ──► plan ──► publish articles ──► write state ─┐
      │                                                                  (acknowledged)     (acknowledged) │
      └────────────────────────────────────────────────────────────────────────────────────────────────────┘

Articles go out before the state that remembers them, so a crash at any moment loses nothing; what it publishes again
has the same id and revision, and every reader takes it as the same.  A feed that fails is a state, a bug is the end
of the stage.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from contracts import logs
from producers.errors import PublishError
from producers.feedlist import read_feed_list
from producers.feedstore import StoredFeeds, read_feeds, write_subscriptions
from producers.fetch import Fetcher
from producers.keeper import Keeper
from producers.lease import Lease
from producers.membership import SESSION_SECONDS, Membership
from producers.observe import log_poll
from producers.pages import FullText
from producers.poller import Holding, HostRestsError, Poller, holding_of
from producers.publish import Publisher
from producers.settings import ProducerSettings
from producers.subscriptions import is_polled, synchronise

if TYPE_CHECKING:
    from producers.metrics import Metrics

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
    """Poll this producer's share of the feeds until `stop` is set, or with `once` every feed once, now.

    Raises:
        FeedListError: The feed list can't be read.
        PublishError: Kafka is away for longer than the settings allow.
    """
    stored = await asyncio.to_thread(_synchronised, settings, clock())
    try:
        async with Publisher(settings) as publisher, Fetcher(settings) as fetcher:
            lease = Lease(SESSION_SECONDS)
            metrics = _metrics() if settings.metrics_port else None
            observers = [log_poll] if metrics is None else [log_poll, metrics.observe]
            poller = Poller(
                settings=settings,
                fetcher=fetcher,
                pages=FullText(settings, fetcher),
                publisher=publisher,
                lease=lease,
                clock=clock,
                observers=observers,
            )
            if once:
                await _poll_once(stored, poller, publisher, stop, clock)
            else:
                keeper = Keeper(poller, publisher, clock)
                with metrics.served(settings, keeper) if metrics else nullcontext():
                    await _keep_polling(settings, keeper, lease, stop, clock)
    except BaseExceptionGroup as group:
        unpublished, others = group.split(PublishError)
        if unpublished is None or others is not None:
            raise
        raise _first(unpublished) from None  # Kafka fails every feed alike: one sentence is enough
    log.info("producer stopped")


def _metrics() -> "Metrics":
    from producers.metrics import Metrics  # noqa: PLC0415 - loaded only by who asks for metrics

    return Metrics()


def _synchronised(settings: ProducerSettings, now: datetime) -> StoredFeeds:
    """Bring the subscriptions in step with the feed list file, if there is one, and return what is known of feeds."""
    listed = None if settings.feed_list is None else read_feed_list(settings.feed_list)
    stored = read_feeds(settings, now)
    if listed is not None:
        changes = synchronise(listed, stored.subscriptions, now)
        write_subscriptions(settings, changes)
        for change in changes:
            stored.apply(change)
    polled = sum(is_polled(subscription) for subscription in stored.subscriptions.values())
    log.info("producer started", subscriptions=len(stored.subscriptions), polled=polled)
    if not polled:
        log.warning("no feed is subscribed: add one with `tallywire feeds add`, or set TALLYWIRE_FEED_LIST")
    return stored


async def _poll_once(
    stored: StoredFeeds, poller: Poller, publisher: Publisher, stop: asyncio.Event, clock: Clock
) -> None:
    """Poll every feed once, now, without a share in the group; stop early when told to."""
    await publisher.send_dead_letters(stored.unreadable)
    async with asyncio.TaskGroup() as tasks:
        polls = [
            tasks.create_task(_poll_unless_host_rests(poller, holding_of(wanted, stored, clock())))
            for wanted in stored.subscriptions.values()
            if is_polled(wanted)
        ]
        if polls:
            stopping = asyncio.create_task(stop.wait())
            await _until_all_done_or(stopping, polls)
            stopping.cancel()
        for poll in polls:
            poll.cancel()


async def _until_all_done_or(stopping: asyncio.Task[bool], polls: list[asyncio.Task[None]]) -> None:
    done = asyncio.create_task(asyncio.wait(polls))
    waiting: set[asyncio.Future[object]] = {done, stopping}  # type: ignore[arg-type]  # any result will do
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    done.cancel()


async def _poll_unless_host_rests(poller: Poller, holding: Holding) -> None:
    try:
        await poller.poll(holding)
    except HostRestsError as rest:
        log.warning("feed left out", feed=holding.url, reason=str(rest))


async def _keep_polling(
    settings: ProducerSettings, keeper: Keeper, lease: Lease, stop: asyncio.Event, clock: Clock
) -> None:
    """Poll this producer's share of the feeds until told to stop."""
    membership = Membership(settings, keeper, clock, asyncio.get_running_loop())
    left = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(keeper.work(left))
        watching = tasks.create_task(lease.watch())
        await _be_member(membership, stop)
        left.set()
        watching.cancel()


async def _be_member(membership: Membership, stop: asyncio.Event) -> None:
    """Be a member of the group until told to stop; whatever happens, the thread has ended in the end."""
    ended = threading.Event()
    running = asyncio.create_task(asyncio.to_thread(membership.run, ended))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ended.set()
        stopping.cancel()
        await asyncio.wait({running})
    running.result()


def _first(group: BaseExceptionGroup[PublishError]) -> PublishError:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return cast("PublishError", error)
