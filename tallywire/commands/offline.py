"""Commands that need no engine: articles in, as JSON lines, and what they tell out."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from contracts.records import ArticleReports


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(extract)
    app.command()(cluster)


def extract() -> None:
    """Read articles as JSON lines, write what each tells of incidents as JSON lines.

    A line in: `{"id", "title", "text", "published"}`, the last an ISO date or time; `url` and `outlet` are optional.
    """
    from processors.extract import offline

    offline.main(sys.stdin, sys.stdout)


def cluster() -> None:
    """Read articles as JSON lines, in order of arrival; write the ids of each one's incidents, the main one first."""
    import orjson

    from contracts.settings import load
    from processors.resolve import offline
    from processors.settings import ProcessorSettings

    for assignment in offline.cluster(_told(sys.stdin), close_after=load(ProcessorSettings).close_after):
        sys.stdout.write(orjson.dumps(assignment).decode() + "\n")


def _told(lines: Iterator[str]) -> "Iterator[tuple[str, tuple[ArticleReports, ...]]]":
    """Yield each article's id with what it tells by country."""
    from processors.article_marks import countries_told, messages
    from processors.extract import EXTRACTOR
    from processors.extract import extract as extract_article
    from processors.extract.offline import read_articles

    told: dict[str, tuple[str, ...]] = {}
    for article in read_articles(lines):
        batches = messages(article, extract_article(article), told.get(article.id, ()), EXTRACTOR)
        told[article.id] = countries_told(batches)
        yield article.id, batches
