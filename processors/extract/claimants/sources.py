"""The sources that a sentence names: "X said", "according to X", "X: 28 killed", "X listed 28 dead".

A source may follow its clause (", said X"), be a pronoun, or be named by what it is ("the monitor").  `naming` finds
where its name stands, and `attribution` whom it means.
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from dataclasses import replace
from functools import lru_cache

from processors.extract.claimants.descriptions import Bounds, with_description
from processors.extract.claimants.naming import in_title, inverted, name_after, name_before
from processors.extract.claimants.reach import ENDS, with_reach
from processors.extract.claimants.speech import ARTICLES, POSSESSIVES, Speech, Tokens, is_source, speech
from processors.extract.claimants.spoken import (
    GIVEN,
    QUOTED,
    Source,
    apposed,
    figures_owner,
    giver_of,
    is_quoted_by,
    owner_of,
    reader_of,
    with_readers,
)
from processors.extract.people.numbers import number_value
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language

_NOBODY = frozenset({"we", "i", "you", "nobody", "none", "no", "neither"})
"""Words of whoever tells, and for nobody."""
_HARMED = frozenset({"dead", "killed", "deaths", "missing", "injured", "wounded"})
_TAKES = frozenset({"claim", "claims", "claimed"})
"""Verbs that take lives rather than say something where a figure follows."""
_SAID = frozenset({"said", "says", "told", "announced", "added", "wrote"})
_THAT = 6  # tokens within which a speaker's that-clause begins
_CLOSE = 3  # tokens that a subject, its verb and "and" are at least
_REACTION = 8  # tokens before a verb of speech within which its subject reacts
_MARKS = frozenset({":", "-", "--"})
"""What stands between a headline's source and what it says."""
_COORDINATES = frozenset({"and", "but"})


def find_sources(sentence: Sentence, language: Language, quoted: tuple[bool, ...]) -> list[Source]:
    """Return the sources that a sentence names, from left to right; `quoted`: which tokens are in quotation marks.

    Whoever speaks inside a quotation is quoted as speaking, and is no source.
    """
    words, telling = speech(language.code), _telling(language.code)
    tokens = sentence.tokens
    sources: list[Source] = []
    bracket = False
    for position in range(len(tokens)):
        bracket = tokens[position].low == "[" or (bracket and tokens[position].low != "]")
        if bracket or quoted[position] or tokens[position].low not in telling:
            continue
        bounds = _bounds(sentence, position, language)
        source = None if bounds is None else _source(sentence, bounds, position, words)
        if source is not None and sources and _is_told_of(tokens, sources[-1], source, words):
            continue
        if source is not None:
            sources = [s for s in sources if not _is_told_by(tokens, s, source, words)]
            sources.append(source)
        elif sources and position > 1 and _goes_on_speaking(tokens, position, words):
            sources.append(replace(sources[-1], verb=position))
    return with_reach(with_readers(sources, tokens), tokens, language)


def _is_told_of(tokens: Tokens, speaker: Source, source: Source, words: Speech) -> bool:
    """Whether a source is only what a speaker tells of: "the charity said that its clinic received 12".

    So are figures: "he told the agency by phone that initial figures indicated 60".
    """
    between = tokens[speaker.verb + 1 : source.begin]
    if source.name.rsplit(" ", 1)[-1] in words.instruments and "that" in {token.low for token in between[-2:]}:
        return True
    return (
        words.doing.match(tokens, source.verb) > 0
        and speaker.verb < source.begin
        and len(between) < _THAT
        and not any(token.low in ENDS for token in between)
    )


def _is_told_by(tokens: Tokens, source: Source, speaker: Source, words: Speech) -> bool:
    """Whether a source is only what a speaker after it tells of: "Hospitals had received 60, said the mayor"."""
    told = words.doing.match(tokens, source.verb) > 0 and not words.verbs.match(tokens, source.verb)
    inverted_order = speaker.begin > speaker.verb > source.verb and tokens[speaker.verb - 1].low == ","
    after = tokens[speaker.verb + 1].low if speaker.verb + 1 < len(tokens) else "."
    closes = speaker.verb > speaker.begin > source.verb and tokens[speaker.begin - 1].low == "," and after == "."
    return told and (inverted_order or closes)


def _goes_on_speaking(tokens: Tokens, position: int, words: Speech) -> bool:
    """Whether a verb has the subject of the one before: "confirmed the attack but said"."""
    return tokens[position - 1].low in _COORDINATES and words.verbs.match(tokens, position) > 0


