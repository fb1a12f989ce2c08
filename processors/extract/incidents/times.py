"""When it happened: the words for time in a text, resolved in the outlet's publication time.

A date without a year and a weekday are taken as the latest not after publication.  Without a publication date only
full dates resolve.
"""

# Typographic quotes and dashes are meant.
# ruff: noqa: RUF001

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from contracts.records import When
from contracts.vocabulary import TimePrecision
from processors.extract.incidents.events import kinds
from processors.extract.text.dates import day_of, time_rules
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, load, rules
from processors.extract.text.patterns import Rule, Rules

RECENT_DAYS = 2
"""News without any word for time is taken to be of the days just before publication."""
_DAY = timedelta(days=1)
_KNOWN = 256
"""Sentences whose times are kept for a while."""
_SPOKEN = re.compile(
    r"\b(?:said|says|told \w+(?: \w+)?|reported|announced|confirmed|statement|added)"
    r"(?: (?:on|late|early|in a statement))*$|\bas of$"
)
_SPOKEN_AFTER = re.compile(r"\s+(?:said|says|told|announced|released|confirmed|identified|named|reported)\b")
_AHEAD = re.compile(r"\b(?:will|(?:is|are|was|were) (?:due |expected |scheduled |set )?to)\b[^,;:]*$")
"""What is still to come isn't when it happened: "is to appear in court on Monday"."""
_DATELINE = re.compile(r"(?:[A-Z][\w.'’-]+,? ){0,3}[A-Z][\w.'’-]+, $")
_DATELINE_END = re.compile(r"\s*(?:\([^)]{1,40}\)\s*)?(?:-|–|—|:|\.$)")
"""The day on which a report was sent: "Lima, 3 Sep 88 (Agency) --", "QUITO, Tuesday."."""
_UNITS = {"hour": 0, "day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class TimeMention:
    """Words for a time: the dates they mean, and the offsets in their part of the article."""

    start: date
    end: date
    precision: TimePrecision
    words: str
    sentence: int
    first: int
    last: int
    kind: str
    spoken: bool
    """Whether it says when somebody spoke, or will do something: "said on Saturday", "will meet on Monday"."""


@lru_cache(maxsize=8)
def _any_time(code: str) -> Rules[None]:
    raw = load(code).raw["times"]
    words = [*raw["months"], *raw["weekdays"], *raw["hints"]]
    return Rules([Rule(None, rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)])


def find_times(sentence: Sentence, published: date | None, language: Language) -> list[TimeMention]:
    """Return the times of a sentence in order; of overlapping ones the first pattern's."""
    return [
        _mention(sentence, kind, match, dates)
        for kind, match, dates in _found(sentence.text, published, language.code)
    ]


@lru_cache(maxsize=_KNOWN)
def _found(
    text: str, published: date | None, code: str
) -> tuple[tuple[str, re.Match[str], tuple[date, date, TimePrecision]], ...]:
    """Return the times of a text in order; kept for a while, since they are asked for more than once."""
    taken: list[tuple[str, re.Match[str], tuple[date, date, TimePrecision]]] = []
    if not _any_time(code).any_in(text):
        return ()
    for rule in time_rules(code).likely(text):
        for match in rule.matches(text):
            if any(match.start() < known.end() and known.start() < match.end() for _, known, _ in taken):
                continue
            dates = _resolve(rule.kind, match, published, load(code))
            if dates is not None:
                taken.append((rule.kind, match, dates))
    return tuple(sorted(taken, key=lambda one: one[1].start()))


def _mention(
    sentence: Sentence, kind: str, match: re.Match[str], dates: tuple[date, date, TimePrecision]
) -> TimeMention:
    before = sentence.text[: match.start()].rstrip().lower()
    spoken = _SPOKEN.search(before) or _AHEAD.search(before) or _SPOKEN_AFTER.match(sentence.text, match.end())
    spoken = spoken or (
        _DATELINE.match(sentence.text[: match.start()]) and _DATELINE_END.match(sentence.text, match.end())
    )
    return TimeMention(
        *dates,
        words=match[0].strip(),
        sentence=sentence.number,
        first=sentence.start + match.start(),
        last=sentence.start + match.end(),
        kind=kind,
        spoken=spoken is not None,
    )


def _resolve(  # noqa: PLR0911 - one kind of words after the other
    kind: str, match: re.Match[str], published: date | None, language: Language
) -> tuple[date, date, TimePrecision] | None:
    raw = language.raw["times"]
    if kind == "absolute":
        day = day_of(match, published, raw)
        return None if day is None else (day, day, TimePrecision.DAY)
    if published is None:
        return None
    if kind in {"ago", "after"}:
        return _ago(match, published, raw)
    if kind == "weekday":
        return _weekday(match, published, raw)
    if kind in {"night_of", "night_between"}:
        day = published - _since(published, raw["weekdays"][match["weekday"].lower()]) * _DAY
        return day, day + _DAY, TimePrecision.NIGHT
    if kind == "holiday":
        return _holiday(match, published, raw)
    back, ahead, precision = {
        "overnight": (1, 0, TimePrecision.NIGHT),
        "last_night": (1, 1, TimePrecision.NIGHT),
        "today": (0, 0, TimePrecision.DAY),
        "yesterday": (1, 1, TimePrecision.DAY),
        "weekend": (_since(published, 5), max(0, _since(published, 5) - 1), TimePrecision.DAYS),
        "last_week": (7, 1, TimePrecision.DAYS),
    }[kind]
    return published - back * _DAY, published - ahead * _DAY, precision


def _since(day: date, weekday: int) -> int:
    """Return how many days before a day the last such weekday was."""
    return (day.weekday() - weekday) % 7


def _weekday(
    match: re.Match[str], published: date, raw: Mapping[str, Mapping[str, int]]
) -> tuple[date, date, TimePrecision]:
    day = published - _since(published, raw["weekdays"][match["weekday"].lower()]) * _DAY
    if match["last"] and day == published:
        day -= 7 * _DAY
    return day, day, TimePrecision.DAY


def _holiday(
    match: re.Match[str], published: date, raw: Mapping[str, Mapping[str, tuple[int, int]]]
) -> tuple[date, date, TimePrecision]:
    month, number = raw["holidays"][match["holiday"].lower().replace("’", "'")]
    this = date(published.year, month, number)
    day = this if this <= published + _DAY else date(published.year - 1, month, number)
    return day, day, TimePrecision.DAY


def _ago(
    match: re.Match[str], published: date, raw: Mapping[str, Mapping[str, int]]
) -> tuple[date, date, TimePrecision] | None:
    count = int(match["count"]) if match["count"].isdigit() else raw["small"][match["count"].lower()]
    days = _UNITS.get(match["unit"].lower())
    if days is None:
        return None
    day = published - count * days * _DAY
    return day, day, TimePrecision.DAYS if days > 1 else TimePrecision.DAY


def incident_time(
    sentences: tuple[Sentence, ...],
    weights: Mapping[int, float],
    published: date | None,
    language: Language,
) -> When:
    """Return when an incident happened, from the times nearest to where it is told.

    `weights` says how much each sentence (by number) tells of it.
    """
    weights = {s.number: weights.get(s.number, 0.0) + _telling(s, language) for s in sentences}
    mentions = [m for s in sentences for m in find_times(s, published, language)]
    usable = [m for m in mentions if m.kind != "absolute" or published is None or _is_recent(m, published)]
    best = max(usable, key=lambda m: (_score(m, weights), -m.sentence, -m.first), default=None)
    if best is None or _score(best, weights) <= 0:
        return _unsaid(published)
    if best.kind == "overnight":
        best = _anchored(best, usable)
    return When(start=best.start, end=best.end, precision=best.precision, words=best.words)


def _telling(sentence: Sentence, language: Language) -> float:
    """Return how much a sentence tells of the event itself, rather than of what became known when."""
    if language.toll_words.any_in(sentence.text) or rules(language.code, "times", "searching").any_in(sentence.text):
        return -1.0
    return 0.4 if kinds(sentence.text, language.code) else 0.0


def _is_recent(mention: TimeMention, published: date) -> bool:
    return timedelta(days=-2) <= published - mention.start


def _anchored(night: TimeMention, mentions: list[TimeMention]) -> TimeMention:
    """Move "overnight" to the night before the day on which it was told: "overnight …, they said on Saturday".

    Another sentence may say which night it was.
    """
    named = next((m for m in mentions if m.kind in {"night_of", "night_between"} and not m.spoken), None)
    if named is not None:
        return named
    spoken = next((m for m in mentions if m.sentence >= night.sentence and m.spoken and m.kind == "weekday"), None)
    if spoken is None:
        return night
    return TimeMention(
        spoken.start - _DAY,
        spoken.start,
        night.precision,
        night.words,
        night.sentence,
        night.first,
        night.last,
        night.kind,
        spoken=False,
    )


def _score(mention: TimeMention, weights: Mapping[int, float]) -> float:
    score = weights.get(mention.sentence, 0.0)
    if mention.spoken:
        score -= 2.0
    if mention.kind == "overnight":
        score += 0.5
    return score


def _unsaid(published: date | None) -> When:
    if published is None:
        return When()
    return When(start=published - RECENT_DAYS * _DAY, end=published, precision=TimePrecision.DAYS)
