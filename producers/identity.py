"""Which article an entry is: its canonical address, and what stands in where there is none or where it changed.

An article's id hashes its canonical address, so that the same page found by another way, in any feed and by any
producer, is the same article.  What a feed remembers is looked at too, since outlets change addresses and guids of
articles that are out: guid, address and content together say whether an entry is one of those.  When unsure, it
isn't.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from contracts import ids
from contracts.records import SeenEntry
from producers.canonical import canonical_url
from producers.content import TELLING, alike, content_revision, sketch
from producers.parse.model import ParsedEntry

GUID_DIGITS = 12
"""Of a guid's hash that is remembered: it tells the entries of one feed apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """An entry, which article it is, and what to remember of it."""

    entry: ParsedEntry
    seen: SeenEntry


def identify(
    feed_url: str, site_url: str | None, entries: Sequence[ParsedEntry], seen: Sequence[SeenEntry]
) -> tuple[Identified, ...]:
    """Return which article each entry of one document is, by what its feed remembers.

    An entry at a new address is an article that is remembered when that isn't in the document any more, and either
    has the same guid, which no other entry has, and is about the same; or has the very same words, and enough.
    """
    remembered = {entry.article_id for entry in seen}
    own = article_ids(feed_url, site_url, entries, remembered)
    uses = Counter(own)
    fresh = [_fresh(entry, identity) for entry, identity in zip(entries, own, strict=True)]
    absent = _Absent((entry for entry in seen if entry.article_id not in uses), fresh)
    at_new = [number for number, name in enumerate(own) if name not in remembered and uses[name] == 1]
    moved = {number: known for number in at_new if (known := absent.same_guid(fresh[number]))}
    taken = {known.article_id for known in moved.values()}
    for number in at_new:
        known = absent.same_words(fresh[number]) if _is_telling(entries[number]) else None
        if number not in moved and known and known.article_id not in taken:
            moved[number] = known
    return tuple(
        Identified(entry=entry, seen=replace(new, article_id=moved[number].article_id) if number in moved else new)
        for number, (entry, new) in enumerate(zip(entries, fresh, strict=True))
    )


class _Absent:
    """Remembered articles whose address no entry of the document has, by guid and by words."""

    def __init__(self, absent: Iterable[SeenEntry], fresh: Iterable[SeenEntry]) -> None:
        guids = Counter(entry.guid for entry in fresh)
        words = Counter(entry.revision for entry in fresh)
        self._by_guid: dict[str, SeenEntry] = {}
        self._by_content: dict[str, SeenEntry] = {}
        for entry in absent:
            if entry.guid is not None and guids[entry.guid] == 1:
                self._by_guid.setdefault(entry.guid, entry)
            if words[entry.revision] == 1:
                self._by_content.setdefault(entry.revision, entry)

    def same_guid(self, new: SeenEntry) -> SeenEntry | None:
        """Return the article that has the guid of a new entry and is about the same."""
        known = self._by_guid.get(new.guid) if new.guid is not None else None
        return known if known and alike(known.sketch, new.sketch) else None

    def same_words(self, new: SeenEntry) -> SeenEntry | None:
        """Return the article that has the very words of a new entry."""
        return self._by_content.get(new.revision)


def _is_telling(entry: ParsedEntry) -> bool:
    return len(entry.title) + len(entry.text) >= TELLING


def _fresh(entry: ParsedEntry, identity: str) -> SeenEntry:
    return SeenEntry(
        article_id=identity,
        revision=content_revision(entry.title, entry.text),
        guid=ids.content_id("guid", entry.guid)[:GUID_DIGITS] if entry.guid else None,
        sketch=sketch(entry.title, entry.text),
    )


def article_ids(
    feed_url: str, site_url: str | None, entries: Iterable[ParsedEntry], known: Collection[str]
) -> tuple[str, ...]:
    """Return the article id of each entry of one document, by what the document says of it.

    An entry is known by its address; where that is the site's own or shared by entries with other guids, by address
    and guid; where there is none, by its guid, else by its title, else by its text.  `known` holds ids that the feed
    brought before: an entry that was told from its neighbours by its guid stays so when they have left the document.
    """
    entries = tuple(entries)
    addresses = [canonical_url(entry.url) if entry.url else None for entry in entries]
    guids = {(address, entry.guid) for address, entry in zip(addresses, entries, strict=True)}
    uses = Counter(address for address, _guid in guids)
    home = {canonical_url(site_url)} if site_url else set()
    return tuple(
        _article_id(feed_url, entry, address, known, shared=uses[address] > 1 or address in home)
        for address, entry in zip(addresses, entries, strict=True)
    )


def _article_id(
    feed_url: str, entry: ParsedEntry, address: str | None, known: Collection[str], *, shared: bool
) -> str:
    if address is None:
        return ids.article_id(f"entry:{feed_url} {entry.guid or entry.title or entry.text}")
    by_address = ids.article_id(address)
    if not entry.guid:
        return by_address
    by_both = ids.article_id(f"{address} {entry.guid}")
    return by_both if shared or (by_both in known and by_address not in known) else by_address
