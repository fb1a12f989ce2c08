"""Which claims are parts of others, by their figures and their sources across the text."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import pairwise

from contracts.records import Claim, Span
from processors.extract.text.language import Language

ATTACKERS = "attackers"
"""Whose claims of attackers are that died with their attack."""
COINCIDENCE = 2
"""Figures up to this one may stand in a text for anything."""
_NEAR = 240
"""Characters within which figures of one source are taken to be told together."""
_ROUND, _OVER = 5, 1.5
"""How many times "dozens" and "more than 100" the exact figure may be."""
_VAGUE = frozenset({"dozens", "scores", "hundreds", "thousands", "many", "several", "tens"})
_REBUTS = ("only ", "just ")
"""By what begins a figure that contradicts a greater one."""
_OPINION = 0.5
"""Share of a figure from which on another source's figure is taken to be of the same whole."""


def mark_parts(claims: list[Claim], apart: AbstractSet[Span]) -> tuple[Claim, ...]:
    """Return the claims, those marked that are parts of others; `apart`: where figures stand that are none."""
    sums = _summed(claims) | _divided(claims)
    return tuple(
        replace(claim, subset=True)
        if number in sums or (claim.span not in apart and _is_part(claim, claims))
        else claim
        for number, claim in enumerate(claims)
    )


def without_headlines_parts(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return the claims without a headline's figure that the text only gives as a part: "11 students, guard die"."""
    text = [c for c in claims if c.span.part == "text"]
    parts = {(c.measure, c.low) for c in text if c.subset} - {(c.measure, c.low) for c in text if not c.subset}
    most = {c.measure: max(whole.low for whole in text if whole.measure is c.measure) for c in text}
    return tuple(
        c
        for c in claims
        if not (
            is_headline(c) and c.low > COINCIDENCE and (c.measure, c.low) in parts and most.get(c.measure, 0) > c.low
        )
    )


def without_rounded_headlines(claims: tuple[Claim, ...], language: Language) -> tuple[Claim, ...]:
    """Return the claims without a headline's round figure where the text has the exact one: "toll passes 100".

    What is only feared stays: "dozens feared dead".
    """
    text = [c for c in claims if c.span.part == "text" and not c.subset]
    supposed = language.links["supposed"]
    return tuple(
        c
        for c in claims
        if not (
            is_headline(c)
            and supposed.isdisjoint(c.sentence.lower().split())
            and any(_is_exact(whole, c) for whole in text)
        )
    )


def _is_exact(claim: Claim, headline: Claim) -> bool:
    """Whether a figure of the text is what a headline's "dozens" or "over 100" stands for."""
    times = _ROUND if headline.words[0].isalpha() and headline.words.split()[0].lower() in _VAGUE else _OVER
    is_open = headline.high is None and headline.low > COINCIDENCE
    return is_open and claim.measure is headline.measure and headline.low <= claim.low <= times * headline.low


def _summed(claims: list[Claim]) -> set[int]:
    """Return the positions of figures of one source that follow each other and add up to a figure given before.

    "A bus crash killed 22 … 17 died on the spot and five on the way": the 17 and the five are parts.  So are 12 who
    were found dead and "three of" those taken to hospital, where 15 died.
    """
    found: set[int] = set()
    for one, other in (*_neighbours(claims), *_over_parts(claims)):
        first, second = claims[one], claims[other]
        near = _are_together(first, second) and second.span.start - first.span.start < _NEAR
        if near and first.low > 1 and first.low + second.low in _wholes(claims[:one], first, {None, first.claimant}):
            found |= {one, other}
    return found


def _neighbours(claims: list[Claim]) -> Iterator[tuple[int, int]]:
    """Yield the positions of figures of one measure that follow each other, not both of them parts already."""
    for measure in dict.fromkeys(claim.measure for claim in claims):
        own = (n for n, c in enumerate(claims) if c.measure is measure and c.low and c.whose != ATTACKERS)
        yield from ((one, other) for one, other in pairwise(own) if not (claims[one].subset and claims[other].subset))


def _over_parts(claims: list[Claim]) -> Iterator[tuple[int, int]]:
    """Yield the positions of figures between which a part of the first stands: "nine, a girl among them … two"."""
    for measure in dict.fromkeys(claim.measure for claim in claims):
        own = [n for n, c in enumerate(claims) if c.measure is measure and c.low]
        for one, part, other in zip(own, own[1:], own[2:], strict=False):
            inside = claims[part].subset and claims[part].sentence == claims[one].sentence
            if inside and not claims[other].subset:
                yield one, other


def _wholes(before: Iterable[Claim], part: Claim, claimants: AbstractSet[str | None] | None = None) -> set[int]:
    """Return the figures given before that may be a part's whole, those of certain claimants where given."""
    wholes = (c for c in before if c.measure is part.measure and not c.subset)
    return {c.low for c in wholes if claimants is None or c.claimant in claimants}


def _divided(claims: list[Claim]) -> set[int]:
    """Return the positions of two figures of one source and sentence that together stay below one given before.

    "The storm killed 475 … 258 bodies were found on the coast, while 191 were recovered inland."
    """
    found: set[int] = set()
    for one, other in _neighbours(claims):
        first, second = claims[one], claims[other]
        both = _are_together(first, second) and first.sentence == second.sentence and first.whose == second.whose
        total = first.low + second.low
        within = any(total <= whole <= total / _OPINION for whole in _wholes(claims[:one], first))
        if both and within and min(first.low, second.low) > 1 and not first.subset and not second.subset:
            found |= {one, other}
    return found


def _are_together(first: Claim, second: Claim) -> bool:
    """Whether two figures of the text count the same thing by the same source."""
    same = first.measure is second.measure and first.claimant == second.claimant
    return same and first.span.part == second.span.part == "text"


def _is_part(claim: Claim, claims: Iterable[Claim]) -> bool:
    """Whether a figure is a part of a greater one that the same source gave before, in another sentence.

    "A quake killed 271 … 47 bodies were found in one village": the village's dead are among the 271.  A smaller
    figure of another source is another opinion of the whole.
    """
    if claim.subset or claim.low == 0 or claim.span.part == "title" or claim.whose in {ATTACKERS, "militants"}:
        return claim.subset
    return any(
        whole.measure is claim.measure
        and not whole.subset
        and whole.low > _size(claim)
        and _stands_before(whole, claim)
        and _may_hold(whole, claim)
        and whole.whose in {None, claim.whose}
        for whole in claims
    )


def _size(claim: Claim) -> int:
    """Return what a figure counts at least, or at most where that is all that is said: "up to 24"."""
    return claim.high if claim.low == 1 and claim.high is not None else claim.low


def _may_hold(whole: Claim, claim: Claim) -> bool:
    """Whether a figure may be the whole of another, by who gives both."""
    half = _size(claim) <= _OPINION * whole.low
    if claim.words.lower().startswith(_REBUTS) and claim.claimant is not None:  # "only five had died, police said"
        half = False
    one = claim.claimant is None and claim.low == claim.high == 1
    return whole.claimant == claim.claimant or (half and (whole.claimant is None or one))


def _stands_before(one: Claim, other: Claim) -> bool:
    title = one.span.part == "title"
    return one.sentence != other.sentence and (title or one.span.start < other.span.start)


def is_headline(claim: Claim) -> bool:
    """Whether a claim stands in the title, where "at least" is left out for space."""
    return claim.span.part == "title"
