"""Fetches the pages of new articles, politely, and puts their text in the place of the feed's.

::

    new articles ──► needs a page? ──► robots.txt (a day) ──► host's turn ──► fetch ──► text ──► article
                          │                 │                                  │         │
                          └─ no: as it is ◄─┴──────────── refused, failed, says less ◄───┘

Nothing is remembered here but robots.txt: an article is asked for only when its feed brings something new of it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from contracts.records import Article, Feed
from producers.fetch import Fetcher
from producers.outcomes import Failed, Fetched, FetchResult, Validators
from producers.pages.robots import Rules, read_rules, robots_url
from producers.pages.text import needs_page, with_page
from producers.settings import ProducerSettings

ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
ACCEPT_ROBOTS = "text/plain, */*;q=0.1"
RULES_SECONDS = 86_400.0
"""How long a host's rules are believed (RFC 9309, 2.4)."""
REFUSED_SECONDS = 600.0
"""The same where the host couldn't be asked."""
MOST_HOSTS = 5_000
"""Hosts whose rules are kept."""


@dataclass(frozen=True, slots=True)
class _Kept:
    rules: Rules
    until: float


class FullText:
    """Completes articles; safe to use for many feeds at once.

    Args:
        settings: Of the producer.
        fetcher: What pages are fetched with; its context is open.
        clock: Time in seconds that never goes back; by default the event loop's.
    """

    def __init__(
        self, settings: ProducerSettings, fetcher: Fetcher, clock: Callable[[], float] | None = None
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._given_clock = clock
        self._kept: dict[str, _Kept] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._reading = asyncio.Semaphore(1)  # more threads would only take the interpreter from each other

    def is_wanted(self, feed: Feed) -> bool:
        """Return whether a feed's articles are to be completed."""
        return self._settings.full_text if feed.full_text is None else feed.full_text

    async def complete(self, feed: Feed, articles: Sequence[Article]) -> tuple[Article, ...]:
        """Return a feed's new articles in their order, each with its page's text where that can be had and is more.

        Only the newest are looked up, as many as the settings allow and within the time that they allow.
        """
        if not self.is_wanted(feed):
            return tuple(articles)
        enough, most = self._settings.full_text_enough, self._settings.full_text_pages
        wanted = [article for article in articles if needs_page(article, enough)][-most:]
        found: dict[str, Article] = {}
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.full_text_seconds), asyncio.TaskGroup() as tasks:
                for article in wanted:
                    tasks.create_task(self._complete(article, found))
        return tuple(found.get(article.id, article) for article in articles)

    async def _complete(self, article: Article, found: dict[str, Article]) -> None:
        if article.url is None:
            return
        rules = await self._rules(article.url)
        agent = self._settings.fetch_user_agent
        if not rules.allow(article.url, agent):
            return
        answer = await self._ask(article.url, ACCEPT_PAGE, rules.delay(agent))
        if isinstance(answer, Fetched):
            async with self._reading:
                found[article.id] = await asyncio.to_thread(with_page, article, answer)

    async def _rules(self, url: str) -> Rules:
        """Return what the host of an address allows, asked for once by all who want to know."""
        where = robots_url(url)
        async with self._asking.setdefault(where, asyncio.Lock()):
            kept = self._kept.get(where)
            if kept is None or kept.until <= self._now():
                answer = await self._ask(where, ACCEPT_ROBOTS)
                kept = self._keep(where, read_rules(answer), certain=not _is_down(answer))
        return kept.rules

    def _keep(self, where: str, rules: Rules, *, certain: bool) -> _Kept:
        if len(self._kept) >= MOST_HOSTS:
            self._kept.clear()
            self._asking = {place: lock for place, lock in self._asking.items() if lock.locked()}
        kept = _Kept(rules, self._now() + (RULES_SECONDS if certain else REFUSED_SECONDS))
        self._kept[where] = kept
        return kept

    async def _ask(self, url: str, accept: str, delay: float = 0.0) -> FetchResult:
        """Fetch in the host's turn; a host that rests isn't asked."""
        hosts = self._fetcher.hosts
        async with hosts.turn(url):
            if hosts.rest(url):
                return Failed(reason="The host is left alone for now.")
            answer = await self._fetcher.fetch(url, Validators(), accept)
            if isinstance(answer, Failed) and answer.host_rests:
                hosts.let_rest(url, answer.host_rests.total_seconds())
            extra = delay - self._settings.fetch_host_delay_seconds
            if extra > 0:
                await asyncio.sleep(extra)
        return answer

    def _now(self) -> float:
        return self._given_clock() if self._given_clock else asyncio.get_running_loop().time()


def _is_down(answer: FetchResult) -> bool:
    return isinstance(answer, Failed) and (answer.status is None or answer.status >= 500)  # noqa: PLR2004 - HTTP's own
