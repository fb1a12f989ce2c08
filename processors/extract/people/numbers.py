"""Figures in digits and words, with their lowest and highest value.

The conventions: "at least 30" is 30 and open, "more than 30" 31 and open, "about 30" 30, "up to 30" 1 to 30,
"between 20 and 30" 20 to 30, "dozens" 24 and open (see docs/extraction.md and `lang/*/numbers.toml`).
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from processors.extract.text.document import Token
from processors.extract.text.language import Language

Tokens = tuple[Token, ...]

_DIGITS = re.compile(r"^\d{1,3}(?:,\d{2,3})+$|^\d+$")
_DECIMAL = re.compile(r"^\d+\.\d+$")
_RANGE = re.compile(r"^(\d+)-(\d+)$")
_OR_MORE = re.compile(r"^\d{1,3}(?:,\d{3})*-(?:plus|odd)$|^\d+-(?:plus|odd)$")
_LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of whatever: lowest and highest value (None: open), the tokens from `first` to before `last`.

    `core` is where the number itself begins, after words such as "at least".
    """

    first: int
    core: int
    last: int
    low: int
    high: int | None
    definite: bool = False
    vague: bool = False

    @property
    def exact(self) -> bool:
        """Whether the lowest is the highest."""
        return self.low == self.high


def find_figures(tokens: Tokens, language: Language) -> list[Figure]:
    """Return the figures of a sentence from left to right, none inside another."""
    figures: list[Figure] = []
    fractions = language.numbers.fraction_phrases.by_first
    position = 0
    while position < len(tokens):
        word = tokens[position].low
        figure = _share(tokens, position, figures, language) if word in fractions else None
        if figure is None and (word in language.numbers.begins or word[0].isdigit() or "-" in word):
            figure = read_figure(tokens, position, language)
        elif figure is None and word == "as":
            figure = _as_many(tokens, position, figures)
        if figure is None:
            position += 1
            continue
        if figures and figure.first < figures[-1].last:
            figure = replace(figure, first=max(figure.core, figures[-1].last))
        figures.append(figure)
        position = figure.last
    return figures


def _as_many(tokens: Tokens, position: int, figures: list[Figure]) -> Figure | None:
    """Return the figure of "four were killed and as many were wounded"."""
    words = [token.low for token in tokens[position : position + 3]]
    if not figures or words[:2] != ["as", "many"] or words[2:] == ["as"]:
        return None
    return replace(figures[-1], first=position, core=position, last=position + 2)


def _share(tokens: Tokens, position: int, figures: list[Figure], language: Language) -> Figure | None:
    """Return the figure of "12 people, half of them children", a share of the one before, without "of them"."""
    if not figures:
        return None
    length = language.numbers.fraction_phrases.match(tokens, position)
    end = position + length
    if not length or end >= len(tokens) or tokens[end].low not in {"them", "whom"}:
        return None
    whole = figures[-1]
    if not whole.exact or whole.low < 2:
        return None
    top, bottom = language.numbers.fractions[tuple(t.low for t in tokens[position:end])]
    value = round(whole.low * top / bottom)
    return Figure(position, position, end - 1, value, value)


def read_figure(tokens: Tokens, position: int, language: Language) -> Figure | None:
    """Return the figure whose number begins at a position, with what qualifies it."""
    core = _read_core(tokens, position, language)
    if core is None:
        return None
    core = _with_range(tokens, core, language)
    core = _with_fraction(tokens, core, language)
    core = _with_qualifiers(tokens, core, language)
    return core if core.low < _LARGEST else None


def number_value(tokens: Tokens, position: int, language: Language) -> tuple[int, int] | None:
    """Return the value of the plain number at a position, and where it ends."""
    token = tokens[position].low
    numbers = language.numbers
    if _DIGITS.match(token):
        if len(token) > 15:
            return None
        return _scaled(tokens, int(token.replace(",", "")), position + 1, language)
    if _OR_MORE.match(token):
        return int(token.split("-")[0].replace(",", "")), position + 1
    if _DECIMAL.match(token) and position + 1 < len(tokens) and tokens[position + 1].low in numbers.scales:
        return int(float(token) * numbers.scales[tokens[position + 1].low]), position + 2
    return _number_words(tokens, position, language)


def _scaled(tokens: Tokens, value: int, position: int, language: Language) -> tuple[int, int]:
    while position < len(tokens) and tokens[position].low in language.numbers.scales and value < _LARGEST:
        value *= language.numbers.scales[tokens[position].low]
        position += 1
    return value, position


def _number_words(tokens: Tokens, position: int, language: Language) -> tuple[int, int] | None:
    """Read "twenty-three", "a hundred and five", "two thousand"."""
    numbers, start, total, current = language.numbers, position, 0, 0
    while position < len(tokens):
        word = tokens[position].low
        parts = word.split("-")
        if all(part in numbers.words for part in parts) and len(parts) <= 2 and _joins(parts, current, numbers.words):
            current += sum(numbers.words[part] for part in parts)
        elif word in numbers.scales and position > start and 0 < current < _LARGEST:
            scale = numbers.scales[word]
            current *= scale
            if scale >= 1000:
                total, current = total + current, 0
        elif not (word == "and" and total + current >= 100 and _is_number_word(tokens, position + 1, language)):
            break
        position += 1
    return None if position == start else (total + current, position)


