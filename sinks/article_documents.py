"""An article's document, which two topics write: its text comes with the article, its links with the incidents.

Neither topic waits for the other, a record may come again after a restart, and an incident that merges changes
which id an article belongs to.  So a document isn't overwritten but *joined*: `join` takes the latest text, the feeds
of every record and, an incident, the link of the latest incident revision.  It is commutative, associative and
idempotent (a state-based CRDT, Shapiro et al. 2011, doi 10.1007/978-3-642-24550-3_29), so any order and any
repetition end in the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.codec import encode
from contracts.records import Article, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whether an article belongs to an incident, as one revision of the incident says."""

    incident_id: str
    incident_revision: int
    linked: bool
    """False: it did once, until the article was edited or the incident merged into another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDocument:
    """An article's latest revision and its incidents, or the part of it that one record knows."""

    id: str
    written: int = 0
    """When this revision was written to Kafka, in milliseconds since 1970 UTC; 0: the text isn't known yet."""
    revision: str = ""
    url: str | None = None
    title: str | None = None
    text: str | None = None
    feed: str | None = None
    """Which brought this revision."""
    feeds: tuple[str, ...] = ()
    """Every feed that brought the article, in order of address."""
    outlet: str | None = None
    language: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    fetched: datetime | None = None
    incident_ids: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    """In order of incident id; kept to tell a late record from a new one, not to be searched."""


def content(article: Article, written: int) -> ArticleDocument:
    """Return what an article's record knows: everything but the links.

    Args:
        article: One revision of the article.
        written: When it was written to Kafka, in milliseconds since 1970 UTC.
    """
    return ArticleDocument(
        id=article.id,
        written=written,
        revision=article.revision,
        url=article.url,
        title=article.title,
        text=article.text,
        feed=article.feed,
        feeds=(article.feed,) if article.feed else (),
        outlet=article.outlet,
        language=article.language,
        published=article.published,
        updated=article.updated,
        fetched=article.fetched,
    )


def links(incident: Incident) -> Iterator[ArticleDocument]:
    """Return what an incident's record knows of each article that it rests on or rested on once."""
    now = frozenset(report.article_id for report in incident.reports)
    once = frozenset(report.article_id for report in incident.superseded)
    for article_id in sorted(now | once):
        linked = article_id in now and incident.merged_into is None
        link = Link(incident_id=incident.id, incident_revision=incident.revision, linked=linked)
        yield _with_links(ArticleDocument(id=article_id), (link,))


def join(first: ArticleDocument, second: ArticleDocument) -> ArticleDocument:
    """Return what two documents of one article know together.

    Raises:
        ValueError: They are of different articles.
    """
    if first.id != second.id:
        raise ValueError(f"articles {first.id} and {second.id} are two")
    latest = max(first, second, key=_content_order)
    feeds = tuple(sorted({*first.feeds, *second.feeds}))
    return _with_links(replace(latest, feeds=feeds), _latest_links(first.links + second.links))


def _content_order(document: ArticleDocument) -> tuple[int, bytes]:
    """Order by time written; two revisions of one millisecond have no true order, so any fixed one serves."""
    return document.written, encode(replace(document, incident_ids=(), links=(), feeds=()))


def _latest_links(every: tuple[Link, ...]) -> tuple[Link, ...]:
    latest: dict[str, Link] = {}
    for link in sorted(every, key=lambda link: (link.incident_revision, link.linked)):
        latest[link.incident_id] = link
    return tuple(latest[incident_id] for incident_id in sorted(latest))


def _with_links(document: ArticleDocument, every: tuple[Link, ...]) -> ArticleDocument:
    incident_ids = tuple(link.incident_id for link in every if link.linked)
    return replace(document, links=every, incident_ids=incident_ids)
