"""Who says so: the sources that a text names, and which of them stands behind each figure.

"X said", "according to X", "X: 28 killed"; a source may follow its clause, be a pronoun, or be named by what it is
("the monitor") where its name stands elsewhere.
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from processors.extract.language import Language, Phrases, load, phrases
from processors.extract.text import Sentence, Token

Tokens = tuple[Token, ...]

_LONGEST = 14
"""Most tokens of a source's name."""
_NAMED_KINDS = frozenset({"monitor", "agency", "organisation", "newspaper", "company"})
"""Kinds of source that a text names once and then calls by what they are."""
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
_SPOKEN = re.compile(r"^(?:said|says|told|tells|added|adds|reported|reports|confirmed)$")


@dataclass(frozen=True, slots=True)
class Speech:
    """Vocabulary of attribution."""

    verbs: frozenset[str]
    weak: frozenset[str]
    according: Phrases
    quoted_as: Phrases
    classes: dict[str, str]
    pronouns: frozenset[str]
    colon_stops: frozenset[str]


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
def _speech(code: str) -> Speech:
    raw = load(code).raw["speech"]
    return Speech(
        verbs=frozenset(raw["verbs"]),
        weak=frozenset(raw["weak"]),
        according=phrases(raw["according"]),
        quoted_as=phrases(raw["quoted_as"]),
        classes={word: name for name, words in raw["classes"].items() for word in words},
        pronouns=frozenset(raw["pronouns"]["words"]),
        colon_stops=frozenset(raw["headline"]["colon_stops"]),
    )


def find_sources(sentence: Sentence, language: Language) -> list[Source]:
    """Return the sources that a sentence names, from left to right."""
    speech = _speech(language.code)
    tokens = sentence.tokens
    sources: list[Source] = []
    for position in range(len(tokens)):
        length = speech.according.match(tokens, position)
        if length:
            bounds = _name_after(tokens, position + length, language)
        elif tokens[position].low in speech.verbs and _speaks(tokens, position, language):
            bounds = _name_before(tokens, position, language) or _inverted(tokens, position, language)
        elif sentence.part == "title" and tokens[position].low == ":" and 0 < position < 6:
            bounds = (0, position) if not any(t.low in speech.colon_stops for t in tokens[:position]) else None
        else:
            continue
        if bounds is not None:
            source = _source(sentence, bounds, position, speech)
            if source is not None:
                sources.append(source)
    return _with_reach(sources, tokens)


def _speaks(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a verb form is finite and active: not "was reported", "were said"."""
    grammar = language.grammar
    before = tokens[position - 1].low if position else ""
    if before in grammar.be or (
        before in {"reportedly", "also"} and position > 1 and tokens[position - 2].low in grammar.be
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
    return before.capital or (before.low,) in language.people.nouns or before.low in _speech(language.code).classes


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
    while start > 0 and tokens[start - 1].low not in _CLAUSE | {","} and here - start < 8:
        start -= 1
    if start == here or not (tokens[start].capital or tokens[start].low in _ARTICLES):
        return None
    between = tokens[here + 1 : comma]
    if tokens[start].low in _ARTICLES and 1 < len(between) < 5 and all(token.capital for token in between):
        return here + 1, comma
    return _trimmed(tokens, start, here, language)


def _trimmed(tokens: Tokens, start: int, end: int, language: Language) -> tuple[int, int] | None:
    """Leave out what isn't the source's own phrase: times, adverbs and prepositional phrases before it."""
    grammar = language.grammar
    for here in range(end - 1, start - 1, -1):
        if tokens[here].low in {"in", "on", "at", "during", "by"} and not tokens[start].capital:
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
    return _name_after(tokens, verb + 1, language)


def _source(sentence: Sentence, bounds: tuple[int, int], verb: int, speech: Speech) -> Source | None:
    first, last = bounds
    tokens = sentence.tokens
    if tokens[first].low in _FIRST_PERSON:
        return None
    if tokens[first].low in speech.pronouns:
        return Source(tokens[first].low, "pronoun", verb, 0, len(tokens)) if last == first + 1 else None
    while first < last and (tokens[first].low in _ARTICLES or tokens[first].low.endswith("-based")):
        first += 1
    if first == last or not any(token.low[0].isalpha() for token in tokens[first:last]):
        return None
    start = first if first or tokens[0].low not in speech.classes else 1
    named = any(token.capital and token.low not in speech.classes for token in tokens[start:last])
    if sentence.part == "title" and any(token.low in speech.classes for token in tokens[first:last]):
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


class Claimants:
    """The sources of an article in order, with what pronouns and common nouns stand for."""

    def __init__(self, sentences: tuple[Sentence, ...], language: Language) -> None:
        self._speech = _speech(language.code)
        self._sources = {sentence.number: find_sources(sentence, language) for sentence in sentences}
        self._order = [sentence.number for sentence in sentences]
        commons = [s.name for number in self._order for s in self._sources[number] if s.kind == "common"]
        told = [s.name for number in self._order for s in self._sources[number] if s.kind != "pronoun"]
        self._commons = {name: _specific(name, told) for name in commons}
        self._names = _fullest([s.name for number in self._order for s in self._sources[number] if s.kind == "name"])

    def claimant(self, sentence: Sentence, position: int) -> str | None:
        """Return who stands behind the figure at a token of a sentence; None: the outlet itself."""
        for source in self._sources[sentence.number]:
            if source.first <= position < source.last:
                return self._resolved(source, sentence.number)
        return None

    def _resolved(self, source: Source, number: int) -> str | None:
        if source.kind == "pronoun":
            return self._antecedent(number)
        if source.kind == "common":
            return self._same_class(source.name) or self._commons.get(source.name, source.name)
        return self._names.get(source.name, source.name)

    def _antecedent(self, number: int) -> str | None:
        for earlier in range(number - 1, max(-1, number - 5), -1):
            for source in reversed(self._sources.get(earlier, [])):
                if source.kind != "pronoun":
                    return self._resolved(source, earlier)
        return None

    def _same_class(self, name: str) -> str | None:
        """Return the one source of the text that has a name and is of the same class."""
        for kind in self._kinds(name):
            if kind not in _NAMED_KINDS:
                continue
            named = {full for full in self._names.values() if kind in self._kinds(full)}
            if len(named) == 1:
                return min(named)
        return None

    def _kinds(self, name: str) -> list[str]:
        """Return the classes of a name, the most telling first."""
        words = {self._speech.classes.get(word) for word in re.findall(r"[a-z']+", name.lower())}
        return [kind for kind in dict.fromkeys(self._speech.classes.values()) if kind in words]


def _fullest(names: list[str]) -> dict[str, str]:
    """Return the fullest name of the text for each name: "SOHR" → "Syrian Observatory for Human Rights (SOHR)"."""
    fullest = {}
    for name in names:
        words = _words(name)
        longer = [other for other in names if words <= _words(other)]
        fullest[name] = max(longer, key=lambda other: (len(_words(other)), -names.index(other)))
    return fullest


def _specific(name: str, commons: list[str]) -> str:
    """Return the first fuller description that ends alike: "the officer" → "a senior officer"."""
    fuller = [other for other in commons if other.lower().endswith(" " + name.lower())]
    return fuller[0] if fuller else name


def _words(name: str) -> frozenset[str]:
    return frozenset(
        word for word in re.findall(r"[^\W_]+", name.lower()) if word not in _ARTICLES | {"based", "uk", "of", "for"}
    )
