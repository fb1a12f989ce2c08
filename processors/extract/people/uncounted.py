"""Phrases for people without a figure: "a woman", "the driver", "John Roe, 23,", "nobody"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

from dataclasses import replace

from processors.extract.people.groups import BARE, COUNTED, DEFINITE, INDEFINITE, NOBODY, PRONOUN, Group
from processors.extract.people.names import age_after, inside_name, read_name, with_name
from processors.extract.people.nouns import last_noun, noun_after, stands_alone
from processors.extract.people.numbers import number_value
from processors.extract.text.document import Sentence, Token
from processors.extract.text.language import Language

Tokens = tuple[Token, ...]
_NONE_OF = frozenset({"suffering", "any", "causing", "immediate", "reports", "report", "of", "reported", "known"})
"""What can stand between "no" or "without" and casualties."""
_NONE = frozenset({"no", "without"})
_DENIAL = 4
"""Words after a denial in which "any" is nobody."""
_GATHERED = frozenset({"family", "household", "families", "households"})
_BOTH_NUMBERS = frozenset({"personnel", "police", "crew", "staff", "peshmerga", "taliban"})
_APART = 4
"""Tokens of "- year - old" after the number."""
_BODIES = frozenset({"body", "bodies", "corpse", "corpses"})
_MARKS = frozenset(",.;:!?()[]\"'-/") | {"--", "..."}


def read_uncounted(sentence: Sentence, position: int, language: Language, *, cased: bool) -> Group | None:  # noqa: C901, PLR0911, PLR0912 - one kind of phrase after the other
    """Return the phrase for people without a figure that begins at a position."""
    tokens, people = sentence.tokens, language.people
    word = tokens[position].low
    if not tokens[position].capital and word not in people.begins and "year" not in word and word not in _NONE:
        return None
    if word == "any":
        return _denied(tokens, position, language, cased=cased)
    if word in people.both:
        return _both(tokens, position, language, cased=cased)
    if word == "without" and (end := unharmed(tokens, position, language)) is not None:
        return Group(NOBODY, position, position, end, 0, 0, plural=False)
    if word == "no" and position + 1 < len(tokens) and tokens[position + 1].low == "one":
        return Group(NOBODY, position, position, position + 2, 0, 0, plural=False)
    if word in people.nobody or (word in {"anyone", "anybody"} and _follows_denial(tokens, position, language)):
        return Group(NOBODY, position, position, position + 1, 0, 0, plural=False)
    if word in people.somebody:
        return Group(INDEFINITE, position, position, position + 1, 1, 1, plural=False)
    if word in people.singular or word in people.plural:
        return Group(PRONOUN, position, position, position + 1, 1, 1, plural=word in people.plural, head=word)
    if word in people.ordinal and _stands_for_one(tokens, position, language):
        return Group(INDEFINITE, position, position, position + 1, 1, 1, plural=False, head=word)
    if word in people.indefinite or word in people.definite:
        return _determined(sentence, position, language, cased=cased)
    if (cased and sentence.part == "text") or age_after(tokens, position):
        named = read_name(sentence, position, language)
        if named is not None:
            return named
    length = people.noun_phrases.match(tokens, position)
    if length and not (cased and sentence.part == "text" and inside_name(tokens, position, position + length)):
        noun, end = last_noun(tokens, position, length, language)
        if end < len(tokens) and tokens[end].low in people.attributive:
            return None
        if end == position + 1 and not noun.plural and (word,) in language.triggers:
            return None  # "took eight sailors hostage"
        if noun.words[-1] in _BODIES and end < len(tokens) and tokens[end].low == "of":
            return None
        if noun.words[-1] in _GATHERED:
            return _family(tokens, position, end, language)
        return with_name(
            sentence,
            Group(BARE, position, position, end, 1, 1, noun.plural, noun.whose or None, noun.words[-1]),
            language,
            cased=cased,
        )
    if "year-old" in word:
        noun2, end, state = noun_after(tokens, position + 1, language, cased=cased)
        end = end if noun2 else position + 1
        return Group(
            BARE,
            position,
            position,
            end,
            1,
            1,
            plural=False,
            whose=noun2.whose or None if noun2 else None,
            head=word,
            state=state,
        )
    return None


def unharmed(tokens: Tokens, position: int, language: Language) -> int | None:
    """Return where "without suffering any" and "no immediate reports of" end, where casualties follow."""
    for here in range(position + 1, min(position + 6, len(tokens))):
        options = language.triggers.get((tokens[here].low,), ())
        if any(trigger.form == "counts" for trigger in options):
            return here
        if tokens[here].low not in _NONE_OF:
            break
    return None


def _follows_denial(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether somebody denies what follows: "denied that anyone had died"."""
    return any(token.low in language.people.denials for token in tokens[max(0, position - _DENIAL) : position])


