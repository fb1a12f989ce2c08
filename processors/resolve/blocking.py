"""Which incidents a report is compared with at all: those that share a place and day, or telling terms, with it."""

from array import array
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from math import log2
from operator import itemgetter
from zlib import crc32

from processors.resolve.profile import Profile

MAX_CANDIDATES = 8
MAX_LATE_CANDIDATES = 3
MAX_INDEXED_TERMS = 20
"""Terms of a report by which its incident is found: what bounds the index."""

MAX_LOOKED_AT = 100
"""Postings of shared keys looked at for one report, those of the rarest first: what bounds the time it takes."""

MAX_POSTINGS = 100
"""A key that more incidents than this share tells nothing, and isn't looked up."""

SHARES = (1.0, *(1 / (1 + log2(length)) for length in range(1, MAX_POSTINGS + 1)))
"""How much sharing a key with an incident counts, by how many hold it."""

PLACE_DAY_VOTES = 2.0
"""A shared place and day counts as much as this many shared terms that are as rare."""

LEAST_VOTES = 0.15
"""An incident with less than this share of the likeliest one's votes isn't compared: on the gold hardly any match."""

Key = int
"""A term's hash, or a place and day's above all of those."""

PLACE_DAY = 1 << 32


class Blocks:
    """An index in memory from blocking keys to the numbers of incidents that hold them."""

    def __init__(self) -> None:
        self._postings: dict[Key, int | array[int]] = {}
        self._ids: list[str] = []
        self._numbers: dict[str, int] = {}
        self._free: list[int] = []

    def put(self, incident_id: str, keys: AbstractSet[Key], former: AbstractSet[Key] = frozenset()) -> None:
        """Let an incident be found by keys, and no more by those of the former ones that aren't among them."""
        number = self._numbers.get(incident_id)
        if number is None:
            number = self._numbers[incident_id] = self._new_number(incident_id)
        for key in former - keys:
            self._drop(key, number)
        postings = self._postings
        for key in keys - former:
            found = postings.get(key)
            if found is None:
                postings[key] = number  # most keys are one incident's own: an array each would cost far more
            elif isinstance(found, int):
                postings[key] = array("I", sorted((found, number)))
            elif number > found[-1]:
                found.append(number)
            else:
                insort(found, number)

    def remove(self, incident_id: str, keys: Iterable[Key]) -> None:
        """Forget an incident that was put with these keys."""
        number = self._numbers.pop(incident_id)
        self._free.append(number)
        for key in keys:
            self._drop(key, number)

    def candidates(self, keys: Iterable[Key], limit: int = MAX_CANDIDATES) -> list[str]:
        """Return the ids of incidents that share a key, the likeliest first, at most `limit`."""
        votes: dict[int, float] = defaultdict(float)
        shared: list[tuple[int, Key, Sequence[int]]] = []
        held = self._postings.get
        for key in keys:
            postings = held(key)
            if postings is None:
                continue
            if isinstance(postings, int):
                votes[postings] += _worth(key)
            elif len(postings) <= MAX_POSTINGS:
                shared.append((len(postings), key, postings))
        for numbers, share in _rarest(shared):
            for number in numbers:
                votes[number] += share
        if not votes:
            return []
        most = sorted(votes.values(), reverse=True)[:limit]  # far faster than a heap for so few
        least = max(most[-1], LEAST_VOTES * most[0])
        found = [(-count, self._ids[number]) for number, count in votes.items() if count >= least]
        found.sort()
        return [incident_id for _, incident_id in found[:limit]]

    def _new_number(self, incident_id: str) -> int:
        if self._free:
            number = self._free.pop()
            self._ids[number] = incident_id
            return number
        self._ids.append(incident_id)
        return len(self._ids) - 1

    def _drop(self, key: Key, number: int) -> None:
        found = self._postings[key]
        if isinstance(found, int) or len(found) == 1:
            del self._postings[key]
        else:
            del found[bisect_left(found, number)]


def _worth(key: Key) -> float:
    """Return how much sharing a key counts that one incident holds alone."""
    return PLACE_DAY_VOTES if key >= PLACE_DAY else 1.0


def _rarest(shared: list[tuple[int, Key, Sequence[int]]]) -> Iterator[tuple[Sequence[int], float]]:
    """Yield the postings of keys that several incidents share, the shortest first, and how much each counts."""
    shared.sort(key=itemgetter(0, 1))
    looked_at = 0
    for length, key, numbers in shared:
        looked_at += length
        if looked_at > MAX_LOOKED_AT:
            return
        yield numbers, _worth(key) * SHARES[length]


def keys(profiles: Iterable[Profile]) -> set[Key]:
    """Return the keys by which an incident is found: its reports' most telling terms, and their places and days."""
    found: set[Key] = set()
    for profile in profiles:
        found.update(profile.terms.hashes[:MAX_INDEXED_TERMS])
        found.update(_place_days(profile, 0))
    return found


def search_keys(profile: Profile) -> set[Key]:
    """Return the keys by which a report looks for incidents: all its terms, and place and day with a day around."""
    return {*profile.terms.hashes, *_place_days(profile, 1)}


def late_keys(profiles: Iterable[Profile], slack: int = 0) -> set[Key]:
    """Return the few keys by which a closed incident is found: its rare names, and place and day."""
    return {key for profile in profiles for key in (*profile.names, *_place_days(profile, slack))}


def _place_days(profile: Profile, slack: int) -> Iterator[Key]:
    """Yield place and day for the days of a short span, and `slack` days around."""
    place = profile.site.gazetteer_id
    if place is None or profile.first_day is None or profile.last_day is None:
        return
    last = min(profile.last_day, profile.first_day + 7)
    for day in range(profile.first_day - slack, last + slack + 1):
        yield PLACE_DAY + crc32(f"{place}/{day}".encode())
