"""Mentions to claims: one a source and figure, however often it is repeated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contracts.records import Claim, Span
from contracts.vocabulary import Measure
from processors.extract.claimants.attribution import Claimants
from processors.extract.claimants.identity import is_one_of, is_vaguer
from processors.extract.harm.mentions import Mention, counted
from processors.extract.tally.portions import (
    COINCIDENCE,
    is_headline,
    mark_parts,
    without_headlines_parts,
    without_rounded_headlines,
)
from processors.extract.text.language import Language

_MORE = frozenset({"another"})
"""Words for one more, who is nobody told of before."""
_LIMB = 4
"""Tokens within which "in the left leg" names a limb."""
_ROUND = 10
"""How many times a round figure the exact one may be."""


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
    if mention.sentence.part == "title" and mention.low > COINCIDENCE:
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
    return without_rounded_headlines(without_headlines_parts(mark_parts(claims, apart)), language)


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
        return _is_rounded(old, new) or _is_reached(old, new, language)
    one_more = {old.words.split()[0].lower(), new.words.split()[0].lower()} & _MORE
    if old.low == 1 and one_more and old.claimant != new.claimant:
        return False
    kinds = old.whose == new.whose or old.whose is None or new.whose is None
    headline = (is_headline(old) or is_headline(new)) and old.low > 1
    return (
        (headline or kinds)
        and (headline or _is_one_source(old, new, language))
        and _has_one_bound(old, new, language)
    )


def _is_one_source(old: Claim, new: Claim, language: Language) -> bool:
    joint = old.low == old.high and is_one_of(new.claimant, old.claimant)
    return joint or old.claimant == new.claimant or _is_vaguer(old, new, language) or _is_vaguer(new, old, language)


def _is_vaguer(one: Claim, other: Claim, language: Language) -> bool:
    """Whether a claim's source is nobody, or named vaguely beside the other's."""
    return one.claimant is None or (other.claimant is not None and is_vaguer(one.claimant, other.claimant, language))


def _has_one_bound(old: Claim, new: Claim, language: Language) -> bool:
    """Whether two claims of one lowest figure may differ in "at least": beside a headline, or a closer source."""
    if old.high == new.high or is_headline(old) or is_headline(new):
        return True
    opened = (old.high is None) != (new.high is None) and max(old.high or 0, new.high or 0) == old.low
    return opened and old.low > 1 and _is_one_source(old, new, language)


def _is_reached(old: Claim, new: Claim, language: Language) -> bool:
    """Whether a source's "as many as 48" is what it then gives as the figure."""
    same = old.measure is new.measure and old.subset == new.subset and _is_one_source(old, new, language)
    upto, exact = (old, new) if old.low == 1 else (new, old)
    return same and upto.low == 1 < exact.low and upto.high == exact.low == exact.high


def _is_rounded(old: Claim, new: Claim) -> bool:
    """Whether a headline's round figure is what its source says exactly: "hundreds", and "more than 200"."""
    vague = is_headline(old) and old.high is None and old.claimant is not None and not old.subset
    same = old.measure is new.measure and old.claimant == new.claimant and not new.subset
    return vague and same and old.low < new.low < _ROUND * old.low and old.words.split()[0][0].isalpha()


def _fuller(old: Claim, new: Claim, language: Language) -> Claim:
    closer = not is_headline(new) and old.claimant != new.claimant and _is_vaguer(old, new, language)
    exact = old.low == 1 < new.low and old.high == new.high
    told = is_headline(old) and not is_headline(new)
    base = new if told or exact or (closer and old.high != new.high) else old
    other = old if base is new else new
    claimant = new.claimant if closer else base.claimant if base.claimant is not None else other.claimant
    return replace(base, claimant=claimant, whose=base.whose or other.whose)
