"""Where a sentence says what happened to how many: words for harm joined with the people they are about.

The people stand where the word's form says (see `lang/*/harm.toml`): before "were killed", after "killing".
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts.vocabulary import Measure, RejectionReason
from processors.extract.language import Language, Trigger, load
from processors.extract.people import (
    BARE,
    COUNTED,
    DEFINITE,
    INDEFINITE,
    NAMED,
    NOBODY,
    PRONOUN,
    Group,
    find_groups,
    listed,
)
from processors.extract.text import Sentence, Token

Tokens = tuple[Token, ...]

TELLING = frozenset({Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.ABDUCTED})
"""What happens to people in an incident, and makes a report of it."""
_REACH = 28
"""Most tokens between a verb and its subject."""
_BODIES = frozenset({"body", "bodies", "corpse", "corpses"})
_OF_NAME = frozenset({"of", "the", "'", "(", ")"})
_DEAD_BODY = frozenset(
    {
        "dead",
        "charred",
        "burned",
        "burnt",
        "lifeless",
        "headless",
        "decomposed",
        "second",
        "third",
        "mutilated",
        "other",
    }
)
_THOSE: Mapping[Measure, frozenset[str]] = {
    Measure.KILLED: frozenset({"dead", "deceased", "victims", "killed", "slain", "fatalities", "bodies"}),
    Measure.INJURED: frozenset({"injured", "wounded"}),
    Measure.MISSING: frozenset({"missing"}),
    Measure.ABDUCTED: frozenset({"hostages", "abducted", "kidnapped", "captives", "abductees"}),
}
"""Words for those to whom something happened, of whom a figure can tell a part."""
_OWN = frozenset({"members", "men", "personnel", "fighters", "employees", "staff", "people", "dead", "lives"})
"""People that an organisation can lose; who loses relatives tells of other times as well."""
_SEVERELY = frozenset({"seriously", "critically", "gravely", "badly", "severely", "slightly", "lightly"})
_DECEASED = frozenset({"dead", "deceased", "victims", "killed", "slain", "fatalities"})
_CONSISTS = frozenset({"included", "include", "includes", "are", "were", ":", "comprise", "comprised"})
"""What stands between the dead and who they are."""
_COPULA = frozenset({"are", "were", ":"})
_RISES = frozenset({"to", "at", "reached", "is", "was", "stands", "stood", "now"})
_OBJECTS = frozenset({"them", "him", "whom"})
"""Pronouns that are never a subject."""
_NEAR = 6
"""Most tokens between a figure and "including"."""
_RAISING = frozenset({"taking", "bringing", "raising", "pushing", "lifting", "brings", "takes", "brought", "raised"})
_INCLUDES = frozenset({"included", "include", "includes"})
_BODIES_OF_PEOPLE = frozenset({"tribe", "clan", "family", "village", "community", "party", "group", "battalion", "unit"})
_HONORIFICS = frozenset({"mr", "mrs", "ms", "dr", "miss", "don", "dona", "msgr", "father", "sister", "comrade"})
_DEATHS = frozenset({"death", "deaths", "fatality", "fatalities"})
_TAKEN = frozenset({"captured", "seized", "caught", "seizing", "seizes"})
_LAW = 8
"""Words before and after a capture that are looked through for who made it."""
_TAKES = frozenset({"took", "take", "takes", "taking", "seized", "hold", "holds", "held", "holding", "grabbed"})
_MORTAL = frozenset({"lives", "bodies", "deaths", "killing", "killings", "murder", "murders", "remains"})
"""What only people have."""
_MANY = 10
"""From how many victims on a list of their names is one of the dead."""
_GAP = 9
"""Most tokens between the two ends of a word for harm."""
_MARKS = frozenset({",", ";", "--", "(", ")", ":", "?", "!"})
_CLAUSE_ENDS = frozenset({";", "--", "...", "?", "!"})
_DIVIDES = frozenset({",", "(", ":", "-", "--", ";"})
"""Marks between a whole and its parts."""
_SERIES = frozenset({",", "and", "&", "plus", "or"})


@dataclass(frozen=True, slots=True)
class Mention:
    """People in a sentence and what happened to them; measure None: hit, with the outcome told elsewhere."""

    measure: Measure | None
    group: Group
    sentence: Sentence
    trigger: str
    trigger_first: int
    trigger_last: int
    form: str
    subset: bool = False
    reason: RejectionReason | None = None
    series: int = 0
    """Position of the series of groups that it belongs to, 0 for none."""

    @property
    def low(self) -> int:
        """The lowest number."""
        return self.group.low

    @property
    def high(self) -> int | None:
        """The highest number; None: open."""
        return self.group.high

    @property
    def words(self) -> str:
        """The figure with its noun, as written."""
        return self.sentence.words(self.group.first, self.group.last)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence's groups and mentions."""

    sentence: Sentence
    groups: tuple[Group, ...]
    mentions: tuple[Mention, ...]


def read_sentence(sentence: Sentence, language: Language, *, cased: bool) -> Reading:
    """Return the people of a sentence and what happened to them."""
    groups = find_groups(sentence, language, cased=cased)
    matcher = _Matcher(sentence, groups, language, cased=cased)
    mentions = tuple(matcher.mentions())
    return Reading(sentence, tuple(groups), mentions)


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


