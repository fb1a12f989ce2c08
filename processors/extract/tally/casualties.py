"""How many an article has killed and injured in all, where no single figure says so.

Local news tells of people one by one ("a man was shot … the 23-year-old died at the hospital"), and of all who were
hit before it tells how they fared ("four were shot, one fatally").  So: people told of singly are counted once each,
by name and age, and the injured are those hit who weren't killed.
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from contracts.vocabulary import Measure
from processors.extract.harm.mentions import Mention, counted, definite
from processors.extract.people.groups import COUNTED, LISTED, NOBODY, PRONOUN, Group

_AGE = re.compile(r"^(\d{1,3}|[a-z]+)-(?:year|month)")
_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_MALE = frozenset(
    {
        "man",
        "boy",
        "male",
        "father",
        "son",
        "husband",
        "brother",
        "he",
        "him",
        "uncle",
        "nephew",
        "grandfather",
        "boyfriend",
    }
)
_FEMALE = frozenset(
    {
        "woman",
        "girl",
        "female",
        "mother",
        "daughter",
        "wife",
        "sister",
        "she",
        "her",
        "aunt",
        "niece",
        "grandmother",
        "girlfriend",
    }
)


_OTHERS = frozenset({"another", "second", "third", "fourth", "fifth", "other"})


@dataclass(frozen=True, slots=True)
class Person:
    """One person as a mention tells of them."""

    name: str | None
    age: str | None
    sex: str | None
    other: bool
    """"Another man": somebody else than those before."""

    def is_same(self, them: "Person") -> bool:
        """Whether two mentions may be of one person; a name or an age decides where both tell it."""
        if self.name and them.name:
            return self.name == them.name
        if self.age and them.age:
            return self.age == them.age
        if self.sex and them.sex and self.sex != them.sex:
            return False
        return not self.other


def person(mention: Mention, group: Group) -> Person:
    """Return who a single person of a mention is."""
    tokens = mention.sentence.tokens
    words = [token.low for token in tokens[group.first : group.last + 2]]
    ages = [_in_digits(match[1]) for token in tokens[group.first : group.last] if (match := _AGE.match(token.low))]
    ages += [
        word
        for before, word in pairwise(words)
        if before in {",", "(", "age", "aged"} and word.isdigit() and len(word) < 3
    ]
    own = {token.low for token in tokens[group.first : group.last]}
    sex = "m" if own & _MALE else "f" if own & _FEMALE else None
    other = bool(_OTHERS & set(words))
    return Person(group.name, ages[0] if ages else None, sex, other)


def _in_digits(age: str) -> str:
    return str(_SMALL.index(age) + 1) if age in _SMALL else age


def singles(mentions: Iterable[Mention]) -> list[Person]:
    """Return the different people told of singly."""
    people: list[Person] = []
    for mention in mentions:
        known = len(people)
        for group in mention.group.members or (mention.group,):
            if (
                not group.plural
                and group.kind not in {NOBODY, PRONOUN}
                and group.low == 1
                and (group.head or group.name)
            ):
                _add(people, person(mention, group), known)
    return people


def _add(people: list[Person], new: Person, known: int) -> None:
    """Add a person, or what is told of one of the first `known`: those of one list are different people."""
    for number, old in enumerate(people[:known]):
        if new.is_same(old):
            people[number] = Person(old.name or new.name, old.age or new.age, old.sex or new.sex, other=False)
            return
    people.append(new)


@dataclass(frozen=True, slots=True)
class Tally:
    """What an article says of killed, injured and hit people; None where it doesn't."""

    killed: int | None
    injured: int | None
    struck: int | None


