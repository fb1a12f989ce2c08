"""The resolver's working state: packed records, the profiles that newcomers are compared with, and their indices."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from heapq import heappop, heappush
from itertools import islice

from contracts import codec
from contracts.records import Closing, Incident
from processors.resolve.archive import Left, Records, packed_keys
from processors.resolve.articles import articles_of
from processors.resolve.blocking import MAX_LATE_CANDIDATES, Blocks, keys, late_keys, search_keys
from processors.resolve.encoded import Written, read
from processors.resolve.grouping import members_of
from processors.resolve.index import Entry, entry_of, pack, unpack
from processors.resolve.profile import Profile, Profiles

DAY = timedelta(days=1)


class State:
    """Incidents that stand, open or closed, and those that were merged away.

    An incident closes when the newest report of all is `close_after` later than its own last one: it leaves the
    comparisons, and is found again only through its place and day or through rare names.  No clock is asked.
    Its record may then be put away, as may that of an incident that was merged away as long ago.
    """

    def __init__(self, close_after: timedelta) -> None:
        self.records = Records()
        self.obeyed_by_closed: set[str] = set()
        """Ids of the decisions that incidents obeyed whose records were put away."""
        self.profiles = Profiles()
        self._close_after = close_after / DAY
        self._open: dict[str, tuple[Profile, ...]] = {}
        self._closed: set[str] = set()
        self._articles: dict[str, tuple[str, ...]] = {}
        self._blocks = Blocks()
        self._late = Blocks()
        self._newest = 0.0
        self._last: dict[str, float] = {}
        self._quiet: list[tuple[float, str]] = []
        self._to_put_away: dict[str, None] = {}

    def stands(self, incident_id: str) -> bool:
        """Say whether an incident is known and wasn't merged into another."""
        return incident_id in self._open or incident_id in self._closed

    def is_closed(self, incident_id: str) -> bool:
        """Say whether an incident had no report for so long that it left the comparisons."""
        return incident_id in self._closed

    def of_article(self, article_id: str) -> Iterator[Incident]:
        """Yield the standing incidents that an article tells or told of."""
        return (self.records[known] for known in self._articles.get(article_id, ()) if self.stands(known))

    def merged_away(self, article_id: str) -> Iterator[Incident]:
        """Yield the incidents that an article told of and that were merged into others."""
        return (self.records[known] for known in self._articles.get(article_id, ()) if not self.stands(known))

    def final(self, incident_id: str) -> str:
        """Return the incident that one turned out to be in the end; itself where it stands."""
        while (into := self.records[incident_id].merged_into) is not None:
            incident_id = into
        return incident_id

    def tells(self, article_id: str, incident_id: str) -> bool:
        """Say whether an article tells or told of an incident."""
        return incident_id in self._articles.get(article_id, ())

    def members(self, incident_id: str) -> tuple[Profile, ...]:
        """Return the profiles that stand for an incident in comparisons."""
        found = self._open.get(incident_id)
        return members_of(self.records[incident_id], self.profiles) if found is None else found

    def candidates(self, profile: Profile) -> list[str]:
        """Return the open incidents worth comparing with a report."""
        return self._blocks.candidates(search_keys(profile))

    def late_candidates(self, profile: Profile) -> list[str]:
        """Return the closed incidents that share a report's place and day, or its rare names."""
        if not self._closed:
            return []
        return self._late.candidates(late_keys([profile], slack=1), MAX_LATE_CANDIDATES)

    def put(self, incident: Incident, encoded: bytes | None = None) -> None:
        """Take a record in place of the earlier one of its id; of a closed incident, only what is left of it.

        `encoded` is how it was written, where that is known.
        """
        if incident.closed is not None:
            self._put_away(incident, incident.closed)
            return
        former = self._open.get(incident.id, ()) if incident.merged_into is None else ()
        if former:
            self._forget_articles(incident.id)
        else:
            self.remove(incident.id)
        self.records.put(incident, encoded)
        self._index(entry_of(incident, self.profiles, former), former)

    def restore(self, written: Written) -> Mapping[str, str]:
        """Take a record that isn't known yet as its topic holds it; return the merges that it tells of.

        Only what is indexed is read, or taken as it was packed beside the record.  Merges are given as the id of the
        younger incident → that of the older one.

        Raises:
            DecodeError: The bytes aren't an incident's record, or what stands beside it isn't what was packed.
        """
        entry = unpack(written.index)
        if entry is None:
            found = read(written.record)
            if found.closed is not None:
                self.put(codec.decode(written.record, Incident))
                return {merge.incident_id: found.id for merge in found.merges}
            entry = entry_of(found, self.profiles)
        self.records.keep(entry.id, written.record)
        self._index(entry, ())
        return dict.fromkeys(entry.merges, entry.id)

    def packed_index(self, incident: Incident) -> bytes:
        """Return what is indexed of a record that isn't taken yet, packed to stand beside it."""
        return pack(entry_of(incident, self.profiles, self._open.get(incident.id, ())))

    def quiet(self, limit: int) -> tuple[Incident, ...]:
        """Return records that may be put away: of incidents that closed, or that were merged away as long ago."""
        return tuple(self.records[known] for known in islice(self._to_put_away, limit))

    def left_of(self, incident: Incident, offset: int) -> Incident:
        """Return what is left of an incident once its record stands at an offset of the closed ones."""
        found_by = late_keys(self.members(incident.id)) if incident.merged_into is None else ()
        return Incident(
            id=incident.id,
            revision=incident.revision,
            event_type=incident.event_type,
            title=incident.title,
            first_reported=incident.first_reported,
            last_reported=incident.last_reported,
            merged_into=incident.merged_into,
            rulings=incident.rulings,
            closed=Closing(
                offset=offset, keys=tuple(sorted(found_by)), articles=tuple(sorted(articles_of(incident)))
            ),
        )

    def remove(self, incident_id: str) -> None:
        """Forget an incident, if it is known."""
        if incident_id not in self.records:
            return
        if incident_id in self._open:
            self._blocks.remove(incident_id, keys(self._open.pop(incident_id)))
        elif incident_id in self._closed:
            left = self.records.left_of(incident_id)
            self._late.remove(incident_id, left.keys if left else late_keys(self.members(incident_id)))
            self._closed.remove(incident_id)
        self._last.pop(incident_id, None)
        self._to_put_away.pop(incident_id, None)
        self._forget_articles(incident_id)
        del self.records[incident_id]

    def _index(self, entry: Entry[Profile], former: tuple[Profile, ...]) -> None:
        """Let a record be found; `former` are the profiles by which it is found now."""
        known_by = self._articles
        for article in entry.articles:
            known = known_by.get(article)
            known_by[article] = (entry.id,) if known is None else tuple(sorted({*known, entry.id}))
        if entry.merged_into is None:
            self._open[entry.id] = entry.members
            self._blocks.put(entry.id, keys(entry.members), keys(former))
        last = entry.last
        if last is not None and self._last.get(entry.id) != last:
            self._last[entry.id] = last
            heappush(self._quiet, (last, entry.id))
            self._newest = max(self._newest, last)
        self._close_quiet()

    def _forget_articles(self, incident_id: str) -> None:
        for article in articles_of(self.records[incident_id]):
            self._articles[article] = tuple(known for known in self._articles[article] if known != incident_id)
            if not self._articles[article]:
                del self._articles[article]

    def _close_quiet(self) -> None:
        """Close what had no report for long; an incident that had one since stands in the queue again."""
        while self._quiet and self._quiet[0][0] < self._newest - self._close_after:
            last, incident_id = heappop(self._quiet)
            if self._last.get(incident_id) != last:
                continue
            del self._last[incident_id]
            self._to_put_away[incident_id] = None
            members = self._open.pop(incident_id, None)
            if members is not None:
                self._blocks.remove(incident_id, keys(members))
                self._closed.add(incident_id)
                self._late.put(incident_id, late_keys(members))

    def _put_away(self, left: Incident, closing: Closing) -> None:
        """Let go of a record, or take what was left of it before a restart."""
        keys_left = packed_keys(closing.keys)
        if left.id not in self.records:
            for article in closing.articles:
                self._articles[article] = tuple(sorted({*self._articles.get(article, ()), left.id}))
            if left.merged_into is None:
                self._closed.add(left.id)
                self._late.put(left.id, set(keys_left))
        self._to_put_away.pop(left.id, None)
        self.obeyed_by_closed.update(ruling.decision_id for ruling in left.rulings)
        self.records.put_away(left.id, Left(closing.offset, keys_left))
