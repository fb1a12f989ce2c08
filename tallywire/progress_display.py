"""Draws how far the start of the engines is: bars in a terminal, plain lines elsewhere."""

import threading
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from tallywire.engines import ProgressEvent

MEGABYTE = 1_000_000
WORDS = {
    "download": "Downloading Kafka and Elasticsearch",
    "unpack": "Unpacking Elasticsearch",
    "start": "Starting",
}


class EngineProgress:
    """A context in which `report` draws events; safe to call from several threads."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._tasks: dict[str, TaskID] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._bars = Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TextColumn("{task.fields[detail]}"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def report(self, event: ProgressEvent) -> None:
        """Draw one event."""
        with self._lock:
            if event.phase == "download":
                self._sizes[event.subject] = (event.done, event.total)
                done = sum(size for size, _ in self._sizes.values())
                total = sum(size for _, size in self._sizes.values())
                self._draw("download", WORDS["download"], done, total, f"{done / MEGABYTE:.0f} MB")
            elif event.phase == "unpack":
                self._draw("unpack", WORDS["unpack"], event.done, event.total, "")
            else:
                subject = event.subject.capitalize()
                self._draw(event.subject, f"{WORDS['start']} {subject}", event.done, event.total, "")

    def _draw(self, key: str, description: str, done: int, total: int, detail: str) -> None:
        if key not in self._tasks:
            self._tasks[key] = self._bars.add_task(description, total=total, detail=detail)
            if not self._console.is_terminal:
                self._console.print(f"{description} ...")
        self._bars.update(self._tasks[key], completed=done, total=total, detail=detail)
