"""How far from a named place something happened: "12 km south of X", "halfway between X and Y"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from contracts.geo import bearing, destination, kilometres
from processors.extract.text.language import load

FURTHEST_KM = 300.0
"""From farther away a place doesn't say where something happened."""
_LOOKED_BACK = 80
"""Characters before a name that can hold how far from it."""


@dataclass(frozen=True, slots=True)
class Offset:
    """Kilometres from a place, in a direction of degrees from north; or half the way to the name that follows."""

    km: float = 0.0
    course: float | None = None
    """None where the text gives no direction."""
    halfway: bool = False


@lru_cache(maxsize=8)
def _patterns(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    raw = load(code).raw["places"]["distance"]
    words = {"numbers": load(code).numbers.words} | {key: raw[key] for key in ("units", "courses", "nouns")}
    lists = {key: "|".join(sorted(words[key], key=lambda w: (-len(w), w))) for key in words}
    pattern: str = raw["pattern"]
    for key, alternatives in lists.items():
        pattern = pattern.replace(key.upper(), alternatives)
    return re.compile(pattern + "$", re.IGNORECASE), re.compile(raw["halfway"] + "$", re.IGNORECASE)


def read_offset(text: str, end: int, code: str) -> Offset | None:
    """Return how far from the name that begins at `end` a text puts what it tells of, or None."""
    before = text[max(0, end - _LOOKED_BACK) : end]
    away, halfway = _patterns(code)
    if halfway.search(before):
        return Offset(halfway=True)
    match = away.search(before)
    if match is None:
        return None
    raw: Mapping[str, Mapping[str, float]] = load(code).raw["places"]["distance"]
    km = _number(match["count"], load(code).numbers.words) * raw["units"][match["unit"].lower()]
    course = raw["courses"][match["course"].lower()] if match["course"] else None
    return Offset(km, course) if km <= FURTHEST_KM else None


def _number(written: str, words: Mapping[str, int]) -> float:
    word = written.lower()
    return float(words[word]) if word in words else float(written.replace(",", ""))


def shifted(
    point: tuple[float, float], offset: Offset, other: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Return the point that an offset means, in WGS-84 degrees; None if the text doesn't say in which direction.

    `other` is the point of the name that follows, which "halfway" needs.
    """
    if offset.halfway:
        if other is None:
            return None
        return destination(*point, bearing(*point, *other), kilometres(*point, *other) / 2.0)
    return None if offset.course is None else destination(*point, offset.course, offset.km)
