"""Every setting there is, for `tallywire settings` and the table in `docs/operating.md`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings
from rich.table import Table
from rich.text import Text

from contracts.settings import ENV_PREFIX, StageSettings
from processors.settings import ProcessorSettings
from producers.settings import ProducerSettings
from sinks.settings import SinkSettings
from tallywire.engines.settings import EngineSettings
from tallywire.settings import OperatorSettings

SETTINGS: dict[str, type[BaseSettings]] = {
    "all stages": StageSettings,
    "producers": ProducerSettings,
    "processors": ProcessorSettings,
    "sinks": SinkSettings,
    "local engines": EngineSettings,
    "command line": OperatorSettings,
}
"""The settings of each room, in the order of the flow."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable."""

    name: str
    rooms: tuple[str, ...]
    default: str
    meaning: str


def variables() -> tuple[Variable, ...]:
    """Return every variable once, those that more rooms share first."""
    rooms: dict[str, list[str]] = {}
    fields: dict[str, FieldInfo] = {}
    for room, settings in SETTINGS.items():
        for name, field in settings.model_fields.items():
            if settings is not StageSettings and name in StageSettings.model_fields:
                continue
            rooms.setdefault(name, []).append(room)
            fields.setdefault(name, field)
    return tuple(
        Variable(f"{ENV_PREFIX}{name.upper()}", tuple(rooms[name]), _default(field), field.description or "")
        for name, field in fields.items()
    )


def markdown(rows: Iterable[Variable]) -> str:
    """Return the variables as a Markdown table."""
    return "\n".join(_lines(rows)) + "\n"


def table(rows: Iterable[Variable], environment: Mapping[str, str]) -> Table:
    """Return the variables for a terminal, each with what the environment sets it to."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in ("variable", "value", "meaning"):
        drawn.add_column(column, overflow="fold")
    for row in rows:
        is_secret = row.name.endswith("PASSWORD")
        given = environment.get(row.name)
        value = Text("(set)" if is_secret else given, "bold") if given is not None else Text(row.default, "dim")
        drawn.add_row(row.name, value, row.meaning)
    return drawn


def _lines(rows: Iterable[Variable]) -> Iterator[str]:
    yield "| variable | of | default | meaning |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        default = f"`{row.default}`" if row.default else ""
        yield f"| `{row.name}` | {', '.join(row.rooms)} | {default} | {row.meaning.replace('|', '/')} |"


def _default(field: FieldInfo) -> str:
    """Return a default as the environment would hold it; nothing where it is unset or depends on the user."""
    if field.default is PydanticUndefined or field.default is None:
        return ""
    if isinstance(field.default, bool):
        return str(field.default).lower()
    return str(field.default)
