"""The people that a word for harm is about; where they stand depends on its form (see `lang/*/harm.toml`)."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from dataclasses import replace
from functools import lru_cache

from contracts.vocabulary import Measure
from processors.extract.harm.clause import Clause
from processors.extract.harm.series import as_counted, series_right
from processors.extract.harm.subjects import adjacent, copula, is_passive, subject
from processors.extract.people.groups import COUNTED, DEFINITE, NAMED, NOBODY, PRONOUN, Group
from processors.extract.text.language import Trigger, load

_TOLL, _FAR = 14, 26
"""Tokens after "the toll" within which its figure stands, and within which it stands where it "rose to" it."""
_MANY = 10
"""From how many victims on a list of their names is one of the dead."""


def people_of(clause: Clause, first: int, last: int, trigger: Trigger) -> list[Group]:  # noqa: C901, PLR0911, PLR0912 - one form a line
    """Return the groups that a word for harm is about."""
    match trigger.form:
        case "done":
            return _done(clause, first, last)
        case "doing":
            return _right(clause, last)
        case "of":
            return (
                _dead_of(clause, last, trigger)
                or _lives_of(clause, last, trigger)
                or (_name_right(clause, last) if trigger.measure is Measure.KILLED else [])
            )
        case "cared":
            return [g for g in _right(clause, last) if g.kind == COUNTED and _is_cared_for(clause, first, g)]
        case "named":
            return [g for g in _right(clause, last) if g.kind == COUNTED and _is_listed(clause, g, trigger)]
        case "lives":
            return [group for group in _right(clause, last) if group.head in {"life", "lives"}]
        case "lost":
            return [
                group
                for group in _right(clause, last)
                if group.whose in {"soldiers", "militants", "police"} or group.head in clause.words["own"]
            ]
        case "among" if trigger.words[0] == "of":
            part = clause.ends.get(first)
            return [part] if part is not None and part.kind == COUNTED else []
        case "suffered" if trigger.words[0] == "with" and (bearers := _bearers(clause, first)):
            return bearers
        case "among":
            return _with_known(clause, subject(clause, first, strict=False))
        case "suffered":
            return subject(clause, first, strict=False)
        case "state":
            if first and clause.tokens[first - 1].low in {"the", "those"}:  # "the kin of the dead"
                return []
            return adjacent(clause, first) or copula(clause, first)
        case "counts":
            return _figure_before(clause, first)
        case "tolls":
            return _toll_figure(clause, last)
        case _:
            return []


def _bearers(clause: Clause, first: int) -> list[Group]:
    """Return those of "took in 36 people with gunshot wounds", the words before "with"."""
    group = clause.ends.get(first)
    return [group] if group is not None and group.kind == COUNTED else []


def _with_known(clause: Clause, series: list[Group]) -> list[Group]:
    """Return a series with the one known person before it: "the driver and a conductor were among the dead"."""
    if not series or series[0].first < 2 or clause.tokens[series[0].first - 1].low not in clause.words["series"]:
        return series
    known = clause.ends.get(series[0].first - 1)
    one = known is not None and known.kind == DEFINITE and known.low == 1 and not known.plural
    return [as_counted(known), *series] if known is not None and one else series


def _dead_of(clause: Clause, position: int, trigger: Trigger) -> list[Group]:
    """Return those whose deaths or bodies are told of: "a body of seven members" is no dead one's."""
    people = _right(clause, position)
    council = trigger.words[0] == "body" and bool(people) and people[0].low > 1
    return [] if council else people


def _lives_of(clause: Clause, position: int, trigger: Trigger) -> list[Group]:
    """Return the people of "the lives of six compatriots", whose noun isn't known to be one for people."""
    group = clause.refused.get(position)
    if group is None or trigger.words[0] not in clause.words["mortal"] or group.last >= len(clause.tokens):
        return []
    return [replace(group, reason=None, last=group.last + 1)] if clause.tokens[group.last].low.endswith("s") else []


def _is_cared_for(clause: Clause, first: int, group: Group) -> bool:
    """Whether a hospital or the like "has treated 12", and the figure isn't one of deaths."""
    ends = group.last >= len(clause.tokens) or (clause.tokens[group.last].low,) not in clause.language.triggers
    subject = {token.low for token in clause.tokens[:first]}
    if group.head is not None and any(t.low.startswith("treat") for t in clause.tokens[first : group.first]):
        return True
    return (ends or group.head is not None) and bool(subject & clause.language.hospitals)


def _is_listed(clause: Clause, group: Group, trigger: Trigger) -> bool:
    """Whether those whom somebody lists are victims."""
    after = clause.tokens[group.last].low if group.last < len(clause.tokens) else "."
    return (group.head == "victims" and group.low >= _MANY) or (
        trigger.words[-1] == "confirm" and group.head is None and (not after[0].isalnum() or after == "and")
    )