@dataclass(frozen=True, slots=True)
class _Gapped:
    """A word for harm that goes over others: where it ends, and what it says."""

    last: int
    triggers: tuple[Trigger, ...]


class _Matcher:
    """Joins one sentence's words for harm with its groups."""

    def __init__(self, sentence: Sentence, groups: list[Group], language: Language, *, cased: bool) -> None:
        self.sentence, self.language, self.cased = sentence, language, cased
        self.tokens: Tokens = sentence.tokens
        self.groups = [group for group in groups if group.reason is None]
        self.refused = {group.first: group for group in groups if group.reason is RejectionReason.NOT_PEOPLE}
        self.starts = {start: group for group in self.groups for start in range(group.first, group.core + 1)}
        self.ends = {group.last: group for group in self.groups}
        self.triggers = list(self._find_triggers())
        self.verbs = {position for position, _, _ in self.triggers}

    def _find_triggers(self) -> Iterator[tuple[int, int, tuple[Trigger, ...]]]:
        position = 0
        inside = {p for group in self.groups for p in range(group.first, group.last) if group.state != p}
        while position < len(self.tokens):
            known = self.tokens[position].low in self.language.trigger_phrases.by_first
            length = self.language.trigger_phrases.match(self.tokens, position) if known else 0
            gapped = self._gapped(position)
            if gapped is not None and position not in inside:
                yield position, gapped.last, gapped.triggers
                position = gapped.last
            elif length and position not in inside:
                words = tuple(token.low for token in self.tokens[position : position + length])
                yield position, position + length, self.language.triggers[words]
                position += length
            else:
                position += 1

    def _gapped(self, position: int) -> "_Gapped | None":
        """Return a word for harm whose end stands some words on: "taken to Saint Luke's and Mercy hospitals"."""
        for rule in self.language.gapped:
            length = rule.begins.match(self.tokens, position)
            if not length:
                continue
            for here in range(position + length, min(position + length + _GAP, len(self.tokens))):
                word = self.tokens[here].low
                if word in rule.ends and self._dies_there(here + 1):
                    return None
                if word in rule.ends:
                    return _Gapped(here + 1, (Trigger(rule.measure, rule.form, (self.tokens[position].low, word)),))
                if word in _MARKS or word in self.language.grammar.openers:
                    break
        return None

    def _dies_there(self, position: int) -> bool:
        """Whether those taken to a hospital died: "taken to Mercy Hospital, where she was pronounced dead"."""
        words = [token.low for token in self.tokens[position : position + _GAP]]
        return "where" in words[:4] and bool({"died", "dead", "succumbed", "deceased", "dies"} & set(words))

    def mentions(self) -> Iterator[Mention]:
        """Yield what the sentence tells, in order of its words for harm, then its parts."""
        found: list[Mention] = []
        used: set[tuple[int, Measure | None]] = set()
        for first, last, triggers in self.triggers:
            for trigger in triggers:
                people = [g for g in self._people(first, last, trigger) if g.counts or g.kind in {DEFINITE, PRONOUN}]
                groups = listed(self._wholes(people))
                fresh = [g for g in groups if (g.first, trigger.measure) not in used and not self._is_told(g, trigger, used)]
                if fresh:
                    for group in fresh:
                        used.add((group.first, trigger.measure))
                        found.append(self._mention(group, trigger, first, last, groups))
                    break
        found = [m for m in found if not self._is_dead(m, found)]
        found = [self._as_whole(mention) for mention in found]
        found.extend(self._no_casualties(found))
        found.extend(self._hostages(found))
        found.extend(self._stated(found))
        found.extend(self._bodies(found))
        found.extend(self._numbers_of(found))
        shares = list(self._shares(found))
        shared = {mention.group.first for mention in shares}
        found = [m for m in found if m.form != "of" or m.group.first not in shared] + shares
        found.extend(self._of_those(found))
        found.extend(self._severe(found))
        found.extend(self._parts(found))
        found.extend(self._further(found))
        found.extend(self._unknown_parts(found))
        yield from (self._as_part(mention, found) for mention in found)

    def _is_told(self, group: Group, trigger: Trigger, used: set[tuple[int, Measure | None]]) -> bool:
        """Whether a group's fate is told by an earlier word: "38 deaths from gunshot wounds", "wounded and evacuated"."""
        killed, injured = (group.first, Measure.KILLED) in used, (group.first, Measure.INJURED) in used
        if trigger.measure is Measure.INJURED:
            return killed and trigger.form == "suffered"
        return trigger.measure is Measure.DISPLACED and (killed or injured)

    def _stated(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield what a group's own adjective tells: "a list of 48 missing people"."""
        told = {mention.group.first for mention in found if mention.measure is not None}
        for group in self.groups:
            if group.state is None or group.kind != COUNTED or group.first in told:
                continue
            for trigger in self.language.triggers.get((self.tokens[group.state].low,), ()):
                if trigger.measure is not None and trigger.form in {"state", "done"}:
                    yield self._mention(group, trigger, group.state, group.state + 1, [group])
                    break

    def _further(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield the part of "three of the dead are miners and one is a rescuer"."""
        told = {mention.group.first for mention in found if mention.measure is not None}
        parts = [mention for mention in found if mention.subset]
        ones = [g for g in self.refused.values() if g.low == 1 == g.high]  # "one a driver and one a fireman"
        for group in sorted((*self.groups, *ones), key=lambda g: g.first):
            part = next((m for m in reversed(parts) if m.group.last <= group.first), None)
            if part is None or group.first in told or group.kind != COUNTED or not group.low:
                continue
            before = self.tokens[group.first - 1].low
            after = self.tokens[group.last].low if group.last < len(self.tokens) else "."
            if self._ends_list(group) and part.form == "part" and not self._has_own_verb(group):
                yield replace(part, group=group, subset=True, form="part", series=0)
            elif group.head is None and before in {",", "and", ";"} and after in self.language.grammar.be | {"a", "an", "from", "aged"}:
                yield replace(part, group=replace(group, reason=None), subset=True, form="part", series=0)

    def _ends_list(self, group: Group) -> bool:
        """Whether a group is the last of a list: ", and two children"."""
        return [token.low for token in self.tokens[max(0, group.first - 2) : group.first]] == [",", "and"]

    def _unknown_parts(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield the part of "eight people, including the ward head of the town", whose noun isn't known."""
        for whole in [m for m in found if m.measure in TELLING and not m.subset and m.low > 1]:
            for here in range(whole.group.last, min(whole.group.last + _NEAR, len(self.tokens))):
                length = self.language.people.parts.match(self.tokens, here)
                start = here + length
                if not length or any(g.first <= start < g.last for g in self.groups) or self.tokens[here].low == "with":
                    continue
                one = self._unknown(start)
                if one is not None and not self.tokens[one.last - 1].low.endswith("s"):
                    yield replace(whole, group=one, subset=True, form="part", series=0)

    def _as_whole(self, mention: Mention) -> Mention:
        """Return a mention whose known people are counted: "among the 12 people killed", "one of the three dead"."""
        group = mention.group
        before = [token.low for token in self.tokens[max(0, group.first - 2) : group.first]]
        if group.kind != DEFINITE or group.low < 2 or not (before[-1:] == ["among"] or before == ["one", "of"]):
            return mention
        return replace(mention, group=replace(group, kind=COUNTED))

    def _hostages(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield those of "took 17 hostages"."""
        told = {mention.group.first for mention in found if mention.measure is not None}
        for group in self.groups:
            before = self.tokens[group.first - 1].low if group.first else ""
            if group.kind == COUNTED and group.head == "hostages" and before in _TAKES and group.first not in told:
                yield Mention(Measure.ABDUCTED, group, self.sentence, before, group.first, group.last, "hostages")

    def _is_dead(self, missing: Mention, found: list[Mention]) -> bool:
        """Whether those swept away are told to be dead: "18 were swept away or electrocuted"."""
        same = (m for m in found if m.measure is Measure.KILLED and m.group == missing.group)
        return missing.measure is Measure.MISSING and any(same)

    def _no_casualties(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield that nobody was injured where there were no casualties."""
        for mention in found:
            if mention.trigger == "casualties" and mention.group.kind == NOBODY and mention.measure is Measure.KILLED:
                yield replace(mention, measure=Measure.INJURED)

    def _bodies(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield counted bodies, whatever the sentence says of them."""
        told = {mention.group.first for mention in found}
        for group in self.groups:
            if group.first in told or group.head not in _BODIES:
                continue
            if group.kind == COUNTED or (group.kind == INDEFINITE and self._is_body(group)):
                yield Mention(
                    Measure.KILLED, group, self.sentence, group.head or "", group.first, group.last, "bodies"
                )

    def _is_body(self, group: Group) -> bool:
        """Whether "a body" is a dead one's, and not "a medical body" or "a body shop"."""
        if group.last - group.first > 2 and self.tokens[group.last - 2].low not in _DEAD_BODY:
            return False
        after = self.tokens[group.last].low if group.last < len(self.tokens) else "."
        grammar = self.language.grammar
        return (
            not after[0].isalpha()
            or after in grammar.be | grammar.have | grammar.prepositions | grammar.openers | grammar.conjunctions
            or group.last in self.verbs
        )

    def _wholes(self, people: list[Group]) -> list[Group]:
        """Return a series without those at its end that are parts of its first group.

        They are "among them", or add up to it: "12 people, eight men and four women".
        """
        if len(people) < 2 or people[0].low < 2:
            return people
        sums_up = len(people) > 2 and people[0].low == people[0].high == sum(group.low for group in people[1:])
        return people[:1] if sums_up or self._is_part(people[-1]) else people

    def _numbers_of(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield the figure of "the number of miners who lost their lives has climbed to 40"."""
        told = {mention.group.first for mention in found}
        for start in range(len(self.tokens) - 3):
            if (self.tokens[start].low, self.tokens[start + 1].low) != ("number", "of"):
                continue
            harm = next((t for t in self.triggers if t[0] > start and t[2][0].measure is not None), None)
            rise = next((n for n, t in enumerate(self.tokens) if n > start and t.low in _RISES), None)
            if harm is None or rise is None or harm[0] > rise:
                continue
            group = next((g for g in self.groups if rise < g.first <= rise + 4 and g.kind == COUNTED), None)
            if group is not None and group.first not in told:
                yield self._mention(group, replace(harm[2][0], form="tolls"), *harm[:2], [group])

    def _shares(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield the parts of "of the dead, 31 are women and 17 children", "the victims included a priest"."""
        words = [token.low for token in self.tokens]
        start = self._shared(words)
        if start is None:
            return
        triggers = [t for first, _, options in self.triggers if first < 6 for t in options if t.measure is not None]
        measure = next((t.measure for t in triggers), Measure.KILLED if set(words[:4]) & _DECEASED else None)
        if measure is None:
            return
        told = {m.group.first for m in found if m.measure is not None and m.form not in {"of", "among"}}
        among = words[0] == "among" or words[start - 1] in _CONSISTS
        named = [g for g in self.groups if among and start <= g.first <= start + 2 and g.kind != NOBODY][:1]
        series = [g for one in named if self._is_countable(one) for g in self._series_right(one, definite=True)]
        if "relatives" in {g.whose for g in series}:  # "a couple and their son" are told of as one
            series = listed([_one(g) for g in series])
        singly = {g.first for g in series}
        of_series = {member.first for g in series for member in g.members}
        if among and not named and (unknown := self._unknown(start)) is not None:
            yield Mention(measure, unknown, self.sentence, words[2], 2, 3, "share", subset=True)
        rest = (g for g in self.groups if g.first not in singly | of_series and g.kind == COUNTED and g.first >= start)
        for group in (*series, *rest):
            if group.first not in told:
                yield Mention(measure, _one(group), self.sentence, words[2], 2, 3, "share", subset=True, series=0)

    def _shared(self, words: list[str]) -> int | None:
        """Return where the parts of a whole that a sentence begins with are told, None where it doesn't so begin."""
        head = words[:8]
        if len(head) > 3 and head[0] in {"of", "among", "amongst"} and head[1] in {"the", "those"}:
            verb = next((n for n in range(2, len(head)) if head[n] in self.language.grammar.be), 2)
            return 3 if "," in head[2:verb] else verb + 1
        for here in range(len(words) - 2):
            if words[here] == "the" and words[here + 1] in _DECEASED:
                after = words[here + 2]
                known = words[here + 3] in {"identified", "named", "known"} if here + 3 < len(words) else True
                if after in _CONSISTS - (_COPULA if here > 1 else frozenset()) and not known:
                    return here + 3
                if here < 2 and after == "," and (here + 3) in self.starts:
                    return here + 3
        return None

    def _unknown(self, start: int) -> Group | None:
        """Return the one person of "a young comedian", whose noun isn't known to be one for people."""
        tokens, grammar = self.tokens, self.language.grammar
        if start >= len(tokens) or tokens[start].low not in {"a", "an", "the", "his", "her", "their"}:
            return None
        end = start + 1
        while end < len(tokens) and end - start < 6 and tokens[end].low.isalpha():
            if tokens[end].low in grammar.prepositions | grammar.openers | grammar.be | grammar.conjunctions:
                break
            end += 1
        return Group(INDEFINITE, start, start, end, 1, 1, plural=False) if end > start + 1 else None

    def _of_those(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield the part of "five of the victims were nurses"."""
        told = {mention.group.first for mention in found}
        for group in self.groups:
            before = self.tokens[group.first - 1].low if group.first else ""
            if before in self.language.grammar.prepositions:
                continue
            if group.partitive and group.kind == COUNTED and group.low and group.first not in told:
                words = {token.low for token in self.tokens[group.core : group.last + 1]}
                measure = next((measure for measure, names in _THOSE.items() if words & names), None)
                if measure is not None:
                    yield Mention(
                        measure, group, self.sentence, "of the", group.first, group.last, "share", subset=True
                    )

    def _severe(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield the part of "six were hurt, one seriously"."""
        told = {mention.group.first for mention in found}
        whole = None
        for group in self.groups:
            hurt = (m for m in found if m.measure is Measure.INJURED and m.group.last <= group.first)
            whole = next((m for m in hurt if m.low > group.low), None)
            if whole is None or group.first in told or group.kind != COUNTED or group.head or not group.low:
                continue
            if group.last < len(self.tokens) and self.tokens[group.last].low in _SEVERELY:
                yield replace(whole, group=group, subset=True, form="part", series=0)

    def _mention(self, group: Group, trigger: Trigger, first: int, last: int, groups: list[Group]) -> Mention:
        dead = group.head in _BODIES or (trigger.measure is None and group.kind == NOBODY)
        measure = trigger.measure
        if measure is Measure.ABDUCTED and trigger.words[0] in _TAKEN and self._is_by_force_of_law(first, last):
            measure = Measure.ARRESTED
        return Mention(
            measure=Measure.KILLED if dead else measure,
            group=group,
            sentence=self.sentence,
            trigger=" ".join(trigger.words),
            trigger_first=first,
            trigger_last=last,
            form=trigger.form,
            subset=trigger.form == "among" or trigger.words[-1] in _INCLUDES,
            reason=self._threat(first, trigger),
            series=groups[0].first + 1 if len(groups) > 1 else 0,
        )

    def _is_by_force_of_law(self, first: int, last: int) -> bool:
        """Whether those who captured people are soldiers or police."""
        if self._is_passive(first):
            by = [token.low for token in self.tokens[last : last + _LAW]]
            return "by" in by and bool(self.language.security & set(by[by.index("by") :]))
        return any(token.low in self.language.security for token in self.tokens[max(0, first - _LAW) : first])

    def _threat(self, first: int, trigger: Trigger) -> RejectionReason | None:
        before = [token.low for token in self.tokens[max(0, first - 4) : first]]
        before = before[before.index("that") :] if "that" in before else before
        if trigger.form == "doing" and before[-1:] and before[-1] in self.language.grammar.modal | {"to"}:
            return RejectionReason.THREAT
        modal = [word for word in before if word in {"could", "would", "should", "can", "will"}]
        if modal and trigger.form in {"done", "suffered"}:
            return RejectionReason.THREAT
        ahead = [token.low for token in self.tokens[max(0, first - 7) : first]]
        return RejectionReason.THREAT if trigger.form in {"state", "counts"} and "will be" in " ".join(ahead) else None

    def _people(self, first: int, last: int, trigger: Trigger) -> list[Group]:  # noqa: C901, PLR0911 - one form a line
        """Return the groups that a word for harm is about."""
        match trigger.form:
            case "done":
                return self._done(first, last)
            case "doing":
                return self._right(last)
            case "of":
                return self._right(last) or self._lives_of(last, trigger) or (self._name_right(last) if trigger.measure is Measure.KILLED else [])
            case "cared":
                return [g for g in self._right(last) if g.kind == COUNTED and self._is_cared_for(first, g)]
            case "named":
                return [g for g in self._right(last) if g.kind == COUNTED and self._is_listed(g)]
            case "lives":
                return [group for group in self._right(last) if group.head in {"life", "lives"}]
            case "lost":
                return [group for group in self._right(last) if group.whose in {"soldiers", "militants", "police"} or group.head in _OWN]
            case "among" if trigger.words[0] == "of":
                part = self.ends.get(first)
                return [part] if part is not None and part.kind == COUNTED else []
            case "suffered" | "among":
                return self._subject(first, strict=False)
            case "state":
                if first and self.tokens[first - 1].low in {"the", "those"}:  # "the kin of the dead"
                    return []
                return self._adjacent(first) or self._copula(first)
            case "counts":
                return self._counted(first)
            case "tolls":
                return self._toll(last)
            case _:
                return []

    def _lives_of(self, position: int, trigger: Trigger) -> list[Group]:
        """Return the people of "the lives of six compatriots", whose noun isn't known to be one for people."""
        group = self.refused.get(position)
        if group is None or trigger.words[0] not in _MORTAL or group.last >= len(self.tokens):
            return []
        return [replace(group, reason=None, last=group.last + 1)] if self.tokens[group.last].low.endswith("s") else []

    def _is_cared_for(self, first: int, group: Group) -> bool:
        """Whether a hospital or the like "has treated 12", and the figure isn't one of deaths."""
        ends = group.last >= len(self.tokens) or (self.tokens[group.last].low,) not in self.language.triggers
        subject = {token.low for token in self.tokens[:first]}
        if group.head is not None and self.tokens[first].low.startswith("treat"):
            return True
        return (ends or group.head is not None) and bool(subject & self.language.hospitals)

    def _is_listed(self, group: Group) -> bool:
        """Whether those whom somebody lists are victims."""
        after = self.tokens[group.last].low if group.last < len(self.tokens) else "."
        return (group.head == "victims" and group.low >= _MANY) or (group.head is None and (not after[0].isalnum() or after == "and"))

    def _done(self, first: int, last: int) -> list[Group]:
        passive = self._is_passive(first)
        if not passive:
            if first < 3 and last < len(self.tokens) and self.tokens[last].low in self.language.grammar.be:
                inverted = self._right(last + 1)  # "also hit were 11 passersby"
                if inverted:
                    return inverted
            right = self._right(last) or self._name_right(last)
            if right:
                return right
            if first and self.tokens[first - 1].low == "the":  # "aid for the injured"
                return []
            near = self._adjacent(first)
            if near:
                return near if self._follows_reduced(last) or near[-1].head is not None else []
            reduced = self.sentence.part == "title" or self._follows_reduced(last)
            return self._subject(first, strict=True) if reduced else []
        return self._subject(first, strict=False)

    def _is_passive(self, first: int) -> bool:
        here = first - 1
        grammar = self.language.grammar
        while (
            here >= 0
            and (self.tokens[here].low in grammar.adverbs or self.tokens[here].low.endswith("ly"))
            and first - here < 6
        ):
            if self.tokens[here].low in grammar.be:
                return True
            here -= 1
        return here >= 0 and self.tokens[here].low in grammar.be

    def _follows_reduced(self, last: int) -> bool:
        """Whether what follows a past form can't be its object."""
        if last >= len(self.tokens):
            return True
        word = self.tokens[last].low
        grammar = self.language.grammar
        return (
            word in {".", ",", ")", '"', ";", ":", "-"}
            or word in grammar.prepositions
            or word in grammar.conjunctions
            or word in grammar.weekdays
            or word in grammar.adverbs
            or word in grammar.openers
        )

    def _right(self, position: int) -> list[Group]:
        """Return the groups that begin at a position or after a few adverbs, with those in a series after them."""
        for here in range(position, min(position + 3, len(self.tokens))):
            group = self.starts.get(here)
            if group is not None:
                if group.kind == PRONOUN and group.head in {"he", "she", "they"}:
                    return []
                return self._series_right(group)
            word = self.tokens[here].low
            if word not in self.language.grammar.adverbs and word not in {"of", '"'}:
                return []
        return []

    def _name_right(self, position: int) -> list[Group]:
        """Return a person whose name begins right after a verb or noun: "injured Raisingh", "murder of Oqueli"."""
        if self.sentence.part == "title" or position >= len(self.tokens) or not position:
            return []
        if self.tokens[position].low in _HONORIFICS and position + 1 < len(self.tokens):
            position += 1
        token = self.tokens[position]
        if not token.low.isalpha() or position in self.verbs or token.low in self._no_names:
            return []
        if not token.capital or (not self.cased and len(token.low) < 4):  # in capitals a short word is rarely a name
            return []
        return [Group(NAMED, position, position, position + 1, 1, 1, plural=False, name=token.low)]

    @property
    def _no_names(self) -> frozenset[str]:
        return _no_names(self.language.code)

    def _series_right(self, group: Group, *, definite: bool = False) -> list[Group]:
        """Return a group and those in a series after it; with `definite`, known people too."""
        series = [group]
        while True:
            here = series[-1].last
            here = self._after_office(here)
            following = None
            for _ in range(2):
                if following is not None or here >= len(self.tokens) or self.tokens[here].low not in _SERIES:
                    break
                here += 1
                following = self.starts.get(here)
            if following is None or following.first < here or self._has_own_verb(following):
                return series
            if not (following.counts or (definite and self._is_countable(following))):
                return series
            if self._is_apposition(series[-1], following):
                series[-1] = replace(series[-1], last=following.last, name=series[-1].name or following.name)
                continue
            series.append(following)

    def _after_office(self, position: int) -> int:
        """Step over "of the company" where "and" and a figure follow: "the head of the company and seven officials"."""
        if position >= len(self.tokens) or self.tokens[position].low != "of":
            return position
        for here in range(position + 2, min(position + 5, len(self.tokens) - 1)):
            following = self.starts.get(here + 1)
            if self.tokens[here].low == "and" and following is not None and following.kind == COUNTED:
                return here
        return position

    def _has_own_verb(self, group: Group) -> bool:
        """Whether a group is followed by a verb of its own, so that it isn't part of a series before it."""
        here = group.last
        if here >= len(self.tokens):
            return False
        word = self.tokens[here].low
        grammar = self.language.grammar
        return (
            word in grammar.be
            or word in grammar.have
            or word in grammar.modal
            or here in self.verbs
            or (word in grammar.adverbs and here + 1 in self.verbs)
            or word in grammar.stops
        )

    def _series_left(self, group: Group) -> list[Group]:
        series = [group]
        while True:
            here = self._before_name(series[0].first, frozenset({"(", ")"}))
            previous = None
            for _ in range(2):
                if previous is not None or here == 0 or self.tokens[here - 1].low not in _SERIES:
                    break
                here -= 1
                previous = self.ends.get(here)
            if previous is None and here < series[0].first and self.tokens[here].low == "and":
                previous = self.ends.get(self._before_name(here, _OF_NAME))
            if previous is not None and previous.first and series[0].kind == COUNTED and not series[0].head and self._is_part(previous):
                return series  # "among them a sergeant, and nine were hurt"
            if previous is None or not (previous.counts or (series[0].more and self._is_one(previous))):
                return series
            if self._is_apposition(previous, series[0]):
                series[0] = previous
                continue
            bare = series[0].kind == COUNTED and series[0].head is None and not series[0].more
            if bare and previous.head is not None:
                return series  # "19 martyrs and 60 wounded"
            before = self.tokens[previous.first - 1].low if previous.first else ""
            if before in self.language.grammar.prepositions - {"of", "leaving", "including"}:
                return series
            series.insert(0, previous)

    def _is_one(self, group: Group) -> bool:
        """Whether a group is one known person: "she and four others"."""
        return group.kind in {DEFINITE, PRONOUN} and not group.plural and group.low == 1 and group.head != "it"

    def _before_name(self, position: int, joints: frozenset[str]) -> int:
        """Step back over a name: "Station House Officer" before a person, "of the Orissa Police" after a group."""
        here = position
        while here > 0 and position - here < 7 and here not in self.ends:
            token = self.tokens[here - 1]
            named = position - here == 0 and token.low in _BODIES_OF_PEOPLE and here > 1 and self.tokens[here - 2].capital
            if not (named or token.low in joints or (token.capital and token.low not in self.language.grammar.determiners)):
                break
            here -= 1
        return here

    def _is_apposition(self, one: Group, other: Group) -> bool:
        """Whether two groups with only a comma between them are one person: "John Roe, a teacher"."""
        between = [token.low for token in self.tokens[one.last : other.first]]
        comma = between == [","] or (not between and self.tokens[one.last - 1].low == ",")
        if comma and one.partitive and one.low == 1 and other.kind == INDEFINITE:  # "one of them, a boy of ten"
            return True
        if comma and self._is_kin(other):
            return one.low == 1
        named = (one.name is None) != (other.name is None)
        return comma and named and one.low == other.low == 1

    def _is_kin(self, group: Group) -> bool:
        """Whether a relative between commas tells who somebody is: "a girl, his niece, in the chest"."""
        after = group.last + 1
        return (
            group.whose == "relatives"
            and group.low == 1
            and self.tokens[group.first].low in self.language.people.possessive
            and after < len(self.tokens)
            and self.tokens[group.last].low == ","
            and self.tokens[after].low not in _SERIES
            and after not in self.starts
        )

    def _adjacent(self, first: int) -> list[Group]:
        """Return the groups that end just before a position, adverbs between them."""
        here = first
        while here > 0 and here not in self.ends and first - here < 4:
            word = self.tokens[here - 1].low
            if word in self.language.grammar.be or word not in self.language.grammar.adverbs:
                return []
            here -= 1
        group = self.ends.get(here)
        if group is None or not (group.counts or group.kind == DEFINITE) or self._governed(group):
            return []
        return self._series_left(group)

    def _governed(self, group: Group) -> bool:
        """Whether a preposition other than "of" makes a group something else than subject or object."""
        if group.first == 0:
            return False
        return self.tokens[group.first - 1].low in {"by", "against"}

    def _copula(self, first: int) -> list[Group]:
        here = first
        grammar = self.language.grammar
        while here > 0 and first - here < 5:
            word = self.tokens[here - 1].low
            if word in grammar.be or word in {"remain", "remained", "remains", "left"}:
                return self._subject(here - 1, strict=False)
            if word not in grammar.adverbs:
                return []
            here -= 1
        return []

    def _counted(self, first: int) -> list[Group]:
        for here in range(first, max(first - 3, 0), -1):
            group = self.ends.get(here)
            if group is not None:
                return (
                    [group]
                    if group.kind in {COUNTED, NOBODY, DEFINITE} and group.head is None and group.first != group.last
                    else []
                )
            if self.tokens[here - 1].low in self.language.grammar.prepositions | self.language.grammar.be:
                return []
        one = self.refused.get(first - 2) if self.tokens[first].low in _DEATHS else None
        return [replace(one, reason=None)] if one is not None and one.last == first - 1 else []

    def _toll(self, last: int) -> list[Group]:
        """Return the figure of "the toll rose to 45 from 28": the new one."""
        figures = [g for g in self.groups if last <= g.first <= last + 14 and g.kind == COUNTED]
        for group in figures:
            if any(token.low in _CLAUSE_ENDS for token in self.tokens[last : group.first]):
                return []
            if group.first > 0 and self.tokens[group.first - 1].low == "from":
                continue
            return [group]
        return []

    def _subject(self, verb: int, *, strict: bool) -> list[Group]:
        """Return the groups that are the subject of a verb: the nearest on its left that nothing else governs."""
        governed: Group | None = None
        here = verb
        while here > 0 and verb - here < _REACH:
            group = self.ends.get(here)
            if group is not None and (group.head in _OBJECTS or self._is_among(group) or self._is_included(group)):
                here = group.first
                continue
            if group is not None:
                series = self._series_left(group)
                if self._is_relative(group, verb):
                    return self._series_left(group)
                if not self._is_object(series[0]) and not self._is_aside(group):
                    return series
                governed = governed or (group if group.counts and self._may_govern(series[0]) else None)
                here = series[0].first
                continue
            word = self.tokens[here - 1].low
            if word in _CLAUSE_ENDS or (
                word in {"that", "when", "while", "after", "before", "because", "where"} and not strict
            ):
                break
            here -= 1
        return [] if governed is None or strict else self._series_left(governed)

    def _is_among(self, group: Group) -> bool:
        """Whether a group is told as a part of the one before it: "four people, among them a boy, had died"."""
        words = [token.low for token in self.tokens[max(0, group.first - 2) : group.first]]
        apart = group.last < len(self.tokens) and self.tokens[group.last].low == ","
        return apart and len(words) == 2 and words[0] in {"among", "amongst", "of"} and words[1] in {"them", "whom"}

    def _is_included(self, group: Group) -> bool:
        """Whether a group ends an aside: "eight people, including the owner and his manager, were held"."""
        if group.last >= len(self.tokens) or self.tokens[group.last].low != ",":
            return False
        for here in range(group.first - 1, max(0, group.first - _REACH // 2), -1):
            if self.tokens[here].low == ",":
                return self.tokens[here + 1].low == "including"
        return False

    def _is_relative(self, group: Group, verb: int) -> bool:
        """Whether "who" joins a group with a verb: "aid for 2,500 survivors who fled"."""
        if group.last >= verb or self.tokens[group.last].low != "who":
            return False
        grammar = self.language.grammar
        return all(t.low in grammar.adverbs | grammar.be | grammar.have for t in self.tokens[group.last + 1 : verb])

    def _may_govern(self, group: Group) -> bool:
        return not self._governed(group) and self.tokens[group.first - 1].low != "including"

    def _is_aside(self, group: Group) -> bool:
        """Whether a group can't be counted as a subject: in parentheses, or many of an unknown number."""
        if group.first and self.tokens[group.first - 1].low == "(":
            return True
        return group.kind == BARE and group.plural

    def _is_object(self, group: Group) -> bool:
        """Whether a group hangs on a preposition or a verb, so that it isn't the subject of what follows."""
        if group.first == 0:
            return False
        word = self.tokens[group.first - 1].low
        if word == "of":
            return group.first < 2 or self.tokens[group.first - 2].raw not in {
                "group",
                "total",
                "number",
                "crowd",
                "family",
                "one",
            }
        if word in self.language.grammar.prepositions and word not in {
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

    def _parts(self, found: list[Mention]) -> Iterator[Mention]:
        """Yield parts of what was found: "including four children", "four of them children"."""
        told = {
            member.first
            for mention in found
            if mention.measure is not None
            for member in (mention.group, *mention.group.members)
        }
        for mention in found:
            if mention.low > 1 and (one := self._one_of(mention.group)) is not None:
                yield replace(mention, group=one, subset=True, form="part", series=0)
            if mention.low > 1 and mention.group.first and self.tokens[mention.group.first - 1].low == "among":
                for part in self._subject(mention.group.first - 1, strict=False):
                    if part.first not in told and self._is_countable(part):
                        yield replace(mention, group=_one(part), subset=True, form="part", series=0)
        for group in self.groups:
            if group.first in told or not self._is_countable(group) or group.kind == NOBODY:
                continue
            whole = self._whole(group, found)
            if whole is None:
                continue
            series = self._series_right(group, definite=True)
            if self._is_part(group) or self._are_parts(series) or self._sum_up(whole, series):
                told |= {member.first for member in series}
                for member in series:
                    if member.first not in {m.group.first for m in found if m.measure is not None}:
                        yield replace(whole, group=_one(member), subset=True, form="part", series=0)

    def _as_part(self, mention: Mention, found: list[Mention]) -> Mention:
        """Return a mention, marked as a part where it is one "among them" and has words for harm of its own too."""
        if mention.subset or mention.measure is None:
            return mention
        if self._is_in_toll(mention, found):
            return replace(mention, subset=True)
        if not self._is_part(mention.group):
            return mention
        wholes = (m for m in found if m.measure is mention.measure and m.group.last <= mention.group.first)
        return replace(mention, subset=True) if any(m.low > mention.low for m in wholes) else mention

    def _is_in_toll(self, mention: Mention, found: list[Mention]) -> bool:
        """Whether a figure is one that takes a toll to a greater one: "44 bodies were found, taking the toll to 47"."""
        tolls = [m for m in found if m.form == "tolls" and m.measure is mention.measure and m.low > mention.low]
        if mention.form != "tolls" and mention.group.more and tolls:
            return True
        return mention.form != "tolls" and any(
            token.low in _RAISING for m in tolls for token in self.tokens[max(0, m.trigger_first - 3) : m.trigger_first]
        )

    def _is_countable(self, group: Group) -> bool:
        """Whether a group counts people where a part is told: "the parish priest" is one, "the villagers" aren't."""
        return group.counts or (group.kind == DEFINITE and not group.plural and group.low == 1)

    def _are_parts(self, series: list[Group]) -> bool:
        """Whether a series ends with "among them"."""
        end = series[-1].last
        return len(series) > 1 and end < len(self.tokens) and self.language.people.parts_after.match(self.tokens, end) > 0

    def _sum_up(self, whole: Mention, series: list[Group]) -> bool:
        """Whether a series divides the whole before it: "ten bodies - eight servicemen and two civilians"."""
        if len(series) < 2 or whole.low != whole.high or whole.low != sum(member.low for member in series):
            return False
        return self.tokens[series[0].first - 1].low in _DIVIDES

    def _one_of(self, whole: Group) -> Group | None:
        """Return whom "X was one of 16 people to die" is about."""
        before = self.starts.get(whole.first)
        if before is not whole or [token.low for token in self.tokens[max(0, whole.first - 2) : whole.first]] != ["one", "of"]:
            return None
        subject = next((g for g in reversed(self.groups) if g.last <= whole.first - 2), None)
        if subject is None or not self._is_countable(subject) or subject.low != 1:
            return None
        between = {token.low for token in self.tokens[subject.last : whole.first]}
        return _one(subject) if between & self.language.grammar.be and len(between) < 7 else None

    def _whole(self, part: Group, found: list[Mention]) -> Mention | None:
        """Return the mention that a part belongs to: the nearest before it that has a figure."""
        before = [m for m in found if m.group.first < part.first and m.group.high != 0 and m.measure is not None]
        wholes = [m for m in before if not m.subset] or [m for m in before if m.low > part.low]
        wholes = wholes or [m for m in found if m.group.first < part.first and m.measure is None]
        return max(wholes, key=lambda m: m.group.first, default=None)

    def _is_part(self, group: Group) -> bool:
        parts, tokens = self.language.people, self.tokens
        for start in range(max(0, group.first - 3), group.first):
            length = parts.parts.match(tokens, start)
            if length and start + length == group.first:
                return self.tokens[start].low != "with"
        return group.last < len(tokens) and (parts.parts_after.match(tokens, group.last) > 0 or group.partitive)


def _one(group: Group) -> Group:
    """Return a group of known people who are told of as a part, as one that counts them."""
    return replace(group, kind=INDEFINITE) if group.kind == DEFINITE else group


def counted(mention: Mention) -> bool:
    """Whether a mention says how many, and isn't refused."""
    return mention.group.counts and mention.reason is None


def definite(mention: Mention) -> bool:
    """Whether a mention is about people who were introduced before."""
    return mention.group.kind in {DEFINITE, PRONOUN}
