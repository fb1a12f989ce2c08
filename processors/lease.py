"""Whether this process may still write for its partitions.

A process that stands still (stopped, or starved of the machine) for longer than its session lasts loses its
partitions, and learns of it late: what it had begun to write would then fall on top of what the new owner wrote, and
the older state of an incident would win.  So it looks back before each write, and stops when it stood still.

A thread of its own takes the time, as the consumer's thread does that tells the broker that we live: long work in the
main thread stops neither.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from processors.errors import WorkerStalledError

TICK_SECONDS = 0.25
LOOK_SECONDS = 1.0


@dataclass(slots=True)
class Lease:
    """Measures standstills.

    Args:
        seconds: Longest standstill that leaves the partitions in our hands: the session.
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
            WorkerStalledError: It stood still for too long.
        """
        standstill = max(self._longest, self.clock() - self._last)
        if standstill >= self.seconds:
            raise WorkerStalledError(
                f"the process stood still for {standstill:.0f} s, longer than its session of {self.seconds:.0f} s"
            )

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
