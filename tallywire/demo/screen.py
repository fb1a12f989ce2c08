"""The demo's table, which fills while incidents arrive."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from contracts.vocabulary import Measure
from sinks.fields import in_words
from sinks.incident_documents import IncidentDocument
from tallywire.views import incident_table, place, toll


class Screen:
    """Redraws a table in a terminal; elsewhere prints a line a change, and the table at the end."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._seen: dict[str, int] = {}
        self._last: Sequence[IncidentDocument] = ()

    def __enter__(self) -> Self:
        self._console.print()
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        elif self._last:
            self._console.print()
            self._console.print(incident_table(self._last))

    def show(self, incidents: Sequence[IncidentDocument], articles: int, seconds: float) -> None:
        """Show the incidents as they are now.

        Args:
            incidents: All of them, in the order of the table.
            articles: How many articles are indexed.
            seconds: Since the stages started.
        """
        self._last = [incident for incident in incidents if incident.merged_into is None]
        if self._live is not None:
            footer = Text(f"\n{articles} articles read, {len(self._last)} incidents, {seconds:.0f} s", style="dim")
            self._live.update(Group(incident_table(self._last), footer), refresh=True)
        else:
            self._print_changes(seconds)

    def _print_changes(self, seconds: float) -> None:
        for incident in self._last:
            if self._seen.get(incident.id) != incident.revision:
                self._seen[incident.id] = incident.revision
                told = f"killed {toll(incident, Measure.KILLED)}, injured {toll(incident, Measure.INJURED)}"
                where = f"{in_words(incident.event_type)}, {place(incident)}"
                self._console.print(f"{seconds:5.1f} s  {where}: {told}", markup=False, highlight=False)
