"""The people before a word for harm: its subject, past asides and what only hangs on a preposition."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004
from processors.extract.harm.clause import Clause
from processors.extract.harm.series import series_left
from processors.extract.people.groups import BARE, DEFINITE, Group

_REACH = 28
"""Most tokens between a verb and its subject."""


def subject(clause: Clause, verb: int, *, strict: bool) -> list[Group]:
    """Return the groups that are the subject of a verb: the nearest on its left that nothing else governs."""
    governed: Group | None = None
    here = verb
    while here > 0 and verb - here < _REACH:
        group = clause.ends.get(here)
        aside = None if group is None else _of_them(clause, group)
        if aside is not None:
            here = aside.first
            continue
        if group is not None and (
            group.head in clause.words["objects"] or _is_among(clause, group) or _is_included(clause, group)
        ):
            here = group.first
            continue
        if group is not None:
            series = series_left(clause, group)
            if _is_relative(clause, group, verb):
                return series_left(clause, group)
            if not _is_object(clause, series[0]) and not _is_aside(clause, group):
                return series
            if len(series) > 1 and group.kind == BARE and not _is_object(clause, series[0]):
                return [member for member in series if member.counts]  # "22 monks and nuns were hurt"
            governed = governed or (group if group.counts and _may_govern(clause, series[0]) else None)
            here = series[0].first
            continue
        word = clause.tokens[here - 1].low
        if word in clause.words["clause_ends"] or (
            word in {"that", "when", "while", "after", "before", "because", "where"} and not strict
        ):
            break
        here -= 1
    return [] if governed is None or strict else series_left(clause, governed)


def _is_among(clause: Clause, group: Group) -> bool:
    """Whether a group is told as a part of the one before it: "four people, among them a boy, had died"."""
    words = [token.low for token in clause.tokens[max(0, group.first - 2) : group.first]]
    apart = group.last < len(clause.tokens) and clause.tokens[group.last].low == ","
    return apart and len(words) == 2 and words[0] in {"among", "amongst", "of"} and words[1] in {"them", "whom"}


def _of_them(clause: Clause, group: Group) -> Group | None:
    """Return the "one of them" before a group in an aside: "three men, one of them a nurse, were hurt"."""
    part = clause.ends.get(group.first)
    closed = group.last < len(clause.tokens) and clause.tokens[group.last].low == ","
    opened = part is not None and part.first > 1 and clause.tokens[part.first - 1].low == ","
    return part if closed and opened and part is not None and part.partitive else None


def _is_included(clause: Clause, group: Group) -> bool:
    """Whether a group ends an aside: "eight people, including the owner and his manager, were held"."""
    if group.last >= len(clause.tokens) or clause.tokens[group.last].low != ",":
        return False
    for here in range(group.first - 1, max(0, group.first - _REACH // 2), -1):
        if clause.tokens[here].low == ",":
            return clause.tokens[here + 1].low == "including"
    return False


def _is_relative(clause: Clause, group: Group, verb: int) -> bool:
    """Whether "who" joins a group with a verb: "aid for 2,500 survivors who fled"."""
    if group.last >= verb or clause.tokens[group.last].low != "who":
        return False
    grammar = clause.language.grammar
    return all(t.low in grammar.adverbs | grammar.be | grammar.have for t in clause.tokens[group.last + 1 : verb])


def _may_govern(clause: Clause, group: Group) -> bool:
    return not _governed(clause, group) and clause.tokens[group.first - 1].low != "including"


def _is_aside(clause: Clause, group: Group) -> bool:
    """Whether a group can't be counted as a subject: in parentheses, or many of an unknown number."""
    if group.first and clause.tokens[group.first - 1].low == "(":
        return True
    return group.kind == BARE and group.plural


def _is_object(clause: Clause, group: Group) -> bool:
    """Whether a group hangs on a preposition or a verb, so that it isn't the subject of what follows."""
    if group.first == 0:
        return False
    word = clause.tokens[group.first - 1].low
    if word == "as" and group.first > 1 and clause.tokens[group.first - 2].low in clause.words["disguised"]:
        return True
    if word == "of":
        return group.first < 2 or clause.tokens[group.first - 2].raw not in {
            "group",
            "total",
            "number",
            "crowd",
            "family",
            "one",
        }
    if word in clause.language.grammar.prepositions and word not in {
        "as",
        "after",
        "before",
        "since",
        "than",
        "leaving",
        "including",
    }:
        return True
    return word in {"including", "with", "leaving"}


def _governed(clause: Clause, group: Group) -> bool:
    """Whether a preposition other than "of" makes a group something else than subject or object."""
    if group.first == 0:
        return False
    return clause.tokens[group.first - 1].low in {"by", "against"}


def adjacent(clause: Clause, first: int) -> list[Group]:
    """Return the groups that end just before a position, adverbs between them."""
    here = first
    while here > 0 and here not in clause.ends and first - here < 4:
        word = clause.tokens[here - 1].low
        if word in clause.language.grammar.be or word not in clause.language.grammar.adverbs:
            return []
        here -= 1
    group = clause.ends.get(here)
    if group is None or not (group.counts or group.kind == DEFINITE) or _governed(clause, group):
        return []
    return series_left(clause, group)


def copula(clause: Clause, first: int) -> list[Group]:
    """Return the people of "five were dead", where a position is that of "dead"."""
    here = first
    grammar = clause.language.grammar
    while here > 0 and first - here < 5:
        word = clause.tokens[here - 1].low
        if word in grammar.be or word in {"remain", "remained", "remains", "left"}:
            return subject(clause, here - 1, strict=False)
        if word not in grammar.adverbs:
            return []
        here -= 1
    return []


def is_passive(clause: Clause, first: int) -> bool:
    """Whether a form of "be" stands before a past form, adverbs between them."""
    here = first - 1
    grammar = clause.language.grammar
    while (
        here >= 0
        and (clause.tokens[here].low in grammar.adverbs or clause.tokens[here].low.endswith("ly"))
        and first - here < 6
    ):
        if clause.tokens[here].low in grammar.be:
            return True
        here -= 1
    return here >= 0 and clause.tokens[here].low in grammar.be
