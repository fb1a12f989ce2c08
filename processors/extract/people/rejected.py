"""Why a figure doesn't count the incident's people, by what stands beside it and by its sentence."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from dataclasses import dataclass
from functools import lru_cache

from contracts.vocabulary import RejectionReason
from processors.extract.people.numbers import Figure
from processors.extract.text.document import Sentence, Token
from processors.extract.text.language import Language, load
from processors.extract.text.patterns import Rule, Rules
from processors.extract.text.phrases import Phrases, phrases

Tokens = tuple[Token, ...]
_YEARS = range(1800, 2100)
_ASIDE = 90
"""Most characters from an aside's beginning to the words in it that look back."""
_CLAUSE_OPENERS = frozenset({"who", "which", "as", "because", "when", "where", "whose", "while", ";"})


@lru_cache(maxsize=8)
def _words(code: str, side: str) -> tuple[tuple[RejectionReason, Phrases], ...]:
    raw = load(code).raw["rejections"][side]
    return tuple((RejectionReason(name), phrases(words)) for name, words in raw.items())


@lru_cache(maxsize=8)
def _background(code: str) -> Rules[RejectionReason]:
    raw = load(code).raw["rejections"]["background"]
    return Rules(Rule(RejectionReason(name), rule, re.IGNORECASE) for name, rules in raw.items() for rule in rules)


def figure_reason(tokens: Tokens, figure: Figure, language: Language) -> RejectionReason | None:  # noqa: C901, PLR0911 - one reason after the other
    """Return why a figure doesn't count people, from the words beside it; None where they don't say."""
    if figure.last < len(tokens):
        for reason, words in _words(language.code, "after"):
            if words.match(tokens, figure.last):
                return reason
        if tokens[figure.last].low == ":" and figure.last + 1 < len(tokens) and tokens[figure.last + 1].low.isdigit():
            return RejectionReason.DATE
        if tokens[figure.last].low in {"st", "nd", "rd", "th"}:
            return RejectionReason.DATE
    if 0 < figure.first < figure.core and tokens[figure.first - 1].low in {"aged", "ages"}:
        return RejectionReason.AGE
    if figure.core > 0:
        for reason, words in _words(language.code, "before"):
            if words.match(tokens, figure.core - 1) == 1:
                return reason
        if tokens[figure.core - 1].low == ":" and figure.core > 1 and tokens[figure.core - 2].low.isdigit():
            return RejectionReason.DATE
    if _is_age(tokens, figure, language):
        return RejectionReason.AGE
    if (
        figure.exact
        and figure.low in _YEARS
        and len(tokens[figure.core].raw) == 4
        and tokens[figure.core].raw.isdigit()
    ):
        return RejectionReason.DATE
    return None


def _is_age(tokens: Tokens, figure: Figure, language: Language) -> bool:
    """Read ", 23," and "(23)" after a name."""
    if not figure.exact or figure.first != figure.core or figure.first < 2 or not tokens[figure.core].low.isdigit():
        return False
    before, after = tokens[figure.first - 1].low, tokens[figure.last].low if figure.last < len(tokens) else "."
    previous = tokens[figure.first - 2]
    if (
        after == "of"
        and figure.last + 1 < len(tokens)
        and tokens[figure.last + 1].low in {"them", "whom", "which", "these", "those"}
    ):
        return False
    return (
        0 < figure.low < 111
        and before in {",", "("}
        and after in {",", ".", ")", "and", "of", ";", "was", "were", "from", "died", "dies", "killed", "shot"}
        and previous.low.isalpha()
        and (previous.capital or (previous.low,) in language.people.nouns)
    )


def background_reason(sentence: Sentence, language: Language, last: int = 0) -> RejectionReason | None:
    """Return why a sentence's figures aren't of the incident, as in "since 2011" and "last month".

    With the end of a mention (a token), words in another clause than the mention's don't count.  Nor do those of an
    aside that only compares: "killed 40, in the worst attack since 2015".
    """
    for back in _backgrounds(sentence.text, language.code):
        if not last:
            if back.aside is None:
                return back.reason
        elif not _is_apart(sentence, back.first + sentence.start, last):
            end = sentence.tokens[last - 1].start - sentence.start
            if back.aside is None or back.aside.start <= end < back.aside.stop:
                return back.reason
    return None


@dataclass(frozen=True, slots=True)
class _Background:
    """Words that look back or ahead: the offset where they begin, and the aside that they stand in."""

    reason: RejectionReason
    first: int
    aside: range | None


@lru_cache(maxsize=4096)
def _backgrounds(text: str, code: str) -> tuple[_Background, ...]:
    """Return what in a sentence looks back or ahead."""
    return tuple(
        _Background(rule.kind, match.start(), _aside(text, match, code))
        for rule in _background(code).likely(text)
        for match in rule.pattern.finditer(text)
    )


@lru_cache(maxsize=8)
def _comparison(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what begins an aside that compares, and what goes on with it after a comma."""
    raw = load(code).raw["rejections"]["asides"]
    return re.compile(raw["begin"], re.IGNORECASE), re.compile(raw["goes_on"], re.IGNORECASE)


def _aside(text: str, match: re.Match[str], code: str) -> range | None:
    """Return the offsets of the aside that words which look back stand in: ", in the worst attack since 2015"."""
    begin, goes_on = _comparison(code)
    start = max((m.start() for m in begin.finditer(text, 0, match.end()) if m.start() <= match.start()), default=None)
    if start is None or match.start() - start > _ASIDE or not text[:start].strip():
        return None
    end = text.find(",", match.end())
    closed = end >= 0 and goes_on.match(text, end + 1) is None
    return range(start, end if closed else len(text))


def _is_apart(sentence: Sentence, offset: int, last: int) -> bool:
    """Whether a subordinate clause begins between a mention and the words at an offset after it."""
    here = next((n for n, token in enumerate(sentence.tokens) if token.start >= offset), len(sentence.tokens))
    between = sentence.tokens[last:here]
    return any(token.low in _CLAUSE_OPENERS for token in between)
