"""Feeds that move: several answers must agree before a feed is fetched elsewhere, and a dead end leads back.

The feed's own address stays its name in the feed list and in Kafka; `Feed.location` says where it is fetched.
Pure.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from contracts.records import Feed

AGREEING_ANSWERS = 3
"""Permanent redirects in a row to the same address that move a feed: a captive portal or a slip gives fewer."""
RETURN_AFTER_ERRORS = 5
"""Errors in a row at the new address after which the old one is asked again: it may tell better by now."""


def address(feed: Feed) -> str:
    """Return where a feed is fetched."""
    return feed.location or feed.url


def follow(feed: Feed, moved_to: str | None) -> Feed:
    """Return the state after a good answer that came from where the feed is said to have moved for good; None: not.

    A move from https to http is followed at each poll, but never for good.
    """
    if moved_to is None or moved_to == address(feed) or _is_downgrade(address(feed), moved_to):
        return replace(feed, moving_to=None, moving_answers=0)
    answers = feed.moving_answers + 1 if moved_to == feed.moving_to else 1
    if answers < AGREEING_ANSWERS:
        return replace(feed, moving_to=moved_to, moving_answers=answers)
    home = None if moved_to == feed.url else moved_to
    return replace(feed, location=home, moving_to=None, moving_answers=0)


def after_errors(feed: Feed) -> Feed:
    """Return the state of a failing feed, back at its old address when the new one has failed for long enough."""
    return replace(feed, location=None) if feed.consecutive_errors >= RETURN_AFTER_ERRORS else feed


def _is_downgrade(here: str, there: str) -> bool:
    return urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http"