def _denied(tokens: Tokens, position: int, language: Language, *, cased: bool) -> Group | None:
    """Read "any protester" of "denied that any protester had died", who is nobody."""
    noun, end, _ = noun_after(tokens, position + 1, language, cased=cased)
    if noun is None or not _follows_denial(tokens, position, language):
        return None
    return Group(NOBODY, position, position, end, 0, 0, plural=False)


def _both(tokens: Tokens, position: int, language: Language, *, cased: bool) -> Group | None:
    """Read "both bombers", who are two; ", both bombers" only says what those before are."""
    if position and tokens[position - 1].low == ",":
        return None
    noun, end, state = noun_after(tokens, position + 1, language, cased=cased)
    if noun is None or not noun.plural:
        return None
    whose, head = noun.whose or None, noun.words[-1]
    return Group(COUNTED, position, position, end, 2, 2, plural=True, whose=whose, head=head, state=state)


def _stands_for_one(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether "third" or "another" stands for a person: "third wounded", "and injured another"."""
    after = position + 1
    if after < len(tokens) and language.trigger_phrases.match(tokens, after):
        return True
    ends = after >= len(tokens) or tokens[after].low in _MARKS | {"in", "at", "on", "near", "was", "is", "who"}
    before = tokens[position - 1].low if position else ""
    if ends and before == "a" and after < len(tokens):  # "a fourth was arrested"
        return tokens[after].low in language.grammar.be
    return ends and tokens[position].low == "another" and ((before,) in language.triggers or before == "and")


def _determined(  # noqa: PLR0911 - one kind of phrase after the other
    sentence: Sentence, position: int, language: Language, *, cased: bool
) -> Group | None:
    tokens, people = sentence.tokens, language.people
    noun, end, state = noun_after(tokens, position + 1, language, cased=False)
    if noun is not None and not noun.plural and end < len(tokens) and tokens[end].low in people.attributive:
        return None
    if noun is None:
        here = position + 1
        aged = _after_age(tokens, here)
        if aged:
            kind = INDEFINITE if tokens[position].low in people.indefinite else DEFINITE
            return Group(kind, position, position, aged, 1, 1, plural=False, head="year-old")
        return _national(tokens, position, language)
    indefinite = tokens[position].low in people.indefinite
    if indefinite and noun.plural:
        if noun.words[-1] not in _BOTH_NUMBERS:
            return None
        noun = replace(noun, plural=False)
    if noun.words[-1] in {"family", "household", "force", "crew", "body", "head"} and not indefinite:
        return None
    if noun.words[-1] in _BODIES and end < len(tokens) and tokens[end].low == "of":
        return None
    if noun.words[-1] in _GATHERED:
        return _family(tokens, position, end, language)
    kind = INDEFINITE if indefinite else DEFINITE
    if not indefinite and tokens[position].low in people.possessive and not noun.plural:
        kind = INDEFINITE
    low = 2 if noun.words[-1] == "couple" else 1
    group = Group(
        kind, position, position, end, low, low, noun.plural, noun.whose or None, noun.words[-1], state=state
    )
    return with_name(sentence, group, language, cased=cased)


def _after_age(tokens: Tokens, here: int) -> int:
    """Return where "12-year-old", "18-month old" or "12 - year - old" ends that begins at a token, else 0."""
    if here >= len(tokens):
        return 0
    if "year-old" in tokens[here].low:
        return here + 1
    apart = [token.low for token in tokens[here + 1 : here + 1 + _APART]]
    if len(apart) == _APART and apart[::2] == ["-", "-"] and apart[1] in {"year", "month"} and apart[3] == "old":
        return here + 1 + _APART
    spaced = (
        tokens[here].low.endswith(("-month", "-year")) and here + 1 < len(tokens) and tokens[here + 1].low == "old"
    )
    return here + 2 if spaced else 0


def _national(tokens: Tokens, position: int, language: Language) -> Group | None:
    """Read "a South Korean", whose noun is known as that of many: not "a South Korean flag"."""
    if tokens[position].low not in language.people.indefinite or position + 1 >= len(tokens):
        return None
    for end in (position + 3, position + 2):
        words = tuple(token.low for token in tokens[position + 1 : end])
        if len(words) == end - position - 1 and tokens[position + 1].capital and stands_alone(tokens, end, language):
            noun = language.people.nouns.get((*words[:-1], words[-1] + "s"))
            if noun is not None:
                return Group(INDEFINITE, position, position, end, 1, 1, plural=False, head=words[-1])
    return None


def _family(tokens: Tokens, position: int, end: int, language: Language) -> Group | None:
    """Read "a family of five"; a family of unknown size counts nobody."""
    if end + 1 >= len(tokens) or tokens[end].low != "of":
        return None
    number = number_value(tokens, end + 1, language)
    if number is None:
        return None
    return Group(COUNTED, position, position, number[1], number[0], number[0], plural=True, head="family")
