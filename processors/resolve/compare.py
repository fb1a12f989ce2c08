"""The comparisons of two reports: each ends in a named level, whose weight `weights.toml` gives."""

from collections.abc import Callable, Mapping, Sequence

from contracts.geo import kilometres
from processors.resolve.copies import COPY_RESEMBLANCE, resemblance
from processors.resolve.families import FAMILY, RELATED
from processors.resolve.profile import FULL_WEIGHT, Newcomer, Profile, Site, Terms

NEAR_KM = 15.0
"""Two settlements this near are taken for one by outlets that name the next town or the district's."""

KM_PER_DEGREE = 111.2
"""Of latitude."""

AKIN_RESEMBLANCE = 0.1
LITTLE_IN_COMMON = 0.08
"""Likeness of key terms below which two places are not the misreading of one."""

APART = frozenset({"elsewhere", "other_country", "same_province"})
CLOSE_SHARE = 0.25
"""Tolls that differ by no more than this share of the greater, or by one, are close."""

SLOTS = 48
"""Half hours of a day."""

UNKNOWN = "unknown"

TERM_LEVELS = (
    (0.50, "t50"),
    (0.35, "t35"),
    (0.25, "t25"),
    (0.18, "t18"),
    (0.12, "t12"),
    (0.08, "t08"),
    (0.04, "t04"),
)
TIME_LEVELS = ((0, "same"), (1, "adjacent"), (3, "days"), (14, "weeks"))
PUBLISHED_LEVELS = ((1.5, "day"), (3.5, "days"), (8, "week"), (31, "weeks"))
NAME_LEVELS = ((4, "four"), (2, "two"), (1, "one"))
COPY_LEVELS = ((COPY_RESEMBLANCE, "copy"), (AKIN_RESEMBLANCE, "akin"))
TITLE_LEVELS = ((0.50, "t50"), (0.25, "t25"), (0.10, "t10"))
NONE_SHARED = "t00"


class Encounter:
    """A newcomer and a known report that are compared; what several comparisons need is worked out once."""

    __slots__ = ("_likeness", "a", "b", "one")

    def __init__(self, newcomer: Newcomer, known: Profile) -> None:
        self.a = newcomer
        self.one = newcomer.profile
        self.b = known
        self._likeness: float | None = None

    @property
    def likeness(self) -> float:
        """Return the cosine of the key terms, 0 to 1."""
        if self._likeness is None:
            self._likeness = similarity(self.a.terms, self.b.terms)
        return self._likeness


def place_level(pair: Encounter) -> str:
    """Compare where: the same gazetteer entry, near, one within the other, spelled alike, or elsewhere."""
    one, other = pair.one.site, pair.b.site
    if one.gazetteer_id and one.gazetteer_id == other.gazetteer_id:
        return "same_area" if other.is_area else "same_common" if other.is_common_name else "same"
    if not one.spellings.isdisjoint(other.spellings):
        return "spelled_alike"
    if one.country is None or other.country is None:
        return UNKNOWN
    level = _within_country(one, other) if one.country == other.country else "other_country"
    if level not in APART:
        return level
    if _names_other(pair):
        return f"{level}_named"
    return f"{level}_alone" if pair.likeness < LITTLE_IN_COMMON else level


def time_level(pair: Encounter) -> str:
    """Compare when it happened, by the days between the two spans."""
    one, other = pair.one, pair.b
    if one.first_day is None or other.first_day is None or one.last_day is None or other.last_day is None:
        return UNKNOWN
    gap = max(one.first_day - other.last_day, other.first_day - one.last_day)
    return _at_most(gap, TIME_LEVELS, "apart")


def published_level(pair: Encounter) -> str:
    """Compare when it was reported."""
    if pair.one.reported_day is None or pair.b.reported_day is None:
        return UNKNOWN
    return _at_most(abs(pair.one.reported_day - pair.b.reported_day), PUBLISHED_LEVELS, "months")


def event_level(pair: Encounter) -> str:
    """Compare what kind of event it was."""
    if pair.one.event_type is pair.b.event_type:
        return "same"
    families = frozenset((FAMILY[pair.one.event_type], FAMILY[pair.b.event_type]))
    if len(families) == 1:
        return "family"
    if "other" in families:
        return "other"
    return "related" if families in RELATED else "different"


def killed_level(pair: Encounter) -> str:
    """Compare the numbers killed."""
    return _toll_level(pair.one.killed, pair.b.killed)


def injured_level(pair: Encounter) -> str:
    """Compare the numbers injured."""
    return _toll_level(pair.one.injured, pair.b.injured)


def terms_level(pair: Encounter) -> str:
    """Compare the key terms, weighed by how telling each is.

    One outlet's articles share its furniture, so that the same similarity tells less there: levels `own…`.
    """
    if not pair.a.terms or not pair.b.terms.hashes:
        return UNKNOWN
    return _own(pair, _at_least(pair.likeness, TERM_LEVELS))


def ages_level(pair: Encounter) -> str:
    """Compare the ages of the people in them."""
    return _in_common(pair.one.ages, pair.b.ages)


def streets_level(pair: Encounter) -> str:
    """Compare the streets in them."""
    return _in_common(pair.one.streets, pair.b.streets)


def figures_level(pair: Encounter) -> str:
    """Compare the numbers that are told most often."""
    return _in_common(pair.one.figures, pair.b.figures)


