"""Phrases for people in a sentence: counted, indefinite, named, or standing for people named before."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from dataclasses import dataclass, replace

from contracts.vocabulary import RejectionReason
from processors.extract.language import Language, Noun
from processors.extract.numbers import Figure, find_figures, number_value
from processors.extract.rejected import figure_reason
from processors.extract.text import Sentence, Token

Tokens = tuple[Token, ...]

COUNTED, INDEFINITE, NAMED, BARE, LISTED, DEFINITE, PRONOUN, NOBODY = (
    "counted", "indefinite", "named", "bare",
    "listed",
    "definite", "pronoun", "nobody",
)  # fmt: skip
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
_NAME_JOINTS = frozenset(
    {"de", "la", "del", "al", "bin", "van", "von", "da", "dos", "el", "ul", "der", "den", "ibn", "di"}
)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_NEVER_BEFORE = frozenset({"killed", "shot", "stabbed", "hit", "struck", "attacked", "seized", "charged", "targeted"})
_AFTER_AGE = frozenset(
    {",", ")", ".", ";", "and", "of", "was", "were", "from", "who", "died", "dies", "is", "has", "had", "shot"}
)
_NONE_OF = frozenset({"suffering", "any", "causing", "immediate", "reports", "report", "of", "reported", "known"})
"""What can stand between "no" or "without" and casualties."""
_NONE = frozenset({"no", "without"})
_GATHERED = frozenset({"family", "household", "families", "households"})
_BOTH_NUMBERS = frozenset({"personnel", "police", "crew", "staff", "peshmerga", "taliban"})
_BODIES = frozenset({"body", "bodies", "corpse", "corpses"})
_MARKS = frozenset(",.;:!?()[]\"'-/") | {"--", "..."}


@dataclass(frozen=True, slots=True)
class Group:
    """A phrase for people: tokens from `first` to before `last`, how many, and how they are called."""

    kind: str
    first: int
    core: int
    last: int
    low: int
    high: int | None
    plural: bool
    whose: str | None = None
    head: str | None = None
    name: str | None = None
    partitive: bool = False
    """"Five of the passengers"."""
    reason: RejectionReason | None = None
    """Why the figure doesn't count people."""
    state: int | None = None
    """Position of a word for harm inside, as in "12 wounded soldiers"."""
    more: bool = False
    """"Three others", "two more"."""
    members: tuple["Group", ...] = ()
    """The groups of a list: "A, 23, and B, 19", "a woman and her two children"."""

    @property
    def counts(self) -> bool:
        """Whether it says how many."""
        return self.kind in {COUNTED, INDEFINITE, NAMED, LISTED, NOBODY} or (self.kind == BARE and not self.plural)


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
            group = _uncounted(sentence, position, language, cased=cased)
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


_ROLES = frozenset(
    {
        "soldiers",
        "police",
        "security forces",
        "militants",
        "attackers",
        "civilians",
        "medics",
        "rescuers",
        "journalists",
        "protesters",
        "villagers",
    }
)
"""Groups that reports count apart: "three soldiers and two civilians" are two claims."""


def listed(series: list[Group]) -> list[Group]:
    """Return a series as one group where it counts people of a kind: "two women and three children" are five.

    Those "of them" stay apart: "12 people, two of them children" are twelve.
    """
    parts = [group for group in series[1:] if group.partitive]
    if len(series) > 1 and series[0].partitive and not parts:
        return series  # "six of the children, and two adults"
    if parts:
        return [*listed([group for group in series if group not in parts]), *parts]
    whose = {group.whose for group in series}
    if len(series) < 2 or (len(whose) > 1 and whose & _ROLES and any(group.low > 1 for group in series)):
        return series
    highs = [group.high for group in series]
    first, last = series[0], series[-1]
    return [
        Group(
            LISTED,
            first.first,
            first.core,
            last.last,
            sum(group.low for group in series),
            None if None in highs else sum(high for high in highs if high is not None),
            plural=True,
            whose=first.whose if len(whose) == 1 else None,
            members=tuple(series),
        )
    ]


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
    if figure.high == 0 and (end := _unharmed(tokens, figure.first, language)) is not None:
        return replace(group, kind=NOBODY, last=end)
    more = after < len(tokens) and tokens[after].low in {"more", "others", "other", "additional"}
    start, partitive = _after_of(tokens, after, language)
    before = tokens[figure.first - 1].low if figure.first else ""
    one = figure.exact and figure.low == 1 and partitive and before in language.grammar.be | {",", "as"}
    if one and start < len(tokens) and _counts_many(tokens, start, language):
        return replace(group, reason=RejectionReason.UNIT)  # "one of 16 people": the 16 are the figure
    noun, end, state = _noun_after(tokens, start, language, cased=cased)
    if noun is not None:
        whose = noun.whose or _members(tokens, end, noun, language)
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
            partitive=partitive and not own,  # "a man, his wife and three of their relatives" are five
            state=state,
            more=more,
        )
    if partitive and start < len(tokens) and tokens[start].low in language.numbers.words:
        return replace(group, kind=COUNTED, last=start + 1, partitive=True)  # "two of the seven"
    if partitive and start < len(tokens) and tokens[start].low in {"them", "us", "whom", "those", "the"}:
        return replace(group, kind=COUNTED, last=start + (tokens[start].low != "the"), partitive=True)
    if more:
        return replace(group, kind=COUNTED, last=after + 1, more=True)
    if figure.low == 1 and after < len(tokens) and (tokens[after].low + "s",) in language.people.nouns:
        return replace(group, last=after + 1, head=tokens[after].low)  # "one Salvadoran"
    if _stands_alone(tokens, after, language):
        return replace(group, kind=NOBODY if figure.high == 0 else group.kind)
    return replace(group, reason=RejectionReason.NOT_PEOPLE)


