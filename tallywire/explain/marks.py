"""Where an article says what its reports rest on: marks over its title and text.

Claims and refused figures carry their spans.  Places, times, perpetrators and claimants are known by their words
only, which are looked up again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from contracts.records import Article, Claim, RejectedFigure, Report, Span
from contracts.vocabulary import Measure
from tallywire.explain import wording

PARTS = ("title", "text")

MAX_OCCURRENCES = 200
"""Most places in which one name is marked: a text that repeats it more often isn't an article."""

_ALIKE = str.maketrans("’‘ʼ`“”„–—−‐‑\u00a0\u2009\u202f", "''''\"\"\"-----   ")  # noqa: RUF001 - the marks are meant
"""Characters that the extractor takes for one another, each as long as what it stands for."""


class Kind(StrEnum):
    """What a mark is; the order is that of importance where marks overlap."""

    CLAIM = "claim"
    PART = "part"
    """A claim that counts some of another claim's people."""
    REJECTED = "rejected"
    PLACE = "place"
    TIME = "time"
    PERPETRATOR = "perpetrator"
    CLAIMANT = "claimant"


IMPORTANCE = {kind: number for number, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of the title or text that a report rests on."""

    kind: Kind
    span: Span
    note: str
    """What it was read as, or why it was refused, in one sentence."""
    measure: Measure | None = None
    """Of a claim."""
    number: int | None = None
    """Of a claim or of a refused figure, from 1: its row in the table."""


def find_marks(
    article: Article, reports: Iterable[Report], claims: Sequence[Claim], rejected: Sequence[RejectedFigure]
) -> tuple[Mark, ...]:
    """Return every mark that lies in the article, in order of importance where they begin together."""
    marks = [_claim_mark(claim, number) for number, claim in enumerate(claims, start=1)]
    marks += [_rejected_mark(figure, number) for number, figure in enumerate(rejected, start=1)]
    marks += [mark for report in reports for mark in _report_marks(article, report)]
    inside = {mark for mark in marks if _lies_in(mark.span, article)}
    return tuple(sorted(inside, key=_order))


def occurrences(words: str, article: Article) -> Iterator[Span]:
    """Yield where words stand in the title and text: as written, else in other letter case."""
    if not words.strip():
        return
    for flags in (re.NOFLAG, re.IGNORECASE):
        found = [span for part in PARTS for span in _in_part(words, article, part, flags)]
        if found:
            yield from found
            return


def _claim_mark(claim: Claim, number: int) -> Mark:
    kind = Kind.PART if claim.subset else Kind.CLAIM
    return Mark(kind=kind, span=claim.span, note=wording.taken(claim), measure=claim.measure, number=number)


def _rejected_mark(figure: RejectedFigure, number: int) -> Mark:
    return Mark(kind=Kind.REJECTED, span=figure.span, note=wording.refused(figure), number=number)


def _report_marks(article: Article, report: Report) -> Iterator[Mark]:
    for spelling in report.place.as_written:
        yield from _name_marks(Kind.PLACE, spelling, wording.place_note(report.place), article)
    if report.when.words:
        yield from _name_marks(Kind.TIME, report.when.words, wording.time_note(report.when), article)
    for perpetrator in report.perpetrators:
        note = wording.perpetrator_note(perpetrator)
        yield from _name_marks(Kind.PERPETRATOR, perpetrator.name, note, article)
    for claim in report.claims:
        if claim.claimant:
            for span in _claimant_spans(claim, claim.claimant, article):
                yield Mark(kind=Kind.CLAIMANT, span=span, note=wording.claimant_note(claim.claimant))


def _name_marks(kind: Kind, words: str, note: str, article: Article) -> Iterator[Mark]:
    return (Mark(kind=kind, span=span, note=note) for span in occurrences(words, article))


def _claimant_spans(claim: Claim, claimant: str, article: Article) -> list[Span]:
    """Return where the claim's own sentence names the claimant, else the nearest place that does."""
    found = [span for span in occurrences(claimant, article) if span.part == claim.span.part]
    begin = claim.span.start - len(claim.sentence)
    end = claim.span.end + len(claim.sentence)
    near = [
        span for span in found if begin <= span.start and span.end <= end and _text(article, span) in claim.sentence
    ]
    return near or sorted(found, key=lambda span: abs(span.start - claim.span.start))[:1]


def _in_part(words: str, article: Article, part: str, flags: re.RegexFlag) -> list[Span]:
    folded = _fold(article.title if part == "title" else article.text)
    pattern = r"(?<!\w)" + r"\s+".join(re.escape(word) for word in _fold(words).split()) + r"(?!\w)"
    spans: list[Span] = []
    for match in re.compile(pattern, flags).finditer(folded):
        spans.append(Span(start=match.start(), end=match.end(), part=part))
        if len(spans) == MAX_OCCURRENCES:
            break
    return spans


@lru_cache(maxsize=4)
def _fold(text: str) -> str:
    return text.translate(_ALIKE)


def _lies_in(span: Span, article: Article) -> bool:
    return span.part in PARTS and 0 <= span.start < span.end <= len(_part(article, span.part))


def _text(article: Article, span: Span) -> str:
    return _part(article, span.part)[span.start : span.end]


def _part(article: Article, part: str) -> str:
    return article.title if part == "title" else article.text


def _order(mark: Mark) -> tuple[str, int, int, int, int, str]:
    return (
        mark.span.part,
        mark.span.start,
        IMPORTANCE[mark.kind],
        mark.number or 0,
        mark.span.end,
        mark.note,
    )