def _joins(parts: list[str], current: int, words: Mapping[str, int]) -> bool:
    """Whether a number word continues a number: "twenty" "three" does, "two" "three" doesn't."""
    value = words[parts[0]]
    if len(parts) == 2 and not (value >= 20 and words[parts[1]] < 10):
        return False
    return (
        current == 0
        or (current % 100 == 0 and value < 100)
        or (current % 10 == 0 and current % 100 >= 20 and value < 10)
    )


def _is_number_word(tokens: Tokens, position: int, language: Language) -> bool:
    return position < len(tokens) and tokens[position].low.split("-")[0] in language.numbers.words


def _read_core(tokens: Tokens, position: int, language: Language) -> Figure | None:  # noqa: PLR0911 - one way of writing a number after the other
    numbers = language.numbers
    length = numbers.vague.match(tokens, position)
    if length:
        words = tuple(token.low for token in tokens[position : position + length])
        last = position + length
        if words in numbers.exact:
            value = numbers.exact[words]
            return Figure(position, position, last, value, value)
        return Figure(position, position, last, numbers.open[words], None, vague=True)
    ranged = _RANGE.match(tokens[position].low)
    if ranged and int(ranged[1]) < int(ranged[2]) < 10 * int(ranged[1]) + 10:
        return Figure(position, position, position + 1, int(ranged[1]), int(ranged[2]))
    none = tokens[position].low in numbers.none and numbers.before_phrases.match(tokens, position) == 0
    if none and position + 1 < len(tokens) and tokens[position + 1].low != "one":
        return Figure(position, position, position + 1, 0, 0)
    value_end = number_value(tokens, position, language)
    if value_end is None:
        return None
    if position + 1 < len(tokens) and tokens[value_end[1] - 1].low == "dozen":
        return None
    return Figure(position, position, value_end[1], value_end[0], value_end[0])


def _with_range(tokens: Tokens, figure: Figure, language: Language) -> Figure:
    """Read "20 to 30", "20 - 30", "20 or 30", and "between 20 and 30"."""
    joint = figure.last
    if not figure.exact or joint + 1 >= len(tokens) or tokens[joint].low not in language.numbers.joints:
        return figure
    between = figure.first > 0 and language.numbers.before.get((tokens[figure.first - 1].low,)) == "between"
    if tokens[joint].low == "and" and not between:
        return figure
    if tokens[joint].low == "to" and between and tokens[figure.first - 1].low == "from":
        return figure
    if tokens[joint].low == "-" and tokens[joint].start != tokens[joint - 1].end:
        return figure
    second = number_value(tokens, joint + 1, language)
    if second is None or not figure.low < second[0] <= 10 * figure.low + 10:
        return figure
    first = figure.first - 1 if between else figure.first
    return replace(figure, first=first, last=second[1], high=second[0])


def _with_fraction(tokens: Tokens, figure: Figure, language: Language) -> Figure:
    """Read "two-thirds of the 30"."""
    numbers = language.numbers
    for back in (4, 3, 2):
        start = figure.first - back
        if start >= 0:
            length = numbers.fraction_phrases.match(tokens, start)
            between = tokens[start + length : figure.first] if length else ()
            if length and all(token.low in language.grammar.determiners for token in between):
                top, bottom = numbers.fractions[tuple(t.low for t in tokens[start : start + length])]
                value = round(figure.low * top / bottom)
                return replace(figure, first=start, core=start, low=value, high=value)
    return figure


def _with_qualifiers(tokens: Tokens, figure: Figure, language: Language) -> Figure:
    numbers = language.numbers
    first, low, high, definite = figure.first, figure.low, figure.high, False
    bounded = False
    while first > 0:
        found = _phrase_before(tokens, first, language)
        if found is None:
            break
        start, kind = found
        definite = definite or tokens[start].low in language.people.definite
        if kind == "between" or (kind == "about" and bounded and not definite):
            break
        if not bounded and kind != "about" and high is not None:
            bounded = True
            low, high = _bounded(kind, low, high)
        first = start
    length = numbers.after_phrases.match(tokens, figure.last) if figure.last < len(tokens) else 0
    if length:
        words = tuple(token.low for token in tokens[figure.last : figure.last + length])
        if numbers.after[words] == "at_least":
            high = None
    if tokens[figure.core].low.endswith("-plus"):
        high = None
    return replace(figure, first=first, last=figure.last + length, low=low, high=high, definite=definite)


def _bounded(kind: str, low: int, high: int) -> tuple[int, int | None]:
    if kind == "at_least":
        return low, None
    if kind == "more_than":
        return low + 1, None
    return min(1, high), high


def _phrase_before(tokens: Tokens, end: int, language: Language) -> tuple[int, str] | None:
    """Return the qualifying phrase that ends just before a position: where it begins, and its kind."""
    for length in (5, 4, 3, 2, 1):
        start = end - length
        if start >= 0:
            kind = language.numbers.before.get(tuple(token.low for token in tokens[start:end]))
            if kind == "up_to" and start and tokens[start - 1].low in language.numbers.rising:
                return None  # "the toll had gone up to 14"
            if kind is not None:
                return start, kind
    return None
