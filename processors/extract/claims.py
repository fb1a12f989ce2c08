"""Mentions to claims: one a source and figure, however often it is repeated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from contracts.records import Claim
from processors.extract.attribution import Claimants
from processors.extract.mentions import Mention, counted

ATTACKERS = "attackers"
"""Whose claims of attackers are that died with their attack."""
_NEAR = 240
"""Characters within which figures of one source are taken to be told together."""
_OPINION = 0.5
"""Share of a figure from which on another source's figure is taken to be of the same whole."""
_COINCIDENCE = 2
"""Figures up to this one may stand in a text for anything."""


@dataclass(frozen=True, slots=True)
class Attributed:
    """A mention and who stands behind it."""

    mention: Mention
    claimant: str | None


def attribute(mentions: Iterable[Mention], claimants: Claimants) -> list[Attributed]:
    """Return each mention with its claimant; None: the outlet itself."""
    return [Attributed(m, _claimant(m, claimants)) for m in mentions]


def _claimant(mention: Mention, claimants: Claimants) -> str | None:
    """Return who stands behind a mention; for a headline, who gives its figure in the text."""
    told = claimants.claimant(mention.sentence, mention.group.first)
    if mention.sentence.part == "title" and mention.low > _COINCIDENCE:
        return claimants.of_figure(mention.low) or told
    return told


def make_claims(attributed: Iterable[Attributed]) -> tuple[Claim, ...]:
    """Return the claims in the order of the text, each figure once a source."""
    claims: list[Claim] = []
    for item in attributed:
        if item.mention.measure is not None and counted(item.mention):
            _merge(claims, _claim(item))
    sums = _summed(claims)
    return tuple(
        replace(claim, subset=True) if number in sums or _is_part(claim, claims) else claim
        for number, claim in enumerate(claims)
    )


def _summed(claims: list[Claim]) -> set[int]:
    """Return the positions of figures of one source that follow each other and add up to a figure given before.

    "A bus crash killed 22 … 17 died on the spot and five on the way": the 17 and the five are parts.
    """
    found: set[int] = set()
    for one, other in pairwise(n for n, claim in enumerate(claims) if claim.low and not claim.subset):
        first, second = claims[one], claims[other]
        same = first.measure is second.measure and first.claimant == second.claimant
        near = same and second.span.start - first.span.start < _NEAR and first.span.part == second.span.part == "text"
        wholes = (c.low for c in claims[:one] if c.measure is first.measure and not c.subset)
        if near and first.low > 1 and first.low + second.low in wholes:
            found |= {one, other}
    return found


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
        and whole.low > claim.low
        and _stands_before(whole, claim)
        and _may_hold(whole, claim)
        and whole.whose in {None, claim.whose}
        for whole in claims
    )


def _may_hold(whole: Claim, claim: Claim) -> bool:
    """Whether a figure may be the whole of another, by who gives both."""
    nobodys = None in {whole.claimant, claim.claimant}
    return whole.claimant == claim.claimant or (nobodys and claim.low <= _OPINION * whole.low)


def _stands_before(one: Claim, other: Claim) -> bool:
    title = one.span.part == "title"
    return one.sentence != other.sentence and (title or one.span.start < other.span.start)


def _claim(item: Attributed) -> Claim:
    mention = item.mention
    assert mention.measure is not None  # noqa: S101 - narrowed by the caller for the type checker
    return Claim(
        measure=mention.measure,
        low=mention.low,
        high=mention.high,
        words=mention.words,
        whose=mention.group.whose,
        subset=mention.subset,
        claimant=item.claimant,
        sentence=mention.sentence.text,
        span=mention.sentence.span(mention.group.first, mention.group.last),
    )


def _merge(claims: list[Claim], new: Claim) -> None:
    """Add a claim, or let it complete the one that says the same."""
    for number, old in enumerate(claims):
        if _is_same(old, new):
            claims[number] = _fuller(old, new)
            return
    claims.append(new)


def _is_same(old: Claim, new: Claim) -> bool:
    """Whether two claims are one source's one figure; the outlet's own words are taken to rest on the source."""
    headline = _is_headline(old) or _is_headline(new)
    sources = (
        old.claimant == new.claimant or old.claimant is None or new.claimant is None or (headline and old.low > 1)
    )
    figure = old.low == new.low and (old.high == new.high or headline)
    kinds = old.whose == new.whose or old.whose is None or new.whose is None
    return sources and figure and kinds and old.measure is new.measure and old.subset == new.subset


def _is_headline(claim: Claim) -> bool:
    """Whether a claim stands in the title, where "at least" is left out for space."""
    return claim.span.part == "title"


def _fuller(old: Claim, new: Claim) -> Claim:
    base = new if _is_headline(old) and not _is_headline(new) else old
    other = old if base is new else new
    return replace(
        base, claimant=base.claimant if base.claimant is not None else other.claimant, whose=base.whose or other.whose
    )
