"""Where the name of a source stands: before its verb, around insertions, or after "said" and "according to"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from processors.extract.claimants.descriptions import (
    APPOSITION,
    BREAKS,
    SPOKEN,
    Bounds,
    is_health_body,
    relative_clause,
    with_description,
)
from processors.extract.claimants.speech import ARTICLES, POSSESSIVES, Speech, Tokens, is_source, speech
from processors.extract.text.document import Token
from processors.extract.text.language import Language

_LONGEST = 18
"""Most tokens of a source's name."""
_SEGMENTS = 5
"""Most insertions between a name and its verb."""
_CLAUSE = frozenset(
    {";", "--", ":", '"', "that", "but", "while", "although", "though", "which", "who", "when", "after"}
    | {"because", "as", "if", "where", "whose", "["}
)
_CUT_AFTER = frozenset(
    {",", ".", ";", "-", "--", '"', "who", "which", "that", "and", "but", "in", "on", "at", "after", "as", "by", "("}
    | {":", "when", "while", "late", "early", "during", "adding", "told", "said", "["}
)
_LINKS = frozenset({"in", "on", "at", "and"})
_ABBREVIATED = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "col",
        "gen",
        "lt",
        "sgt",
        "maj",
        "capt",
        "brig",
        "prof",
        "rev",
        "st",
        "cmdr",
        "cpl",
        "supt",
    }
)
"""Titles with a full stop that ends no name."""
_LEADING = frozenset(
    {"meanwhile", "and", "but", "however", "earlier", "later", "day", "on", "in", "also", "yet", "still", "today"}
    | {"yesterday", "morning", "evening", "afternoon", "night", "late", "early", "separately", "similarly"}
)


def name_after(tokens: Tokens, start: int, language: Language) -> Bounds | None:
    """Return where the name stands that begins at a token, after "according to" or "said"."""
    grammar = language.grammar
    stops = grammar.be | grammar.have | grammar.weekdays | grammar.modal | speech(language.code).showing
    end = start
    while end < len(tokens) and end - start < _LONGEST:
        word = tokens[end].low
        titled = word == "." and end > start and tokens[end - 1].low in _ABBREVIATED
        if word in _CUT_AFTER and not titled and not (word in _LINKS and _goes_on(tokens, end)):
            break
        if word in stops:
            break
        end += 1
    end = _with_acronym(tokens, end)
    return (start, end) if end > start else None


def _goes_on(tokens: Tokens, position: int) -> bool:
    """Whether "and" goes on with a name: "Ministry of Women and Children"."""
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


def name_before(tokens: Tokens, verb: int, language: Language) -> Bounds | None:
    """Return where the subject of a verb stands, insertions and descriptions between them looked over."""
    words = speech(language.code)
    end = _before_adverbs(tokens, verb, language)
    who = relative_clause(tokens, end)
    if who is not None:
        end = who
    if end > 0 and tokens[end - 1].low == ",":
        return _before_insertions(tokens, end - 1, language) if who is None else _plain(tokens, end - 1, language)
    bounds = _plain(tokens, end, language)
    if who is not None and bounds is not None and not _is_nominal(tokens[bounds[0] : bounds[1]], words):
        return None
    return bounds


def _is_nominal(phrase: Tokens, words: Speech) -> bool:
    return any(token.capital for token in phrase) or phrase[0].low in ARTICLES or is_source(phrase, words)


def _before_adverbs(tokens: Tokens, verb: int, language: Language) -> int:
    """Return where a subject ends, before "later", "on Monday" and "has" that stand between it and its verb."""
    words, days = speech(language.code), language.grammar.weekdays
    end = verb
    while end > 0:
        word = tokens[end - 1].low
        is_adverb = word in words.between or (
            word.endswith("ly") and not tokens[end - 1].capital and word not in words.not_adverbs
        )
        after = tokens[end].low
        starts = (word == "on" and after in days) or (word == "at" and after in {"first", "once", "last"})
        if not (is_adverb or word in days or (starts and end < verb)):
            break
        end -= 1
        if word == "however" and end > 1 and tokens[end - 1].low == ",":  # "Omid Roe, however told reporters"
            end -= 1
    return end


