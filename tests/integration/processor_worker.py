"""A processor with small logic of its own, run as a process by the tests: `python processor_worker.py STAGE`.

An article's text is a list of `COUNTRY/GROUP`: it tells of one incident a word, and reports of the same country and
group are the same incident.  The words `fail` and `huge` make the extractor raise, and tell of too much; the title
`fail` makes the resolver raise.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from contracts import codec, logs
from contracts.ids import report_id
from contracts.records import Article, ArticleReports, Decision, Incident, Place, Report
from contracts.settings import load
from contracts.topics import MAX_MESSAGE_BYTES
from contracts.vocabulary import EventType
from processors import extract_app, resolve_app
from processors.resolve.encoded import Written
from processors.settings import ProcessorSettings
from processors.worker import run

VERSION = "words 1"


def extract(article: Article) -> tuple[Report, ...]:
    """Return a report for each word."""
    if "fail" in article.text:
        raise ValueError("this text can't be read")
    return tuple(_report(article, position, word) for position, word in enumerate(article.text.split()))


def _report(article: Article, position: int, word: str) -> Report:
    country, _, group = word.partition("/")
    return Report(
        id=report_id(article.id, position),
        article_id=article.id,
        article_revision=article.revision,
        position=position,
        event_type=EventType.OTHER,
        title="x" * MAX_MESSAGE_BYTES if group == "huge" else article.title,
        place=Place(country=None if country == "ZZ" else country, name=group),
        extractor=VERSION,
    )


class WordResolver:
    """Groups reports by country and group; an incident's revision counts the article revisions that changed it."""

    def __init__(self, incidents: Iterable[Written]) -> None:
        known = (codec.decode(written.record, Incident) for written in incidents)
        self._incidents = {incident.id: incident for incident in known}

    def plan(self, batch: ArticleReports) -> tuple[Incident, ...]:
        """Return the incidents that change."""
        if any(report.title == "fail" for report in batch.reports):
            raise ValueError("these reports can't be resolved")
        told = {f"{batch.country}/{report.place.name}": report for report in batch.reports}
        before = {
            key
            for key, incident in self._incidents.items()
            if key.startswith(batch.country + "/")
            and any(report.article_id == batch.article_id for report in incident.reports)
        }
        changed = (self._changed(key, batch, told.get(key)) for key in sorted(before | told.keys()))
        return tuple(incident for incident in changed if incident is not None)

    def apply(self, incidents: Iterable[Incident], _encoded: Iterable[bytes] = ()) -> None:
        """Take incidents that were written."""
        self._incidents.update({incident.id: incident for incident in incidents})

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Know of no decisions."""

    def due(self) -> Iterator[Decision]:
        """Yield none."""
        return iter(())

    def decide(self, decision: Decision) -> tuple[Incident, ...]:  # noqa: ARG002 - as the stage calls it
        """Change nothing."""
        return ()

    def index_of(self, incident: Incident) -> bytes:
        """Return something of its own."""
        return incident.id.encode()

    def quiet(self, limit: int) -> tuple[Incident, ...]:  # noqa: ARG002 - as above
        """Close nothing."""
        return ()

    def left_of(self, incident: Incident, offset: int) -> Incident:
        """Never be asked, since nothing closes."""
        raise NotImplementedError(incident, offset)

    def lend(self, incident: Incident) -> None:
        """Never be lent anything, since nothing was put away."""
        raise NotImplementedError(incident)

    def give_back(self) -> None:
        """Have nothing to give back."""

    def _changed(self, key: str, batch: ArticleReports, report: Report | None) -> Incident | None:
        incident = self._incidents.get(key) or Incident(id=key, revision=0, event_type=EventType.OTHER)
        mine = [old for old in (*incident.superseded, *incident.reports) if old.article_id == batch.article_id]
        if any(old.article_revision == batch.article_revision for old in mine):
            return None
        others = [old for old in incident.reports if old.article_id != batch.article_id]
        gone = [old for old in incident.reports if old.article_id == batch.article_id]
        return replace(
            incident,
            revision=incident.revision + 1,
            reports=tuple(sorted([*others, *([report] if report else [])], key=lambda each: each.id)),
            superseded=tuple(sorted([*incident.superseded, *gone], key=lambda each: each.id)),
        )


def main() -> None:
    """Run the stage that the command line names."""
    settings = load(ProcessorSettings)
    stage = sys.argv[1]
    logs.configure(settings, stage)
    if stage == "extract":
        run(settings, partial(extract_app.build, settings, extract, VERSION))
    else:
        run(settings, partial(resolve_app.build, settings, WordResolver))


if __name__ == "__main__":
    main()
