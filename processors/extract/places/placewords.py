"""The vocabulary of places of a language: what stands before and after a place's name, and what is none."""

from dataclasses import dataclass
from functools import lru_cache

from processors.extract.places.gazetteer import ADMIN1, ADMIN2
from processors.extract.text.language import load
from processors.extract.text.phrases import Phrases, phrases

LEVEL_OF_UNIT = {
    "province": ADMIN1, "governorate": ADMIN1, "state": ADMIN1, "region": ADMIN1, "oblast": ADMIN1, "emirate": ADMIN1,
    "prefecture": ADMIN1, "department": ADMIN1, "district": ADMIN2, "county": ADMIN2, "parish": ADMIN2,
    "division": ADMIN2, "municipality": ADMIN2, "tehsil": ADMIN2, "taluk": ADMIN2, "mandal": ADMIN2, "block": ADMIN2,
    "canton": ADMIN2, "subdistrict": ADMIN2, "sub-district": ADMIN2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Vocabulary of places."""

    inside: Phrases
    near: Phrases
    origin: frozenset[str]
    struck: frozenset[str]
    """Verbs whose object is where it happened: "a quake shook Kerman"."""
    strikes: frozenset[str]
    """Nouns that "on" joins to where it happened: "raids on Armanaz"."""
    clause_ends: frozenset[str]
    parts: frozenset[str]
    """Nouns before "of" that stand for a part of a place: "the outskirts of"."""
    part_nouns: frozenset[str]
    """Nouns after a name that make it a part of a city."""
    renaming: frozenset[str]
    """Capitalised nouns that make a small place's name that of something else."""
    speakers: frozenset[str]
    """Words before "in" that make a place the one where somebody speaks or is cared for."""
    neighbours: frozenset[str]
    """Adjectives of places that lie beside where it happened."""
    links: frozenset[str]
    """What stands between a place and the larger one that it lies in: "village under X police station of"."""
    settlement_nouns: frozenset[str]
    unit_nouns: frozenset[str]
    street_nouns: frozenset[str]
    building_nouns: frozenset[str]
    directions: frozenset[str]
    never: frozenset[str]
    aliases: dict[str, str]
    states: dict[str, str]
    demonyms: dict[str, str]
    titles: frozenset[str]
    after_person: frozenset[str]
    agencies: frozenset[str]


@lru_cache(maxsize=8)
def place_words(code: str) -> PlaceWords:
    """Return a language's vocabulary of places."""
    raw = load(code).raw["places"]
    return PlaceWords(
        inside=phrases(raw["inside"]),
        near=phrases(raw["near"]),
        origin=frozenset(raw["from"]),
        struck=frozenset(raw["struck"]),
        strikes=frozenset(raw["strikes"]),
        clause_ends=frozenset(raw["clause_ends"]),
        parts=frozenset(raw["parts"]),
        part_nouns=frozenset(raw["part_nouns"]),
        renaming=frozenset(raw["renaming"]),
        speakers=frozenset(raw["speakers"]),
        neighbours=frozenset(raw["neighbours"]),
        links=frozenset(raw["links"]) | frozenset(raw["directions"]),
        settlement_nouns=frozenset(raw["settlement_nouns"]),
        unit_nouns=frozenset(raw["unit_nouns"]),
        street_nouns=frozenset(raw["street_nouns"]),
        building_nouns=frozenset(raw["building_nouns"]),
        directions=frozenset(raw["directions"]),
        never=frozenset(raw["never"]),
        aliases=raw["aliases"],
        states=raw["states"],
        demonyms=raw["demonyms"],
        titles=frozenset(raw["persons"]["titles"]),
        after_person=frozenset(raw["persons"]["after"]),
        agencies=frozenset(raw["agency_nouns"]),
    )


@lru_cache(maxsize=8)
def common_words(code: str) -> frozenset[str]:
    """Words that mean something else though a place may bear them."""
    language = load(code)
    grammar = language.grammar
    words = (
        grammar.be | grammar.have | grammar.prepositions | grammar.conjunctions | grammar.openers | grammar.adverbs
    )
    words |= grammar.determiners | grammar.months | grammar.weekdays | grammar.stops | grammar.modal
    words |= {noun[0] for noun in language.people.nouns if len(noun) == 1}
    words |= {trigger[0] for trigger in language.triggers if len(trigger) == 1}
    words |= place_words(code).titles
    words |= frozenset(language.numbers.words) | frozenset(language.numbers.scales)
    return frozenset(words)
