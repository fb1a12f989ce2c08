"""Who did it, as a fact, a claim of their own, an allegation or a denied one, and who alleges it."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts.records import Perpetrator
from contracts.vocabulary import PerpetratorStatus
from processors.extract.attribution import Claimants
from processors.extract.language import Language, load
from processors.extract.text import Sentence

_ORDER = (PerpetratorStatus.CLAIMED, PerpetratorStatus.ALLEGED, PerpetratorStatus.STATED)
_EDGES = frozenset({"the", "a", "an", "and", "of", "suspected", "alleged", "its", "ally", "by", "some", "several"})
_EMPTY = frozenset({"city", "town", "province", "district"}) | frozenset(
    {
        "police",
        "officers",
        "men",
        "group",
        "security",
        "state",
        "local",
        "two",
        "three",
        "armed",
        "gang",
        "he",
        "she",
        "they",
        "it",
        "we",
        "i",
        "who",
        "police officers",
        "but",
        "when",
        "after",
        "in",
        "on",
        "at",
        "another",
        "someone",
        "one",
        "his",
        "her",
        "this",
        "that",
        "there",
    }
)
_CHARACTERS = 800
"""Characters of a sentence that are read for perpetrators."""
_SENTENCES = 20
"""Sentences read for perpetrators."""
_MOST = 4
"""Most perpetrators told of one incident."""


@dataclass(frozen=True, slots=True)
class _Rule:
    status: str
    pattern: re.Pattern[str]


@lru_cache(maxsize=8)
def _rules(code: str) -> tuple[_Rule, ...]:
    raw = load(code).raw["perpetrators"]
    word = rf"(?:{raw['word']})"
    who = rf"(?P<who>{raw['before']}{word}(?: {word}){{0,8}})(?: |\b)"
    rules = []
    for status, patterns in raw["patterns"].items():
        for pattern in patterns:
            filled = pattern.replace("WHO2", who.replace("?P<who>", "?P<who2>")).replace("WHO", who)
            rules.append(_Rule(status, re.compile(filled)))
    return tuple(rules)


@lru_cache(maxsize=8)
def _leaves_open(code: str) -> re.Pattern[str]:
    return re.compile(load(code).raw["perpetrators"]["unclear"])


@lru_cache(maxsize=8)
def _denies_for_all(code: str) -> re.Pattern[str]:
    return re.compile(load(code).raw["perpetrators"]["all_deny"], re.IGNORECASE)


def find_perpetrators(
    sentences: Iterable[Sentence], claimants: Claimants, language: Language
) -> tuple[Perpetrator, ...]:
    """Return who is said to have done it, the first named first."""
    found: dict[str, Perpetrator] = {}
    denied: set[str] = set()
    all_deny = False
    unclear, for_all = _leaves_open(language.code), _denies_for_all(language.code)
    for sentence in list(sentences)[:_SENTENCES]:
        for rule in _rules(language.code):
            match = rule.pattern.search(sentence.text[:_CHARACTERS])
            if match is None or (rule.status == "stated" and unclear.search(sentence.text)):
                continue
            names = [_clean(name) for key, name in match.groupdict().items() if name and key in {"who", "who2"}]
            if rule.status == "denied":
                all_deny = all_deny or any(for_all.search(name) for name in names)
                denied.update(word for name in names for word in _telling(name))
                continue
            for name in filter(_is_telling, names):
                _add(found, _perpetrator(rule, name, match.groupdict().get("by") or claimants.claimant(sentence, 0)))
    named = [p for p in found.values() if any(map(str.isupper, p.name))]
    kept = (named or list(found.values()))[:_MOST]
    return tuple(replace(p, denies=True) if all_deny else _with_denial(p, denied) for p in kept)


def _perpetrator(rule: _Rule, name: str, teller: str | None) -> Perpetrator:
    status = PerpetratorStatus(rule.status)
    if status is PerpetratorStatus.STATED and teller is not None:
        status = PerpetratorStatus.ALLEGED
    alleged_by = _clean(teller) if teller and status is PerpetratorStatus.ALLEGED else None
    return Perpetrator(name=name, status=status, alleged_by=alleged_by)


def _add(found: dict[str, Perpetrator], new: Perpetrator) -> None:
    """Keep one perpetrator a name; what they claim outweighs what others allege."""
    for name, known in found.items():
        if _telling(name) & _telling(new.name):
            if _ORDER.index(new.status) < _ORDER.index(known.status):
                found[name] = replace(known, status=new.status, alleged_by=new.alleged_by)
            return
    found[new.name] = new


def _with_denial(perpetrator: Perpetrator, denied: set[str]) -> Perpetrator:
    if _telling(perpetrator.name) & denied or any(
        word[:4] == d[:4] for word in _telling(perpetrator.name) for d in denied
    ):
        return replace(perpetrator, denies=True)
    return perpetrator


def _clean(name: str) -> str:
    words = name.split()
    while words and words[0].lower() in _EDGES:
        words.pop(0)
    while words and words[-1].lower() in _EDGES:
        words.pop()
    return " ".join(words)


def _is_telling(name: str) -> bool:
    return len(name) > 2 and name.lower() not in _EMPTY and not name.lower().startswith("no ")


def _telling(name: str) -> set[str]:
    return {
        word
        for word in name.lower().replace("-", " ").split()
        if word not in _EDGES
        and len(word) > 3
        and word not in {"government", "forces", "military", "troops", "group", "warplanes", "militants"}
    }
