"""The comparisons of two reports: each ends in a named level, whose weight `weights.toml` gives."""

from collections.abc import Callable, Mapping, Sequence

from contracts.geo import kilometres
from processors.resolve.copies import COPY_RESEMBLANCE, resemblance
from processors.resolve.families import FAMILY, RELATED
from processors.resolve.profile import Newcomer, Profile, Terms

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
TITLE_LEVELS = ((0.50, "t50"), (0.25, "t25"), (0.10, "t10"))
NONE_SHARED = "t00"


def place_level(a: Newcomer, b: Profile) -> str:
    """Compare where: the same gazetteer entry, near, one within the other, spelled alike, or elsewhere."""
    one = a.profile
    if one.gazetteer_id and one.gazetteer_id == b.gazetteer_id:
        return "same_area" if b.is_area else "same_common" if b.is_common_name else "same"
    if not set(one.spellings).isdisjoint(b.spellings):
        return "spelled_alike"
    if one.country is None or b.country is None:
        return UNKNOWN
    level = _within_country(one, b) if one.country == b.country else "other_country"
    if level not in APART:
        return level
    if _names_other(a, b):
        return f"{level}_named"
    return f"{level}_alone" if similarity(a.terms, b.terms) < LITTLE_IN_COMMON else level


def time_level(a: Newcomer, b: Profile) -> str:
    """Compare when it happened, by the days between the two spans."""
    if a.profile.first_day is None or b.first_day is None or a.profile.last_day is None or b.last_day is None:
        return UNKNOWN
    gap = max(a.profile.first_day - b.last_day, b.first_day - a.profile.last_day)
    return _at_most(gap, ((0, "same"), (1, "adjacent"), (3, "days"), (14, "weeks")), "apart")


def published_level(a: Newcomer, b: Profile) -> str:
    """Compare when it was reported."""
    if a.profile.reported_day is None or b.reported_day is None:
        return UNKNOWN
    gap = abs(a.profile.reported_day - b.reported_day)
    return _at_most(gap, ((1.5, "day"), (3.5, "days"), (8, "week"), (31, "weeks")), "months")


def event_level(a: Newcomer, b: Profile) -> str:
    """Compare what kind of event it was."""
    if a.profile.event_type is b.event_type:
        return "same"
    families = frozenset((FAMILY[a.profile.event_type], FAMILY[b.event_type]))
    if len(families) == 1:
        return "family"
    if "other" in families:
        return "other"
    return "related" if families in RELATED else "different"


def killed_level(a: Newcomer, b: Profile) -> str:
    """Compare the numbers killed."""
    return _toll_level(a.profile.killed, b.killed)


def injured_level(a: Newcomer, b: Profile) -> str:
    """Compare the numbers injured."""
    return _toll_level(a.profile.injured, b.injured)


def terms_level(a: Newcomer, b: Profile) -> str:
    """Compare the key terms, weighed by how telling each is.

    One outlet's articles share its furniture, so that the same similarity tells less there: levels `own…`.
    """
    if not a.terms or not b.terms.hashes:
        return UNKNOWN
    return _own(a, b, _at_least(similarity(a.terms, b.terms), TERM_LEVELS))


def ages_level(a: Newcomer, b: Profile) -> str:
    """Compare the ages of the people in them."""
    if not a.profile.ages or not b.ages:
        return UNKNOWN
    shared = (a.profile.ages & b.ages).bit_count()
    return "none" if not shared else "one" if shared == 1 else "several"


def names_level(a: Newcomer, b: Profile) -> str:
    """Compare the rare names of two words."""
    if not a.names or not b.names:
        return UNKNOWN
    shared = len(a.names.intersection(b.names))
    return _own(a, b, _at_least(shared, ((4, "four"), (2, "two"), (1, "one")), "none"))


def title_level(a: Newcomer, b: Profile) -> str:
    """Compare the headlines' words, weighed likewise."""
    if not a.title or not b.title.hashes:
        return UNKNOWN
    return _at_least(similarity(a.title, b.title), TITLE_LEVELS)


def copy_level(a: Newcomer, b: Profile) -> str:
    """Compare the word sequences: a copy, some in common, or none."""
    if not a.sketch or not b.sketch:
        return UNKNOWN
    if a.sketch.isdisjoint(b.sketch):
        return "none"
    shared = resemblance(a.profile.sketch, b.sketch)
    return _at_least(shared, ((COPY_RESEMBLANCE, "copy"), (AKIN_RESEMBLANCE, "akin")), "none")


COMPARISONS: dict[str, Callable[[Newcomer, Profile], str]] = {
    "published": published_level,
    "time": time_level,
    "place": place_level,
    "terms": terms_level,
    "names": names_level,
    "killed": killed_level,
    "ages": ages_level,
    "injured": injured_level,
    "event": event_level,
    "copy": copy_level,
    "title": title_level,
}
"""In the order in which they are made: what tells most for its cost comes first."""


def levels(a: Newcomer, b: Profile) -> dict[str, str]:
    """Return the level of every comparison, by its name."""
    return {name: compare(a, b) for name, compare in COMPARISONS.items()}


def similarity(in_a: Mapping[int, float], b: Terms) -> float:
    """Return the cosine of two texts' terms, 0 to 1."""
    return sum([in_a[term] * weight for term, weight in zip(b.hashes, b.weights) if term in in_a])  # noqa: B905 - made of equal length, and `strict` costs time here


def is_near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    """Say whether two points are no more than `NEAR_KM` apart; most pairs are told apart by latitude alone."""
    return abs(a[0] - b[0]) * KM_PER_DEGREE <= NEAR_KM and kilometres(*a, *b) <= NEAR_KM


def _own(a: Newcomer, b: Profile, level: str) -> str:
    """Return the level as that of one outlet's own articles, where it is."""
    return f"own_{level}" if a.profile.source and a.profile.source == b.source else level


def _names_other(a: Newcomer, b: Profile) -> bool:
    """Say whether one report's telling terms name the place of the other."""
    return not a.terms.keys().isdisjoint(b.place_terms) or any(
        place in b.terms.hashes for place in a.profile.place_terms
    )


def _within_country(a: Profile, b: Profile) -> str:
    """Compare two different places of one country."""
    if a.point is None or b.point is None:
        return "same_country"
    if a.is_area or b.is_area:
        return "contained" if _is_within(a, b) else "elsewhere"
    if is_near(a.point, b.point):
        return "near"
    return "same_province" if a.admin1 and a.admin1 == b.admin1 else "elsewhere"


def _is_within(a: Profile, b: Profile) -> bool:
    """Say whether one of two places may be a part of the other, as far as their units are known."""
    same_district = a.admin2 is None or b.admin2 is None or a.admin2 == b.admin2
    return a.admin1 == b.admin1 and same_district


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
