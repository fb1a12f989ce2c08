"""The query behind each panel, run on the real Elasticsearch."""

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from elasticsearch import Elasticsearch

from contracts.codec import decode
from contracts.records import Incident
from sinks.bulk import write
from sinks.client import connect
from sinks.indices import Index
from sinks.kibana.build import TIME_FIELDS, data_view_id, ndjson
from sinks.plan import incident_plan
from sinks.settings import SinkSettings
from sinks.setup import set_up

DATA = Path(__file__).parent.parent / "data" / "sinks"
SOHR = "Syrian Observatory for Human Rights"


@pytest.fixture(scope="module")
def settings(elasticsearch_url: str) -> Iterator[SinkSettings]:
    """Return an installation with one incident that stands and one that merged into it."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    made = SinkSettings(elasticsearch_url=elasticsearch_url, index_prefix=prefix)
    set_up(made, lambda _: None)
    with connect(made) as client:
        for name in ("armanaz-4-merged", "harem-2-redirect"):
            incident = decode((DATA / f"{name}.json").read_bytes(), Incident)
            assert write(client, incident_plan(incident).writes, made) == []
        client.indices.refresh(index=f"{prefix}-*")
        yield made
        client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*")))
        client.indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture(scope="module")
def client(settings: SinkSettings) -> Iterator[Elasticsearch]:
    """Return a client of that installation."""
    with connect(settings) as connected:
        yield connected


@pytest.fixture(scope="module")
def objects(settings: SinkSettings) -> dict[str, dict[str, Any]]:
    """Return the saved objects of that installation by id."""
    lines = ndjson(settings.index_prefix).splitlines()
    return {saved["id"]: saved for saved in map(orjson.loads, lines)}


def index_of(saved: Mapping[str, Any], objects: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the name of the index that an object shows."""
    (target,) = [reference["id"] for reference in saved["references"] if reference["type"] == "index-pattern"]
    name: str = objects[target]["attributes"]["title"]
    return name


def in_time(query: Mapping[str, str], saved: Mapping[str, Any]) -> dict[str, Any]:
    """Return a saved query with the dashboard's time span, as Kibana would send it."""
    assert query["language"] == "lucene"
    (target,) = [reference["id"] for reference in saved["references"] if reference["type"] == "index-pattern"]
    (field,) = [TIME_FIELDS[index] for index in Index if data_view_id(index) == target]
    span = {"range": {field: {"gte": "now-15y/y", "lte": "now", "format": "strict_date_optional_time"}}}
    words = {"query_string": {"query": query["query"], "analyze_wildcard": True}}
    return {"bool": {"filter": [words, span]}}


def aggregations(columns: Mapping[str, Any], order: list[str]) -> dict[str, Any]:
    """Return a Lens layer as Elasticsearch's aggregations: buckets in each other, metrics inside."""
    name, *rest = order
    column = columns[name]
    if not column["isBucketed"]:
        operations = {"sum": "sum", "max": "max"}
        return {
            metric: {operations[columns[metric]["operationType"]]: {"field": columns[metric]["sourceField"]}}
            for metric in order
            if columns[metric]["operationType"] != "count"
        }
    inner = aggregations(columns, rest) if rest else {}
    if column["operationType"] == "date_histogram":
        bucket: dict[str, Any] = {
            "date_histogram": {"field": column["sourceField"], "calendar_interval": "day", "min_doc_count": 1}
        }
    else:
        assert column["operationType"] == "terms"
        by = column["params"]["orderBy"]["columnId"]
        key = "_count" if columns[by]["operationType"] == "count" else by
        metrics = [metric for metric in order if not columns[metric]["isBucketed"]]
        inner |= aggregations(columns, metrics)
        bucket = {
            "terms": {
                "field": column["sourceField"],
                "size": column["params"]["size"],
                "order": {key: column["params"]["orderDirection"]},
            }
        }
    return {name: {**bucket, "aggs": inner}} if inner else {name: bucket}


def ask_lens(saved: Mapping[str, Any], objects: Mapping[str, Any], client: Elasticsearch) -> Mapping[str, Any]:
    """Return Elasticsearch's answer to a Lens object."""
    state = saved["attributes"]["state"]
    (layer,) = state["datasourceStates"]["formBased"]["layers"].values()
    return client.search(
        index=index_of(saved, objects),
        query=in_time(state["query"], saved),
        aggs=aggregations(layer["columns"], layer["columnOrder"]),
        size=0,
        track_total_hits=True,
    ).body


