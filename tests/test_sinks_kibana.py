"""The committed saved objects are sound, as far as that can be told without a Kibana."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from sinks.indices import Index
from sinks.kibana.build import DEFAULT_PREFIX, FILE, TIME_FIELDS, data_view_id, ndjson
from sinks.templates import index_mapping

OBJECTS: list[dict[str, Any]] = [orjson.loads(line) for line in FILE.read_bytes().splitlines()]
BY_KEY = {(saved["type"], saved["id"]): saved for saved in OBJECTS}
INDEX_OF = {data_view_id(index): index for index in Index}

DATA_TYPES = {
    "string": {"keyword"},
    "number": {"long", "integer"},
    "date": {"date"},
}
"""Types of our mappings that a Lens column of each kind can be made of."""


def field_types(index: Index) -> dict[str, str]:
    """Return the type of every field of an index, by its full name."""

    def walk(properties: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
        for name, field in properties.items():
            if "type" in field:
                yield prefix + name, field["type"]
            yield from walk(field.get("fields", {}), f"{prefix}{name}.")
            yield from walk(field.get("properties", {}), f"{prefix}{name}.")

    return dict(walk(index_mapping(index, english=False)["properties"], ""))


def of_type(kind: str) -> list[Any]:
    """Return the objects of a type, as named test cases."""
    return [pytest.param(saved, id=saved["id"]) for saved in OBJECTS if saved["type"] == kind]


def index_of(saved: Mapping[str, Any]) -> Index:
    """Return the index that an object shows."""
    (target,) = [reference["id"] for reference in saved["references"] if reference["type"] == "index-pattern"]
    return INDEX_OF[target]


def nested_texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each attribute that holds JSON as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from nested_texts(inner, key)
    elif isinstance(value, str) and name.endswith("JSON"):
        yield name, value


def test_the_committed_file_is_what_the_builder_makes() -> None:
    """`python -m sinks.kibana.build` was run after the last change."""
    assert FILE.read_bytes() == ndjson(DEFAULT_PREFIX)


def test_the_file_says_nothing_of_when_it_was_made() -> None:
    """Fixed ids, sorted keys, no times: the same objects are the same bytes."""
    for line in FILE.read_bytes().splitlines():
        saved = orjson.loads(line)
        assert orjson.dumps(saved, option=orjson.OPT_SORT_KEYS) == line
        assert not {"updated_at", "created_at", "version"} & saved.keys()
    assert len(BY_KEY) == len(OBJECTS)


@pytest.mark.parametrize(
    ("kind", "stamp"),
    [("index-pattern", "8.0.0"), ("search", "8.0.0"), ("map", "8.4.0"), ("lens", "8.9.0"), ("dashboard", "8.9.0")],
)
def test_stamps_are_those_that_servers_take(kind: str, stamp: str) -> None:
    """Newer ones have the whole file rejected, a Lens object without one fails."""
    stamps = {
        (saved["coreMigrationVersion"], saved["typeMigrationVersion"]) for saved in OBJECTS if saved["type"] == kind
    }
    assert stamps == {("8.8.0", stamp)}


@pytest.mark.parametrize("saved", [pytest.param(saved, id=saved["id"]) for saved in OBJECTS])
def test_nested_json_parses(saved: dict[str, Any]) -> None:
    """Kibana imports a broken panel without a word."""
    for _, text in nested_texts(saved["attributes"]):
        orjson.loads(text)


@pytest.mark.parametrize("saved", [pytest.param(saved, id=saved["id"]) for saved in OBJECTS])
def test_references_resolve(saved: dict[str, Any]) -> None:
    """Whatever an object points at is in the file, and no name is used twice."""
    for reference in saved["references"]:
        assert (reference["type"], reference["id"]) in BY_KEY
    names = [reference["name"] for reference in saved["references"]]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("index", list(Index))
def test_every_index_has_a_data_view_with_a_time(index: Index) -> None:
    """The time field is a date of that index."""
    attributes = BY_KEY["index-pattern", data_view_id(index)]["attributes"]
    assert attributes["title"] == index.alias(DEFAULT_PREFIX)
    assert attributes["timeFieldName"] == TIME_FIELDS[index]
    assert field_types(index)[TIME_FIELDS[index]] == "date"


def test_another_prefix_changes_the_data_views_only() -> None:
    """An installation of another name gets the same objects over its own indices."""
    others = [orjson.loads(line) for line in ndjson("other").splitlines()]
    for ours, other in zip(OBJECTS, others, strict=True):
        if ours["type"] == "index-pattern":
            assert other["attributes"]["title"] == ours["attributes"]["title"].replace("tallywire", "other", 1)
        else:
            assert other == ours


@pytest.mark.parametrize("saved", of_type("lens"))
def test_lens_columns_fit_their_fields(saved: dict[str, Any]) -> None:
    """Every field exists, with a type that the column can be made of, and every label is ours."""
    types = field_types(index_of(saved))
    for layer in saved["attributes"]["state"]["datasourceStates"]["formBased"]["layers"].values():
        assert layer["columnOrder"] == list(dict.fromkeys(layer["columnOrder"]))
        assert set(layer["columnOrder"]) == layer["columns"].keys()
        buckets = [layer["columns"][name]["isBucketed"] for name in layer["columnOrder"]]
        assert buckets == sorted(buckets, reverse=True)
        for column in layer["columns"].values():
            assert column["customLabel"] is True
            if column["operationType"] != "count":
                assert types[column["sourceField"]] in DATA_TYPES[column["dataType"]]
            if column["operationType"] == "terms":
                assert not layer["columns"][column["params"]["orderBy"]["columnId"]]["isBucketed"]


@pytest.mark.parametrize("saved", of_type("lens"))
def test_lens_draws_columns_that_are_there(saved: dict[str, Any]) -> None:
    """Every column that is drawn exists in its layer, and the layer has its data view."""
    state = saved["attributes"]["state"]
    layers = state["datasourceStates"]["formBased"]["layers"]
    drawings = state["visualization"].get("layers", [state["visualization"]])
    for drawing in drawings:
        drawn = {drawing.get(name) for name in ("xAccessor", "splitAccessor", "metricAccessor")} - {None}
        drawn |= set(drawing.get("accessors", ()))
        drawn |= {column["columnId"] for column in drawing.get("columns", ())}
        assert drawn == layers[drawing["layerId"]]["columns"].keys()
    names = {reference["name"] for reference in saved["references"]}
    assert names == {f"indexpattern-datasource-layer-{layer}" for layer in layers}


@pytest.mark.parametrize("saved", of_type("search"))
def test_tables_show_fields_that_are_there(saved: dict[str, Any]) -> None:
    """Columns exist, and what sorts them can be sorted by."""
    types = field_types(index_of(saved))
    assert set(saved["attributes"]["columns"]) <= types.keys()
    for field, _ in saved["attributes"]["sort"]:
        assert types[field] == "date"
    source = orjson.loads(saved["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    assert source["indexRefName"] in {reference["name"] for reference in saved["references"]}


@pytest.mark.parametrize("saved", of_type("map"))
def test_maps_show_fields_that_are_there(saved: dict[str, Any]) -> None:
    """The point is a point, sizes are numbers, tooltips exist."""
    types = field_types(index_of(saved))
    layers = orjson.loads(saved["attributes"]["layerListJSON"])
    for layer in (layer for layer in layers if layer["sourceDescriptor"]["type"] == "ES_SEARCH"):
        source = layer["sourceDescriptor"]
        assert types[source["geoField"]] == "geo_point"
        assert set(source["tooltipProperties"]) <= types.keys()
        assert source["indexPatternRefName"] in {reference["name"] for reference in saved["references"]}
        for style in layer["style"]["properties"].values():
            if style.get("type") == "DYNAMIC":
                assert types[style["options"]["field"]["name"]] in DATA_TYPES["number"]


@pytest.mark.parametrize("saved", of_type("dashboard"))
def test_panels_stand_side_by_side(saved: dict[str, Any]) -> None:
    """Every panel has its reference and its place, and none lies on another or beyond the edge."""
    panels = orjson.loads(saved["attributes"]["panelsJSON"])
    names = {reference["name"]: reference for reference in saved["references"]}
    assert len(names) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        reference = names[f"{panel['panelIndex']}:{panel['panelRefName']}"]
        assert reference["type"] == panel["type"]
        assert panel["gridData"]["i"] == panel["panelIndex"]
        grid = panel["gridData"]
        cells = {
            (x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not cells & taken
        taken |= cells
    assert max(x for x, _ in taken) == 47


def test_the_dashboard_has_a_map_a_timeline_and_a_table() -> None:
    """What the first dashboard is for."""
    panels = orjson.loads(BY_KEY["dashboard", "tallywire-dashboard-incidents"]["attributes"]["panelsJSON"])
    assert {"map", "lens", "search"} == {panel["type"] for panel in panels}
    timeline = BY_KEY["lens", "tallywire-lens-timeline"]["attributes"]["state"]
    columns = timeline["datasourceStates"]["formBased"]["layers"]["layer"]["columns"].values()
    assert "date_histogram" in {column["operationType"] for column in columns}