def clock_level(pair: Encounter) -> str:
    """Compare the times of day, to within half an hour; a day's last half hour is next to its first."""
    known = pair.b.clock
    around = known << 1 | known >> 1 | known >> SLOTS - 1 | known << SLOTS - 1
    return _in_common(pair.one.clock, known, around)


def weekday_level(pair: Encounter) -> str:
    """Compare the weekdays in them, where it isn't known of both on which day it happened."""
    if pair.one.first_day is not None and pair.b.first_day is not None:
        return UNKNOWN
    return _in_common(pair.one.weekdays, pair.b.weekdays)


def magnitude_level(pair: Encounter) -> str:
    """Compare the magnitudes of earthquakes; agencies differ by some tenths."""
    known = pair.b.magnitudes
    around = known << 1 | known >> 1 | known << 2 | known >> 2
    return _in_common(pair.one.magnitudes, known, around)


def names_level(pair: Encounter) -> str:
    """Compare the rare names of two words."""
    if not pair.a.names or not pair.b.names:
        return UNKNOWN
    shared = len(pair.a.names.intersection(pair.b.names))
    return _own(pair, _at_least(shared, NAME_LEVELS, "none"))


def title_level(pair: Encounter) -> str:
    """Compare the headlines' words, weighed likewise."""
    if not pair.a.title or not pair.b.title.hashes:
        return UNKNOWN
    return _at_least(similarity(pair.a.title, pair.b.title), TITLE_LEVELS)


def copy_level(pair: Encounter) -> str:
    """Compare the word sequences: a copy, some in common, or none."""
    if not pair.a.sketch or not pair.b.sketch:
        return UNKNOWN
    if pair.a.sketch.isdisjoint(pair.b.sketch):
        return "none"
    return _at_least(resemblance(pair.one.sketch, pair.b.sketch), COPY_LEVELS, "none")


COMPARISONS: dict[str, Callable[[Encounter], str]] = {
    "published": published_level,
    "time": time_level,
    "killed": killed_level,
    "injured": injured_level,
    "ages": ages_level,
    "streets": streets_level,
    "clock": clock_level,
    "weekday": weekday_level,
    "figures": figures_level,
    "magnitude": magnitude_level,
    "event": event_level,
    "place": place_level,
    "terms": terms_level,
    "names": names_level,
    "copy": copy_level,
    "title": title_level,
}
"""In the order in which they are made: what costs least comes first."""


def levels(a: Newcomer, b: Profile) -> dict[str, str]:
    """Return the level of every comparison, by its name."""
    pair = Encounter(a, b)
    return {name: compare(pair) for name, compare in COMPARISONS.items()}


def similarity(in_a: Mapping[int, int], b: Terms) -> float:
    """Return the cosine of two texts' terms, 0 to 1."""
    hashes, weights = b.hashes, b.weights
    total = 0
    for term in in_a.keys() & hashes:
        total += in_a[term] * weights[hashes.index(term)]
    return total / FULL_WEIGHT**2


def is_near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Say whether two points are no more than `NEAR_KM` apart; most pairs are told apart by latitude alone."""
    return abs(a[0] - b[0]) * KM_PER_DEGREE <= NEAR_KM and kilometres(*a, *b) <= NEAR_KM


def _own(pair: Encounter, level: str) -> str:
    """Return the level as that of one outlet's own articles, where it is."""
    return f"own_{level}" if pair.one.source and pair.one.source == pair.b.source else level


def _names_other(pair: Encounter) -> bool:
    """Say whether one report's telling terms name the place of the other."""
    in_a, in_b = pair.a.terms, pair.b.terms.hashes
    for place in pair.b.site.terms:
        if place in in_a:
            return True
    return any(place in in_b for place in pair.one.site.terms)


def _within_country(a: Site, b: Site) -> str:
    """Compare two different places of one country."""
    if a.point is None or b.point is None:
        return "same_country"
    if a.is_area or b.is_area:
        return "contained" if _is_within(a, b) else "elsewhere"
    if is_near(a.point, b.point):
        return "near"
    return "same_province" if a.admin1 and a.admin1 == b.admin1 else "elsewhere"


def _is_within(a: Site, b: Site) -> bool:
    """Say whether one of two places may be a part of the other, as far as their units are known."""
    same_district = a.admin2 is None or b.admin2 is None or a.admin2 == b.admin2
    return a.admin1 == b.admin1 and same_district


def _in_common(one: int, other: int, around: int = 0) -> str:
    """Compare two sets of bits: nothing in common, little of what the longer one holds, or much."""
    if not one or not other:
        return UNKNOWN
    shared = (one & (other | around)).bit_count()
    counts = one.bit_count(), other.bit_count()
    if not shared:
        return "none" if min(counts) == 1 else "none_of_more"
    if shared * 2 < max(counts):
        return "few"
    return "one" if shared == 1 else "several"


def _toll_level(a: int | None, b: int | None) -> str:
    if a is None or b is None:
        return "neither" if a is b else "one_only"
    if a == b:
        return "same_one" if a == 1 else "same"
    return "close" if abs(a - b) <= max(1, CLOSE_SHARE * max(a, b)) else "far"


def _at_most(value: float, bounds: Sequence[tuple[float, str]], otherwise: str) -> str:
    for bound, level in bounds:
        if value <= bound:
            return level
    return otherwise


def _at_least(value: float, bounds: Sequence[tuple[float, str]], otherwise: str = NONE_SHARED) -> str:
    for bound, level in bounds:
        if value >= bound:
            return level
    return otherwise
