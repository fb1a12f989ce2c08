"""The mappings hold every field that is written, with a fitting type, and no other."""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import resources
from typing import Any, get_args, get_origin

import pytest

from sinks.article_documents import ArticleDocument
from sinks.claim_documents import ClaimDocument
from sinks.fields import GeoPoint
from sinks.incident_documents import IncidentDocument, RevisionDocument
from sinks.indices import Index
from sinks.operation_documents import DeadLetterDocument, FeedDocument
from sinks.templates import index_mapping

DOCUMENTS = {
    Index.INCIDENTS: IncidentDocument,
    Index.CLAIMS: ClaimDocument,
    Index.REVISIONS: RevisionDocument,
    Index.ARTICLES: ArticleDocument,
    Index.FEEDS: FeedDocument,
    Index.DEAD_LETTERS: DeadLetterDocument,
}
FITTING: tuple[tuple[type, set[str]], ...] = (
    (StrEnum, {"keyword"}),
    (str, {"keyword", "text"}),
    (bool, {"boolean"}),
    (int, {"integer", "long", "date"}),
    (float, {"float"}),
    (datetime, {"date"}),
    (date, {"date"}),
    (GeoPoint, {"geo_point"}),
)
SEARCH_ONLY = {"everything"}
"""Fields that no document holds: others are copied there."""


def bare(kind: Any) -> Any:  # noqa: ANN401 - a type hint can be of any type
    """Return the type of a field's single values: without None, and of a tuple its items'."""
    if get_origin(kind) in (typing.Union, types.UnionType):
        (kind,) = [part for part in get_args(kind) if part is not types.NoneType]
    return bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind


def check(document: type, mapping: Mapping[str, Any], where: str) -> None:
    """Fail where a document and its mapping differ."""
    properties = mapping["properties"]
    kinds = typing.get_type_hints(document)
    names = {field.name for field in fields(document)}
    assert names == properties.keys() - SEARCH_ONLY, where
    for name in names:
        kind, field = bare(kinds[name]), properties[name]
        if field.get("enabled") is False:
            continue
        if is_dataclass(kind) and kind is not GeoPoint:
            assert isinstance(kind, type)
            check(kind, field, f"{where}.{name}")
            continue
        fitting = next(allowed for base, allowed in FITTING if issubclass(kind, base))
        assert field["type"] in fitting, f"{where}.{name}"


@pytest.mark.parametrize("index", list(Index))
def test_documents_and_mappings_agree(index: Index) -> None:
    """A strict mapping refuses a document with a field that it doesn't know, so none may be missing."""
    check(DOCUMENTS[index], index_mapping(index, english=False), index.value)


@pytest.mark.parametrize("index", list(Index))
def test_mappings_are_strict(index: Index) -> None:
    """Nothing is mapped by guessing."""
    assert index_mapping(index, english=False)["dynamic"] == "strict"


def without_english(part: object) -> object:
    """Return a piece of a mapping without its `english` sub-fields."""
    if not isinstance(part, dict):
        return part
    kept = {name: without_english(inner) for name, inner in part.items() if name != "english"}
    return {name: inner for name, inner in kept.items() if name != "fields" or inner}


@pytest.mark.parametrize("index", list(Index))
def test_english_adds_to_texts_and_changes_nothing_else(index: Index) -> None:
    """Where the server has language analyzers, each text gains a sub-field, at every depth."""
    plain, english = index_mapping(index, english=False), index_mapping(index, english=True)
    added = json.dumps(english).count('"analyzer": "english"')
    assert added == json.dumps(plain).count('"type": "text"')

    assert without_english(english) == plain


def test_mapping_files_are_those_of_the_indices() -> None:
    """No file without an index, none missing."""
    folder = resources.files("sinks").joinpath("mappings")
    assert {path.name for path in folder.iterdir()} == {f"{index.value}.json" for index in Index}


def test_names_of_indices() -> None:
    """An alias stands for a versioned index of the same installation."""
    assert Index.REVISIONS.alias("tallywire") == "tallywire-incident-revisions"
    assert Index.REVISIONS.versioned("tallywire") == "tallywire-incident-revisions-v1"
