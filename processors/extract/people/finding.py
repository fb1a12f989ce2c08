"""Phrases for people in a sentence: counted, indefinite, named, or standing for people named before."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

from dataclasses import replace

from contracts.vocabulary import RejectionReason
from processors.extract.people.groups import COUNTED, DEFINITE, NOBODY, Group
from processors.extract.people.nouns import after_of, counts_many, members, noun_after, stands_alone
from processors.extract.people.numbers import Figure, find_figures
from processors.extract.people.rejected import figure_reason
from processors.extract.people.uncounted import read_uncounted, unharmed
from processors.extract.text.document import Sentence, Token
from processors.extract.text.language import Language

Tokens = tuple[Token, ...]


def find_groups(sentence: Sentence, language: Language, *, cased: bool) -> list[Group]:
    """Return the phrases for people from left to right; `cased` says that capitals mark names."""
    tokens = sentence.tokens
    figures = {figure.first: figure for figure in find_figures(tokens, language)}
    groups: list[Group] = []
    position = 0
    while position < len(tokens):
        group = None
        if position in figures:
            group = _counted(sentence, figures[position], language, cased=cased)
            if group.reason is None and groups and _is_second_age(tokens, groups[-1], group):
                group = replace(group, reason=RejectionReason.AGE)
        else:
            group = read_uncounted(sentence, position, language, cased=cased)
        if group is None:
            position += 1
            continue
        groups.append(group)
        position = max(group.last, position + 1)
    return groups


def _is_second_age(tokens: Tokens, before: Group, group: Group) -> bool:
    """Read "aged 27 and 31"."""
    between = {token.low for token in tokens[before.last : group.first]}
    return before.reason is RejectionReason.AGE and bool(between) and between <= {"and", ",", "to", "or", "-"}


def _counted(  # noqa: C901, PLR0911 - one way of counting after the other
    sentence: Sentence, figure: Figure, language: Language, *, cased: bool
) -> Group:
    tokens = sentence.tokens
    group = Group(COUNTED, figure.first, figure.core, figure.last, figure.low, figure.high, figure.low != 1)
    reason = figure_reason(tokens, figure, language)
    if reason is not None:
        return replace(group, reason=reason)
    if figure.definite and tokens[figure.first].low not in language.people.possessive:
        group = replace(group, kind=DEFINITE if figure.exact else COUNTED)
    after = figure.last
    if figure.high == 0 and (end := unharmed(tokens, figure.first, language)) is not None:
        return replace(group, kind=NOBODY, last=end)
    more = after < len(tokens) and tokens[after].low in {"more", "others", "other", "additional"}
    start, partitive = after_of(tokens, after, language)
    before = tokens[figure.first - 1].low if figure.first else ""
    one = figure.exact and figure.low == 1 and partitive and before in language.grammar.be | {",", "as"}
    if one and start < len(tokens) and counts_many(tokens, start, language):
        return replace(group, reason=RejectionReason.UNIT)  # "one of 16 people": the 16 are the figure
    noun, end, state = noun_after(tokens, start, language, cased=cased)
    if noun is not None:
        whose = noun.whose or members(tokens, end, noun, language)
        kind = NOBODY if figure.high == 0 else group.kind
        if partitive and kind == DEFINITE:
            kind = COUNTED
        own = partitive and tokens[start - 1].low in language.people.possessive | {"its"}
        return replace(
            group,
            kind=kind,
            last=end,
            whose=whose or None,
            head=noun.words[-1],
            plural_head=noun.plural,
            partitive=partitive and not own,  # "a man, his wife and three of their relatives" are five
            state=state,
            more=more,
        )
    if partitive and start < len(tokens) and tokens[start].low in language.numbers.words:
        return replace(group, kind=COUNTED, last=start + 1, partitive=True)  # "two of the seven"
    if (
        partitive
        and start < len(tokens)
        and tokens[start].low in {"them", "us", "whom", "which", "those", "these", "the"}
    ):
        return replace(group, kind=COUNTED, last=start + (tokens[start].low != "the"), partitive=True)
    if tokens[after - 1].low == "of" and after < len(tokens) and tokens[after].low in {"them", "whom"}:
        return replace(group, kind=COUNTED, last=after + 1, partitive=True)  # "dozens of them"
    if more:
        return replace(group, kind=COUNTED, last=after + 1, more=True)
    if figure.low == 1 and after < len(tokens) and (tokens[after].low + "s",) in language.people.nouns:
        return replace(group, last=after + 1, head=tokens[after].low)  # "one Salvadoran"
    if stands_alone(tokens, after, language):
        return replace(group, kind=NOBODY if figure.high == 0 else group.kind)
    return replace(group, reason=RejectionReason.NOT_PEOPLE)
