"""What a sentence says happened to how many: each word for harm joined with the people it is about.

people and words for harm (clause) ─► whom each word is about (harmed: subjects, series)
─► mentions ─► those that no word tells (bodies, hostages) ─► parts of others (shares, parts)
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from collections.abc import Iterator
from dataclasses import replace

from contracts.vocabulary import Measure, RejectionReason
from processors.extract.harm.bodies import find_bodies, find_fallen
from processors.extract.harm.clause import Clause
from processors.extract.harm.harmed import people_of
from processors.extract.harm.implied import find_implied, find_others
from processors.extract.harm.mentions import Mention, Reading
from processors.extract.harm.parts import divided, find_parts, wholes
from processors.extract.harm.shares import find_shares
from processors.extract.harm.subjects import is_passive
from processors.extract.people.finding import find_groups
from processors.extract.people.groups import COUNTED, DEFINITE, INDEFINITE, NOBODY, PRONOUN, Group, listed
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, Trigger

_PRESUMED = frozenset({"presumed dead", "feared dead"})
_DENIABLE = frozenset({"done", "suffered", "state"})
_LAW = 8
"""Words before and after a capture that are looked through for who made it."""


def read_sentence(sentence: Sentence, language: Language, *, cased: bool) -> Reading:
    """Return the people of a sentence and what happened to them."""
    groups = find_groups(sentence, language, cased=cased)
    clause = Clause(sentence, groups, language, cased=cased)
    return Reading(sentence, tuple(groups), _mentions(clause))


def _mentions(clause: Clause) -> tuple[Mention, ...]:
    """Return what the sentence tells, in order of its words for harm, then its parts."""
    found: list[Mention] = []
    used: set[tuple[int, Measure | None]] = set()
    for first, last, triggers in clause.triggers:
        for trigger in triggers:
            if trigger.form in _DENIABLE and _is_denied(clause, first):
                continue
            people = [g for g in people_of(clause, first, last, trigger) if g.counts or g.kind in {DEFINITE, PRONOUN}]
            groups = _counted_together(wholes(clause, divided(clause, people)), trigger)
            fresh = [g for g in groups if (g.first, trigger.measure) not in used and not _is_told(g, trigger, used)]
            if fresh:
                for group in fresh:
                    used.add((group.first, trigger.measure))
                    found.append(_make_mention(clause, group, trigger, first, last, groups))
                break
    found = [m for m in found if not _is_overtaken(m, found, clause)]
    found = [_as_one(clause, _as_whole(clause, mention)) for mention in found if not _is_both(clause, mention)]
    found.extend(_no_casualties(found))
    for rule in (_hostages, _stated, find_bodies, _numbers_of, find_fallen, find_implied):
        found.extend(rule(clause, found))
    shares = list(find_shares(clause, found))
    shared = {mention.group.first for mention in shares}
    found = [m for m in found if m.group.first not in shared or not _is_retold(m, shares)] + shares
    found = find_parts(clause, found)
    return (*found, *find_others(clause, found))


def _counted_together(people: list[Group], trigger: Trigger) -> list[Group]:
    """Return a series as one group, save kinds of people "among the dead", each of which is a part of its own."""
    apart = trigger.form == "among" and any(group.low > 1 for group in people)
    return people if apart else listed(people)


def _is_retold(mention: Mention, shares: list[Mention]) -> bool:
    """Whether a mention only says in other words what a share does: "of the nine dead, four were burned"."""
    dead = any(share.measure is Measure.KILLED for share in shares)
    return mention.form == "of" or (dead and mention.measure is Measure.INJURED)


def _is_denied(clause: Clause, first: int) -> bool:
    """Whether a word for harm is denied: "was not hurt", "had not been injured"."""
    before = [token.low for token in clause.tokens[max(0, first - 2) : first]]
    negation, be = clause.language.grammar.negation, clause.language.grammar.be
    return bool(before) and (before[-1] in negation or (before[0] in negation and before[-1] in be))


def _is_told(group: Group, trigger: Trigger, used: set[tuple[int, Measure | None]]) -> bool:
    """Whether a group's fate is told by an earlier word: "38 deaths from gunshot wounds", "wounded and evacuated"."""
    killed, injured = (group.first, Measure.KILLED) in used, (group.first, Measure.INJURED) in used
    if trigger.measure is Measure.INJURED:
        return killed and trigger.form == "suffered"
    return trigger.measure is Measure.DISPLACED and (killed or injured)


