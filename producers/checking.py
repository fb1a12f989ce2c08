"""Looks at feeds once, without writing anything: what is wrong with each, in one line."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.records import Subscription
from producers.discover import FoundFeed, discover
from producers.fetch import Fetcher
from producers.outcomes import Fetched, FetchResult, Gone, NotModified, Validators
from producers.parse import NotAFeedError, ParsedFeed, parse_feed
from producers.settings import ProducerSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look at a feed shows."""

    url: str
    well: bool
    """Whether it can be polled."""
    remark: str
    """One sentence."""


async def find_feeds(settings: ProducerSettings, url: str) -> tuple[FoundFeed, ...]:
    """Return the feed at an address, or those of the site there.

    Raises:
        NoFeedError: There is none to be found.
    """
    async with Fetcher(settings) as fetcher:
        return await discover(lambda wanted: _fetch(fetcher, wanted), url)


async def check(
    settings: ProducerSettings, subscriptions: Sequence[Subscription], now: datetime
) -> AsyncIterator[Finding]:
    """Yield what a look at each feed shows, as the answers come."""
    slots = asyncio.Semaphore(settings.poll_concurrency)
    async with Fetcher(settings) as fetcher:

        async def look(url: str) -> Finding:
            async with slots:
                return await asyncio.to_thread(finding, url, await _fetch(fetcher, url), now)

        for coming in asyncio.as_completed([look(one.url) for one in subscriptions]):
            yield await coming


def finding(url: str, answer: FetchResult, now: datetime) -> Finding:
    """Return what an answer shows of a feed."""
    match answer:
        case Fetched():
            try:
                document = parse_feed(answer.body, answer.url, answer.content_type)
            except NotAFeedError as error:
                return Finding(url=url, well=False, remark=str(error))
            remarks = [*_remarks(document, now)]
            moved = f"It has moved to {answer.moved_to}." if answer.moved_to else None
            return Finding(url=url, well=True, remark=" ".join(filter(None, [*remarks, moved])))
        case NotModified():
            return Finding(url=url, well=False, remark='The server answers "not modified" to who has nothing yet.')
        case Gone():
            return Finding(url=url, well=False, remark=f"{answer.reason} The feed has ended.")
        case _:
            return Finding(url=url, well=False, remark=answer.reason)


def _remarks(document: ParsedFeed, now: datetime) -> Iterable[str]:
    readable = [entry for entry in document.entries if entry.readable]
    dates = [entry.published for entry in readable if entry.published and entry.published <= now]
    if not document.entries:
        yield "It has no entries."
    elif not readable:
        yield f"None of its {len(document.entries)} entries can be read: a podcast?"
    else:
        newest = f", the newest of {max(dates):%Y-%m-%d}" if dates else ", none with a date"
        yield f"{len(readable)} entries{newest}."
    if document.problem:
        yield document.problem


async def _fetch(fetcher: Fetcher, url: str) -> FetchResult:
    async with fetcher.hosts.turn(url):
        return await fetcher.fetch(url, Validators())
