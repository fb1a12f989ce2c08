"""What the extractor tells of an article, given what it told before: pure decisions.

An edit may move an incident to another country or take it away.  Reports are split by country, so the country that
the article told of before must hear that it tells nothing there now.  An `ArticleMark` is what is remembered of an
article for this: the countries of its newest revision, and where in the articles topic that revision stood.

The position makes repetition harmless: after a crash or a replay the same records come again, the older revision
first, and what a mark covers is passed over.  So the reports topic never holds an article's older revision after a
newer one, however often the input is repeated.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from contracts.records import Article, ArticleReports, Report
from contracts.times import known_since
from contracts.topics import UNKNOWN_COUNTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a record stands in the articles topic."""

    partition: int
    offset: int
    timestamp_ms: int
    """The record's own time, in milliseconds since 1970: tells a topic from its namesake created anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleMark:
    """What is remembered of an article whose reports were delivered."""

    position: Position
    revision: str
    extractor: str
    """Version of the extractor: another one reads the article anew."""
    countries: tuple[str, ...]
    """Where the revision tells of incidents, sorted."""


def covers(mark: ArticleMark, position: Position, extractor: str) -> bool:
    """Return whether a record was handled before: it stands no later than the mark, read by the same extractor."""
    return (
        mark.extractor == extractor
        and mark.position.partition == position.partition
        and mark.position.offset >= position.offset
        and mark.position.timestamp_ms >= position.timestamp_ms
    )


def messages(
    article: Article, reports: Iterable[Report], told_before: Iterable[str] = (), extractor: str | None = None
) -> tuple[ArticleReports, ...]:
    """Return the article's reports a country, and empty ones for countries that it no longer tells of.

    Countries come in the order of their codes; reports keep theirs.
    """
    by_country: dict[str, list[Report]] = {country: [] for country in told_before}
    for report in reports:
        by_country.setdefault(report.place.country or UNKNOWN_COUNTRY, []).append(report)
    return tuple(
        ArticleReports(
            article_id=article.id,
            article_revision=article.revision,
            country=country,
            reported=known_since(article),
            reports=tuple(by_country[country]),
            extractor=extractor,
        )
        for country in sorted(by_country)
    )


def countries_told(told: Iterable[ArticleReports]) -> tuple[str, ...]:
    """Return the countries in which something is told."""
    return tuple(message.country for message in told if message.reports)