def _stated(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield what a group's own adjective tells: "a list of 48 missing people"."""
    told = {mention.group.first for mention in found if mention.measure is not None}
    yield from _apposed(clause, told)
    for group in clause.groups:
        if group.state is None or group.kind != COUNTED or group.first in told:
            continue
        for trigger in clause.language.triggers.get((clause.tokens[group.state].low,), ()):
            if trigger.measure is not None and trigger.form in {"state", "done"}:
                yield _make_mention(clause, group, trigger, group.state, group.state + 1, [group])
                break


def _apposed(clause: Clause, told: set[int]) -> Iterator[Mention]:
    """Yield the figure of "some of the wounded, more than 30 people, are in danger"."""
    for group in clause.groups:
        start = group.first - 2
        if group.first in told or group.kind != COUNTED or start < 1 or group.last >= len(clause.tokens):
            continue
        known, word, comma = (token.low for token in clause.tokens[start - 1 : group.first])
        if (known, comma, clause.tokens[group.last].low) != ("the", ",", ","):
            continue
        for trigger in clause.language.triggers.get((word,), ()):
            if trigger.measure is not None and trigger.form == "state":
                yield _make_mention(clause, group, trigger, start, start + 1, [group])
                break


def _as_whole(clause: Clause, mention: Mention) -> Mention:
    """Return a mention whose known people are counted: "among the 12 people killed", "one of the three dead"."""
    group = mention.group
    before = [token.low for token in clause.tokens[max(0, group.first - 2) : group.first]]
    opens = len(before) < 2 or before[0] in {"that", ",", '"'}  # "of the 400 hurt, 50 are in hospital"
    shared = before[-1:] == ["of"] and (opens or (group.first - 1) in clause.ends)  # "50 of the 400 hurt"
    if group.kind != DEFINITE or group.low < 2 or not (before[-1:] == ["among"] or before == ["one", "of"] or shared):
        return mention
    return replace(mention, group=replace(group, kind=COUNTED))


def _as_one(clause: Clause, mention: Mention) -> Mention:
    """Return a mention that counts a known person who wasn't counted before.

    That is an attacker who died, who "also" fared so ("The driver was also taken"), and who holds a post of which
    there is one: "killed the mayor of Nerun".
    """
    group = mention.group
    if group.kind != DEFINITE or group.plural or group.low != 1 or mention.measure is None:
        return mention
    between = {token.low for token in clause.tokens[group.last : mention.trigger_first + 1]}
    died = group.whose == "attackers" and mention.measure is Measure.KILLED
    following = clause.tokens[group.last].low if group.last < len(clause.tokens) else "."
    post = group.whose == "officials" and following == "of" and mention.trigger_last <= group.first
    one = died or "also" in between or post or mention.form == "among"
    return replace(mention, group=replace(group, kind=INDEFINITE)) if one else mention


def _is_both(clause: Clause, mention: Mention) -> bool:
    """Whether a mention says that both of those told of before were hit, which adds no figure of those hit."""
    return mention.measure is None and clause.tokens[mention.group.first].low in clause.language.people.both


def _hostages(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield those of "took 17 hostages"."""
    told = {mention.group.first for mention in found if mention.measure is not None}
    for group in clause.groups:
        before = clause.tokens[group.first - 1].low if group.first else ""
        if (
            group.kind == COUNTED
            and group.head == "hostages"
            and before in clause.words["takes"]
            and group.first not in told
        ):
            yield Mention(Measure.ABDUCTED, group, clause.sentence, before, group.first, group.last, "hostages")


def _is_overtaken(mention: Mention, found: list[Mention], clause: Clause) -> bool:
    """Whether more is told of the same people: "18 were swept away or electrocuted", "evacuated 76 wounded".

    Those "missing and feared kidnapped" are missing; one person who was displaced is no figure.
    """
    same = {m.measure for m in found if m.group == mention.group}
    presumed = any(m.trigger in _PRESUMED for m in found if m.group == mention.group)
    if mention.trigger in _PRESUMED:  # "missing, presumed dead"
        return Measure.MISSING in same
    if mention.measure is Measure.ABDUCTED and Measure.MISSING in same:
        return clause.tokens[mention.trigger_first - 1].low in clause.words["supposed"]
    if mention.measure is Measure.ABDUCTED:  # "were killed and taken away"
        killed = (m for m in found if m.group == mention.group and m.measure is Measure.KILLED)
        return any(m.trigger_first < mention.trigger_first for m in killed)
    if mention.measure is Measure.DISPLACED:
        single = mention.group.low == 1 and mention.group.counts and mention.group.kind != COUNTED
        harmed = mention.group.state is not None and clause.tokens[mention.group.state].low in clause.words["hurt"]
        return single or harmed or bool(same & {Measure.KILLED, Measure.INJURED})
    return mention.measure is Measure.MISSING and Measure.KILLED in same and not presumed


def _no_casualties(found: list[Mention]) -> Iterator[Mention]:
    """Yield that nobody was injured where there were no casualties."""
    for mention in found:
        if mention.trigger == "casualties" and mention.group.kind == NOBODY and mention.measure is Measure.KILLED:
            yield replace(mention, measure=Measure.INJURED)


def _numbers_of(clause: Clause, found: list[Mention]) -> Iterator[Mention]:
    """Yield the figure of "the number of miners who lost their lives has climbed to 40"."""
    told = {mention.group.first for mention in found}
    for start in range(len(clause.tokens) - 3):
        if clause.tokens[start].low != "number" or clause.tokens[start + 1].low != "of":
            continue
        harm = next((t for t in clause.triggers if t[0] >= start and t[2][0].measure is not None), None)
        rise = next((n for n, t in enumerate(clause.tokens) if n > start and t.low in clause.words["rises"]), None)
        if harm is None or rise is None or harm[0] > rise:
            continue
        group = next((g for g in clause.groups if rise < g.first <= rise + 4 and g.kind == COUNTED), None)
        if group is not None and group.first not in told:
            yield _make_mention(clause, group, replace(harm[2][0], form="tolls"), *harm[:2], [group])


def _make_mention(  # noqa: PLR0913, PLR0917 - where the word stands and whom it is about
    clause: Clause, group: Group, trigger: Trigger, first: int, last: int, groups: list[Group]
) -> Mention:
    dead = group.head in clause.words["bodies"] or (trigger.measure is None and group.kind == NOBODY)
    measure = trigger.measure
    if (
        measure is Measure.ABDUCTED
        and trigger.words[0] in clause.words["taken"]
        and _is_by_force_of_law(clause, first, last)
    ):
        measure = Measure.ARRESTED
    return Mention(
        measure=Measure.KILLED if dead else measure,
        group=_nth(clause, group, trigger),
        sentence=clause.sentence,
        trigger=" ".join(trigger.words),
        trigger_first=first,
        trigger_last=last,
        form=trigger.form,
        subset=trigger.form == "among" or trigger.words[-1] in clause.words["includes"],
        reason=_threat(clause, first, trigger, group) or _hosted(clause, group, trigger),
        series=groups[0].first + 1 if len(groups) > 1 else 0,
    )


def _is_by_force_of_law(clause: Clause, first: int, last: int) -> bool:
    """Whether those who captured people are soldiers or police."""
    if is_passive(clause, first):
        by = [token.low for token in clause.tokens[last : last + _LAW]]
        return "by" in by and bool(clause.language.security & set(by[by.index("by") :]))
    return any(token.low in clause.language.security for token in clause.tokens[max(0, first - _LAW) : first])


def _nth(clause: Clause, group: Group, trigger: Trigger) -> Group:
    """Return a group that counts those up to "a fifth person", whose body was found."""
    told = {token.low for token in clause.tokens[group.first : group.last]} & clause.language.numbers.ordinals.keys()
    if trigger.form != "of" or trigger.words[0] not in clause.words["bodies"] or len(told) != 1:
        return group
    count = clause.language.numbers.ordinals[min(told)]
    return replace(group, low=count, high=count)


def _hosted(clause: Clause, group: Group, trigger: Trigger) -> RejectionReason | None:
    """Return the reason where people live displaced in a place: "a camp that hosts 5,000 displaced people".

    Centres are opened for those whom the incident displaces.
    """
    before = {token.low for token in clause.tokens[max(0, group.first - 4) : group.first]}
    lives = trigger.measure is Measure.DISPLACED and before & clause.words["hosting"]
    opened = lives and any(token.low in clause.words["centres"] for token in clause.tokens[: group.first])
    return RejectionReason.CUMULATIVE if lives and not opened else None


def _threat(clause: Clause, first: int, trigger: Trigger, group: Group) -> RejectionReason | None:
    before = [token.low for token in clause.tokens[max(0, first - 4) : first]]
    if before[-1:] == ["of"] and before[-2] in clause.words["dangers"]:  # "in danger of losing their lives"
        return RejectionReason.THREAT
    before = before[before.index("that") :] if "that" in before else before
    if trigger.form == "doing" and before[-1:] and before[-1] in clause.language.grammar.modal | {"to"}:
        return RejectionReason.THREAT
    modal = [word for word in before if word in {"could", "would", "should", "can", "will"}]
    if modal and trigger.form in {"done", "suffered"} and trigger.words[0] not in clause.language.grammar.negation:
        return RejectionReason.THREAT
    end = min(first + 7, group.first) if group.first > first else first + 7
    after = {token.low for token in clause.tokens[first:end]}  # "reached 257 and could rise to 500"
    if trigger.form == "tolls" and after & {"could", "may", "might", "would", "will"} and "not" not in after:
        return RejectionReason.THREAT
    ahead = [token.low for token in clause.tokens[max(0, first - 7) : first]]
    return RejectionReason.THREAT if trigger.form in {"state", "counts"} and "will be" in " ".join(ahead) else None
