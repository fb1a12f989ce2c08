"""The words and rules of a language, read from `lang/<code>/*.toml`.

A language is a folder of data: to add one, see docs/extraction.md.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from contracts.vocabulary import Measure
from processors.extract.text.patterns import Rule, Rules
from processors.extract.text.phrases import Phrase, Phrases, expand, phrases


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun for people: what `whose` calls them, whether it is plural, its own words."""

    whose: str
    plural: bool
    words: Phrase


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word for harm: measure (None: hit, with the outcome told elsewhere) and where its people stand."""

    measure: Measure | None
    form: str
    words: Phrase


@dataclass(frozen=True, slots=True)
class Gapped:
    """A word for harm in two parts with others between them: "taken to … hospital"."""

    measure: Measure
    form: str
    begins: Phrases
    ends: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Closed word classes."""

    be: frozenset[str]
    have: frozenset[str]
    modal: frozenset[str]
    singular_aux: frozenset[str]
    plural_aux: frozenset[str]
    negation: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    openers: frozenset[str]
    adverbs: frozenset[str]
    determiners: frozenset[str]
    months: frozenset[str]
    weekdays: frozenset[str]
    stops: frozenset[str]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How figures are written."""

    words: Mapping[str, int]
    scales: Mapping[str, int]
    exact: Mapping[Phrase, int]
    open: Mapping[Phrase, int]
    vague: Phrases
    before: Mapping[Phrase, str]
    before_phrases: Phrases
    rising: frozenset[str]
    """Words after which "up to" only says where a number went."""
    ordinals: Mapping[str, int]
    after: Mapping[Phrase, str]
    after_phrases: Phrases
    joints: frozenset[str]
    fractions: Mapping[Phrase, tuple[int, int]]
    fraction_phrases: Phrases
    none: frozenset[str]
    begins: frozenset[str]
    """Every word that a figure in words can begin with."""


@dataclass(frozen=True, slots=True)
class People:
    """Nouns for people and words that stand for them."""

    nouns: Mapping[Phrase, Noun]
    noun_phrases: Phrases
    singular: frozenset[str]
    plural: frozenset[str]
    definite: frozenset[str]
    indefinite: frozenset[str]
    possessive: frozenset[str]
    ordinal: frozenset[str]
    nobody: frozenset[str]
    somebody: frozenset[str]
    both: frozenset[str]
    any: frozenset[str]
    denials: frozenset[str]
    """Verbs after which "any" is nobody: "denied that any protester had died"."""
    not_names: frozenset[str]
    begins: frozenset[str]
    """Every word that a phrase for people without a figure can begin with."""
    attributive: frozenset[str]
    """Things that a noun for people before them only tells apart: "guard regiment", "police station"."""
    parts: Phrases
    parts_after: Phrases


@dataclass(frozen=True, slots=True)
class Furniture:
    """What surrounds an article on its page, and how sentences don't end."""

    dateline: re.Pattern[str]
    skip: Rules[None]
    abbreviations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Language:
    """All of a language's data."""

    code: str
    grammar: Grammar
    numbers: Numbers
    people: People
    furniture: Furniture
    triggers: Mapping[Phrase, tuple[Trigger, ...]]
    trigger_phrases: Phrases
    gapped: tuple[Gapped, ...]
    hospitals: frozenset[str]
    """Words for those who care for the injured."""
    links: Mapping[str, frozenset[str]]
    """Small word lists by their names."""
    security: frozenset[str]
    """Words for those who arrest."""
    toll_words: Rules[None]
    """Words for counts that grow with time."""
    raw: Mapping[str, Any]
    """Each file's content, for the modules that read their own."""


@lru_cache(maxsize=8)
def load(code: str = "en") -> Language:
    """Return a language, read at its first use.

    Raises:
        ValueError: There is no data for the language.
    """
    folder = files("processors.extract").joinpath("lang", code)
    if not folder.is_dir():
        raise ValueError(f"no extraction data for the language {code!r}")
    raw = {
        file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8"))
        for file in sorted(folder.iterdir(), key=lambda f: f.name)
        if file.name.endswith(".toml")
    }
    triggers = _triggers(raw["harm"])
    return Language(
        code=code,
        grammar=Grammar(**{name: frozenset(words) for name, words in raw["grammar"].items()}),
        numbers=_numbers(raw["numbers"]),
        people=_people(raw["people"]),
        furniture=_furniture(raw["furniture"]),
        triggers=triggers,
        gapped=tuple(_gapped(rule) for rule in raw["links"]["gapped"]),
        links={name: frozenset(words) for name, words in raw["links"]["words"].items()},
        hospitals=frozenset(raw["links"]["hospitals"]),
        security=frozenset(raw["links"]["security"]),
        trigger_phrases=phrases(" ".join(words) for words in triggers),
        toll_words=_toll_words(triggers),
        raw=raw,
    )


