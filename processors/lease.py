"""Whether this process may still write for its partitions: else the older state of an incident would win.

A thread of its own takes the time, as the consumer's thread does that tells the broker that we live: long work in the
main thread stops neither.
"""

import asyncio
import threading
import time

from contracts import lease
from processors.errors import WorkerStalledError

TICK_SECONDS = 0.25
LOOK_SECONDS = 1.0


class Lease(lease.Lease):
    """Measures standstills of the process."""

    error = WorkerStalledError

    def begin(self) -> None:
        """Begin to take the time."""
        self.tick()
        threading.Thread(target=self._tick_for_ever, name="lease", daemon=True).start()

    async def watch(self) -> None:
        """Check for ever.

        Raises:
            WorkerStalledError: The process stood still for too long.
        """
        while True:
            self.check()
            await asyncio.sleep(LOOK_SECONDS)

    def _tick_for_ever(self) -> None:
        while True:
            self.tick()
            time.sleep(TICK_SECONDS)
