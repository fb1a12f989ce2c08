"""Who says so: which source stands behind each figure, across sentences, quotations, pronouns and descriptions.

A sentence's own source comes first (`sources`).  A sentence that stands whole in a quotation is its speaker's, who is
named where the quotation ends or just before it begins.  "He", "the ministry" and surnames are followed back.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from processors.extract.claimants.identity import Identities, distinctive, is_described
from processors.extract.claimants.sources import find_sources
from processors.extract.claimants.speech import ARTICLES, is_source, speech
from processors.extract.claimants.spoken import Source
from processors.extract.people.rejected import background_reason
from processors.extract.text.document import Sentence, Token
from processors.extract.text.language import Language

_SAME = re.compile(r"same ")
_LOOK_BACK = 5
"""Sentences that a pronoun's source may lie back."""
_NAMED = frozenset({"name", "common"})
"""Kinds of source that a pronoun can stand for."""
_PARTS = frozenset(
    {("of", "them"), ("of", "those"), ("of", "its"), ("of", "the"), ("the", "others"), ("the", "other")}
)
_OTHERS = frozenset({"other", "others", "another", "more"})
_OTHER = 4
"""Tokens at a sentence's beginning within which "two others" stand."""
_PART = 6
"""Tokens at a sentence's beginning that tell of a part."""
_DIGITS = 7
"""A number of more digits counts nobody."""
_COUNTS = frozenset({"number", "toll", "total", "bodies", "count", "figure", "death"})
"""Words that a subject begins with which only counts people."""
_SUBJECT = 16
"""Most tokens of a subject that a pronoun may stand for."""


