"""Reports to incidents: which reports tell of the same incident, and the one record they amount to.

Pure logic: no client, no clock.  The flow stands in `resolver`; `docs/resolution.md` states the rules.
"""

from processors.resolve.resolver import Resolver

__all__ = ["Resolver"]
