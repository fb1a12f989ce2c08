"""Sentences that divide the dead or injured: "of the dead, 31 are women", "the victims included a priest"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from collections.abc import Iterator

from contracts.vocabulary import Measure
from processors.extract.harm.clause import Clause
from processors.extract.harm.mentions import Mention
from processors.extract.harm.series import as_counted, is_countable, is_saved, series_right
from processors.extract.people.groups import COUNTED, INDEFINITE, NOBODY, Group, listed

_LATE = 12
"""Tokens within which "among the dead" begins a clause."""
_VERB = 14
"""Tokens after "among" within which its verb stands, who says so before it."""
_ARE = frozenset({"is", "are", "was", "were"})


def find_shares(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the parts of "of the dead, 31 are women and 17 children", "the victims included a priest"."""
    words = [token.low for token in clause.tokens]
    start = _shared(clause, words)
    if start is None:
        return
    whole = range(max(0, start - 5 if _among(words) is None else start - _VERB), start)
    triggers = [
        t for first, _, options in clause.triggers if first in whole for t in options if t.measure is not None
    ]
    dead = bool({words[here] for here in whole} & (clause.words["deceased"] | clause.words["bodies"]))
    measure = next((t.measure for t in triggers), Measure.KILLED if dead else None)
    if measure is None:
        return
    retold = {Measure.INJURED} if dead and measure is Measure.KILLED else set()  # "of the dead, four were burned"
    groups = (m.group for m in found if m.measure not in {None, *retold} and m.form not in {"of", "among"})
    told = {one.first for group in groups for one in (group, *group.members)}
    among = words[0] == "among" or _among(words) is not None or words[start - 1] in {*clause.words["consists"], ","}
    named = [g for g in clause.groups if among and start <= g.first <= start + 2 and g.kind != NOBODY][:1]
    series = [g for one in named if is_countable(one) for g in series_right(clause, one, definite=True)]
    if "relatives" in {g.whose for g in series}:  # "a couple and their son" are told of as one
        series = listed([as_counted(g) for g in series])
    singly = {g.first for g in series}
    of_series = {member.first for g in series for member in g.members}
    if among and not named and (person := unknown_person(clause, start)) is not None:
        yield Mention(measure, person, clause.sentence, words[2], 2, 3, "share", subset=True)
    rest = (g for g in clause.groups if g.first not in singly | of_series and g.kind == COUNTED and g.first >= start)
    for group in (*series, *rest):
        of_one = group.head is None and words[group.first - 1] == "of"  # "a father of two"
        if group.first not in told and not is_saved(clause, group) and not of_one:
            yield Mention(measure, as_counted(group), clause.sentence, words[2], 2, 3, "share", subset=True, series=0)


def _shared(clause: Clause, words: list[str]) -> int | None:
    """Return where the parts of a whole that a sentence begins with are told, None where it doesn't so begin."""
    told = _among(words)
    if told is not None:
        return told
    quoted = words[:1] == ['"']
    head = words[quoted : 8 + quoted]
    if len(head) > 3 and head[0] in {"of", "among", "amongst"} and head[1] in {"the", "those"}:
        verb = next((n for n in range(2, len(head)) if head[n] in clause.language.grammar.be), 2)
        return quoted + (head.index(",") if "," in head[2:verb] else verb + 1)
    for here in range(len(words) - 2):
        if words[here] == "the" and words[here + 1] in clause.words["deceased"]:
            after = words[here + 2]
            known = words[here + 3] in {"identified", "named", "known"} if here + 3 < len(words) else True
            if (
                after in clause.words["consists"] - (clause.words["copula"] if here > 1 else frozenset())
                and not known
            ):
                return here + 3
            if here < 2 and after == "," and (here + 3) in clause.starts:
                return here + 3
    return None


def _among(words: list[str]) -> int | None:
    """Return where the parts stand of "Among the dead, he said, is a chief" and "told us that among the dead are"."""
    for start in [n for n, word in enumerate(words[:_LATE]) if word in {"among", "amongst"}]:
        opens = start == 0 or words[start - 1] in {"that", '"', ","}
        if not opens or words[start + 1 : start + 2] not in (["the"], ["those"]):
            continue
        verb = next((n for n in range(start + 3, min(start + _VERB, len(words))) if words[n] in _ARE), None)
        if verb is not None and (verb == start + 3 or (words[start + 3] == "," == words[verb - 1])):
            return verb + 1
    return None


def unknown_person(clause: Clause, start: int) -> Group | None:
    """Return the one person of "a young comedian", whose noun isn't known to be one for people."""
    tokens, grammar = clause.tokens, clause.language.grammar
    if start >= len(tokens) or tokens[start].low not in {"a", "an", "the", "his", "her", "their"}:
        return None
    end = start + 1
    while end < len(tokens) and end - start < 6 and tokens[end].low.isalpha():
        if tokens[end].low in grammar.prepositions | grammar.openers | grammar.be | grammar.conjunctions:
            break
        end += 1
    return Group(INDEFINITE, start, start, end, 1, 1, plural=False) if end > start + 1 else None
