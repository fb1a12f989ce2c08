"""What an article's revisions told before, as its incidents hold it."""

from collections.abc import Sequence

from contracts.records import ArticleReports, Incident, Report
from processors.resolve.profile import country_of


def current(incident: Incident, article_id: str) -> list[Report]:
    """Return what an article says in an incident now."""
    return [report for report in incident.reports if report.article_id == article_id]


def replaced_by(batch: ArticleReports, incident: Incident) -> list[Report]:
    """Return what a batch replaces in an incident: what its article says there now, of the batch's country."""
    return [report for report in current(incident, batch.article_id) if country_of(report) == batch.country]


def told_beside(batch: ArticleReports, incident: Incident) -> bool:
    """Say whether the same revision of the article tells of an incident already, in another batch or this one."""
    standing = current(incident, batch.article_id)
    return any(report.article_revision == batch.article_revision for report in standing)


def last_told(incident: Incident, article_id: str) -> list[Report]:
    """Return what an article says in an incident now, else what it said there last."""
    former = [report for report in incident.superseded if report.article_id == article_id]
    return current(incident, article_id) or former[-1:]


def is_known(batch: ArticleReports, before: Sequence[Incident]) -> bool:
    """Say whether exactly this batch was taken in before, whatever came later."""
    standing = [report for incident in before for report in replaced_by(batch, incident)]
    if not batch.reports:
        left = {(gone.article_revision, gone.at) for incident in before for gone in incident.departures}
        return not standing or (batch.article_revision, batch.reported) in left
    wanted = {_revision(report) for report in batch.reports}
    told = {_revision(report) for incident in before for report in (*incident.reports, *incident.superseded)}
    if not wanted <= told:
        return False
    # A worker that died between two writes leaves an older revision standing beside this one.
    return {_revision(report) for report in standing} == wanted or wanted.isdisjoint(map(_revision, standing))


def is_stale(batch: ArticleReports, before: Sequence[Incident]) -> bool:
    """Say whether a later revision of the article was taken in already."""
    told = [report.reported for incident in before for report in current(incident, batch.article_id)]
    left = [gone.at for incident in before for gone in incident.departures if gone.article_id == batch.article_id]
    known = [at for at in (*told, *left) if at is not None]
    return batch.reported is not None and bool(known) and max(known) > batch.reported


def articles_of(incident: Incident) -> set[str]:
    """Return the ids of the articles that an incident rests or rested on."""
    return {report.article_id for report in (*incident.reports, *incident.superseded)}


def _revision(report: Report) -> tuple[object, ...]:
    return (report.id, report.article_revision, report.reported)
