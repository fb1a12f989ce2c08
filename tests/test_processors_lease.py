"""Whether a process that stood still may go on writing."""

import asyncio

import pytest

from processors.errors import WorkerStalledError
from processors.lease import Lease


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_short_waits_add_up_to_nothing() -> None:
    """Only a single standstill counts."""
    clock = Clock()
    lease = Lease(10, clock)
    for _ in range(5):
        clock.now += 9.9
        lease.tick()
    lease.check()


@pytest.mark.parametrize("ticks", [pytest.param(0, id="before the thread runs"), pytest.param(3, id="after it ran")])
def test_a_standstill_ends_the_lease(ticks: int) -> None:
    """Whoever wakes up first, nothing more is written: another worker may own the partitions."""
    clock = Clock()
    lease = Lease(10, clock)
    clock.now += 10
    for _ in range(ticks):
        lease.tick()
    with pytest.raises(WorkerStalledError, match="stood still for 10 s"):
        lease.check()


def test_an_idle_worker_is_watched_too() -> None:
    """It ends, so that it doesn't go on with what it remembers."""
    clock = Clock()
    lease = Lease(10, clock)

    async def idle() -> None:
        watch = asyncio.create_task(lease.watch())
        await asyncio.sleep(0)
        assert not watch.done()
        watch.cancel()
        clock.now += 11
        await lease.watch()

    with pytest.raises(WorkerStalledError):
        asyncio.run(idle())


def test_a_process_that_runs_keeps_its_lease() -> None:
    """Its thread takes the time while the main thread works."""
    lease = Lease(5)
    lease.begin()
    sum(range(10_000_000))
    lease.check()
