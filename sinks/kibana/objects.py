"""Kibana's saved objects, as its import takes them.

Measured on a real Kibana 8.12: it takes the stamps below, and so do newer servers; it rejects a whole file (422) in
which one `typeMigrationVersion` is newer than its own, and answers 500 to a Lens object without any.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]
"""A piece of Kibana's own language."""

CORE_VERSION = "8.8.0"
TYPE_VERSIONS = {
    "index-pattern": "8.0.0",
    "search": "8.0.0",
    "map": "8.4.0",
    "lens": "8.9.0",
    "dashboard": "8.9.0",
}

GRID_COLUMNS = 48
"""Width of a dashboard, in Kibana's own unit."""

MAP_DOCUMENTS_MAX_ZOOM = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of a dashboard: which object, and where."""

    object_type: str
    object_id: str
    title: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A saved search: which documents, which columns, in which order."""

    id: str
    title: str
    description: str
    data_view: str
    query: str
    columns: tuple[str, ...]
    newest_by: str


def nested(value: object) -> str:
    """Return a value as the JSON text that Kibana keeps inside an attribute."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def reference(kind: str, target: str, name: str) -> Json:
    """Return a reference to another object, under the name that the attributes use."""
    return {"type": kind, "id": target, "name": name}


def lucene(query: str) -> Json:
    """Return a query; in Lucene's syntax, because Elasticsearch itself can check that."""
    return {"query": query, "language": "lucene"}


def saved_object(kind: str, object_id: str, attributes: Json, references: Iterable[Json] = ()) -> Json:
    """Return a saved object with its stamps."""
    return {
        "type": kind,
        "id": object_id,
        "attributes": attributes,
        "references": list(references),
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSIONS[kind],
        "managed": False,
    }


def data_view(object_id: str, name: str, index: str, time_field: str) -> Json:
    """Return a data view of one index; Kibana reads its fields from the index."""
    return saved_object("index-pattern", object_id, {"title": index, "name": name, "timeFieldName": time_field})


def saved_search(table: Table) -> Json:
    """Return a table of documents."""
    index = "kibanaSavedObjectMeta.searchSourceJSON.index"
    attributes = {
        "title": table.title,
        "description": table.description,
        "columns": list(table.columns),
        "sort": [[table.newest_by, "desc"]],
        "grid": {},
        "hideChart": True,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": nested({"query": lucene(table.query), "filter": [], "indexRefName": index})
        },
    }
    return saved_object("search", table.id, attributes, [reference("index-pattern", table.data_view, index)])


def point_map(object_id: str, title: str, *, data_view_id: str, query: str, layer: Json) -> Json:
    """Return a map with a layer of points over Elastic's basemap, which needs the internet."""
    index = "layer_1_source_index_pattern"
    basemap = {
        "id": "basemap",
        "type": "EMS_VECTOR_TILE",
        "label": None,
        "sourceDescriptor": {"type": "EMS_TMS", "isAutoSelect": True, "lightModeDefault": "road_map_desaturated"},
        "style": {"type": "EMS_VECTOR_TILE", "color": ""},
        "alpha": 1,
        "visible": True,
        "minZoom": 0,
        "maxZoom": MAP_DOCUMENTS_MAX_ZOOM,
        "includeInFitToBounds": True,
    }
    points = {**layer, "query": lucene(query)}
    points["sourceDescriptor"] = {**layer["sourceDescriptor"], "indexPatternRefName": index}
    state = {
        "zoom": 1.6,
        "center": {"lat": 25, "lon": 20},
        "query": lucene(""),
        "filters": [],
        "settings": {"autoFitToDataBounds": True},
    }
    attributes = {
        "title": title,
        "description": "",
        "layerListJSON": nested([basemap, points]),
        "mapStateJSON": nested(state),
        "uiStateJSON": nested({"isLayerTOCOpen": False, "openTOCDetails": []}),
    }
    return saved_object("map", object_id, attributes, [reference("index-pattern", data_view_id, index)])


def dashboard(object_id: str, title: str, description: str, since: str, panels: Sequence[Panel]) -> Json:
    """Return a dashboard that shows its panels for a span of time up to now."""
    numbered = [(f"panel-{number}", panel) for number, panel in enumerate(panels, start=1)]
    attributes = {
        "title": title,
        "description": description,
        "panelsJSON": nested([_panel(name, panel) for name, panel in numbered]),
        "optionsJSON": nested(
            {
                "useMargins": True,
                "syncColors": False,
                "syncCursor": True,
                "syncTooltips": False,
                "hidePanelTitles": False,
            }
        ),
        "timeRestore": True,
        "timeFrom": since,
        "timeTo": "now",
        "refreshInterval": {"pause": False, "value": 30_000},
        "kibanaSavedObjectMeta": {"searchSourceJSON": nested({"query": lucene(""), "filter": []})},
    }
    references = [reference(panel.object_type, panel.object_id, f"{name}:panel_{name}") for name, panel in numbered]
    return saved_object("dashboard", object_id, attributes, references)


def _panel(name: str, panel: Panel) -> Json:
    return {
        "type": panel.object_type,
        "title": panel.title,
        "panelIndex": name,
        "panelRefName": f"panel_{name}",
        "gridData": {"i": name, "x": panel.x, "y": panel.y, "w": panel.width, "h": panel.height},
        "embeddableConfig": {"enhancements": {}},
    }
