"""The pairs of reports that the resolver would compare, with their levels, for fitting and for reading errors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from contracts.records import ArticleReports
from processors.resolve.blocking import Blocks, keys, search_keys
from processors.resolve.compare import levels
from processors.resolve.profile import Profile, profile_of, unpack


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports of different articles that blocking brings together; `a` came first."""

    a: Profile
    b: Profile
    levels: Mapping[str, str]


def pairs(articles: Iterable[Iterable[ArticleReports]]) -> Iterator[Pair]:
    """Yield the pairs that come to be compared as the articles arrive, each report standing for itself.

    Each is paired with the report that came just before as well: most of those have nothing in common, which blocking
    alone never shows.
    """
    blocks = Blocks()
    known: dict[str, Profile] = {}
    for batches in articles:
        arrived = [profile_of(report) for batch in batches for report in batch.reports]
        for newcomer in arrived:
            unpacked = unpack(newcomer)
            latest = next(reversed(known), None)
            for found in dict.fromkeys((*blocks.candidates(search_keys(newcomer)), latest)):
                if found is not None:
                    yield Pair(known[found], newcomer, levels(unpacked, known[found]))
        for newcomer in arrived:
            known[newcomer.report_id] = newcomer
            blocks.put(newcomer.report_id, keys([newcomer]))
