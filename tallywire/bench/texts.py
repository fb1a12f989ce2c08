"""Articles to measure on: rows of the development gold, or those of the sample feeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import orjson

from producers.canonical import clean_url
from producers.parse import ParsedEntry, parse_feed
from tallywire import samples
from tallywire.errors import UserError

GOLD_SETS = ("gva", "no_incident", "satp", "muc4")

Row = Mapping[str, str | None]
"""An article as `tallywire extract` takes it."""


@dataclass(frozen=True, slots=True)
class TextSet:
    """Articles of one kind."""

    name: str
    rows: tuple[Row, ...]


def gold_sets(folder: Path, most: int) -> tuple[TextSet, ...]:
    """Return at most so many articles of each file of the gold, evenly spread over it.

    Raises:
        UserError: The folder has none of the files.
    """
    found = [(name, folder / f"{name}.jsonl") for name in GOLD_SETS]
    sets = tuple(TextSet(name, spread(_rows(path), most)) for name, path in found if path.is_file())
    if not sets:
        raise UserError(
            f"{folder} holds none of {', '.join(path.name for _, path in found)}: name the gold's folder."
        )
    return sets


def sample_sets() -> tuple[TextSet, ...]:
    """Return the articles of the sample feeds: those that tell of an incident, and the others."""
    expected = samples.expectations()
    rows = {clean_url(entry.url or ""): _row(entry) for entry in _sample_entries()}
    other = tuple(rows[url] for url in sorted(expected.not_incidents))
    told = tuple(rows[url] for url in expected.articles if url not in expected.not_incidents)
    return (TextSet("sample incidents", told), TextSet("sample non-incidents", other))


def spread(rows: Sequence[Row], most: int) -> tuple[Row, ...]:
    """Return at most so many rows, evenly spread."""
    step = max(1.0, len(rows) / most)
    return tuple(rows[int(number * step)] for number in range(min(most, len(rows))))


def plain(row: Row) -> str:
    """Return a row's headline and text as one text."""
    return f"{row.get('title') or ''}\n\n{row.get('text') or ''}"


def _rows(path: Path) -> list[Row]:
    wanted = ("id", "url", "title", "text", "published")
    lines = path.read_bytes().splitlines()
    return [{key: raw.get(key) for key in wanted} for raw in map(orjson.loads, lines)]


def _sample_entries() -> list[ParsedEntry]:
    folder = resources.files(samples) / "feeds"
    files = [*folder.iterdir(), *(folder / "later").iterdir()]
    return [
        entry
        for file in sorted(files, key=lambda file: file.name)
        if file.is_file()
        for entry in parse_feed(file.read_bytes(), f"https://{file.name}.example/feed").entries
    ]


def _row(entry: ParsedEntry) -> Row:
    return {
        "id": entry.url or entry.title,
        "url": entry.url,
        "title": entry.title,
        "text": entry.text,
        "published": entry.published.isoformat() if entry.published else None,
    }
