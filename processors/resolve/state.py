"""The resolver's working state: packed records, the profiles that newcomers are compared with, and their indices."""

from collections.abc import Iterator
from datetime import timedelta
from heapq import heappop, heappush

from contracts.records import Incident
from processors.resolve.articles import articles_of
from processors.resolve.blocking import MAX_LATE_CANDIDATES, Blocks, keys, late_keys, search_keys
from processors.resolve.grouping import members_of
from processors.resolve.profile import Profile, Profiles, day_of
from processors.resolve.store import PackedRecords

DAY = timedelta(days=1)


class State:
    """Incidents that stand, open or closed, and those that were merged away.

    An incident closes when the newest report of all is `close_after` later than its own last one: it leaves the
    comparisons, and is found again only through its place and day or through rare names.  No clock is asked.
    """

    def __init__(self, close_after: timedelta) -> None:
        self.records = PackedRecords()
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
        return self._late.candidates(late_keys([profile], slack=1), MAX_LATE_CANDIDATES)

    def put(self, incident: Incident) -> None:
        """Take a record in place of the earlier one of its id."""
        self.remove(incident.id)
        self.records[incident.id] = incident
        for article in articles_of(incident):
            self._articles[article] = tuple(sorted({*self._articles.get(article, ()), incident.id}))
        if incident.merged_into is None:
            members = members_of(incident, self.profiles)
            self._open[incident.id] = members
            self._blocks.add(incident.id, keys(members))
            last = day_of(incident.last_reported)
            if last is not None:
                self._last[incident.id] = last
                heappush(self._quiet, (last, incident.id))
                self._newest = max(self._newest, last)
        self._close_quiet()

    def remove(self, incident_id: str) -> None:
        """Forget an incident, if it is known."""
        if incident_id not in self.records:
            return
        members = self.members(incident_id)
        if incident_id in self._open:
            self._blocks.remove(incident_id, keys(members))
            del self._open[incident_id]
            self._last.pop(incident_id, None)
        elif incident_id in self._closed:
            self._late.remove(incident_id, late_keys(members))
            self._closed.remove(incident_id)
        for article in articles_of(self.records[incident_id]):
            self._articles[article] = tuple(known for known in self._articles[article] if known != incident_id)
            if not self._articles[article]:
                del self._articles[article]
        del self.records[incident_id]

    def _close_quiet(self) -> None:
        """Close what had no report for long; an incident that had one since stands in the queue again."""
        while self._quiet and self._quiet[0][0] < self._newest - self._close_after:
            last, incident_id = heappop(self._quiet)
            members = self._open.get(incident_id)
            if members is not None and self._last.get(incident_id) == last:
                del self._last[incident_id]
                self._blocks.remove(incident_id, keys(members))
                del self._open[incident_id]
                self._closed.add(incident_id)
                self._late.add(incident_id, late_keys(members))
