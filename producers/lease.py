"""Whether this process may still write for the feeds that it holds.

A process that stands still for longer than its session lasts (stopped, or starved of the machine) loses its feeds,
and learns of it late.  What it had fetched may be older by then than what the new holder has published.  So the stage
looks back before it publishes, and stops when it stood still; a new start begins from what the topic says.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from producers.errors import StalledError

TICK_SECONDS = 0.5


@dataclass(slots=True)
class Lease:
    """Measures standstills of the event loop.

    Args:
        seconds: Longest standstill that leaves the feeds in our hands: the session.
        clock: Runs on while the process doesn't, in seconds.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _last: float = field(init=False)
    _longest: float = 0.0

    def __post_init__(self) -> None:
        self._last = self.clock()

    def tick(self) -> None:
        """Take note that the process runs."""
        now = self.clock()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def check(self) -> None:
        """Check that the process may still write.

        Raises:
            StalledError: It stood still for too long.
        """
        standstill = max(self._longest, self.clock() - self._last)
        if standstill >= self.seconds:
            raise StalledError(
                f"The process stood still for {standstill:.0f} s, longer than its session of {self.seconds:.0f} s."
            )

    async def watch(self) -> None:
        """Take the time and check, for ever.

        Raises:
            StalledError: The process stood still for too long.
        """
        while True:
            self.tick()
            self.check()
            await asyncio.sleep(TICK_SECONDS)