def _done(clause: Clause, first: int, last: int) -> list[Group]:
    passive = is_passive(clause, first)
    if not passive:
        if first < 3 and last < len(clause.tokens) and clause.tokens[last].low in clause.language.grammar.be:
            inverted = _right(clause, last + 1)  # "also hit were 11 passersby"
            if inverted:
                return inverted
        right = _right(clause, last) or _name_right(clause, last)
        if _is_known(clause, first):  # "the critically injured to Dori" names no one
            return right if last in clause.starts else []
        if right:
            return right
        near = adjacent(clause, first)
        if near:
            return near if _follows_reduced(clause, last) or near[-1].head is not None else []
        reduced = clause.sentence.part == "title" or _follows_reduced(clause, last)
        return subject(clause, first, strict=True) if reduced else []
    return subject(clause, first, strict=False)


def _follows_reduced(clause: Clause, last: int) -> bool:
    """Whether what follows a past form can't be its object."""
    if last >= len(clause.tokens):
        return True
    word = clause.tokens[last].low
    grammar = clause.language.grammar
    return (
        word in {".", ",", ")", '"', ";", ":", "-"}
        or word in grammar.prepositions
        or word in grammar.conjunctions
        or word in grammar.weekdays
        or word in grammar.adverbs
        or word in grammar.openers
    )


def _right(clause: Clause, position: int) -> list[Group]:
    """Return the groups that begin at a position or after a few adverbs, with those in a series after them."""
    for here in range(position, min(position + 3, len(clause.tokens))):
        group = clause.starts.get(here)
        if group is not None:
            if group.kind == PRONOUN and group.head in {"he", "she", "they"}:
                return []
            return series_right(clause, group)
        word = clause.tokens[here].low
        if word not in clause.language.grammar.adverbs and word not in {"of", '"'}:
            return []
    return []


def _name_right(clause: Clause, position: int) -> list[Group]:
    """Return a person whose name begins right after a verb or noun: "injured Raisingh", "murder of Oqueli"."""
    if clause.sentence.part == "title" or position >= len(clause.tokens) or not position:
        return []
    if clause.tokens[position].low in clause.words["honorifics"] and position + 1 < len(clause.tokens):
        position += 1
    token = clause.tokens[position]
    if not token.low.isalpha() or position in clause.verbs or token.low in _no_names(clause.language.code):
        return []
    if not token.capital or (not clause.cased and len(token.low) < 4):  # in capitals a short word is rarely a name
        return []
    name = token.low if clause.cased else None  # in capitals it may be a nationality or an office
    return [Group(NAMED, position, position, position + 1, 1, 1, plural=False, name=name, head=token.low)]


def _is_known(clause: Clause, first: int) -> bool:
    """Whether a past form stands for those who were introduced: "aid for the injured", "to those seriously hurt"."""
    here = first - 1
    while here > 0 and clause.tokens[here].low.endswith("ly"):
        here -= 1
    return here >= 0 and clause.tokens[here].low in {"the", "those"}


def _figure_before(clause: Clause, first: int) -> list[Group]:
    """Return the figure of "17 deaths" and "17 civilian deaths", where a position is that of "deaths"."""
    if clause.tokens[first].low == "death" and clause.tokens[first - 1].low == "no":
        return []  # "it is no death trap"
    for here in range(first, max(first - 3, 0), -1):
        group = clause.ends.get(here)
        if group is not None:
            told = group.kind in {COUNTED, NOBODY, DEFINITE} and group.first != group.last
            bare = group.head is None or (group.low > 1 and not group.plural_head)
            return [group] if told and bare else []
        if clause.tokens[here - 1].low in clause.language.grammar.prepositions | clause.language.grammar.be:
            return []
    one = clause.refused.get(first - 2) if clause.tokens[first].low in clause.words["deaths"] else None
    return [replace(one, reason=None)] if one is not None and one.last == first - 1 else []


def _toll_figure(clause: Clause, last: int) -> list[Group]:
    """Return the figure of "the toll rose to 45 from 28": the new one."""
    figures = [g for g in clause.groups if last <= g.first <= last + _FAR and g.kind == COUNTED]
    for group in figures:
        if group.first > last + _TOLL and clause.tokens[group.first - 2].low not in clause.words["climbs"]:
            return []
        between = {token.low for token in clause.tokens[last : group.first]}
        if between & (clause.words["clause_ends"] | {"but", "while"}):
            return []
        if group.first > 0 and clause.tokens[group.first - 1].low == "from":
            continue
        return [group]
    return []


@lru_cache(maxsize=8)
def _no_names(code: str) -> frozenset[str]:
    """Words that no person's name begins with."""
    language = load(code)
    grammar, people = language.grammar, language.people
    words = (
        grammar.weekdays
        | grammar.months
        | grammar.prepositions
        | grammar.determiners
        | grammar.adverbs
        | people.not_names
    )
    words |= grammar.conjunctions | grammar.openers | grammar.stops | grammar.be | grammar.have | people.begins
    return words | frozenset(language.numbers.words) | frozenset(key[0] for key in language.triggers)
