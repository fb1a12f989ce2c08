"""When an article became known: its outlet's own dates, as far as they can be true."""

from datetime import datetime, timedelta

from contracts.records import Article

LATEST_AHEAD = timedelta(days=1)
"""A date further after the article was fetched is wrong; one day is a matter of zones."""


def plausible(time: datetime | None, fetched: datetime | None) -> datetime | None:
    """Return an outlet's date; None when it lies in the future of the one who fetched the article.

    Where nobody says when it was fetched, as in a file, any date is taken.
    """
    is_ahead = time is not None and fetched is not None and time > fetched + LATEST_AHEAD
    return None if is_ahead else time


def known_since(article: Article) -> datetime | None:
    """Return when an article's revision became known: updated, else published, else fetched.

    The newest report of all moves the resolver's time, by which incidents close: an outlet whose clock is years
    ahead mustn't close the others' incidents.
    """
    return plausible(article.updated or article.published, article.fetched) or article.fetched
