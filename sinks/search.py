"""Finding incidents again, for the command line; analysts use Kibana.

A hit is turned back into the document that the sink wrote, and goes no further as a dict.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from contracts.codec import from_builtins
from contracts.vocabulary import Agreement, EventType
from sinks.claim_documents import ClaimDocument
from sinks.client import errors_in_words
from sinks.errors import SinkError, UnknownIncidentError
from sinks.incident_documents import IncidentDocument, RevisionDocument
from sinks.indices import Index
from sinks.settings import SinkSettings

Document = TypeVar("Document")

SEARCHED = ("title^3", "places^3", "everything", "title.english^3", "everything.english")
"""Fields that a query looks in; the `english` ones are there only where the server can analyse English."""

MAX_PARTS = 10_000
"""Most claims or revisions of one incident that are read: Elasticsearch's own limit of one answer."""

MAX_REDIRECTS = 100
"""Longest chain of merges that is followed; a longer one is a circle."""

Query = dict[str, Any]
"""A piece of Elasticsearch's own query language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What incidents must be like; every one that is given counts."""

    event_type: EventType | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2 code."""
    since: date | None = None
    until: date | None = None
    agreement: Agreement | None = None
    killed: int | None = None
    """Killed at least so many, as the lowest claim says."""
    gone: bool = False
    """Also those that turned out to be another one, and those that no article tells of any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """One incident with all that is kept of it."""

    incident: IncidentDocument
    claims: tuple[ClaimDocument, ...]
    """The present ones first, then by measure and figure."""
    revisions: tuple[RevisionDocument, ...]
    """In their order."""
    redirected_from: tuple[str, ...] = ()
    """Ids on the way from the one that was asked for."""


def search_incidents(
    client: Elasticsearch, settings: SinkSettings, query: str, filters: Filters, size: int
) -> tuple[IncidentDocument, ...]:
    """Return the incidents that match best; without a query, those reported last.

    Args:
        client: Where to search.
        settings: The installation to search in.
        query: Words that must all be found; `"…"`, `|`, `-` and `*` as in Elasticsearch's simple query string.
        filters: What they must be like besides.
        size: How many at most.

    Raises:
        SinkError: Elasticsearch is down, or not set up.
    """
    by_time: list[Query] = [{"last_reported": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
    with errors_in_words(settings):
        answer = client.search(
            index=Index.INCIDENTS.alias(settings.index_prefix),
            query=incident_query(query, filters),
            sort=[{"_score": "desc"}, *by_time] if query.strip() else by_time,
            size=size,
        )
    return _documents(answer.body, IncidentDocument)


def incident_query(query: str, filters: Filters) -> Query:
    """Return Elasticsearch's query for incidents that match."""
    words: Query = (
        {"simple_query_string": {"query": query, "fields": list(SEARCHED), "default_operator": "and"}}
        if query.strip()
        else {"match_all": {}}
    )
    gone: list[Query] = [{"exists": {"field": "merged_into"}}, {"term": {"report_count": 0}}]
    return {
        "bool": {
            "must": [words],
            "filter": list(_filters(filters)),
            "must_not": [] if filters.gone else gone,
        }
    }


def get_incident(client: Elasticsearch, settings: SinkSettings, incident_id: str) -> IncidentView:
    """Return an incident, or the one that it merged into, with its claims and history.

    Raises:
        UnknownIncidentError: There is no such incident.
        SinkError: Elasticsearch is down, or not set up.
    """
    way: list[str] = []
    wanted = incident_id
    while True:
        incident = _incident(client, settings, wanted)
        if incident.merged_into is None:
            break
        way.append(wanted)
        wanted = incident.merged_into
        if len(way) > MAX_REDIRECTS:
            raise SinkError(f"Incident {incident_id} is merged in a circle: {' → '.join(way[:5])} …")
    order: list[Query] = [{"current": "desc"}, {"measure": "asc"}, {"low": "asc"}, {"_doc": "asc"}]
    claims = _parts(client, settings, Index.CLAIMS, wanted, order)
    revisions = _parts(client, settings, Index.REVISIONS, wanted, [{"number": "asc"}])
    return IncidentView(
        incident=incident,
        claims=_documents(claims, ClaimDocument),
        revisions=_documents(revisions, RevisionDocument),
        redirected_from=tuple(way),
    )


def counts(client: Elasticsearch, settings: SinkSettings) -> dict[Index, int]:
    """Return how many documents each index has.

    Raises:
        SinkError: Elasticsearch is down, or not set up.
    """
    with errors_in_words(settings):
        return {index: int(client.count(index=index.alias(settings.index_prefix))["count"]) for index in Index}


def read_all(
    client: Elasticsearch, settings: SinkSettings, index: Index, document: type[Document]
) -> Iterator[Document]:
    """Yield every document of an index, in no particular order, as of its last refresh.

    Raises:
        SinkError: Elasticsearch is down, or not set up.
    """
    with errors_in_words(settings):
        for hit in scan(client, index=index.alias(settings.index_prefix)):
            yield from_builtins(hit["_source"], document)


def refresh(client: Elasticsearch, settings: SinkSettings) -> None:
    """Have every document that is written be found from now on.

    Raises:
        SinkError: Elasticsearch is down, or not set up.
    """
    with errors_in_words(settings):
        client.indices.refresh(index=[index.alias(settings.index_prefix) for index in Index])


def _filters(filters: Filters) -> Iterator[Query]:
    terms = {
        "event_type": filters.event_type,
        "country": None if filters.country is None else filters.country.upper(),
        "agreement": filters.agreement,
    }
    yield from ({"term": {field: value}} for field, value in terms.items() if value is not None)
    if filters.killed is not None:
        yield {"range": {"killed_low": {"gte": filters.killed}}}
    bounds = {"gte": filters.since, "lte": filters.until}
    days = {bound: day.isoformat() for bound, day in bounds.items() if day is not None}
    if days:
        yield {"range": {"occurred": days}}


def _incident(client: Elasticsearch, settings: SinkSettings, incident_id: str) -> IncidentDocument:
    index = Index.INCIDENTS.alias(settings.index_prefix)
    with errors_in_words(settings):
        # A missing document is an answer, a missing index is an error: `mget` tells them apart.
        (doc,) = client.mget(index=index, ids=[incident_id])["docs"]
    if "error" in doc:
        raise SinkError(f"Elasticsearch has no index {index}: create it with `tallywire setup`.")
    if not doc["found"]:
        raise UnknownIncidentError(f"There is no incident {incident_id}: `tallywire search` lists them.")
    return from_builtins(doc["_source"], IncidentDocument)


def _parts(
    client: Elasticsearch, settings: SinkSettings, index: Index, incident_id: str, order: list[Query]
) -> Mapping[str, Any]:
    with errors_in_words(settings):
        answer = client.search(
            index=index.alias(settings.index_prefix),
            query={"term": {"incident_id": incident_id}},
            sort=order,
            size=MAX_PARTS,
        )
    body: Mapping[str, Any] = answer.body
    return body


def _documents(answer: Mapping[str, Any], document: type[Document]) -> tuple[Document, ...]:
    return tuple(from_builtins(hit["_source"], document) for hit in answer["hits"]["hits"])
