"""Which incidents a report is compared with at all: those that share a place and day, or telling terms, with it."""

import heapq
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import log2
from operator import itemgetter
from zlib import crc32

from processors.resolve.profile import Profile

MAX_CANDIDATES = 12
MAX_LATE_CANDIDATES = 3
MAX_INDEXED_TERMS = 20
"""Terms of a report by which its incident is found: what bounds the index."""

MAX_LOOKED_AT = 250
"""Postings looked at for one report, those of the rarest keys first: what bounds the time that a report takes."""

MAX_POSTINGS = 100
"""A key that more incidents than this share tells nothing, and isn't looked up."""

PLACE_DAY_VOTES = 2.0
"""A shared place and day counts as much as this many shared terms that are as rare."""

Key = int
"""A term's hash, or a place and day's above all of those."""

PLACE_DAY = 1 << 32


class Blocks:
    """An index in memory from blocking keys to the numbers of incidents that hold them."""

    def __init__(self) -> None:
        self._postings: dict[Key, int | array[int]] = {}
        self._ids: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._next = 0

    def add(self, incident_id: str, keys: Iterable[Key]) -> None:
        """Let an incident be found by keys."""
        number = self._next
        self._next += 1
        self._ids[number], self._numbers[incident_id] = incident_id, number
        for key in keys:
            found = self._postings.get(key)
            if found is None:
                self._postings[key] = number  # most keys are one incident's own: an array each would cost far more
            elif isinstance(found, int):
                self._postings[key] = array("I", (found, number))
            else:
                found.append(number)

    def remove(self, incident_id: str, keys: Iterable[Key]) -> None:
        """Forget an incident that was added with the same keys."""
        number = self._numbers.pop(incident_id)
        del self._ids[number]
        for key in keys:
            found = self._postings[key]
            if isinstance(found, int) or len(found) == 1:
                del self._postings[key]
            else:
                found.remove(number)

    def candidates(self, keys: Iterable[Key], limit: int = MAX_CANDIDATES) -> list[str]:
        """Return the ids of incidents that share a key, the likeliest first, at most `limit`."""
        votes: dict[int, float] = defaultdict(float)
        for postings, share in self._rarest(keys):
            for number in postings:
                votes[number] += share
        found = [(-count, self._ids[number]) for number, count in votes.items()]
        return [incident_id for _, incident_id in heapq.nsmallest(limit, found)]

    def _rarest(self, keys: Iterable[Key]) -> Iterator[tuple[Sequence[int], float]]:
        """Yield the postings of keys, the shortest first, and how much sharing one of them counts."""
        found = []
        for key in keys:
            held = self._postings.get(key)
            if held is not None:
                postings = (held,) if isinstance(held, int) else held
                found.append((len(postings), key >= PLACE_DAY, key, postings))
        looked_at = 0
        for length, is_place, _, postings in sorted(found, key=itemgetter(0, 1, 2)):
            looked_at += length
            if length > MAX_POSTINGS or looked_at > MAX_LOOKED_AT:
                return
            yield postings, (PLACE_DAY_VOTES if is_place else 1.0) / (1 + log2(length))


def keys(profiles: Iterable[Profile]) -> set[Key]:
    """Return the keys by which an incident is found: its reports' most telling terms, and their places and days."""
    return {key for profile in profiles for key in (*_most_telling(profile), *_place_days(profile, 0))}


def search_keys(profile: Profile) -> set[Key]:
    """Return the keys by which a report looks for incidents: all its terms, and place and day with a day around."""
    return {*profile.terms.hashes, *_place_days(profile, 1)}


def _most_telling(profile: Profile) -> list[int]:
    """Return the hashes of the terms that weigh most."""
    weighed = zip(profile.terms.weights, profile.terms.hashes, strict=True)
    return [term for _, term in heapq.nlargest(MAX_INDEXED_TERMS, weighed)]


def late_keys(profiles: Iterable[Profile], slack: int = 0) -> set[Key]:
    """Return the few keys by which a closed incident is found: its rare names, and place and day."""
    return {key for profile in profiles for key in (*profile.names, *_place_days(profile, slack))}


def _place_days(profile: Profile, slack: int) -> Iterator[Key]:
    """Yield place and day for the days of a short span, and `slack` days around."""
    if profile.gazetteer_id is None or profile.first_day is None or profile.last_day is None:
        return
    last = min(profile.last_day, profile.first_day + 7)
    for day in range(profile.first_day - slack, last + slack + 1):
        yield PLACE_DAY + crc32(f"{profile.gazetteer_id}/{day}".encode())
