"""People told of in a row: "two nurses, a driver and three others", and who stands for whom in it."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from dataclasses import replace

from processors.extract.harm.clause import Clause
from processors.extract.people.groups import COUNTED, DEFINITE, INDEFINITE, PRONOUN, Group

_ASIDE = 12
"""Most tokens of an aside and its commas."""
_SOON = 5
"""Words after a group in which its fate is told."""


def series_right(clause: Clause, group: Group, *, definite: bool = False) -> list[Group]:
    """Return a group and those in a series after it; with `definite`, known people too."""
    series = [group]
    while True:
        here = series[-1].last
        here = _after_office(clause, here)
        following = None
        for _ in range(2):
            if (
                following is not None
                or here >= len(clause.tokens)
                or clause.tokens[here].low not in clause.words["series"]
            ):
                break
            here += 1
            following = clause.starts.get(here)
        if following is None or following.first < here or has_own_verb(clause, following):
            return series
        if not (following.counts or (definite and is_countable(following))) or _is_severe(clause, following):
            return series
        if _is_apposition(clause, series[-1], following):
            series[-1] = replace(series[-1], last=following.last, name=series[-1].name or following.name)
            continue
        series.append(following)


def _is_severe(clause: Clause, group: Group) -> bool:
    """Whether a bare figure tells how badly some fare: "injured 40 people, five seriously"."""
    after = clause.tokens[group.last].low if group.last < len(clause.tokens) else "."
    return group.kind == COUNTED and group.head is None and after in clause.words["severely"]


def _after_office(clause: Clause, position: int) -> int:
    """Step over "of the company" where "and" and a figure follow: "the head of the company and seven officials"."""
    if position >= len(clause.tokens) or clause.tokens[position].low != "of":
        return position
    for here in range(position + 2, min(position + 5, len(clause.tokens) - 1)):
        following = clause.starts.get(here + 1)
        joined = following is not None and following.kind in {COUNTED, INDEFINITE}
        if clause.tokens[here].low == "and" and joined:
            return here
    return position


def has_own_verb(clause: Clause, group: Group) -> bool:
    """Whether a group is followed by a verb of its own, so that it isn't part of a series before it."""
    here = _after_aside(clause, group.last)
    if here >= len(clause.tokens):
        return False
    word = clause.tokens[here].low
    grammar = clause.language.grammar
    if word == "aged":
        return False
    if here > group.last:
        return word in grammar.be or word in grammar.have or here in clause.verbs
    return (
        word in grammar.be
        or word in grammar.have
        or word in grammar.modal
        or here in clause.verbs
        or (word in grammar.adverbs and here + 1 in clause.verbs)
        or word in grammar.stops
    )


def _after_aside(clause: Clause, here: int) -> int:
    """Step over what is told of a group between commas: "and seven people, including four police, were hurt"."""
    words = [token.low for token in clause.tokens[here : here + _ASIDE]]
    if words[:1] != [","] or words[1:2] not in (["including"], ["among"], ["most"], ["mostly"], ["some"], ["many"]):
        return here
    return here + words.index(",", 1) + 1 if "," in words[1:] else here


def series_left(clause: Clause, group: Group) -> list[Group]:
    """Return a group and those in a series before it."""
    series = [group]
    while True:
        here = _before_name(clause, series[0].first, frozenset({"(", ")"}))
        previous = None
        for _ in range(2):
            if previous is not None or here == 0 or clause.tokens[here - 1].low not in clause.words["series"]:
                break
            here -= 1
            previous = clause.ends.get(here)
        if previous is None and here < series[0].first and clause.tokens[here].low == "and":
            previous = clause.ends.get(_before_name(clause, here, clause.words["of_name"]))
        if (
            previous is not None
            and previous.first
            and series[0].kind == COUNTED
            and (not series[0].head or series[0].more)
            and is_part(clause, previous)
        ):
            return series  # "among them a sergeant, and nine were hurt"
        if previous is None or not _may_precede(clause, previous, series[0]):
            return series
        if _is_apposition(clause, previous, series[0]):
            series[0] = previous
            continue
        bare = series[0].kind == COUNTED and series[0].head is None and not series[0].more
        if bare and previous.head is not None:
            return series  # "19 martyrs and 60 wounded"
        before = clause.tokens[previous.first - 1].low if previous.first else ""
        if before in clause.language.grammar.prepositions - {"of", "leaving", "including"}:
            return series
        series.insert(0, previous)


