"""The sources that a sentence names: "X said", "according to X", "X: 28 killed", "X listed 28 dead".

A source may follow its clause (", said X"), be a pronoun, or be named by what it is ("the monitor").
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from processors.extract.language import Language, Phrases, load, phrases
from processors.extract.text import Sentence, Token

Tokens = tuple[Token, ...]

_LONGEST = 18
"""Most tokens of a source's name."""
_FIRST_PERSON = frozenset({"we", "i", "you"})
_ARTICLES = frozenset({"the", "a", "an"})
_CLAUSE = frozenset(
    {
        ";",
        "--",
        ":",
        '"',
        "that",
        "but",
        "while",
        "although",
        "though",
        "which",
        "who",
        "when",
        "after",
        "because",
        "as",
        "if",
    }
)
_CUT_AFTER = frozenset(
    {
        ",",
        ".",
        ";",
        "-",
        "--",
        '"',
        "who",
        "which",
        "that",
        "and",
        "but",
        "in",
        "on",
        "at",
        "after",
        "as",
        "by",
        "(",
        ":",
        "when",
        "while",
        "late",
        "early",
        "during",
        "adding",
        "told",
        "said",
    }
)
_SPOKEN = re.compile(r"^(?:said|says|told|tells|added|adds|reported|reports)$")
_HARMED = frozenset({"dead", "killed", "deaths", "missing", "injured", "wounded"})
_TAKES = frozenset({"claim", "claims", "claimed"})
"""Verbs that take lives rather than say something where a figure follows."""
_COORDINATES = frozenset({"and", "but"})


@dataclass(frozen=True, slots=True)
class Speech:
    """Vocabulary of attribution."""

    verbs: frozenset[str]
    counting: Phrases
    """Verbs and nouns by which a source gives a figure without saying that it speaks: "listed", "spoke of"."""
    according: Phrases
    classes: dict[str, str]
    persons: frozenset[str]
    pronouns: frozenset[str]
    followers: frozenset[str]
    """Words after which a speech verb's name ends."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source as a sentence names it; the figures from token `first` to before `last` are its own."""

    name: str
    kind: str
    """`pronoun`, `common` (named by what it is) or `name`."""
    verb: int
    first: int
    last: int


@lru_cache(maxsize=8)
def speech(code: str) -> Speech:
    """Return a language's vocabulary of attribution."""
    raw = load(code).raw["speech"]
    return Speech(
        verbs=frozenset(raw["verbs"]),
        counting=phrases(raw["counting"]),
        according=phrases(raw["according"]),
        classes={word: name for name, words in raw["classes"].items() for word in words},
        persons=frozenset(raw["classes"]["governor"]) | frozenset(raw["classes"]["person"]),
        pronouns=frozenset(raw["pronouns"]["words"]),
        followers=frozenset(raw["pronouns"]["followers"]),
    )


def find_sources(sentence: Sentence, language: Language) -> list[Source]:
    """Return the sources that a sentence names, from left to right."""
    words = speech(language.code)
    tokens = sentence.tokens
    sources: list[Source] = []
    for position in range(len(tokens)):
        bounds = _bounds(sentence, position, language)
        source = None if bounds is None else _source(sentence, bounds, position, words)
        if source is not None:
            sources.append(source)
        elif sources and position > 1 and _goes_on_speaking(tokens, position, words):
            sources.append(replace(sources[-1], verb=position))
    return _with_reach(sources, tokens)


def _goes_on_speaking(tokens: Tokens, position: int, words: Speech) -> bool:
    """Whether a verb has the subject of the one before: "confirmed the attack but said"."""
    return tokens[position].low in words.verbs and tokens[position - 1].low in _COORDINATES


def _bounds(sentence: Sentence, position: int, language: Language) -> tuple[int, int] | None:
    """Return where the name of the source stands that a word at a position tells of, if it tells of any."""
    words, tokens = speech(language.code), sentence.tokens
    length = words.according.match(tokens, position)
    if length:
        return _name_after(tokens, position + length, language)
    if tokens[position].low in words.verbs and _speaks(tokens, position, language):
        return _inverted(tokens, position, language) or _name_before(tokens, position, language)
    if words.counting.match(tokens, position) and _speaks(tokens, position, language):
        bounds = _name_before(tokens, position, language)
        if bounds is None or any(t.low[0].isdigit() or t.low in words.verbs for t in tokens[bounds[0] : position]):
            return None
        return bounds if is_source(tokens[bounds[0] : position], words) else None
    if sentence.part == "title" and tokens[position].low == ":":
        return _in_title(tokens, position, words)
    return None


