"""Politeness: how many requests a host gets at the same time, how far apart, and when it is left alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_IDLE = 10_000
"""Hosts that are remembered although nothing happens there; with more the idle ones are forgotten."""


@dataclass(slots=True)
class _Host:
    free: asyncio.Semaphore
    users: int = 0
    next_start: float = 0.0
    rests_until: float = 0.0


class Hosts:
    """Gives each host its turns.

    Args:
        concurrency: Most requests to one host at the same time.
        delay: Least time between the starts of two requests to one host, in seconds.
        clock: Time in seconds that never goes back; by default the event loop's.
    """

    def __init__(self, concurrency: int, delay: float, clock: Callable[[], float] | None = None) -> None:
        self._concurrency = concurrency
        self._delay = delay
        self._given_clock = clock
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait until the host of an address may be asked, and keep its place while the context is open."""
        host = self._host(url)
        host.users += 1
        try:
            async with host.free:
                start = max(self._now(), host.next_start)
                host.next_start = start + self._delay
                if (wait := start - self._now()) > 0:
                    await asyncio.sleep(wait)
                yield
        finally:
            host.users -= 1

    def let_rest(self, url: str, seconds: float) -> None:
        """Have the host of an address left alone for a time."""
        host = self._host(url)
        host.rests_until = max(host.rests_until, self._now() + seconds)

    def rest(self, url: str) -> float:
        """Return for how many more seconds the host of an address is to be left alone; 0: it may be asked."""
        return max(0.0, self._host(url).rests_until - self._now())

    def _now(self) -> float:
        return self._given_clock() if self._given_clock else asyncio.get_running_loop().time()

    def _host(self, url: str) -> _Host:
        name = (urlsplit(url).hostname or "").rstrip(".")
        if name not in self._hosts:
            if len(self._hosts) >= MOST_IDLE:
                self._forget_idle()
            self._hosts[name] = _Host(asyncio.Semaphore(self._concurrency))
        return self._hosts[name]

    def _forget_idle(self) -> None:
        now = self._now()
        self._hosts = {
            name: host
            for name, host in self._hosts.items()
            if host.users or max(host.next_start, host.rests_until) > now
        }