def _bounds(  # noqa: PLR0911 - one way of naming a source after the other
    sentence: Sentence, position: int, language: Language
) -> Bounds | None:
    """Return where the name of the source stands that a word at a position tells of, if it tells of any."""
    words, tokens = speech(language.code), sentence.tokens
    if tokens[position].low == "read" and (reader := reader_of(tokens, position, words)) is not None:
        return name_after(tokens, reader, language) if reader else None
    if (giver := giver_of(tokens, position)) is not None and words.given.match(tokens, 0):
        return name_after(tokens, giver, language)
    if is_quoted_by(tokens, position):
        return name_before(tokens, position, language)
    length = words.according.match(tokens, position)
    if length:
        return _made_by(tokens, name_after(tokens, position + length, language), language)
    if words.quoted.match(tokens, position):
        return name_before(tokens, position, language)
    if tokens[position].low in words.speaking and words.verbs.match(tokens, position):
        return _speaker(tokens, position, language)
    if words.counting.match(tokens, position) or words.doing.match(tokens, position):
        return _counter(tokens, position, language)
    if tokens[position].low in words.standing and (owner := figures_owner(tokens, position, words)) is not None:
        return _plain_owner(tokens, owner, language)
    if sentence.part == "title" and tokens[position].low in _MARKS:
        return in_title(tokens, position, words)
    return None


@lru_cache(maxsize=8)
def _telling(code: str) -> frozenset[str]:
    """Return the words, or first ones, that tell of a source."""
    words = speech(code)
    phrases = (words.according, words.quoted, words.verbs, words.counting, words.doing)
    return GIVEN | {"read", *QUOTED, *_MARKS, *words.standing}.union(*(phrase.by_first for phrase in phrases))


def _plain_owner(tokens: Tokens, owner: int, language: Language) -> Bounds | None:
    """Return where the name stands that ends before "'s toll", if it is one of a source."""
    bounds = name_before(tokens, owner, language)
    return bounds if bounds is not None and is_source(tokens[slice(*bounds)], speech(language.code)) else None


def _speaker(tokens: Tokens, verb: int, language: Language) -> Bounds | None:
    if not _speaks(tokens, verb, language):
        return None
    words = speech(language.code)
    if tokens[verb].low in words.instruments and _is_spoken_of(tokens, verb + 1, words):
        return None  # "Local reports put the toll at 22"
    if (
        verb and tokens[verb - 1].low in language.grammar.modal
    ):  # "police can confirm", not "he said he could confirm"
        bounds = name_before(tokens, verb - 1, language)
        told = bounds is None or any(token.low in words.speaking | words.pronouns for token in tokens[:verb])
        return None if told else bounds
    bounds = inverted(tokens, verb, language) or name_before(tokens, verb, language)
    bounds = bounds or _reacting(tokens, verb, language)
    if bounds is not None and any(token.low in _SAID for token in tokens[bounds[0] : min(bounds[1], verb)]):
        return None  # "the ministry said in a preliminary report"
    if bounds is not None and tokens[verb].low in words.weak:
        phrase = tokens[bounds[0] : bounds[1]]
        return bounds if is_source(phrase, words) or phrase[0].low in words.pronouns or phrase[-1].capital else None
    return bounds


def _reacting(tokens: Tokens, verb: int, language: Language) -> Bounds | None:
    """Return who does something and then speaks: "the mayor dismissed this and insisted"."""
    words = speech(language.code)
    if verb < _CLOSE or tokens[verb - 1].low not in _COORDINATES:
        return None
    for here in range(verb - 2, max(0, verb - _REACTION), -1):
        if tokens[here].low in ENDS:
            return None
        if tokens[here].low in words.reacting:
            bounds = name_before(tokens, here, language)
            told = bounds is not None and is_source(tokens[slice(*bounds)], words)
            return bounds if told or (bounds and tokens[bounds[0]].capital) else None
    return None


def _is_spoken_of(tokens: Tokens, position: int, words: Speech) -> bool:
    """Whether a verb by which a source gives a figure or speaks begins at a token."""
    if position >= len(tokens):
        return False
    return tokens[position].low in words.speaking or words.counting.match(tokens, position) > 0