class Claimants:
    """The sources of an article in order, with what pronouns and common nouns stand for."""

    def __init__(self, sentences: tuple[Sentence, ...], language: Language) -> None:
        self._speech = speech(language.code)
        self._quoted = dict(_quotations(sentences))
        self._sources = {s.number: find_sources(s, language, self._quoted[s.number]) for s in sentences}
        self._sentences = {sentence.number: sentence for sentence in sentences}
        self._figures = _figures(sentences, language)
        self._order = [sentence.number for sentence in sentences]
        self._paragraphs = {sentence.number: sentence.paragraph for sentence in sentences}
        self._subjects = {s.number: self._subject(s, language) for s in sentences if s.part == "text"}
        self._drop_places(sentences)
        told = [
            (n, s) for n in self._order for s in self._sources[n] if s.kind != "pronoun" and not _SAME.match(s.name)
        ]
        self._identities = Identities(
            [(n, source.name) for n, source in told],
            [source.name for _, source in told if source.kind == "name"],
            [name for name in self._subjects.values() if name is not None],
            frozenset(s.name for n, s in told if is_described(s.name, self._sentences[n].text)),
            language,
        )

    def claimant(self, sentence: Sentence, position: int) -> str | None:
        """Return who stands behind the figure at a token of a sentence; None: the outlet itself."""
        number = sentence.number
        for source in self._sources[number]:
            if source.first <= position < source.last:
                return self._resolved(source, number)
        if self._sources[number]:
            return None
        return self._speaker(number) if self._is_quoted(number, position) else self._goes_on(number)

    def of_figure(self, figure: int) -> str | None:
        """Return who gives a figure in the text, for a headline that has it without a source."""
        for number, position in self._figures.get(figure, ()):
            told = self.claimant(self._sentences[number], position)
            if told is not None:
                return told
        return None

    def _goes_on(self, number: int) -> str | None:
        """Return who still speaks in a sentence without a source: who speaks just before it and just after it."""
        before = self._told_in(number - 1, -1)
        if before is None:
            return self._told_in(number + 1, 0) if self._is_given_by_next(number) else None
        if self._paragraphs[number - 1] == self._paragraphs[number] and self._counts_on(number):
            return before
        return before if before == self._told_in(number + 1, 0) else None

    def _is_given_by_next(self, number: int) -> bool:
        """Whether the next sentence says whose the figures are: "The figures were given by the mayor"."""
        after = self._sentences.get(number + 1)
        return after is not None and bool(after.tokens) and self._speech.given.match(after.tokens, 0) > 0

    def _counts_on(self, number: int) -> bool:
        """Whether a sentence begins with a part of whom the one before counted: "Two of them", "Of the dead"."""
        begin = [token.low for token in self._sentences[number].tokens[:_PART]]
        one = begin[:1] == ["one"] and begin[1:2] in (["was"], ["is"], ["had"], ["died"])
        return any(pair in _PARTS for pair in pairwise(begin)) or (
            (one or not _OTHERS.isdisjoint(begin[:_OTHER]))
            and any(number - 1 == place for places in self._figures.values() for place, _ in places)
        )

    def _told_in(self, number: int, which: int) -> str | None:
        """Return the first or last source of a sentence of the text, itself followed back."""
        sources = self._sources.get(number)
        return self._resolved(sources[which], number) if sources and number in self._subjects else None

    def _drop_places(self, sentences: tuple[Sentence, ...]) -> None:
        """Leave out a headline's bare acronym ("CAR: nine killed") that nowhere in the text says anything."""
        said = {
            word
            for s in sentences
            if s.part == "text"
            for own in self._sources[s.number]
            for word in distinctive(own.name)
        }
        for sentence in sentences:
            if sentence.part == "title":
                self._sources[sentence.number] = [
                    source
                    for source in self._sources[sentence.number]
                    if not source.name.isupper() or source.name.lower() in said
                ]

    def _is_quoted(self, number: int, position: int) -> bool:
        inside = self._quoted[number]
        return position < len(inside) and inside[position]

    def _speaker(self, number: int) -> str | None:
        """Return who speaks in a quotation without a source in its sentence: whom its end or its beginning names."""
        for later in range(number + 1, number + _LOOK_BACK):
            if self._paragraphs.get(later) != self._paragraphs[number]:
                break
            if self._sources[later]:
                return self._resolved(self._sources[later][0], later)
            if not any(self._quoted[later]):
                break
        for earlier in range(number - 1, max(-1, number - _LOOK_BACK), -1):
            if self._sources.get(earlier):
                return self._resolved(self._sources[earlier][-1], earlier)
            if not any(self._quoted.get(earlier, ())):
                return self._subjects.get(earlier)
        return None

    def _resolved(self, source: Source, number: int) -> str | None:
        if source.kind == "pronoun":
            return self._antecedent(source, number)
        if source.kind == "instrument":
            return self._issuer(source, number)
        if source.kind == "common" and _SAME.match(source.name) and (one := self._same(source, number)):
            return one
        if source.kind == "common":
            return self._identities.meant(source.name, number)
        return self._identities.named(source.name)

    def _same(self, source: Source, number: int) -> str | None:
        """Return the last source before "the same official", if it is one of that name."""
        head = source.name.rsplit(" ", 1)[-1]
        before = (s for n in range(number - 1, max(-1, number - _LOOK_BACK), -1) for s in self._sources.get(n, []))
        return next((self._identities.named(s.name) for s in before if head in s.name.split()), None)

    def _antecedent(self, pronoun: Source, number: int) -> str | None:
        """Return the nearest source, or subject of a sentence, before a pronoun that it may stand for."""
        for earlier in range(number, max(-1, number - _LOOK_BACK), -1):
            for source in reversed(self._sources.get(earlier, [])):
                is_before = earlier < number or source.verb < pronoun.verb
                if is_before and source.kind in _NAMED and self._identities.agrees(pronoun.name, source.name):
                    return self._resolved(source, earlier)
            subject = self._subjects.get(earlier) if earlier < number else None
            if subject is not None and self._identities.agrees(pronoun.name, subject):
                return self._identities.named(subject)
        return None

    def _issuer(self, instrument: Source, number: int) -> str:
        """Return who is behind "the statement": the organisation, else the source, before it; else its own words."""
        told: list[str] = []
        for earlier in range(number, max(-1, number - _LOOK_BACK), -1):
            before = (
                self._resolved(source, earlier)
                for source in reversed(self._sources.get(earlier, []))
                if (earlier < number or source.verb < instrument.verb) and source.kind in _NAMED
            )
            told += [name for name in before if name is not None]
            subject = self._subjects.get(earlier) if earlier < number else None
            if subject is not None:
                told.append(self._identities.named(subject))
        return next(
            (name for name in told if not self._identities.is_person(name)), told[0] if told else instrument.name
        )

    def _subject(self, sentence: Sentence, language: Language) -> str | None:
        """Return the office or person that a sentence begins with: "The bishop of Dori, Laurent Dabire, believes"."""
        tokens, grammar = sentence.tokens, language.grammar
        start = next((n for n, t in enumerate(tokens[:3]) if t.low[0].isalpha() and t.low not in ARTICLES), None)
        if start is None or self._is_quoted(sentence.number, start):
            return None
        end = start
        while end < len(tokens) and end - start < _SUBJECT and not _ends_subject(tokens, end, language):
            end += 1
        if end + 2 < len(tokens) and tokens[end].low == "," and all(t.capital for t in tokens[end + 1 : end + 3]):
            end = next((n for n in range(end + 1, min(end + 6, len(tokens))) if not tokens[n].capital), end)
        phrase = tokens[start:end]
        if not phrase or not is_source(phrase, self._speech) or phrase[0].low in grammar.prepositions | _COUNTS:
            return None
        return sentence.words(start, end)


