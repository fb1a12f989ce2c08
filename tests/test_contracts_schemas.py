"""The published JSON Schemas are true, and changes of the records stay backward compatible."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from contracts.codec import to_builtins
from contracts.records import Article, Feed
from contracts.schemas import (
    FOLDER,
    RECORDS,
    incompatibilities,
    released_incompatibilities,
    schema,
    schema_bytes,
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_committed_schema_is_up_to_date(record: type) -> None:
    """Whoever changes a record runs `python -m contracts.schemas`."""
    assert (FOLDER / f"{record.__name__}.json").read_bytes() == schema_bytes(record)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_the_schema_is_one(record: type) -> None:
    """Each file is a valid schema of its draft."""
    Draft202012Validator.check_schema(schema(record))


def test_the_records_are_compatible_with_the_last_release() -> None:
    """Old records can still be read, and old readers can read new records."""
    assert released_incompatibilities() == []


def test_a_schema_tells_right_from_wrong() -> None:
    """What the codec writes fits the schema, and a wrong type doesn't."""
    validator = Draft202012Validator(schema(Article))
    good = to_builtins(Article(id="a", revision="r", fetched=datetime(2026, 1, 1, tzinfo=UTC)))
    validator.validate(good)
    with pytest.raises(ValidationError):
        validator.validate({"id": "a", "revision": 3})


def _without_field(changed: dict[str, Any]) -> None:
    del changed["$defs"]["Feed"]["properties"]["etag"]


def _newly_required(changed: dict[str, Any]) -> None:
    changed["$defs"]["Feed"]["required"].append("etag")


def _lost_null(changed: dict[str, Any]) -> None:
    changed["$defs"]["Feed"]["properties"]["etag"] = {"type": "string"}


def _lost_word(changed: dict[str, Any]) -> None:
    changed["$defs"]["FeedState"]["enum"].remove("paused")


def _other_items(changed: dict[str, Any]) -> None:
    changed["$defs"]["Feed"]["properties"]["seen"]["items"] = {"type": "string"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(_without_field, "Feed.etag is gone", id="field removed"),
        pytest.param(_newly_required, "Feed.etag became required", id="field required"),
        pytest.param(_lost_null, "Feed.etag no longer takes null", id="type narrowed"),
        pytest.param(_lost_word, "FeedState lost the values ['paused']", id="word removed"),
        pytest.param(_other_items, "Feed.seen no longer takes array of #/$defs/SeenEntry", id="items changed"),
    ],
)
def test_an_incompatible_change_is_seen(change: Any, says: str) -> None:  # noqa: ANN401 - a case of the table
    """Each kind of breaking change is named with its field."""
    changed = deepcopy(schema(Feed))
    change(changed)
    assert says in incompatibilities(schema(Feed), changed)


def test_an_added_optional_field_is_compatible() -> None:
    """Changes only add."""
    changed = deepcopy(schema(Feed))
    changed["$defs"]["Feed"]["properties"]["mood"] = {"type": "string", "default": ""}
    assert incompatibilities(schema(Feed), changed) == []
