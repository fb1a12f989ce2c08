"""Who stands behind a figure: outlets and named claimants, each counted once."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from contracts.records import Claim, Report
from processors.resolve.encoded import AnyReport
from processors.sketch import words

FILLERS = frozenset(
    {"the", "a", "an", "of", "for", "and", "in", "on", "said", "says", "official", "officials"}
    | {"spokesman", "spokeswoman", "spokesperson", "local", "state", "news", "agency", "department", "group"}
)
"""Words that don't tell one claimant from another."""

REMEMBERED = 4_096
"""Claimants whose words are remembered: a few speak again and again."""


def sources(reports: Iterable[Report], copies: Mapping[str, str]) -> dict[str, str]:
    """Return who tells each report in their own name, by report id: a copy is told by its original's source."""
    own = {report.id: source_of(report) or f"article {report.article_id}" for report in reports}
    return {report_id: own.get(copies.get(report_id, report_id), name) for report_id, name in own.items()}


def source_of(report: AnyReport) -> str:
    """Return who published a report: its outlet, else its web site, else nothing.

    An archive's address holds the one that it keeps, which tells the site.
    """
    if report.outlet:
        return report.outlet
    original = report.url and f"http{report.url.rsplit('http', maxsplit=1)[-1]}"
    site = urlsplit(original).hostname if original else None
    return (site or "").removeprefix("www.")


class Claimants:
    """Knows a claimant again under another form of the name.

    Two names are the same when their telling words are equal, when one's are a part of the other's ("police",
    "Springfield police"), or when one is the other's initials ("SOHR").
    """

    def __init__(self) -> None:
        self._known: list[tuple[str, frozenset[str], str]] = []
        self._met: dict[str, str] = {}

    def name(self, written: str) -> str:
        """Return the first form in which this claimant was met, which is this one for a new claimant."""
        if written not in self._met:
            self._met[written] = self._recognise(written)
        return self._met[written]

    def _recognise(self, written: str) -> str:
        telling, initials = _marks(written)
        for known, known_telling, known_initials in self._known:
            if telling <= known_telling or telling >= known_telling:
                return known
            if telling == {known_initials} or known_telling == {initials}:
                return known
        self._known.append((written, telling, initials))
        return written


def own_claims(report: Report) -> tuple[Claim, ...]:
    """Return the outlet's own claims that aren't an echo of a figure which it also puts in another's mouth."""
    quoted = {(claim.measure, claim.low) for claim in report.claims if claim.claimant}
    return tuple(claim for claim in report.claims if not claim.claimant and (claim.measure, claim.low) not in quoted)


@lru_cache(maxsize=REMEMBERED)
def _marks(written: str) -> tuple[frozenset[str], str]:
    """Return a claimant's telling words and initials."""
    found = words(written)
    return _telling(found), _initials(found)


def _telling(found: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in found if word not in FILLERS) or frozenset(found)


def _initials(found: Sequence[str]) -> str:
    content = [word for word in found if word not in {"the", "of", "for", "and", "in", "on"}]
    return "".join(word[0] for word in content) if len(content) > 1 else ""
