"""What a host's robots.txt lets us read (RFC 9309).  Pure: fetches nothing and knows no clock."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from protego import Protego

from producers.outcomes import Failed, Fetched, FetchResult, Gone

MAX_BYTES = 524_288
"""Of a robots.txt that are read: the least that RFC 9309 asks for."""
MAX_DELAY = 60.0
"""Seconds: a host that wants longer between two pages gets none of our time within one poll anyway."""

_REFUSED_BY_CLIENT = range(400, 500)


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host allows."""

    allows_all: bool = False
    protocol: Protego | None = None

    def allow(self, url: str, agent: str) -> bool:
        """Return whether a page may be read by whoever names itself so."""
        return self.allows_all if self.protocol is None else self.protocol.can_fetch(url, agent)

    def delay(self, agent: str) -> float:
        """Return how many seconds the host wants between two pages; 0: it doesn't say."""
        wanted = self.protocol.crawl_delay(agent) if self.protocol else None
        return min(float(wanted or 0), MAX_DELAY)


ALLOW_ALL = Rules(allows_all=True)
ALLOW_NONE = Rules()


def robots_url(url: str) -> str:
    """Return where the rules for an address stand."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def read_rules(answer: FetchResult) -> Rules:
    """Return the rules in the answer to the request for robots.txt.

    Where the host has none, everything is allowed; where it can't be asked, nothing is (RFC 9309, 2.3.1).
    """
    match answer:
        case Fetched():
            return Rules(protocol=Protego.parse(answer.body[:MAX_BYTES].decode("utf-8", "replace")))
        case Failed() if answer.status in _REFUSED_BY_CLIENT:
            return ALLOW_ALL
        case Gone():
            return ALLOW_ALL
        case _:
            return ALLOW_NONE
