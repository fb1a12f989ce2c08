"""The network's edge: one conditional GET a poll, and every way it can fail as a value.  Parses nothing.

::

    hosts (whose turn) ──► client (GET, redirects, limits) ──► addresses (each connection's address)
                             │        ▲
                             ▼        │
                       compression   headers (what an answer says about asking again)
"""

from producers.fetch.client import Fetcher
from producers.fetch.headers import freshness, retry_after
from producers.fetch.hosts import Hosts

__all__ = ["Fetcher", "Hosts", "freshness", "retry_after"]