def _figures(sentences: tuple[Sentence, ...], language: Language) -> dict[int, list[tuple[int, int]]]:
    """Return where the text's figures stand: sentence and token of each value."""
    found: dict[int, list[tuple[int, int]]] = {}
    for sentence in sentences:
        if background_reason(sentence, language) is not None:
            continue
        for position, token in enumerate(sentence.tokens):
            value = language.numbers.words.get(token.low)
            if token.low.isdecimal() and len(token.low) < _DIGITS:
                value = int(token.low)
            if value is not None and sentence.part == "text":
                found.setdefault(value, []).append((sentence.number, position))
    return found


def _ends_subject(tokens: tuple[Token, ...], here: int, language: Language) -> bool:
    """Whether a subject ends before a token: a verb, a mark, a clause."""
    token, grammar = tokens[here], language.grammar
    word = token.low
    if token.capital or word in {"of", "for", "at", "the", "(", ")"}:
        return False
    after = tokens[here + 1].low if here + 1 < len(tokens) else ""
    follows = after in grammar.determiners or after in grammar.openers
    return (
        not word[0].isalpha()
        or word in grammar.be
        or word in grammar.have
        or word in grammar.modal
        or word in grammar.openers
        or word in grammar.adverbs
        or word in grammar.stops
        or word in speech(language.code).speaking
        or word in speech(language.code).reacting
        or speech(language.code).counting.match(tokens, here) > 0
        or (follows and word[-1] in "sd")
    )


def _quotations(sentences: tuple[Sentence, ...]) -> Iterator[tuple[int, tuple[bool, ...]]]:
    """Yield each sentence's number and which of its tokens stand inside a quotation.

    A quotation goes on over sentences, and ends with its paragraph at the latest.
    """
    paragraph, is_open = None, False
    for sentence in sentences:
        if sentence.paragraph != paragraph:
            paragraph, is_open = sentence.paragraph, False
        marks = [token.low == '"' for token in sentence.tokens]
        state = list(accumulate(marks, lambda inside, mark: inside != mark, initial=is_open))
        yield sentence.number, tuple(state[1:])
        is_open = state[-1]