def _in_title(tokens: Tokens, colon: int, words: Speech) -> tuple[int, int] | None:
    """Read "Police: two dead" and "Two dead: police"."""
    last = len(tokens) - 1
    if 0 < colon < 6 and is_source(tokens[:colon], words):
        return 0, colon
    return (colon + 1, last + 1) if last - 4 < colon < last and is_source(tokens[colon + 1 :], words) else None


def is_source(tokens: Tokens, words: Speech) -> bool:
    """Whether a phrase can be a source by its words alone: an office, an organisation, an acronym."""
    return any(token.low in words.classes for token in tokens) or any(
        len(token.raw) > 2 and token.raw.isupper() and token.raw.isalpha()
        for token in tokens
        if not _is_shouted(tokens)
    )


def _is_shouted(tokens: Tokens) -> bool:
    """Whether a phrase is all in capitals, so that acronyms don't stand out."""
    return len(tokens) > 1 and all(token.raw.isupper() for token in tokens if token.low[0].isalpha())


def _speaks(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a verb form is finite and active: not "was reported", "were said"."""
    grammar = language.grammar
    before = tokens[position - 1].low if position else ""
    if before in grammar.be or (
        before in {"reportedly", "also"} and position > 1 and tokens[position - 2].low in grammar.be
    ):
        return False
    after = tokens[position + 1].low if position + 1 < len(tokens) else "."
    if after in _HARMED or (
        tokens[position].low in _TAKES and (after[0].isdigit() or after in language.numbers.words)
    ):
        return False
    return not (before in grammar.determiners or before in {"to", "of"})


def _name_after(tokens: Tokens, start: int, language: Language) -> tuple[int, int] | None:
    end = start
    while end < len(tokens) and end - start < _LONGEST:
        word = tokens[end].low
        if word in _CUT_AFTER - {"in", "on", "at", "and", "("} or (
            word in {"in", "on", "at", "and"} and not _goes_on(tokens, end)
        ):
            break
        if word in language.grammar.be | language.grammar.have | language.grammar.weekdays:
            break
        if word == "(":
            break
        end += 1
    end = _with_acronym(tokens, end)
    return (start, end) if end > start else None


def _goes_on(tokens: Tokens, position: int) -> bool:
    """Whether "of", "in" or "and" goes on with a name: "Doctors Without Borders", "ministry in Kabul"."""
    return (
        position + 1 < len(tokens)
        and tokens[position + 1].capital
        and tokens[position].low == "and"
        and tokens[position - 1].capital
    )


def _with_acronym(tokens: Tokens, end: int) -> int:
    if (
        end + 2 < len(tokens)
        and tokens[end].low == "("
        and tokens[end + 2].low == ")"
        and tokens[end + 1].raw.isupper()
    ):
        return end + 3
    return end


def _name_before(tokens: Tokens, verb: int, language: Language) -> tuple[int, int] | None:
    grammar = language.grammar
    end = verb
    while end > 0 and (
        tokens[end - 1].low in {"also", "later", "earlier", "has", "have", "had", "then", "further"}
        or tokens[end - 1].low.endswith("ly")
    ):
        end -= 1
    if end > 0 and tokens[end - 1].low == ",":
        return _before_apposition(tokens, end - 1, language)
    start = end
    while start > 0 and end - start < _LONGEST:
        word = tokens[start - 1].low
        if (
            word in _CLAUSE
            or word in grammar.be
            or word in grammar.have
            or (word == "," and not _inside_name(tokens, start))
        ):
            break
        if word == "and" and not (start > 1 and _joins_sources(tokens[start - 2], language)):
            break
        start -= 1
    if end - start >= _LONGEST:
        return None
    return _trimmed(tokens, start, end, language)


def _joins_sources(before: Token, language: Language) -> bool:
    """Whether "and" after a word goes on with a source: "residents and medics", "Police and Army"."""
    return before.capital or (before.low,) in language.people.nouns or before.low in speech(language.code).classes


def _inside_name(tokens: Tokens, start: int) -> bool:
    return start > 2 and tokens[start].low in {"jr", "sr"}


def _before_apposition(tokens: Tokens, comma: int, language: Language) -> tuple[int, int] | None:
    """Read "John Roe, a spokesman for the governor, said": the name before the apposition."""
    here = comma - 1
    while here > 0 and comma - here < _LONGEST and tokens[here].low not in {",", '"', ";"}:
        here -= 1
    if here <= 0 or tokens[here].low != ",":
        return None
    start = here
    while start > 0 and tokens[start - 1].low not in _CLAUSE | {","} and here - start < _LONGEST:
        start -= 1
    if start == here or not (tokens[start].capital or tokens[start].low in _ARTICLES):
        return None
    between = tokens[here + 1 : comma]
    if tokens[start].low in _ARTICLES and 1 < len(between) < 5 and all(token.capital for token in between):
        return start, comma
    return _trimmed(tokens, start, here, language)


def _trimmed(tokens: Tokens, start: int, end: int, language: Language) -> tuple[int, int] | None:
    """Leave out what isn't the source's own phrase: times, adverbs and prepositional phrases before it."""
    grammar = language.grammar
    words = speech(language.code)
    for here in range(end - 1, start - 1, -1):
        if tokens[here].low in {"in", "on", "at", "during", "by"} and not (
            tokens[start].capital or is_source(tokens[start:here], words)
        ):
            return None
    while start < end and (
        tokens[start].low
        in grammar.weekdays | {"meanwhile", "and", "but", "however", "earlier", "later", "on", "in", "also"}
        or not tokens[start].low[0].isalnum()
    ):
        start += 1
    return (start, end) if start < end else None


def _inverted(tokens: Tokens, verb: int, language: Language) -> tuple[int, int] | None:
    """Read '", said John Roe'."""
    if verb == 0 or tokens[verb - 1].low not in {",", '"', "'", "?", "!"} or not _SPOKEN.match(tokens[verb].low):
        return None
    bounds = _name_after(tokens, verb + 1, language)
    if bounds is None:
        return None
    words, first = speech(language.code), tokens[bounds[0]]
    named = first.capital or first.low in _ARTICLES or is_source(tokens[bounds[0] : bounds[0] + 3], words)
    counted = first.low[0].isdigit() or first.low in language.numbers.words or first.low in words.followers
    return bounds if named and not counted else None


def _source(sentence: Sentence, bounds: tuple[int, int], verb: int, words: Speech) -> Source | None:
    first, last = bounds
    tokens = sentence.tokens
    if tokens[first].low in _FIRST_PERSON:
        return None
    if tokens[first].low in words.pronouns and tokens[first].low != "who":
        return Source(tokens[first].low, "pronoun", verb, 0, len(tokens)) if last == first + 1 else None
    while first < last and (tokens[first].low in _ARTICLES or tokens[first].low.endswith("-based")):
        first += 1
    if first == last or not any(token.low[0].isalpha() for token in tokens[first:last]):
        return None
    start = first if first or tokens[0].low not in words.classes else 1
    named = any(token.capital and token.low not in words.classes for token in tokens[start:last])
    if sentence.part == "title" and any(token.low in words.classes for token in tokens[first:last]):
        named = False
    name = sentence.words(first, last)
    return Source(name, "name" if named else "common", verb, 0, len(tokens))


def _with_reach(sources: list[Source], tokens: Tokens) -> list[Source]:
    """Say which tokens each source stands behind: up to a source before it, from a source after it."""
    reached: list[Source] = []
    for number, source in enumerate(sources):
        first = 0 if number == 0 else reached[-1].last
        last = len(tokens)
        if number + 1 < len(sources):
            last = _boundary(tokens, source.verb, sources[number + 1].verb)
        reached.append(replace(source, first=first, last=last))
    return reached


def _boundary(tokens: Tokens, verb: int, following: int) -> int:
    """Return where one source's words end and the next one's begin: at the last comma, semicolon or "but"."""
    for here in range(following, verb, -1):
        if tokens[here].low in {";", "but", "while", "although"}:
            return here
    for here in range(following, verb, -1):
        if tokens[here].low in {",", "and"}:
            return here
    return following
