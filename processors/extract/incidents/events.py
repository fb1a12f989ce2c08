"""What kind of incident it is, by the words that a text has for it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from contracts.vocabulary import EventType
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, load, rules
from processors.extract.text.patterns import Rule, Rules

MASS_SHOOTING_VICTIMS = 4
"""People shot that make a shooting a mass shooting (Gun Violence Archive's definition)."""
_TITLE, _LEAD, _REST = 3.0, 2.0, 1.0
_LEAD_SENTENCES = 3


@lru_cache(maxsize=8)
def _weights(code: str) -> Mapping[EventType, float]:
    """Return how telling the words of each kind are."""
    return {EventType(name): kind["weight"] for name, kind in load(code).raw["events"]["types"].items()}


@lru_cache(maxsize=8)
def _rules(code: str) -> Rules[EventType]:
    types = load(code).raw["events"]["types"].items()
    return Rules(Rule(EventType(name), rule, re.IGNORECASE) for name, kind in types for rule in kind["rules"])


@lru_cache(maxsize=4096)
def kinds(text: str, code: str) -> tuple[tuple[EventType, float], ...]:
    """Return the kinds of incident that a sentence has words for, and how telling those are."""
    told: set[EventType] = set()
    for rule in _rules(code).likely(text):
        if rule.kind not in told and rule.pattern.search(text):
            told.add(rule.kind)
    return tuple((kind, weight) for kind, weight in _weights(code).items() if kind in told)


def acled(event_type: EventType, language: Language) -> tuple[str, str] | None:
    """Return ACLED's event and sub-event type; None for disasters and accidents, which it doesn't record."""
    pair = language.raw["events"]["acled"].get(event_type.value)
    return None if pair is None else (pair[0], pair[1])


def type_scores(sentences: Iterable[Sentence], language: Language) -> Mapping[EventType, float]:
    """Return how much a text speaks of each kind; the title and the lead weigh more."""
    scores: dict[EventType, float] = {}
    body = 0
    for sentence in sentences:
        body += sentence.part == "text"
        place = _TITLE if sentence.part == "title" else _LEAD if body <= _LEAD_SENTENCES else _REST
        for piece in _pieces(sentence, language.code):
            told = kinds(piece, language.code)
            for kind, weight in told:
                scores[kind] = scores.get(kind, 0.0) + weight * place
            place = _REST if told else place
    return scores


def _pieces(sentence: Sentence, code: str) -> list[str]:
    """Return a headline's halves, of which the first that has words for a kind says what the article is about."""
    return _halves(code).split(sentence.text) if sentence.part == "title" else [sentence.text]


@lru_cache(maxsize=8)
def _halves(code: str) -> re.Pattern[str]:
    return re.compile(load(code).raw["events"]["headline_halves"])


def event_type(sentences: Iterable[Sentence], struck: int, language: Language) -> EventType:
    """Return the kind that a text speaks of most; `struck` is how many people were shot, as far as known."""
    told = tuple(sentences)
    scores = type_scores(told, language)
    if not scores:
        return EventType.OTHER
    order = {kind: number for number, kind in enumerate(_weights(language.code))}
    best = max(scores, key=lambda kind: (scores[kind], -order[kind]))
    special = language.raw["events"]["special"].get(best.value, {})
    named = [
        kind for name, share in special.items() if scores.get(kind := EventType(name), 0.0) >= share * scores[best]
    ]
    best = max(named, key=lambda kind: (scores[kind], -order[kind]), default=best)
    if best is EventType.SHOOTING and struck >= MASS_SHOOTING_VICTIMS:
        best = EventType.ARMED_ATTACK if _is_raid(told, language.code) else EventType.MASS_SHOOTING
    if best is EventType.ARMED_ATTACK and _is_massacre(told, struck, language):
        return EventType.MASSACRE
    return best


def _is_massacre(sentences: Sequence[Sentence], struck: int, language: Language) -> bool:
    """Whether an attack struck so many, or so many with blades or from house to house, that it is a massacre."""
    massacre = language.raw["events"]["massacre"]
    if struck < massacre["least"]:
        return False
    means = rules(language.code, "events", "massacre", "means")
    by_means = any(means.any_in(sentence.text) for sentence in sentences)
    return by_means or struck >= massacre["by_any_means"]


def _is_raid(sentences: Sequence[Sentence], code: str) -> bool:
    """Whether the title or the lead tells of an organised group, or of a raid on a place."""
    titles = [s for s in sentences if s.part == "title"]
    lead = [s for s in sentences if s.part == "text"][:_LEAD_SENTENCES]
    raiders = rules(code, "events", "raiders")
    return any(raiders.any_in(sentence.text) for sentence in (*titles, *lead))
