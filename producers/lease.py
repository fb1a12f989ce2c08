"""Whether this process may still write for the feeds that it holds.

What a producer that stood still had fetched may be older by then than what the new holder has published.
"""

import asyncio

from contracts import lease
from producers.errors import StalledError

TICK_SECONDS = 0.5


class Lease(lease.Lease):
    """Measures standstills of the event loop."""

    error = StalledError

    async def watch(self) -> None:
        """Take the time and check, for ever.

        Raises:
            StalledError: The process stood still for too long.
        """
        while True:
            self.tick()
            self.check()
            await asyncio.sleep(TICK_SECONDS)
