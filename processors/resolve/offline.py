"""Resolution of a file of articles with no engine running, through the same resolver as the stream."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts.records import ArticleReports, Incident
from processors.resolve.resolver import CLOSE_AFTER, Resolver
from processors.resolve.weights import Weights


@dataclass(frozen=True, slots=True)
class Assignment:
    """The incidents that an article tells of, its main one first; none for an article without incidents."""

    id: str
    incident_ids: tuple[str, ...]


def cluster(
    articles: Iterable[tuple[str, Sequence[ArticleReports]]],
    *,
    weights: Weights | None = None,
    close_after: timedelta = CLOSE_AFTER,
) -> tuple[Assignment, ...]:
    """Return the incidents of each article, given its id and what it tells by country, in the order of the stream.

    The answer is given once all articles are in, because a later one may merge incidents of earlier ones.
    """
    resolver = Resolver(weights=weights, close_after=close_after)
    records: dict[str, Incident] = {}
    told: dict[str, tuple[ArticleReports, ...]] = {}
    for row_id, batches in articles:
        told[row_id] = tuple(batches)
        for batch in batches:
            planned = resolver.plan(batch)
            resolver.apply(planned)
            records.update((incident.id, incident) for incident in planned)
    standing = {
        report.id: incident.id
        for incident in records.values()
        if incident.merged_into is None
        for report in incident.reports
    }
    return tuple(Assignment(row_id, _incidents(batches, standing)) for row_id, batches in told.items())


def _incidents(batches: Iterable[ArticleReports], standing: dict[str, str]) -> tuple[str, ...]:
    reports = sorted((report.position, report.id) for batch in batches for report in batch.reports)
    found = (standing[report_id] for _, report_id in reports if report_id in standing)
    return tuple(dict.fromkeys(found))
