"""The vocabulary of attribution, and what a phrase can be by its words alone."""

import re
from dataclasses import dataclass
from functools import lru_cache

from processors.extract.text.document import Token
from processors.extract.text.language import load
from processors.extract.text.phrases import Phrases, phrases

Tokens = tuple[Token, ...]

ARTICLES = frozenset({"the", "a", "an"})
POSSESSIVES = frozenset({"its", "his", "her", "their"})


@dataclass(frozen=True, slots=True)
class Speech:
    """Vocabulary of attribution."""

    verbs: Phrases
    speaking: frozenset[str]
    """First words of the verbs."""
    weak: frozenset[str]
    """Verbs that say something only where a person or an office is their subject: "the search continued"."""
    counting: Phrases
    """Verbs and nouns by which a source gives a figure without saying that it speaks: "listed", "spoke of"."""
    given: Phrases
    """Words at a sentence's beginning that say whose the figures before it are."""
    giving: Phrases
    """Those by which persons and others with a name give figures too."""
    doing: Phrases
    """Verbs by which an office tells of whom it dealt with: "treated", "detained"."""
    according: Phrases
    classes: dict[str, str]
    persons: frozenset[str]
    pronouns: frozenset[str]
    followers: frozenset[str]
    """Words after which a speech verb's name ends."""
    quoted: Phrases
    """By which others tell what a source said."""
    showing: frozenset[str]
    """Verbs that end a name after "figures from"."""
    instruments: frozenset[str]
    """What a source speaks through: "the statement said"."""
    between: frozenset[str]
    """Words that stand between a subject and its verb."""
    not_adverbs: frozenset[str]
    """Nouns that end like an adverb."""
    reacting: frozenset[str]
    """Verbs of what a source does before it speaks: "dismissed this and insisted"."""
    insertions: frozenset[str]
    """Words that an insertion between a subject and its verb begins with."""
    standing: frozenset[str]
    """Verbs after an owner's figures: "the agency's toll stood at"."""
    prefixes: frozenset[str]
    """Words that times before a source begin with."""
    mass: frozenset[str]
    """Words for many people that don't end in s."""


@lru_cache(maxsize=8)
def speech(code: str) -> Speech:
    """Return a language's vocabulary of attribution."""
    raw = load(code).raw["speech"]
    return Speech(
        verbs=phrases(raw["verbs"]),
        speaking=frozenset(verb.split()[0] for verb in raw["verbs"]),
        weak=frozenset(raw["weak"]),
        counting=phrases(raw["counting"]),
        given=phrases(raw["given"]),
        giving=phrases(raw["giving"]),
        doing=phrases(raw["doing"]),
        according=phrases(raw["according"]),
        classes={word: name for name, words in raw["classes"].items() for word in words},
        persons=frozenset(raw["classes"]["governor"]) | frozenset(raw["classes"]["person"]),
        pronouns=frozenset(raw["pronouns"]["words"]),
        followers=frozenset(raw["pronouns"]["followers"]),
        quoted=phrases(raw["quoted"]),
        showing=frozenset(raw["showing"]),
        instruments=frozenset(raw["instruments"]),
        between=frozenset(raw["phrases"]["between"]),
        not_adverbs=frozenset(raw["phrases"]["not_adverbs"]),
        reacting=frozenset(raw["phrases"]["reacting"]),
        insertions=frozenset(raw["phrases"]["insertions"]),
        standing=frozenset(raw["phrases"]["standing"]),
        prefixes=frozenset(raw["phrases"]["prefixes"]),
        mass=frozenset(raw["pronouns"]["mass"]),
    )


def is_source(tokens: Tokens, words: Speech) -> bool:
    """Whether a phrase can be a source by its words alone: an office, an organisation, an acronym."""
    return any(_is_told_of(token.low.removesuffix("'s"), words) for token in tokens) or any(
        len(token.raw) > 2 and token.raw.isupper() and token.raw.isalpha()  # noqa: PLR2004 - letters of an acronym
        for token in tokens
        if not is_shouted(tokens)
    )


def _is_told_of(word: str, words: Speech) -> bool:
    return word in words.classes or word.removesuffix("s") in words.persons


def is_shouted(tokens: Tokens) -> bool:
    """Whether a phrase is all in capitals, so that acronyms don't stand out."""
    return len(tokens) > 1 and all(token.raw.isupper() for token in tokens if token.low[0].isalpha())


def name_words(name: str) -> list[str]:
    """Return a name's words in small letters."""
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", name.lower())
