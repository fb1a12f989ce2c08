"""JSON Schemas of the records, and whether a change of them is backward compatible.

`python -m contracts.schemas` writes them to `contracts/schemas/`, and `--release` to `released/` there as well.
A test fails when they are out of date, or when a record changed in a way that older readers or records can't
live with.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import orjson

from contracts.records import (
    Article,
    ArticleReports,
    DeadLetter,
    Decision,
    Feed,
    FeedMemory,
    Incident,
    Report,
    Subscription,
)

RECORDS: tuple[type, ...] = (
    Feed,
    FeedMemory,
    Subscription,
    Article,
    ArticleReports,
    Report,
    Incident,
    Decision,
    DeadLetter,
)

FOLDER = Path(__file__).with_name("schemas")
RELEASED = FOLDER / "released"
"""The schemas of the last release: what a change must stay compatible with."""

Schema = dict[str, Any]


def schema(record: type) -> Schema:
    """Return a record's JSON Schema (draft 2020-12), self-contained."""
    (root,), components = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": components}


def schema_bytes(record: type) -> bytes:
    """Return a record's JSON Schema as the committed file holds it."""
    return orjson.dumps(schema(record), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Return what in the new schema breaks records or readers of the old one; an empty list is compatible.

    A field may be added if it isn't required.  Nothing may be removed, become required, lose a type that it
    allowed, or lose a value of its vocabulary.
    """
    return list(_definition_breaks(old["$defs"], new["$defs"]))


def _definition_breaks(old: Schema, new: Schema) -> Iterator[str]:
    for name, was in old.items():
        now = new.get(name)
        if now is None:
            yield f"{name} is gone"
            continue
        lost = [value for value in was.get("enum", ()) if value not in now.get("enum", ())]
        if lost:
            yield f"{name} lost the values {lost}"
        fresh = set(now.get("required", ())) - set(was.get("required", ()))
        yield from (f"{name}.{field} became required" for field in sorted(fresh))
        yield from _field_breaks(name, was.get("properties", {}), now.get("properties", {}))


def _field_breaks(name: str, old: Schema, new: Schema) -> Iterator[str]:
    for field, was in old.items():
        now = new.get(field)
        if now is None:
            yield f"{name}.{field} is gone"
            continue
        lost = _types(was) - _types(now)
        if lost:
            yield f"{name}.{field} no longer takes {', '.join(sorted(lost))}"


def _types(field: Schema) -> set[str]:
    """Return the kinds of value that a field takes, items of a list and of a mapping included."""
    if "anyOf" in field:
        return {kind for part in field["anyOf"] for kind in _types(part)}
    if "$ref" in field:
        return {field["$ref"]}
    kind = str(field.get("format", field.get("type", "any")))
    inner = field.get("items") or field.get("additionalProperties")
    return {f"{kind} of {part}" for part in _types(inner)} if isinstance(inner, dict) else {kind}


def main(arguments: Sequence[str]) -> int:
    """Write every record's schema; with `--release`, as the baseline of later changes too. Return the exit code."""
    breaks = released_incompatibilities()
    if breaks:
        sys.stderr.write("".join(f"not compatible with the last release: {line}\n" for line in breaks))
        return 1
    folders = [FOLDER, RELEASED] if "--release" in arguments else [FOLDER]
    for folder in folders:
        folder.mkdir(exist_ok=True)
        for record in RECORDS:
            (folder / f"{record.__name__}.json").write_bytes(schema_bytes(record))
    return 0


def released_incompatibilities() -> list[str]:
    """Return what in the records as they are now breaks the records of the last release."""
    breaks: list[str] = []
    for record in RECORDS:
        baseline = RELEASED / f"{record.__name__}.json"
        if baseline.exists():
            breaks += incompatibilities(orjson.loads(baseline.read_bytes()), schema(record))
    return breaks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
