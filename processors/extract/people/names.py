"""Names of people: capitalised words in a row, with an age or a title."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from dataclasses import replace
from functools import lru_cache

from processors.extract.people.groups import DEFINITE, INDEFINITE, NAMED, Group
from processors.extract.text.document import Sentence, Token
from processors.extract.text.language import Language, load

Tokens = tuple[Token, ...]
_NAME_JOINTS = frozenset(
    {"de", "la", "del", "al", "bin", "van", "von", "da", "dos", "el", "ul", "der", "den", "ibn", "di"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_AFTER_AGE = frozenset(
    {",", ")", ".", ";", "and", "of", "was", "were", "from", "who", "died", "dies", "is", "has", "had", "shot"}
)


def with_name(sentence: Sentence, group: Group, language: Language, *, cased: bool) -> Group:
    """Take in a name in apposition: "police constable John Roe", "a man identified as"."""
    if not cased or group.plural or group.last >= len(sentence.tokens):
        return group
    start = group.last
    if sentence.tokens[start].low == "," and start + 1 < len(sentence.tokens):
        start += 1
    named = read_name(sentence, start, language)
    if named is None or (start != group.last and named.kind != NAMED):
        return group
    kind = INDEFINITE if group.kind == DEFINITE and start != group.last else group.kind  # "the groom, John Roe,"
    return replace(group, kind=kind, last=named.last, name=named.name)


def inside_name(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a capitalised noun belongs to a name: "Special Guerrilla Squad", "Communist Party"."""
    if not tokens[first].capital:
        return False
    before = first > 1 and tokens[first - 1].capital
    after = last < len(tokens) and tokens[last].capital and tokens[last].low[0].isalpha()
    return before or (after and first > 0)


def age_after(tokens: Tokens, position: int) -> bool:
    """Whether an age between commas follows a name that begins at a position, whatever its case."""
    return position + 3 < len(tokens) and any(
        tokens[here].low == "," and tokens[here + 1].low.isdigit() and len(tokens[here + 1].low) <= 2
        for here in range(position + 1, min(position + 4, len(tokens) - 1))
    )


def read_name(sentence: Sentence, position: int, language: Language) -> Group | None:
    """Return a person's name: capitalised words in a row, with ", 23," taken in."""
    tokens = sentence.tokens
    end = position
    while end < len(tokens) and _in_name(tokens, end, position, language):
        end += 1
    while end > position and tokens[end - 1].low in _NAME_JOINTS:
        end -= 1
    if end == position or (end == position + 1 and not _has_age(tokens, end)):
        return None
    aged = _has_age(tokens, end)
    if not aged and position and tokens[position - 1].low in language.grammar.determiners:
        return None
    if not aged and any(token.low in language.people.not_names for token in tokens[position:end]):
        return None
    surname = tokens[end - 1].low
    last = end
    if last + 1 < len(tokens) and tokens[last].low == "," and tokens[last + 1].low in _SUFFIXES:
        last += 2
    if _has_age(tokens, last):
        last += 3 if last + 2 < len(tokens) and tokens[last + 2].low in {",", ")"} else 2
    elif end - position < 2 or end - position > 4:
        return None
    return Group(NAMED, position, position, last, 1, 1, plural=False, name=surname)


def _has_age(tokens: Tokens, position: int) -> bool:
    """Whether ", 23," or "(23)" stands at a position, and not a figure that counts something."""
    if position + 1 >= len(tokens) or tokens[position].low not in {",", "("}:
        return False
    age = tokens[position + 1].low
    after = tokens[position + 2].low if position + 2 < len(tokens) else "."
    return age.isdigit() and len(age) <= 2 and after in _AFTER_AGE


def _in_name(tokens: Tokens, here: int, start: int, language: Language) -> bool:
    token = tokens[here]
    word = token.low
    if word in _NAME_JOINTS:
        return here > start
    if word == "." and here > start and len(tokens[here - 1].raw) <= 2:
        return here + 1 < len(tokens) and tokens[here + 1].capital
    return token.capital and word[0].isalpha() and not word.endswith("'s") and word not in _no_name(language.code)


@lru_cache(maxsize=8)
def _no_name(code: str) -> frozenset[str]:
    """Return the words that are no part of a person's name."""
    language = load(code)
    grammar, people = language.grammar, language.people
    words = _SUFFIXES | grammar.weekdays | grammar.months | grammar.determiners | grammar.prepositions
    words |= grammar.openers | grammar.conjunctions | grammar.stops | grammar.be | people.nobody | people.somebody
    words |= language.numbers.words.keys()
    return words | {phrase[0] for phrase in (*people.nouns, *language.triggers) if len(phrase) == 1}
