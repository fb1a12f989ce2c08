"""When a page says that it was published: a line of its own, "Posted: Fri, 11 Nov 2011 at 9:56 IST".

Such a line is page furniture; where the feed gives no date, it is the date of publication.
"""

import re
from datetime import date
from functools import lru_cache

from contracts.records import Article
from processors.extract.text.dates import day_of, full_year, make_date, time_rules
from processors.extract.text.language import Language, load

MAX_LINE = 90
"""Characters of a line that only says when."""
MAX_LINES = 8
"""Lines of the text among which the page says it: further down, they are of comments and other articles."""
_LOOKED_AT = 2000
"""Characters in which those lines stand."""
_KNOWN = 256
_DIGITS = re.compile(r"\d{2}")
_FIGURES = re.compile(
    r"(?<![\d/.-])(?:(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"
    r"|(?P<one>\d{1,2}) ?(?P<mark>[/.-]) ?(?P<two>\d{1,2}) ?(?P=mark) ?(?P<last>(?:20)?\d\d))(?![\d/])"
)
"""A date in figures alone: "2005-11-28", "11/28/05"."""
_WORD = re.compile(r"[^\W\d_]+")
MONTHS = 12
"""Of a year; a figure above it is a day."""
_LONGEST_ZONE = 5
"""Letters of a time zone or an agency, in capitals."""


def stated_day(article: Article, language: Language) -> date | None:
    """Return the day on which an article's own page says that it was published; None where it doesn't."""
    lines = [article.title, *article.text[:_LOOKED_AT].split("\n", MAX_LINES)[:MAX_LINES]]
    return next((day for line in lines if (day := stamp(line.strip(), language.code)) is not None), None)


@lru_cache(maxsize=_KNOWN)
def stamp(line: str, code: str) -> date | None:
    """Return the day of a line that tells nothing but when the page was published or changed; else None."""
    if len(line) > MAX_LINE or _DIGITS.search(line) is None:
        return None
    raw = load(code).raw["times"]
    dates = (
        match for rule in time_rules(code).likely(line) if rule.kind == "absolute" for match in rule.matches(line)
    )
    named = next((match for match in dates if match["year"]), None)
    match = named or _FIGURES.search(line)
    if match is None:
        return None
    known = {*raw["stamp"], *raw["months"], *raw["weekdays"]}
    rest = _WORD.findall(line[: match.start()]) + _WORD.findall(line[match.end() :])
    is_signed = rest[:1] in (["By"], ["by"])
    if all(word.lower() in known or _is_zone(word) or (is_signed and word[0].isupper()) for word in rest):
        return day_of(named, None, raw) if named else _in_figures(match)
    return None


def _in_figures(match: re.Match[str]) -> date | None:
    """Return the day of a date in figures; None where day and month can't be told apart, as in 9/10/2010."""
    if match["year"]:
        return make_date(int(match["year"]), int(match["month"]), int(match["day"]))
    one, two, year = int(match["one"]), int(match["two"]), int(match["last"])
    if (one > MONTHS) == (two > MONTHS) and one != two:
        return None
    return make_date(full_year(year), min(one, two), max(one, two))


def _is_zone(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_ZONE