def _plain(tokens: Tokens, end: int, language: Language) -> Bounds | None:
    """Return the noun phrase that ends before a token."""
    grammar = language.grammar
    start = end
    while start > 0 and end - start < _LONGEST:
        word = tokens[start - 1].low
        if (
            (word in _CLAUSE and not is_health_body(tokens, start - 1))
            or word in grammar.be
            or word in grammar.have
            or word == "]"
            or _ends_sentence(tokens, start - 1)
            or (word == "," and not _inside_name(tokens, start))
        ):
            break
        if word == "and" and not (start > 1 and _joins_sources(tokens[start - 2], language)):
            break
        start -= 1
    if end - start >= _LONGEST:
        return None
    return _trimmed(tokens, start, end, language)


def _ends_sentence(tokens: Tokens, position: int) -> bool:
    """Whether an abbreviation ends a sentence within what was read as one: "at 2 a.m. The ministry"."""
    return tokens[position].low in {"a.m.", "p.m."} and position + 1 < len(tokens) and tokens[position + 1].capital


def _joins_sources(before: Token, language: Language) -> bool:
    """Whether "and" after a word goes on with a source: "residents and medics", "Police and Army"."""
    return before.capital or (before.low,) in language.people.nouns or before.low in speech(language.code).classes


def _inside_name(tokens: Tokens, start: int) -> bool:
    return start > 2 and tokens[start].low in {"jr", "sr"}


def _segments(tokens: Tokens, comma: int) -> list[Bounds]:
    """Return what stands between commas before a comma, the nearest first, as far as the sentence isn't broken."""
    found: list[Bounds] = []
    end = comma
    while len(found) < _SEGMENTS:
        start = end
        while start > 0 and tokens[start - 1].low not in BREAKS and end - start < _LONGEST:
            start -= 1
        if start == end or (end - start == _LONGEST and start > 0 and tokens[start - 1].low not in BREAKS):
            break
        found.append((start, end))
        if start == 0 or tokens[start - 1].low != ",":
            break
        end = start - 1
    return found


def _before_insertions(tokens: Tokens, comma: int, language: Language) -> Bounds | None:
    """Read "John Roe, 52, of Dori, who lost a son, said" and "its chief, John Roe, said"."""
    words = speech(language.code)
    segments = _segments(tokens, comma)
    head = next((n for n in range(1, len(segments)) if not _is_insertion(tokens, segments[n], words)), None)
    if head is None:
        return None
    start, end = segments[head]
    bounds = _plain(tokens, end, language)
    if bounds is None or bounds[0] < start:
        return None
    phrase = tokens[bounds[0] : end]
    if not (any(_is_capital(token) for token in phrase) or phrase[0].low in ARTICLES | POSSESSIVES):
        return None
    start = _office_before(tokens, segments[head:], bounds[0], words)
    last = comma if head == 1 and _belongs(tokens, bounds, (end + 1, comma), words) else end
    return start, last


def _office_before(tokens: Tokens, segments: list[Bounds], start: int, words: Speech) -> int:
    """Return where a name begins, the office before it included: "The mayor, John Roe, a colonel, said"."""
    if len(segments) < 2 or not all(_is_capital(token) for token in tokens[slice(*segments[0])]):
        return start
    office = segments[1]
    begins = office[0] == 0 and tokens[0].low in ARTICLES
    return office[0] if begins and is_source(tokens[slice(*office)], words) else start


def _is_insertion(tokens: Tokens, segment: Bounds, words: Speech) -> bool:
    """Whether a segment stands for nobody: an age, a home, a clause."""
    first = tokens[segment[0]].low
    is_participle = first.endswith("ing") and first == tokens[segment[0]].raw and "-" not in first
    return first[0].isdigit() or first in words.insertions or is_participle


