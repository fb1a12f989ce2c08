"""People whose fate no word of their own tells: what was told just before is true of them too.

"It spoke of 24 dead and later 30", "258 bodies were found, while 191 were recovered inland", "both men died, as did a
guard", "one is critical and the other three are stable", "had taken 28 people to hospital".
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from contracts.vocabulary import Measure
from processors.extract.harm.clause import Clause
from processors.extract.harm.mentions import TELLING, Mention, counted
from processors.extract.harm.series import as_counted, is_countable, series_right
from processors.extract.people.groups import COUNTED, DEFINITE, Group

_TO_HOSPITAL = 7
"""Most tokens between those carried and the hospital."""


def find_implied(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield what a sentence tells of people without a word for harm beside them."""
    told = {mention.group.first for mention in found if mention.measure is not None}
    for group in sorted((*clause.groups, *clause.refused.values()), key=lambda g: g.first):
        if group.first not in told:
            before = [m for m in found if m.group.last <= group.first and m.measure in TELLING and counted(m)]
            last = max(before, key=lambda m: m.group.first, default=None)
            one = _carried(clause, group)
            if one is None and last is not None:
                one = next((new for rule in _RULES if (new := rule(clause, group, last)) is not None), None)
            if one is not None:
                yield one


def _words(clause: Clause, first: int, last: int) -> list[str]:
    return [token.low for token in clause.tokens[max(0, first) : last]]


def _bare(group: Group) -> bool:
    return group.kind == COUNTED and group.head is None and not group.partitive and group.low > 1


def _counted_later(clause: Clause, group: Group, last: Mention) -> Mention | None:
    """Return the later figure of "24 dead, and later 30", and the earlier one of "15 deaths, up from 12"."""
    after = _words(clause, group.last, group.last + 1) or ["."]
    later = _words(clause, group.first - 1, group.first)[:1]
    earlier = _words(clause, group.first - 2, group.first) in (["up", "from"], ["down", "from"])
    ends = later and later[0] in clause.words["later"] and not after[0][0].isalnum()
    if (earlier or (ends and group.reason is None)) and _bare(group):
        return replace(last, group=replace(group, reason=None), subset=False, form="later", series=0)
    return None


def _recovered(clause: Clause, group: Group, last: Mention) -> Mention | None:
    """Return the bodies of "258 bodies were found, while 191 were recovered"."""
    after = _words(clause, group.last, group.last + 3)
    be = clause.language.grammar.be | clause.language.grammar.have | clause.language.grammar.adverbs
    verb = next((word for word in after if word not in be), "")
    if _bare(group) and last.group.head in clause.words["bodies"] and verb in clause.words["recovered"]:
        return replace(last, group=group, subset=False, form="bodies", series=0)
    return None


def _likewise(clause: Clause, group: Group, last: Mention) -> Mention | None:
    """Return whom "as did a guard" tells of."""
    before = _words(clause, group.first - 2, group.first)
    if before and before[0] in {"as", "so"} and before[-1] in clause.words["likewise"] and is_countable(group):
        return replace(last, group=as_counted(group), subset=False, form="likewise", series=0)
    return None


def _elsewhere(clause: Clause, group: Group, last: Mention) -> Mention | None:
    """Return the second figure of "nine were killed in Dori and five in Nerun"."""
    before, after = _words(clause, group.first - 1, group.first), clause.tokens[group.last : group.last + 2]
    where = clause.words["where"]
    if before not in (["and"], [","]) or len(after) < 2 or after[0].low not in where or not after[1].capital:
        return None
    between = clause.tokens[max(last.group.last, last.trigger_last) : group.first]
    placed = any(one.low in where and other.capital for one, other in pairwise(between))
    if not placed or not _bare(group) or group.reason is not None:
        return None
    return replace(last, group=group, form="elsewhere", series=0)


_RULES = (_counted_later, _recovered, _likewise, _elsewhere)


def _carried(clause: Clause, group: Group) -> Mention | None:
    """Return those of "had taken 28 people to hospital"."""
    before = _words(clause, group.first - 1, group.first)
    if group.kind != COUNTED or group.low < 1 + group.more or not before or before[0] not in clause.words["carries"]:
        return None
    series = series_right(clause, group)
    start = series[-1].last
    to = next((n for n in range(start, min(start + 4, len(clause.tokens))) if clause.tokens[n].low == "to"), None)
    if to is None or any(word in clause.language.grammar.be for word in _words(clause, start, to)):
        return None
    ends = clause.words["wards"] | clause.words["morgues"]
    end = next(
        (n for n in range(to, min(to + _TO_HOSPITAL, len(clause.tokens))) if clause.tokens[n].low in ends), None
    )
    if end is None:
        return None
    measure = Measure.KILLED if clause.tokens[end].low in clause.words["morgues"] else Measure.INJURED
    return Mention(measure, group, clause.sentence, "hospital", to, end + 1, "suffered")


def find_others(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the rest after a part: "11 of the dead were students and the other was a caretaker"."""
    parts = [m for m in found if m.measure in TELLING and counted(m)]
    for here in range(1, len(clause.tokens) - 1):
        if (clause.tokens[here - 1].low, clause.tokens[here].low) != ("the", "other"):
            continue
        part = next((m for m in reversed(parts) if m.group.last < here), None)
        if part is None or clause.tokens[here - 2].low not in clause.words["series"] | {"while"}:
            continue
        group = next(
            (g for g in clause.groups if g.first in {here - 1, here} and g.kind in {COUNTED, DEFINITE}), None
        )
        after = clause.tokens[here + 1 if group is None else group.last :][:1]
        if not after or after[0].low not in clause.language.grammar.be:
            continue
        if group is None:
            group = Group(COUNTED, here - 1, here, here + 1, 1, 1, plural=False)
        if group.head in {None, "other"} and group.low == group.high and _is_rest(group, part, found):
            yield replace(part, group=replace(group, kind=COUNTED), subset=True, form="part", series=0)


def _is_rest(group: Group, part: Mention, found: list[Mention]) -> bool:
    """Whether those left over and the part before them make up a whole, as far as the sentence tells."""
    wholes = (m.low for m in found if m.measure is part.measure and not m.subset and m is not part)
    return part.subset or part.low + group.low in wholes
