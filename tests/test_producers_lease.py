"""A producer that stood still for longer than its session writes nothing more."""

import pytest

from producers.errors import StalledError
from producers.lease import Lease


def test_process_that_runs_may_write() -> None:
    """Short standstills are the machine's own."""
    now = [0.0]
    lease = Lease(10.0, lambda: now[0])
    for moment in (0.5, 5.0, 14.0):
        now[0] = moment
        lease.tick()
        lease.check()


@pytest.mark.parametrize("ticks_again", [False, True])
def test_process_that_stood_still_may_not(*, ticks_again: bool) -> None:
    """A standstill counts before it is noticed, and for ever after."""
    now = [0.0]
    lease = Lease(10.0, lambda: now[0])
    now[0] = 11.0
    if ticks_again:
        lease.tick()
        now[0] = 11.5
        lease.tick()
    with pytest.raises(StalledError, match="stood still"):
        lease.check()
