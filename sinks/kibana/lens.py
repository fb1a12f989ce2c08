"""Lens visualisations: one layer of columns over one data view, and how they are drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sinks.kibana.objects import Json, lucene, reference, saved_object

LAYER = "layer"
ALL_DOCUMENTS = "___records___"
"""Lens's name for what a count counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A Lens object: its columns, buckets first, and its query."""

    id: str
    title: str
    description: str
    data_view: str
    query: str
    columns: Mapping[str, Json]


def count(label: str) -> Json:
    """Return a column that counts documents."""
    return _metric(label, "count", ALL_DOCUMENTS)


def total(label: str, field: str) -> Json:
    """Return a column that adds a number up."""
    return _metric(label, "sum", field)


def maximum(label: str, field: str) -> Json:
    """Return a column with the largest number."""
    return _metric(label, "max", field)


def top(label: str, field: str, *, size: int, by: str, other: bool) -> Json:
    """Return a bucket for each of the values of a field that are largest in another column.

    Args:
        label: Heading of the column.
        field: A keyword field.
        size: How many buckets.
        by: Name of the column that decides.
        other: Put all other values into one more bucket.
    """
    return {
        "label": label,
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": by},
            "orderDirection": "desc",
            "otherBucket": other,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
            "include": [],
            "exclude": [],
            "includeIsRegex": False,
            "excludeIsRegex": False,
        },
    }


def over_time(label: str, field: str) -> Json:
    """Return a bucket for each span of time, as long as fits the whole."""
    return {
        "label": label,
        "customLabel": True,
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": field,
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def number(chart: Chart, value: str) -> Json:
    """Return a chart that is one large number."""
    return _lens(chart, "lnsMetric", {"layerId": LAYER, "layerType": "data", "metricAccessor": value})


def bars(chart: Chart, *, x: str, split: str, height: str) -> Json:
    """Return stacked bars."""
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": "bar_stacked",
        "position": "top",
        "showGridlines": False,
        "xAccessor": x,
        "splitAccessor": split,
        "accessors": [height],
    }
    shown = {"x": True, "yLeft": True, "yRight": True}
    visualization = {
        "layers": [layer],
        "preferredSeriesType": "bar_stacked",
        "legend": {"isVisible": True, "position": "right"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "axisTitlesVisibilitySettings": shown,
        "tickLabelsVisibilitySettings": shown,
        "gridlinesVisibilitySettings": shown,
        "labelsOrientation": {"x": 0, "yLeft": 0, "yRight": 0},
    }
    return _lens(chart, "lnsXY", visualization)


def table(chart: Chart) -> Json:
    """Return a table with all the chart's columns in their order."""
    columns: Sequence[Json] = [{"columnId": name} for name in chart.columns]
    paging = {"enabled": True, "size": 10}
    return _lens(
        chart,
        "lnsDatatable",
        {"layerId": LAYER, "layerType": "data", "columns": columns, "paging": paging},
    )


def _metric(label: str, operation: str, field: str) -> Json:
    return {
        "label": label,
        "customLabel": True,
        "dataType": "number",
        "operationType": operation,
        "sourceField": field,
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": False} if operation in ("count", "sum") else {},
    }


def _lens(chart: Chart, kind: str, visualization: Json) -> Json:
    layer = {
        "columns": dict(chart.columns),
        "columnOrder": list(chart.columns),
        "incompleteColumns": {},
        "sampling": 1,
    }
    attributes = {
        "title": chart.title,
        "description": chart.description,
        "visualizationType": kind,
        "state": {
            "visualization": visualization,
            "query": lucene(chart.query),
            "filters": [],
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }
    data = reference("index-pattern", chart.data_view, f"indexpattern-datasource-layer-{LAYER}")
    return saved_object("lens", chart.id, attributes, [data])
