"""Words for days and dates as patterns, and the day that a date in them is.

`times` resolves when something happened with them, `stamps` when a page says that it was published.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from processors.extract.text.language import load
from processors.extract.text.patterns import Rule, Rules

_TWO_DIGITS = 99
_TURN = 50
"""Years of two digits above this are of the last century."""


@lru_cache(maxsize=8)
def time_rules(code: str) -> Rules[str]:
    """Return a language's patterns of times by kind, in the order in which they are tried (`times.toml`)."""
    raw = load(code).raw["times"]
    names = {
        key.upper(): "|".join(sorted(raw[key], key=lambda w: (-len(w), w))).replace("'", "['’]")  # noqa: RUF001
        for key in ("months", "weekdays", "small", "holidays")
    }
    rules = []
    for kind, pattern in raw["patterns"].items():
        for key, words in names.items():
            pattern = pattern.replace(key, words)  # noqa: PLW2901 - each name is filled in turn
        rules.append(Rule(kind, pattern, re.IGNORECASE))
    return Rules(rules)


def day_of(match: re.Match[str], published: date | None, raw: Mapping[str, Any]) -> date | None:
    """Return the day of a match of the pattern "absolute": without a year, the latest not after publication.

    None where there is no such day, or where neither the match nor the publication gives the year.
    """
    month = raw["months"][(match["month"] or match["month2"]).lower()]
    number = int(match["day"] or match["day2"])
    year = full_year(int(match["year"])) if match["year"] else None
    if year is not None and not (published and _is_count(match["year"], year, published)):
        return make_date(year, month, number)
    if published is None:
        return None
    this = make_date(published.year, month, number)
    if this is not None and this > published + timedelta(days=1):
        return make_date(published.year - 1, month, number)
    return this


def _is_count(written: str, year: int, published: date) -> bool:
    """Say whether what stands where a year of two digits would is none: "as of 6 June 16 people had died"."""
    return len(written) == len("88") and not published.year - 1 <= year <= published.year


def full_year(year: int) -> int:
    """Return a year that may be written with two digits, as of 1951 to 2050."""
    return year if year > _TWO_DIGITS else 1900 + year if year > _TURN else 2000 + year


def make_date(year: int, month: int, day: int) -> date | None:
    """Return a day; None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
