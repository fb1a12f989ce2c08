"""What a start reports while it goes on, so that a command line can draw it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ProgressEvent:
    """How far one task is: `done` of `total` bytes (download), files (unpack) or engines (start)."""

    phase: Literal["download", "unpack", "start"]
    subject: str
    done: int
    total: int

    @property
    def finished(self) -> bool:
        """Return whether nothing of the task remains."""
        return self.done >= self.total


ProgressCallback = Callable[[ProgressEvent], None]
"""Receives events; downloads call it from several threads at once, so it must be safe for that."""


def ignore(_event: ProgressEvent) -> None:
    """Take an event and do nothing."""
