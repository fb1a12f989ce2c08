"""How far a worker is in each partition: no record is left out, none is handled twice, then it is committed.

Faust keeps such accounts, but commits past records that it never handed over: what it drops during a rebalance
it takes for a gap in the topic.  So a stage counts for itself.  The first record of a partition must be the
one that was committed, and each one follows the last; else the worker stops, and the next begins where this one was.
"""

from dataclasses import dataclass, field
from typing import Any, cast

import faust
from faust.types import TP

from processors.errors import RecordsMissingError
from processors.faust_app import HeldEvent


@dataclass(slots=True)
class Offsets:
    """The next offset of each partition.

    Args:
        app: The application whose consumer has the partitions.
    """

    app: faust.App
    _next: dict[TP, tuple[int, int]] = field(default_factory=dict)
    """Generation and offset."""
    _uncommitted: dict[TP, int] = field(default_factory=dict)

    async def is_next(self, event: HeldEvent) -> bool:
        """Return whether a record's turn is now; False when it was handled before.

        Raises:
            RecordsMissingError: Records before it were never handed over.
        """
        message = event.message
        generation, expected = self._next.get(message.tp, (-1, 0))
        if generation != event.generation:
            expected = await self._committed(message.tp)
        if message.offset > expected:
            raise RecordsMissingError(
                f"{message.topic} {message.partition}: offset {message.offset} came, and {expected} was to be next"
            )
        self._next[message.tp] = (event.generation, max(expected, message.offset + 1))
        return message.offset == expected

    def handled(self, event: HeldEvent) -> None:
        """Note that a record's outputs were sent."""
        self._uncommitted[event.message.tp] = event.message.offset + 1

    async def commit(self) -> None:
        """Commit what was handled; its outputs must be acknowledged."""
        offsets, self._uncommitted = self._uncommitted, {}
        if offsets and await cast(Any, self.app.consumer)._commit(offsets):  # noqa: SLF001 - the public one is Faust's account
            self.app.monitor.on_tp_commit(offsets)

    async def _committed(self, where: TP) -> int:
        """Return where a partition goes on: at the committed offset, or else where it begins."""
        thread = cast(Any, self.app.consumer)._thread  # noqa: SLF001 - only perform_seek would ask, and seek as well
        committed = await thread.call_thread(thread._ensure_consumer().committed, where)  # noqa: SLF001
        beginning = (await self.app.consumer.earliest_offsets(where))[where]
        return max(committed or 0, beginning)