def _counter(tokens: Tokens, verb: int, language: Language) -> Bounds | None:
    """Return who gives a figure by a verb that needn't be one of speech."""
    words = speech(language.code)
    if not _speaks(tokens, verb, language):
        return None
    bounds = _reacting(tokens, verb, language) or name_before(tokens, verb, language)
    if bounds is None:
        return None
    start, end = bounds
    if (
        end - start == 1
        and tokens[start].low in words.pronouns | {"another", "others"}
        and words.counting.match(tokens, verb)
    ):
        return bounds
    if not _may_count(tokens, bounds, verb, language):
        return None
    spoken = tokens[end - 1].low in words.instruments and words.counting.match(tokens, verb) > 0  # "a statement put"
    first = start + (tokens[start].low == "the" and end - start > 2)  # "the White Helmets", not "the Battle"
    named = all(t.capital for t in tokens[first:end]) and tokens[first].low not in language.grammar.determiners
    gives = named and words.giving.match(tokens, verb) > 0
    return bounds if spoken or gives or is_source(tokens[start:verb], words) else None


def _may_count(tokens: Tokens, bounds: Bounds, verb: int, language: Language) -> bool:
    """Whether who stands before a verb isn't counted or quoted there: not "one officer had received a wound"."""
    start, end = bounds
    words = speech(language.code)
    spoken = words.speaking - (words.instruments if tokens[end - 1].low in words.instruments else frozenset())
    if any(t.low[0].isdigit() or t.low in spoken for t in tokens[start:end]):
        return False
    if tokens[verb].low == "saw" and not _is_number(tokens, verb + 1, language):
        return False
    return tokens[start].low not in language.numbers.words or tokens[start + 1].low == "of"


def _is_number(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a figure begins at a token."""
    return position < len(tokens) and number_value(tokens, position, language) is not None


def _made_by(tokens: Tokens, bounds: Bounds | None, language: Language) -> Bounds | None:
    """Return who made what a figure accords to: "a count made by the newspaper"."""
    if bounds is None:
        return None
    start, end = bounds
    if end + 1 < len(tokens) and tokens[end].low == "by":
        spoken = speech(language.code).instruments
        if any(token.low in spoken for token in tokens[start:end]):
            return name_after(tokens, end + 1, language)
    return with_description(tokens, bounds, language)


def _speaks(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a verb form is finite and active: not "was reported", "were said"."""
    grammar = language.grammar
    before = tokens[position - 1].low if position else ""
    if before in grammar.be or (
        before in {"reportedly", "also"} and position > 1 and tokens[position - 2].low in grammar.be
    ):
        return False
    after = tokens[position + 1].low if position + 1 < len(tokens) else "."
    following = {token.low for token in tokens[position + 1 : position + 4]}
    speaker = position > 0 and tokens[position - 1].low in speech(language.code).classes
    if after in _HARMED or (
        tokens[position].low in _TAKES
        and not (speaker and not {"lives", "life"} & following)
        and (after[0].isdigit() or after in language.numbers.words or {"lives", "life"} & following)
    ):
        return False
    return not (before in grammar.determiners or before in grammar.prepositions)  # "between alleged members"


def _source(sentence: Sentence, bounds: Bounds, verb: int, words: Speech) -> Source | None:
    first, last = bounds
    tokens = sentence.tokens
    if tokens[first].low in _NOBODY:
        return None
    if tokens[first].low in words.pronouns and tokens[first].raw.lower() != "who":
        return Source(tokens[first].low, "pronoun", verb, first) if last == first + 1 else None
    while first < last and (tokens[first].low in ARTICLES or tokens[first].low.endswith("-based")):
        first += 1
    last = next((n for n in range(first + 1, last) if tokens[n].low == "for" and _is_own_part(tokens, n)), last)
    if first == last or not any(token.low[0].isalpha() for token in tokens[first:last]):
        return None
    first, last = owner_of(tokens, *apposed(tokens, first, last), words)
    return Source(sentence.words(first, last).removesuffix("'s"), _kind(sentence, first, last, words), verb, first)


def _is_own_part(tokens: Tokens, position: int) -> bool:
    """Whether "for its part" begins at a token."""
    return (
        len(tokens) > position + 2 and tokens[position + 1].low in POSSESSIVES and tokens[position + 2].low == "part"
    )


def _kind(sentence: Sentence, first: int, last: int, words: Speech) -> str:
    tokens = sentence.tokens
    if (
        last - first < 3
        and tokens[last - 1].low in words.instruments - {"reports"}  # of nobody told before
        and not any(t.capital for t in tokens[max(1, first) : last])
    ):
        return "instrument"
    start = first if first or tokens[0].low not in words.classes else 1
    named = any(token.capital and token.low not in words.classes for token in tokens[start:last])
    if sentence.part == "title" and any(token.low in words.classes for token in tokens[first:last]):
        named = False
    return "name" if named else "common"
