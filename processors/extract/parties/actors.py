"""The organised groups, forces and states that have a part in an incident, as the text names them, each once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from contracts.records import Actor, Perpetrator
from contracts.vocabulary import EventType
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, load
from processors.extract.text.patterns import Rule, Rules

ATTACKER, TARGET, PARTY = "attacker", "target", "party"
"""Roles: who acts, who is hit, and who does both or fights."""
_CHARACTERS = 800
"""Characters of a sentence that are read for actors."""
_SENTENCES = 20
"""Sentences read for actors."""
_MOST = 8
"""Most actors told of one incident."""
_EDGES = frozenset({"the", "a", "an", "of", "for", "and"})
_ACRONYM = re.compile(r"^(?=.*[A-Z].*[A-Z])[A-Z0-9][A-Z0-9-]+$")


@dataclass(frozen=True, slots=True)
class _Words:
    heads: frozenset[str]
    weak: frozenset[str]
    never: frozenset[str]
    belongings: frozenset[str]
    states: frozenset[str]
    before: re.Pattern[str]
    roles: Rules[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    """An actor where the text names it."""

    name: str
    role: str
    sentence: int
    offset: int


@lru_cache(maxsize=8)
def _vocabulary(code: str) -> _Words:
    raw = load(code).raw["actors"]
    heads = sorted(raw["heads"], key=lambda head: (-len(head), head))
    belongings = "|".join(raw["belongings"]["words"])
    group = raw["group"].replace("HEAD", "|".join(heads)) + rf"(?:'s)?(?: (?:{belongings}))?"
    fill = [(name, group.replace("NAME", name.lower()) + r"\b") for name in ("GROUP1", "GROUP2")]
    roles = [Rule(role, pattern, fill=fill) for role, patterns in raw["roles"].items() for pattern in patterns]
    return _Words(
        heads=frozenset(raw["heads"]),
        weak=frozenset(raw["weak"]),
        never=frozenset(raw["never"]),
        belongings=frozenset(raw["belongings"]["words"]),
        states=frozenset(raw["states"]),
        before=re.compile(rf"^(?:{'|'.join(raw['of_group'])}) (?:the )?", re.IGNORECASE),
        roles=Rules(roles),
    )


def is_organised(name: str, language: Language) -> bool:
    """Whether a name is of an organised group, force or state by its words: "rebels", "M23", "Israeli jets"."""
    words, titles = _vocabulary(language.code), language.raw["speech"]["classes"]["governor"]
    if any(word in titles for word in name.lower().split()):
        return False
    told = [word for word in re.split(r"[\s-]", name) if word.lower() not in words.never | _EDGES]
    heads = [word for word in told if word.lower() in words.heads]
    named = [word for word in told if word[:1].isupper() and word not in heads]
    if any(word.lower() not in words.weak for word in heads):
        return True
    return (bool(heads) and bool(named)) or any(
        _ACRONYM.match(word) for word in re.split(r"[\s]|-(?=[A-Z][a-z])", name)
    )


def find_actors(
    sentences: Iterable[Sentence],
    perpetrators: Iterable[Perpetrator],
    language: Language,
    event: EventType = EventType.OTHER,
    accused: frozenset[str] = frozenset(),
) -> tuple[Actor, ...]:
    """Return who of the organised takes part or is hit, in the order of the text; nobody for a disaster.

    A perpetrator is one of them where it is organised by its words, or has a name and is among the `accused`.
    """
    if event.value in load(language.code).raw["perpetrators"]["nobody"]:
        return ()
    read = list(sentences)[:_SENTENCES]
    seen = [found for sentence in read for found in _in_sentence(sentence, language)]
    seen += _perpetrators((p.name for p in perpetrators), accused, read, language)
    return _merged(sorted(seen, key=lambda one: (one.sentence, one.offset, one.name)))


def _in_sentence(sentence: Sentence, language: Language) -> Iterator[_Seen]:
    text = sentence.text[:_CHARACTERS]
    for role in _vocabulary(language.code).roles.likely(text):
        for match in role.matches(text):
            for key, written in match.groupdict().items():
                for name in _names(written or "", language):
                    if is_organised(name, language):
                        yield _Seen(name, role.kind, sentence.number, match.start(key))


def _perpetrators(
    written: Iterable[str], accused: frozenset[str], read: list[Sentence], language: Language
) -> Iterator[_Seen]:
    words = _vocabulary(language.code)
    described = frozenset(language.raw["perpetrators"]["described"])
    for phrase in written:
        for name in _names(phrase, language):
            named = (
                phrase in accused and any(map(str.isupper, name)) and not described.issuperset(name.lower().split())
            )
            if named or name.lower() in words.states or is_organised(name, language):
                where = next(((s.number, s.text.find(name)) for s in read if name in s.text), (len(read), 0))
                yield _Seen(name, ATTACKER, *where)


def _names(written: str, language: Language) -> list[str]:
    """Return the names in a phrase, without articles and belongings: "the army camp" → army."""
    words = _vocabulary(language.code)
    halves = re.split(r" and (?:the )?", written)
    whole = len(halves) == 1 or not all(is_organised(half, language) for half in halves)
    cleaned = [_clean(part, words, language) for part in ([written] if whole else halves)]
    return [name for name in cleaned if name]


def _clean(name: str, words: _Words, language: Language) -> str:
    parts = words.before.sub("", name).split()
    while parts and (parts[0].lower() in _EDGES | words.never or parts[0].lower() in language.numbers.words):
        parts.pop(0)
    while parts and (parts[-1].lower() in _EDGES or (len(parts) > 1 and parts[-1].lower() in words.belongings)):
        parts.pop()
    return " ".join(parts).removesuffix("'s")


def _merged(seen: list[_Seen]) -> tuple[Actor, ...]:
    """Return each actor once, under its fullest name, with the role of all its mentions."""
    groups: list[list[_Seen]] = []
    for one in seen:
        known = next((group for group in groups if any(_is_same(one.name, other.name) for other in group)), None)
        if known is None:
            groups.append([one])
        else:
            known.append(one)
    return tuple(Actor(name=_fullest(group), role=_role(group)) for group in groups[:_MOST])


def _is_same(one: str, other: str) -> bool:
    """Whether one name is the other's, or a part of it: "rebels" and "M23 rebels", not "army" and "police"."""
    first, second = _telling(one), _telling(other)
    return first <= second or second <= first or _initials(one) == other or _initials(other) == one


def _telling(name: str) -> frozenset[str]:
    return frozenset(re.sub(r"(?<=\w\w\w)s$", "", word) for word in re.split(r"[\s-]", name.lower()))


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split() if word[0].isupper()) if " " in name else ""


def _fullest(group: list[_Seen]) -> str:
    return max(group, key=lambda one: (len(one.name.split()), -one.sentence, -one.offset)).name


def _role(group: list[_Seen]) -> str:
    roles = {one.role for one in group}
    return roles.pop() if len(roles) == 1 else PARTY
