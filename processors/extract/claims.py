"""Mentions to claims: one a source and figure, however often it is repeated."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from contracts.records import Claim, Span
from contracts.vocabulary import Measure
from processors.extract.attribution import Claimants
from processors.extract.identity import is_vaguer
from processors.extract.language import Language
from processors.extract.mentions import Mention, counted

ATTACKERS = "attackers"
"""Whose claims of attackers are that died with their attack."""
_NEAR = 240
"""Characters within which figures of one source are taken to be told together."""
_OPINION = 0.5
"""Share of a figure from which on another source's figure is taken to be of the same whole."""
_MORE = frozenset({"another"})
"""Words for one more, who is nobody told of before."""
_LIMB = 4
"""Tokens within which "in the left leg" names a limb."""
_ROUND = 10
"""How many times a round figure the exact one may be."""
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


def make_claims(attributed: Iterable[Attributed], language: Language) -> tuple[Claim, ...]:
    """Return the claims in the order of the text, each figure once a source."""
    claims: list[Claim] = []
    apart: set[Span] = set()
    for item in attributed:
        measure = item.mention.measure or _wounded(item.mention, language)
        if measure is not None and counted(item.mention):
            claim = _claim(item, measure)
            _merge(claims, claim, language)
            if item.mention.apart:
                apart.add(claim.span)
    sums = _summed(claims) | _divided(claims)
    marked = (
        replace(claim, subset=True)
        if number in sums or (claim.span not in apart and _is_part(claim, claims))
        else claim
        for number, claim in enumerate(claims)
    )
    return _without_headline_parts(tuple(marked))


def _without_headline_parts(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return the claims without a headline's figure that the text only gives as a part: "11 students, guard die"."""
    text = [c for c in claims if c.span.part == "text"]
    parts = {(c.measure, c.low) for c in text if c.subset} - {(c.measure, c.low) for c in text if not c.subset}
    most = {c.measure: max(whole.low for whole in text if whole.measure is c.measure) for c in text}
    return tuple(
        c
        for c in claims
        if not (
            _is_headline(c)
            and c.low > _COINCIDENCE
            and (c.measure, c.low) in parts
            and most.get(c.measure, 0) > c.low
        )
    )


def _summed(claims: list[Claim]) -> set[int]:
    """Return the positions of figures of one source that follow each other and add up to a figure given before.

    "A bus crash killed 22 … 17 died on the spot and five on the way": the 17 and the five are parts.  So are 12 who
    were found dead and "three of" those taken to hospital, where 15 died.
    """
    found: set[int] = set()
    for one, other in _neighbours(claims):
        first, second = claims[one], claims[other]
        near = _are_together(first, second) and second.span.start - first.span.start < _NEAR
        if near and first.low > 1 and first.low + second.low in _wholes(claims[:one], first, {None, first.claimant}):
            found |= {one, other}
    return found


def _neighbours(claims: list[Claim]) -> Iterator[tuple[int, int]]:
    """Yield the positions of figures of one measure that follow each other, the first of them no part."""
    for measure in dict.fromkeys(claim.measure for claim in claims):
        own = (n for n, c in enumerate(claims) if c.measure is measure and c.low and c.whose != ATTACKERS)
        yield from ((one, other) for one, other in pairwise(own) if not claims[one].subset)


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
        if both and within and min(first.low, second.low) > 1:
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
    nobodys = None in {whole.claimant, claim.claimant}
    return whole.claimant == claim.claimant or (nobodys and _size(claim) <= _OPINION * whole.low)


def _stands_before(one: Claim, other: Claim) -> bool:
    title = one.span.part == "title"
    return one.sentence != other.sentence and (title or one.span.start < other.span.start)


def _wounded(mention: Mention, language: Language) -> Measure | None:
    """Return that somebody hit in a limb was injured: "was shot in the leg"."""
    after = [token.low for token in mention.sentence.tokens[mention.trigger_last : mention.trigger_last + _LIMB]]
    hit = mention.measure is None and after[:1] == ["in"] and not language.links["limbs"].isdisjoint(after)
    return Measure.INJURED if hit else None


def _claim(item: Attributed, measure: Measure) -> Claim:
    mention = item.mention
    return Claim(
        measure=measure,
        low=mention.low,
        high=mention.high,
        words=mention.words,
        whose=mention.group.whose,
        subset=mention.subset,
        claimant=item.claimant,
        sentence=mention.sentence.text,
        span=mention.sentence.span(mention.group.first, mention.group.last),
    )


def _merge(claims: list[Claim], new: Claim, language: Language) -> None:
    """Add a claim, or let it complete the one that says the same."""
    for number, old in enumerate(claims):
        if _is_same(old, new, language):
            claims[number] = _fuller(old, new, language)
            return
    claims.append(new)


def _is_same(old: Claim, new: Claim, language: Language) -> bool:
    """Whether two claims are one source's one figure; the outlet's own words are taken to rest on the source.

    So are those of a source that is named vaguely: "officials said", and then "the mayor, Omid Roe, said".
    """
    if old.measure is not new.measure or old.subset != new.subset or old.low != new.low:
        return _is_rounded(old, new)
    one_more = {old.words.split()[0].lower(), new.words.split()[0].lower()} & _MORE
    if old.low == 1 and one_more and old.claimant != new.claimant:
        return False
    kinds = old.whose == new.whose or old.whose is None or new.whose is None
    headline = (_is_headline(old) or _is_headline(new)) and old.low > 1
    return (
        (headline or kinds)
        and (headline or _is_one_source(old, new, language))
        and _has_one_bound(old, new, language)
    )


def _is_one_source(old: Claim, new: Claim, language: Language) -> bool:
    return old.claimant == new.claimant or _is_vaguer(old, new, language) or _is_vaguer(new, old, language)


def _is_vaguer(one: Claim, other: Claim, language: Language) -> bool:
    """Whether a claim's source is nobody, or named vaguely beside the other's."""
    return one.claimant is None or (other.claimant is not None and is_vaguer(one.claimant, other.claimant, language))


def _has_one_bound(old: Claim, new: Claim, language: Language) -> bool:
    """Whether two claims of one lowest figure may differ in "at least": beside a headline, or a closer source."""
    if old.high == new.high or _is_headline(old) or _is_headline(new):
        return True
    opened = (old.high is None) != (new.high is None) and max(old.high or 0, new.high or 0) == old.low
    return opened and old.low > 1 and _is_one_source(old, new, language)


def _is_rounded(old: Claim, new: Claim) -> bool:
    """Whether a headline's round figure is what its source says exactly: "hundreds", and "more than 200"."""
    vague = _is_headline(old) and old.high is None and old.claimant is not None and not old.subset
    same = old.measure is new.measure and old.claimant == new.claimant and not new.subset
    return vague and same and old.low < new.low < _ROUND * old.low and old.words.split()[0][0].isalpha()


def _is_headline(claim: Claim) -> bool:
    """Whether a claim stands in the title, where "at least" is left out for space."""
    return claim.span.part == "title"


def _fuller(old: Claim, new: Claim, language: Language) -> Claim:
    closer = not _is_headline(new) and old.claimant != new.claimant and _is_vaguer(old, new, language)
    base = new if (_is_headline(old) and not _is_headline(new)) or (closer and old.high != new.high) else old
    other = old if base is new else new
    claimant = new.claimant if closer else base.claimant if base.claimant is not None else other.claimant
    return replace(base, claimant=claimant, whose=base.whose or other.whose)