@lru_cache(maxsize=256)
def pattern(code: str, *path: str) -> re.Pattern[str]:
    """Return the pattern at a path in a language's data (file, key, …), for any case; those of a list are joined."""
    found = _at(code, path)
    return re.compile(found if isinstance(found, str) else "|".join(found), re.IGNORECASE)


@lru_cache(maxsize=256)
def rules(code: str, *path: str) -> Rules[None]:
    """Return the list of patterns at a path in a language's data, for any case, to be looked for all at once."""
    return Rules(Rule(None, rule, re.IGNORECASE) for rule in _at(code, path))


def _at(code: str, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - what the files hold
    found: Any = load(code).raw
    for key in path:
        found = found[key]
    return found


def _triggers(raw: Mapping[str, Mapping[str, list[str]]]) -> dict[Phrase, tuple[Trigger, ...]]:
    triggers: dict[Phrase, tuple[Trigger, ...]] = {}
    for name, forms in raw.items():
        measure = None if name == "struck" else Measure(name)
        for form, words in forms.items():
            for key in dict.fromkeys(phrase for word in words for phrase in expand(word)):
                triggers[key] = (*triggers.get(key, ()), Trigger(measure, form, key))
    return triggers


def _gapped(raw: Mapping[str, Any]) -> Gapped:
    begins = phrases(" ".join(phrase) for words in raw["begins"] for phrase in expand(words))
    return Gapped(Measure(raw["measure"]), raw["form"], begins, frozenset(raw["ends"]))


def _toll_words(triggers: Mapping[Phrase, tuple[Trigger, ...]]) -> Rules[None]:
    words = [" ".join(words) for words, found in triggers.items() if any(t.form == "tolls" for t in found)]
    return Rules([Rule(None, rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)])


def _keyed(raw: Mapping[str, Any]) -> dict[Phrase, Any]:
    return {tuple(words.split()): value for words, value in raw.items()}


def _inverted(raw: Mapping[str, list[str]]) -> dict[Phrase, str]:
    return {tuple(words.split()): name for name, all_words in raw.items() for words in all_words}


def _numbers(raw: Mapping[str, Any]) -> Numbers:
    fractions = {key: (top, bottom) for key, (top, bottom) in _keyed(raw["fractions"]).items()}
    return Numbers(
        words=raw["words"],
        scales=raw["scales"],
        exact=_keyed(raw["exact"]),
        open=_keyed(raw["open"]),
        vague=phrases([*raw["exact"], *raw["open"]]),
        before=_inverted(raw["before"]),
        rising=frozenset(raw["rising"]["words"]),
        ordinals=raw["ordinals"],
        before_phrases=phrases(word for words in raw["before"].values() for word in words),
        after=_inverted(raw["after"]),
        after_phrases=phrases(word for words in raw["after"].values() for word in words),
        joints=frozenset(raw["range"]["joints"]),
        fractions=fractions,
        fraction_phrases=phrases(raw["fractions"]),
        none=frozenset(raw["none"]["words"]),
        begins=frozenset(word.split()[0] for part in ("words", "exact", "open") for word in raw[part])
        | frozenset(raw["none"]["words"]),
    )


def _people(raw: Mapping[str, Any]) -> People:
    nouns: dict[Phrase, Noun] = {}
    for whose, pairs in raw["nouns"].items():
        for pair in pairs:
            for number, word in enumerate(pair.split("/")):
                key = tuple(word.split())
                if word != "-" and key not in nouns:
                    nouns[key] = Noun(whose, bool(number), key)
    for word in raw["nationals"]["words"]:
        nouns.setdefault(tuple(word.split()), Noun("", plural=True, words=tuple(word.split())))
    for word in raw["always_plural"]["words"]:
        nouns[(word,)] = Noun(nouns[(word,)].whose, plural=True, words=(word,))
    anaphora = {name: frozenset(words) for name, words in raw["anaphora"].items()}
    links = raw["links"]
    return People(
        nouns=nouns,
        noun_phrases=phrases(" ".join(key) for key in nouns),
        not_names=frozenset(raw["names"]["not"]),
        begins=frozenset(key[0] for key in nouns).union(*anaphora.values()),
        attributive=frozenset(links["attributive"]),
        parts=phrases(links["parts"]),
        parts_after=phrases(links["after"]),
        denials=frozenset(links["denials"]),
        **anaphora,
    )


def _furniture(raw: Mapping[str, Any]) -> Furniture:
    return Furniture(
        dateline=re.compile("|".join(raw["datelines"]), re.VERBOSE),
        skip=Rules(Rule(None, rule, re.IGNORECASE | re.MULTILINE) for rule in raw["skip"]),
        abbreviations=frozenset(raw["abbreviations"]),
    )