@pytest.mark.parametrize(
    ("name", "value"),
    [("incidents", 1), ("disputed", 1), ("killed-low", 40), ("killed-best", 40)],
)
def test_numbers(name: str, value: int, client: Elasticsearch, objects: Mapping[str, dict[str, Any]]) -> None:
    """Merged incidents count for nothing."""
    answer = ask_lens(objects[f"tallywire-lens-{name}"], objects, client)
    counted = answer["hits"]["total"]["value"]
    assert answer["aggregations"]["value"]["value"] == value if "aggregations" in answer else counted == value


def test_timeline(client: Elasticsearch, objects: Mapping[str, dict[str, Any]]) -> None:
    """One air strike, on the first day of its night."""
    answer = ask_lens(objects["tallywire-lens-timeline"], objects, client)
    (kind,) = answer["aggregations"]["type"]["buckets"]
    assert kind["key"] == "air_strike"
    assert [(day["key_as_string"], day["doc_count"]) for day in kind["day"]["buckets"]] == [("2017-09-29", 1)]


def test_claimants(client: Elasticsearch, objects: Mapping[str, dict[str, Any]]) -> None:
    """What each says now: no part of a toll, nothing that was edited away, and no upper bound where there is none."""
    answer = ask_lens(objects["tallywire-lens-claimants"], objects, client)
    (incident,) = answer["aggregations"]["incident"]["buckets"]
    (title,) = incident["title"]["buckets"]
    assert title["key"] == "Bombs kill 40 in Armanaz"
    said = {who["key"]: (who["low"]["value"], who["high"]["value"]) for who in title["claimant"]["buckets"]}
    assert said == {SOHR: (40, 40), "Anadolu": (40, None)}


@pytest.mark.parametrize("name", ["incidents", "disputed"])
def test_tables(name: str, client: Elasticsearch, objects: Mapping[str, dict[str, Any]]) -> None:
    """Rows are found in the table's order, and each column can be read of them."""
    saved = objects[f"tallywire-search-{name}"]
    attributes = saved["attributes"]
    source = orjson.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    answer = client.search(
        index=index_of(saved, objects),
        query=in_time(source["query"], saved),
        sort=[{field: direction} for field, direction in attributes["sort"]],
        fields=attributes["columns"],
        source=False,
    )
    (row,) = [hit["fields"] for hit in answer["hits"]["hits"]]
    # An open toll has no upper bound, and nobody is missing here.
    assert set(attributes["columns"]) - row.keys() <= {"killed_high", "missing_low"}


def test_map(client: Elasticsearch, objects: Mapping[str, dict[str, Any]]) -> None:
    """The points within the map's bounds, with what the tooltip and the size need."""
    saved = objects["tallywire-map-incidents"]
    (layer,) = [
        layer
        for layer in orjson.loads(saved["attributes"]["layerListJSON"])
        if layer["sourceDescriptor"]["type"] == "ES_SEARCH"
    ]
    source, size = layer["sourceDescriptor"], layer["style"]["properties"]["iconSize"]["options"]["field"]["name"]
    bounds = {"top_left": {"lat": 40, "lon": 30}, "bottom_right": {"lat": 30, "lon": 40}}
    within = {"geo_bounding_box": {source["geoField"]: bounds}}
    answer = client.search(
        index=index_of(saved, objects),
        query={"bool": {"filter": [in_time(layer["query"], saved), within]}},
        fields=[source["geoField"], size, *source["tooltipProperties"]],
        aggs={"fit": {"geo_bounds": {"field": source["geoField"]}}},
        source=False,
    )
    (point,) = [hit["fields"] for hit in answer["hits"]["hits"]]
    assert point[source["geoField"]] == [{"type": "Point", "coordinates": [36.503, 36.084]}]
    assert point[size] == [40]
    assert answer["aggregations"]["fit"]["bounds"]["top_left"]["lat"] == pytest.approx(36.084, abs=1e-4)


def test_every_panel_is_tested_here(objects: Mapping[str, dict[str, Any]]) -> None:
    """A new panel needs a test of its query."""
    tested = {f"tallywire-lens-{name}" for name in ("incidents", "disputed", "killed-low", "killed-best")}
    tested |= {"tallywire-lens-timeline", "tallywire-lens-claimants", "tallywire-map-incidents"}
    tested |= {"tallywire-search-incidents", "tallywire-search-disputed", "tallywire-dashboard-incidents"}
    assert {name for name, saved in objects.items() if saved["type"] != "index-pattern"} == tested
