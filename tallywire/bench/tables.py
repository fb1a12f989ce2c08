"""Tables of figures: on the screen, and as sections of a Markdown document."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table as ScreenTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a case found."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    """How it was measured, in full sentences."""


def on_screen(table: Table) -> ScreenTable:
    """Return a table for the terminal."""
    shown = ScreenTable(title=escape(table.title), title_justify="left", title_style="bold", caption_justify="left")
    for number, column in enumerate(table.columns):
        shown.add_column(escape(column), justify="left" if number == 0 else "right")
    for row in table.rows:
        shown.add_row(*map(escape, row))
    shown.caption = escape(table.note) or None
    return shown


def in_markdown(table: Table) -> str:
    """Return a table with its title and note as Markdown, ending with a line end."""
    rules = ["---", *["--:"] * (len(table.columns) - 1)]
    lines = [_row(table.columns), _row(rules), *map(_row, table.rows)]
    note = f"{table.note}\n\n" if table.note else ""
    return f"### {table.title}\n\n{note}" + "\n".join(lines) + "\n"


def section(name: str, heading: str, measured_on: str, tables: Sequence[Table]) -> str:
    """Return a case's section of the document, between the marks by which a later run finds it."""
    body = "\n".join(in_markdown(table) for table in tables)
    return f"{_begin(name)}\n## {heading}\n\n{measured_on}\n\n{body}{_end(name)}\n"


def with_section(document: str, name: str, text: str) -> str:
    """Return the document with a case's section in place of its earlier one, or at the end."""
    begin, end = _begin(name), f"{_end(name)}\n"
    before, found, rest = document.partition(begin)
    if not found:
        return f"{document.rstrip()}\n\n{text}".lstrip()
    _, _, after = rest.partition(end)
    return before + text + after


def _begin(name: str) -> str:
    return f"<!-- begin {name} -->"


def _end(name: str) -> str:
    return f"<!-- end {name} -->"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
