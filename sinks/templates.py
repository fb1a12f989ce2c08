"""Creating the indices: templates with strict mappings, versioned indices, and their aliases.

Everything can be run again at any time: what is there stays, what is missing is made, and fields that a newer
version of ours added are added.
"""

import json
from copy import deepcopy
from importlib import resources
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from sinks.indices import Index
from sinks.settings import SinkSettings

Mapping = dict[str, Any]
"""A piece of Elasticsearch's own mapping language."""

ANALYSIS_MODULE = "analysis-common"
"""The module with the language analyzers; a bare server lacks it."""

GC_DELETES = "10m"
"""How long the version of a deleted document is remembered, so that a late write can't bring it back."""


def create_indices(client: Elasticsearch, settings: SinkSettings) -> tuple[str, ...]:
    """Create every template, index and alias that is missing, and return the names of the indices it made."""
    english = has_language_analyzers(client)
    made = []
    for index in Index:
        mapping = index_mapping(index, english=english)
        _put_template(client, settings, index, mapping)
        if _create_index(client, settings, index):
            made.append(index.versioned(settings.index_prefix))
        else:
            client.indices.put_mapping(index=index.alias(settings.index_prefix), **mapping)
    return tuple(made)


def index_mapping(index: Index, *, english: bool) -> Mapping:
    """Return an index's mapping.

    Args:
        index: Which index.
        english: Give each text an `english` sub-field, which finds other forms of a word.
    """
    text = resources.files("sinks").joinpath("mappings", f"{index.value}.json").read_text("utf-8")
    mapping: Mapping = json.loads(text)
    return with_english(mapping) if english else mapping


def with_english(mapping: Mapping) -> Mapping:
    """Return the mapping with an `english` sub-field at each text."""
    mapping = deepcopy(mapping)
    for field in mapping.get("properties", {}).values():
        if field.get("type") == "text":
            field.setdefault("fields", {})["english"] = {"type": "text", "analyzer": "english"}
    mapping["properties"] = {
        name: with_english(field) if "properties" in field else field for name, field in mapping["properties"].items()
    }
    return mapping


def has_language_analyzers(client: Elasticsearch) -> bool:
    """Return whether every node can analyse English."""
    nodes = client.nodes.info(metric="plugins")["nodes"].values()
    return all(any(module["name"] == ANALYSIS_MODULE for module in node["modules"]) for node in nodes)


def _put_template(client: Elasticsearch, settings: SinkSettings, index: Index, mapping: Mapping) -> None:
    alias = index.alias(settings.index_prefix)
    client.indices.put_index_template(
        name=alias,
        index_patterns=[f"{alias}-v*"],
        template={
            "settings": {
                "number_of_shards": settings.index_shards,
                "number_of_replicas": settings.index_replicas,
                "refresh_interval": settings.index_refresh,
                "gc_deletes": GC_DELETES,
            },
            "mappings": mapping,
        },
    )


def _create_index(client: Elasticsearch, settings: SinkSettings, index: Index) -> bool:
    """Create an index with its alias, unless the alias is there or another set-up is just creating it."""
    alias, name = index.alias(settings.index_prefix), index.versioned(settings.index_prefix)
    if client.indices.exists_alias(name=alias):
        return False
    try:
        client.indices.create(index=name, aliases={alias: {"is_write_index": True}})
    except BadRequestError as error:
        if error.error != "resource_already_exists_exception":
            raise
        client.indices.put_alias(index=name, name=alias, is_write_index=True)
        return False
    return True
