"""The saved objects of Tallywire: data views of every index, and the Incidents dashboard.

`python -m sinks.kibana.build` writes them to `saved_objects.ndjson`; a test fails when that file is out of date.  Ids
are fixed and keys sorted, so the same objects give the same bytes and an import replaces what it brought before.
"""

from collections.abc import Iterator
from pathlib import Path

import orjson

from sinks.indices import Index
from sinks.kibana import lens
from sinks.kibana.objects import (
    GRID_COLUMNS,
    Json,
    Panel,
    Table,
    dashboard,
    data_view,
    point_map,
    saved_search,
)

FILE = Path(__file__).with_name("saved_objects.ndjson")

DEFAULT_PREFIX = "tallywire"
"""The index prefix that the committed file is for; the loader builds the objects for another one."""

TIME_FIELDS = {
    Index.INCIDENTS: "occurred",
    Index.CLAIMS: "occurred",
    Index.REVISIONS: "at",
    Index.ARTICLES: "published",
    Index.FEEDS: "last_poll",
    Index.DEAD_LETTERS: "at",
}

STANDING = "NOT _exists_:merged_into AND report_count:>0"
"""Incidents that didn't turn out to be another one, and that some article still tells of."""

TOLLS_NOW = "current:true AND subset:false AND measure:killed AND NOT _exists_:copy_of"
"""What is said now of all the killed; not of a part of them, and not again by a copy."""

SINCE = "now-15y/y"
"""Wide, so that whatever was fed in shows at first sight; the date picker narrows it."""


def data_view_id(index: Index) -> str:
    """Return the id of an index's data view."""
    return f"tallywire-{index.value}"


def saved_objects(prefix: str) -> Iterator[Json]:
    """Yield every object of an installation whose indices have this prefix."""
    for index, time_field in TIME_FIELDS.items():
        name = f"Tallywire {index.value.replace('-', ' ')}"
        yield data_view(data_view_id(index), name, index.alias(prefix), time_field)
    yield from _numbers()
    yield _timeline()
    yield _claimants()
    yield _map()
    yield saved_search(INCIDENT_TABLE)
    yield saved_search(DISPUTED_TABLE)
    yield dashboard(
        "tallywire-dashboard-incidents",
        "Tallywire: incidents",
        "What happened where and when, and who says how many.",
        SINCE,
        PANELS,
    )