def _may_precede(clause: Clause, previous: Group, group: Group) -> bool:
    """Whether a group may stand in a series before another.

    Not in "killed an officer and two civilians, and seven people were hurt".
    """
    joint = [token.low for token in clause.tokens[previous.last : group.first]]
    if group.kind == PRONOUN and group.plural:  # "66 bodies, and they have been buried"
        return False
    counts = previous.counts or (group.more and _is_one(previous))
    if joint == [","] and previous.head is None and group.head is not None and _is_harmed(clause, previous):
        return False  # "blast kills four, 68 people missing"
    return counts and not (joint == [",", "and"] and _is_harmed(clause, previous))


def _is_harmed(clause: Clause, group: Group) -> bool:
    """Whether a group, or a series that it ends, follows a word for harm whose object it is."""
    here = group.first
    while here > 0 and clause.tokens[here - 1].low in clause.words["series"]:
        before = clause.ends.get(here - 1)
        if before is None:
            return False
        here = before.first
    return here > 0 and any(last == here for _, last, _ in clause.triggers)


def _is_one(group: Group) -> bool:
    """Whether a group is one known person: "she and four others"."""
    return group.kind in {DEFINITE, PRONOUN} and not group.plural and group.low == 1 and group.head != "it"


def _before_name(clause: Clause, position: int, joints: frozenset[str]) -> int:
    """Step back over a name: "Station House Officer" before a person, "of the Orissa Police" after a group."""
    here = position
    while here > 0 and position - here < 7 and here not in clause.ends:
        token = clause.tokens[here - 1]
        named = (
            position - here == 0
            and token.low in clause.words["bodies_of_people"]
            and here > 1
            and clause.tokens[here - 2].capital
        )
        if not (
            named or token.low in joints or (token.capital and token.low not in clause.language.grammar.determiners)
        ):
            break
        here -= 1
    return here


def _is_apposition(clause: Clause, one: Group, other: Group) -> bool:
    """Whether two groups with only a comma between them are one person: "John Roe, a teacher"."""
    between = [token.low for token in clause.tokens[one.last : other.first]]
    comma = between == [","] or (not between and clause.tokens[one.last - 1].low == ",")
    if comma and one.partitive and one.low == 1 and other.kind == INDEFINITE:  # "one of them, a boy of ten"
        return True
    if comma and _is_kin(clause, other):
        return one.low == 1
    named = (one.name is None) != (other.name is None)
    return comma and named and one.low == other.low == 1


def _is_kin(clause: Clause, group: Group) -> bool:
    """Whether a relative between commas tells who somebody is: "a girl, his niece, in the chest"."""
    after = group.last + 1
    return (
        group.whose == "relatives"
        and group.low == 1
        and clause.tokens[group.first].low in clause.language.people.possessive
        and after < len(clause.tokens)
        and clause.tokens[group.last].low == ","
        and clause.tokens[after].low not in clause.words["series"]
        and after not in clause.starts
    )


def is_part(clause: Clause, group: Group) -> bool:
    """Whether words beside a group say that it is a part: "including four", "two of them"."""
    parts, tokens = clause.language.people, clause.tokens
    for start in range(max(0, group.first - 3), group.first):
        length = parts.parts.match(tokens, start)
        if length and start + length == group.first:
            return clause.tokens[start].low != "with"
    return group.last < len(tokens) and (parts.parts_after.match(tokens, group.last) > 0 or group.partitive)


def is_saved(clause: Clause, group: Group) -> bool:
    """Whether a part came off well: "30 were abducted, of whom 12 escaped"."""
    after = {token.low for token in clause.tokens[group.last : group.last + _SOON]}
    return bool(after & clause.words["saved"])


def is_countable(group: Group) -> bool:
    """Whether a group counts people where a part is told: "the parish priest" is one, "the villagers" aren't."""
    return group.counts or (group.kind == DEFINITE and not group.plural and group.low == 1)


def as_counted(group: Group) -> Group:
    """Return a group of known people who are told of as a part, as one that counts them."""
    return replace(group, kind=INDEFINITE) if group.kind == DEFINITE else group
