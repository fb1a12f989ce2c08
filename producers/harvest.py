"""What a feed's document brings: its articles, which of them are new, and what to remember of them.

Pure: the time is an argument, and nothing is fetched, published or remembered here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from contracts.records import Article, Feed, SeenEntry
from contracts.times import plausible
from producers.canonical import clean_url
from producers.identity import Identified, identify
from producers.parse.model import ParsedEntry, ParsedFeed

MAX_TEXT = 500_000
"""Characters of an article's text that are kept: a long book; what is longer is no news."""
MAX_TITLE = 2_000
MAX_SEEN = 20_000
"""Entries that a feed's memory holds at most: with 200 bytes each it stays well below a Kafka record's limit."""
REMEMBERED_ABSENT = 500
"""Entries no longer in the document that are remembered all the same, for feeds whose entries come and go."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Dates before this are a clock's zero, not a publication."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What a document brings."""

    new: tuple[Article, ...]
    """Articles and revisions that aren't remembered, oldest first."""
    there: tuple[Article, ...]
    """Every article of the document, in its order."""
    seen: tuple[SeenEntry, ...]
    """What to remember from now on."""


def harvest(feed: Feed, document: ParsedFeed, now: datetime) -> Harvest:
    """Return what a document brings to a feed that remembers what it has seen."""
    known = {entry.article_id: entry.revision for entry in feed.seen}
    found = _found(feed, document, now)
    there = {article.id: article for article, _ in found}
    present = tuple(entry for _, entry in found)
    new = [there[entry.article_id] for entry in present if known.get(entry.article_id) != entry.revision]
    return Harvest(new=_oldest_first(new), there=tuple(there.values()), seen=_seen(present, feed.seen))


def _found(feed: Feed, document: ParsedFeed, now: datetime) -> list[tuple[Article, SeenEntry]]:
    """Return the document's articles in its order, each once in its newest form, with what to remember of them.

    What says nothing, or is to be listened to, is left out.
    """
    entries = [_cut(entry) for entry in document.entries if entry.readable]
    newest: dict[str, tuple[Article, SeenEntry]] = {}
    for identified in identify(feed.url, document.url, entries, feed.seen):
        identity = identified.seen.article_id
        article = _article(feed, document, identified, now)
        if identity not in newest or _age(article) > _age(newest[identity][0]):
            newest[identity] = article, identified.seen
    return list(newest.values())


def _cut(entry: ParsedEntry) -> ParsedEntry:
    """Return an entry in the form in which it is published: nothing too long, and the title not twice."""
    text = entry.text.removeprefix(f"{entry.title}\n\n") if entry.title else entry.text
    return replace(entry, title=entry.title[:MAX_TITLE], text=text[:MAX_TEXT])


def _article(feed: Feed, document: ParsedFeed, identified: Identified, now: datetime) -> Article:
    entry = identified.entry
    published, updated = _plausible(entry.published, now), _plausible(entry.updated, now)
    return Article(
        id=identified.seen.article_id,
        revision=identified.seen.revision,
        url=clean_url(entry.url) if entry.url else None,
        title=entry.title,
        text=entry.text,
        feed=feed.url,
        outlet=feed.outlet or document.title,
        language=feed.language or entry.language or document.language,
        published=published,
        updated=updated if updated and published and updated > published else None,
        fetched=now,
    )


def _plausible(time: datetime | None, now: datetime) -> datetime | None:
    return plausible(time, now) if time and time >= EARLIEST else None


def _oldest_first(articles: list[Article]) -> tuple[Article, ...]:
    """Return a document's articles by date; those without, and of equal date, from the document's end."""
    from_the_end = list(reversed(articles))
    return tuple(sorted(from_the_end, key=_age))


def _age(article: Article) -> datetime:
    return article.updated or article.published or EARLIEST


def _seen(present: tuple[SeenEntry, ...], before: Iterable[SeenEntry]) -> tuple[SeenEntry, ...]:
    """Return what to remember: all that is there, then what was there lately."""
    there = {entry.article_id for entry in present}
    absent = [entry for entry in before if entry.article_id not in there]
    return (*present, *absent[:REMEMBERED_ABSENT])[: max(MAX_SEEN, len(present))]