def _counts_many(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether a figure that counts people stands at a position."""
    value = number_value(tokens, position, language)
    return value is not None and value[1] < len(tokens) and language.people.noun_phrases.match(tokens, value[1]) > 0


def _after_of(tokens: Tokens, position: int, language: Language) -> tuple[int, bool]:
    """Step over "of the" in "five of the passengers"."""
    if position + 1 < len(tokens) and tokens[position].low == "of":
        position += 1
        while position < len(tokens) and tokens[position].low in language.grammar.determiners:
            if position + 1 < len(tokens) and tokens[position + 1].low in {"wounded", "injured", "dead", "victims"}:
                return position + 1, True
            position += 1
        return position, True
    return position, False


def _noun_after(
    tokens: Tokens, position: int, language: Language, *, cased: bool
) -> tuple[Noun | None, int, int | None]:
    """Return the noun for people that a noun phrase going on at a position has, its end, and a harm word inside."""
    state = None
    for here in range(position, min(len(tokens), position + _MODIFIERS)):
        length = language.people.noun_phrases.match(tokens, here)
        if length:
            return *_last_noun(tokens, here, length, language), state
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


def _last_noun(tokens: Tokens, here: int, length: int, language: Language) -> tuple[Noun, int]:
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


def _members(tokens: Tokens, end: int, noun: Noun, language: Language) -> str:
    """Return whose members they are: "five members of the security forces"."""
    if (
        noun.words[0] in {"members", "member", "bodies", "body", "lives", "corpses"}
        and end < len(tokens)
        and tokens[end].low == "of"
    ):
        start, _ = _after_of(tokens, end, language)
        found, _, _ = _noun_after(tokens, start, language, cased=False)
        return found.whose if found else ""
    return ""


def _stands_alone(tokens: Tokens, position: int, language: Language) -> bool:
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


def _uncounted(sentence: Sentence, position: int, language: Language, *, cased: bool) -> Group | None:  # noqa: C901, PLR0911, PLR0912 - one kind of phrase after the other
    tokens, people = sentence.tokens, language.people
    word = tokens[position].low
    if not tokens[position].capital and word not in people.begins and "year" not in word and word not in _NONE:
        return None
    if word == "without" and (end := _unharmed(tokens, position, language)) is not None:
        return Group(NOBODY, position, position, end, 0, 0, plural=False)
    if word == "no" and position + 1 < len(tokens) and tokens[position + 1].low == "one":
        return Group(NOBODY, position, position, position + 2, 0, 0, plural=False)
    if word in people.nobody:
        return Group(NOBODY, position, position, position + 1, 0, 0, plural=False)
    if word in people.somebody:
        return Group(INDEFINITE, position, position, position + 1, 1, 1, plural=False)
    if word in people.singular or word in people.plural:
        return Group(PRONOUN, position, position, position + 1, 1, 1, plural=word in people.plural, head=word)
    if word in people.ordinal and _stands_for_one(tokens, position, language):
        return Group(INDEFINITE, position, position, position + 1, 1, 1, plural=False, head=word)
    if word in people.indefinite or word in people.definite:
        return _determined(sentence, position, language, cased=cased)
    if (cased and sentence.part == "text") or _age_after(tokens, position):
        named = _named(sentence, position, language)
        if named is not None:
            return named
    length = people.noun_phrases.match(tokens, position)
    if length and not (cased and sentence.part == "text" and _inside_name(tokens, position, position + length)):
        noun, end = _last_noun(tokens, position, length, language)
        if end < len(tokens) and tokens[end].low in people.attributive:
            return None
        if noun.words[-1] in _BODIES and end < len(tokens) and tokens[end].low == "of":
            return None
        if noun.words[-1] in _GATHERED:
            return _family(tokens, position, end, language)
        return _with_name(
            sentence,
            Group(BARE, position, position, end, 1, 1, noun.plural, noun.whose or None, noun.words[-1]),
            language,
            cased=cased,
        )
    if "year-old" in word:
        noun2, end, state = _noun_after(tokens, position + 1, language, cased=cased)
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


def _unharmed(tokens: Tokens, position: int, language: Language) -> int | None:
    """Return where "without suffering any" and "no immediate reports of" end, where casualties follow."""
    for here in range(position + 1, min(position + 6, len(tokens))):
        options = language.triggers.get((tokens[here].low,), ())
        if any(trigger.form == "counts" for trigger in options):
            return here
        if tokens[here].low not in _NONE_OF:
            break
    return None


def _stands_for_one(tokens: Tokens, position: int, language: Language) -> bool:
    """Whether "third" or "another" stands for a person: "third wounded", "and injured another"."""
    after = position + 1
    if after < len(tokens) and language.trigger_phrases.match(tokens, after):
        return True
    ends = after >= len(tokens) or tokens[after].low in _MARKS | {"in", "at", "on", "near", "was", "is", "who"}
    before = tokens[position - 1].low if position else ""
    return ends and tokens[position].low == "another" and ((before,) in language.triggers or before == "and")


def _determined(  # noqa: PLR0911 - one kind of phrase after the other
    sentence: Sentence, position: int, language: Language, *, cased: bool
) -> Group | None:
    tokens, people = sentence.tokens, language.people
    noun, end, state = _noun_after(tokens, position + 1, language, cased=False)
    if noun is not None and not noun.plural and end < len(tokens) and tokens[end].low in people.attributive:
        return None
    if noun is None:
        here = position + 1
        if here < len(tokens) and "year-old" in tokens[here].low:
            kind = INDEFINITE if tokens[position].low in people.indefinite else DEFINITE
            return Group(kind, position, position, here + 1, 1, 1, plural=False, head="year-old")
        return None
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
    return _with_name(sentence, group, language, cased=cased)


def _with_name(sentence: Sentence, group: Group, language: Language, *, cased: bool) -> Group:
    """Take in a name in apposition: "police constable John Roe", "a man identified as"."""
    if not cased or group.plural or group.last >= len(sentence.tokens):
        return group
    start = group.last
    if sentence.tokens[start].low == "," and start + 1 < len(sentence.tokens):
        start += 1
    named = _named(sentence, start, language)
    if named is None or (start != group.last and named.kind != NAMED):
        return group
    return replace(group, last=named.last, name=named.name)


def _inside_name(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a capitalised noun belongs to a name: "Special Guerrilla Squad", "Communist Party"."""
    if not tokens[first].capital:
        return False
    before = first > 1 and tokens[first - 1].capital
    after = last < len(tokens) and tokens[last].capital and tokens[last].low[0].isalpha()
    return before or (after and first > 0)


def _family(tokens: Tokens, position: int, end: int, language: Language) -> Group | None:
    """Read "a family of five"; a family of unknown size counts nobody."""
    if end + 1 >= len(tokens) or tokens[end].low != "of":
        return None
    number = number_value(tokens, end + 1, language)
    if number is None:
        return None
    return Group(COUNTED, position, position, number[1], number[0], number[0], plural=True, head="family")


def _age_after(tokens: Tokens, position: int) -> bool:
    return position + 3 < len(tokens) and any(
        tokens[here].low == "," and tokens[here + 1].low.isdigit() and len(tokens[here + 1].low) <= 2
        for here in range(position + 1, min(position + 4, len(tokens) - 1))
    )


def _named(sentence: Sentence, position: int, language: Language) -> Group | None:
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
    grammar = language.grammar
    return (
        token.capital
        and word[0].isalpha()
        and not word.endswith("'s")
        and word not in _SUFFIXES | grammar.weekdays | grammar.months | grammar.determiners | grammar.prepositions
        and word not in grammar.openers | grammar.conjunctions | grammar.stops | grammar.be
        and word not in language.people.nobody | language.people.somebody
        and word not in language.numbers.words
        and (word,) not in language.people.nouns
        and (word,) not in language.triggers
    )
