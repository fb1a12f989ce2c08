"""What an article's revisions told before, as its incidents hold it."""

import re
from collections.abc import Sequence

from contracts.records import ArticleReports, Departure, Incident, Report
from processors.resolve.encoded import AnyIncident
from processors.resolve.profile import country_of


def current(incident: Incident, article_id: str) -> list[Report]:
    """Return what an article says in an incident now."""
    return [report for report in incident.reports if report.article_id == article_id]


def replaced_by(batch: ArticleReports, incident: Incident) -> list[Report]:
    """Return what a batch replaces in an incident: what its article says there now, of the batch's country."""
    return [report for report in current(incident, batch.article_id) if country_of(report) == batch.country]


def told_beside(batch: ArticleReports, incident: Incident) -> bool:
    """Say whether the same revision, read alike, tells of an incident already, in another batch or this one."""
    standing = current(incident, batch.article_id)
    reading = (batch.article_revision, extractor_of(batch))
    return any((report.article_revision, report.extractor) == reading for report in standing)


def last_told(incident: Incident, article_id: str) -> list[Report]:
    """Return what an article says in an incident now, else what it said there last."""
    former = [report for report in incident.superseded if report.article_id == article_id]
    return current(incident, article_id) or former[-1:]


def is_known(batch: ArticleReports, before: Sequence[Incident]) -> bool:
    """Say whether exactly this batch was taken in before, whatever came later."""
    standing = [report for incident in before for report in replaced_by(batch, incident)]
    if not batch.reports:
        left = {(gone.article_revision, gone.at, gone.extractor) for gone in _departed(batch, before)}
        return not standing or (batch.article_revision, batch.reported, batch.extractor) in left
    wanted = {_reading(report) for report in batch.reports}
    told = {_reading(report) for incident in before for report in (*incident.reports, *incident.superseded)}
    if not wanted <= told:
        return False
    # A worker that died between two writes leaves an older revision standing beside this one.
    return {_reading(report) for report in standing} == wanted or wanted.isdisjoint(map(_reading, standing))


def is_stale(batch: ArticleReports, before: Sequence[Incident]) -> bool:
    """Say whether a later revision of the article was taken in already, or the same one by a newer extractor."""
    told = [report for incident in before for report in current(incident, batch.article_id)]
    left = _departed(batch, before)
    known = [at for at in (*(report.reported for report in told), *(gone.at for gone in left)) if at is not None]
    if batch.reported is not None and known and max(known) > batch.reported:
        return True
    readings = [(report.article_revision, report.extractor) for report in told]
    read_before = [*readings, *((gone.article_revision, gone.extractor) for gone in left)]
    reads_now = extractor_of(batch)
    return any(revision == batch.article_revision and is_newer(read, reads_now) for revision, read in read_before)


def _departed(batch: ArticleReports, before: Sequence[Incident]) -> list[Departure]:
    """Return where a batch's article told of incidents no more."""
    gone = (left for incident in before for left in incident.departures)
    return [left for left in gone if left.article_id == batch.article_id and left.decision_id is None]


def extractor_of(batch: ArticleReports) -> str | None:
    """Return the name and version of what read a batch's article; None where nothing says it."""
    return batch.extractor or next((report.extractor for report in batch.reports), None)


def is_newer(extractor: str | None, than: str | None) -> bool:
    """Say whether an extractor is a newer version of another: `rules/1.10` is newer than `rules/1.9`."""
    if extractor is None or than is None:
        return False
    (name, _, version), (other_name, _, other_version) = extractor.partition("/"), than.partition("/")
    return name == other_name and _numbers(version) > _numbers(other_version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def articles_of(incident: AnyIncident) -> set[str]:
    """Return the ids of the articles that an incident rests or rested on."""
    return {report.article_id for report in (*incident.reports, *incident.superseded)}


def _reading(report: Report) -> tuple[object, ...]:
    return (report.id, report.article_revision, report.reported, report.extractor)
