"""Figures that are a part of another in the sentence: "including four children", "two of them", "one seriously"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from collections.abc import Iterator, Mapping
from dataclasses import replace

from contracts.vocabulary import Measure
from processors.extract.harm.clause import Clause
from processors.extract.harm.mentions import TELLING, Mention
from processors.extract.harm.series import as_counted, has_own_verb, is_countable, is_part, is_saved, series_right
from processors.extract.harm.shares import unknown_person
from processors.extract.harm.subjects import subject
from processors.extract.people.groups import COUNTED, INDEFINITE, NOBODY, Group

_THOSE: Mapping[Measure, frozenset[str]] = {
    Measure.KILLED: frozenset({"dead", "deceased", "victims", "killed", "slain", "fatalities", "bodies", "deaths"}),
    Measure.INJURED: frozenset({"injured", "wounded"}),
    Measure.MISSING: frozenset({"missing"}),
    Measure.ABDUCTED: frozenset({"hostages", "abducted", "kidnapped", "captives", "abductees"}),
}
"""Words for those to whom something happened, of whom a figure can tell a part."""
_NEAR = 6
"""Most tokens between a figure and "including"."""


def find_parts(clause: Clause, found: list[Mention]) -> list[Mention]:
    """Return what was found and the parts of it that the sentence tells; those with words for harm are marked."""
    told = [*found]
    for rule in (_of_those, _severe, _of_many, _linked, _further, _unknown_parts):
        told.extend(rule(clause, told))
    return [_as_part(clause, mention, told) for mention in told]


def _members(found: list[Mention]) -> set[int]:
    """Return where the groups begin whose fate is told, those of lists too."""
    told = (mention.group for mention in found if mention.measure is not None)
    return {member.first for group in told for member in (group, *group.members)}


def _of_many(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the part of "the mayor was one of 16 people to die" and of "two nurses were among the 16 dead"."""
    told = _members(found)
    for whole in [mention for mention in found if mention.low > 1]:
        sole = _one_of(clause, whole.group)
        if sole is not None:
            yield replace(whole, group=sole, subset=True, form="part", series=0)
        if whole.group.first and clause.tokens[whole.group.first - 1].low == "among":
            for part in subject(clause, whole.group.first - 1, strict=False):
                if part.first not in told and is_countable(part):
                    yield replace(whole, group=as_counted(part), subset=True, form="part", series=0)


