"""An article and its reports to all that either renderer shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.records import Article, Claim, RejectedFigure, Report
from tallywire.explain import wording
from tallywire.explain.marks import find_marks
from tallywire.explain.segments import Segment, cut


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    """A row of the table of claims."""

    number: int
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedEntry:
    """A row of the table of refused figures."""

    number: int
    figure: RejectedFigure
    why: str
    """A full sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEntry:
    """One incident of the article, with its claims."""

    report: Report
    claims: tuple[ClaimEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why each figure of an article was taken or refused."""

    article: Article
    incidents: tuple[IncidentEntry, ...]
    """The main one first; none where the article reports none."""
    rejected: tuple[RejectedEntry, ...]
    title: tuple[Segment, ...]
    text: tuple[Segment, ...]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Return the segments of the title, then those of the text."""
        return (*self.title, *self.text)


def explain(article: Article, reports: Sequence[Report]) -> Explanation:
    """Return why each figure was taken or refused; claims are numbered through all the reports."""
    claims = [claim for report in reports for claim in report.claims]
    figures = list(dict.fromkeys(figure for report in reports for figure in report.rejected))
    marks = find_marks(article, reports, claims, figures)
    return Explanation(
        article=article,
        incidents=_incidents(reports),
        rejected=tuple(
            RejectedEntry(number=number, figure=figure, why=wording.refused(figure))
            for number, figure in enumerate(figures, start=1)
        ),
        title=cut(article.title, (mark for mark in marks if mark.span.part == "title")),
        text=cut(article.text, (mark for mark in marks if mark.span.part == "text")),
    )


def _incidents(reports: Sequence[Report]) -> tuple[IncidentEntry, ...]:
    entries: list[IncidentEntry] = []
    number = 1
    for report in reports:
        claims = tuple(ClaimEntry(number=n, claim=claim) for n, claim in enumerate(report.claims, start=number))
        entries.append(IncidentEntry(report=report, claims=claims))
        number += len(claims)
    return tuple(entries)
