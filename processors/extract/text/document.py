"""An article's title and text as sentences and tokens, with character offsets into the original.

article ─► paragraphs without page furniture ─► dateline ─► sentences ─► tokens
"""

# Typographic quotes and dashes are meant.
# ruff: noqa: RUF001

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from dataclasses import dataclass
from itertools import pairwise

from msgspec import Struct

from contracts.records import Article, Span
from processors.extract.text.language import Language
from processors.extract.text.stamps import stamp

TITLE = -1
"""The title's number among the paragraphs."""
MAX_TITLE = 600
MAX_TEXT = 40_000
"""Characters read of an article; what follows them is further reading, comments or not prose at all."""
MAX_SENTENCE_TOKENS = 160
_DATELINE = 300
"""Characters that a dateline can take."""
_WRAPPED_LINE = range(45, 90)

_TOKEN = re.compile(
    r"(?:[a-z]\.){2,}|\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|km|am|pm|mm|k|m)?(?:-[a-z0-9]+)*\b|[^\W\d_]+(?:[-'][^\W_]+)*"
    r"|--+|\.{2,}|[^\w\s]",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]*(?=\s+[\"'(\[]*[A-Z0-9])|[\"')\]]*\n")
_STRAIGHT = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\t": " ",
        "\r": " ",
    }
)
_INITIALS = re.compile(r"(?:^|[\s.(])[A-Za-z]$")


class Token(Struct, frozen=True, gc=False):  # an article has a thousand, and a dataclass takes four times as long
    """A word, number or mark: `low` without case, `raw` as written, offsets into its part of the article."""

    low: str
    raw: str
    start: int
    end: int
    capital: bool
    """Whether it begins with a capital letter."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the title (`number` 0 is the title's first) or the text."""

    number: int
    part: str
    paragraph: int
    start: int
    end: int
    text: str
    tokens: tuple[Token, ...]

    def span(self, first: int, last: int) -> Span:
        """Return the span of the tokens from `first` up to and without `last`."""
        return Span(start=self.tokens[first].start, end=self.tokens[last - 1].end, part=self.part)

    def words(self, first: int, last: int) -> str:
        """Return the tokens from `first` up to and without `last`, as written on one line."""
        return " ".join(
            self.text[self.tokens[first].start - self.start : self.tokens[last - 1].end - self.start].split()
        )


@dataclass(frozen=True, slots=True)
class Document:
    """A tokenised article."""

    sentences: tuple[Sentence, ...]
    dateline: str | None
    """Place and date that a wire report begins with, as written."""
    dateline_end: int
    capitals: bool
    """Whether the text is all in capitals, so that case says nothing about names."""

    @property
    def body(self) -> tuple[Sentence, ...]:
        """The sentences of the text."""
        return tuple(sentence for sentence in self.sentences if sentence.part == "text")


def read_document(article: Article, language: Language) -> Document:
    """Return the sentences of an article without its page furniture."""
    text = article.text[:MAX_TEXT].translate(_STRAIGHT)
    capitals = _is_capitals(text)
    dateline = language.furniture.dateline.match(text, 0, _DATELINE)
    begin = dateline.end() if dateline else 0
    sentences: list[Sentence] = []
    title = article.title[:MAX_TITLE].translate(_STRAIGHT)
    heading = [] if _is_stamp(title, language) else _sentence_spans(title, 0, len(title), language)
    for start, end in heading:
        sentences.append(_sentence(title, article.title, (start, end), len(sentences), TITLE))
    wrapped = _is_wrapped(text)
    for paragraph, (first, last) in enumerate(_paragraphs(text, begin, wrapped=wrapped)):
        if not (language.furniture.skip.any_in(text[first:last]) or _is_stamp(text[first:last], language)):
            prose = text[first:last].replace("\n", " ")
            for start, end in _sentence_spans(prose, first, last, language):
                sentences.append(_sentence(text, article.text, (start, end), len(sentences), paragraph))
    place = dateline["place"].strip() if dateline and dateline["place"] else None
    return Document(tuple(sentences), place, begin, capitals)


def _is_stamp(line: str, language: Language) -> bool:
    """Whether a line only says when the page was published, which isn't when anything happened."""
    return stamp(line.strip(), language.code) is not None


def _is_capitals(text: str) -> bool:
    letters = list(filter(str.isalpha, text[:2000]))
    return len(letters) > 20 and sum(map(str.isupper, letters)) > 0.9 * len(letters)


def _is_wrapped(text: str) -> bool:
    """Return whether lines were broken at a width, so that a line's end ends nothing."""
    lines = [line for line in text[:4000].split("\n") if line.strip()]
    broken = sum(len(line) in _WRAPPED_LINE and line.rstrip()[-1:] not in ".!?\"'" for line in lines)
    return len(lines) >= 3 and broken >= 0.5 * len(lines)


def _paragraphs(text: str, begin: int, *, wrapped: bool) -> list[tuple[int, int]]:
    ends = re.compile(r"\n[ ]*\n" if wrapped else r"\n")
    spans, start = [], begin
    for match in ends.finditer(text, begin):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(first, last) for first, last in spans if not text[first:last].isspace() and first < last]


def _sentence_spans(prose: str, first: int, last: int, language: Language) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a paragraph that begins at `first` of its part."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(prose):
        if not _is_abbreviation(prose, match.start(), language):
            spans.append((first + start, first + match.end()))
            start = match.end()
    spans.append((first + start, last))
    return [(begin, end) for begin, end in spans if prose[begin - first : end - first].strip()]


def _is_abbreviation(prose: str, stop: int, language: Language) -> bool:
    if prose[stop] != ".":
        return False
    word = prose[max(0, stop - 12) : stop].rsplit(" ", maxsplit=1)[-1].strip("(\"'")
    return (
        word.lower() in language.furniture.abbreviations
        or _INITIALS.search(prose[max(0, stop - 2) : stop]) is not None
    )


def _token(raw: str, start: int, end: int) -> Token:
    return Token(raw.lower(), raw, start, end, raw[:1].isupper())


def _split_at_dashes(raw: str, start: int, end: int, original: str) -> list[Token]:
    """Return the tokens of a word, several where long dashes without spaces join them: "TOWN—At least"."""
    if "—" not in original[start:end] or not raw[0].isalnum():
        return [_token(raw, start, end)]
    cuts = [here for here in range(start, end) if original[here] == "—"]
    edges = sorted({start, end, *cuts, *(cut + 1 for cut in cuts)})
    return [_token(raw[a - start : b - start], a, b) for a, b in pairwise(edges)]


def _sentence(text: str, original: str, span: tuple[int, int], number: int, paragraph: int) -> Sentence:
    start, end = span
    part = "title" if paragraph == TITLE else "text"
    start += len(text[start:end]) - len(text[start:end].lstrip())
    tokens: list[Token] = []
    dashed = "—" in original[start:end]
    for match in _TOKEN.finditer(text, start, end):
        if dashed:
            tokens += _split_at_dashes(match[0], *match.span(), original)
        else:
            tokens.append(_token(match[0], *match.span()))
        if len(tokens) >= MAX_SENTENCE_TOKENS:
            break
    return Sentence(number, part, paragraph, start, end, original[start:end].rstrip(), tuple(tokens))
