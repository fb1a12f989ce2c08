"""How far a worker is in each partition: no record is left out, none is handled twice, and then it is committed.

Faust keeps such an account, but commits past records that it never handed over: what it drops during a rebalance, it
takes for a gap in the topic (0.15.3).  So a stage counts for itself.  The first record of a partition must be the one
that was committed, and each follows the last; else the worker stops, and the next one begins where this one was.
The stages' input topics have no gaps: they aren't compacted, and nobody writes to them in transactions.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from faust.types import TP

from processors.errors import RecordsMissingError
from processors.faust_app import HeldEvent, StageApp


@dataclass(slots=True)
class Offsets:
    """The next offset of each partition.

    Args:
        app: The application whose consumer has the partitions.
    """

    app: StageApp
    _next: dict[TP, tuple[int, int]] = field(default_factory=dict)
    """Generation and offset."""
    _reached: dict[TP, int] = field(default_factory=dict)
    _done: list[HeldEvent] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

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

    def done(self, events: Sequence[HeldEvent]) -> None:
        """Have records committed and let go; their outputs must be acknowledged."""
        self._done.extend(events)
        self._wake.set()

    async def keep_committing(self) -> None:
        """Commit what is done, for ever, beside the handling: a commit waits for the consumer's thread."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                done, self._done = self._done, []
                await self._commit(self.advance(done))
                for event in done:
                    event.release()
        except Exception as error:  # noqa: BLE001 - nobody awaits this task; the worker raises it
            self.app.fail(error)

    def advance(self, done: Sequence[HeldEvent]) -> dict[TP, int]:
        """Return the offsets to commit after these records: one that came again never turns a partition back."""
        offsets: dict[TP, int] = {}
        for event in done:
            where = event.message.tp
            self._reached[where] = max(self._reached.get(where, 0), event.message.offset + 1)
            offsets[where] = self._reached[where]
        return offsets

    async def _commit(self, offsets: dict[TP, int]) -> None:
        consumer = cast(Any, self.app.consumer)
        if await consumer._commit(offsets):  # noqa: SLF001 - the public one commits by Faust's account
            self.app.monitor.on_tp_commit(offsets)

    async def _committed(self, where: TP) -> int:
        """Return where a partition goes on: at the committed offset, or else where it begins."""
        thread = cast(Any, self.app.consumer)._thread  # noqa: SLF001 - only perform_seek would ask, and seek as well
        committed = await thread.call_thread(thread._ensure_consumer().committed, where)  # noqa: SLF001
        beginning = (await self.app.consumer.earliest_offsets(where))[where]
        return max(committed or 0, beginning)
