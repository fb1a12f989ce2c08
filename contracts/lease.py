"""Whether a process may still write for what its consumer group gave it.

A process that stands still (stopped, or starved of the machine) for longer than its session lasts loses what it
held, and learns of it late: what it had begun to write would then fall on top of what the new holder wrote.  So a
stage looks back before it writes, and stops when it stood still; a new start begins with what Kafka has.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(slots=True)
class Lease:
    """Measures standstills; a stage says when time is taken, and what is raised.

    Args:
        seconds: Longest standstill that leaves in our hands what we hold: the session.
        clock: Runs on while the process doesn't, in seconds.
    """

    error: ClassVar[type[Exception]] = RuntimeError
    """What `check` raises."""
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
            Exception: The stage's `error`: it stood still for too long.
        """
        standstill = max(self._longest, self.clock() - self._last)
        if standstill >= self.seconds:
            raise self.error(
                f"The process stood still for {standstill:.0f} s, longer than its session of {self.seconds:.0f} s."
            )