def ndjson(prefix: str) -> bytes:
    """Return the file that Kibana imports."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return b"".join(orjson.dumps(saved, option=options) for saved in saved_objects(prefix))


INCIDENT_TABLE = Table(
    id="tallywire-search-incidents",
    title="Incidents",
    description="Every incident that stands, the last reported first.",
    data_view=data_view_id(Index.INCIDENTS),
    query=STANDING,
    columns=(
        "title",
        "event_type",
        "place_name",
        "country",
        "killed_low",
        "killed_high",
        "injured_best",
        "missing_low",
        "agreement",
        "outlets",
        "last_reported",
    ),
    newest_by="last_reported",
)

DISPUTED_TABLE = Table(
    id="tallywire-search-disputed",
    title="Disputed incidents",
    description="Incidents whose claimants don't agree on the toll.",
    data_view=data_view_id(Index.INCIDENTS),
    query=f"{STANDING} AND agreement:disputed",
    columns=("title", "place_name", "killed_low", "killed_high", "killed_best", "claimants"),
    newest_by="last_reported",
)


def _numbers() -> Iterator[Json]:
    incidents = data_view_id(Index.INCIDENTS)
    for name, title, query, column in (
        ("incidents", "Incidents", STANDING, lens.count("incidents")),
        ("disputed", "Disputed incidents", f"{STANDING} AND agreement:disputed", lens.count("disputed")),
        ("killed-low", "Killed, by the lowest claims", STANDING, lens.total("killed at least", "killed_low")),
        ("killed-best", "Killed, best figures", STANDING, lens.total("killed", "killed_best")),
    ):
        chart = lens.Chart(
            id=f"tallywire-lens-{name}",
            title=title,
            description="",
            data_view=incidents,
            query=query,
            columns={"value": column},
        )
        yield lens.number(chart, "value")


def _timeline() -> Json:
    chart = lens.Chart(
        id="tallywire-lens-timeline",
        title="Incidents over time",
        description="Incidents by the day on which they happened, and by type.",
        data_view=data_view_id(Index.INCIDENTS),
        query=STANDING,
        columns={
            "type": lens.top("type", "event_type", size=8, by="incidents", other=True),
            "day": lens.over_time("happened", "occurred"),
            "incidents": lens.count("incidents"),
        },
    )
    return lens.bars(chart, x="day", split="type", height="incidents")


def _claimants() -> Json:
    chart = lens.Chart(
        id="tallywire-lens-claimants",
        title="Killed, by who says so",
        description="For each incident, what each claimant says now; high is empty where the claim is open.",
        data_view=data_view_id(Index.CLAIMS),
        query=TOLLS_NOW,
        columns={
            "incident": lens.top("incident", "incident_id", size=20, by="low", other=False),
            "title": lens.top("title", "title.keyword", size=1, by="low", other=False),
            "claimant": lens.top("who says so", "said_by.keyword", size=10, by="low", other=False),
            "low": lens.maximum("at least", "low"),
            "high": lens.maximum("at most", "high"),
        },
    )
    return lens.table(chart)


def _map() -> Json:
    points: Json = {
        "id": "incidents",
        "type": "GEOJSON_VECTOR",
        "label": "Incidents, sized by killed",
        "alpha": 0.75,
        "visible": True,
        "minZoom": 0,
        "maxZoom": 24,
        "includeInFitToBounds": True,
        "joins": [],
        "sourceDescriptor": {
            "id": "incidents-source",
            "type": "ES_SEARCH",
            "geoField": "point",
            "scalingType": "LIMIT",
            "filterByMapBounds": True,
            "applyGlobalQuery": True,
            "applyGlobalTime": True,
            "applyForceRefresh": True,
            "sortField": "",
            "sortOrder": "desc",
            "topHitsSplitField": "",
            "topHitsSize": 1,
            "tooltipProperties": [
                "title",
                "occurred",
                "event_type",
                "place_name",
                "killed_low",
                "killed_high",
                "agreement",
            ],
        },
        "style": {
            "type": "VECTOR",
            "isTimeAware": True,
            "properties": {
                "symbolizeAs": {"options": {"value": "circle"}},
                "fillColor": {"type": "STATIC", "options": {"color": "#BD271E"}},
                "lineColor": {"type": "STATIC", "options": {"color": "#FFFFFF"}},
                "lineWidth": {"type": "STATIC", "options": {"size": 1}},
                "iconSize": {
                    "type": "DYNAMIC",
                    "options": {
                        "minSize": 7,
                        "maxSize": 32,
                        "field": {"name": "killed_best", "origin": "source"},
                        "fieldMetaOptions": {"isEnabled": True, "sigma": 3},
                    },
                },
            },
        },
    }
    incidents = data_view_id(Index.INCIDENTS)
    return point_map(
        "tallywire-map-incidents", "Where incidents happened", data_view_id=incidents, query=STANDING, layer=points
    )


NUMBER_WIDTH = GRID_COLUMNS // 4
HALF = GRID_COLUMNS // 2


def _panel(kind: str, name: str, title: str, where: tuple[int, int, int, int]) -> Panel:
    """Return a panel; `where` is its left and top edge, width and height."""
    x, y, width, height = where
    object_id = f"tallywire-{kind}-{name}"
    return Panel(object_type=kind, object_id=object_id, title=title, x=x, y=y, width=width, height=height)


PANELS = (
    _panel("lens", "incidents", "Incidents", (0, 0, NUMBER_WIDTH, 6)),
    _panel("lens", "disputed", "Disputed incidents", (NUMBER_WIDTH, 0, NUMBER_WIDTH, 6)),
    _panel("lens", "killed-low", "Killed, by the lowest claims", (2 * NUMBER_WIDTH, 0, NUMBER_WIDTH, 6)),
    _panel("lens", "killed-best", "Killed, best figures", (3 * NUMBER_WIDTH, 0, NUMBER_WIDTH, 6)),
    _panel("map", "incidents", "Where incidents happened", (0, 6, HALF, 18)),
    _panel("lens", "timeline", "Incidents over time", (HALF, 6, HALF, 18)),
    _panel("search", "incidents", "Incidents", (0, 24, GRID_COLUMNS, 16)),
    _panel("lens", "claimants", "Killed, by who says so", (0, 40, HALF, 16)),
    _panel("search", "disputed", "Disputed incidents", (HALF, 40, HALF, 16)),
)


def main() -> None:
    """Write the committed file."""
    FILE.write_bytes(ndjson(DEFAULT_PREFIX))


if __name__ == "__main__":
    main()