def tally(mentions: Iterable[Mention], killed: int | None, injured: int | None) -> Tally:
    """Return the best figures, given those that the claims lead to."""
    told = list(mentions)
    struck = _struck(told)
    dead = _of(told, Measure.KILLED)
    if not any(m.group.kind == COUNTED for m in dead if counted(m)):
        killed = _largest(killed, len(singles(m for m in dead if counted(m))) or None)
        if killed is not None:  # "her daughter died … the murder of the six"
            killed = max(killed, _known(m for m in dead if m.low > 1) or 0)
    first = next((m for m in dead if counted(m) and m.group.kind == COUNTED), None)
    if first is not None and killed == first.low:
        killed += _also(dead)
    killed = _known(dead) if killed is None else killed
    hurt = _of(told, Measure.INJURED)
    injured = _known(hurt) if injured is None else injured
    injured = _largest(injured, len(singles(m for m in hurt if counted(m))) or None)
    if struck is not None and struck > (killed or 0):
        injured = max(injured or 0, struck - (killed or 0))
    if killed and injured and _told_again(dead, hurt, _of(told, None)):
        injured = 0
    return Tally(killed, injured, struck)


def _known(mentions: Iterable[Mention]) -> int | None:
    """Return how many people are told of as known: "the victim died" is one, "the murder of the six" six."""
    told = [m.low for m in mentions if definite(m) and (m.low > 1 or not m.group.plural)]
    return max(told, default=None)


def _also(mentions: list[Mention]) -> int:
    """Return how many are told of in addition: "two Maoists were also killed", "another body was found"."""
    total = 0
    for number, mention in enumerate(mentions):
        ends = (mention.group.first, mention.group.last, mention.trigger_first, mention.trigger_last + 1)
        words = [token.low for token in mention.sentence.tokens[min(ends) : max(ends)]]
        added = "also" in words or "another" in words[:1]
        if (
            number
            and added
            and (mention.sentence.number != mentions[0].sentence.number or "also" in words)
            and counted(mention)
            and mention.group.whose != "attackers"
        ):
            total += mention.low
    return total


def _told_again(dead: list[Mention], hurt: list[Mention], hit: list[Mention]) -> bool:
    """Whether the injured are those who died: hurt first and dead in the end, told of singly and as nobody else."""
    wounded = [m for m in (*hurt, *hit) if counted(m) or definite(m)]
    if any(m.group.kind in {COUNTED, LISTED} or m.group.plural for m in wounded):
        return False
    if any(m.group.kind == COUNTED and m.low > 1 for m in dead):
        return False
    kin = {m.group.whose for m in hurt if counted(m)} - {m.group.whose for m in dead}
    if "relatives" in kin:
        return False
    killed = {m.sentence.number: m.group.first for m in dead}
    if any(killed.get(m.sentence.number, m.group.first) != m.group.first for m in hurt if counted(m)):
        return False
    gone = singles(m for m in dead if counted(m))
    return not any(p.other or _is_somebody_else(p, gone) for p in singles(m for m in wounded if counted(m)))


def _is_somebody_else(person: Person, known: list[Person]) -> bool:
    """Whether a name or age shows that a person is none of those known."""
    told = [k for k in known if (k.name and person.name) or (k.age and person.age)]
    return bool(told) and len(told) == len(known) and not any(person.is_same(k) for k in told)


def _of(mentions: list[Mention], measure: Measure | None) -> list[Mention]:
    return [m for m in mentions if m.measure is measure and m.reason is None and not m.subset]


def _largest(one: int | None, other: int | None) -> int | None:
    return max(one or 0, other or 0) if one is not None or other is not None else None


def _struck(mentions: list[Mention]) -> int | None:
    """Return how many were hit: the first figure that counts several, else those told of singly."""
    hit = [
        m
        for m in _of(mentions, None)
        if m.form in {"done", "doing", "state", "suffered", "of"}
        and m.trigger not in {"attacked", "targeted", "ambushed", "attack on", "assault on", "shot at"}
    ]
    figures = [m.low for m in hit if counted(m) and m.group.kind == COUNTED]
    people = len(singles(hit))
    if figures:
        return max(*figures[:3], people)
    return people or None
