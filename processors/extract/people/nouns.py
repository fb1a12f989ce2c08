"""Nouns for people after a figure or a determiner: "12 wounded police officers", "members of the guard"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from processors.extract.people.numbers import number_value
from processors.extract.text.document import Token
from processors.extract.text.language import Language, Noun

Tokens = tuple[Token, ...]
_MODIFIERS = 8
"""Most words between a figure and its noun."""
_PEOPLE_ENDINGS = (
    "men",
    "women",
    "people",
    "workers",
    "goers",
    "ists",
    "keepers",
    "makers",
    "folk",
    "mates",
    "holders",
)
_NEVER_BEFORE = frozenset({"killed", "shot", "stabbed", "hit", "struck", "attacked", "seized", "charged", "targeted"})
_MARKS = frozenset(",.;:!?()[]\"'-/") | {"--", "..."}


def after_of(tokens: Tokens, position: int, language: Language) -> tuple[int, bool]:
    """Step over "of the" in "five of the passengers"."""
    if position + 1 < len(tokens) and tokens[position].low == "of":
        position += 1
        while position < len(tokens) and tokens[position].low in language.grammar.determiners:
            if position + 1 < len(tokens) and tokens[position + 1].low in {"wounded", "injured", "dead", "victims"}:
                return position + 1, True
            if _stands_for_all(tokens, position, language):
                break
            position += 1
        return position, True
    return position, False


def _stands_for_all(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a determiner stands for those told of: "26 of which were", "four of these,"."""
    after = tokens[position + 1].low if position + 1 < len(tokens) else "."
    grammar = language.grammar
    return tokens[position].low in {"which", "these", "those"} and (
        not after[0].isalnum() or after in grammar.be | grammar.have
    )


def noun_after(
    tokens: Tokens, position: int, language: Language, *, cased: bool
) -> tuple[Noun | None, int, int | None]:
    """Return the noun for people that a noun phrase going on at a position has, its end, and a harm word inside."""
    state = None
    for here in range(position, min(len(tokens), position + _MODIFIERS)):
        length = language.people.noun_phrases.match(tokens, here)
        if length:
            return *last_noun(tokens, here, length, language), state
        word = tokens[here].low
        if (word,) in language.triggers and _is_harmed(word, language):
            if not language.people.noun_phrases.match(tokens, here + 1) if here + 1 < len(tokens) else True:
                return None, position, None
            state = here
        elif _ends_phrase(word, language) or (
            not _is_modifier(tokens[here], language) and not _joins_name(tokens, here, cased=cased)
        ):
            break
        elif here > position - 1 and _ends_noun(tokens, here, language, cased=cased):
            return Noun("", plural=True, words=(word,)), here + 1, state
    return None, position, None


def _ends_phrase(word: str, language: Language) -> bool:
    """Whether a word is a verb for harm or a number, which no noun phrase goes over."""
    verb = any(trigger.form in {"done", "doing"} for trigger in language.triggers.get((word,), ()))
    return verb or word in language.numbers.words


def _joins_name(tokens: Tokens, here: int, *, cased: bool) -> bool:
    """Whether a word or mark stands inside a longer name: "Communist Party of India (Marxist) cadres"."""
    if not cased or here == 0 or here + 1 >= len(tokens):
        return False
    word, before, after = tokens[here].low, tokens[here - 1], tokens[here + 1]
    if word in {"of", "and"}:
        return before.capital and after.capital
    return (word == "(" and after.capital) or (word == ")" and before.capital)


def last_noun(tokens: Tokens, here: int, length: int, language: Language) -> tuple[Noun, int]:
    """Return the last of nouns in a row ("police officers", "army soldiers") and its end."""
    noun = language.people.nouns[tuple(token.low for token in tokens[here : here + length])]
    end = here + length
    while end < len(tokens):
        length = language.people.noun_phrases.match(tokens, end)
        skip = 0
        if (
            tokens[end].low == "("
            and end + 3 < len(tokens)
            and tokens[end + 2].low == ")"
            and tokens[end + 1].raw.isupper()
        ):
            length = language.people.noun_phrases.match(tokens, end + 3)
            skip = 3
        if not length and end + 1 < len(tokens) and not noun.plural and _is_modifier(tokens[end], language):
            length = language.people.noun_phrases.match(tokens, end + 1)
            skip = 1
        if noun.plural and (tokens[end].low,) in language.triggers:  # "took eight sailors hostage"
            break
        if not length or tokens[end + skip].low in {"one", "ones", "others", "other"}:
            break
        following = language.people.nouns[tuple(token.low for token in tokens[end + skip : end + skip + length])]
        noun = Noun(following.whose or noun.whose, following.plural, following.words)
        end += skip + length
    return noun, end


def _is_harmed(word: str, language: Language) -> bool:
    """Whether a word for harm can stand before a noun: "12 wounded soldiers"."""
    return word not in _NEVER_BEFORE and any(t.form in {"state", "done"} for t in language.triggers[(word,)])


def _is_modifier(token: Token, language: Language) -> bool:
    grammar = language.grammar
    word = token.low
    return (
        (word[0].isalpha() or "-" in word)
        and word not in grammar.prepositions
        and word not in grammar.be
        and word not in grammar.have
        and word not in grammar.modal
        and word not in grammar.conjunctions
        and word not in grammar.openers
        and word not in grammar.stops
        and word not in grammar.weekdays
        and not word.endswith("'s")
        and word not in grammar.determiners - {"other", "another"}
    ) or (word[0].isdigit() and "-year" in word)


def _ends_noun(tokens: Tokens, here: int, language: Language, *, cased: bool) -> bool:
    """Whether an unknown word must be a noun for people by its ending, or by being a people's name."""
    word = tokens[here].low
    if len(word) > 6 and word.endswith(_PEOPLE_ENDINGS):
        return True
    follows = tokens[here + 1].low if here + 1 < len(tokens) else "."
    ends = (
        follows in language.grammar.be
        or follows in language.grammar.have
        or follows in _MARKS
        or (follows,) in language.triggers
    )
    return (
        cased
        and ends
        and tokens[here].capital
        and not tokens[here - 1].capital
        and word.endswith(("ans", "is", "ese", "ians"))
    )


def members(tokens: Tokens, end: int, noun: Noun, language: Language) -> str:
    """Return whose members they are: "five members of the security forces"."""
    if (
        noun.words[0] in {"members", "member", "bodies", "body", "lives", "corpses"}
        and end < len(tokens)
        and tokens[end].low == "of"
    ):
        start, _ = after_of(tokens, end, language)
        found, _, _ = noun_after(tokens, start, language, cased=False)
        return found.whose if found else ""
    return ""


def stands_alone(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a figure without a noun can stand for people: "five were killed", "12 wounded", "five,"."""
    if position >= len(tokens):
        return True
    word, grammar = tokens[position].low, language.grammar
    return (
        word in _MARKS
        or word in grammar.be
        or word in grammar.have
        or word in grammar.prepositions
        or word in grammar.conjunctions
        or word in grammar.adverbs
        or word in grammar.weekdays
        or word in grammar.stops
        or word in grammar.modal
        or word in grammar.openers
        or language.trigger_phrases.match(tokens, position) > 0
    )


def counts_many(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a figure that counts people stands at a position."""
    value = number_value(tokens, position, language)
    return value is not None and value[1] < len(tokens) and language.people.noun_phrases.match(tokens, value[1]) > 0