def _belongs(tokens: Tokens, head: Bounds, segment: Bounds, words: Speech) -> bool:
    """Whether a segment names or describes the head: "its chief, John Roe", "John Roe, the mayor of Dori"."""
    between = tokens[segment[0] : segment[1]]
    if _is_insertion(tokens, segment, words) or len(between) > APPOSITION:
        return False
    named = all(_is_capital(token) or token.low == "." for token in between)
    if tokens[head[0]].low in ARTICLES | POSSESSIVES or not _is_capital(tokens[head[0]]):
        return named
    is_name = all(_is_capital(t) or t.low in ARTICLES | words.classes.keys() for t in tokens[slice(*head)])
    return is_name and not named and is_source(between, words)


def _is_capital(token: Token) -> bool:
    """Whether a word is a name's: "Rahmani", "al-Rahmani"."""
    return any(map(str.isupper, token.raw))


def _trimmed(tokens: Tokens, start: int, end: int, language: Language) -> Bounds | None:
    """Leave out what isn't the source's own phrase: times, adverbs and prepositional phrases before it."""
    words = speech(language.code)
    for here in range(end - 1, start - 1, -1):
        if tokens[here].low in {"in", "on", "at", "during", "by"} and not (
            tokens[start].capital or is_source(tokens[start:here], words)
        ):
            return None
    timed = tokens[start].low in words.prefixes and tokens[start + 1 : start + 2] != ()
    if timed and tokens[start + 1].low in language.grammar.weekdays | _LEADING:
        start += 1
    while start < end and (
        tokens[start].low in language.grammar.weekdays | _LEADING
        or not tokens[start].low[0].isalnum()
        or (tokens[start].low == "the" and start + 2 < end and tokens[start + 1].low in _LEADING)
    ):
        start += 1
    return (start, end) if start < end else None


def inverted(tokens: Tokens, verb: int, language: Language) -> Bounds | None:
    """Read '", said John Roe' and "Two died, said police in Dori."."""
    before = tokens[verb - 1].low if verb else ""
    if before not in {",", '"', "'", "?", "!"} or (before == "," and not SPOKEN.match(tokens[verb].low)):
        return None
    bounds = name_after(tokens, verb + 1, language)
    if bounds is None:
        return None
    words, first = speech(language.code), tokens[bounds[0]]
    if before == "," and _is_clause(tokens, bounds[1], language):
        return None
    phrase = tokens[bounds[0] : bounds[1]]
    if before == "," and any(not t.capital and (t.low,) in language.triggers for t in phrase[1:]):
        return None  # "X, who spoke to the paper, said the gunmen struck"
    named = any(t.capital for t in phrase) or first.low in ARTICLES or is_source(phrase[:3], words)
    counted = first.low[0].isdigit() or first.low in language.numbers.words or first.low in words.followers
    return with_description(tokens, bounds, language) if named and not counted else None


def _is_clause(tokens: Tokens, end: int, language: Language) -> bool:
    """Whether a verb or more subjects follow what would be a name: "X, said residents were afraid"."""
    if end >= len(tokens):
        return False
    grammar, word = language.grammar, tokens[end].low
    after = tokens[end + 1].low if end + 1 < len(tokens) else "."
    return word in grammar.be | grammar.have | grammar.modal or (
        word == "and" and (after in language.numbers.words or after[0].isdigit())
    )


def in_title(tokens: Tokens, mark: int, words: Speech) -> Bounds | None:
    """Read "Police: two dead", "Two dead: police" and "Two dead - police"."""
    last = len(tokens) - 1
    if tokens[mark].low == ":" and 0 < mark < 6 and is_source(tokens[:mark], words):
        return 0, mark
    return (mark + 1, last + 1) if last - 4 < mark < last and is_source(tokens[mark + 1 :], words) else None
