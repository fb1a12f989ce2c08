"""Polls one feed: fetch, parse, plan, publish."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from contracts import codec
from contracts.records import Feed, FeedMemory, Subscription
from producers import decide, health, moves
from producers.feedstore import StoredFeeds
from producers.fetch import Fetcher
from producers.lease import Lease
from producers.observe import Observer, PollReport
from producers.outcomes import Failed, Fetched, FetchResult, Outcome, Received, Same, Validators
from producers.pages import FullText
from producers.parse import NotAFeedError, parse_feed
from producers.publish import Publisher
from producers.settings import ProducerSettings
from producers.subscriptions import subscribed

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Holding:
    """A feed that this producer polls."""

    url: str
    subscription: Subscription | None
    """What is wanted of it; None: nothing any more."""
    feed: Feed
    """Its state, without what it has seen."""
    held_since: datetime
    memory: bytes | None = None
    """What it has seen, a `FeedMemory` as it is written; None: nothing yet."""
    publishing: bool = False
    """A poll has begun to write: it is better finished than broken off."""

    def begin_anew(self) -> None:
        """Know nothing of the feed any more."""
        self.feed = Feed(url=self.url)
        self.memory = None


def holding_of(subscription: Subscription, stored: StoredFeeds, now: datetime) -> Holding:
    """Return a feed to be held from now on, by what the feeds topic says of it."""
    url = subscription.url
    feed, memory = stored.states.get(url) or Feed(url=url), stored.memories.get(url)
    if memory is None and feed.seen:  # as states were once written
        memory = codec.encode(FeedMemory(url=url, seen=feed.seen))
    return Holding(url, subscription, replace(feed, seen=()), now, memory)


class HostRestsError(Exception):
    """The feed's host wants to be left alone for so many seconds more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the host rests for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True, kw_only=True)
class Poller:
    """Polls feeds, a limited number at a time."""

    settings: ProducerSettings
    fetcher: Fetcher
    pages: FullText
    publisher: Publisher
    lease: Lease
    clock: Clock
    observers: Sequence[Observer] = ()
    _slots: asyncio.Semaphore = field(init=False)
    _policy: decide.Policy = field(init=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self._slots = asyncio.Semaphore(settings.poll_concurrency)
        self._policy = decide.Policy(
            interval=timedelta(seconds=settings.poll_seconds),
            longest=timedelta(seconds=settings.poll_max_seconds),
            backoff_max=timedelta(seconds=settings.poll_backoff_max_seconds),
        )

    async def poll(self, holding: Holding, due: datetime | None = None) -> None:
        """Poll a feed now and keep its new state in the holding, once everything is acknowledged.

        Raises:
            HostRestsError: Its host is to be left alone; nothing was done.
            PublishError: Kafka didn't take what was to be published.
        """
        before = holding.feed
        async with AsyncExitStack() as slot:
            async with self._turn(moves.address(before), slot):
                started = self.clock()
                asked = health.validators(before, started) if holding.memory else Validators()
                result = await self.fetcher.fetch(moves.address(before), asked)
            outcome = await asyncio.to_thread(read_outcome, result, before.digest if holding.memory else None)
            known = remembered(holding) if isinstance(outcome, Received) else before
            doubted = bool(holding.memory) and health.is_doubted(before, started)
            plan = decide.plan(known, outcome, self.clock(), self._policy, doubted=doubted)
            if plan.articles and self.pages.is_wanted(wanted := wanted_state(holding, plan.feed)):
                await slot.aclose()  # pages take their time; other feeds have their turn meanwhile
                plan = replace(plan, articles=await self.pages.complete(wanted, plan.articles))
            await self._publish(holding, plan)
        self._let_rest(moves.address(before), outcome)
        report = PollReport(
            before=before,
            after=holding.feed,
            outcome=outcome,
            published=len(plan.articles),
            body_bytes=len(result.body) if isinstance(result, Fetched) else 0,
            seconds=(self.clock() - started).total_seconds(),
            late=(started - due).total_seconds() if due else None,
        )
        for observe in self.observers:
            observe(report)

    @asynccontextmanager
    async def _turn(self, url: str, slot: AsyncExitStack) -> AsyncIterator[None]:
        """Wait for the host's turn, then for a slot, which is kept beyond the turn: bodies take room until read."""
        hosts = self.fetcher.hosts
        if rest := hosts.rest(url):
            raise HostRestsError(rest)
        async with hosts.turn(url):
            await slot.enter_async_context(self._slots)
            if rest := hosts.rest(url):
                raise HostRestsError(rest)
            yield

    async def _publish(self, holding: Holding, plan: decide.Plan) -> None:
        self.lease.check()
        holding.publishing = True
        try:
            wanted = wanted_state(holding, plan.feed)
            await self.publisher.publish(replace(plan, feed=wanted))
        finally:
            holding.publishing = False
        if plan.remembers:
            holding.memory = codec.encode(FeedMemory(url=wanted.url, seen=wanted.seen))
        holding.feed = replace(wanted, seen=())

    def _let_rest(self, url: str, outcome: Outcome) -> None:
        if isinstance(outcome, Failed) and outcome.host_rests:
            seconds = min(outcome.host_rests, self._policy.backoff_max).total_seconds()
            self.fetcher.hosts.let_rest(url, seconds)


def wanted_state(holding: Holding, feed: Feed) -> Feed:
    """Return a feed's new state as its subscription wants it."""
    return feed if holding.subscription is None else subscribed(holding.subscription, feed)


def remembered(holding: Holding) -> Feed:
    """Return a feed's state with what it has seen."""
    if holding.memory is None:
        return holding.feed
    return replace(holding.feed, seen=codec.decode(holding.memory, FeedMemory).seen)


def read_outcome(result: FetchResult, digest: str | None) -> Outcome:
    """Return what a fetch comes to once its body is parsed; bytes with the last ones' digest needn't be."""
    if not isinstance(result, Fetched):
        return result
    found = hashlib.sha256(result.body).hexdigest()
    if found == digest:
        return Same(validators=result.validators, fresh=result.fresh, moved_to=result.moved_to)
    try:
        feed = parse_feed(result.body, result.url, result.content_type)
    except NotAFeedError as error:
        return Failed(reason=str(error))
    return Received(
        feed=feed, validators=result.validators, fresh=result.fresh, moved_to=result.moved_to, digest=found
    )
