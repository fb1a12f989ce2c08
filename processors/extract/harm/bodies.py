"""The dead whom no verb tells of: bodies that somebody counts, and fighters who "fell"."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from collections.abc import Iterator

from contracts.vocabulary import Measure
from processors.extract.harm.clause import Clause
from processors.extract.harm.mentions import Mention
from processors.extract.people.groups import COUNTED, INDEFINITE, Group

_FIGHTING = frozenset({"attackers", "militants", "soldiers", "police"})


def find_bodies(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield counted bodies, whatever the sentence says of them."""
    told = {mention.group.first for mention in found}
    for group in clause.groups:
        if group.first in told or group.head not in clause.words["bodies"] or group.partitive:
            continue
        if group.kind == COUNTED or (group.kind == INDEFINITE and _is_body(clause, group)):
            yield Mention(Measure.KILLED, group, clause.sentence, group.head or "", group.first, group.last, "bodies")


def find_fallen(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield those who fell with nothing to fall from: "Four of the attackers fell."."""
    told = {mention.group.first for mention in found if mention.measure is not None}
    for group in clause.groups:
        words = [token.low for token in clause.tokens[group.last : group.last + 3]]
        fell = 1 if words[:1] == ["fell"] else 2 if words[:2] in (["have", "fallen"], ["had", "fallen"]) else 0
        ends = fell > 0 and not any(word[0].isalnum() for word in words[fell : fell + 1])
        if ends and group.kind == COUNTED and group.whose in _FIGHTING and group.first not in told:
            yield Mention(Measure.KILLED, group, clause.sentence, "fell", group.last, group.last + 1, "suffered")


def _is_body(clause: Clause, group: Group) -> bool:
    """Whether "a body" is a dead one's, and not "a medical body" or "a body shop"."""
    if group.last - group.first > 2 and clause.tokens[group.last - 2].low not in clause.words["dead_body"]:
        return False
    after = clause.tokens[group.last].low if group.last < len(clause.tokens) else "."
    grammar = clause.language.grammar
    return (
        not after[0].isalpha()
        or after in grammar.be | grammar.have | grammar.prepositions | grammar.openers | grammar.conjunctions
        or group.last in clause.verbs
    )