def _linked(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield parts that words link with what was found: "including four children", "four of them children"."""
    told = _members(found)
    firsts = {m.group.first for m in found if m.measure is not None}
    for group in clause.groups:
        if group.first in told or not is_countable(group) or group.kind == NOBODY or is_saved(clause, group):
            continue
        if group.partitive and group.low == 1 and (_is_described(clause, group) or _speaks(clause, group)):
            continue
        whole = _whole(group, found)
        if whole is None:
            continue
        series = series_right(clause, group, definite=True)
        if is_part(clause, group) or _are_parts(clause, series) or _sum_up(clause, whole, series):
            told |= {member.first for member in series}
            for member in series:
                if member.first not in firsts and member.head not in clause.words["saved"]:
                    yield replace(whole, group=as_counted(member), subset=True, form="part", series=0)


def _speaks(clause: Clause, group: Group) -> bool:
    """Whether "one of the officials" is who says so."""
    after = clause.tokens[group.last].low if group.last < len(clause.tokens) else "."
    return after in {"said", "says", "told", "added"}


def _is_described(clause: Clause, group: Group) -> bool:
    """Whether "one of them" is followed by who it is: "one of them a pregnant woman"."""
    after = clause.starts.get(group.last)
    if after is None or after.kind != INDEFINITE:
        return False
    word = clause.tokens[after.last].low if after.last < len(clause.tokens) else "."
    return not word[0].isalnum() or word in clause.language.grammar.prepositions  # not "one of whom a man said …"


def _are_parts(clause: Clause, series: list[Group]) -> bool:
    """Whether a series ends with "among them"."""
    end = series[-1].last
    return (
        len(series) > 1
        and end < len(clause.tokens)
        and clause.language.people.parts_after.match(clause.tokens, end) > 0
    )


def _sum_up(clause: Clause, whole: Mention, series: list[Group]) -> bool:
    """Whether a series divides the whole before it: "ten bodies - eight servicemen and two civilians"."""
    if len(series) < 2 or whole.low != sum(member.low for member in series):
        return False
    return clause.tokens[series[0].first - 1].low in clause.words["divides"]


def _one_of(clause: Clause, whole: Group) -> Group | None:
    """Return whom "X was one of 16 people to die" is about."""
    before = clause.starts.get(whole.first)
    if before is not whole or [token.low for token in clause.tokens[max(0, whole.first - 2) : whole.first]] != [
        "one",
        "of",
    ]:
        return None
    person = next((g for g in reversed(clause.groups) if g.last <= whole.first - 2), None)
    if person is None or not is_countable(person) or person.low != 1:
        return None
    between = {token.low for token in clause.tokens[person.last : whole.first]}
    return as_counted(person) if between & clause.language.grammar.be and len(between) < 7 else None


def _whole(part: Group, found: list[Mention]) -> Mention | None:
    """Return the mention that a part belongs to: the nearest before it that has a figure."""
    before = [m for m in found if m.group.first < part.first and m.group.high != 0 and m.measure is not None]
    wholes = [m for m in before if not m.subset] or [m for m in before if m.low > part.low]
    wholes = wholes or [m for m in found if m.group.first < part.first and m.measure is None]
    return max(wholes, key=lambda m: m.group.first, default=None)


def _as_part(clause: Clause, mention: Mention, found: list[Mention]) -> Mention:
    """Return a mention, marked as a part where it is one "among them" and has words for harm of its own too."""
    if mention.subset or mention.measure is None:
        return mention
    if _is_in_toll(clause, mention, found):
        return replace(mention, subset=True)
    if not is_part(clause, mention.group) and not _follows_whole(clause, mention, found):
        return mention
    wholes = (m for m in found if m.measure is mention.measure and m.group.last <= mention.group.first)
    return replace(mention, subset=True) if any(m.low > mention.low for m in wholes) else mention


def _follows_whole(clause: Clause, mention: Mention, found: list[Mention]) -> bool:
    """Whether a bare figure tells of those before it: "of the 120 people who were hurt, 45 are in the wards"."""
    bare = mention.group.head is None and mention.group.kind == COUNTED
    opened = (m.group for m in found if m.measure is mention.measure and m.low > mention.low)
    return bare and any(whole.last <= mention.group.first and _opens_with_of(clause, whole.first) for whole in opened)


def _opens_with_of(clause: Clause, first: int) -> bool:
    """Whether "of" before a group begins its clause."""
    before = [token.low for token in clause.tokens[max(0, first - 2) : first]]
    return before[-1:] == ["of"] and (len(before) < 2 or before[0] in {"that", ",", '"'})


def _is_in_toll(clause: Clause, mention: Mention, found: list[Mention]) -> bool:
    """Whether a figure is one that takes a toll to a greater one: "44 bodies were found, taking the toll to 47"."""
    tolls = [m for m in found if m.form == "tolls" and m.measure is mention.measure and m.low > mention.low]
    if mention.form != "tolls" and mention.group.more and tolls:
        return True
    return mention.form != "tolls" and any(_is_raised(clause, m.trigger_first) for m in tolls)


def _is_raised(clause: Clause, first: int) -> bool:
    """Whether the words before a toll say what took it there: not "reported 48 dead before raising its count"."""
    before = [token.low for token in clause.tokens[max(0, first - 4) : first]]
    return not clause.words["raising"].isdisjoint(before[-3:]) and not {"before", "later", "then"} & set(before)


def _further(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the part of "three of the dead are miners and one is a rescuer"."""
    told = {mention.group.first for mention in found if mention.measure is not None}
    parts = [mention for mention in found if mention.subset]
    ones = [g for g in clause.refused.values() if g.low == 1 == g.high]  # "one a driver and one a fireman"
    for group in sorted((*clause.groups, *ones), key=lambda g: g.first):
        part = next((m for m in reversed(parts) if m.group.last <= group.first), None)
        if part is None or group.first in told or group.kind != COUNTED or not group.low:
            continue
        before = clause.tokens[group.first - 1].low
        after = clause.tokens[group.last].low if group.last < len(clause.tokens) else "."
        if _ends_list(clause, group) and part.form == "part" and not has_own_verb(clause, group):
            yield replace(part, group=group, subset=True, form="part", series=0)
        elif (
            group.head is None
            and before in {",", "and", ";"}
            and after in clause.language.grammar.be | {"a", "an", "from", "aged"}
        ):
            yield replace(part, group=replace(group, reason=None), subset=True, form="part", series=0)


def _ends_list(clause: Clause, group: Group) -> bool:
    """Whether a group is the last of a list: ", and two children"."""
    return [token.low for token in clause.tokens[max(0, group.first - 2) : group.first]] == [",", "and"]


def _unknown_parts(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the part of "eight people, including the ward head of the town", whose noun isn't known."""
    for whole in [m for m in found if m.measure in TELLING and not m.subset and m.low > 1]:
        for here in range(whole.group.last, min(whole.group.last + _NEAR, len(clause.tokens))):
            length = clause.language.people.parts.match(clause.tokens, here)
            start = here + length
            if (
                not length
                or any(g.first <= start < g.last for g in clause.groups)
                or clause.tokens[here].low == "with"
            ):
                continue
            one = unknown_person(clause, start)
            if one is not None and not clause.tokens[one.last - 1].low.endswith("s"):
                yield replace(whole, group=one, subset=True, form="part", series=0)


def _of_those(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the part of "five of the victims were nurses"."""
    told = {mention.group.first for mention in found}
    for group in clause.groups:
        before = clause.tokens[group.first - 1].low if group.first else ""
        if before in clause.language.grammar.prepositions:
            continue
        of_deaths = [t.low for t in clause.tokens[group.last : group.last + 3]] == ["of", "the", "deaths"]
        if (group.partitive or of_deaths) and group.kind == COUNTED and group.low and group.first not in told:
            words = {token.low for token in clause.tokens[group.core : group.last + (3 if of_deaths else 1)]}
            measure = next((measure for measure, names in _THOSE.items() if words & names), None)
            if measure is not None:
                yield Mention(
                    measure, group, clause.sentence, "of the", group.first, group.last, "share", subset=True
                )


def _severe(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the part of "six were hurt, one seriously"."""
    told = {mention.group.first for mention in found}
    whole = None
    for group in clause.groups:
        hurt = (m for m in found if m.measure is Measure.INJURED and m.group.last <= group.first)
        whole = next((m for m in hurt if m.low > group.low), None)
        if whole is None or group.first in told or group.kind != COUNTED or group.head or not group.low:
            continue
        if group.last < len(clause.tokens) and clause.tokens[group.last].low in clause.words["severely"]:
            yield replace(whole, group=group, subset=True, form="part", series=0)


def divided(clause: Clause, people: list[Group]) -> list[Group]:
    """Return the whole before a series that divides it: "ten people - seven adults and three children - died"."""
    if len(people) < 2 or not people[0].first:
        return people
    whole = clause.ends.get(people[0].first - 1)
    marked = clause.tokens[people[0].first - 1].low in clause.words["divides"]
    exact = whole is not None and whole.kind == COUNTED and whole.low == whole.high == sum(g.low for g in people)
    return [whole] if whole is not None and marked and exact else people


def wholes(clause: Clause, people: list[Group]) -> list[Group]:
    """Return a series without those at its end that are parts of its first group.

    They are "among them", or add up to it: "12 people, eight men and four women".
    """
    if len(people) < 2 or people[0].low < 2:
        return people
    sums_up = len(people) > 2 and people[0].low == people[0].high == sum(group.low for group in people[1:])
    return people[:1] if sums_up or is_part(clause, people[-1]) else people
